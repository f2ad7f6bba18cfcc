"""The command of the installed app: what its arguments choose, and by which interpreter it opens."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from launch import console
from launch.interpreter import Refusal
from pipeline.presentation.locale import program


@pytest.mark.parametrize(
    ("arguments", "opened", "asked"),
    [
        ([], [[]], []),
        (["run", "--server.port", "8600"], [["--server.port", "8600"]], []),
        (["validate", "no_show", "a.csv"], [], [["validate", "no_show", "a.csv"]]),
        (["--help"], [], [["--help"]]),
    ],
)
def test_nothing_or_run_opens_and_all_else_is_the_command_line(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], opened: list[list[str]], asked: list[list[str]]
) -> None:
    found: tuple[list[list[str]], list[list[str]]] = ([], [])
    monkeypatch.setattr(console, "open_app", lambda extra: found[0].append(extra) or 0)
    monkeypatch.setattr(console, "command_line", lambda given: found[1].append(given) or 0)
    assert console.chosen(arguments) == 0
    assert found == (opened, asked)


def test_the_app_is_opened_by_the_running_interpreter_and_nothing_is_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[str] = []
    monkeypatch.setattr(console.server, "opened", lambda extra, prepare, python: found.append(str(python())) or 0)
    assert console.open_app([]) == 0
    assert found == [sys.executable]


def test_a_refusal_is_a_sentence_and_one(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def refuse(extra: list[str]) -> int:
        raise Refusal("Nenhuma porta livre.")

    monkeypatch.setattr(console, "open_app", refuse)
    assert console.chosen([]) == 1
    assert capsys.readouterr().out == "Nenhuma porta livre.\n"


def test_what_is_typed_is_told_as_it_is_typed_here(tmp_path: Path) -> None:
    assert program.called(tmp_path)[:2] == ("presenca", "presenca")
    (tmp_path / "run.py").touch()
    assert program.called(tmp_path)[:2] == ("python3 run.py", "python -m pipeline")
