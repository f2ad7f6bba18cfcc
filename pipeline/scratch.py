"""Where files lie while somebody's upload is read: in the workspace, or where there is none in the system's temporary
folder. Each reading has a folder of its own, open to us only, which goes with it; what a kill leaves the next one
sweeps.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from pipeline import servers

_PREFIX = "presenca-"
_OLD = 24 * 3600.0  # seconds after which a folder is swept whose process may still be there
_homes: list[Path] = []


def use(home: Path) -> None:
    """From here on, temporary files of this process lie in `home`; what ended processes left there is swept."""
    _homes[:] = [home]
    sweep(home)


def home() -> Path:
    """Where temporary files lie."""
    return next((one for one in _homes if one.is_dir()), Path(tempfile.gettempdir()))


@contextlib.contextmanager
def folder(place: Path | None = None) -> Iterator[Path]:
    """A new folder for one reading or run, in `place` or where temporary files lie; it goes, whatever happened."""
    place = place or home()
    sweep(place)
    own = place / f"{_PREFIX}{os.getpid()}-{servers.mark()}-{secrets.token_hex(6)}"
    own.mkdir(mode=0o700)
    try:
        yield own
    finally:
        shutil.rmtree(own, ignore_errors=True)


def is_named(name: str) -> bool:
    """Whether a folder of that name is such a one: `sweep` knows when its process is gone, its age tells nothing."""
    return name.startswith(_PREFIX) and name.removeprefix(_PREFIX).split("-")[0].isdigit()


def sweep(place: Path) -> None:
    """Removes the folders that ended processes left in `place`."""
    with contextlib.suppress(OSError):
        for entry in os.scandir(place):
            with contextlib.suppress(OSError):  # another process sweeps, too
                if is_named(entry.name) and entry.is_dir(follow_symlinks=False) and _is_left(entry):
                    shutil.rmtree(entry.path)


def _is_left(entry: os.DirEntry[str]) -> bool:
    """Whether the process that a folder is named after is gone; a number may have gone to another since. One of another
    server, which shares the folder, can't be asked after.
    """
    pid, *rest = entry.name.removeprefix(_PREFIX).split("-")
    if time.time() - entry.stat().st_mtime > _OLD:
        return True
    if len(rest) > 1 and rest[0] != servers.mark():
        return False
    return sys.platform == "linux" and not Path(f"/proc/{pid}").exists()
