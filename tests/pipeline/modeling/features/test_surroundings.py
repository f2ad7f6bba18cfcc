"""A file in any number of parts has the columns, the aggregates and the values of the file in one piece, byte by byte.

Files are cells of a sample of each product, drawn anew column by column within a few weeks, with gaps everywhere.
"""

from __future__ import annotations

import datetime as dt
import json
import pickle
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.contract import FieldKind, Outcome, Product, Role
from pipeline.ingestion.event_id import with_event_ids
from pipeline.ingestion.intake import ingest
from pipeline.ingestion.reading.reader import read
from pipeline.modeling.features.build import Surroundings, aggregate, aggregates_of, build, values_of
from pipeline.modeling.features.day_counts import DayCounts
from pipeline.modeling.features.prediction_time import NO_DAY, default_as_of, to_date
from pipeline.modeling.features.surroundings import counted_fields
from pipeline.products.no_show import PRODUCT
from pipeline.products.satisfaction import PRODUCT as REVIEWS
from pipeline.shards.layout import shard_of
from tests.pipeline.ingestion.files import csv_bytes
from tests.toy.products import BELL, GUESTBOOK, LIBRARY

PRODUCTS = {one.key: one for one in (PRODUCT, REVIEWS, LIBRARY, BELL, GUESTBOOK)}
FIRST = np.datetime64("2026-01-05")
NUMBERS = (1, 3, 8)
OWN = (PRODUCT, REVIEWS)
EACH = [pytest.param(one.key, marks=[] if one in OWN else pytest.mark.slow) for one in PRODUCTS.values()]


@cache
def _sample(key: str) -> pd.DataFrame:
    assert PRODUCTS[key].sample is not None
    table = next(iter(PRODUCTS[key].sample.generate(250, 1, errors=False, future=False)))
    raw = read(csv_bytes([table.column_names, *zip(*table.to_pydict().values(), strict=True)]), "a.csv")
    return ingest(raw, PRODUCTS[key], today=dt.date(2026, 11, 1)).rows


def _file(product: Product, n: int, seed: int, *, patients: bool = True, outcomes: bool = True) -> pd.DataFrame:
    """`n` typed rows of a product, full of coincidences and gaps; of nobody without `patients`."""
    rng = np.random.default_rng(seed)
    base = _sample(product.key)
    picked = {key: base[key].iloc[rng.integers(0, len(base), n)].reset_index(drop=True) for key in base}
    rows = pd.DataFrame(picked)
    for field in [field for field in product.fields if field.key in base]:
        if field.kind is FieldKind.DATE and field.role is not Role.BIRTH:
            day = FIRST + rng.integers(0, 25, n)
            rows[field.key] = pd.Series(np.where(rng.random(n) < 0.1, np.datetime64("NaT"), day)).astype("M8[us]")
        elif field.role is Role.PATIENT:
            told = [f"P{i}" if patients and i < 9 else None for i in rng.integers(0, 11, n).tolist()]
            rows[field.key] = pd.Categorical(told, categories=pd.Index([f"P{i}" for i in range(9)], dtype="str"))
        elif isinstance(rows[field.key].dtype, pd.CategoricalDtype):
            rows.loc[rng.random(n) < 0.1, field.key] = None
    if not outcomes:
        rows["state"] = pd.Categorical([Outcome.PENDING.value] * n, base["state"].cat.categories)
        rows["outcome"] = np.full(n, np.nan, dtype=base["outcome"].dtype)
    else:
        rows["outcome"] = base["outcome"].reindex(rng.integers(0, len(base), n)).to_numpy()
        states = np.select([rows["outcome"] == 1, rows["outcome"] == 0], ["event", "non_event"], "pending")
        rows["state"] = pd.Categorical(states, base["state"].cat.categories)
    return with_event_ids(rows.assign(row=np.arange(2, n + 2)), product)


def _part(rows: pd.DataFrame, product: Product, number: int, shard: int) -> pd.DataFrame:
    """The rows of a shard as they are kept: who they are of is told for these alone."""
    own = rows.loc[shard_of(rows, product, number) == shard].reset_index(drop=True)
    patient = product.by_role(Role.PATIENT)
    return own if patient is None else own.assign(**{patient.key: own[patient.key].cat.remove_unused_categories()})


def _plain(counts: DayCounts) -> tuple[object, ...]:
    return counts.names, counts.group.tolist(), counts.day.tolist(), counts.sums.tolist()


def _tables(around: Surroundings) -> dict[str, object]:
    of_all = {"rows": around.rows, "patients": around.patients, "values": around.values}
    days = {"last": around.last_known, "first": around.first_day, "everyone": _plain(around.everyone)}
    return of_all | days | {k: _plain(v) for found in (around.rates, around.loads) for k, v in found.items()}


@pytest.mark.parametrize("key", EACH)
@settings(max_examples=8)
@given(st.integers(1, 200), st.integers(0, 10_000), st.data())
def test_any_number_of_parts_is_the_same_bytes(key: str, n: int, seed: int, data: st.DataObject) -> None:
    product, rng = PRODUCTS[key], np.random.default_rng(seed)
    flags = {name: data.draw(st.booleans(), name) for name in ("patients", "outcomes", "history", "as_of", "scored")}
    rows = _file(product, n, seed, patients=flags["patients"], outcomes=flags["outcomes"])
    past = _file(product, 60, seed + 1)
    past = pd.concat([past, rows.iloc[: n // 3].assign(row=np.arange(n // 3) + 90)], ignore_index=True)
    history = past.astype(rows.dtypes.to_dict()) if flags["history"] else None  # some of it is told again
    as_of = to_date(int((FIRST + 12).astype(int))) if flags["as_of"] else None
    kept = aggregate(past, product) if flags["scored"] else None
    ahead = rng.integers(0, 8, n) if data.draw(st.booleans(), "ahead") else None
    whole = build(rows, product, history=history, as_of=as_of, aggregates=kept, ahead=ahead).columns
    for number in NUMBERS:
        where = shard_of(rows, product, number)
        parts = [_part(rows, product, number, shard) for shard in range(number)]
        pasts = [None if history is None else _part(history, product, number, shard) for shard in range(number)]
        counted = [Surroundings.of(part, past, product, kept) for part, past in zip(parts, pasts, strict=True)]
        around = pickle.loads(pickle.dumps(Surroundings.merged([counted[i] for i in rng.permutation(number)])))
        assert _tables(around) == _tables(Surroundings.of(rows, history, product, kept))
        assert around.as_of(dt.date(2026, 1, 1)) == default_as_of(rows, history, product, dt.date(2026, 1, 1))
        for shard, (part, past_part) in enumerate(zip(parts, pasts, strict=True)):
            own = where == shard
            of_part = None if ahead is None else ahead[own]
            found = build(
                part, product, history=past_part, as_of=as_of, aggregates=kept, ahead=of_part, around=around
            ).columns
            assert found.dtypes.to_dict() == whole.dtypes.to_dict()
            for column in whole:
                assert found[column].to_numpy().tobytes() == whole[column].to_numpy()[own].tobytes(), column


@pytest.mark.parametrize("key", [key for key, one in PRODUCTS.items() if one.by_role(Role.PATIENT)])
@settings(max_examples=8)
@given(st.integers(1, 40), st.integers(0, 10_000), st.booleans(), st.booleans())
def test_a_past_of_other_patients_need_only_be_counted(
    key: str, n: int, seed: int, patients: bool, scored: bool
) -> None:
    """Rows of few patients: what the others' past tells is counted, a block at a time, of a few columns."""
    product, field = PRODUCTS[key], PRODUCTS[key].by_role(Role.PATIENT)
    assert field is not None
    rows, past = _file(product, n, seed, patients=patients), _file(product, 90, seed + 1)
    rows.loc[rows[field.key].isin(["P1", "P4", "P6"]), field.key] = None
    rows = with_event_ids(rows, product)
    kept = aggregate(past, product) if scored else None
    asked = counted_fields(product, kept)
    theirs = past[field.key].isin(rows[field.key].dropna().unique()).to_numpy()
    others = past.loc[~theirs, [name for name in past if name in asked or name not in {f.key for f in product.fields}]]
    counted = [
        Surroundings.of_others(block.drop(columns="event_id"), product, kept)
        for block in (others.iloc[:30], others.iloc[30:])
    ]
    around = Surroundings.merged([Surroundings.of(rows, past.loc[theirs], product, kept), *counted])
    assert _tables(around) == _tables(Surroundings.of(rows, past, product, kept))
    whole = build(rows, product, history=past, aggregates=kept).columns
    found = build(rows, product, history=past.loc[theirs], aggregates=kept, around=around).columns
    pd.testing.assert_frame_equal(found, whole, check_exact=True)


def test_a_part_that_knows_of_no_other_comes_out_otherwise() -> None:
    rows = _file(PRODUCT, 200, 4)
    own = shard_of(rows, PRODUCT, 3) == 1
    whole, alone = build(rows, PRODUCT).columns.loc[own], build(_part(rows, PRODUCT, 3, 1), PRODUCT).columns
    same = {name for name in whole if name in alone and np.array_equal(whole[name], alone[name], equal_nan=True)}
    moved = {name.split("__")[0] for name in set(whole) - same}
    assert moved >= {"history", "load", "unit", "health_plan"} and not moved & {"other_bookings", "calendar", "age"}


@pytest.mark.parametrize("key", EACH)
@settings(max_examples=5)
@given(st.integers(1, 400), st.integers(0, 10_000), st.booleans())
def test_what_a_model_keeps_is_the_same_text(key: str, n: int, seed: int, outcomes: bool) -> None:
    product = PRODUCTS[key]
    rows = _file(product, n, seed, outcomes=outcomes)
    whole = aggregate(rows, product)
    for number in NUMBERS:
        parts = [Surroundings.of(_part(rows, product, number, s), None, product) for s in range(number)]
        around = Surroundings.merged(parts[::-1])
        assert json.dumps(aggregates_of(around, product).to_plain()) == json.dumps(whole.to_plain())
        assert values_of(around) == values_of(Surroundings.of(rows, None, product)) == whole.values


@settings(max_examples=30)
@given(st.integers(0, 60), st.integers(1, 2_000_000), st.integers(0, 10_000))
def test_counts_are_those_of_a_loop(n: int, span: int, seed: int) -> None:
    """Also where values and days are too many to lay out a table of all of them."""
    rng = np.random.default_rng(seed)
    names = [f"v{i}" for i in rng.permutation(6)]
    codes, day = rng.integers(-1, 6, n), np.where(rng.random(n) < 0.1, NO_DAY, rng.integers(-span, span, n))
    weight = rng.integers(0, 3, n).astype(float)
    counted = DayCounts.of(names, codes, day, weight)
    entries = [(names[c], int(d), w) for c, d, w in zip(codes, day, weight, strict=True) if c >= 0 and d > NO_DAY]
    told = sorted({(name, d) for name, d, _ in entries})
    assert list(zip((counted.names[g] for g in counted.group), counted.day.tolist(), strict=True)) == told
    assert counted.sums[0].tolist() == [sum(w for *at, w in entries if tuple(at) == entry) for entry in told]
    first, end = rng.integers(-span, span, n), rng.integers(-span, span, n)
    own = counted.codes(pd.Series([f"V{i}" if i < 8 else None for i in rng.integers(0, 9, n)], dtype="object"))
    days, sums = counted.within(own, first, end)
    (on,) = counted.on(own, first)
    for place in range(n):
        name = counted.names[own[place]] if 0 <= own[place] < len(counted.names) else ""
        inside = [(d, w) for text, d, w in entries if text == name and first[place] <= d < end[place]]
        assert (days[place], sums[place]) == (len({d for d, _ in inside}), sum(w for _, w in inside))
        assert on[place] == sum(w for text, d, w in entries if text == name and d == first[place])


def test_nothing_cannot_be_added_up() -> None:
    with pytest.raises(ValueError, match="nothing"):
        Surroundings.merged([])
