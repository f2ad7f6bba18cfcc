"""The draw: each patient in one arm, the same arm again, shares kept in each quarter, odds that are the share."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.action.effects import control

PATIENTS = st.lists(st.tuples(st.integers(0, 60).map(str), st.floats(0, 1)), max_size=120)
SHARES = st.lists(st.integers(0, 10), min_size=2, max_size=4).filter(sum).map(lambda w: tuple(x / sum(w) for x in w))


def drawn(rows: list[tuple[str, float]], shares: tuple[float, ...], seed: int = 7, **more: object) -> control.Drawn:
    return control.draw([p for p, _ in rows], np.array([r for _, r in rows]), shares, seed, **more)  # type: ignore[arg-type]


@settings(max_examples=60)
@given(PATIENTS, SHARES, st.integers(0, 5), st.randoms(use_true_random=False))
def test_a_patient_has_one_arm_whatever_the_order(rows, shares, seed, shuffle) -> None:  # type: ignore[no-untyped-def]
    found = drawn(rows, shares, seed)
    arms = {(patient, int(arm)) for (patient, _), arm in zip(rows, found.arm, strict=True)}
    assert len(arms) == len({patient for patient, _ in rows})
    again = list(rows)
    shuffle.shuffle(again)
    other = drawn(again, shares, seed)
    assert {(patient, int(arm)) for (patient, _), arm in zip(again, other.arm, strict=True)} == arms


@settings(max_examples=60)
@given(PATIENTS, SHARES, st.integers(0, 5))
def test_each_quarter_keeps_the_shares_up_to_one(rows, shares, seed) -> None:  # type: ignore[no-untyped-def]
    found = drawn(rows, shares, seed)
    once = {patient: (arm, q) for (patient, _), arm, q in zip(rows, found.arm, found.quarter, strict=True)}
    arms = np.array([arm for arm, _ in once.values()], int)
    quarters = np.array([q for _, q in once.values()], int)
    for quarter in (1, 2, 3, 4):
        own = quarters == quarter
        for place, share in enumerate(shares):
            assert abs((arms[own] == place).sum() - share * own.sum()) < 1 + 1e-9
    if len(shares) == 2:
        assert abs((arms == 0).sum() - shares[0] * len(arms)) < 1 + 1e-9


def test_nobody_is_control_where_the_share_is_none() -> None:
    for seed in range(50):
        assert not control.control([str(n) for n in range(37)], np.linspace(0, 1, 37), 0.0, seed)[0].any()


def test_the_odds_of_each_are_the_share_even_of_five() -> None:
    names, risk = list("abcde"), np.array([0.1, 0.2, 0.3, 0.4, 0.5])
    times = np.mean([control.control(names, risk, 0.1, seed)[0] for seed in range(600)], axis=0)
    assert np.abs(times - 0.1).max() < 0.05


def test_quarters_hold_alike_many_and_rise_with_risk() -> None:
    risk = np.random.default_rng(1).random(101)
    quarter = control.draw([str(n) for n in range(101)], risk, (0.5, 0.5), 7).quarter
    assert sorted(np.bincount(quarter)[1:]) == [25, 25, 25, 26]
    assert max(risk[quarter == 1]) < min(risk[quarter == 4])


@settings(max_examples=40)
@given(PATIENTS, st.integers(0, 9), st.integers(0, 5))
def test_a_list_made_again_with_more_in_it_keeps_the_arms(rows, tenths, seed) -> None:  # type: ignore[no-untyped-def]
    before = control.control([p for p, _ in rows], np.array([r for _, r in rows]), tenths / 10, seed)[0]
    known = {patient: bool(arm) for (patient, _), arm in zip(rows, before, strict=True)}
    more = [*rows, *((f"new {n}", n / 20) for n in range(20))]
    after = control.control([p for p, _ in more], np.array([r for _, r in more]), tenths / 10, seed, known=known)[0]
    assert list(after[: len(rows)]) == list(before)
    if not tenths:
        assert not after.any()


@settings(max_examples=80)
@given(
    st.integers(1, 60),
    st.sampled_from([0.0, 0.05, 0.1, 0.15, 0.3, 1 / 3, 0.5]),
    st.dictionaries(st.integers(0, 90).map(str), st.booleans(), max_size=60),
    st.integers(0, 30),
)
def test_no_draw_contacts_more_than_fit(capacity, share, known, seed) -> None:  # type: ignore[no-untyped-def]
    names, risk = [str(n) for n in range(120)], np.linspace(1, 0, 120)
    for drawn_before in ({}, known):
        fit = control.fitting(names, risk, share, seed, capacity, known=drawn_before)
        apart, _ = control.control(names[:fit], risk[:fit], share, seed, known=drawn_before)
        assert (~apart).sum() <= capacity
        if not drawn_before:
            assert fit in (int(capacity / (1 - share) + 1e-9), 120)


def test_another_season_is_another_draw_and_shares_must_sum_to_one() -> None:
    names, risk = [str(n) for n in range(200)], np.linspace(0, 1, 200)
    one, other = (control.draw(names, risk, (0.5, 0.5), 7, salt=salt).arm for salt in ("2026-1", "2026-2"))
    assert 60 < (one != other).sum() < 140
    with pytest.raises(ValueError, match="shares"):
        control.draw(names, risk, (0.5, 0.6), 7)
