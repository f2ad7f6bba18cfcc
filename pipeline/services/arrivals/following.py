"""Following what was sent: where it stands, and what was wrong with it. To its sender, and to whoever may read data."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from pipeline.errors import PresencaError, WorkspaceError
from pipeline.records import ValidationReport, load_kept
from pipeline.records.integration import Arrival, ArrivalState, RejectedRow
from pipeline.records.scores import ScoresPiece, load_piece
from pipeline.services.arrivals.score_jobs import PIECE
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
    found = _own(session, arrival_id)
    kept = session.workspace.arrival_report(arrival_id)
    report = load_kept(ValidationReport, kept) if kept else None
    return Followed(found, report, session.workspace.rejected_rows(arrival_id))


def _own(session: Session, arrival_id: str) -> Arrival:
    found = session.workspace.arrival(arrival_id)
    sent = session.key is not None and session.key.id == found.sender
    if not (sent or session.may(Permission.READ_DATA)):
        raise WorkspaceError("arrivals.gone")
    return found


@needs(Permission.OPEN, whole=True)
def scored(session: Session, arrival_id: str) -> Arrival:
    """An arrival whose rows were scored, to whom `arrival` gives it. WorkspaceError as there, and where it was not to
    be scored; PresencaError "scores.not_ready" before its end, and why, where it was refused.
    """
    found = _own(session, arrival_id)
    if found.scoring is None:
        raise WorkspaceError("arrivals.gone")
    if found.note is not None:
        raise PresencaError(found.note.code, **found.note.params)
    if found.state is not ArrivalState.DONE:
        raise PresencaError("scores.not_ready")
    return found


@needs(Permission.OPEN, whole=True)
def scores(session: Session, arrival_id: str, first: int, count: int) -> ScoresPiece:
    """The risks of `count` rows of an arrival that was scored, in the order in which they were sent, after the `first`
    ones. Refused as by `scored`; WorkspaceError "scores.gone" where they are not kept any more.
    """
    scored(session, arrival_id)
    numbers = range(first // PIECE, max(first, first + count - 1) // PIECE + 1)
    pieces = [_piece(session, arrival_id, number) for number in numbers]
    rows = tuple(islice((row for piece in pieces for row in piece.rows), first % PIECE, first % PIECE + count))
    return ScoresPiece(pieces[0].as_of, pieces[0].reference, rows)


def _piece(session: Session, arrival_id: str, number: int) -> ScoresPiece:
    content = session.workspace.score_piece(arrival_id, number)
    if content is None:
        raise WorkspaceError("scores.gone")
    return load_piece(content)


@needs(Permission.READ_DATA)
def listed(session: Session, limit: int = 100) -> tuple[Arrival, ...]:
    """The last arrivals, the newest first."""
    return tuple(reversed(session.workspace.arrivals(limit=limit)))
