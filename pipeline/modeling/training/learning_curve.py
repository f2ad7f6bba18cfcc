"""Whether more rows would help: the last fold's recipe on an eighth, a quarter, half and all of its rows.

The parts are drawn as a part of a large file is (see modeling.drawing), and judged on the fold's later block: the
tested period is looked at once, and not for this. One seed; each booster stops early on the block, that of all rows as
the training left it, so that all stand alike.
"""

from __future__ import annotations

from collections.abc import Iterator

import lightgbm as lgb
import numpy as np

from pipeline.contract import LEAST_LABELLED, LEAST_OF_A_CLASS
from pipeline.modeling import drawing
from pipeline.modeling.evaluation import metrics
from pipeline.modeling.evaluation.metrics import percentile_interval
from pipeline.modeling.features.prediction_time import to_date
from pipeline.modeling.training import boosting
from pipeline.modeling.training.fit_task import FittedTask, Fold, QuestionRun, stopped_early
from pipeline.modeling.training_set import Labelled
from pipeline.records import LearningCurve, LearningPoint, note

PARTS = (8, 4, 2)  # one row of so many
_RESAMPLES = 100
_LEAST_JUDGED, _LEAST_OF_EACH = 200, 20  # rows, and rows of an outcome


def measured(run: QuestionRun, last: Fold, fitted: FittedTask) -> LearningCurve | None:
    """The curve of the last fold; None where its eighth is too little to learn from, where days tell nothing, or where
    comments are read: a reader a part would take as long as the training.

    Raises Cancelled when somebody asked to stop.
    """
    data = run.data
    judged, ahead = _judged(data, last.judge)
    if fitted.last is None or not data.timed or data.comments is not None or not _enough(data, last.learn, judged):
        return None
    risks = [_margin(data, booster, judged) for booster in _of_parts(run, last)]
    risks.append(_margin(data, fitted.last, judged))
    weights = metrics.resampled(data.patients[judged], run.seed, _RESAMPLES)
    drawn = [metrics.ranked(risk, data.outcome[judged], weights)["auc"] for risk in risks]
    sizes = [*(len(last.learn) // share for share in PARTS), len(last.learn)]
    return LearningCurve(
        period=(to_date(int(data.day[judged].min())), to_date(int(data.day[judged].max()))),
        rows=len(judged),
        events=int(data.outcome[judged].sum()),
        ahead=ahead,
        points=tuple(LearningPoint(n, percentile_interval(auc)) for n, auc in zip(sizes, drawn, strict=True)),
        gain=percentile_interval(drawn[-1] - drawn[-2]),
    )


def _judged(data: Labelled, rows: np.ndarray) -> tuple[np.ndarray, bool]:
    """The rows (positions) that tell a model from another, and whether those booked on the day were left out."""
    if data.ahead is None:
        return rows, False
    ahead = rows[data.ahead[rows]]
    return (ahead, True) if _measurable(data.outcome[ahead]) and len(ahead) < len(rows) else (rows, False)


def _measurable(outcome: np.ndarray) -> bool:
    return len(outcome) >= _LEAST_JUDGED and min(outcome.sum(), len(outcome) - outcome.sum()) >= _LEAST_OF_EACH


def _enough(data: Labelled, learn: np.ndarray, judged: np.ndarray) -> bool:
    outcome = data.outcome[learn]
    rarer = min(outcome.sum(), len(learn) - outcome.sum())
    least = PARTS[0] * LEAST_LABELLED, PARTS[0] * LEAST_OF_A_CLASS
    return len(learn) >= least[0] and rarer >= least[1] and _measurable(data.outcome[judged])


def _of_parts(run: QuestionRun, last: Fold) -> Iterator[lgb.Booster]:
    """A booster of each part of the rows learnt from; how far they are is told by the rows."""
    data, rows = run.data, run.data.rows["row"].to_numpy()[last.learn]
    shares = np.cumsum([0.0, *(1 / part for part in PARTS)]) / sum(1 / part for part in PARTS)
    for part, begin, end in zip(PARTS, shares, shares[1:], strict=False):
        size = len(last.learn) // part
        stage = note("training.learning_curve", rows=size)
        run.teller.say(begin, stage)
        chosen = drawing.part(data.day[last.learn], data.outcome[last.learn], rows, size)
        heard = run.teller.listener((begin, end), stage, run.effort.rounds)
        yield stopped_early(run, Fold(last.learn[chosen], last.judge), heard)[0]


def _margin(data: Labelled, booster: lgb.Booster, judged: np.ndarray) -> np.ndarray:
    return boosting.margin((booster,), data.table.iloc[judged])
