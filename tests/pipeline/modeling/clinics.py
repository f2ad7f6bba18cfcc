"""A made-up clinic of forty specialties whose true risks are known: what a model is measured by.

Each specialty has its own level and its own way with hours and weekdays; at eight of them the professional changes in
the middle of the file, a unit opens late, the level of the whole drifts, some bookings are made on the day itself, some
are cancelled, and patients differ.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit

from tests.pipeline.modeling.appointments import STATES, crowded

SPECIALTIES, UNITS, PLANS, CHANGING = 40, 8, 12, 8
SAME_DAY, EXTRA_SLOT, DRIFT, CHANGE = -1.5, 0.5, 0.2, 0.7  # log-odds
DAYS = 120
FIRST = np.datetime64("2026-01-05")


@dataclass(frozen=True)
class Clinic:
    """Typed rows in the order of their days, the true risk of each (n), and the level of each specialty (log-odds)."""

    rows: pd.DataFrame
    risk: np.ndarray
    levels: dict[str, float]

    def until(self, day: int) -> np.ndarray:
        """Mask of the rows before the `day`-th day of the file."""
        return (self.rows["scheduled_date"] < pd.Timestamp(FIRST + day)).to_numpy()


def clinic(n: int, seed: int, *, days: int = DAYS, ids: bool = True, contacts: bool = True) -> Clinic:
    """`n` rows over `days`; without `ids` or `contacts` those columns are empty, the world is the same."""
    rng = np.random.default_rng(seed)
    day = np.sort(rng.choice(np.flatnonzero(np.arange(days) % 7 < 6), n))
    specialty = rng.choice(SPECIALTIES, n, p=_shares(rng, SPECIALTIES))
    unit = rng.choice(UNITS - 1, n, p=_shares(rng, UNITS - 1))
    unit[(day > 0.6 * days) & (rng.random(n) < 0.15)] = UNITS - 1  # opens late
    plan, patient = rng.choice(PLANS, n, p=_shares(rng, PLANS)), rng.integers(0, max(n // 3, 1), n)
    hour, minute = rng.integers(7, 18, n), rng.choice([0, 20, 40, 50], n, p=[0.3, 0.3, 0.3, 0.1])
    lead = np.where(rng.random(n) < 0.25, 0, rng.geometric(1 / 14, n))
    age = rng.integers(0, 90, max(n // 3, 1))[patient]
    level = rng.normal(0, 0.5, SPECIALTIES)
    changed = (specialty < CHANGING) & (day > days / 2)
    z = (
        -1.5
        + level[specialty]
        + rng.normal(0, 0.6, SPECIALTIES)[specialty] * (hour - 12) / 5
        + rng.normal(0, 0.3, (SPECIALTIES, 7))[specialty, day % 7]
        + np.where(changed, rng.choice([-CHANGE, CHANGE], SPECIALTIES)[specialty], 0.0)
        + rng.normal(0, 0.3, UNITS)[unit]
        + rng.normal(0, 0.4, PLANS)[plan]
        + np.where(lead == 0, SAME_DAY, 0.25 * np.log1p(lead))
        + rng.normal(0, 0.7, max(n // 3, 1))[patient]
        + 0.3 * ((age > 17) & (age < 35))
        + EXTRA_SLOT * (minute == 50)
        + DRIFT * day / days
    )
    risk = expit(z)
    cancelled = rng.random(n) < np.where(lead > 14, 0.15, 0.05)
    state = np.where(cancelled, "excluded", np.where(rng.random(n) < risk, "event", "non_event"))
    rows = crowded(n, seed).assign(
        patient_id=_named("P", patient) if ids else _nothing(n),
        unit=_named("Unidade ", unit),
        health_plan=_named("Plano ", plan),
        procedure=_named("Especialidade ", specialty),
        uf=_named("S", np.zeros(n, dtype=np.int64)),
        age=age.astype("float32"),
        scheduled_date=(FIRST + day).astype("datetime64[us]"),
        scheduled_date_hour=(hour + minute / 60).astype("float32"),
        contact_date=(FIRST + day - lead).astype("datetime64[us]") if contacts else np.full(n, "NaT", "datetime64[us]"),
        contact_date_hour=rng.integers(8, 18, n).astype("float32") if contacts else np.full(n, np.nan, "float32"),
        state=pd.Categorical(state, STATES),
        outcome=np.select([state == "event", state == "non_event"], [1.0, 0.0], np.nan).astype("float32"),
    )
    return Clinic(rows, risk, {f"Especialidade {i}": float(value) for i, value in enumerate(level)})


def _shares(rng: np.random.Generator, size: int) -> np.ndarray:
    """A few are common, many are rare."""
    return rng.dirichlet(np.full(size, 2.0))


def _named(prefix: str, codes: np.ndarray) -> pd.Categorical:
    return pd.Categorical.from_codes(
        codes, pd.Index([f"{prefix}{i}" for i in range(int(codes.max()) + 1)], dtype="str")
    )


def _nothing(n: int) -> pd.Categorical:
    return pd.Categorical([None] * n, categories=pd.Index([], dtype="str"))
