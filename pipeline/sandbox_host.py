"""A process that has loaded the libraries of the sandbox and forks a child for each call (Linux).

It is asked through a socket, which it is handed a new one by for each call: the child reads the request from that,
writes its process id at once and its answer at the end. The host never opens a file of anybody's. It ends with the
one who started it.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time

from pipeline import sandbox_child
from pipeline.paths import PROJECT

LOADED = (
    "pipeline.ingestion.reading.apart",
    "python_calamine",
    "pipeline.modeling.bundle.load_worker",
)
_PART = 1 << 16


class Lost(Exception):
    """The host is not there."""


class Host:
    """The one who asks: starts the process and hands it calls, from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno())],
                env=sandbox_child.environment(os.environ, str(PROJECT)),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C is for us
            )
        self.owner, self._lost = os.getpid(), False

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Whether it can be asked: it runs, and this is the process that started it."""
        return not self._lost and self.owner == os.getpid() and self._process.poll() is None

    def ask(self, given: bytes, patience: float) -> bytes:
        """What a child answers within `patience` seconds, after which it is killed; b"" where it ended without."""
        ours, theirs = socket.socketpair()
        with ours:
            with theirs, self._lock:
                try:
                    socket.send_fds(self._control, [b"?"], [theirs.fileno()])
                except OSError as error:
                    self._lost = True
                    raise Lost from error
            try:
                return _conversation(ours, given, patience)
            except Lost:
                self._lost = True
                raise

    def close(self) -> None:
        """Ends the host: it sees that nobody is there."""
        self._control.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5)


def _conversation(ours: socket.socket, given: bytes, patience: float) -> bytes:
    until, heard = time.monotonic() + patience, bytearray()
    try:
        ours.settimeout(patience)
        ours.sendall(given)
        ours.shutdown(socket.SHUT_WR)
        while True:
            ours.settimeout(max(until - time.monotonic(), 0.001))
            part = ours.recv(_PART)
            if not part:
                break
            heard += part
    except TimeoutError:
        _kill(heard)
        return b'{"failed": "time"}'
    except OSError as error:
        raise Lost from error
    except BaseException:  # who asked was interrupted: nobody waits for the answer
        _kill(heard)
        raise
    pid, _, said = bytes(heard).partition(b"\n")
    if not pid:
        raise Lost
    return said


def _kill(heard: bytearray) -> None:
    """Ends the child that said its id first, and what it has started."""
    pid = bytes(heard).partition(b"\n")[0]
    if pid.isdigit():
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(int(pid), signal.SIGKILL)


_hosts: list[Host] = []
_starting = threading.Lock()


def the_host() -> Host:
    """The host of this process, started where there is none."""
    with _starting:
        if not _hosts or not _hosts[0].is_alive():
            _hosts[:] = [Host()]
            atexit.register(_hosts[0].close)
        return _hosts[0]


# ---------------------------------------------------------------- the process itself


def serve(control: socket.socket) -> None:
    """Forks for each call until nobody is there to make one; loads libraries while nobody asks."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system takes ended children away
    _load(LOADED[0])
    left = list(LOADED[1:])
    while True:
        asked, _, _ = select.select([control], [], [], 0 if left else None)
        if not asked:
            _load(left.pop(0))
            continue
        _, handles, _, _ = socket.recv_fds(control, 1, 1)
        if not handles:
            return
        if os.fork() == 0:
            control.close()
            _child(socket.socket(fileno=handles[0]))
        os.close(handles[0])


def _load(name: str) -> None:
    """Imports a module, and has it load what it will need."""
    ready = getattr(importlib.import_module(name), "make_ready", None)
    if ready is not None:
        ready()
    gc.freeze()  # children share what nobody writes to


def _child(line: socket.socket) -> None:
    """One call, to its end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    code = 1
    try:
        os.setpgid(0, 0)
        line.sendall(b"%d\n" % os.getpid())
        given = bytearray()
        while part := line.recv(_PART):
            given += part
        line.sendall(sandbox_child.answer(bytes(given)))
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
