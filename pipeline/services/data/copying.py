"""The use cases of sealed copies on the server: one is made while the app goes on, they are listed, one is handed out.

The key is told apart from them and once; what leaves here is the one or the other, never both.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.errors import PresencaError, WorkspaceError
from pipeline.privacy import fingerprint
from pipeline.records import CopyKept, CopyShelf, KeyPlace, Note, note
from pipeline.services import leasing
from pipeline.services.data import maintaining
from pipeline.services.session import Permission, Session, needs
from pipeline.workspace.maintenance import backup as backups
from pipeline.workspace.secrets import keys
from pipeline.workspace.storage import atomic_files
from pipeline.workspace.store import Workspace

FOLDER_VARIABLE = "PRESENCA_COPIES"
LARGEST_DOWNLOAD = 200_000_000  # bytes: a download lies in the server's memory
DUE_DAYS = 7
_LEASE, _ENDING, _KEY_TOLD = "copy", ".presenca", "key_told"


@dataclass
class _Making:
    """A copy that this process makes, or made last."""

    share: float | None = 0.0  # None: over
    failed: Note | None = None

    def tell(self, share: float) -> None:
        """How far it is."""
        self.share = share


_MAKING: dict[Path, _Making] = {}  # by the folder of the workspace


@needs(Permission.KEEP_COPIES)
def shelf(session: Session) -> CopyShelf:
    """What lies in the folder of the copies, and what is being made. WorkspaceError if it can't be read."""
    folder, own = _folder(session.workspace), _MAKING.get(session.workspace.home, _Making(None))
    erased = max((one.at for one in session.workspace.erasures()), default="")
    copies = tuple(
        replace(one, outlived=bool(erased) and one.made < dt.datetime.fromisoformat(erased))
        for one in _copies(folder, session.now().tzinfo)
    )
    due = not copies or session.now() - copies[0].made > dt.timedelta(days=DUE_DAYS)
    making = own.share is not None or leasing.is_held(session.workspace, _LEASE)
    return CopyShelf(str(folder), copies, making, own.share, own.failed, due)


@needs(Permission.KEEP_COPIES)
def start(session: Session) -> bool:
    """Begins a copy, in a thread that outlives the page; False, and nothing is begun, while another is being made.

    WorkspaceError where its folder would lie within the workspace, or can't be made.
    """
    folder, lease = _folder(session.workspace), leasing.Lease(session.workspace, _LEASE)
    _prepare(folder)
    if not lease.take():
        return False
    making = _MAKING[session.workspace.home] = _Making()
    out = folder / f"presenca-{session.now():%Y-%m-%d-%H%M%S}{_ENDING}"
    threading.Thread(target=_make, args=(session, lease, out, making), name="copy", daemon=True).start()
    return True


def _make(session: Session, lease: leasing.Lease, out: Path, making: _Making) -> None:
    try:
        with lease.kept():
            _sweep(out.parent)
            maintaining.backup(session, out, tell=making.tell)
    except PresencaError as error:
        making.failed = error.note
    except Exception as error:  # noqa: BLE001 - nobody waits for this thread: the page is told
        logging.getLogger("presenca").error("making a copy: %s", type(error).__name__)
        making.failed = note("copy.failed")
    finally:
        making.share = None


@needs(Permission.KEEP_COPIES)
def content(session: Session, name: str) -> bytes:
    """A copy as it lies there. WorkspaceError for one that is not there (any more), or is too large for a download."""
    folder = _folder(session.workspace)
    found = next((one for one in _copies(folder, session.now().tzinfo) if one.name == name), None)
    if found is None:
        raise WorkspaceError("copy.gone")
    if not may_download(found):
        raise WorkspaceError("copy.too_large", folder=str(folder))
    with atomic_files.explained("doing.read_copy"):
        told = (folder / name).read_bytes()
    session.audit("backup_downloaded", size=len(told))
    return told


def may_download(one: CopyKept) -> bool:
    """Whether a copy is small enough to be handed to a browser."""
    return one.size < LARGEST_DOWNLOAD


@needs(Permission.KEEP_COPIES)
def key_place(session: Session) -> KeyPlace:
    """Where the key is, so that it can be kept apart from the copies; not the key."""
    told = session.workspace.setting(_KEY_TOLD)
    given = session.workspace.key_was_given or bool(os.environ.get(keys.KEY_VARIABLE))
    file = "" if given else str(keys.key_path())
    return KeyPlace(fingerprint(session.workspace.key), file, dt.datetime.fromisoformat(told) if told else None)


@needs(Permission.KEEP_COPIES)
def tell_key(session: Session) -> str:
    """The key, to be written down; once in the life of a workspace. WorkspaceError after that, and for a key that was
    given by the environment: whoever set it has it.
    """
    if not key_place(session).file:
        raise WorkspaceError("key.in_environment", variable=keys.KEY_VARIABLE)
    if not session.workspace.set_setting_once(_KEY_TOLD, session.now().isoformat(timespec="seconds")):
        raise WorkspaceError("key.told")
    session.audit("key_told")
    return session.workspace.key.hex()


def _folder(workspace: Workspace) -> Path:
    """Where copies lie: as the environment says, or beside the workspace. WorkspaceError for a place within it."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    beside = workspace.home.with_name(f"{workspace.home.name}-copias")
    folder = Path(chosen).expanduser().absolute() if chosen else beside
    backups.refuse_within(workspace, folder)
    return folder


def _prepare(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise WorkspaceError("copy.no_folder", folder=str(folder), variable=FOLDER_VARIABLE) from error


def _copies(folder: Path, zone: dt.tzinfo | None) -> tuple[CopyKept, ...]:
    """Newest first; what is a link, or is just being written, is none."""
    found = []
    try:
        for path in folder.glob(f"*{_ENDING}"):
            if path.is_file() and not path.is_symlink():
                facts = path.stat()
                found.append(CopyKept(path.name, dt.datetime.fromtimestamp(facts.st_mtime, zone), facts.st_size))
    except OSError as error:
        raise WorkspaceError("copy.no_folder", folder=str(folder), variable=FOLDER_VARIABLE) from error
    return tuple(sorted(found, key=lambda one: one.made, reverse=True))


def _sweep(folder: Path) -> None:
    """Removes what a killed process left half written an hour ago or more."""
    for path in folder.glob(".presenca-*.tmp"):
        with atomic_files.explained("doing.back_up_all"):
            if time.time() - path.stat().st_mtime > atomic_files.LEFTOVER_SECONDS:
                path.unlink(missing_ok=True)
