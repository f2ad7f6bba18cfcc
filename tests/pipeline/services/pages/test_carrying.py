"""What pages ask of a model where it did not learn: it holds, or it is withheld and its level can be set."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.modeling.model import TrainedModel
from pipeline.products.no_show import PRODUCT
from pipeline.records import FAILS, Interval, ModelInfo
from pipeline.services import Session, open_workspace
from pipeline.services.data import datasets
from pipeline.services.data.placing import Into
from pipeline.services.models import levelling, models
from pipeline.services.pages import agenda, carrying
from tests.pipeline.insight.judged import saved, trained_early, written
from tests.pipeline.insight.typed import typed_rows

ROWS = typed_rows(3_000)


@pytest.fixture
def session(workspace_home: Path) -> Session:
    return Session(open_workspace())


def _data(session: Session, folder: Path, series: str) -> str:
    written(ROWS, folder / f"{series}.csv")
    return datasets.keep(
        session, PRODUCT.key, (folder / f"{series}.csv").read_bytes(), f"{series}.csv", into=Into(name=series)
    ).id


def _model(session: Session, model: TrainedModel, folder: Path, series: str) -> ModelInfo:
    promised = replace(model.card.test.model, auc=Interval(0.6, 0.58, 0.62))  # all that these rows let one tell
    model = replace(model, card=replace(model.card, test=replace(model.card.test, model=promised)))
    return models.add(session, saved(model, folder / "m.zip"), model.card, models.Source(None, "outro.csv", series))


def test_another_clinics_model_is_withheld_until_its_level_is_set(session: Session, tmp_path: Path) -> None:
    made = _data(session, tmp_path, "Daqui")
    foreign = _model(session, trained_early(ROWS, 15, 0.8), tmp_path, "")
    found = carrying.standing(session, made, foreign.id)
    assert found is not None and found.withheld and found.order and found.carries.level == FAILS
    assert found == carrying.standing(session, made, foreign.id)  # kept with the risks of past rows
    own = levelling.set_level(session, made, foreign.id, slope=found.slope)
    card = models.card(session, own.id)
    assert card.levelled_until == session.workspace.dataset(made).last_date
    assert carrying.standing(session, made, own.id) is None  # the rows that set a level are no test of it


@pytest.mark.slow
def test_its_own_clinics_model_keeps_its_list_where_the_order_is_good(session: Session, tmp_path: Path) -> None:
    made = _data(session, tmp_path, "Daqui")
    own = session.workspace.dataset(made).series
    drifted = _model(session, trained_early(ROWS, 15, 0.15), tmp_path, own)
    found = carrying.standing(session, made, drifted.id)
    assert found is not None and not found.withheld and found.order
    far = _model(session, trained_early(ROWS, 15, 1.5), tmp_path, own)
    again = carrying.standing(session, made, far.id)
    assert again is not None and again.withheld


def test_a_list_says_what_it_promises_and_what_came(session: Session, tmp_path: Path) -> None:
    made = _data(session, tmp_path, "Daqui")
    model = _model(session, trained_early(ROWS, 15), tmp_path, session.workspace.dataset(made).series)
    listed = agenda.score(session, made, model.id, dt.date(2026, 3, 25))
    assert listed.looks_back and listed.promised is not None and listed.came is not None
    assert listed.promised.rows == listed.came.rows == listed.counts.listed
    assert listed == agenda.score(session, made, model.id, dt.date(2026, 3, 25))
