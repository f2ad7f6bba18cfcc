"""Who looks, while a server runs, for what is to be done: a thread each."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from pipeline.services import leasing
from pipeline.workspace.store import Workspace

_LATER = 10.0  # seconds after something that could not be done


@dataclass
class Worker:
    """The thread of a server that looks, time and again, for what is to be done. `wait`: until the next look; `wake`:
    ends a wait.
    """

    name: str
    workspace: Callable[[], Workspace]
    look: Callable[[Workspace], None]
    wait: Callable[[], None]
    wake: Callable[[], None]
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    @classmethod
    def every(
        cls, seconds: float, name: str, workspace: Callable[[], Workspace], look: Callable[[Workspace], None]
    ) -> Worker:
        """One that looks so often, from now on."""
        bell = threading.Event()

        def wait() -> None:
            bell.wait(seconds)

        worker = cls(name, workspace, look, wait, bell.set)
        worker.begin()
        return worker

    def begin(self) -> None:
        """Starts looking."""
        self._thread = threading.Thread(target=self._work, name=self.name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends after what is being done."""
        self._over.set()
        self.wake()
        if self._thread is not None:
            self._thread.join(leasing.SECONDS)

    def _work(self) -> None:
        while not self._over.is_set():
            self.wait()
            try:
                workspace = self.workspace()
                if not self._over.is_set():
                    self.look(workspace)
            except Exception as error:  # noqa: BLE001 - a full disk now must not end the looking for good
                logging.getLogger("presenca").error("%s: %s", self.name, type(error).__name__)
                self._over.wait(_LATER)
