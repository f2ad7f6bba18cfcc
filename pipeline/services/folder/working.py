"""Who watches the folder: a thread of a server, as it is set in the app, or the command line until it is ended."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.errors import PresencaError, WorkspaceError
from pipeline.records.folder import FolderFile, FolderSettings
from pipeline.services.data import folder_log
from pipeline.services.folder import retraining
from pipeline.services.folder.looking import NAME, Watch
from pipeline.services.session import Actor, Session
from pipeline.services.workers import Worker
from pipeline.workspace.store import Workspace

LOOKS_EVERY = 2.0  # seconds: a share of the network tells nobody what arrives there, so it is looked at
_LATER, _TRAINS_EVERY = 10.0, 3_600.0


@dataclass
class Round:
    """One look after the other, as the folder is set at each. `clock`: seconds that only go forward; `settings`: of a
    folder that the command line names, else those of the workspace hold.
    """

    session: Session
    settings: FolderSettings | None = None
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _watch: Watch | None = None
    _wanted: FolderSettings | None = None
    _trained: float = -_TRAINS_EVERY

    def once(self) -> list[FolderFile]:
        """What became of the files that are whole now; then what is advised is trained, once an hour or as soon as a
        file came.
        """
        wanted = self.settings or folder_log.settings(self.session)
        if not wanted.is_on:
            self._watch = None
            return []
        if self._watch is None or self._wanted != wanted:
            self._watch = Watch(self.session, folder_log.checked(self.session.workspace.home, wanted), self.clock)
            self._wanted = wanted
        found = self._watch.look()
        if found or self.clock() - self._trained >= _TRAINS_EVERY:
            self._trained = self.clock()
            self._train()
        return found

    def _train(self) -> None:
        """What goes wrong here must keep no file from being read."""
        try:
            retraining.train_if_advised(self.session)
        except Exception as error:  # noqa: BLE001 - as it says
            log(error)

    def settled(self) -> Iterator[list[FolderFile]]:
        """Looks until what lies there now was judged: once, and again when the rest has stood still."""
        yield self.once()
        if self._watch is not None and self._watch.has_more():
            self.sleep(float(self._watch.settings.seconds))
            yield self.once()

    def forever(self) -> Iterator[list[FolderFile]]:
        """Looks until it is ended. What can't be saved or looked at now is logged, and tried again."""
        while True:
            try:
                yield self.once()
                self.sleep(LOOKS_EVERY)
            except (OSError, WorkspaceError) as error:
                log(error)
                self.sleep(_LATER)


def log(error: Exception) -> None:
    """A line in the log, of nothing that a file holds."""
    code = error.note.code if isinstance(error, PresencaError) else type(error).__name__
    logging.getLogger("presenca").error("%s: %s", NAME, code)


@dataclass
class _Look:
    """A look of the server's thread; the round goes on from one to the next."""

    _round: Round | None = None

    def __call__(self, workspace: Workspace) -> None:
        """Looks once, as the folder is set now."""
        if self._round is None or self._round.session.workspace is not workspace:
            self._round = Round(Session(workspace, Actor.FOLDER))
        self._round.once()


def start(workspace: Callable[[], Workspace]) -> Worker:
    """A worker that looks from now on."""
    over = threading.Event()
    worker = Worker(NAME, workspace, _Look(), lambda: _wait(over), over.set)
    worker.begin()
    return worker


def _wait(over: threading.Event) -> None:
    over.wait(LOOKS_EVERY)
