"""A model from elsewhere at the level of this place: what moves, what stays, and what is refused."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

from pipeline.errors import NotEnoughData
from pipeline.insight import fit
from pipeline.insight.scoring import score
from pipeline.modeling import calibration
from pipeline.modeling.bundle import bundle
from pipeline.modeling.levelling import Place, levelled
from pipeline.modeling.model import TrainedModel
from pipeline.presentation.locale.messages import say
from pipeline.presentation.sentences import fit_words
from pipeline.products.satisfaction import PRODUCT
from pipeline.records import ModelInfo
from pipeline.services import Session, open_workspace
from pipeline.services.data import datasets
from pipeline.services.data.placing import Into
from pipeline.services.models import fit as judging
from pipeline.services.models import levelling, models, starter
from tests.pipeline.ingestion.tables import ingested

BAD, GOOD = "Péssimo, esperei horas e ninguém resolveu", "Ótimo, fui muito bem atendida"
TEXTS = [f"{(BAD if n % 5 else GOOD)} no dia {n}" for n in range(300)]  # four in five are unhappy
STARS = ["1" if n % 5 or n % 7 == 0 else "5" for n in range(300)]


@pytest.fixture(scope="module")
def model() -> TrainedModel:
    found = starter.shipped(PRODUCT.key)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return ingested({"Classificação": STARS, "Texto": TEXTS}, PRODUCT).rows


def test_the_mean_becomes_what_came_and_the_order_stays(
    model: TrainedModel, rows: pd.DataFrame, tmp_path: Path
) -> None:
    before, outcome = score.score(rows, PRODUCT, model), rows["outcome"].to_numpy(dtype=float)
    moved = levelled(model, before.risk, outcome, Place("outra.csv"))
    after = score.score(rows, PRODUCT, moved)
    assert after.risk.mean() == pytest.approx(outcome.mean(), abs=1e-9)
    assert (np.argsort(after.risk, kind="stable") == np.argsort(before.risk, kind="stable")).all()
    np.testing.assert_allclose(after.points.sum(axis=1), after.risk - after.reference, atol=1e-12)
    assert moved.card.levelled_on == "outra.csv" and "Nível ajustado" in say(moved.card.notes[-1])
    bundle.save(moved, tmp_path / "m.zip")
    assert bundle.load(tmp_path / "m.zip", PRODUCT).card == moved.card


def test_too_few_outcomes_say_too_little_of_a_level(model: TrainedModel) -> None:
    with pytest.raises(NotEnoughData):
        levelled(model, np.full(199, 0.5), np.arange(199) % 2.0, Place("x"))
    with pytest.raises(NotEnoughData):
        levelled(model, np.full(400, 0.5), np.r_[np.ones(19), np.zeros(381)], Place("x"))


def test_a_slope_that_is_too_steep_is_set_with_the_level(model: TrainedModel, rows: pd.DataFrame) -> None:
    before = score.score(rows, PRODUCT, model)
    rng = np.random.default_rng(3)
    outcome = (rng.random(len(rows)) < expit(0.5 * logit(before.risk) - 0.4)).astype(float)
    moved = levelled(model, before.risk, outcome, Place("outra.csv", dt.date(2026, 5, 1)), slope=True)
    after = score.score(rows, PRODUCT, moved)
    assert after.risk.mean() == pytest.approx(outcome.mean(), abs=1e-9)
    assert moved.slope / model.slope == pytest.approx(calibration.fit(logit(before.risk), outcome).slope)
    np.testing.assert_allclose(after.points.sum(axis=1), after.risk - after.reference, atol=1e-12)
    assert moved.card.levelled_until == dt.date(2026, 5, 1) and "inclinação" in say(moved.card.notes[-1])


def test_words_that_a_reader_never_met_are_counted(model: TrainedModel, rows: pd.DataFrame) -> None:
    known = fit.words_known(rows, PRODUCT, model)
    strange = rows.assign(comment=pd.Series(["xqz wkt jjy"] * len(rows), index=rows.index).astype("category"))
    assert known is not None and known > 0.7 and fit.words_known(strange, PRODUCT, model) == 0.0
    assert fit.words_known(rows.assign(comment=None), PRODUCT, model) is None


def test_a_model_of_another_clinic_is_offered_the_level_of_this_one(workspace_home: Path) -> None:
    session = Session(open_workspace())
    table = "Classificação;Texto\n" + "\n".join(f"{s};{t}" for s, t in zip(STARS, TEXTS, strict=True))
    info = datasets.keep(session, PRODUCT.key, table.encode(), "daqui.csv")
    reader = starter.shipped(PRODUCT.key)
    assert reader is not None
    reader = replace(reader, card=replace(reader.card, data_name="longe.csv"))
    quiet = levelled(reader, np.linspace(0.4, 0.99, 300), np.r_[np.ones(30), np.zeros(270)], Place("longe.csv"))
    foreign = _kept(session, quiet)
    found = judging.judge(session, info.id, foreign.id)
    assert not found.knows and judging.can_level(found)
    said = fit_words.fit(found, PRODUCT)
    assert said is not None and "conhece" in said.text and "Prevê" in said.text
    made = levelling.set_level(session, info.id, foreign.id)
    again = judging.judge(session, info.id, made.id)
    assert again.knows and made.series == info.series and models.suited(session, PRODUCT.key, info) == made


def _kept(session: Session, model: TrainedModel) -> ModelInfo:
    data = "Classificação;Texto\n" + "\n".join(f"{n % 5 + 1};Outro lugar {n}" for n in range(40))
    other = datasets.keep(session, PRODUCT.key, data.encode(), "longe.csv", into=Into(name="Longe"))
    return models.add(session, _bytes(model), model.card, models.Source(other.id, other.name, other.series))


def _bytes(model: TrainedModel) -> bytes:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "m.zip"
        bundle.save(model, path)
        return path.read_bytes()
