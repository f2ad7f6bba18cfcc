"""What slots are worth and how many calls pay: sums that anybody can do again."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.action import money
from pipeline.action.effects import effect
from pipeline.errors import PresencaError
from pipeline.records.effects import ContactCosts, EffectChannel, SlotValue

EXAMPLES = {"": 100.0, "Exame": 300.0}


def test_what_is_edited_stands_before_the_examples() -> None:
    table = money.values(EXAMPLES, {"Exame": 250.0, "Tomografia": 400.0})
    assert SlotValue("Exame", 250.0, example=False) in table and SlotValue("", 100.0) in table
    worth, example = money.of_rows(table, ["Tomografia", "Raio-X", ""], ["Exame", "Exame", "Consulta"])
    assert worth.tolist() == [400.0, 250.0, 100.0] and example
    assert money.of_rows(table, ["Tomografia"], ["Exame"]) == (np.array([400.0]), False)
    assert money.of_rows((), ["x"])[0].tolist() == [0.0]
    edited = money.edited_of_rows(table, ["Tomografia", "Raio-X", ""], ["Exame", "Exame", "Consulta"])
    assert edited[:2].tolist() == [400.0, 250.0] and math.isnan(edited[2])  # an example is nobody's word


@pytest.mark.parametrize("wrong", [-1.0, math.nan, math.inf, 1e12])
def test_what_is_no_amount_is_refused(wrong: float) -> None:
    with pytest.raises(PresencaError, match="money.no_amount"):
        money.values({}, {"Exame": wrong})
    with pytest.raises(PresencaError, match="money.no_amount"):
        money.costs(wrong, 0.1)


def test_a_call_and_a_message_cost_apart() -> None:
    costs = money.costs(4.0, 0.2)
    assert isinstance(costs, ContactCosts) and not costs.example
    assert [costs.of(channel) for channel in EffectChannel] == [4.0, 0.2, 0.2, 0.2]


@given(st.lists(st.floats(-50, 500), max_size=60), st.floats(0.01, 20), st.integers(1, 10))
def test_the_next_call_is_the_first_that_does_not_pay(gains: list[float], cost: float, days: int) -> None:
    found = money.calls_that_pay(gains, cost, days)
    paying = [gain for gain in gains if gain >= cost]
    assert (found.paying, found.listed) == (len(paying), len(gains))
    assert found.a_day * days >= found.paying > (found.a_day - 1) * days or found.paying == found.a_day == 0
    assert found.worth == pytest.approx(sum(paying) - cost * len(paying), abs=1e-6)
    assert (found.next_gain is None) == (len(paying) == len(gains))
    if found.next_gain is not None:
        assert found.next_gain < cost


def test_a_month_is_what_was_won_less_what_was_spent() -> None:
    one = np.array([0.5])
    found = money.expected_a_month(
        one, np.array([1000.0]), np.array([math.log(0.8)]), np.array([0.1]), days=10, spent=20
    )
    assert found.value == pytest.approx((100 - 20) * money.DAYS_A_MONTH / 10)
    assert found.low is not None and found.high is not None and found.low < found.value < found.high
    contacted = np.repeat([True, False], 200)
    came = np.concatenate([np.arange(200) % 10 == 0, np.arange(200) % 5 == 0]).astype(int)
    made = effect.Listed(contacted, came, np.arange(400), np.zeros(400, int), value=np.full(400, 50.0))
    measured = money.measured_a_month(effect.effect(made), days=money.DAYS_A_MONTH, spent=100)
    assert measured is not None and measured.value == pytest.approx(20 * 50 - 100)
    unknown = effect.effect(effect.Listed(contacted, came, np.arange(400), np.zeros(400, int)))
    assert money.measured_a_month(unknown, days=30) is None
