"""The law: whatever was not known at a row's moment of prediction, altered at will, moves none of its features."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.ingestion.dataset import concat_rows
from pipeline.modeling.features.build import Surroundings, aggregate, build
from pipeline.modeling.features.frequent_values import LEAST_ROWS
from pipeline.modeling.features.prediction_time import (
    NO_DAY,
    contact_days,
    default_as_of,
    event_days,
    moments,
)
from pipeline.products.no_show import PRODUCT
from tests.pipeline.modeling.appointments import STATES, crowded, with_outcomes

# which values have columns is the choice of a model, as the cuts of its trees are: what a row has in them may not move
VALUES = {"unit": ("se", "norte"), "uf": ("sp",), "health_plan": ("amil", "sus"), "procedure": ("raio-x", "consulta")}


def _around(rows: pd.DataFrame, history: pd.DataFrame | None = None) -> Surroundings:
    """What is counted of the rows, with those values."""
    often = {key: dict.fromkeys(names, LEAST_ROWS) for key, names in VALUES.items()}
    return replace(Surroundings.of(rows, history, PRODUCT), values=often)


def _known_from(rows: pd.DataFrame) -> np.ndarray:
    """The first day on which each booking was known: after its contact; without one, after it happened."""
    contact = contact_days(rows, PRODUCT)
    return np.where(contact > NO_DAY, contact, event_days(rows, PRODUCT))


def _altered(rows: pd.DataFrame, place: int, moment: int, seed: int) -> tuple[pd.DataFrame, int]:
    """Another future: unknown bookings gone, moved or invented; unknown outcomes, the row's own too, drawn anew."""
    rng = np.random.default_rng(seed)
    unknown_booking = _known_from(rows) >= moment
    unknown_booking[place] = False
    unknown_outcome = event_days(rows, PRODUCT) >= moment
    changed = with_outcomes(rows, unknown_outcome | unknown_booking, rng.choice(STATES, len(rows)))
    invented = crowded(15, seed + 1, days=60)
    invented = invented[_known_from(invented) >= moment]
    dropped = unknown_booking & (rng.random(len(rows)) < 0.5)
    kept = changed[~dropped]
    return concat_rows([kept, invented]), int((~dropped[:place]).sum())


@settings(max_examples=40)
@given(st.integers(2, 60), st.integers(0, 10_000), st.data())
def test_no_feature_knows_the_future(n: int, seed: int, data: st.DataObject) -> None:
    rows = crowded(n, seed)
    place = data.draw(st.integers(0, n - 1))
    moment = int(moments(rows, PRODUCT, None)[place])
    other, there = _altered(rows, place, moment, data.draw(st.integers(0, 10_000)))
    before = build(rows, PRODUCT, around=_around(rows)).columns.iloc[place]
    after = build(other, PRODUCT, around=_around(other)).columns.iloc[there]
    pd.testing.assert_series_equal(before, after, check_names=False)


@settings(max_examples=40)
@given(st.integers(2, 60), st.integers(0, 10_000), st.data())
def test_no_replayed_list_knows_what_came_after_it(n: int, seed: int, data: st.DataObject) -> None:
    """A training also sees rows as lists saw them that were made up to a week earlier."""
    rows, place = crowded(n, seed), data.draw(st.integers(0, n - 1))
    ahead = np.random.default_rng(seed).integers(0, 8, n)
    moment = int(moments(rows, PRODUCT, None, ahead)[place])
    other, there = _altered(rows, place, moment, data.draw(st.integers(0, 10_000)))
    before = build(rows, PRODUCT, around=_around(rows), ahead=ahead).columns.iloc[place]
    after = build(other, PRODUCT, around=_around(other), ahead=np.full(len(other), ahead[place])).columns.iloc[there]
    pd.testing.assert_series_equal(before, after, check_names=False)


@settings(max_examples=40)
@example(29, 1753, 0)  # an appointment that is booked anew after the list's day
@given(st.integers(2, 40), st.integers(0, 10_000), st.integers(0, 45))
def test_no_list_knows_more_than_its_date(n: int, seed: int, day: int) -> None:
    """In scoring nothing after `as_of` counts, save a booking's own contact date; rates come from the model."""
    rows, past = crowded(n, seed), crowded(40, seed + 1)
    as_of = dt.date(2026, 1, 5) + dt.timedelta(days=day)
    tables = aggregate(crowded(80, seed + 2), PRODUCT)
    place = seed % n
    moment = int(moments(rows, PRODUCT, as_of)[place])
    other, there = _altered(rows, place, moment, seed)
    unknown = event_days(past, PRODUCT) >= moment
    changed = with_outcomes(past, unknown, np.random.default_rng(seed).choice(STATES, len(past)))
    changed = changed[_known_from(changed) < moment]
    options = {"as_of": as_of, "aggregates": tables}
    before = build(rows, PRODUCT, history=past, **options).columns.iloc[place]  # type: ignore[arg-type]
    after = build(other, PRODUCT, history=changed, **options).columns.iloc[there]  # type: ignore[arg-type]
    pd.testing.assert_series_equal(before, after, check_names=False)


@settings(max_examples=40)
@given(st.integers(2, 50), st.integers(0, 10_000))
def test_order_of_the_rows_does_not_matter(n: int, seed: int) -> None:
    rows = crowded(n, seed)
    order = np.random.default_rng(seed).permutation(n)
    mixed = build(rows.iloc[order].reset_index(drop=True), PRODUCT).columns
    pd.testing.assert_frame_equal(mixed, build(rows, PRODUCT).columns.iloc[order].reset_index(drop=True))


def test_the_law_can_fail() -> None:
    """A past that was known does move features: the tests above look at something."""
    rows = crowded(60, 5)
    place = int(np.argmax(event_days(rows, PRODUCT)))
    moment = int(moments(rows, PRODUCT, None)[place])
    known = event_days(rows, PRODUCT) < moment
    other = with_outcomes(rows, known, np.full(60, "event"))
    assert not build(rows, PRODUCT).columns.iloc[place].equals(build(other, PRODUCT).columns.iloc[place])


def test_the_moment_is_the_day_before_unless_booked_later() -> None:
    rows = crowded(3, 0)
    rows["scheduled_date"] = pd.to_datetime(["2026-03-10", "2026-03-10", "2026-03-10"]).astype("datetime64[us]")
    rows["contact_date"] = pd.to_datetime(["2026-03-01", "2026-03-10", None]).astype("datetime64[us]")
    days = moments(rows, PRODUCT, None) - event_days(rows, PRODUCT)
    assert days.tolist() == [-1, 0, -1]
    replayed = moments(rows, PRODUCT, None, np.array([3, 3, 3])) - event_days(rows, PRODUCT)
    assert replayed.tolist() == [-4, 0, -4]
    early = moments(rows, PRODUCT, dt.date(2026, 3, 5)) - event_days(rows, PRODUCT)
    assert early.tolist() == [-5, 0, -5]


def test_the_default_date_follows_the_last_known_outcome_and_never_the_clock() -> None:
    rows = crowded(50, 3)
    last = rows.loc[rows["outcome"].notna(), "scheduled_date"].max().date()
    assert default_as_of(rows, None, PRODUCT) == last + dt.timedelta(days=1)
    unknown = with_outcomes(rows, np.ones(50, bool), np.full(50, "pending"))
    assert default_as_of(unknown, None, PRODUCT) == rows["scheduled_date"].min().date()
    assert default_as_of(unknown, rows, PRODUCT) == last + dt.timedelta(days=1)
    undated = unknown.assign(scheduled_date=pd.Series(pd.NaT, index=unknown.index, dtype="datetime64[us]"))
    assert default_as_of(undated, None, PRODUCT, dt.date(2026, 1, 2)) == dt.date(2026, 1, 2)
