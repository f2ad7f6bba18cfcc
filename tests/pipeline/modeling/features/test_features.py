"""The fast features against plain loops that read like their definitions."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from pipeline.folding import fold
from pipeline.modeling.features.aggregates import SMOOTHING, WINDOW_DAYS
from pipeline.modeling.features.build import aggregate, build
from pipeline.modeling.features.patient_history import PRIOR_WEIGHT
from pipeline.products.no_show import PRODUCT
from tests.pipeline.modeling.appointments import crowded

NAN = float("nan")
HISTORY = ("outcomes", "events", "rate", "last_outcome", "streak", "days_since_last", "days_since_event")


class Booking:
    """One row in plain values."""

    def __init__(self, row: dict) -> None:
        self.patient = None if pd.isna(row["patient_id"]) else row["patient_id"]
        self.event = row["scheduled_date"].toordinal()
        self.contact = None if pd.isna(row["contact_date"]) else row["contact_date"].toordinal()
        self.made = self.event if self.contact is None else self.contact
        self.outcome = None if math.isnan(row["outcome"]) else row["outcome"]
        self.unit, self.plan = (None if pd.isna(row[k]) else fold(row[k]) for k in ("unit", "health_plan"))
        self.moment = self.event - 1 if self.contact is None else max(self.contact, self.event - 1)


def _bookings(rows: pd.DataFrame) -> list[Booking]:
    return [Booking(row) for row in rows.to_dict("records")]


def _history(own: Booking, everyone: list[Booking]) -> dict[str, float]:
    known = [b for b in everyone if b.outcome is not None and own.moment - WINDOW_DAYS <= b.event < own.moment]
    if not known:
        return dict.fromkeys(HISTORY, NAN)
    mine = [b for b in known if b.patient == own.patient]
    if own.patient is None:
        return dict.fromkeys(HISTORY, NAN)
    prior = sum(b.outcome for b in known) / len(known)  # type: ignore[misc]
    events = sum(b.outcome for b in mine)  # type: ignore[misc]
    missed = [b.event for b in mine if b.outcome == 1]
    lately = sorted((b.event, b.outcome) for b in mine)[-3:]  # type: ignore[type-var]
    return {
        "outcomes": len(mine),
        "events": events,
        "rate": (events + PRIOR_WEIGHT * prior) / (len(mine) + PRIOR_WEIGHT) - prior,
        "last_outcome": lately[-1][1] if mine else NAN,
        "streak": sum(o for _, o in lately) if mine else NAN,  # type: ignore[misc,dict-item]
        "days_since_last": own.moment - max(b.event for b in mine) if mine else NAN,
        "days_since_event": own.moment - max(missed) if missed else NAN,
    }


def _others(own: Booking, everyone: list[Booking]) -> dict[str, float]:
    if own.patient is None or own.contact is None:
        return dict.fromkeys(("same_day", "to_come", "made_30_days", "past_60_days"), NAN)
    known = [b for b in everyone if b is not own and b.patient == own.patient and b.made < own.moment]
    past = [b for b in everyone if b is not own and b.patient == own.patient and b.event < own.moment]
    return {
        "same_day": sum(b.event == own.event for b in known),
        "to_come": sum(b.event >= own.moment for b in known),
        "made_30_days": sum(b.made >= own.moment - 30 for b in known),
        "past_60_days": sum(b.event >= own.moment - 60 for b in past),
    }


def _rate(own: Booking, everyone: list[Booking]) -> dict[str, float]:
    known = [b for b in everyone if b.outcome is not None and own.moment - WINDOW_DAYS <= b.event < own.moment]
    if own.plan is None or not known:
        return {"rate": NAN, "seen": NAN}
    prior = sum(b.outcome for b in known) / len(known)  # type: ignore[misc]
    same = [b.outcome for b in known if b.plan == own.plan]
    rate = (sum(same) + SMOOTHING * prior) / (len(same) + SMOOTHING)  # type: ignore[arg-type]
    return {"rate": rate - prior, "seen": math.log1p(1000 * len(same) / len(known))}


def _load(own: Booking, everyone: list[Booking]) -> dict[str, float]:
    seen_from = own.event - 1
    if own.unit is None or own.contact is None:
        return {"bookings": NAN}
    others = [
        b for b in everyone if b is not own and b.unit == own.unit and b.event == own.event and b.made < seen_from
    ]
    return {"bookings": math.log1p(len(others))}


@pytest.mark.parametrize("seed", range(8))
def test_against_plain_loops(seed: int) -> None:
    rows = crowded(70, seed, days=90)
    columns = build(rows, PRODUCT).columns
    everyone = _bookings(rows)
    expected = []
    for own in everyone:
        line = {f"history__{k}": v for k, v in _history(own, everyone).items()}
        line |= {f"other_bookings__{k}": v for k, v in _others(own, everyone).items()}
        line |= {f"health_plan__{k}": v for k, v in _rate(own, everyone).items()}
        expected.append(line | {f"load__{k}": v for k, v in _load(own, everyone).items()})
    wanted = pd.DataFrame(expected).astype("float32")
    for name in wanted:
        np.testing.assert_allclose(columns[name], wanted[name], rtol=1e-5, atol=1e-6, err_msg=name)
    assert wanted.notna().any().all()


def test_scoring_reads_rates_of_the_model_and_history_apart() -> None:
    past, future = crowded(200, 1), crowded(20, 2, days=5)
    future["scheduled_date"] += pd.Timedelta(days=60)
    future["contact_date"] += pd.Timedelta(days=60)
    future["outcome"], future["state"] = (
        np.float32("nan"),
        pd.Categorical(["pending"] * 20, past["state"].cat.categories),
    )
    tables = aggregate(past, PRODUCT)
    columns = build(future, PRODUCT, history=past, aggregates=tables).columns
    together = build(
        pd.concat([past.astype({"unit": "object"}), future.astype({"unit": "object"})]).astype({"unit": "category"}),
        PRODUCT,
    )
    for name in ("history__outcomes", "history__events", "other_bookings__to_come"):
        np.testing.assert_allclose(columns[name], together.columns[name].to_numpy()[200:])
    labelled = past[past["outcome"].notna() & past["unit"].notna()]
    sums = labelled.groupby(labelled["unit"].astype(str).map(fold))["outcome"].agg(["sum", "count"])
    prior = past["outcome"].mean()
    for unit, rate in zip(future["unit"], columns["unit__rate"], strict=True):
        if pd.isna(unit):
            assert math.isnan(rate)
        else:
            events, outcomes = sums.loc[fold(unit)]
            assert rate == pytest.approx((events + SMOOTHING * prior) / (outcomes + SMOOTHING) - prior, abs=1e-6)


def test_without_history_it_is_unknown_and_never_zero() -> None:
    alone = crowded(10, 4)
    alone["outcome"], alone["state"] = (
        np.float32("nan"),
        pd.Categorical(["pending"] * 10, alone["state"].cat.categories),
    )
    columns = build(alone, PRODUCT).columns
    assert columns.filter(like="history__").isna().all().all()
    nobody = crowded(10, 4)
    nobody["patient_id"] = pd.Categorical([None] * 10)
    columns = build(nobody, PRODUCT).columns
    assert columns[["history__outcomes", "history__rate", "other_bookings__to_come"]].isna().all().all()
    no_contact = crowded(10, 4)
    no_contact["contact_date"] = pd.NaT
    columns = build(no_contact.astype({"contact_date": "datetime64[us]"}), PRODUCT).columns
    assert columns[["lead_time__days", "load__bookings", "other_bookings__same_day"]].isna().all().all()


def test_every_column_belongs_to_a_declared_factor() -> None:
    table = build(crowded(20, 0), PRODUCT)
    assert set(table.factor_of) == set(table.columns.columns)
    assert set(table.factor_of.values()) == {spec.key for spec in PRODUCT.features}
    assert all(str(dtype) == "float32" for dtype in table.columns.dtypes)
