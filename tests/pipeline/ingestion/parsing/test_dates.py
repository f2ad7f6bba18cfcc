"""Dates are read d/m/y unless the column proves otherwise; a day that does not exist is never invented."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingestion.parsing.dates import ParsedDates, parse_ages, parse_dates
from tests.pipeline.ingestion.tables import texts

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31))


def read(*values: str, last_year: int = 2046, **options: bool) -> ParsedDates:
    return parse_dates(texts(*values), last_year=last_year, **options)


def day(value: str, **options: int) -> dt.date | None:
    return read(value, **options).days[0].item()


@pytest.mark.parametrize(
    "text",
    [
        "22/10/1985",
        "22-10-1985",
        "22.10.1985",
        "22/10/85",
        "1985-10-22",
        "1985/10/22",
        "19851022",
        "22101985",
        "31342",
        "1985-10-22T14:30:00-03:00",
        "22/10/1985 14h30",
        "22/10/1985, 14:30",
        "22/10/1985 às 14:30",
        "22 de outubro de 1985",
        "22/out/1985",
        "22-OUT-85",
        "terça-feira, 22/10/1985",
        "1985-10-22 00:00:00.000",
        "22/10/1985 2:30 PM",
    ],
)
def test_a_day_in_the_ways_clinics_write_it(text: str) -> None:
    assert day(text, last_year=2026) == dt.date(1985, 10, 22)


@pytest.mark.parametrize(
    "text",
    [
        "31/02/2025",
        "00/00/0000",
        "32/10/2026",
        "0",
        "34",
        "1985",
        "ontem",
        "22/10",
        "10/01/2025 abc",
        "14:30",
        "12345678909",
        "01/01/0205",
        "22/10-1985",
        "999999",
        "10 01 2025",
    ],
)
def test_what_is_no_day_is_unreadable(text: str) -> None:
    parsed = read(text)
    assert not parsed.readable[0] and np.isnat(parsed.days[0])


@given(DAYS, st.sampled_from(["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%d/%m/%Y 09:15"]))
def test_every_day_survives_every_form(value: dt.date, form: str) -> None:
    written = value.strftime(form)
    assert day("31/01/2025") is not None and read("31/01/2025", written).days[1].item() == value


@given(st.lists(DAYS, min_size=1, max_size=20, unique=True))
def test_month_first_only_where_day_first_is_impossible(values: list[dt.date]) -> None:
    parsed = read(*[v.strftime("%m/%d/%Y") for v in values])
    forced = all(v.month <= 12 for v in values) and sum(v.day > 12 for v in values) >= max(1, 0.2 * len(values))
    assert parsed.month_first == forced
    if forced:
        assert parsed.days.tolist() == values


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(text: str) -> None:
    parsed = read(text.strip() or "x")
    assert parsed.days.shape == parsed.hours.shape == (1,)


def test_one_slip_does_not_turn_a_column_around() -> None:
    parsed = read("01/02/2025", "03/04/2025", "05/06/2025", "07/08/2025", "09/10/2025", "11/12/2025", "05/25/2025")
    assert not parsed.month_first and parsed.days[0].item() == dt.date(2025, 2, 1) and np.isnat(parsed.days[6])


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("10/01/2025 14:30", 14.5),
        ("10/01/2025 14h30", 14.5),
        ("10/01/2025 9h", 9.0),
        ("10/01/2025 2:30 PM", 14.5),
        ("2025-01-10T14:30:00Z", 14.5),
        ("45667.75", 18.0),
        ("10/01/2025 00:00", 0.0),
        ("10/01/2025", None),
        ("10/01/2025 25:00", None),
    ],
)
def test_the_hour_beside_the_day(text: str, hour: float | None) -> None:
    found = read(text)
    assert found.days[0].item() == dt.date(2025, 1, 10)
    assert np.isnan(found.hours[0]) if hour is None else found.hours[0] == pytest.approx(hour)


def test_two_digit_years_turn_at_the_last_year() -> None:
    assert day("01/01/26", last_year=2026) == dt.date(2026, 1, 1)
    assert day("01/01/27", last_year=2026) == dt.date(1927, 1, 1)


def test_ages_in_place_of_dates() -> None:
    column = read("34", "8 meses", "71 anos", "2", "34a 2m", accepts_age=True)
    assert column.ages is not None and np.isnat(column.days).all()
    assert column.ages.tolist() == pytest.approx([34, 8 / 12, 71, 2, 34])
    assert read("01/02/1990", "34", "03/04/1985", accepts_age=True).ages is None
    assert np.isnan(parse_ages(texts("22/10/1985"))[0])
