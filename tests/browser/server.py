"""The app as a person starts it, in a process of its own, with a workspace that nobody else has."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from launch.server import answers, choose_port
from tests.browser import warm

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 90


def _wait_for(process: subprocess.Popen | warm.Forked, url: str, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the app ended at its start:\n{log.read_text(errors='replace')[-3000:]}")
        if answers(url):
            return
        time.sleep(0.2)
    raise RuntimeError(f"the app did not answer in {START_SECONDS} s:\n{log.read_text(errors='replace')[-3000:]}")


@dataclass(frozen=True)
class Server:
    """A running app: its address, and its process for whoever measures it."""

    url: str
    pid: int


@contextlib.contextmanager
def serving(
    script: Path, home: Path, *, environ: dict[str, str] | None = None, port: int = 0, forked: bool = False
) -> Iterator[Server]:
    """Starts `script` with Streamlit on a free port, or that one; ends it in any case.

    `home` becomes PRESENCA_HOME; the server's own words go to `server.log` beside it. `forked`: from a process that has
    loaded the app's libraries, where the system can, and not as a person starts it.
    """
    port = port or choose_port(first=8600 + os.getpid() % 300)
    url = f"http://127.0.0.1:{port}"
    flags = ["--server.headless", "true", "--server.address", "127.0.0.1", "--server.port", str(port)]
    flags += ["--server.fileWatcherType", "none", "--browser.gatherUsageStats", "false"]
    arguments = ["run", str(script), *flags]
    env = dict(os.environ, PRESENCA_HOME=str(home), **(environ or {}))
    home.parent.mkdir(parents=True, exist_ok=True)
    log = home.parent / "server.log"
    process = warm.streamlit(arguments, env, log) if forked and warm.CAN else _started(arguments, env, log)
    try:
        _wait_for(process, url, log)
        yield Server(url, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _started(arguments: list[str], env: dict[str, str], log: Path) -> subprocess.Popen:
    with open(log, "wb") as sink:
        command = [sys.executable, "-m", "streamlit", *arguments]
        return subprocess.Popen(command, cwd=ROOT, env=env, stdout=sink, stderr=subprocess.STDOUT)


@contextlib.contextmanager
def serve(script: Path, home: Path, *, environ: dict[str, str] | None = None, forked: bool = True) -> Iterator[str]:
    """`serving`, for those who only need the address."""
    with serving(script, home, environ=environ, forked=forked) as server:
        yield server.url
