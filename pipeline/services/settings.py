"""What the workspace remembers of how it is used, of each person by themselves: the product looked at last."""

from __future__ import annotations

from pipeline.services.session import Permission, Session, needs


@needs(Permission.OPEN)
def get(session: Session, key: str) -> str | None:
    """What is remembered under a key; None where nothing is."""
    return session.workspace.setting(_own(session, key), None)


@needs(Permission.OPEN)
def keep(session: Session, key: str, value: str) -> None:
    """Remembers a value for the next visit."""
    session.workspace.set_setting(_own(session, key), value)


def _own(session: Session, key: str) -> str:
    """The name of a setting: what one person chose is not what the next one finds, and no other setting is reached."""
    return f"choice:{key}:{session.user.id}" if session.user is not None else key
