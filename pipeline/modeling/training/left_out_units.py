"""How the model would do at a unit that it never saw: units left out of the learning in turn, judged on later rows.

Units are dealt into at most five groups of about as many rows. A booster learns from the development period without
a group's units and is judged on their rows of the tested period. All that could know a unit is made without it: which
values have columns of their own, rates, and how busy a unit's day usually is come from the rows learnt from, as when a
model scores the file of a stranger. What patients did before is theirs, and stays: a new unit brings its own past.

Boosters here learn fast and in few rounds (as far, by rounds × rate, as the fitted answer did), so that all of it costs
little; the model beside which they stand, which knew the units, is grown in the same way.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipeline.contract import LEAST_LABELLED, LEAST_OF_A_CLASS, FeatureSpec, Product, Role
from pipeline.folding import fold
from pipeline.modeling import file_rows
from pipeline.modeling.evaluation.new_units import LeftOut, new_unit_test
from pipeline.modeling.evaluation.skill import Judged
from pipeline.modeling.evaluation.splits import Column
from pipeline.modeling.features import build
from pipeline.modeling.features.column_selection import told_columns
from pipeline.modeling.features.feature_types import type_of
from pipeline.modeling.features.prediction_time import event_days
from pipeline.modeling.features.surroundings import Surroundings
from pipeline.modeling.file_rows import Counting, FileRows, Rows
from pipeline.modeling.training import fit_task
from pipeline.modeling.training.fit_task import FittedTask, Fold, QuestionRun
from pipeline.modeling.training.model_card import period
from pipeline.modeling.training_set import Labelled
from pipeline.records import ENOUGH_ROWS, LEAST_UNITS, NewUnitTest, Note, note

GROUPS = 5
RATE = 0.1  # of learning, of the boosters that are only compared here
_LEAST_JUDGED, _LEAST_OF_EACH = 200, 20  # rows, and rows of an outcome, from which it is measured


@dataclass(frozen=True)
class Units:
    """The unit of each labelled row and of each row of the file, as codes into `names` (−1 where it has none)."""

    field: str
    labelled: np.ndarray
    file: np.ndarray
    names: tuple[str, ...]

    @property
    def enough(self) -> bool:
        """Whether a handful of them have the rows to be left out."""
        counts = np.bincount(self.labelled[self.labelled >= 0], minlength=len(self.names))
        return int((counts >= ENOUGH_ROWS).sum()) >= LEAST_UNITS


def test(run: QuestionRun, rows: Rows, tested: Fold, fitted: FittedTask) -> tuple[NewUnitTest | None, tuple[Note, ...]]:
    """The test, or why there is none; neither for a file without units. `rows` are the file's.

    Raises Cancelled when somebody asked to stop.
    """
    units = units_of(rows, run.data, run.product)
    if units is None or not run.data.timed:
        return None, ()
    if not units.enough:
        return None, (note("card.few_units", least=LEAST_UNITS, rows=ENOUGH_ROWS),)
    if run.data.comments is not None:
        return None, (note("card.units_not_read"),)
    if not run.effort.leaves_units_out:
        return None, (note("card.units_in_haste"),)
    return _measured(run, file_rows.of(rows, run.product), units, tested, fitted), ()


def units_of(rows: Rows, data: Labelled, product: Product) -> Units | None:
    """The units of a file, written alike or not; None where the product or the file tells fewer than two."""
    field = product.by_role(Role.UNIT)
    if field is None or field.key not in rows or product.names_staff(field.key):
        return None
    column = rows[field.key].astype("category")
    often = column.value_counts()  # of two ways to write a unit the commoner names it
    names: dict[str, str] = {}
    for value in often[often > 0].index:
        names.setdefault(fold(str(value)), str(value))
    place = {folded: code for code, folded in enumerate(names)}
    codes = np.array([place.get(fold(str(value)), -1) for value in column.cat.categories] + [-1])
    file = codes[column.cat.codes.to_numpy()]
    return Units(field.key, file[data.places], file, tuple(names.values())) if len(names) > 1 else None


def dealt(codes: np.ndarray, size: int, groups: int = GROUPS) -> np.ndarray:
    """The group of each of `size` units, of which `codes` are the rows': the largest first, to the lightest group."""
    counts = np.bincount(codes[codes >= 0], minlength=size)
    heap = [(0, group) for group in range(min(groups, size))]
    placed = np.zeros(size, dtype=np.int64)
    for unit in np.argsort(-counts, kind="stable").tolist():
        rows, group = heapq.heappop(heap)
        placed[unit] = group
        heapq.heappush(heap, (rows + int(counts[unit]), group))
    return placed


def _measured(run: QuestionRun, rows: FileRows, units: Units, tested: Fold, fitted: FittedTask) -> NewUnitTest | None:
    hurried, rounds = _in_haste(run, fitted.rounds)
    slope = fitted.tested.scale.slope
    placed = dealt(units.labelled, len(units.names))
    unseen, judged, number = np.full(len(run.data.outcome), np.nan), 0, int(placed.max()) + 1
    for group in range(number):
        run.teller.say(group / (number + 1), note("training.leaving_units_out", group=group + 1, groups=number))
        piece = _piece(run.data, tested, _of(units.labelled, placed == group))
        if piece is None:
            continue
        thin = _as_stranger(hurried, rows, _of(units.file, placed == group), piece)
        made = fit_task.one_booster(thin, piece, rounds, slope)
        unseen[piece.judge] = made.risk(thin.data.table.iloc[piece.judge])
        judged += 1
    inside = tested.judge[~np.isnan(unseen[tested.judge])]
    if not _measurable(run.data.outcome[inside]) or len(np.unique(units.labelled[inside])) < LEAST_UNITS:
        return None
    known = fit_task.one_booster(hurried, tested, rounds, slope).risk(run.data.table.iloc[inside])
    return new_unit_test(_left_out(run.data, units, inside, (unseen[inside], known), judged), seed=run.seed)


def _in_haste(run: QuestionRun, rounds: int) -> tuple[QuestionRun, int]:
    """The run with one seed that learns fast, and the rounds that lead it as far."""
    fast = replace(run.effort, seeds=1, learning_rate=RATE)
    return replace(run, effort=fast), max(1, round(rounds * run.effort.learning_rate / RATE))


def _of(codes: np.ndarray, left: np.ndarray) -> np.ndarray:
    """Which rows are of the units of a mask; none without a unit."""
    return np.append(left, False)[codes]


def _piece(data: Labelled, tested: Fold, own: np.ndarray) -> Fold | None:
    """The development period without the rows of `own` (bool), and theirs of the tested period; None where there are
    none, or what is left is too little to learn from.
    """
    learn, judge = tested.learn[~own[tested.learn]], tested.judge[own[tested.judge]]
    events = data.outcome[learn].sum()
    few = len(learn) < LEAST_LABELLED or min(events, len(learn) - events) < LEAST_OF_A_CLASS
    return None if few or not len(judge) else Fold(learn, judge)


def _measurable(outcome: np.ndarray) -> bool:
    return len(outcome) >= _LEAST_JUDGED and min(outcome.sum(), len(outcome) - outcome.sum()) >= _LEAST_OF_EACH


def _as_stranger(run: QuestionRun, rows: Rows, own: np.ndarray, piece: Fold) -> QuestionRun:
    """The run with columns that know nothing of the units whose rows in the file are `own` (bool)."""
    data, product = run.data, run.product
    there = set(data.factor_of.values())
    specs = [spec for spec in product.features if spec.key in there and _knows(spec)]
    if not specs:
        return run
    taught = ~own & (event_days(rows, product) <= int(data.day[piece.learn].max()))
    some = replace(product, features=tuple(specs))
    without = file_rows.of(rows, product).counted(Counting(some), taught)
    kept = build.aggregates_of(without, some)
    # rates and loads ask for nothing else of other rows, nor of a patient's
    made = build.build(data.rows, some, aggregates=kept, around=data.around)
    fresh = made.columns
    values = {spec.key for spec in specs if type_of(spec).indicated}
    told = told_columns(product)
    new = [c for c in fresh if made.factor_of[c] in values and c not in told]
    old = [c for c in data.table if data.factor_of[c] not in values]
    table = pd.concat([data.table[old], fresh[new]], axis=1)
    moved = [c for c in old if c in fresh]  # rates and loads: as the model would keep them, where it judges
    table.loc[piece.judge, moved] = fresh.loc[piece.judge, moved]
    replayed = None if data.replayed is None else pd.concat([data.replayed[old], fresh[new]], axis=1)
    rolled = _rolled(data, product, without, piece.learn)
    for side in (table,) if replayed is None else (table, replayed):
        side.loc[piece.learn, list(rolled)] = rolled.to_numpy()
    factor_of = {c: data.factor_of[c] for c in old} | {c: made.factor_of[c] for c in new}
    return replace(run, data=replace(data, table=table, replayed=replayed, factor_of=factor_of))


def _knows(spec: FeatureSpec) -> bool:
    """Whether what a model keeps for a factor may know a unit."""
    kind = type_of(spec)
    return kind.indicated or kind.rated or kind.loads


def _rolled(data: Labelled, product: Product, around: Surroundings, learn: np.ndarray) -> pd.DataFrame:
    """Rates that trees learn from, of the rows `learn`, as they rolled over the rows that `around` counts."""
    there = set(data.factor_of.values())
    specs = [s for s in product.features if s.key in there and type_of(s).rated and not type_of(s).indicated]
    if not specs:
        return pd.DataFrame(index=range(len(learn)))
    some = replace(product, features=tuple(specs))
    made = build.build(data.rows.iloc[learn].reset_index(drop=True), some, around=around).columns
    return made[[c for c in made if c in data.table]]


def _left_out(
    data: Labelled, units: Units, inside: np.ndarray, risks: tuple[np.ndarray, np.ndarray], groups: int
) -> LeftOut:
    """What is judged of the rows `inside`; `risks`: by models that had not seen their units, and by one that had."""
    ahead = None if data.ahead is None else data.ahead[inside]
    if ahead is not None and (ahead.all() or not _measurable(data.outcome[inside][ahead])):
        ahead = None
    return LeftOut(
        Judged(risks[0], data.outcome[inside], data.patients[inside]),
        risks[1],
        Column(units.field, units.labelled[inside], units.names),
        ahead,
        period(data.day[inside]),
        groups,
    )
