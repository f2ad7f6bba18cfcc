"""The use cases of a workspace as a whole: a sealed copy of it, taking one back, examining it, mending it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline.errors import WorkspaceError
from pipeline.privacy import fingerprint
from pipeline.records import BackupMade, Restored
from pipeline.services.session import Permission, Session, needs
from pipeline.workspace.maintenance import backup as backups
from pipeline.workspace.maintenance import restore as restoring
from pipeline.workspace.maintenance.sealed_stream import Secret
from pipeline.workspace.secrets import keys


@needs(Permission.MAINTAIN)
def backup(session: Session, out: Path, phrase: str = "") -> BackupMade:
    """Writes a sealed copy of the workspace, which opens with its key, or with `phrase`.

    WorkspaceError for a phrase that could be guessed, or a place within the workspace.
    """
    made = backups.write(session.workspace, out, _by_phrase(phrase) if phrase else Secret(session.workspace.key))
    session.audit("backup_made", datasets=made.datasets, models=made.models, files=made.files, size=made.size)
    return made


def restore(source: Path, home: Path | None = None, ask_phrase: Callable[[], str] = str) -> Restored:
    """Takes a workspace back from a copy into an empty folder; `ask_phrase` where the copy opens with one.

    WorkspaceError, and nothing is written, for another key, a file that was cut or altered, or a newer version.
    """
    place = (home or keys.default_home()).expanduser().absolute()
    key = keys.load_key(place, may_create=False)

    def secret(phrased: bool) -> Secret:
        return Secret(phrase=ask_phrase()) if phrased else Secret(key)

    return restoring.restore(source, place, secret, fingerprint(key))


def _by_phrase(phrase: str) -> Secret:
    if len(phrase) < keys.SHORTEST_PHRASE or keys.is_weak_phrase(phrase):
        raise WorkspaceError("backup.phrase_short", shortest=keys.SHORTEST_PHRASE)
    return Secret(phrase=phrase)
