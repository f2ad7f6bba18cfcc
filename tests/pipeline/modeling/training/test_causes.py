"""The causes that the sample's generator planted are those that the explanations find, in the right direction."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pytest

from pipeline.ingestion.intake import ingest
from pipeline.ingestion.reading.reader import read
from pipeline.modeling.explanation import explain
from pipeline.modeling.training import boosting
from pipeline.modeling.training.boosting import EFFORTS
from pipeline.modeling.training_set import prepare
from pipeline.products.no_show import PRODUCT
from pipeline.products.no_show import sample_world as world

ROWS = 60_000


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Typed rows of the last fifth of the time with the points that a model of the first four gave them."""
    path: Path = tmp_path_factory.mktemp("causes") / "past.csv"
    pa.csv.write_csv(pa.concat_tables(PRODUCT.sample.generate(ROWS, 11, errors=False, future=False)), path)
    data = prepare(ingest(read(path), PRODUCT, today=dt.date(2026, 11, 23)).rows, PRODUCT)
    cut = np.quantile(data.day, 0.8)
    learn, judge = np.flatnonzero(data.day < cut), np.flatnonzero(data.day >= cut)
    booster, _ = boosting.grow(boosting.Part(data.table.iloc[learn], data.outcome[learn]), EFFORTS["fast"], 0, 100)
    found = explain((booster,), data.table.iloc[judge], data.factor_of, 1.0, 0.0)
    return data.rows.iloc[judge].reset_index(drop=True), found.points


def _gap(points: pd.DataFrame, factor: str, more: np.ndarray, less: np.ndarray) -> float:
    """Mean points of the rows that the cause pushes up, less those of the rows it holds down."""
    return float(points.loc[more, factor].mean() - points.loc[less, factor].mean())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cause", "field"),
    [
        (world.UNIT, "unit"),
        (world.PLAN, "health_plan"),
        (world.CHANNEL, "booking_channel"),
        (world.PROCEDURE, "procedure"),
    ],
)
def test_named_values_push_the_way_they_were_planted(explained, cause, field) -> None:
    rows, points = explained
    effects = dict(cause.levels)
    text = rows[field].astype("object")
    seen = [value for value in effects if (text == value).sum() >= 60]
    worst, best = max(seen, key=effects.__getitem__), min(seen, key=effects.__getitem__)
    assert effects[worst] - effects[best] > 0.4, "levels far enough apart to be found"
    assert _gap(points, cause.feature, (text == worst).to_numpy(), (text == best).to_numpy()) > 0.01


@pytest.mark.slow
def test_curves_push_the_way_they_were_planted(explained) -> None:
    rows, points = explained
    lead = (rows["scheduled_date"] - rows["contact_date"]).dt.days
    assert _gap(points, "lead_time", (lead > 30).to_numpy(), (lead == 0).to_numpy()) > 0.1
    assert _gap(points, "lead_time", (lead > 30).to_numpy(), lead.between(1, 3).to_numpy()) > 0.05
    assert _gap(points, "age", rows["age"].between(18, 28).to_numpy(), rows["age"].between(60, 80).to_numpy()) > 0.03
    weekday = rows["scheduled_date"].dt.day_of_week
    assert _gap(points, "calendar", (weekday == 0).to_numpy(), (weekday == 2).to_numpy()) > 0.005


@pytest.mark.slow
def test_the_strongest_causes_weigh_most(explained) -> None:
    """Lead time first; what was never planted (sex, the load of a day) below every strong cause."""
    weights = explained[1].abs().mean()
    assert weights.idxmax() == "lead_time"
    for strong in ("history", "unit", "age", "health_plan"):
        for nothing in ("sex", "load"):
            assert weights[strong] > weights[nothing], (strong, nothing)
