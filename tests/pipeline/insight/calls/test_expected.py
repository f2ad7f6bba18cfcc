"""How many events a list brings: cancelling counted in, and an interval that holds what came."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from pipeline.insight.calls import expected
from pipeline.insight.calls.expected import PRIOR_DRIFT, cancelling, events_of, level, with_chances
from pipeline.products.no_show import PRODUCT
from pipeline.records import CalibrationBin, Evaluation, Interval, Level, MetricSet

AS_OF = dt.date(2026, 6, 1)
RATES = {2: 0.05, 10: 0.2, 40: 0.5}  # cancelled, by lead
_ONE = Interval(0.7)


def _rows(n: int, seed: int, days: tuple[int, int], cancel: bool = True) -> pd.DataFrame:
    """A clinic where a third of those who don't cancel stay away, and the more cancel the longer ahead they booked."""
    random = np.random.default_rng(seed)
    lead = random.choice(list(RATES), n)
    gone = random.random(n) < np.array([RATES[d] for d in lead]) * cancel
    day = pd.Timestamp(AS_OF) + pd.to_timedelta(random.integers(*days, n), unit="D")
    state = np.where(gone, "excluded", np.where(random.random(n) < 1 / 3, "event", "non_event"))
    return pd.DataFrame(
        {
            "scheduled_date": day,
            "contact_date": day - pd.to_timedelta(lead, unit="D"),
            "risk": np.full(n, 1 / 3),
            "state": pd.Categorical(state),
        }
    )


PAST = _rows(20_000, 1, (-60, 0))


def _test(off: float = 1.0) -> Evaluation:
    bins = (CalibrationBin(0.2, Interval(0.2 * off), 5_000), CalibrationBin(0.5, Interval(0.5 * off), 1_000))
    return Evaluation((AS_OF, AS_OF), 6_000, 1_500, MetricSet("model", _ONE, _ONE, _ONE, _ONE, _ONE), (), (), bins, ())


def test_the_rate_of_cancelling_is_the_clinic_s_own_by_lead():
    found = cancelling([PAST, _rows(500, 2, (1, 9))], PRODUCT, AS_OF)  # what lies ahead teaches nothing
    assert (found.rows, found.excluded) == (len(PAST), (PAST["state"] == "excluded").sum())
    by_lead = {rate.low: rate for rate in found.rates}
    for low, lead in ((1, 2), (8, 10), (31, 40)):
        assert by_lead[low].chance == pytest.approx(RATES[lead], abs=0.02) and by_lead[low].error < 0.01
    assert by_lead[4].rows == 0 and by_lead[4].chance == pytest.approx(found.excluded / found.rows)
    assert by_lead[-1].chance == pytest.approx(found.excluded / found.rows)


def test_expected_events_leave_out_who_cancels_and_the_interval_covers():
    found, inside = cancelling([PAST], PRODUCT, AS_OF), 0
    for seed in range(100):
        listed = with_chances(_rows(400, 100 + seed, (1, 30)), found, PRODUCT, AS_OF, standing=False)
        said = expected.expected(listed, found, Level(0.0, 0.0, 5))
        came = (listed["state"] == "event").sum()
        assert said.events.value == pytest.approx(events_of(listed).sum()) and said.risk == pytest.approx(400 / 3)
        assert said.events.low is not None and said.events.high is not None
        inside += said.events.low <= came <= said.events.high
    assert 0.92 <= inside / 100 <= 1.0
    naive = Level(0.0, 0.0, 5)
    assert expected.expected(listed, found, naive).events.value < 0.85 * 400 / 3


def test_a_booking_that_still_stands_near_its_day_is_cancelled_less():
    found = cancelling([PAST], PRODUCT, AS_OF)
    rows = pd.DataFrame(
        {
            "scheduled_date": pd.to_datetime(["2026-06-03", "2026-06-03", None]),
            "risk": 0.5,
            "contact_date": pd.to_datetime(["2026-04-20", None, "2026-05-01"]),
        }
    )
    standing = with_chances(rows, found, PRODUCT, AS_OF, standing=True)["cancel_chance"]
    as_made = with_chances(rows, found, PRODUCT, AS_OF, standing=False)["cancel_chance"]
    overall = found.excluded / found.rows
    assert standing[0] == pytest.approx(RATES[2], abs=0.02) and as_made[0] == pytest.approx(RATES[40], abs=0.02)
    assert standing[1] == standing[2] == pytest.approx(overall)


def test_no_known_cancellation_takes_nothing_off():
    found = cancelling([_rows(3_000, 5, (-60, 0), cancel=False)], PRODUCT, AS_OF)
    listed = with_chances(_rows(100, 6, (1, 9)), found, PRODUCT, AS_OF, standing=True)
    said = expected.expected(listed, found, Level(0.0, 0.1, 0))
    assert found.excluded == 0 and said.cancelled == 0 and said.events.value == pytest.approx(said.risk)


def test_the_level_drifts_as_it_did_between_weeks():
    random = np.random.default_rng(3)
    day = np.repeat(np.arange(20_000, 20_000 + 84), 100)
    risk = np.full(len(day), 0.2)
    lift = 1 + 0.3 * np.sin((day - 4) // 7)
    steady, moving = ((random.random(len(day)) < risk * by).astype(float) for by in (1.0, lift))
    assert level(_test(), risk, steady, day).drift < 0.07
    found = level(_test(), risk, moving, day)
    assert 0.12 < found.drift < 0.25 and found.periods >= 11
    assert level(_test()) == Level(pytest.approx(0.0216, abs=0.001), PRIOR_DRIFT, 0)
