"""What the workspace remembers of how it is used: the product looked at last."""

from __future__ import annotations

from pipeline.services.session import Permission, Session, needs


@needs(Permission.OPEN)
def get(session: Session, key: str) -> str | None:
    """What is remembered under a key; None where nothing is."""
    return session.workspace.setting(key, None)


@needs(Permission.OPEN)
def keep(session: Session, key: str, value: str) -> None:
    """Remembers a value for the next visit."""
    session.workspace.set_setting(key, value)
