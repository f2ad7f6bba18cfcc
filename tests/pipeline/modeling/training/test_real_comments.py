"""Skill on real comments: later days, with context, beside TF-IDF with logistic regression on the same rows."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pipeline.ingestion.intake import ingest
from pipeline.ingestion.reading.reader import read
from pipeline.modeling.evaluation.baselines import TF_IDF
from pipeline.modeling.training.train import TrainingRun, train
from pipeline.products.satisfaction import PRODUCT


@pytest.mark.real
@pytest.mark.slow
def test_beats_tf_idf_on_later_days(real_dir: Path) -> None:
    rows = ingest(read(real_dir / "b2w_avaliacoes_10k.csv.gz"), PRODUCT, today=dt.date(2026, 11, 23)).rows
    model, past = train(rows, PRODUCT, TrainingRun("fast", 0, "b2w", "0" * 64))
    test = model.card.test
    assert test.period == (dt.date(2018, 1, 7), dt.date(2018, 1, 8)) and test.rows > 1_500 and test.stars is not None
    gain = next(d for d in test.differences if d.reference == TF_IDF)
    assert gain.auc.low > 0 and gain.brier.high < 0
    stars = test.stars.differences[0]
    assert stars.auc_poles.low > 0 and stars.log_loss.high < 0 and stars.kappa.value > 0 and stars.accuracy.value > 0
    assert test.model.ece.value < 0.03  # a risk of 30 % is seen in 30 %
    assert past.stars is not None and abs(past.stars[:, :2].sum(axis=1) - past.risk).max() < 1e-12
    weighs = {word.word: word.kind for word in model.card.words}
    assert weighs.get("excelente") == "lowers" and "raises" in weighs.values() and "topic" in weighs.values()
