"""The honest test by group: by month, unit, sex, age band, UF and plan, with n and intervals, small groups together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr

from pipeline.contract import AGE_PART, Product, Role, part
from pipeline.modeling.evaluation.metrics import percentile_interval, ranked
from pipeline.modeling.evaluation.skill import TENTH, Judged
from pipeline.modeling.features.prediction_time import NO_DAY
from pipeline.records import MONTH, GroupSkill, Interval, SkillSplit
from pipeline.statistics import discoveries, wilson

LEAST_ROWS, LEAST_EVENTS = 100, 10  # of a group that stands alone; below, groups are taken together
MOST_GROUPS = 60
GROUP_RESAMPLES = 200
FALSE_RATE = 0.05  # of the groups of a split that are said to differ
_ROLES = (Role.UNIT, Role.SEX, Role.BIRTH, Role.UF, Role.PLAN)


@dataclass(frozen=True)
class Column:
    """A way to split n rows: `codes` (int, −1 where the row has no value) into `names`."""

    key: str
    codes: np.ndarray
    names: tuple[str, ...]

    def taken(self, inside: np.ndarray) -> Column:
        """The same of the rows of a mask."""
        return Column(self.key, self.codes[inside], self.names)


def columns(rows: pd.DataFrame, product: Product, day: np.ndarray) -> tuple[Column, ...]:
    """The splits that typed rows allow: those in which at least two values occur. `day`: of each row (int64)."""
    found = [_months(day), *(_of_column(rows, key) for key in _keys(product) if key in rows)]
    return tuple(item for item in found if len(np.unique(item.codes[item.codes >= 0])) > 1)


def _keys(product: Product) -> Iterator[str]:
    for role in _ROLES:
        field = product.by_role(role)
        if field is not None and not product.names_staff(field.key):
            yield part(field.key, AGE_PART) if role is Role.BIRTH else field.key


def _of_column(rows: pd.DataFrame, key: str) -> Column:
    column = rows[key].astype("category")
    return Column(key, column.cat.codes.to_numpy().astype(np.int64), tuple(str(c) for c in column.cat.categories))


def _months(day: np.ndarray) -> Column:
    known = day > NO_DAY
    months = day[known].astype("datetime64[D]").astype("datetime64[M]")
    names, codes = np.unique(months, return_inverse=True)
    placed = np.full(len(day), -1)
    placed[known] = codes
    return Column(MONTH, placed, tuple(str(name) for name in names))


def split(rows: Judged, column: Column, weights: np.ndarray) -> SkillSplit:
    """The model by the values of a column; rows without a value count nowhere."""
    sides, folded = _sides(rows, column)
    top = _in_top(rows.risk)
    whole = float(rows.outcome.sum() / rows.risk.sum())
    made = [_group(name, rows, inside, weights, top) for name, inside in sides]
    told = _told(rows, [inside for _, inside in sides], whole)
    return SkillSplit(
        column.key, tuple(GroupSkill(*item, told=word) for item, word in zip(made, told, strict=True)), folded
    )


def _sides(rows: Judged, column: Column) -> tuple[list[tuple[str, np.ndarray]], int]:
    """Name and mask of each group: months and ages in their order, else the commonest first; the small ones together,
    last, as "".
    """
    size = len(column.names)
    placed = column.codes >= 0
    counts = _counts(column)
    order = standing_alone(rows, column)
    ordered = column.key == MONTH or column.key.endswith(AGE_PART)
    order = order if ordered else order[np.argsort(-counts[order], kind="stable")][:MOST_GROUPS]
    alone = np.zeros(size + 1, dtype=bool)
    alone[order] = True
    sides = [(column.names[code], column.codes == code) for code in order.tolist()]
    rest = placed & ~alone[column.codes]
    few = rest.sum() < LEAST_ROWS or min(rows.outcome[rest].sum(), (1 - rows.outcome[rest]).sum()) < LEAST_EVENTS
    folded = int((counts > 0).sum()) - len(order)
    return sides + ([] if few else [("", rest)]), folded


def standing_alone(rows: Judged, column: Column) -> np.ndarray:
    """Codes of the values with the rows and the events to stand alone, in their order."""
    counts, placed = _counts(column), column.codes >= 0
    events = np.bincount(column.codes[placed], rows.outcome[placed], len(column.names))
    return np.flatnonzero((counts >= LEAST_ROWS) & (np.minimum(events, counts - events) >= LEAST_EVENTS))


def _counts(column: Column) -> np.ndarray:
    return np.bincount(column.codes[column.codes >= 0], minlength=len(column.names))


def _in_top(risk: np.ndarray) -> np.ndarray:
    """How far each row lies in the riskiest tenth: 1, 0, or a share where ties straddle its edge."""
    tenth = TENTH * len(risk)
    edge = np.sort(risk)[::-1][min(int(tenth), len(risk) - 1)]
    above, at = risk > edge, risk == edge
    return above + at * ((tenth - above.sum()) / max(at.sum(), 1))


def _group(
    name: str, rows: Judged, inside: np.ndarray, weights: np.ndarray, top: np.ndarray
) -> tuple[str, int, int, float, Interval, Interval, Interval, Interval]:
    own, drawn = rows.taken(inside), weights[:, inside]
    events = drawn @ own.outcome
    observed = wilson(int(own.outcome.sum()), len(own.outcome))
    assert observed is not None
    return (
        name,
        len(own.risk),
        int(own.outcome.sum()),
        float(own.risk.mean()),
        observed,
        percentile_interval(events / np.maximum(drawn @ own.risk, 1e-12)),
        percentile_interval(ranked(own.risk, own.outcome, drawn)["auc"]),
        _reach(percentile_interval(drawn @ (own.outcome * top[inside]) / np.maximum(events, 1e-12)), own.outcome),
    )


def _reach(drawn: Interval, outcome: np.ndarray) -> Interval:
    """The share of a group's events that is reached; where no draw differs (none is reached, or all are), Wilson's
    interval says what that many events can tell.
    """
    if drawn.low is None or drawn.low != drawn.high:
        return drawn
    events = int(outcome.sum())
    told = wilson(round(drawn.value * events), events)
    return drawn if told is None else told


def _told(rows: Judged, sides: Sequence[np.ndarray], whole: float) -> list[str]:
    """Of each group whether the model tells clearly "less" or "more" than came, once the level of all is set right.

    z of the summed residuals, rows of one patient together; of all that are named about a twentieth are chance.
    """
    scores = np.array([_z(rows.taken(inside), whole) for inside in sides])
    found = discoveries(2 * ndtr(-np.abs(scores)), FALSE_RATE)
    return [("less" if z > 0 else "more") if clear else "" for z, clear in zip(scores, found, strict=True)]


def _z(rows: Judged, whole: float) -> float:
    residual = rows.outcome - rows.risk * whole
    sums = rows.by_patient(residual)
    spread = float(np.sqrt((sums**2).sum()))
    return float(residual.sum()) / spread if spread > 0 else 0.0
