"""Processes of our own: started so that they outlive a reload, asked after, ended. Linux, macOS and Windows."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import servers


def start(
    command: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    log: Path,
    ended: Callable[[int], None],
) -> int:
    """Starts a process of its own group whose words go to `log`; gives its id.

    `ended` is called with the exit code when the process is over, as long as this one is still there to see it.
    """
    handle = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    try:
        process = subprocess.Popen(
            list(command),
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=handle,
            stderr=subprocess.STDOUT,
            close_fds=True,
            creationflags=_flags(),
            start_new_session=True,  # POSIX: a group of its own, so that ending ours leaves it alone
        )
    finally:
        os.close(handle)
    # Without somebody who waits for it, an ended child stays listed and seems alive.
    threading.Thread(target=lambda: ended(process.wait()), name=f"wait-{process.pid}", daemon=True).start()
    return process.pid


def _flags() -> int:
    if sys.platform == "win32":
        return subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    return 0


def is_alive(pid: int) -> bool:
    """Whether there is a process with this id (which may have been given to another meanwhile)."""
    if sys.platform == "win32":
        return _is_alive_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@dataclass(frozen=True)
class Identity:
    """A process as no other is: an id is given to another one day, never with the same start on the same machine."""

    machine: str  # host, its start, and the space in which the id counts
    pid: int
    started: str

    @classmethod
    def of(cls, pid: int) -> Identity | None:
        """Of a process that runs; None where there is none, or the system does not tell (it does on Linux)."""
        try:
            started = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[19]
            boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
            space = os.readlink("/proc/self/ns/pid")
        except (OSError, IndexError):
            return None
        return cls(f"{servers.name()} {boot} {space}", pid, started)

    def is_here(self) -> bool:
        """Whether it runs, or ran, on this server."""
        return self.machine.split()[0] == servers.name()

    def is_over(self) -> bool:
        """Whether the process has certainly ended; False where that can't be told from here, as on another machine."""
        here = Identity.of(os.getpid())
        if here is None or not self.is_here():
            return False
        if here.machine.split()[1] != self.machine.split()[1]:
            return True  # this machine has been started since
        return here.machine == self.machine and Identity.of(self.pid) != self


def end(pid: int, *, at_once: bool = False) -> None:
    """Asks a process of `start`, and what it has started, to end; `at_once` does not ask."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            os.kill(pid, signal.SIGTERM)  # on Windows: TerminateProcess
        else:
            os.killpg(pid, signal.SIGKILL if at_once else signal.SIGTERM)


def _is_alive_on_windows(pid: int) -> bool:
    # os.kill(pid, 0) would send Ctrl-C there.
    if sys.platform != "win32":
        return False
    import ctypes

    synchronize, timed_out = 0x00100000, 0x00000102
    kernel = ctypes.windll.kernel32
    handle = kernel.OpenProcess(synchronize, False, pid)
    if not handle:
        return False
    try:
        return bool(kernel.WaitForSingleObject(handle, 0) == timed_out)
    finally:
        kernel.CloseHandle(handle)
