"""Following what was sent: where it stands, and what was wrong with it. To its sender, and to whoever may read data."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.errors import WorkspaceError
from pipeline.records import ValidationReport, load_kept
from pipeline.records.integration import Arrival, RejectedRow
from pipeline.services.session import Permission, Session, needs


@dataclass(frozen=True)
class Followed:
    """An arrival; once it was read, what its check found, and the records that were left out (the first 1,000)."""

    arrival: Arrival
    report: ValidationReport | None
    rejected: tuple[RejectedRow, ...]


@needs(Permission.OPEN, whole=True)
def arrival(session: Session, arrival_id: str) -> Followed:
    """WorkspaceError where there is none with this id, or it is another sender's and the session may not read data."""
    found = session.workspace.arrival(arrival_id)
    sent = session.key is not None and session.key.id == found.sender
    if not (sent or session.may(Permission.READ_DATA)):
        raise WorkspaceError("arrivals.gone")
    kept = session.workspace.arrival_report(arrival_id)
    report = load_kept(ValidationReport, kept) if kept else None
    return Followed(found, report, session.workspace.rejected_rows(arrival_id))


@needs(Permission.READ_DATA)
def listed(session: Session, limit: int = 100) -> tuple[Arrival, ...]:
    """The last arrivals, the newest first."""
    return tuple(reversed(session.workspace.arrivals(limit=limit)))
