"""Whom to contact first: by what a contact gains, and how well an order finds those whom it helps."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pipeline.action.effects import uplift
from pipeline.action.effects.uplift import Cases, UpliftModel
from pipeline.records import Interval, Note
from pipeline.records.effects import CameTo, OrderJudged, Qini, QiniPoint

LEAST_JUDGED = 100  # appointments in each arm from which an order is judged
_RESAMPLES = 500
_POINTS = 20
_BATCH = 50
Scorer = Callable[[Cases, Cases], np.ndarray]  # (what is learnt from, what is ordered) to a score, highest first


def gain(risk: np.ndarray, reduction: np.ndarray, value: np.ndarray, cost: np.ndarray | float = 0.0) -> np.ndarray:
    """What a contact gains on each row, in R$: risk * relative reduction of it * value of the slot - cost."""
    return risk * reduction * value - cost


def by_patient(
    patient: np.ndarray, risk: np.ndarray, gains: np.ndarray | None = None, cost: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """Patients (as `patient` names them) in order of gain, and their gains: one contact for all of a patient's
    appointments, paid once. `gains`: of rows, before cost; None where nothing is known of values or effects: then the
    order is that of each patient's highest risk, which also decides between equal gains.
    """
    names, place = np.unique(patient, return_inverse=True)
    highest = np.zeros(len(names))
    np.maximum.at(highest, place, risk)
    total = highest if gains is None else np.bincount(place, weights=gains, minlength=len(names)) - cost
    order = np.lexsort((-highest, -total))
    return names[order], total[order]


def gains_of(model: UpliftModel, cases: Cases, value: np.ndarray | float = 1.0) -> np.ndarray:
    """Gain of each row before its cost by a model: in events where `value` is 1."""
    reduction = model.reduction(cases.channel, cases.risk, cases.quarter, cases.category)
    return gain(cases.risk, reduction, np.asarray(value))


def learnt_gain(learnt: Cases, ordered: Cases) -> np.ndarray:
    """The order by gain as `held_out` asks for it."""
    return gains_of(uplift.fit(learnt), ordered)


def risk_alone(learnt: Cases, ordered: Cases) -> np.ndarray:
    """The order by risk as `held_out` asks for it; nothing is learnt."""
    return ordered.risk


def held_out(cases: Cases, *scorers: Scorer, seed: int = 7) -> tuple[np.ndarray, ...]:
    """Scores of every row by each scorer, learnt on the half of the patients to which it doesn't belong."""
    _, place = np.unique(cases.patient, return_inverse=True)
    half = np.random.default_rng(seed).permutation(place.max() + 1)[place] % 2 == 0
    found = [np.zeros(len(half)) for _ in scorers]
    for side in (half, ~half):
        for scores, scorer in zip(found, scorers, strict=True):
            scores[side] = scorer(cases.of(~side), cases.of(side))
    return tuple(_ranked(scores, half) for scores in found)


def _ranked(scores: np.ndarray, half: np.ndarray) -> np.ndarray:
    """Each half's scores as their ranks in 0..1: two models' scales are not one."""
    ranks = np.empty(len(scores))
    for side in (half, ~half):
        ranks[side] = np.argsort(np.argsort(scores[side], kind="stable"), kind="stable") / max(side.sum(), 1)
    return ranks


def judged(cases: Cases) -> OrderJudged:
    """Whether the order by gain, learnt on one half of the patients, finds in the other those whom a contact helps;
    or why that can't be told. `cases`: of lists with a control group.
    """
    own = np.isin(cases.came, (CameTo.EVENT, CameTo.NON_EVENT)) & (cases.risk > 0) & (cases.quarter > 0)
    sizes = int((own & cases.contacted).sum()), int((own & ~cases.contacted).sum())
    why = _why_not(cases, own, *sizes)
    if why is not None:
        return OrderJudged(None, None, *sizes, why)
    rows = cases.of(own)
    gain, risk = held_out(rows, learnt_gain, risk_alone)
    return OrderJudged(qini(rows, gain), qini_gap(rows, gain, risk), *sizes)


def _why_not(cases: Cases, own: np.ndarray, contacted: int, control: int) -> Note | None:
    if cases.contacted.all() or not cases.contacted.any():
        return Note("effect.order_no_control")
    if not own.any() and not (cases.risk > 0).any():
        return Note("effect.order_no_risk")
    if min(contacted, control) < LEAST_JUDGED:
        return Note("effect.order_too_few", {"least": LEAST_JUDGED, "contacted": contacted, "control": control})
    return None


def qini(cases: Cases, score: np.ndarray, *, value: np.ndarray | None = None, seed: int = 7) -> Qini:
    """How well an order (highest score first) finds whom a contact helps, on drawn arms; the score must not have been
    learnt on these rows (see `held_out`).

    The area between the curve of avoided events and a chance order's (Radcliffe 2007, Direct Marketing Analytics
    Journal 1: 14), avoided events counted by arms' odds; 95 % interval by resampling patients. `value`: R$ of slots.
    """
    rows = _rows(cases, value)
    areas = _areas(rows, score[rows.own][:, None], seed)
    low, high = np.quantile(areas[1:, 0], (0.025, 0.975))
    return Qini(Interval(float(areas[0, 0]), float(low), float(high)), len(rows.avoided), _curve(rows, score[rows.own]))


def qini_gap(
    cases: Cases, score: np.ndarray, other: np.ndarray, *, value: np.ndarray | None = None, seed: int = 7
) -> Interval:
    """By how much one order's Qini is above another's, with its interval: the same patients resampled for both."""
    rows = _rows(cases, value)
    areas = _areas(rows, np.column_stack([score, other])[rows.own], seed)
    gaps = areas[:, 0] - areas[:, 1]
    low, high = np.quantile(gaps[1:], (0.025, 0.975))
    return Interval(float(gaps[0]), float(low), float(high))


class _Rows:
    """Judged rows: what contacting each avoided, as its arm's odds estimate it (Horvitz & Thompson 1952); patient."""

    def __init__(self, own: np.ndarray, avoided: np.ndarray, patient: np.ndarray) -> None:
        self.own, self.avoided, self.patient = own, avoided, patient


def _rows(cases: Cases, value: np.ndarray | None) -> _Rows:
    own = np.isin(cases.came, (CameTo.EVENT, CameTo.NON_EVENT))
    judged, worth = cases.of(own), 1.0 if value is None else value[own]
    share = float(judged.contacted.mean()) if len(judged.came) else 0.0
    event = (judged.came == CameTo.EVENT) * worth
    # about the mean of each quarter of risk, which the draw makes alike in both arms: it takes noise away, not effect
    event = event - _usual(judged, event)
    odds = np.where(judged.contacted, -1 / max(share, 1e-9), 1 / max(1 - share, 1e-9))
    return _Rows(own, odds * event, np.unique(judged.patient, return_inverse=True)[1])


def _usual(judged: Cases, event: np.ndarray) -> np.ndarray:
    """Mean event per row of its quarter of risk, both arms counting alike."""
    found = np.zeros(len(event))
    for quarter in np.unique(judged.quarter):
        own = judged.quarter == quarter
        means = [event[own & arm].mean() for arm in (judged.contacted, ~judged.contacted) if (own & arm).any()]
        found[own] = np.mean(means)
    return found


def _areas(rows: _Rows, scores: np.ndarray, seed: int) -> np.ndarray:
    """float (1 + resamples, orders): the areas over all rows, then over patients drawn with replacement (as often as
    Poisson has it; Hanley & MacGibbon 2006), each drawn area by its linear part in the rows (Efron & Tibshirani 1993,
    ch. 22), so that a hundred thousand rows take a second.
    """
    chance = np.random.default_rng(seed)
    patients = int(rows.patient.max()) + 1 if len(rows.patient) else 0
    found = [_area(rows.avoided, np.argsort(-scores[:, k], kind="stable")) for k in range(scores.shape[1])]
    whole = np.array([area for area, _ in found])
    by_patient = np.column_stack([np.bincount(rows.patient, part, minlength=patients) for _, part in found])
    drawn = [chance.poisson(1.0, (_BATCH, patients)) @ by_patient for _ in range(_RESAMPLES // _BATCH)]
    return np.concatenate([whole[None, :], whole + np.concatenate(drawn) / max(len(rows.avoided), 1)])


def _area(avoided: np.ndarray, order: np.ndarray) -> tuple[float, np.ndarray]:
    """The area, to which a row contacted at the share f of the list adds (1/2 - f) of what it avoids, and each row's
    part in it: its own, and that it moves those behind it further back.
    """
    ordered, n = avoided[order], max(len(order), 1)
    place = (np.arange(len(order)) + 0.5) / n
    own = ordered * (0.5 - place)
    behind = (ordered.sum() - np.cumsum(ordered)) / n
    part = np.empty(len(order))
    part[order] = own - own.sum() / n - behind + (ordered * place).sum() / n
    return float(own.sum() / n), part


def _curve(rows: _Rows, score: np.ndarray) -> tuple[QiniPoint, ...]:
    avoided = np.cumsum(rows.avoided[np.argsort(-score, kind="stable")]) / max(len(score), 1)
    at = np.linspace(0, len(score), _POINTS + 1).round().astype(np.int64)
    return tuple(QiniPoint(float(i / max(len(score), 1)), float(avoided[i - 1]) if i else 0.0) for i in at)
