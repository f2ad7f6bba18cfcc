"""How good risks are on rows that no model had seen: metrics with intervals that resample patients, paired.

AUC: Mann–Whitney with ties (Hanley & McNeil 1982). Average precision: Σ (Rₖ − Rₖ₋₁) Pₖ. Brier: mean squared
error. ECE: see `calibration_error`. Reach: the share of all events among the tenth of rows with the highest risk.
Intervals: percentiles of a bootstrap over patients (Efron 1979), the same resamples for model and references, so that
differences are paired.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from pipeline.contract import DETRACTOR_MAX
from pipeline.modeling.evaluation.calibration_error import BINS, calibration_error
from pipeline.records import (
    CalibrationBin,
    Difference,
    Evaluation,
    Interval,
    MetricSet,
    ReachPoint,
    StarEvaluation,
    StarMetrics,
)
from pipeline.records.modeling import MODEL
from pipeline.statistics import wilson

RESAMPLES = 400
_METRICS = ("auc", "average_precision", "brier", "recall_at_10pct")


@dataclass(frozen=True)
class Predicted:
    """What a model says of n rows: the risk and, where the target is a rating, the five probabilities (n × 5)."""

    risk: np.ndarray
    stars: np.ndarray | None = None

    def taken(self, mask: np.ndarray) -> Predicted:
        """What is said of the rows of `mask` (bool, n) only."""
        return Predicted(self.risk[mask], None if self.stars is None else self.stars[mask])


@dataclass(frozen=True)
class JudgedRows:
    """What is known of the n rows of a test: outcome 0/1, `ratings` 1 to 5 where there are, and the days they span.

    `patients` are codes (int64, n); rows of one code are resampled together, −1 stands for a patient of its own.
    `weight`: how many rows each stands for (see modeling.contacted); None: one.
    """

    outcome: np.ndarray
    patients: np.ndarray
    period: tuple[dt.date, dt.date] | None
    ratings: np.ndarray | None = None
    weight: np.ndarray | None = None


def evaluate(
    model: Predicted,
    references: Mapping[str, Predicted],
    rows: JudgedRows,
    *,
    seed: int,
    resamples: int = RESAMPLES,
) -> Evaluation:
    """The test of a model and of the references on the same n rows."""
    outcome, ratings = rows.outcome, rows.ratings
    weights = resampled(rows.patients, seed, resamples)
    if rows.weight is not None:
        weights = weights * rows.weight.astype(np.float32)
    told = {MODEL: model, **references}
    draws = {name: ranked(said.risk, outcome, weights) for name, said in told.items()}
    sets = {
        name: _set(name, draws[name], calibration_error(said.risk, outcome, rows.patients))
        for name, said in told.items()
    }
    return Evaluation(
        period=rows.period,
        rows=len(outcome),
        events=int(outcome.sum()),
        model=sets[MODEL],
        references=tuple(sets[name] for name in references),
        differences=tuple(_difference(name, draws[MODEL], draws[name]) for name in references),
        calibration=calibration_bins(model.risk, outcome),
        reach=reach_curve(model.risk, outcome),
        stars=None
        if ratings is None or model.stars is None
        else star_evaluation(
            {MODEL: model.stars, **{n: p.stars for n, p in references.items() if p.stars is not None}}, ratings, weights
        ),
    )


def star_evaluation(said: Mapping[str, np.ndarray], ratings: np.ndarray, weights: np.ndarray) -> StarEvaluation:
    """How well the stars themselves are told; the first of `said` (name → n × 5) is the model."""
    draws = {name: star_metrics(probabilities, ratings, weights) for name, probabilities in said.items()}
    own, *others = draws

    def record(name: str, values: Mapping[str, np.ndarray]) -> StarMetrics:
        return StarMetrics(name, **{metric: percentile_interval(drawn) for metric, drawn in values.items()})

    return StarEvaluation(
        record(own, draws[own]),
        tuple(record(name, draws[name]) for name in others),
        tuple(
            record(name, {metric: draws[own][metric] - draws[name][metric] for metric in draws[own]}) for name in others
        ),
    )


def star_metrics(probabilities: np.ndarray, ratings: np.ndarray, weights: np.ndarray) -> dict[str, np.ndarray]:
    """For each set of weights:
    AUC of 1–2 against 4–5 stars, accuracy, Cohen's kappa with quadratic weights (1968), log-loss.
    """
    stars = ratings.astype(int)
    best = probabilities.argmax(axis=1) + 1
    loss = -np.log(np.clip(probabilities[np.arange(len(stars)), stars - 1], 1e-15, None))
    poles = stars != DETRACTOR_MAX + 1
    risk = probabilities[:, :DETRACTOR_MAX].sum(axis=1)
    pairs = (stars - 1) * 5 + best - 1
    total = weights.sum(axis=1)
    return {
        "auc_poles": ranked(risk[poles], (stars <= DETRACTOR_MAX)[poles], weights[:, poles])["auc"],
        "accuracy": weights @ (best == stars) / total,
        "kappa": np.array([_kappa(np.bincount(pairs, w, minlength=25).reshape(5, 5)) for w in weights]),
        "log_loss": weights @ loss / total,
    }


def _kappa(table: np.ndarray) -> float:
    gap = (np.arange(5)[:, None] - np.arange(5)) ** 2
    chance = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    return float(1 - (gap * table).sum() / max((gap * chance).sum(), 1e-12))


def resampled(patients: np.ndarray, seed: int, number: int) -> np.ndarray:
    """Weights (number + 1, n): the rows as they are, then how often each is drawn when patients are resampled.

    `patients`: codes, −1 for a patient of its own.
    """
    return next(resampled_in_turn(patients, seed, number, number + 1))


def resampled_in_turn(patients: np.ndarray, seed: int, number: int, together: int) -> Iterator[np.ndarray]:
    """The weights of `resampled`, so many rows of them together: of a large file all of them would fill the memory."""
    own = np.where(patients >= 0, patients, patients.max(initial=-1) + 1 + np.arange(len(patients)))
    codes = np.unique(own, return_inverse=True)[1]
    size = int(codes.max(initial=-1)) + 1
    rng = np.random.default_rng(seed)
    for first in range(0, number + 1, together):
        weights = np.ones((min(together, number + 1 - first), len(patients)), dtype=np.float32)
        for row in weights[0 if first else 1 :]:
            row[:] = np.bincount(rng.integers(0, size, size), minlength=size)[codes]
        yield weights


def ranked(risk: np.ndarray, outcome: np.ndarray, weights: np.ndarray) -> dict[str, np.ndarray]:
    """AUC, average precision, Brier and reach for each set of weights (the first are the rows as they are)."""
    order = np.argsort(-risk, kind="stable")
    p, y = risk[order], outcome[order].astype(np.float64)
    ends = np.append(np.flatnonzero(np.diff(p)), len(p) - 1)  # last row of each run of equal risks
    rows = [_one(p, y, w[order].astype(np.float64), ends) for w in weights]
    return {name: np.array([row[i] for row in rows]) for i, name in enumerate(_METRICS)}


def _one(p: np.ndarray, y: np.ndarray, w: np.ndarray, ends: np.ndarray) -> tuple[float, float, float, float]:
    """Metrics of rows sorted by falling risk; `w` counts each row."""
    hits, total = np.cumsum(w * y)[ends], np.cumsum(w)[ends]
    events, rows = hits[-1], total[-1]
    misses = total - hits
    others = misses[-1]
    if events == 0 or others == 0:
        return (float("nan"),) * 4
    step, back = np.diff(hits, prepend=0.0), np.diff(misses, prepend=0.0)
    auc = float((step * (others - misses + back / 2)).sum() / (events * others))
    precision = float((step * hits / np.maximum(total, 1e-12)).sum() / events)
    brier = float((w * (p - y) ** 2).sum() / rows)
    place = np.searchsorted(total, 0.1 * rows)
    before_hits, before_total = (hits[place - 1], total[place - 1]) if place else (0.0, 0.0)
    inside = (0.1 * rows - before_total) / max(total[place] - before_total, 1e-12)
    reach = float((before_hits + inside * (hits[place] - before_hits)) / events)
    return auc, precision, brier, reach


def auc(risk: np.ndarray, outcome: np.ndarray) -> float:
    """AUC alone, without an interval."""
    return float(ranked(risk, outcome, np.ones((1, len(risk)), dtype=np.float32))["auc"][0])


def _set(name: str, draws: Mapping[str, np.ndarray], ece: Interval) -> MetricSet:
    return MetricSet(name, ece=ece, **{metric: percentile_interval(values) for metric, values in draws.items()})


def percentile_interval(values: np.ndarray) -> Interval:
    """The first of `values` with the 2.5 and 97.5 percentiles of the others; without them under twenty."""
    drawn = values[1:][np.isfinite(values[1:])]
    if len(drawn) < 20:
        return Interval(float(values[0]))
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Interval(float(values[0]), float(low), float(high))


def _difference(name: str, model: Mapping[str, np.ndarray], other: Mapping[str, np.ndarray]) -> Difference:
    return Difference(
        name, *(percentile_interval(model[metric] - other[metric]) for metric in ("auc", "brier", "recall_at_10pct"))
    )


def calibration_bins(risk: np.ndarray, outcome: np.ndarray) -> tuple[CalibrationBin, ...]:
    """Ten bins of equal size, from the lowest risk: mean predicted, observed with its interval."""
    order = np.argsort(risk, kind="stable")
    made = []
    for part in np.array_split(order, BINS):
        if len(part):
            observed = wilson(int(outcome[part].sum()), len(part))
            if observed is not None:
                made.append(CalibrationBin(float(risk[part].mean()), observed, len(part)))
    return tuple(made)


def reach_curve(risk: np.ndarray, outcome: np.ndarray) -> tuple[ReachPoint, ...]:
    """Share of events reached by calling the riskiest 0, 2, 4 … 100 % of rows."""
    hits = np.concatenate([[0.0], np.cumsum(outcome[np.argsort(-risk, kind="stable")])])
    shares = np.linspace(0, 1, 51)
    places = np.round(shares * len(risk)).astype(int)
    return tuple(ReachPoint(float(s), float(hits[i] / max(hits[-1], 1))) for s, i in zip(shares, places, strict=True))
