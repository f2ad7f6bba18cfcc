"""Room that is kept for a full disk: without it, the records could not even be opened to erase something."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

from pipeline import atomic

NAME = "spare"
SIZE = 512 * 1024  # bytes: SQLite's companions, and a few hundred changed pages
_ROOM = 16 * SIZE  # free bytes from which on some are kept again


def keep(home: Path) -> None:
    """Keeps some room, where there is plenty and none is kept yet."""
    path = home / NAME
    with contextlib.suppress(OSError):  # another process does the same, or the disk is fuller than it said
        if not path.exists() and shutil.disk_usage(home).free > _ROOM:
            with atomic.create(path) as file:
                file.write(bytes(SIZE))


def release(home: Path) -> bool:
    """Gives the room back to a full disk; False where the disk is not full, or none was kept."""
    try:
        if shutil.disk_usage(home).free > SIZE:
            return False
        (home / NAME).unlink()
    except OSError:
        return False
    return True
