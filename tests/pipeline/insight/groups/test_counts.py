"""Selecting and counting against loops over the rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipeline.insight.groups.counts import (
    NO_DATE,
    UNIT,
    Filters,
    as_date,
    as_day,
    days,
    has_value,
    places,
    select,
    tally,
)
from pipeline.products.no_show import PRODUCT
from tests.pipeline.insight.typed import past_risks, typed_rows

FILTERS = [
    Filters(),
    Filters(dt.date(2026, 2, 1), dt.date(2026, 3, 1)),
    Filters(None, dt.date(2026, 1, 31), {"uf": ("SP",), "health_plan": ()}),
    Filters(dt.date(2026, 2, 10), None, {"uf": ("SP", "PE"), "health_plan": ("SUS", "Amil")}),
    Filters(values={"uf": ("AC",)}),
]


def _passes(row: dict, filters: Filters) -> bool:
    day = row["scheduled_date"].date()
    return (
        (filters.first_date is None or day >= filters.first_date)
        and (filters.last_date is None or day <= filters.last_date)
        and all(row[key] in chosen for key, chosen in filters.values.items() if chosen)
    )


@pytest.mark.parametrize("filters", FILTERS)
@pytest.mark.parametrize("scored", [True, False])
def test_a_selection_holds_the_rows_that_pass_and_what_is_known_of_each(filters: Filters, scored: bool) -> None:
    rows = typed_rows(300)
    past = past_risks(rows) if scored else None
    risks = dict(zip(past.row, past.risk, strict=True)) if past is not None else {}
    records = rows.to_dict("records")
    passing = [place for place, row in enumerate(records) if _passes(row, filters)]
    found = select(rows, past, PRODUCT, filters)
    assert found.positions.tolist() == passing and len(found) == len(passing)
    for at, place in enumerate(passing):
        row = records[place]
        assert as_date(found.day[at]) == row["scheduled_date"].date()
        assert (found.known[at], found.event[at]) == (row["state"] in ("event", "non_event"), row["state"] == "event")
        assert found.scored[at] == (row["row"] in risks)
        assert found.risk[at] == pytest.approx(risks.get(row["row"], 0), abs=1 / UNIT)
        assert found.place[at] == -1 or past is not None and past.row[found.place[at]] == row["row"]


def test_a_filter_on_what_the_product_lacks_is_a_fault_of_the_caller() -> None:
    with pytest.raises(KeyError):
        select(typed_rows(10), None, PRODUCT, Filters(values={"estrelas": ("5",)}))


def test_sums_by_code_are_those_of_a_loop_and_what_has_no_code_counts_nowhere() -> None:
    rows = typed_rows(300)
    selection = select(rows, past_risks(rows), PRODUCT, Filters())
    codes = rows["health_plan"].cat.codes.to_numpy()  # some have none
    assert (codes == -1).any()
    found = tally(selection, codes, 6)  # one code more than there is
    for code in range(6):
        at = [place for place in range(len(rows)) if codes[place] == code]
        assert found.rows[code] == len(at)
        for name in ("known", "event", "scored", "risk"):
            total = sum(getattr(selection, name)[place] for place in at)
            assert getattr(found, "events" if name == "event" else name)[code] == pytest.approx(total)


def test_values_are_found_by_category_and_a_missing_one_is_none_of_them() -> None:
    column = pd.Series(pd.Categorical(["a", None, "b", "a"], ["a", "b", "c"]))
    assert has_value(column, ("a", "z")).tolist() == [True, False, False, True]
    assert has_value(column, ("c",)).tolist() == [False] * 4


def test_days_count_from_1970_and_a_missing_date_lies_before_all() -> None:
    found = days(pd.Series(pd.to_datetime(["1970-01-01 23:59", "1969-12-31 00:00", None, "2026-11-23 08:30"])))
    assert found[[0, 1, 3]].tolist() == [0, -1, as_day(dt.date(2026, 11, 23))] and found[2] < NO_DATE
    assert as_date(as_day(dt.date(2024, 2, 29))) == dt.date(2024, 2, 29)


def test_a_row_finds_its_place_in_whatever_order_the_risks_are_kept() -> None:
    rows = typed_rows(40)
    past = past_risks(rows, skip=10)
    found = places(rows, past)
    assert found[:10].tolist() == [-1] * 10 and past.row[found[10:]].tolist() == rows["row"].tolist()[10:]
    none = replace(past, row=np.array([], dtype=past.row.dtype), risk=np.array([]))
    assert places(rows, none).tolist() == places(rows, None).tolist() == [-1] * 40
