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


LATE_RATES = {1: 0.02, 5: 0.06, 20: 0.12, 45: 0.2}  # given up in the last two days, by lead
EARLIER = 0.15  # of those made long ahead, given up with time to spare


def _given_up(n: int, seed: int, days: tuple[int, int]) -> pd.DataFrame:
    """Bookings of which some are given up on a told day, late or early, and some on a day that nobody wrote down."""
    random = np.random.default_rng(seed)
    lead = random.choice(list(LATE_RATES), n)
    late = random.random(n) < np.array([LATE_RATES[d] for d in lead])
    early = ~late & (lead >= 5) & (random.random(n) < EARLIER)
    undated = ~late & ~early & (random.random(n) < 0.05)
    day = pd.Timestamp(AS_OF) + pd.to_timedelta(random.integers(*days, n), unit="D")
    ahead = np.where(late, random.integers(0, 1 + np.minimum(lead, 2)), np.minimum(lead, random.integers(3, 20, n)))
    stands = np.where(random.random(n) < 0.3, "event", "non_event")
    gone = pd.Series(day - pd.to_timedelta(ahead, unit="D")).where(late | early)
    return pd.DataFrame(
        {
            "scheduled_date": day,
            "contact_date": day - pd.to_timedelta(lead, unit="D"),
            "cancelled_date": gone.to_numpy(),
            "risk": np.full(n, 0.3),
            "state": pd.Categorical(np.where(late | early | undated, "excluded", stands)),
        }
    )


def test_late_cancellations_have_their_own_rate_by_lead_and_never_touch_the_risk():
    past = _given_up(40_000, 11, (-90, 0))
    found = expected.late_cancelling([past, _given_up(3_000, 12, (0, 20))], PRODUCT, AS_OF, 2)
    gone, told = past["state"] == "excluded", past["cancelled_date"].notna()
    assert found is not None and found.rows == int((~gone | told).sum())  # what nobody dated is in neither
    ahead = (past["scheduled_date"] - past["cancelled_date"]).dt.days
    assert found.excluded == int((ahead <= 2).sum())
    by_lead = {rate.low: rate for rate in found.rates}
    for low, lead in ((1, 1), (4, 5), (15, 20), (31, 45)):
        rate, share = by_lead[low], LATE_RATES[lead] / (1 - 0.05 * (1 - LATE_RATES[lead]))
        assert abs(rate.chance - share) < 4 * rate.error + 0.01, lead
        own = (past["scheduled_date"] - past["contact_date"]).dt.days == lead
        assert (rate.rows, rate.excluded) == (int((own & (~gone | told)).sum()), int((own & (ahead <= 2)).sum()))
    assert [by_lead[low].chance for low in (1, 4, 15, 31)] == sorted(by_lead[low].chance for low in (1, 4, 15, 31))

    listed = _given_up(400, 13, (1, 30)).assign(contact_date=pd.Timestamp("2026-04-10"))
    shown = expected.with_late_chances(listed, [past], PRODUCT, AS_OF, standing=True)
    left = (listed["scheduled_date"] - pd.Timestamp(AS_OF)).dt.days
    near, far = shown.loc[left <= 3, expected.LATE], shown.loc[left >= 15, expected.LATE]
    assert near.max() < far.min() and np.array_equal(shown["risk"], listed["risk"])
    assert set(shown.columns) - set(listed.columns) == {expected.LATE}


def test_the_wider_late_is_taken_the_more_is_late_and_without_days_nothing_is_told():
    past = _given_up(5_000, 14, (-90, 0))
    rates = [expected.late_cancelling([past], PRODUCT, AS_OF, within) for within in (0, 1, 2, 7, 30)]
    counts = [found.excluded for found in rates if found is not None]
    assert len(counts) == 5 and counts == sorted(counts) and counts[0] < counts[2] < counts[-1]
    assert counts[-1] == int(past["cancelled_date"].notna().sum())
    untold = past.drop(columns="cancelled_date")
    assert expected.late_cancelling([untold], PRODUCT, AS_OF, 2) is None
    assert expected.with_late_chances(past, [untold], PRODUCT, AS_OF, standing=True) is past
