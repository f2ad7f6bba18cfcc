"""What gives the answer away in a training, and the skill without it: one more fit, where something was found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pipeline.modeling.evaluation import metrics
from pipeline.modeling.evaluation.metrics import percentile_interval
from pipeline.modeling.training import giveaways
from pipeline.modeling.training.fit_task import Calibrated, FittedTask, Fold, Pieces, QuestionRun, margin_of
from pipeline.records import GiveawayTest, Interval


def test(run: QuestionRun, pieces: Pieces, fitted: FittedTask, apart: np.ndarray) -> GiveawayTest:
    """Sought in the last fold, measured on the tested rows that `apart` (bool) holds.

    Raises Cancelled when somebody asked to stop.
    """
    last = pieces.folds[-1]
    whole = metrics.auc(_risk(run, last, fitted.folds[-1]), run.data.outcome[last.judge])
    look = giveaways.Look.of(run.data, run.product, (last.learn, last.judge), run.seed)
    found = giveaways.find(look, whole)
    auc, reach = _measured(run, pieces.tested, _risk(run, pieces.tested, fitted.tested), apart)
    thin = giveaways.without(run.data, (factor for item in found for factor in item.factors)) if found else None
    if thin is None:
        return GiveawayTest(found, auc, reach)
    again = replace(run, data=thin, effort=replace(run.effort, seeds=1))
    return GiveawayTest(found, auc, reach, *_measured(run, pieces.tested, margin_of(again, last, pieces.tested), apart))


def _risk(run: QuestionRun, piece: Fold, made: Calibrated) -> np.ndarray:
    said = None if piece.judged is None else piece.judged[:, run.question.place]
    return made.risk(run.data.table.iloc[piece.judge], said)


def _measured(run: QuestionRun, piece: Fold, score: np.ndarray, apart: np.ndarray) -> tuple[Interval, Interval]:
    """(AUC, reach) of anything that orders the judged rows."""
    rows = piece.judge[apart]
    weights = metrics.resampled(run.data.patients[rows], run.seed, run.effort.resamples // 2)
    drawn = metrics.ranked(score[apart], run.data.outcome[rows], weights)
    return percentile_interval(drawn["auc"]), percentile_interval(drawn["recall_at_10pct"])
