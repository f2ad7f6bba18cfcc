"""Processes that start anew, and never run this process' main script again.

`spawn` would import it in each worker: the page of the app where Streamlit runs it, a notebook, a script without a
guard. Tasks are functions of our own modules, so that no worker needs it.
"""

from __future__ import annotations

import sys
import threading
import types
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import SpawnContext, SpawnProcess

from typing_extensions import override

_one_at_a_time = threading.Lock()


@contextmanager
def _nameless_main() -> Iterator[None]:
    with _one_at_a_time:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = types.ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


class _Process(SpawnProcess):
    @override
    def start(self) -> None:
        with _nameless_main():
            super().start()


class _Spawn(SpawnContext):
    Process = _Process


SPAWN = _Spawn()
