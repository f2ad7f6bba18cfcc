"""Signs of life: while something long is done, a thread says time and again that whoever does it has not died."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pipeline.errors import WorkspaceError


@contextmanager
def beating(name: str, beat: Callable[[], object], seconds: float) -> Iterator[None]:
    """Calls `beat` every so many seconds while the block runs, however long its steps take. `name`: of the thread."""
    over = threading.Event()

    def keep_on() -> None:
        while not over.wait(seconds):
            try:
                beat()
            except WorkspaceError as error:  # a full or busy disk: the next beat will do, or the doing says so itself
                logging.getLogger("presenca").error("%s: %s", name, error.note.code)

    thread = threading.Thread(target=keep_on, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
