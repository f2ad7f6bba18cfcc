"""A person's review of a risk (LGPD, art. 20): asked for, decided, written down."""

from __future__ import annotations

import math
from dataclasses import replace

from pipeline.contract import Role
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import visible
from pipeline.records.contacts import Caller
from pipeline.records.privacy import ReviewDecision, RiskReview
from pipeline.services import catalog
from pipeline.services.data import event_keys
from pipeline.services.data.own_units import OwnRows
from pipeline.services.pages import contacts
from pipeline.services.pages.agenda import Agenda
from pipeline.services.session import Permission, Session, needs


@needs(Permission.CALL_PATIENTS)
def ask(session: Session, scored: Agenda, row: int, why: str, caller: Caller) -> RiskReview:
    """Writes down that somebody asked for a review of the risk of a line (its spreadsheet row) of an agenda.
    PresencaError without a reason.
    """
    info = session.workspace.dataset(scored.dataset_id)
    OwnRows(session).refuse_rows(info.id, [row])
    said = contacts.cleaned(why, contacts.LONGEST_REASON)
    if not said:
        raise PresencaError("review.without_reason")
    key = event_keys.named(session, info.id, [row])[row]
    asked = RiskReview(
        id="",
        key=key,
        patient=_patient(session, scored, row),
        asked_at=session.now().replace(microsecond=0),
        asked_by=visible(caller.who)[: contacts.LONGEST_NAME],
        why=said,
        risk=_risk(session, scored, row),
    )
    made = session.workspace.add_review(info.series, asked)
    session.audit("review_asked", review=made.id, series=info.series)
    return made


def _patient(session: Session, scored: Agenda, row: int) -> str:
    field = catalog.product(session.workspace.dataset(scored.dataset_id).product).by_role(Role.PATIENT)
    if field is None:
        return ""
    rows = session.workspace.rows(scored.dataset_id, ["row", field.key])
    found = rows.loc[rows["row"] == row, field.key].dropna()
    return str(found.iloc[0]) if len(found) else ""


def _risk(session: Session, scored: Agenda, row: int) -> float | None:
    key = scored.dataset_id, scored.model_id, scored.as_of
    mapped = session.workspace.scored_lines(*key)
    if mapped is not None:
        frame = mapped.some(mapped.of_rows([row]), ["row", "risk"])
    else:
        kept = session.workspace.scored(*key)
        if kept is None:
            return None
        frame = kept[0]
    found = frame.loc[frame["row"] == row, "risk"]
    return float(found.iloc[0]) if len(found) and math.isfinite(found.iloc[0]) else None


@needs(Permission.READ_LISTS)
def of(session: Session, series_id: str) -> tuple[RiskReview, ...]:
    """The reviews of a series, those still open first, then the latest first."""
    held = OwnRows(session).noted(series_id, session.workspace.reviews(series_id))
    return tuple(sorted(held, key=lambda one: (one.decision is not None, -one.asked_at.timestamp())))


@needs(Permission.CALL_PATIENTS)
def decide(
    session: Session, series_id: str, review_id: str, risk: float | None, reason: str, caller: Caller
) -> RiskReview:
    """Writes down what a person decided: None keeps the model's risk, a fraction takes its place from now on.
    PresencaError without a reason, for what is no risk, or where it was decided before.
    """
    said = contacts.cleaned(reason, contacts.LONGEST_REASON)
    if not said:
        raise PresencaError("review.without_reason")
    found = next((one for one in session.workspace.reviews(series_id) if one.id == review_id), None)
    if found is None or found.decision is not None:
        raise PresencaError("review.decided")
    OwnRows(session).refuse_events(series_id, [found.key])
    made = replace(
        found,
        decided_at=session.now().replace(microsecond=0),
        decided_by=visible(caller.who)[: contacts.LONGEST_NAME],
        decision=ReviewDecision.KEPT if risk is None else ReviewDecision.CHANGED,
        risk_after=risk,
        reason=said,
    )
    if risk is not None:
        contacts.override(session, series_id, made.key, risk, said, caller)
    session.workspace.decide_review(made)
    session.audit("review_decided", review=review_id, series=series_id, decision=str(made.decision))
    return made
