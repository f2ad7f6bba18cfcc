"""Affine calibration in log-odds: risk = sigmoid(intercept + slope · f), so that explanations survive it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

_MIN_SLOPE = 0.05  # a model that ranks backwards is flattened, never turned round


@dataclass(frozen=True)
class Calibration:
    slope: float
    intercept: float

    def risk(self, margin: np.ndarray) -> np.ndarray:
        """Risks (float64) of raw margins."""
        return expit(self.intercept + self.slope * margin)


def fit(margin: np.ndarray, outcome: np.ndarray) -> Calibration:
    """The maximum-likelihood slope and intercept (Platt 1999) on margins that the model made of unseen rows."""

    def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
        z = theta[0] + theta[1] * margin
        residual = expit(z) - outcome
        return float(np.logaddexp(0, z).sum() - (outcome * z).sum()), np.array([residual.sum(), (residual * margin).sum()])

    found = minimize(loss, np.array([0.0, 1.0]), jac=True, method="L-BFGS-B", bounds=[(None, None), (_MIN_SLOPE, None)])
    return Calibration(slope=float(found.x[1]), intercept=float(found.x[0]))
