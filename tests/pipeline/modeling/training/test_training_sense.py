"""Training with an encoder: the sense is a factor of its own, the card says so, the bundle answers without it too."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.insight.scoring import score
from pipeline.modeling.bundle import bundle
from pipeline.modeling.model import OutOfFoldPredictions, TrainedModel
from pipeline.modeling.training import boosting, train
from pipeline.presentation.locale.messages import say
from pipeline.products.satisfaction import PRODUCT
from pipeline.records import Progress
from tests.pipeline.modeling.text.encoders import MadeUp
from tests.pipeline.modeling.training.test_training_comments import sample_rows
from tests.toy.house import TINY

RUN = train.TrainingRun("standard", 3, "x.csv", "0" * 64)


@pytest.fixture(scope="module")
def whole() -> tuple[pd.DataFrame, TrainedModel, OutOfFoldPredictions, list[Progress]]:
    rows, heard = sample_rows(1_200), []
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(boosting.EFFORTS, "standard", replace(TINY, reads_sense=True))
        return rows, *train.train(rows, PRODUCT, RUN, encoder=MadeUp(), progress=heard.append), heard


def test_words_sense_and_circumstances_sum_to_the_risk(whole: tuple) -> None:
    rows, model, past, _ = whole
    assert "comment_sense" in past.points and past.points["comment_sense"].abs().max() > 0.01
    assert abs(past.points.sum(axis=1) - (past.risk - past.reference)).max() < 1e-6
    for encoder in (MadeUp(), None):
        found = score.score(rows, PRODUCT, model, encoder=encoder)
        np.testing.assert_allclose(found.points.sum(axis=1), found.risk - found.reference, atol=1e-12)
        np.testing.assert_allclose(found.stars.sum(axis=1), 1)
        assert bool(found.points["comment_sense"].any()) is (encoder is not None)


def test_the_card_says_that_the_sense_is_read_and_what_words_alone_would_do(whole: tuple) -> None:
    card, heard = whole[1].card, whole[3]
    assert any("sentido de cada comentário" in say(note) for note in card.notes)
    assert "words_alone" in [r.key for r in card.test.references]
    assert any("Lendo o sentido" in say(one.stage) for one in heard)
    assert [one.share for one in heard] == sorted(one.share for one in heard)


def test_the_bundle_keeps_the_sense_and_needs_no_encoder_to_be_opened(whole: tuple, tmp_path: Path) -> None:
    rows, model, _, _ = whole
    bundle.save(model, tmp_path / "m.zip")
    again = bundle.load(tmp_path / "m.zip", PRODUCT)
    for encoder in (MadeUp(), MadeUp("another/1"), None):
        before, after = (score.score(rows, PRODUCT, m, encoder=encoder).risk for m in (model, again))
        np.testing.assert_allclose(after, before, atol=1e-9)


@pytest.mark.slow
def test_in_haste_no_sense_is_read() -> None:
    encoder = MadeUp()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(boosting.EFFORTS, "fast", boosting.Effort(1, 20, 0.2, 30, reads_sense=False))
        model, _ = train.train(
            sample_rows(700), PRODUCT, train.TrainingRun("fast", 3, "x.csv", "0" * 64), encoder=encoder
        )
    assert not encoder.read and model.reader is not None and model.reader.sense is None
