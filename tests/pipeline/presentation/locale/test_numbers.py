"""Numbers as a Brazilian reader expects them."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.presentation.locale import numbers
from pipeline.records import Interval


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (1204, 0, "1.204"),
        (1204.5, 1, "1.204,5"),
        (0.5, 0, "1"),
        (-0.04, 1, "0,0"),
        (-1234567, 0, "−1.234.567"),
        (None, 1, "–"),
        (math.nan, 1, "–"),
    ],
)
def test_decimal(value: float | None, decimals: int, shown: str) -> None:
    assert numbers.decimal(value, decimals) == shown


@pytest.mark.parametrize(
    ("fraction", "decimals", "shown"),
    [(0.185, 1, "18,5%"), (0.185, 0, "19%"), (0.145, 0, "15%"), (1.0, 0, "100%"), (0.0, 1, "0,0%"), (None, 1, "–")],
)
def test_percent(fraction: float | None, decimals: int, shown: str) -> None:
    assert numbers.percent(fraction, decimals) == shown


@pytest.mark.parametrize(
    ("fraction", "decimals", "shown"),
    [(0.09, 0, "+9"), (-0.08, 0, "−8"), (0.031, 1, "+3,1"), (-0.0001, 0, "0"), (-0.0004, 1, "0,0"), (0.0, 2, "0,00")],
)
def test_points(fraction: float, decimals: int, shown: str) -> None:
    assert numbers.points(fraction, decimals) == shown


@given(st.floats(-1e9, 1e9), st.integers(0, 3))
def test_zero_never_has_a_sign(value: float, decimals: int) -> None:
    shown = numbers.signed(value, decimals)
    if not shown.strip("+−").strip("0,."):
        assert shown[0] not in "+−"


@given(st.lists(st.floats(-0.4, 0.4), min_size=1, max_size=12), st.integers(0, 2))
def test_summing_prints_numbers_that_add_up(values: list[float], decimals: int) -> None:
    total = sum(values)
    printed = numbers.summing(values, total, decimals)
    unit = 10.0 ** (-decimals - 2)
    assert sum(round(v / unit) for v in printed) == int(numbers.rounded(total / unit, 0))
    assert all(abs(a - b) < unit * 1.001 for a, b in zip(printed, values, strict=True))


def test_share_never_rounds_something_to_nothing() -> None:
    assert numbers.share(1, 84_076) == "menos de 0,1%"
    assert numbers.share(84_075, 84_076) == "mais de 99,9%"
    assert numbers.share(0, 10) == "0%"
    assert numbers.share(10, 10) == "100%"
    assert numbers.share(1, 8) == "12,5%"
    assert numbers.share(0, 0) == "–"


def test_interval() -> None:
    assert numbers.interval(Interval(0.198, 0.195, 0.201)) == "19,5–20,1%"
    assert numbers.interval(Interval(0.2, 0.1995, 0.2042), 0) == "20,0–20,4%"  # and not 20–20%
    assert numbers.interval(Interval(0.2, 0.2, 0.2), 0) == "20–20%"
    assert numbers.interval(Interval(0.198)) == ""
    assert numbers.interval(None) == ""


def test_dates() -> None:
    assert numbers.date(dt.date(1985, 10, 22)) == "22/10/1985"
    assert numbers.date(dt.date(202, 1, 5)) == "05/01/0202"
    assert numbers.date(None) == "–"
    assert numbers.month("2026-03") == "mar/2026"
    assert numbers.period(dt.date(2026, 2, 1), dt.date(2026, 2, 1)) == "01/02/2026"


def test_words_and_plurals() -> None:
    assert numbers.word(5) == "cinco"
    assert numbers.word(2, feminine=True) == "duas"
    assert numbers.word(1500) == "1.500"
    assert numbers.plural(1, "linha", "linhas") == "1\u00a0linha"
    assert numbers.plural(0, "linha", "linhas") == "0\u00a0linhas"
    assert numbers.listed(["a", "b", "c"]) == "a, b e c"
    assert numbers.listed([]) == ""


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (1, "1\u00a0byte"),
        (999, "999\u00a0bytes"),
        (1_234_567, "1,2\u00a0MB"),
        (999_600, "1,0\u00a0MB"),
        (10**15, "1.000\u00a0TB"),
    ],
)
def test_file_size(size: int, shown: str) -> None:
    assert numbers.file_size(size) == shown


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (20, "20\u00a0bytes"),
        (2_000, "2\u00a0kB"),
        (1_000_000, "1\u00a0MB"),
        (300_000_000, "300\u00a0MB"),
        (300_400_000, "300,4\u00a0MB"),  # a file just over a limit doesn't read like the limit
    ],
)
def test_a_size_held_against_a_limit(size: int, shown: str) -> None:
    assert numbers.exact_size(size) == shown
