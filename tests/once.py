"""What takes long and is only read is made once for all workers of a run, by whoever needs it first."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

_SECONDS = 240  # after which a maker that says nothing is held to be lost


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """The folder `name` of this run, filled by `make` in one worker; the others wait until it is whole."""
    shared = factory.getbasetemp().parent if "PYTEST_XDIST_WORKER" in os.environ else factory.getbasetemp()
    folder, whole, lost = (shared / f"{name}{ending}" for ending in ("", ".whole", ".lost"))
    try:
        folder.mkdir()
    except FileExistsError:
        _wait_for(whole, lost)
        return folder
    try:
        make(folder)
    except BaseException:
        lost.touch()
        raise
    whole.touch()
    return folder


def _wait_for(whole: Path, lost: Path) -> None:
    until = time.monotonic() + _SECONDS
    while not whole.exists():
        if lost.exists() or time.monotonic() > until:
            raise RuntimeError(f"{whole.stem} could not be made by the worker that began it")
        time.sleep(0.1)
