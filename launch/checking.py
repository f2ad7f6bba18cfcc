"""Tests, checks and measurements, each in the development environment."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from launch.browser import find_chromium, install_chromium
from launch.environment import BENCH_LOCK, DEV_LOCK, ROOT, ensure, venv_python
from launch.interpreter import refuse_arguments, say

SLOW_UNTIL = 6 * 60  # seconds of a run in CI after which no slow test begins: the whole must end within ten minutes


def pytest_command(python: str, extra: list[str], chosen: str = "not slow") -> list[str]:
    """Three workers, since on two cores one often waits for a browser; what a room of tests shares is made once, in one
    of them (tests/rooms.py).

    Tests marked `slow` are left to CI, which passes them afterwards and while time allows; whoever wants them asks:
    `run.py test -m slow`, or `-m ""` for all.
    """
    return [python, "-m", "pytest", "-n", "3", "--dist", "loadscope", "--no-loadscope-reorder", "-m", chosen, *extra]


def test(extra: list[str]) -> int:
    """Sets up and passes the tests; in CI the slow ones too, in what is left of its time."""
    ensure(DEV_LOCK)
    if not find_chromium():
        install_chromium()
    browser = find_chromium()
    env = dict(os.environ, **({"PRESENCA_CHROMIUM": browser} if browser else {}))
    # a hundred processes that compile the whole house anew take a minute of the suite's five
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    if not browser:
        say(
            "Sem Chromium nem Chrome nesta máquina: os testes de navegador serão pulados. Para tê-los, instale "
            "um deles (no Debian: sudo apt install chromium) ou indique o caminho em PRESENCA_CHROMIUM."
        )
    begun = time.monotonic()
    code = subprocess.run(pytest_command(str(venv_python()), extra), cwd=str(ROOT), env=env).returncode
    left = SLOW_UNTIL - (time.monotonic() - begun)
    if code or extra or not os.environ.get("CI") or left <= 0:
        return code
    say("Agora os testes demorados, enquanto há tempo.")
    env["PRESENCA_SLOW_SECONDS"] = "%d" % left
    return subprocess.run(pytest_command(str(venv_python()), [], "slow"), cwd=str(ROOT), env=env).returncode


def check_commands(python: str, root: Path = ROOT) -> dict[str, list[str]]:
    """The four checks, by the name that the person reads."""
    code = [name for name in ("run.py", "launch", "pipeline", "dashboard", "tests") if (root / name).exists()]
    typed = [name for name in code if name != "tests"]
    lint = "from importlinter.cli import lint_imports_command as main; main()"  # it has no __main__
    return {
        "estilo (ruff)": [python, "-m", "ruff", "check", "--no-cache", *code],
        "formato (ruff)": [python, "-m", "ruff", "format", "--check", "--no-cache", *code],
        "tipos (mypy)": [python, "-m", "mypy", *typed],
        "arquitetura (import-linter)": [python, "-c", lint, "--no-logo"],
    }


def compact(output: str) -> str:
    """Leaves out mypy's pages-long notes on overloads: the error line before them says where to look."""
    return "\n".join(line for line in output.splitlines() if ": note: " not in line or len(line) < 240).rstrip()


def check(extra: list[str]) -> int:
    """Style, types and architecture, side by side; all three are always told."""
    refuse_arguments("check", extra)
    ensure(DEV_LOCK)
    env = dict(os.environ, PYTHONPATH=str(ROOT), NO_COLOR="1")
    running = {
        name: subprocess.Popen(command, cwd=str(ROOT), env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for name, command in check_commands(str(venv_python())).items()
    }
    worst = 0
    for name, process in running.items():
        output = process.communicate()[0].decode("utf-8", "replace")
        say("%s: %s" % (name, "falhou" if process.returncode else "passou"))
        if process.returncode:
            say(compact(output) + "\n")
            worst = 1
    return worst


def bench(extra: list[str]) -> int:
    """Sets up and measures."""
    ensure(BENCH_LOCK)
    return subprocess.run([str(venv_python()), "-m", "tests.benchmarks", *extra], cwd=str(ROOT)).returncode
