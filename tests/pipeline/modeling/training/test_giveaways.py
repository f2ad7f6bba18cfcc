"""Planted leaks of each kind are found, with their reason; honest files raise no alarm."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.contract import Product
from pipeline.ingestion.intake import ingest
from pipeline.ingestion.reading.reader import read
from pipeline.modeling.training import train
from pipeline.modeling.training.giveaways import Look, find, without
from pipeline.modeling.training.time_splits import split
from pipeline.modeling.training_set import prepare
from pipeline.products.no_show import PRODUCT
from pipeline.products.satisfaction import PRODUCT as RATED
from pipeline.records import Giveaway
from tests.conftest import ROOT

TODAY = dt.date(2026, 11, 23)
SUSPECT_WHOLE = 0.95  # as if the model were so good that pairs must be tried


def rows_of(path: Path, product: Product) -> pd.DataFrame:
    return ingest(read(path), product, today=TODAY).rows


@pytest.fixture(scope="module")
def clinic() -> pd.DataFrame:
    return rows_of(ROOT / "data_samples" / "no_show_passado.csv", PRODUCT)


def found(rows: pd.DataFrame, product: Product = PRODUCT) -> dict[tuple[str, ...], Giveaway]:
    data = prepare(rows, product)
    fold = split(data.day, data.outcome).folds[-1]
    return {item.factors: item for item in find(Look.of(data, product, fold, 0), SUSPECT_WHOLE)}


def missed(rows: pd.DataFrame) -> np.ndarray:
    return (rows["outcome"] == 1).to_numpy()


def emptied(rows: pd.DataFrame) -> pd.DataFrame:
    """The plan is asked for at the desk: who does not come has none."""
    return rows.assign(health_plan=pd.Categorical(rows["health_plan"].astype("object").where(~missed(rows), None)))


def cancelled(rows: pd.DataFrame) -> pd.DataFrame:
    """Some of those who do not come have another type of appointment afterwards."""
    some = missed(rows) & (np.random.default_rng(0).random(len(rows)) < 0.4)
    kinds = rows["appointment_type"].astype("object").mask(some, "Desmarcada")
    return rows.assign(appointment_type=pd.Categorical(kinds))


def crossed(rows: pd.DataFrame) -> pd.DataFrame:
    """Sex and channel say nothing, and together all."""
    woman = np.random.default_rng(0).random(len(rows)) < 0.5
    first, second = (value.label for value in PRODUCT.field("booking_channel").values[:2])
    channel = np.where(woman == missed(rows), first, second)
    sex = np.where(woman, "Feminino", "Masculino")
    return rows.assign(sex=pd.Categorical(sex), booking_channel=pd.Categorical(channel))


def rebooked(rows: pd.DataFrame) -> pd.DataFrame:
    """The day of contact is that on which who did not come called again."""
    some = missed(rows) & (np.random.default_rng(0).random(len(rows)) < 0.5)
    later = rows["scheduled_date"] + pd.Timedelta(days=2)
    return rows.assign(contact_date=rows["contact_date"].mask(some, later))


@pytest.mark.parametrize(
    ("plant", "factors", "code"),
    [
        (emptied, ("health_plan",), "giveaway.filled"),
        pytest.param(cancelled, ("appointment_type",), "giveaway.pure", marks=pytest.mark.slow),
        (crossed, ("channel", "sex"), "giveaway.together"),
        pytest.param(rebooked, ("lead_time",), "giveaway.behind", marks=pytest.mark.slow),
    ],
    ids=["filled after", "a cancelled kind", "two together", "a later date"],
)
@pytest.mark.filterwarnings("ignore:invalid value encountered in log1p")
def test_a_planted_leak_is_named(clinic: pd.DataFrame, plant, factors: tuple[str, ...], code: str) -> None:
    named = found(plant(clinic.tail(4_000)))
    assert factors in {tuple(sorted(pair)) for pair in named}
    assert next(item for pair, item in named.items() if tuple(sorted(pair)) == factors).why.code == code


def test_a_sample_raises_no_alarm(clinic: pd.DataFrame) -> None:
    assert found(clinic.tail(4_000)) == {}


@pytest.mark.slow
def test_whole_samples_raise_no_alarm(clinic: pd.DataFrame) -> None:
    assert found(clinic) == {}
    assert found(rows_of(ROOT / "data_samples" / "satisfaction_passado.csv", RATED), RATED) == {}


@pytest.mark.real
def test_a_real_clinic_raises_no_alarm(real_dir: Path) -> None:
    assert found(rows_of(real_dir / "vitoria_no_show_ate_2016-05-31.csv.gz", PRODUCT)) == {}


def test_the_card_tells_the_skill_without_it(clinic: pd.DataFrame) -> None:
    latest = clinic.sort_values("scheduled_date").tail(3_000).reset_index(drop=True)
    card = train.train(emptied(latest), PRODUCT, train.TrainingRun("fast", 3, "x.csv", "0" * 64))[0].card
    told = card.giveaways
    assert told is not None and told.factors == ("health_plan",)
    assert told.auc.value == card.test.model.auc.value > 0.97
    assert told.auc_without is not None and told.auc_without.value < 0.8 and told.auc_without.low is not None


def test_without_all_factors_nothing_is_left(clinic: pd.DataFrame) -> None:
    data = prepare(clinic, PRODUCT)
    assert without(data, set(data.factor_of.values())) is None
    thin = without(data, ["history"])
    assert thin is not None and not [c for c in thin.table if c.startswith("history")]
    assert set(thin.factor_of) == set(thin.table) and replace(data).table is not thin.table
