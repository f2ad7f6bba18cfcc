"""The use cases of a workspace as a whole: a sealed copy of it, taking one back, examining it, mending it."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import replace
from pathlib import Path

from pipeline.errors import LostRecords, WorkspaceError
from pipeline.privacy import fingerprint
from pipeline.records import BackupMade, Examination, Restored
from pipeline.services.data import opening, recovery
from pipeline.services.leasing import Lease
from pipeline.services.session import Actor, Permission, Session, needs
from pipeline.workspace.maintenance import backup as backups
from pipeline.workspace.maintenance import examination, manifest
from pipeline.workspace.maintenance import restore as restoring
from pipeline.workspace.maintenance.sealed_stream import Secret
from pipeline.workspace.secrets import keys
from pipeline.workspace.storage import atomic_files


@needs(Permission.KEEP_COPIES)
def backup(
    session: Session, out: Path, phrase: str = "", *, tell: Callable[[float], None] = backups.unheard
) -> BackupMade:
    """Writes a sealed copy of the workspace, which opens with its key, or with `phrase`; `tell` hears the share done.

    WorkspaceError for a phrase that could be guessed, or a place within the workspace.
    """
    secret = _by_phrase(phrase) if phrase else Secret(session.workspace.key)
    made = backups.write(session.workspace, out, secret, tell)
    session.audit("backup_made", datasets=made.datasets, models=made.models, files=made.files, size=made.size)
    return made


def restore(source: Path, home: Path | None = None, ask_phrase: Callable[[], str] = str) -> Restored:
    """Takes a workspace back from a copy into an empty folder; `ask_phrase` where the copy opens with one.
    Nobody is in afterwards: logins and invitations of the copy are ended.

    WorkspaceError, and nothing is written, for another key, a file that was cut or altered, or a newer version.
    """
    place = _place(home)
    key = keys.load_key(place, may_create=False)

    def secret(phrased: bool) -> Secret:
        return Secret(phrase=ask_phrase()) if phrased else Secret(key)

    return restoring.restore(source, place, secret, fingerprint(key))


def _by_phrase(phrase: str) -> Secret:
    if len(phrase) < keys.SHORTEST_PHRASE or keys.is_weak_phrase(phrase):
        raise WorkspaceError("backup.phrase_short", shortest=keys.SHORTEST_PHRASE)
    return Secret(phrase=phrase)


def examine(home: Path | None = None) -> Examination:
    """What in a workspace is not as it should be; nothing is changed. WorkspaceError if the folder can't be read."""
    place = _place(home)
    with atomic_files.explained("doing.examine"):
        return examination.examine(place)


@needs(Permission.KEEP_COPIES)
def examined(session: Session) -> Examination:
    """`examine` of the workspace that is open."""
    return examine(session.workspace.home)


@needs(Permission.KEEP_COPIES)
def mended(session: Session) -> Examination:
    """`mend` of the workspace that is open. WorkspaceError while somebody else mends it."""
    lease = Lease(session.workspace, "mending")
    if not lease.take():
        raise WorkspaceError("mend.going_on")
    with lease.kept():
        return _mend(session.workspace.home, session)


def mend(home: Path | None = None) -> Examination:
    """Puts in order what can be, and examines the workspace again; `mended` says what was found before."""
    return _mend(_place(home))


def _mend(place: Path, session: Session | None = None) -> Examination:
    before = examine(place)
    if any(one.mend for one in before.findings):
        with atomic_files.explained("doing.tidy"):
            examination.close_to_others(place)
            _mend_files(place, {one.what.code for one in before.findings if one.mend})
        try:
            _open_and_mend(place, before, session)
        except LostRecords:
            recovery.rebuild(place)
        except WorkspaceError:  # another key, a newer version: it stays among the findings, with the reason
            return _told(before, examine(place))
    return _told(before, examine(place))


def _mend_files(place: Path, found: Set[str]) -> None:
    """Before anything is opened, which refuses a lost manifest and would serve what a cache has wrong."""
    if found & {"doctor.manifest_lost", "doctor.part_missing"}:
        manifest.make(place)
    if "doctor.cache_changed" in found:
        examination.drop_altered(place)


def _open_and_mend(place: Path, before: Examination, session: Session | None) -> None:
    """Opening brings the records forward and ends what was cut short."""
    workspace = opening.open_workspace(place)
    try:
        examination.mend(workspace)
        mendable = sum(one.mend is not None for one in before.findings)
        (session or Session(workspace, Actor.COMMAND_LINE)).audit("workspace_mended", findings=mendable)
    finally:
        workspace.close()


def _told(before: Examination, after: Examination) -> Examination:
    left = {one.what.code for one in after.findings}
    return replace(after, mended=tuple(one for one in before.findings if one.mend and one.what.code not in left))


def _place(home: Path | None) -> Path:
    return (home or keys.default_home()).expanduser().absolute()
