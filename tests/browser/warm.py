"""A process that has loaded what the app loads and forks a server for each walk: three seconds of processor each."""

from __future__ import annotations

import atexit
import contextlib
import functools
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

LOADED = ("streamlit.web.cli", "streamlit.web.bootstrap", "dashboard.gatehouse", "pipeline.services.models.starter")
CAN = hasattr(os, "fork") and sys.platform == "linux"


class Forked:
    """A server that another process forked: as much of `subprocess.Popen` as whoever starts and ends one needs."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        """None while it runs; how it ended is not known."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    def terminate(self) -> None:
        """Asks it to end."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """Ends it."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def wait(self, timeout: float = 30.0) -> int:
        """Until it has ended; TimeoutExpired where it does not."""
        until = time.monotonic() + timeout
        while self.poll() is None:
            if time.monotonic() > until:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            time.sleep(0.02)
        return 0


@functools.cache
def _loader(_of: int) -> subprocess.Popen[str]:
    """The process that forks, one for each that asks."""
    from tests.browser import way  # which loads what a server has no use for

    command = [sys.executable, "-m", __name__]
    env = dict(os.environ, **way.ENVIRON)
    root = Path(__file__).resolve().parents[2]
    process = subprocess.Popen(
        command, cwd=root, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    atexit.register(process.kill)
    return process


def streamlit(arguments: Sequence[str], env: Mapping[str, str], log: Path) -> Forked:
    """Streamlit with these arguments, in a process forked from one that has loaded all; its words go to `log`."""
    process = _loader(os.getpid())
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(json.dumps({"arguments": list(arguments), "env": dict(env), "log": str(log)}) + "\n")
    process.stdin.flush()
    return Forked(int(process.stdout.readline()))


def _become(asked: Mapping[str, str]) -> None:
    """The forked process is a server from here to its end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(asked["env"])  # type: ignore[arg-type]
    sink = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for stream in (1, 2):
        os.dup2(sink, stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    from streamlit.web import cli

    sys.argv = ["streamlit", *asked["arguments"]]
    cli.main(prog_name="streamlit")


def _take_away(*_: object) -> None:
    """An ended server is there until somebody has asked how it ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def main() -> None:
    """Forks for each line that it reads, and says the process id."""
    for name in LOADED:
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, _take_away)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _become(json.loads(line))
            return
        print(pid, flush=True)


if __name__ == "__main__":
    main()
