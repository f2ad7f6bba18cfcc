"""Affine calibration in log-odds: risk = sigmoid(intercept + slope · f), so that explanations survive it.

The slope is learnt from rows that no model had seen. The level is each model's own: its mean risk over the rows
it learnt from is their rate, the latest rows counting most. A level taken from the folds would carry on what the
clinic's rate happened to do between one fold and the next; on a month of real appointments that cost up to 0.0013 of
the next days' Brier score. A level of all rows alike lags behind a clinic whose rate moves: on six made-up ones
that drift, half-lives of 14 to 45 days were nearer the next weeks' rate, and on the real month all were alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq, minimize
from scipy.special import expit

LEVEL_HALF_LIFE = 30  # days: by then a row counts half as much for the level
_LATEST = 1_000  # rows: where they take more days than that, the half-life is theirs
_LEAST_WEIGHT = 1e-3
_WIDEST = 50.0  # log-odds: beyond it every risk is 0 or 1
_MIN_SLOPE = 0.05  # a model that ranks backwards is flattened, never turned round


@dataclass(frozen=True)
class Calibration:
    """A straight line over the log-odds: risk = 1 / (1 + e^−(intercept + slope · margin))."""

    slope: float
    intercept: float

    def risk(self, margin: np.ndarray) -> np.ndarray:
        """Risks (float64) of raw margins."""
        return expit(self.intercept + self.slope * margin)

    def at_level(self, margin: np.ndarray, rate: float, weight: np.ndarray | None = None) -> Calibration:
        """The same slope with the intercept at which the mean risk of `margin` is `rate`, between 0 and 1 exclusive.

        The mean is weighted by `weight` (n, positive) where it is given.
        """
        scaled = self.slope * margin
        reach = _WIDEST + float(np.abs(scaled).max())

        def gap(intercept: float) -> float:
            return float(np.average(expit(intercept + scaled), weights=weight)) - rate

        return Calibration(self.slope, float(brentq(gap, -reach, reach)))


def recency(day: np.ndarray) -> np.ndarray:
    """How much each row (its day, int64, shape n) counts for the level: half as much every LEVEL_HALF_LIFE days.

    A clinic of few rows would get a level of a handful: there half as much in the days of the latest thousand.
    """
    age = day.max() - day
    latest = int(np.partition(age, min(_LATEST, len(age)) - 1)[: min(_LATEST, len(age))].max())
    return np.maximum(0.5 ** (age / max(LEVEL_HALF_LIFE, latest)), _LEAST_WEIGHT)


def fit(margin: np.ndarray, outcome: np.ndarray) -> Calibration:
    """The maximum-likelihood slope and intercept (Platt 1999) on margins that the model made of unseen rows."""

    def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
        z = theta[0] + theta[1] * margin
        residual = expit(z) - outcome
        return float(np.logaddexp(0, z).sum() - (outcome * z).sum()), np.array(
            [residual.sum(), (residual * margin).sum()]
        )

    found = minimize(loss, np.array([0.0, 1.0]), jac=True, method="L-BFGS-B", bounds=[(None, None), (_MIN_SLOPE, None)])
    return Calibration(slope=float(found.x[1]), intercept=float(found.x[0]))
