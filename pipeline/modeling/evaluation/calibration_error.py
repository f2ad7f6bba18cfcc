"""The calibration error with the noise taken out: what bins of few rows seem to be off by, though nothing is wrong.

The mean of |observed − predicted| over bins is above zero for a perfect model, by the chance of the draw alone; a
bootstrap adds that chance a second time, and its interval misses the truth (Kumar, Liang & Ma 2019, NeurIPS 32,
"Verified uncertainty calibration"; Roelofs et al. 2022, AISTATS 25, "Mitigating bias in calibration error
estimation"). Here the chance is told by the bins themselves: if all bins were off by δ, the mean of |gap| would be
that of folded normal variables (Leone, Nelson & Nottingham 1961, Technometrics 3: 543). The estimate is the δ under
which this mean is what was seen, zero where less was seen than chance gives; the interval holds every δ under which
what was seen lies within 1.96 standard deviations.
"""

from __future__ import annotations

import numpy as np
from scipy.special import erf

from pipeline.records import Interval

BINS = 10
_Z95 = 1.959963984540054
_STEPS = 2_001  # of the search for δ: a ten-thousandth for errors up to a fifth
_LEAST = 40  # rows: four a bin


def calibration_error(risk: np.ndarray, outcome: np.ndarray, patients: np.ndarray) -> Interval:
    """ECE over ten bins of equal size with its 95 % interval (fractions), rows of one patient taken together.

    `risk`, `outcome` (0/1), `patients` (codes, −1 for a patient of its own): n each. Under 40 rows there is no
    interval, and the value is the plain mean of |gap|.
    """
    order = np.argsort(risk, kind="stable")
    bins = np.empty(len(risk), dtype=np.int64)
    bins[order] = np.arange(len(risk)) * BINS // max(len(risk), 1)
    residual = outcome - risk
    share = np.bincount(bins, minlength=BINS) / max(len(risk), 1)
    rows = np.maximum(np.bincount(bins, minlength=BINS), 1)
    gap = np.bincount(bins, residual, BINS) / rows
    seen = float((share * np.abs(gap)).sum())
    if len(risk) < _LEAST:
        return Interval(seen)
    spread = _spread(residual - gap[bins], bins, patients, rows)
    return _inverted(seen, share, spread)


def _spread(centred: np.ndarray, bins: np.ndarray, patients: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Standard error of each bin's gap; residuals of one patient in one bin are summed first."""
    own = np.where(patients >= 0, patients, patients.max(initial=-1) + 1 + np.arange(len(patients)))
    pairs, place = np.unique(own * BINS + bins, return_inverse=True)
    sums = np.bincount(place, centred)
    return np.sqrt(np.bincount(pairs % BINS, sums**2, BINS)) / rows


def _inverted(seen: float, share: np.ndarray, spread: np.ndarray) -> Interval:
    """The δ that explain a mean |gap| of `seen`, given each bin's share of rows and standard error."""
    error = np.linspace(0.0, seen + 4 * float(spread.max()), _STEPS)[:, None]
    noise = np.maximum(spread, 1e-12)
    folded = noise * np.sqrt(2 / np.pi) * np.exp(-((error / noise) ** 2) / 2) + error * erf(error / noise / np.sqrt(2))
    mean = folded @ share
    deviation = np.sqrt(np.maximum((error**2 + noise**2 - folded**2) @ share**2, 0))
    value = float(np.interp(seen, mean, error[:, 0])) if seen > mean[0] else 0.0
    likely = error[np.abs(seen - mean) <= _Z95 * deviation, 0]
    if not len(likely):  # less was seen than chance alone gives
        return Interval(value, value, value)
    return Interval(value, float(min(likely[0], value)), float(max(likely[-1], value)))
