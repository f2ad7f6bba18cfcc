"""Rows whose patient somebody had reached before the event: what came may be what the contact brought about.

A patient who was called and came teaches that risky people come. Such rows neither teach nor measure a model; they are
still bookings and outcomes that others may know of. Given its columns a row's risk without a contact is the same
whether or not somebody called, so that learning from the others needs no weights; measures of a whole do, for callers
choose the risky: rows that were not contacted stand for those of like risk that were (post-stratification, Holt & Smith
1979, JRSS A 142: 33). Where a clinic seeks nearly everybody, a contact chooses nobody: its risks are of patients who
were sought, and all rows teach.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.contract import Product, Role
from pipeline.modeling.features.prediction_time import NO_DAY, days, event_days, known_outcomes

CONTACTED = "contacted_before"  # bool column of typed rows; absent where nobody was
ROUTINE = 0.5  # of the rows with an outcome: a contact of so many is the usual way, not a choice
_STRATA = 10


def contacted_before(rows: pd.DataFrame, product: Product) -> np.ndarray:
    """Mask (n) of the rows whose patient was sought before the day of the event: by what the app recorded (CONTACTED),
    or by the file's own date of it, unless that is the clinic's usual way.
    """
    recorded = rows[CONTACTED].to_numpy(dtype=bool) if CONTACTED in rows else np.zeros(len(rows), dtype=bool)
    field = product.by_role(Role.REACHED)
    if field is None or field.key not in rows:
        return recorded
    sought = days(rows[field.key])
    told = (sought > NO_DAY) & (sought < event_days(rows, product))
    known = known_outcomes(rows)
    usual = known.any() and told[known].mean() >= ROUTINE
    return recorded if usual else recorded | told


def back_to_all(measured: np.ndarray, left_out: np.ndarray) -> np.ndarray | None:
    """How many rows each measured one (its risk, n) stands for, with those `left_out` (their risks, m); mean 1.

    By tenths of the measured risks, so that each has measured rows. None where nothing was left out.
    """
    left_out = left_out[~np.isnan(left_out)]
    if not len(left_out) or not len(measured):
        return None
    edges = np.unique(np.quantile(measured, np.arange(1, _STRATA) / _STRATA))
    own, others = (np.searchsorted(edges, risk, side="right") for risk in (measured, left_out))
    counts = np.bincount(own, minlength=len(edges) + 1)
    share = 1 + np.bincount(others, minlength=len(edges) + 1) / np.maximum(counts, 1)
    return share[own] / share[own].mean()
