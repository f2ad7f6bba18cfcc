"""What the workspace keeps of the watched folder: how it is set, and what became of the last files.

The log spares reading a file again that a killed process had kept and not yet moved. A file that the log has forgotten
and that is dropped again counts once all the same: the same file in the same series is the same data set.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.errors import PresencaError
from pipeline.records import Note, from_plain, to_plain
from pipeline.records.folder import FolderFile, FolderSettings, FolderState
from pipeline.services import catalog
from pipeline.services.session import Permission, Session, needs

OUT, READ, REFUSED = "saida", "lidos", "recusados"  # folders within the watched one
SHORTEST, LONGEST = 1, 3_600  # seconds that a file must stand still
_KEPT = 1_000  # files that the log remembers
_SETTINGS, _LOG, _TRAINED = "folder_settings", "folder_log", "folder_retrained:"  # settings


@needs(Permission.OPEN, whole=True)
def settings(session: Session) -> FolderSettings:
    """How the folder is watched; as nothing was set, it is not."""
    kept = session.workspace.setting(_SETTINGS, None)
    return from_plain(FolderSettings, kept) if kept else FolderSettings()


@needs(Permission.MANAGE_PEOPLE, whole=True)
def set_settings(session: Session, wanted: FolderSettings) -> FolderSettings:
    """Sets how the folder is watched. PresencaError for one that can't be: see `checked`."""
    kept = checked(session.workspace.home, wanted) if wanted.is_on else wanted
    session.workspace.set_setting(_SETTINGS, to_plain(kept))
    session.audit("folder_set", on=kept.is_on, lists=kept.lists, identified=kept.identified, retrain=kept.retrain)
    return kept


@needs(Permission.MANAGE_PEOPLE, whole=True)
def trouble(session: Session) -> Note | None:
    """Why the folder that is set can't be watched now; None where it can."""
    try:
        checked(session.workspace.home, settings(session))
    except PresencaError as error:
        return error.note
    return None


def checked(home: Path, wanted: FolderSettings) -> FolderSettings:
    """The settings with whole paths. PresencaError where a folder is not there, is a link, can't be written, or lies
    in the workspace (`home`) or around it; where lists would be read again as files; for no product.
    """
    if wanted.product and wanted.product not in {product.key for product in catalog.products()}:
        raise PresencaError("folder.no_product", product=wanted.product[:40])
    if not SHORTEST <= wanted.seconds <= LONGEST:
        raise PresencaError("folder.seconds", shortest=SHORTEST, longest=LONGEST)
    root = _usable(home, wanted.path)
    inner = [root / name for name in (OUT, READ, REFUSED)]
    if any(one.is_symlink() or (one.exists() and not one.is_dir()) for one in inner):
        raise PresencaError("folder.inner", names=(OUT, READ, REFUSED))
    out = _usable(home, wanted.out) if wanted.out.strip() else root / OUT
    if out in (root, root / READ, root / REFUSED):
        raise PresencaError("folder.same")
    return replace(wanted, path=str(root), out=str(out) if wanted.out.strip() else "")


def _usable(home: Path, told: str) -> Path:
    try:
        path = Path(told.strip()).expanduser()
        if not told.strip() or not path.is_absolute() or path.is_symlink() or not path.is_dir():
            raise PresencaError("folder.not_there")
        whole, own = path.resolve(), home.resolve()
        if whole.is_relative_to(own) or own.is_relative_to(whole):
            raise PresencaError("folder.of_workspace")
        with tempfile.TemporaryFile(dir=whole):
            return whole
    except (OSError, ValueError, RuntimeError):
        raise PresencaError("folder.not_writable") from None


def out_of(wanted: FolderSettings) -> Path:
    """Where lists and reports go."""
    return Path(wanted.out) if wanted.out else Path(wanted.path) / OUT


@needs(Permission.OPEN, whole=True)
def files(session: Session) -> tuple[FolderFile, ...]:
    """What became of the last files, the newest first."""
    return tuple(from_plain(FolderFile, one) for one in reversed(session.workspace.setting(_LOG, [])))


@needs(Permission.OPEN, whole=True)
def since(session: Session, product: str, series_id: str, moment: dt.datetime) -> tuple[FolderFile, ...]:
    """Files that came since, the newest first: those of a series, and refused ones that may be of it."""
    new = (one for one in files(session) if dt.datetime.fromisoformat(one.at) >= moment)
    return tuple(one for one in new if one.series in ("", series_id) and one.product in ("", product))


@needs(Permission.OPEN, whole=True)
def was_retrained(session: Session, series_id: str, day: dt.date) -> bool:
    """Whether the house itself began to train a model of a series on this day or since."""
    last = retrained(session, series_id)
    return last is not None and last >= day


@needs(Permission.OPEN, whole=True)
def retrained(session: Session, series_id: str) -> dt.date | None:
    """The day on which the house itself last began to train a model of a series."""
    kept = session.workspace.setting(_TRAINED + series_id, None)
    return dt.date.fromisoformat(kept) if kept else None


@needs(Permission.CHANGE_MODELS)
def note_retraining(session: Session, series_id: str) -> None:
    """Notes that it did so today."""
    session.workspace.set_setting(_TRAINED + series_id, session.today().isoformat())


@needs(Permission.CHANGE_DATA)
def note_file(session: Session, file: FolderFile) -> None:
    """Notes what became of a file, in place of what was noted of it before. What is waited for is noted once."""
    before = files(session)
    if file.state is FolderState.LATER and any(_is_same(one, file) for one in before):
        return
    stay = [one for one in reversed(before) if not _is_over(one, file)]
    _keep(session, [*stay, file])


@needs(Permission.CHANGE_DATA)
def forget_waiting(session: Session, names: Sequence[str]) -> None:
    """Forgets files that were to be tried again and lie there no longer. `names`: of those that still do."""
    before = files(session)
    stay = [one for one in before if one.state is not FolderState.LATER or one.name in names]
    if len(stay) < len(before):
        _keep(session, [*reversed(stay)])


def _keep(session: Session, log: Sequence[FolderFile]) -> None:
    session.workspace.set_setting(_LOG, [to_plain(one) for one in log[-_KEPT:]])


def _is_same(one: FolderFile, other: FolderFile) -> bool:
    return one.name == other.name and one.state is other.state and one.note == other.note


def _is_over(one: FolderFile, newer: FolderFile) -> bool:
    """Whether what was noted is replaced by what is noted now."""
    same = one.name == newer.name
    return same and (one.state is FolderState.LATER or one.sha256 == newer.sha256)
