"""A list: working days by UF, one entry a patient, the best first, as many as can be called, and all accounted for."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.action.contacts.planning import Asked, Bookings, plan, reasons
from pipeline.action.contacts.working_days import horizon, is_worked, within
from pipeline.action.effects import control
from pipeline.records.contacts import Never, NeverKind, QueueSettings

FRIDAY = dt.date(2026, 11, 20)  # Dia da Consciência Negra, a holiday everywhere since 2024
MONDAY = dt.date(2026, 11, 23)
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
WIDE = QueueSettings(people=9, calls_a_day=99, days_ahead=5)


def test_days_ahead_are_working_days_and_the_days_off_behind_them() -> None:
    assert horizon(MONDAY, 1) == dt.date(2026, 11, 24)
    assert horizon(dt.date(2026, 11, 26), 1) == dt.date(2026, 11, 29)  # Friday, and whoever comes at the weekend
    assert horizon(dt.date(2026, 11, 18), 1, {FRIDAY}) == dt.date(2026, 11, 22)  # Thursday, then the holiday
    assert horizon(MONDAY, 0) == MONDAY


@given(DAYS, st.integers(1, 15), st.sets(DAYS, max_size=20))
def test_as_many_working_days_as_asked_lie_within_the_horizon(day: dt.date, ahead: int, off: set[dt.date]) -> None:
    last = horizon(day, ahead, off)
    between = [day + dt.timedelta(days=n) for n in range(1, (last - day).days + 1)]
    assert sum(is_worked(one, off) for one in between) == ahead
    assert is_worked(last + dt.timedelta(days=1), off)


def test_each_uf_has_its_own_holidays() -> None:
    days = np.array(["2026-11-25", "2026-11-25", "2026-11-24"], "datetime64[D]")
    off = {"ES": {dt.date(2026, 11, 24)}, "": set()}
    assert within(days, np.array(["ES", "SP", "XX"], object), MONDAY, 1, off).tolist() == [True, False, True]


def made(patients: list[str], risk: list[float], days: list[int] | None = None, **other: object) -> Bookings:
    """Bookings of these patients, by default all of tomorrow."""
    n = len(patients)
    ahead = days or [1] * n
    empty = np.full(n, "", dtype=object)
    found = Bookings(
        np.arange(1, n + 1, dtype=np.uint64),
        np.array(patients, dtype=object),
        np.array([np.datetime64(MONDAY) + d for d in ahead], "datetime64[D]") if n else np.array([], "datetime64[D]"),
        np.array(risk),
        empty,
        empty,
        empty,
        empty,
        np.zeros(n, bool),
    )
    return replace(found, **other)  # type: ignore[arg-type]


def test_a_patient_is_one_entry_with_all_bookings_ranked_by_the_riskiest() -> None:
    found = plan(made(["a", "b", "a", "", ""], [0.1, 0.5, 0.9, 0.3, 0.4], [2, 1, 1, 1, 1]), Asked(WIDE, MONDAY))
    assert found.names.tolist() == ["a", "b", "=0000000000000005", "=0000000000000004"]
    assert found.at.tolist() == [2, 0, 1, 4, 3] and found.patient.tolist() == [0, 0, 1, 2, 3]
    assert found.strata.tolist() == [4, 3, 2, 1]


def test_what_a_call_gains_goes_before_risk_where_it_is_known() -> None:
    gain = np.array([0.01, 0.2, np.nan, 0.05, 0.05])
    found = plan(made(["a", "b", "c", "d", "d"], [0.9, 0.1, 0.8, 0.2, 0.2], gain=gain), Asked(WIDE, MONDAY))
    assert found.names.tolist() == ["b", "d", "a", "c"]


def test_each_booking_that_is_in_no_list_says_why() -> None:
    bookings = made(
        ["a", "b", "c", "d", "e", "f", "g", "h"],
        [0.9, 0.9, 0.9, 0.9, 0.9, np.nan, 0.05, 0.9],
        [0, 1, 9, 1, 1, 1, 1, -1],
        same_day=np.array([0, 1, 0, 0, 0, 0, 0, 0], bool),
        units=np.array(["N", "N", "N", "S", "N", "N", "N", "N"], object),
        procedures=np.array(["", "", "", "", "Sessão", "", "", ""], object),
    )
    asked = Asked(
        replace(WIDE, floor=0.1), MONDAY, units=("N",), never=[Never(NeverKind.PROCEDURE, "Sessão")], muted={"a"}
    )
    assert reasons(bookings, asked).tolist() == [
        "same_day",
        "same_day",
        "too_far",
        "other_unit",
        "never",
        "unscored",
        "",
        "over",
    ]
    found = plan(bookings, asked)
    assert not len(found.at) and sum(n for _, n in found.left_out) == 8 and dict(found.left_out)["below"] == 1


@given(
    st.lists(st.tuples(st.sampled_from("abcdefgh"), st.floats(0, 1), st.integers(-1, 12)), max_size=40),
    st.integers(1, 6),
    st.sampled_from([0.0, 0.1, 0.5]),
    st.floats(0, 1),
)
def test_a_list_is_never_longer_than_asked_and_loses_no_booking(
    rows: list[tuple[str, float, int]], calls: int, share: float, floor: float
) -> None:
    bookings = made([r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows])
    settings = QueueSettings(calls_a_day=calls, days_ahead=4, floor=floor, control_share=share)
    found = plan(bookings, Asked(settings, MONDAY))
    assert len(found.names) <= np.ceil(calls / (1 - share)) and len(set(found.names)) == len(found.names)
    assert len(found.at) + sum(n for _, n in found.left_out) == len(rows)
    assert (np.diff(found.risk) <= 0).all() and (found.risk >= floor).all()
    assert set(found.strata) <= {1, 2, 3, 4}


@pytest.mark.parametrize("kind", [NeverKind.PATIENT, NeverKind.UNIT])
def test_who_is_never_called_is_in_no_list(kind: NeverKind) -> None:
    bookings = made(["a", "b"], [0.9, 0.8], units=np.array(["a", "b"], object))
    assert plan(bookings, Asked(WIDE, MONDAY, never=[Never(kind, "a")])).names.tolist() == ["b"]


@pytest.mark.parametrize(("capacity", "share"), [(200, 0.1), (7, 0.15), (1, 0.1), (40, 0.5), (3, 1 / 3)])
def test_never_more_contacts_than_capacity_whatever_chance_draws(capacity: int, share: float) -> None:
    bookings = made([f"p{n}" for n in range(300)], np.linspace(1, 0, 300).tolist())
    before = {f"p{n}": False for n in range(0, 40, 2)}  # in a list without a control group
    for seed in range(25):
        for apart in ({}, before):
            asked = replace(WIDE, people=1, calls_a_day=capacity, control_share=share, seed=seed)
            found = plan(bookings, Asked(asked, MONDAY, apart=apart))
            drawn, _ = control.control(found.names.tolist(), found.risk, share, seed, known=apart)
            assert capacity - 4 <= (~drawn).sum() <= capacity
