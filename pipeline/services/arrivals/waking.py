"""The bell between taking in and reading, within one process."""

from __future__ import annotations

from threading import Event

_RUNG = Event()


def wake() -> None:
    """Says that something waits."""
    _RUNG.set()


def wait(seconds: float) -> None:
    """Until something waits, or the time is over."""
    _RUNG.wait(seconds)
    _RUNG.clear()
