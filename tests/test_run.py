"""What run.py does with its commands: arguments, exit codes, sentences."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import run
from launch import checking
from launch.interpreter import Refusal

ROOT = Path(__file__).resolve().parent.parent


def test_pytest_gets_the_arguments_last() -> None:
    command = checking.pytest_command("py", ["-k", "datas", "-n", "0"])
    assert command[:3] == ["py", "-m", "pytest"]
    assert command[-4:] == ["-k", "datas", "-n", "0"]
    assert "loadgroup" in command


def test_slow_tests_are_left_to_ci_and_to_those_who_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    assert "not slow" in checking.pytest_command("py", [])
    assert checking.pytest_command("py", ["-m", "slow"])[-2:] == ["-m", "slow"]  # of two, pytest takes the last
    monkeypatch.setenv("CI", "true")
    assert "not slow" not in checking.pytest_command("py", [])


def test_a_failing_check_turns_the_exit_code(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    quits = {
        name: [sys.executable, "-c", f"print('{name}'); raise SystemExit({code})"]
        for name, code in [("a", 0), ("b", 3)]
    }
    monkeypatch.setattr(checking, "ensure", lambda lock: None)
    monkeypatch.setattr(checking, "check_commands", lambda python: quits)
    assert checking.check([]) == 1
    assert "a: passou" in (said := capsys.readouterr().out) and "b: falhou" in said
    quits.pop("b")
    assert checking.check([]) == 0


def test_only_the_long_notes_are_left_out() -> None:
    said = "a.py:1: error: wrong\na.py:1: note: see here\na.py:1: note: def " + "x" * 300 + "\n"
    assert checking.compact(said) == "a.py:1: error: wrong\na.py:1: note: see here"


@pytest.mark.parametrize(
    ("arguments", "code"), [(["--help"], 0), (["vacina"], 64), (["setup", "x"], 64), (["check", "x"], 64)]
)
def test_exit_codes_of_the_command_line(arguments: list[str], code: int) -> None:
    done = subprocess.run([sys.executable, "run.py", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert "Traceback" not in done.stderr


def test_the_help_names_every_command() -> None:
    assert [name for name in run.COMMANDS if not re.search(rf"\b{name}\b", run.HELP)] == []


def test_the_makefile_has_every_command() -> None:
    targets = (ROOT / "Makefile").read_text().split(".PHONY:")[1].splitlines()[0].split()
    assert set(targets) == set(run.COMMANDS)


def test_a_refusal_is_a_sentence_and_not_zero(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    def refuse(extra: list[str]) -> int:
        raise Refusal("Falta algo.")

    monkeypatch.setitem(run.COMMANDS, "setup", refuse)
    assert run.main(["setup"]) == 1
    assert capsys.readouterr().out == "Falta algo.\n"
