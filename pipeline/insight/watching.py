"""Rows after a model's training → how good it stayed, which fields moved, and an advice by declared rules.

The advice is the strictest that a rule asks for; `why` names the rules.

- train again: the order was lost (see modeling.evaluation.carrying), or what the model never met, or what moved far,
  carries much of the risk (`NEW`, `FAR`, both with `HEAVY`);
- set the level: level or slope lie wholly outside what is wanted, and the order holds;
- watch: a measure is in doubt or unknown, outcomes are too few, or a field that weighs moved (`MOVED`, `WEIGHS`);
- keep: none of these.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.contract import FeatureKind, FeatureSpec, Product
from pipeline.insight import evaluation, fit
from pipeline.modeling.contacted import back_to_all
from pipeline.modeling.evaluation import carrying, skill, splits
from pipeline.modeling.evaluation.skill import Judged
from pipeline.modeling.features.prediction_time import NO_DAY, contact_days, day_number, event_days
from pipeline.modeling.model import TrainedModel
from pipeline.modeling.training_set import patients_of
from pipeline.records import (
    DOUBTFUL,
    FAILS,
    KEEP,
    MONTH,
    SET_LEVEL,
    TRAIN_AGAIN,
    UNKNOWN,
    WATCH,
    CarryOver,
    FieldShift,
    Interval,
    ModelCard,
    Skill,
    SkillSplit,
    Watched,
)

MOVED, FAR = 0.10, 0.25  # total variation beyond chance: from here on a field moved, moved far
NEW = 0.20  # of the rows in values that the model never met
WEIGHS, HEAVY = 0.05, 0.10  # share of the model's points that rest on a field
_MOST_VALUES = 50  # of a field that count apart
_LEADS = (0, 1, 3, 7, 15, 30, 60)  # days from which a booking is in the next group
_BY_VALUE = (FeatureKind.CODE, FeatureKind.RATE, FeatureKind.VALUES)
_RULES = {
    TRAIN_AGAIN: ("order_lost", "new_values", "moved_far"),
    SET_LEVEL: ("level_off", "slope_off"),
    WATCH: ("too_few", "in_doubt", "moved"),
}


def watched(
    rows: pd.DataFrame, product: Product, model: TrainedModel, risk: np.ndarray, contacted: np.ndarray
) -> Watched | None:
    """A model on typed rows of its series, of before and after its training (n).

    `risk`: what it said of each without having learnt from it, NaN elsewhere; `contacted`: mask of rows whose patient
    somebody reached before, which may have changed what came: they are no measure of the model. None for a model
    without dates, or without later rows.
    """
    until = model.card.trained_until
    if until is None:
        return None
    day = event_days(rows, product)
    later = day > day_number(until)
    if not later.any():
        return None
    told = later & ~np.isnan(risk) & rows["outcome"].notna().to_numpy()
    found, months, ahead = _measured(rows, product, risk, told & ~contacted, risk[told & contacted])
    carries = None if found is None else carrying.carry_over(found, _promised(model.card, ahead=ahead))
    fields = shifts(rows.loc[(day > NO_DAY) & ~later], rows.loc[later], product, model)
    advice, why = advise(carries, fields)
    contacts = int((told & contacted).sum())
    return Watched(until, int(later.sum()), contacts, found, ahead, months, carries, fields, advice, why)


def _promised(card: ModelCard, *, ahead: bool) -> Interval:
    test = card.test_ahead if ahead and card.test_ahead is not None else card.test
    return test.model.auc


def _measured(
    rows: pd.DataFrame, product: Product, risk: np.ndarray, chosen: np.ndarray, contacted: np.ndarray
) -> tuple[Skill | None, SkillSplit | None, bool]:
    """Skill in all and by month of the chosen rows, booked ahead where that can be told; whether they are.

    `contacted`: risks of those that are left out because somebody reached their patient; the others stand for them.
    """
    own, said = rows.loc[chosen], risk[chosen]
    if not evaluation.measurable(own["outcome"].to_numpy(dtype=np.float64)):
        return None, None, False
    ahead = evaluation.booked_ahead(own, product)
    if ahead is not None:
        own, said = own.loc[ahead], said[ahead]
    weight = back_to_all(said, contacted)
    judged = Judged(said, own["outcome"].to_numpy(dtype=np.float64), patients_of(own, product), weight)
    weights = judged.resamples(evaluation.SEED)
    months = next((c for c in splits.columns(own, product, event_days(own, product)) if c.key == MONTH), None)
    by_month = None if months is None else splits.split(judged, months, weights[: splits.GROUP_RESAMPLES + 1])
    return skill.skill(judged, weights), by_month, ahead is not None


def advise(carries: CarryOver | None, fields: tuple[FieldShift, ...]) -> tuple[str, tuple[str, ...]]:
    """The advice, and the rules that ask for it."""
    hit = _hit(carries, fields)
    for advice, rules in _RULES.items():
        if why := tuple(rule for rule in rules if rule in hit):
            return advice, why
    return KEEP, ()


def _hit(carries: CarryOver | None, fields: tuple[FieldShift, ...]) -> set[str]:
    """Every rule that applies."""
    parts = () if carries is None else (carries.level, carries.slope, carries.order)
    by_rule = {
        "order_lost": carries is not None and carries.order == FAILS,
        "new_values": any(f.never_seen >= NEW and f.weight >= HEAVY for f in fields),
        "moved_far": any(f.moved >= FAR and f.weight >= HEAVY for f in fields),
        "level_off": carries is not None and carries.level == FAILS,
        "slope_off": carries is not None and carries.slope == FAILS,
        "too_few": carries is None,
        "in_doubt": DOUBTFUL in parts or UNKNOWN in parts,
        "moved": any(f.moved >= MOVED and f.weight >= WEIGHS for f in fields),
    }
    return {rule for rule, applies in by_rule.items() if applies}


def shifts(before: pd.DataFrame, after: pd.DataFrame, product: Product, model: TrainedModel) -> tuple[FieldShift, ...]:
    """How far each field that the model reads moved from the rows before to those after; what matters first."""
    if not len(before) or not len(after):
        return ()
    weights = _weights(model.card)
    found: dict[str, FieldShift] = {}
    for spec in product.features:
        if (values := _values(before, after, spec, product)) is None or spec.key not in weights:
            continue
        field = spec.key if spec.kind is FeatureKind.LEAD_TIME else spec.fields[0]
        known = fit.known_values(after, spec, model)
        heavier = weights[spec.key] + (found[field].weight if field in found else 0.0)
        found[field] = FieldShift(
            field,
            moved(*values),
            heavier,
            0.0 if known is None else 1.0 - known.share,
            () if known is None else known.strangers,
        )
    return tuple(sorted(found.values(), key=lambda f: -f.weight * max(f.moved, f.never_seen)))


def _weights(card: ModelCard) -> dict[str, float]:
    """The share of all mean absolute points that each factor gives."""
    every = sum(item.mean_abs_points for item in card.importance)
    return {item.factor: item.mean_abs_points / every for item in card.importance} if every else {}


def _values(
    before: pd.DataFrame, after: pd.DataFrame, spec: FeatureSpec, product: Product
) -> tuple[np.ndarray, np.ndarray] | None:
    """The values of a field as text, before and after; None for a factor that is no field's own."""
    if spec.kind is FeatureKind.LEAD_TIME:
        return _leads(before, product), _leads(after, product)
    if spec.kind in _BY_VALUE and spec.fields[0] in before:
        one, two = (part[spec.fields[0]].astype("object").fillna("").astype(str) for part in (before, after))
        return one.to_numpy(), two.to_numpy()
    return None


def _leads(rows: pd.DataFrame, product: Product) -> np.ndarray:
    lead = event_days(rows, product) - contact_days(rows, product)
    return np.digitize(lead, _LEADS).astype(str)


def moved(before: np.ndarray, after: np.ndarray) -> float:
    """Total variation between two samples of values (0 to 1), less what chance brings where nothing moved.

    By chance the shares of a value with share p differ by sqrt(2 p (1 − p) (1/n + 1/m) / π) in the mean.
    """
    names, codes = np.unique(np.concatenate([before, after]), return_inverse=True)
    counts = [np.bincount(part, minlength=len(names)) for part in (codes[: len(before)], codes[len(before) :])]
    common = np.argsort(-(counts[0] + counts[1]), kind="stable")
    first, second = (_with_rest(part[common]) / part.sum() for part in counts)
    share = (first * len(before) + second * len(after)) / (len(before) + len(after))
    chance = np.sqrt(2 * share * (1 - share) * (1 / len(before) + 1 / len(after)) / np.pi).sum() / 2
    return float(max(np.abs(first - second).sum() / 2 - chance, 0.0))


def _with_rest(counts: np.ndarray) -> np.ndarray:
    return np.append(counts[:_MOST_VALUES], counts[_MOST_VALUES:].sum())
