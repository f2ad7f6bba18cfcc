"""Which Python the environment is built on."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from launch import interpreter
from launch.interpreter import Refusal


@pytest.mark.parametrize(
    ("version", "good"),
    [((3, 10), False), ((3, 11), True), ((3, 12), True), ((3, 13), True), ((3, 14), False), ((2, 7), False)],
)
def test_three_versions_are_supported(version: tuple[int, int], good: bool) -> None:
    assert interpreter.is_supported(version) is good


def test_the_running_interpreter_is_taken_where_it_is_supported() -> None:
    (command,) = interpreter.choose_interpreter((3, 12))
    assert interpreter.version_of([command]) == sys.version_info[:2]


def test_an_unsupported_one_gives_way_to_one_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"broken": None, "old": (3, 9), "good": (3, 12)}
    monkeypatch.setattr(interpreter, "candidates", lambda: [["broken"], ["old"], ["good"]])
    monkeypatch.setattr(interpreter, "version_of", lambda command: said[command[0]])
    assert interpreter.choose_interpreter((3, 10)) == ["good"]


def test_without_any_the_refusal_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreter, "candidates", list)
    with pytest.raises(Refusal, match=r"3\.11, 3\.12 ou 3\.13; este é o 3\.14"):
        interpreter.choose_interpreter((3, 14, 0))


def test_a_broken_shim_has_no_version(tmp_path: Path) -> None:
    assert interpreter.version_of([str(tmp_path / "python3.12")]) is None


@pytest.mark.parametrize(
    ("machine", "told"),
    [
        (("Darwin", "x86_64", 64), "Intel"),
        (("Windows", "ARM64", 64), "x64"),
        (("Linux", "i686", 32), "64 bits"),
        (("Linux", "aarch64", 64), None),
        (("Linux", "x86_64", 64), None),
        (("Darwin", "arm64", 64), None),
        (("Windows", "AMD64", 64), None),
    ],
)
def test_a_machine_without_wheels_is_told_at_once(machine: tuple[str, str, int], told: str | None) -> None:
    said = interpreter.machine_refusal(*machine)
    assert said is None if told is None else told in (said or "")
