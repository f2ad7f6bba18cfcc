"""Ending erasures that patients asked for: at once, and again after a crash, a full disk or a training in between."""

from __future__ import annotations

from pipeline.errors import PresencaError
from pipeline.records.privacy import Erasure
from pipeline.services.session import Permission, Session, needs


@needs(Permission.DELETE_DATA)
def end(session: Session, erasure: str) -> Erasure:
    """Erases what was written down under this id, and puts that on record."""
    done = session.workspace.end_erasure(erasure)
    rows = sum(count for _, count in done.facts.rows)
    session.audit("patient_erased", erasure=erasure, rows=rows, models=len(done.facts.models))
    session.workspace.database.settle()
    return done


@needs(Permission.MAINTAIN)
def resume(session: Session) -> tuple[Erasure, ...]:
    """Ends the erasures that were cut short; gives those that could be ended now. Safe to call at any time."""
    ended = []
    for one in session.workspace.erasures(open_only=True):
        try:
            ended.append(end(session, one.id))
        except PresencaError:
            session.audit("patient_erasure_waits", erasure=one.id)
    return tuple(ended)
