"""What run.py does with its commands: arguments, exit codes, sentences."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import run
from launch import checking
from launch.interpreter import Refusal
from tests import rooms

ROOT = Path(__file__).resolve().parent.parent


def test_pytest_gets_the_arguments_last() -> None:
    command = checking.pytest_command("py", ["-k", "datas", "-n", "0"])
    assert command[:3] == ["py", "-m", "pytest"]
    assert command[-4:] == ["-k", "datas", "-n", "0"]
    assert "not slow" in command


@pytest.mark.parametrize(("ci", "seconds", "code", "runs"), [
    ("", 10, 0, ["not slow"]),
    ("true", 10, 0, ["not slow", "slow"]),
    ("true", 10, 1, ["not slow"]),
    ("true", 400, 0, ["not slow"]),
])  # fmt: skip
def test_slow_tests_are_left_to_ci_while_it_has_time(
    monkeypatch: pytest.MonkeyPatch, ci: str, seconds: int, code: int, runs: list[str]
) -> None:
    clock, asked = [0.0], []

    def run(command: list[str], *, env: dict[str, str], **_: object) -> subprocess.CompletedProcess[str]:
        asked.append((command[command.index("-m", 3) + 1], env.get("PRESENCA_SLOW_SECONDS")))
        clock[0] += seconds
        return subprocess.CompletedProcess(command, code)

    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(checking, "ensure", lambda lock: None)
    monkeypatch.setattr(checking, "find_chromium", lambda: "chromium")
    monkeypatch.setattr(checking.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(checking.subprocess, "run", run)
    assert checking.test([]) == code
    assert [chosen for chosen, _ in asked] == runs
    assert [left for chosen, left in asked if chosen == "slow"] == ["350"] * (len(runs) - 1)


@pytest.mark.slow  # xdist's own way, which changes with its version alone
def test_what_a_room_shares_is_made_in_one_worker(tmp_path: Path) -> None:
    """By xdist itself, with our scheduler: no room and no file is parted between workers."""
    for name in ("browser/test_a", "browser/test_b", "other/test_c", "other/test_d"):
        file = tmp_path / "tests" / f"{name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(
            "import pytest, time\n\n@pytest.mark.parametrize('n', range(4))\n"
            "def test_x(n, worker_id):\n    time.sleep(0.05)\n    print('AT', __name__, worker_id)\n"
        )
    (tmp_path / "conftest.py").write_text((ROOT / "tests" / "rooms.py").read_text("utf-8"))
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadscope", "-rP", "-p", "no:cacheprovider", "-q"]
    done = subprocess.run([*command, "tests"], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    where: dict[str, set[str]] = {}
    for module, worker in re.findall(r"AT (\S+) (gw\d)", done.stdout):
        where.setdefault("browser" if module[-1] in "ab" else module, set()).add(worker)
    assert len(where) == 3 and all(len(workers) == 1 for workers in where.values()), (where, done.stdout[-2000:])


def test_rooms_come_first_and_all_else_as_it_stood() -> None:
    names = ("tests/a.py::test", "tests/toy/b.py::test", "tests/z.py::test", "tests/browser/test_c.py::test")
    items = [SimpleNamespace(nodeid=name) for name in names]
    rooms.pytest_collection_modifyitems(items)  # type: ignore[arg-type]
    assert [item.nodeid for item in items] == [names[1], names[3], names[0], names[2]]


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


@pytest.mark.parametrize(
    ("system", "machine", "code"), [("Linux", "x86_64", 0), ("Darwin", "arm64", 1), ("Windows", "AMD64", 1)]
)
def test_the_reader_of_sense_is_installed_where_there_is_a_build_of_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], system: str, machine: str, code: int
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(run, "ensure", asked.append)
    monkeypatch.setattr(run.platform, "system", lambda: system)
    monkeypatch.setattr(run.platform, "machine", lambda: machine)
    assert run.main(["sentido"]) == code
    assert asked == ([] if code else ["requirements-sense.txt"])
    assert ("Linux" if code else "instalado") in capsys.readouterr().out
