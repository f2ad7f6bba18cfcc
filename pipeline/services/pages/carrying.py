"""Does a model carry over to a data set that it did not learn from? Asked by every page that shows its risks."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.insight import evaluation
from pipeline.records import FAILS, CarryOver, SkillReport
from pipeline.services.data import series
from pipeline.services.models import models
from pipeline.services.pages import risk
from pipeline.services.session import Permission, Session, needs


@dataclass(frozen=True)
class Standing:
    """The honest test on rows that a model did not learn from, and what follows from it.

    `dataset_id`: whose rows; `withheld`: no list is made of its risks; `slope`: whether the slope is to be set with
    the level; `order`: whether setting either can help, as the order holds.
    """

    dataset_id: str
    report: SkillReport
    carries: CarryOver
    withheld: bool
    slope: bool
    order: bool


@needs(Permission.OPEN)
def standing(session: Session, dataset_id: str, model_id: str, *, else_series: bool = False) -> Standing | None:
    """How the model stands in a data set or, `else_series`, where that has no outcomes of its own, in the series'
    latest file that has: what a list to come is judged by.

    None where nothing tells: it learnt from all of them, or too few outcomes are known.
    """
    for candidate in _candidates(session, dataset_id, else_series):
        found = risk.past_skill(session, candidate, model_id)
        if found is not None:
            return _standing(session, candidate, model_id, found)
    return None


def _candidates(session: Session, dataset_id: str, else_series: bool) -> list[str]:
    """The data set itself, then the latest other of its series: with outcomes, both."""
    own = session.workspace.dataset(dataset_id)
    others = series.others(session, dataset_id) if else_series else ()
    others = tuple(sorted(others, key=lambda d: str(d.last_date or ""), reverse=True))
    told = [info for info in others if info.purpose != "future"][:1]
    return [info.id for info in (own, *told) if info.purpose != "future"]


def _standing(session: Session, dataset_id: str, model_id: str, found: SkillReport) -> Standing:
    carries = evaluation.carries_over(found, models.card(session, model_id))
    info, kept = session.workspace.dataset(dataset_id), session.workspace.model(model_id)
    own = bool(info.series) and info.series == kept.series
    return Standing(
        dataset_id,
        found,
        carries,
        withheld=evaluation.withheld(found, carries, own=own),
        slope=carries.slope == FAILS,
        order=carries.order != FAILS,
    )
