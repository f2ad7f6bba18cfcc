"""The day of a list, and the day that it opens on."""

import datetime as dt

import pandas as pd
import pytest

from pipeline.insight.calls.first_day import bounds, day_of_list, opening_day
from pipeline.products.no_show import PRODUCT

UNTIL = dt.date(2026, 9, 30)


def _rows(*days: tuple[str, str, str]) -> pd.DataFrame:
    """(date, state, UF) of each row."""
    return pd.DataFrame(
        {
            "scheduled_date": pd.to_datetime([d for d, _, _ in days]),
            "state": pd.Categorical([s for _, s, _ in days]),
            "uf": pd.Categorical([u for _, _, u in days]),
            "outcome": float("nan"),
        }
    )


def test_the_day_after_what_is_known_while_something_lies_ahead() -> None:
    rows = _rows(("2026-10-05", "event", "SP"), ("2026-10-08", "pending", "SP"))
    assert day_of_list(rows, None, PRODUCT, UNTIL, None) == (dt.date(2026, 10, 6), False)
    assert day_of_list(rows, None, PRODUCT, UNTIL, dt.date(2026, 10, 5)) == (dt.date(2026, 10, 5), True)
    assert day_of_list(rows, None, PRODUCT, UNTIL, dt.date(2026, 10, 9)) == (dt.date(2026, 10, 9), False)
    future = _rows(("2026-09-01", "pending", "SP"), ("2026-10-08", "pending", "SP"))  # never before the training's end
    assert day_of_list(future, None, PRODUCT, UNTIL, None) == (dt.date(2026, 10, 1), False)


def test_a_file_that_is_over_looks_back_from_before_its_first_unseen_outcome() -> None:
    rows = _rows(("2026-09-20", "event", "SP"), ("2026-10-20", "event", "SP"), ("2026-10-21", "non_event", "SP"))
    assert day_of_list(rows, None, PRODUCT, UNTIL, None) == (dt.date(2026, 10, 19), True)
    seen = _rows(("2026-09-20", "event", "SP"))
    assert day_of_list(seen, None, PRODUCT, UNTIL, None) == (dt.date(2026, 10, 1), False)


@pytest.mark.parametrize(
    ("days", "opens"),
    [
        (
            ["2026-10-09", "2026-10-10", "2026-10-13"],
            "2026-10-13",
        ),  # Saturday; Monday 12 is a national holiday and has no rows
        (["2026-10-09", "2026-10-12", "2026-10-14"], "2026-10-14"),  # its rows lie on a holiday
        (["2026-10-09"], "2026-10-09"),
    ],
)
def test_it_opens_on_the_next_working_day(days: list[str], opens: str) -> None:
    rows = _rows(*((day, "pending", "SP") for day in days))
    assert opening_day(rows, PRODUCT, dt.date(2026, 10, 9)) == dt.date.fromisoformat(opens)


def test_a_holiday_of_one_uf_is_worked_in_another() -> None:
    both = _rows(
        ("2026-07-09", "pending", "SP"), ("2026-07-10", "pending", "SP"), ("2026-07-09", "pending", "ES")
    )  # 9 July: São Paulo
    assert opening_day(both, PRODUCT, dt.date(2026, 7, 8)) == dt.date(2026, 7, 9)
    assert opening_day(both.iloc[:2], PRODUCT, dt.date(2026, 7, 8)) == dt.date(2026, 7, 10)
    assert opening_day(both.iloc[:0], PRODUCT, dt.date(2026, 7, 8)) is None


def test_bounds_hold_the_day_whatever_it_is() -> None:
    rows = _rows(("2026-10-05", "pending", "SP"))
    for as_of in (dt.date(2026, 1, 1), dt.date(2026, 10, 2), dt.date(2030, 1, 1)):
        first, last = bounds(rows, PRODUCT, UNTIL, as_of)
        assert first <= as_of <= last
