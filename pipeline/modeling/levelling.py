"""A model brought to the level of another place: its order stays, its mean risk becomes the rate that came there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.special import logit

from pipeline.errors import NotEnoughData
from pipeline.modeling import explanation
from pipeline.modeling.calibration import Calibration
from pipeline.modeling.model import TrainedModel
from pipeline.records import note

LEAST_ROWS, LEAST_OF_EACH = 200, 20  # with an outcome, and of each outcome: fewer say too little of the level
_EDGE = 1e-9  # a risk is never quite 0 or 1


def levelled(model: TrainedModel, risk: np.ndarray, outcome: np.ndarray, data_name: str) -> TrainedModel:
    """The model with the intercept at which its mean risk over these rows is their rate; slope and order stay.

    `risk`: what it says of rows that it did not learn from (n); `outcome`: what came (0/1, n); `data_name` is said in
    the card. Raises NotEnoughData under 200 rows or 20 of an outcome.
    """
    events = int(outcome.sum())
    if len(outcome) < LEAST_ROWS or min(events, len(outcome) - events) < LEAST_OF_EACH:
        raise NotEnoughData(
            "level.few_rows", rows=len(outcome), events=events, least_rows=LEAST_ROWS, least_of_each=LEAST_OF_EACH
        )
    z = logit(np.clip(risk, _EDGE, 1 - _EDGE))
    shift = Calibration(1.0, 0.0).at_level(z, float(outcome.mean())).intercept
    said = note(
        "card.level_set",
        name=data_name,
        rows=len(outcome),
        before=float(risk.mean()),
        observed=float(outcome.mean()),
    )
    card = replace(model.card, notes=(*model.card.notes, said), levelled_on=data_name)
    moved = replace(model, intercept=model.intercept + shift, card=card)
    return moved.with_self_test(explanation.self_test_risks(moved))
