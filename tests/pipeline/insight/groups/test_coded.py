"""What is told of coded rows is what is told of the frame that they were made of, number for number."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.folding import fold
from pipeline.insight.groups import coded_view, counted, cubes, late, overview, periods
from pipeline.insight.groups.coded import CodedPast, CodedRows, coded, coded_past
from pipeline.insight.groups.counts import Filters, select
from pipeline.insight.groups.heat import CELL
from pipeline.modeling.model import OutOfFoldPredictions
from pipeline.products.no_show import PRODUCT
from pipeline.records import cell_name
from tests.pipeline.insight.typed import PLANS, PROCEDURES, UFS, UNITS, past_risks, typed_rows

FIELDS = ("unit", "uf", "health_plan", "procedure", "appointment_type", "exam_category", "booking_channel")
READ = ["row", "state", "outcome", "contact_date", "scheduled_date", *FIELDS]
KNOWN = {"unit": UNITS, "uf": sorted(set(UFS)), "health_plan": PLANS, "procedure": PROCEDURES}
DAYS = st.dates(dt.date(2025, 12, 20), dt.date(2026, 5, 20))


def some(seed: int, size: int, odd: bool) -> pd.DataFrame:
    """Rows in no order; `odd`: some without dates, values, or with dates thrown far away, and bookings given up."""
    rng = np.random.default_rng(seed)
    rows = typed_rows(max(size, 1), seed).iloc[:size].sample(frac=1, random_state=seed).reset_index(drop=True)
    rows["cancelled_date"] = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us]")
    if not odd or not size:
        return rows
    gone = rng.random(size) < 0.3
    rows.loc[gone, "state"] = "excluded"
    rows.loc[gone, "outcome"] = np.nan
    dated = gone & (rng.random(size) < 0.8)
    rows.loc[dated, "cancelled_date"] = rows["scheduled_date"] - pd.to_timedelta(rng.integers(-2, 12, size), unit="D")
    rows.loc[rng.random(size) < 0.05, "scheduled_date"] = pd.NaT
    rows.loc[rng.random(size) < 0.01, "scheduled_date"] = pd.Timestamp("1926-03-01")
    rows.loc[rng.random(size) < 0.2, "contact_date"] = pd.NaT
    rows.loc[rng.random(size) < 0.1, "unit"] = np.nan
    rows.loc[rng.random(size) < 0.1, "uf"] = np.nan
    return rows


def shares(past: OutOfFoldPredictions) -> OutOfFoldPredictions:
    """Past risks that are none below 0, as invented ones may be."""
    return replace(past, risk=past.risk.clip(0, 1))


def both(rows: pd.DataFrame, past: OutOfFoldPredictions | None) -> tuple[CodedRows, CodedPast | None]:
    held = coded(rows.__getitem__, [*READ, "cancelled_date"], PRODUCT, FIELDS)
    if past is None:
        return held, None
    kept = past.points.assign(row=past.row, risk=past.risk, reference=past.reference)
    factors = {str(key): str(key) for key in past.points}
    return held, coded_past(kept.__getitem__, factors, held, rows["row"].to_numpy())


@st.composite
def filters(draw: st.DrawFn) -> Filters:
    values = {
        name: tuple(draw(st.lists(st.sampled_from(known), max_size=2, unique=True)))
        for name, known in (
            ("unit", UNITS),
            ("uf", sorted(set(UFS))),
            ("health_plan", PLANS),
            ("procedure", PROCEDURES),
        )
        if draw(st.booleans())
    }
    return Filters(draw(st.none() | DAYS), draw(st.none() | DAYS), values)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.integers(0, 10**6),
    st.integers(0, 500),
    st.booleans(),
    st.booleans(),
    filters(),
    st.none() | st.sampled_from([UNITS[:1], UNITS[1:3], ("Nenhuma",)]),
)
def test_any_rows_any_filter_the_same_records(
    seed: int, size: int, odd: bool, scored: bool, chosen: Filters, units: tuple[str, ...] | None
) -> None:
    rows = some(seed, size, odd)
    past = shares(past_risks(rows, seed, skip=size // 5)) if scored and size else None
    held, kept = both(rows, past)
    mine, own = rows, None
    if units is not None:
        folded = {fold(unit) for unit in units}
        own = {"unit": tuple(name for name in held.names["unit"] if fold(name) in folded)}
        mine = rows[rows["unit"].isin(units)]
    at = counted.choose(held, PRODUCT, chosen, own)
    sums = counted.counted(held, kept, at, PRODUCT)
    held_sums = cubes.made(held, kept, PRODUCT) if kept is not None else None
    kept_view = coded_view.view(held, counted.counted(held, kept, at, PRODUCT, held_sums), PRODUCT, chosen, own)
    assert kept_view == coded_view.view(held, sums, PRODUCT, chosen, own)
    read = mine[[*READ, "cancelled_date"]]
    assert coded_view.view(held, sums, PRODUCT, chosen, own) == overview.overview(mine[READ], past, PRODUCT, chosen)
    assert counted.how_many(at) == len(select(read, None, PRODUCT, chosen))
    for within in late.CHOICES:
        assert coded_view.late_view(held, sums, PRODUCT, within, own) == late.overview(read, PRODUCT, chosen, within)
    assert coded_view.dates(held, PRODUCT, own) == periods.dates(read, PRODUCT)
    told = tuple((name, overview.values_of(read[name])) for name in FIELDS)
    assert coded_view.values_of(held, PRODUCT, own) == told
    known = read["outcome"].dropna()
    assert coded_view.outcomes(held, PRODUCT, own) == (len(known), int(known.sum()))
    _same_reasons(mine, past, (held, kept), chosen, at, sums, held_sums)
    _same_rows(mine, rows, held, chosen, at)


def _same_reasons(
    mine: pd.DataFrame,
    past: OutOfFoldPredictions | None,
    held: tuple[CodedRows, CodedPast | None],
    chosen: Filters,
    at: counted.Chosen,
    sums: counted.Counted,
    held_sums: cubes.Cubes | None,
) -> None:
    rows, kept = held
    if past is None or kept is None:
        return
    for group in (("unit", UNITS[2]), ("health_plan", PLANS[0])):
        told = overview.why(mine, past, PRODUCT, *group, chosen)
        assert coded_view.why(rows, kept, PRODUCT, group, sums, at) == told
        assert coded_view.why(rows, kept, PRODUCT, group, sums, at, held_sums) == told


def _same_rows(mine: pd.DataFrame, rows: pd.DataFrame, held: CodedRows, chosen: Filters, at: counted.Chosen) -> None:
    for group in (("health_plan", PLANS[1]), (CELL, cell_name("wed", "8–15"))):
        behind = overview.rows_of(mine, None, PRODUCT, *group, chosen)
        inside = coded_view.members(held, at, *group)
        assert coded_view.known_among(held, inside) == (len(behind), int(behind["outcome"].notna().sum()))
        for first, size in ((0, 7), (5, 20), (0, len(rows) + 1)):
            places = held.position[coded_view.latest(held, inside, first, size)]
            assert rows["row"].to_numpy()[places].tolist() == behind["row"].tolist()[first : first + size]


def test_a_walk_in_many_blocks_counts_what_a_walk_in_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = some(3, 500, odd=True)
    past = past_risks(rows, 3)
    held, kept = both(rows, past)
    asked = Filters(values={"uf": ("SP",)})
    at = counted.choose(held, PRODUCT, asked)
    whole = coded_view.view(held, counted.counted(held, kept, at, PRODUCT), PRODUCT, asked)
    monkeypatch.setattr(counted, "BLOCK", 37)
    assert coded_view.view(held, counted.counted(held, kept, at, PRODUCT), PRODUCT, asked) == whole
    assert whole.rows


def test_a_filter_on_what_the_product_lacks_is_a_fault_of_the_caller() -> None:
    held, _ = both(some(0, 10, odd=False), None)
    with pytest.raises(KeyError):
        counted.choose(held, PRODUCT, Filters(values={"estrelas": ("5",)}))


def test_points_too_large_for_their_column_are_refused_and_not_cut() -> None:
    rows = some(0, 150, odd=False)
    past = past_risks(rows)
    past.points.iloc[0, 0] = 9.0
    with pytest.raises(OverflowError):
        both(rows, past)
