"""The honest test that a card carries: the period that was only tested, from the risks that had not seen it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.contract import Product
from pipeline.modeling.evaluation import splits
from pipeline.modeling.evaluation.report import Context, report
from pipeline.modeling.evaluation.skill import Judged
from pipeline.modeling.features.prediction_time import day_number
from pipeline.modeling.model import OutOfFoldPredictions
from pipeline.modeling.training_set import Labelled
from pipeline.records import Evaluation, SkillReport


def tested_skill(
    data: Labelled, product: Product, test: Evaluation, past: OutOfFoldPredictions, seed: int
) -> SkillReport | None:
    """The test of the rows of the tested period, or of all drawn ones where there is no time; None without both
    outcomes. References stand in `test`.
    """
    risk = pd.Series(past.risk, index=past.row).reindex(data.rows["row"].to_numpy()).to_numpy()
    inside = ~np.isnan(risk) & _tested(data, test)
    judged = Judged(risk[inside], data.outcome[inside], data.patients[inside], data.weights(inside))
    if not judged.measurable:
        return None
    return report(
        judged,
        Context(
            period=test.period,
            ahead=None if data.ahead is None else data.ahead[inside],
            columns=splits.columns(data.rows.loc[inside], product, data.day[inside]),
        ),
        seed=seed,
        resamples=splits.GROUP_RESAMPLES,
    )


def _tested(data: Labelled, test: Evaluation) -> np.ndarray:
    """Rows of the tested period whose text or patient did not teach before it, where texts do."""
    if test.period is None:
        return np.ones(len(data.outcome), dtype=bool)
    first, last = (day_number(day) for day in test.period)
    inside = (data.day >= first) & (data.day <= last)
    if data.groups is None:
        return inside
    apart = inside & ~np.isin(data.groups, data.groups[data.day < first])
    return apart if len(np.unique(data.outcome[apart])) == len(np.unique(data.outcome)) else inside
