"""Scoring what was sent for it, as a whole and by the code of what is scored at once; its risks rest until they are
asked for, and nothing of its rows joins any data set.

A process that was killed at any moment is followed by one that does the whole again: each piece is written in the place
of the earlier try's, and the end is noted after the last.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from itertools import islice

from pipeline.errors import PresencaError, WorkspaceError
from pipeline.ingestion import record_table
from pipeline.records import Note, Progress, note
from pipeline.records.integration import Arrival
from pipeline.records.scores import ScoresPiece, dump_piece
from pipeline.services import catalog
from pipeline.services.arrivals import opening
from pipeline.services.models import row_scores, scoring
from pipeline.services.models.row_scores import ScoredRows
from pipeline.services.models.scoring import Asked
from pipeline.services.session import Permission, Session, needs
from pipeline.workspace.repositories.arrivals import Ended

PIECE = 1_000  # rows that are sealed together
_FOR_GOOD = ("model.gone", opening.DAMAGED)  # refusals of the workspace that no later try would mend
_READ, _SCORED = 0.4, 0.7  # shares of the work that are done by then
Tell = Callable[[Progress], None]


@needs(Permission.SCORE_RECORDS)
def score_arrival(session: Session, arrival: Arrival, progress: Tell) -> None:
    """Scores an arrival and notes what became of it. WorkspaceError where nothing can be saved now: it is still to be
    scored then.
    """
    try:
        ended = _scored(session, arrival, progress)
    except PresencaError as error:
        if isinstance(error, WorkspaceError) and error.note.code not in _FOR_GOOD:
            raise
        ended = Ended(arrival.id, rows=arrival.rows, note=error.note)
    except Exception as error:  # noqa: BLE001 - the last wall: what comes after it must be read
        logging.getLogger("presenca").error("scoring an arrival: %s", type(error).__name__)
        ended = Ended(arrival.id, rows=arrival.rows, note=note("arrivals.score_fault"))
    session.workspace.end_arrivals([ended])
    _tell_audit(session, arrival, ended.rows, ended.note)


def _tell_audit(session: Session, arrival: Arrival, rows: int, why: Note | None) -> None:
    if why is None:
        session.audit("arrival_scored", arrival=arrival.id, rows=rows)
    else:
        session.audit("arrival_refused", arrival=arrival.id, why=why.code.replace(".", "_"))


def _scored(session: Session, arrival: Arrival, progress: Tell) -> Ended:
    assert arrival.scoring is not None, "the queue told them apart"
    info = scoring.chosen(session, arrival.scoring.model)

    def read(done: Progress) -> None:
        if done.share < 1.0:
            progress(Progress(done.share * _READ, note("arrivals.reading"), done.rows))
        else:  # the longest part begins: it is told, whenever something was told last
            session.workspace.progress_arrivals([arrival.id], Progress(_READ, note("arrivals.scoring"), done.rows))

    found = scoring.scored_rows(
        session,
        info,
        opening.raw_of(session.workspace, catalog.product(info.product), arrival),
        Asked(arrival.scoring.history, arrival.scoring.as_of),
        most=record_table.MOST,
        progress=read,
    )
    _write(session, arrival.id, found, progress)
    report = found.dataset.report
    left_out = opening.rejected(found.dataset, found.declared)
    return Ended(arrival.id, rows=report.rows_read, left_out=report.rows_left_out, rejected=left_out)


def _write(session: Session, arrival_id: str, found: ScoredRows, progress: Tell) -> None:
    """The rows' risks, a piece after the other: of a large body no more than one is there as records."""
    rows, total = row_scores.each(found), max(1, found.dataset.raw.table.num_rows)
    for number, first in enumerate(range(0, total, PIECE)):
        progress(Progress(_SCORED + (1 - _SCORED) * first / total, note("arrivals.scoring"), first))
        piece = ScoresPiece(found.scored.as_of, float(found.scored.reference), tuple(islice(rows, PIECE)))
        session.workspace.put_score_piece(arrival_id, number, dump_piece(piece))
