"""Rows whose patient somebody had reached before the event: what came may be what the contact brought about.

A patient who was called and came teaches that risky people come. Such rows neither teach nor measure a model; they are
still bookings and outcomes that others may know of. Given its columns a row's risk without a contact is the same
whether or not somebody called, so that learning from the others needs no weights; measures of a whole do, for callers
choose the risky: rows that were not contacted stand for those of like risk that were (post-stratification, Holt & Smith
1979, JRSS A 142: 33).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

CONTACTED = "contacted_before"  # bool column of typed rows; absent where nobody was
_STRATA = 10


def contacted_before(rows: pd.DataFrame) -> np.ndarray:
    """Mask (n) of the rows whose patient was reached before the event."""
    if CONTACTED not in rows:
        return np.zeros(len(rows), dtype=bool)
    return rows[CONTACTED].to_numpy(dtype=bool)


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
