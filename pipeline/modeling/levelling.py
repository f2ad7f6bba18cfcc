"""A model brought to the level of another place: its order stays, its mean risk becomes the rate that came there.

Where its risks lie too far apart or too close there, its slope is set too: logistic recalibration (Cox 1958, Biometrika
45: 562).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import logit

from pipeline.errors import NotEnoughData
from pipeline.modeling import explanation
from pipeline.modeling.calibration import Calibration, fit
from pipeline.modeling.model import TrainedModel
from pipeline.records import note

LEAST_ROWS, LEAST_OF_EACH = 200, 20  # with an outcome, and of each outcome: fewer say too little of the level
_EDGE = 1e-9  # a risk is never quite 0 or 1


@dataclass(frozen=True)
class Place:
    """The data that set a level: the name that the card says, and their last day where they have one."""

    name: str
    until: dt.date | None = None


def levelled(
    model: TrainedModel, risk: np.ndarray, outcome: np.ndarray, place: Place, *, slope: bool = False
) -> TrainedModel:
    """The model with the intercept at which its mean risk over these rows is their rate; its order stays.

    `risk`: what it says of rows that it did not learn from (n); `outcome`: what came (0/1, n); `slope`: whether the
    slope is set as well, to the one of greatest likelihood. Raises NotEnoughData under 200 rows or 20 of an outcome.
    """
    events = int(outcome.sum())
    if len(outcome) < LEAST_ROWS or min(events, len(outcome) - events) < LEAST_OF_EACH:
        raise NotEnoughData(
            "level.few_rows", rows=len(outcome), events=events, least_rows=LEAST_ROWS, least_of_each=LEAST_OF_EACH
        )
    z = logit(np.clip(risk, _EDGE, 1 - _EDGE))
    steeper = fit(z, outcome).slope if slope else 1.0
    line = Calibration(steeper, 0.0).at_level(z, float(outcome.mean()))
    said = note(
        "card.level_and_slope_set" if slope else "card.level_set",
        name=place.name,
        rows=len(outcome),
        before=float(risk.mean()),
        observed=float(outcome.mean()),
        **({"slope": steeper} if slope else {}),
    )
    card = replace(model.card, notes=(*model.card.notes, said), levelled_on=place.name, levelled_until=place.until)
    moved = replace(model, slope=steeper * model.slope, intercept=line.intercept + steeper * model.intercept, card=card)
    return moved.with_self_test(explanation.self_test_risks(moved))
