"""The test of a list that is made once and used for a week: what became known after its day stays unknown to it.

Trainings and the test of single days let history roll up to the day before. Lists are made for days to come, and then
history stands still: the same model ranks a little worse and reads a gap where there was none yet.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.contract import Product
from pipeline.modeling import file_rows
from pipeline.modeling.evaluation import metrics
from pipeline.modeling.evaluation.metrics import JudgedRows, Predicted
from pipeline.modeling.features.prediction_time import to_date
from pipeline.modeling.file_rows import Counting, FileRows, Making, Rows
from pipeline.modeling.training.fit_task import Calibrated
from pipeline.modeling.training_set import Labelled
from pipeline.records import Evaluation

DAILY = "daily_lists"  # key of the reference: the same model with a list made the day before each event
WEEK = 7  # days that the list is for
_LEAST_OF_EACH = 10  # rows of each outcome from which it is measured


def frozen_test(
    data: Labelled, rows: Rows, product: Product, test: np.ndarray, model: Calibrated, seed: int, resamples: int
) -> Evaluation | None:
    """The test's first week by one list made on its first day, beside lists made day by day; `rows` are the file's.

    None where a list's day makes no difference, or with fewer than ten rows of an outcome.
    """
    if data.replayed is None or data.comments is not None:
        return None
    first = int(data.day[test].min())
    week = test[data.day[test] < first + WEEK]
    events = int(data.outcome[week].sum())
    if min(events, len(week) - events) < _LEAST_OF_EACH:
        return None
    frozen = _seen(data, file_rows.of(rows, product), product, data.places[week], first)
    return metrics.evaluate(
        Predicted(model.risk(frozen)),
        {DAILY: Predicted(model.risk(data.table.iloc[week]))},
        JudgedRows(
            data.outcome[week],
            data.patients[week],
            (to_date(first), to_date(int(data.day[week].max()))),
            weight=data.weights(week),
        ),
        seed=seed,
        resamples=resamples,
    )


def _seen(data: Labelled, rows: FileRows, product: Product, places: np.ndarray, day: int) -> pd.DataFrame:
    """The model columns of the rows at `places` of the file, as a list saw them that was made on `day`."""
    around = rows.counted(Counting(product, day=day))
    chosen = np.zeros(len(rows), dtype=bool)
    chosen[places] = True
    seen = file_rows.gathered(rows.parts(Making(product, around, day), chosen), chosen)
    return seen[list(data.table.columns)]
