"""Risks and outcomes → the honest test: whole, by group, beside references, with intervals that resample patients.

Observed over expected, and the slope of the logistic regression of the outcome on the log-odds of the risk, are the
usual questions to a model in a new place (Van Calster et al. 2019, BMC Medicine 17: 230). The slope of each resample
is one Newton step from the estimate, which differs from the whole fit by less than a resample does from the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from pipeline.modeling import calibration
from pipeline.modeling.evaluation.calibration_error import calibration_error
from pipeline.modeling.evaluation.metrics import percentile_interval, ranked, resampled, resampled_in_turn
from pipeline.records import Interval, Skill, SkillReference

_CELLS = 40_000_000  # of the table of resamples: beyond it there are fewer of them, at least FEWEST
MOST, FEWEST = 400, 60
_EDGE = 1e-9  # a risk is never quite 0 or 1
TENTH = 0.1


@dataclass(frozen=True)
class Judged:
    """n rows that a model did not learn from: risk, outcome (0/1) and patient (code, −1 for one of its own).

    `weight`: how many rows each stands for (see modeling.contacted); None: one.
    """

    risk: np.ndarray
    outcome: np.ndarray
    patients: np.ndarray
    weight: np.ndarray | None = None

    def taken(self, inside: np.ndarray) -> Judged:
        """The rows of a mask only."""
        weight = None if self.weight is None else self.weight[inside]
        return Judged(self.risk[inside], self.outcome[inside], self.patients[inside], weight)

    def resamples(self, seed: int, most: int = MOST) -> np.ndarray:
        """Weights (1 + resamples, n): the rows as they are, then patients drawn anew."""
        drawn = resampled(self.patients, seed, self._number(most))
        return drawn if self.weight is None else drawn * self.weight.astype(np.float32)

    def resamples_in_turn(self, seed: int, most: int = MOST) -> Iterator[np.ndarray]:
        """The same, no more of them together than the memory holds beside the rows."""
        number = self._number(most)
        together = int(np.clip(_CELLS // max(len(self.risk), 1), 1, number + 1))
        for drawn in resampled_in_turn(self.patients, seed, number, together):
            yield drawn if self.weight is None else drawn * self.weight.astype(np.float32)

    def _number(self, most: int) -> int:
        return min(int(np.clip(_CELLS // max(len(self.risk), 1), FEWEST, MOST)), most)

    def by_patient(self, values: np.ndarray) -> np.ndarray:
        """The sum of `values` (n) of each patient."""
        own = np.where(self.patients >= 0, self.patients, self.patients.max(initial=-1) + 1 + np.arange(len(values)))
        return np.bincount(np.unique(own, return_inverse=True)[1], values)

    @property
    def measurable(self) -> bool:
        """Whether both outcomes came, without which nothing is ordered."""
        return len(np.unique(self.outcome)) == 2


def skill(rows: Judged, weights: np.ndarray | Iterable[np.ndarray]) -> Skill:
    """The measures of rows with both outcomes, each with its interval over `weights` (see Judged.resamples, or
    resamples_in_turn).
    """
    line = _line(rows)
    parts = [_drawn(rows, some, line) for some in ([weights] if isinstance(weights, np.ndarray) else weights)]
    drawn = {name: percentile_interval(np.concatenate([part[name] for part in parts])) for name in parts[0]}
    return Skill(
        rows=len(rows.risk),
        events=int(rows.outcome.sum()),
        predicted=float(np.average(rows.risk, weights=rows.weight)),
        ece=calibration_error(rows.risk, rows.outcome, rows.patients),
        **drawn,
    )


def _drawn(rows: Judged, weights: np.ndarray, line: _Line) -> dict[str, np.ndarray]:
    """Each measure under each set of weights."""
    drawn, total = ranked(rows.risk, rows.outcome, weights), weights.sum(axis=1)
    return {
        "auc": drawn["auc"],
        "brier": drawn["brier"],
        "log_loss": weights @ losses(rows) / total,
        "ratio": (weights @ rows.outcome) / (weights @ rows.risk),
        "slope": line.slopes(weights),
        "recall_at_10pct": drawn["recall_at_10pct"],
        "lift": drawn["recall_at_10pct"] / TENTH,
    }


def losses(rows: Judged) -> np.ndarray:
    """−log of the probability that was given to what came, row by row."""
    return -np.log(np.clip(np.where(rows.outcome == 1, rows.risk, 1 - rows.risk), _EDGE, None))


@dataclass(frozen=True)
class _Line:
    """The logistic regression of the outcome on the log-odds of the risk: its slope, and of each row the log-odds, what
    the line leaves, and how steep it is there.
    """

    slope: float
    z: np.ndarray
    left: np.ndarray
    steep: np.ndarray

    def slopes(self, weights: np.ndarray) -> np.ndarray:
        """The slope of each set of weights, by one step of Newton."""
        left, steep, z = self.left, self.steep, self.z
        level, tilt = (weights @ np.column_stack([left, left * z])).T
        flat, cross, square = (weights @ np.column_stack([steep, steep * z, steep * z * z])).T
        size = flat * square - cross**2
        return self.slope + np.where(size > 0, (flat * tilt - cross * level) / np.where(size > 0, size, 1.0), 0.0)


def _line(rows: Judged) -> _Line:
    z = logit(np.clip(rows.risk, _EDGE, 1 - _EDGE))
    found = calibration.fit(z, rows.outcome)
    said = expit(found.intercept + found.slope * z)
    return _Line(found.slope, z, rows.outcome - said, said * (1 - said))


def beside(rows: Judged, others: Mapping[str, np.ndarray], weights: np.ndarray) -> tuple[SkillReference, ...]:
    """What simpler ways (key → risks) say of the same rows, and how much better the model is; pairs of resamples."""
    own = ranked(rows.risk, rows.outcome, weights)
    made = []
    for key, risk in others.items():
        theirs = ranked(risk, rows.outcome, weights)
        gaps = {name: percentile_interval(own[name] - theirs[name]) for name in own}
        made.append(
            SkillReference(
                key,
                percentile_interval(theirs["auc"]),
                percentile_interval(theirs["brier"]),
                percentile_interval(theirs["recall_at_10pct"]),
                gaps["auc"],
                gaps["brier"],
                gaps["recall_at_10pct"],
            )
        )
    return tuple(made)


def gaps(first: Judged, second: Judged, weights: np.ndarray) -> tuple[Interval, Interval, Interval]:
    """Second minus first on the same rows and resamples: AUC, Brier, log-loss."""
    one, two = (ranked(item.risk, item.outcome, weights) for item in (first, second))
    lost = weights @ (losses(second) - losses(first)) / weights.sum(axis=1)
    return (
        percentile_interval(two["auc"] - one["auc"]),
        percentile_interval(two["brier"] - one["brier"]),
        percentile_interval(lost),
    )
