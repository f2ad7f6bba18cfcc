"""Two models of a series on the same rows: those neither knows, those they were tested on, or none and that is said."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.insight import evaluation
from pipeline.modeling.model import OutOfFoldPredictions, TrainedModel
from pipeline.presentation.sentences import memory_words
from pipeline.products.no_show import PRODUCT
from pipeline.records import HELD_OUT, OWN_TESTS, UNSEEN, ModelInfo
from pipeline.services import Session, open_workspace
from pipeline.services.data import datasets
from pipeline.services.data.placing import Into
from pipeline.services.models import models
from pipeline.services.pages import risk, two_models
from tests.pipeline.insight.judged import saved, trained_early, written
from tests.pipeline.insight.typed import typed_rows

ROWS = typed_rows(3_000)


@cache
def good() -> TrainedModel:
    return trained_early(ROWS, 15)


@cache
def far() -> TrainedModel:
    return trained_early(ROWS, 15, 1.0)


ALL_OF_IT = dt.date(2027, 1, 1)


@pytest.fixture
def session(workspace_home: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setattr(evaluation, "references", lambda *_: {})  # takes long, and says nothing of two models
    return Session(open_workspace())


@pytest.fixture
def data(session: Session, tmp_path: Path) -> str:
    written(ROWS, tmp_path / "tudo.csv")
    raw = (tmp_path / "tudo.csv").read_bytes()
    return datasets.keep(session, PRODUCT.key, raw, "tudo.csv", into=Into(name="Daqui")).id


def _model(
    session: Session, model: TrainedModel, folder: Path, data: str, *, knows: dt.date | None = None
) -> ModelInfo:
    """Keeps a model of the data's series; `knows`: it learnt from these data up to that day."""
    card = model.card if knows is None else replace(model.card, trained_until=knows)
    model = replace(model, card=card)
    info = session.workspace.dataset(data)
    source = models.Source(data if knows else None, "m.csv", info.series)
    return models.add(session, saved(model, folder / "m.zip"), card, source)


def _said(session: Session, model: ModelInfo, data: str, risk_of: pd.Series) -> None:
    """What a model said of past rows while it had not seen them, as a training keeps it."""
    rows = risk_of.index.to_numpy()
    points = pd.DataFrame({"lead_time": np.zeros(len(rows), dtype="float32")})
    past = OutOfFoldPredictions(rows, risk_of.to_numpy(), np.full(len(rows), 0.2), points, None, None)
    session.workspace.save_past_risks(model.id, data, models.pack(past))


def test_on_rows_that_neither_knows(
    session: Session, data: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (_model(session, model, tmp_path, data) for model in (far(), good()))
    assert two_models.known(session, first.id, second.id) is None
    found = two_models.beside(session, first.id, second.id)
    assert found.basis == UNSEEN and found.comparison is not None
    later = (ROWS["scheduled_date"] > pd.Timestamp(good().card.trained_until)) & ROWS["outcome"].notna()
    later &= ROWS["contact_date"] < ROWS["scheduled_date"].dt.normalize()
    assert found.comparison.first.rows == int(later.sum())
    assert found.comparison.auc_gap.value == pytest.approx(0, abs=1e-12)  # the level alone is another
    assert (found.comparison.brier_gap.high or 0) < 0 and found.comparison.tiers_changed > 0
    assert len(found.comparison.calibration) == 2
    said = memory_words.challenger(found, PRODUCT)
    assert said.lead == "O modelo novo erra menos; na ordem não há diferença clara." and "Nenhum dos dois" in said.rest
    monkeypatch.setattr(risk, "past_risks", None)  # nothing is worked out again
    assert two_models.beside(session, first.id, second.id) == found == two_models.known(session, first.id, second.id)


@pytest.mark.slow
def test_of_a_few_columns_it_is_told_what_is_told_of_whole_rows(
    session: Session, data: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = tuple(session.workspace.model(_model(session, one, tmp_path, data).id) for one in (far(), good()))
    narrow = two_models._compared(session, pair)
    monkeypatch.setattr(two_models.event_keys, "telling", lambda session, file, _: session.workspace.rows(file))
    assert narrow.comparison is not None and two_models._compared(session, pair) == narrow


def test_by_what_it_said_in_its_test_of_rows_that_it_knows_now(session: Session, data: str, tmp_path: Path) -> None:
    """The usual month: the new model learnt from all there is, the one in use not from the last weeks."""
    period = dt.date(2026, 3, 25), dt.date(2026, 4, 20)
    tested = replace(good(), card=replace(good().card, test=replace(good().card.test, period=period)))
    used, new = _model(session, good(), tmp_path, data), _model(session, tested, tmp_path, data, knows=ALL_OF_IT)
    rows = session.workspace.rows(data)
    known = rows["outcome"].notna()
    told = rows.loc[known].set_index("row")["outcome"] * 0.8 + 0.1  # an oracle: so good that it must be seen
    _said(session, new, data, told.astype("float64"))
    found = two_models.beside(session, used.id, new.id)
    in_test = rows["scheduled_date"].between(pd.Timestamp(period[0]), pd.Timestamp(period[1]))
    in_test &= rows["contact_date"] < rows["scheduled_date"].dt.normalize()
    assert found.basis == HELD_OUT and found.comparison is not None
    assert found.comparison.period == period and found.comparison.first.rows == int((in_test & known).sum())
    assert (found.comparison.auc_gap.low or 0) > 0
    said = memory_words.challenger(found, PRODUCT)
    assert said.lead.startswith("O modelo novo é melhor") and "ainda não os tinha visto" in said.rest


def test_without_rows_that_both_do_not_know_nothing_is_claimed(session: Session, data: str, tmp_path: Path) -> None:
    pair = [_model(session, model, tmp_path, data, knows=ALL_OF_IT) for model in (good(), far())]
    found = two_models.beside(session, pair[0].id, pair[1].id)
    assert found.basis == OWN_TESTS and found.comparison is None
    said = memory_words.challenger(found, PRODUCT)
    assert said.lead.startswith("Ainda não dá para dizer") and "dados diferentes" in said.rest


@pytest.mark.slow
def test_another_file_of_the_series_makes_it_anew(session: Session, data: str, tmp_path: Path) -> None:
    pair = [_model(session, model, tmp_path, data) for model in (far(), good())]
    two_models.beside(session, pair[0].id, pair[1].id)
    written(ROWS.iloc[:2_500], tmp_path / "mais.csv")
    raw = (tmp_path / "mais.csv").read_bytes()
    series = session.workspace.dataset(data).series
    datasets.keep(session, PRODUCT.key, raw, "mais.csv", into=Into(series=series))
    assert two_models.known(session, pair[0].id, pair[1].id) is None
    again = two_models.beside(session, pair[0].id, pair[1].id).comparison
    assert again is not None and again.first.rows <= 3_000  # what two files tell counts once
