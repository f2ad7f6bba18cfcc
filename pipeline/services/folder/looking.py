"""Looking at the watched folder: each file that is whole is judged, noted and moved, in this order.

Whoever is killed before a file is noted does the same again; before it is moved, only moves it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.errors import PresencaError, WorkspaceError
from pipeline.presentation.locale import messages
from pipeline.records.folder import FolderFile, FolderSettings, FolderState
from pipeline.scrubbing.labels import safe_file_name
from pipeline.services.data import folder_log
from pipeline.services.folder import places, taking
from pipeline.services.folder.places import Still, Whole
from pipeline.services.folder.taking import Judged
from pipeline.services.leasing import Lease
from pipeline.services.session import Session

_AGAIN = 60.0  # seconds until a file that could not be read is tried again
NAME = "folder"  # of the lease


@dataclass
class Watch:
    """One folder under watch. `clock`: seconds that only go forward."""

    session: Session
    settings: FolderSettings
    clock: Callable[[], float] = time.monotonic
    _later: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._still = Still(self.settings.seconds, self.clock)

    def look(self) -> list[FolderFile]:
        """What became of the files that are whole now; none while another process does it. OSError where the
        folder can't be looked at, WorkspaceError where nothing can be saved.
        """
        root = Path(self.settings.path)
        ready = [name for name in self._still.whole(root) if self._later.get(name, 0.0) <= self.clock()]
        folder_log.forget_waiting(self.session, [safe_file_name(name) for name in self._still.names])
        if not ready:
            return []
        lease = Lease(self.session.workspace, NAME)
        if not lease.take():
            return []
        with lease.kept():
            found = [self._one(root, name) for name in ready]
        return [one for one in found if one is not None]

    def has_more(self) -> bool:
        """Whether files lie there that are not judged yet. OSError where the folder can't be looked at."""
        return any(True for _ in places.waiting(Path(self.settings.path)))

    def _one(self, root: Path, name: str) -> FolderFile | None:
        """None where the file is gone or is not whole after all."""
        try:
            whole = places.read(root, name)
            return None if whole is None else self._handled(root, whole)
        except FileNotFoundError:
            return None
        except (OSError, WorkspaceError) as error:
            return self._put_off(name, error)
        except PresencaError as error:  # it is too large to be read at all
            return self._moved(root, name, Judged.refused(self._told(name, FolderState.REFUSED, error)))

    def _handled(self, root: Path, whole: Whole) -> FolderFile | None:
        if self._is_done(whole):
            places.to_read(root, whole.name, self._month())
            return None
        return self._moved(root, whole.name, self._judged(whole))

    def _is_done(self, whole: Whole) -> bool:
        """Whether this very file was taken today: one that comes again on another day is that day's agenda too."""
        own, day = (FolderState.TAKEN, safe_file_name(whole.name), whole.sha256), f"{self.session.today():%Y-%m-%d}"
        return any(
            (one.state, one.name, one.sha256) == own and one.at.startswith(day)
            for one in folder_log.files(self.session)
        )

    def _judged(self, whole: Whole) -> Judged:
        try:
            return taking.take(self.session, whole, self.settings)
        except (OSError, WorkspaceError):
            raise
        except Exception as error:  # noqa: BLE001 - the last wall: the next files must be read
            logging.getLogger("presenca").error("reading the folder: %s", type(error).__name__)
            file = self._told(whole.name, FolderState.REFUSED, PresencaError("folder.fault"))
            return Judged.refused(replace(file, sha256=whole.sha256))

    def _moved(self, root: Path, name: str, judged: Judged) -> FolderFile:
        folder_log.note_file(self.session, judged.file)
        if judged.file.state is FolderState.TAKEN:
            places.to_read(root, name, self._month())
        else:
            assert judged.file.note is not None, "what is refused is refused with why"
            places.to_refused(root, name, messages.told(judged.file.note), judged.report)
        return judged.file

    def _put_off(self, name: str, error: OSError | WorkspaceError) -> FolderFile:
        """It lies where it was, and is tried again later."""
        self._later[name] = self.clock() + _AGAIN
        known = error if isinstance(error, WorkspaceError) else PresencaError("folder.locked")
        told = self._told(name, FolderState.LATER, known)
        try:
            folder_log.note_file(self.session, told)
        except WorkspaceError as full:
            logging.getLogger("presenca").error("noting a file of the folder: %s", full.note.code)
        return told

    def _told(self, name: str, state: FolderState, error: PresencaError) -> FolderFile:
        moment = self.session.now().isoformat(timespec="seconds")
        return FolderFile(safe_file_name(name), "", moment, state, note=error.note)

    def _month(self) -> str:
        return f"{self.session.today():%Y-%m}"
