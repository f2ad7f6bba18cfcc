"""What a confirmation makes of a risk: what trials say of a call, until enough who confirmed here have an outcome."""

from __future__ import annotations

from pipeline.action.contacts import standing
from pipeline.records.contacts import ConfirmedRatio, ContactOutcome
from pipeline.services.pages import effects
from pipeline.services.pages.keeping import Kept, files_of
from pipeline.services.session import Permission, Session, needs

__all__ = ["ratio"]


@needs(Permission.READ_AGGREGATES)
def ratio(session: Session, series_id: str) -> ConfirmedRatio:
    """By what the risk of whoever confirmed is multiplied in a series; worked out once for its files and what was told
    until yesterday.
    """
    today = session.today()
    before = [one for one in session.workspace.contacts(series_id) if one.at.date() < today]
    if not any(one.outcome is ContactOutcome.CONFIRMED for one in before):
        return standing.TRIALS_RATIO
    kept = Kept(session, "confirmed_ratio", series_id, ConfirmedRatio)
    state = [*files_of(session, series_id), [len(before)]]
    return kept.worked_out("ratio", state, lambda: _ratio(session, series_id)) or standing.TRIALS_RATIO


def _ratio(session: Session, series_id: str) -> ConfirmedRatio:
    """Of appointments of the series' lists whose patient confirmed on a day before theirs."""
    told = standing.latest(session.workspace.contacts(series_id))
    own = [
        (entry.risk, came)
        for entry, came in effects.judged(session, series_id)
        if (one := told.get(entry.key)) is not None
        and one.outcome is ContactOutcome.CONFIRMED
        and one.at.date() < entry.day
    ]
    return standing.confirmed_ratio([risk for risk, _ in own], [came for _, came in own])
