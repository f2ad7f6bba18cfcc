"""Factors that give the answer away, alone or two together: sought in the last fold of the past, never in the test.

A small tree learns from a factor's columns alone and is judged on later rows. It gives the answer away when it orders
them nearly without fault, or when rows that it tells apart nearly all ended the same way: a value that is written only
after the event, an empty cell, a date that lies behind it. Pairs are tried only where the whole model is so good that
one could hide among them. What comments say is left out: to tell the answer is what they are read for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from sklearn.tree import DecisionTreeClassifier

from pipeline.contract import FieldKind, Product
from pipeline.modeling.evaluation import metrics
from pipeline.modeling.features.prediction_time import NO_DAY, days
from pipeline.modeling.training_set import Labelled
from pipeline.records import Giveaway, Note, note
from pipeline.statistics import wilson

TELLS = 0.95  # area under the curve of a factor alone, or of two
NEAR = 0.01  # of the whole model's, from GOOD on: the factor is all that it knows
GOOD = 0.9
HIDES = 0.8  # of the whole model: a pair that tells the answer would lift it over this
TOGETHER = 0.05  # by which two must be better than each alone
PURE, ABOVE = 0.9, 0.3  # least share of one outcome among rows told apart, and by how much more than among all
NEVER, EXPECTED = 0.1, 50  # an outcome that comes a tenth as often as elsewhere, where so many were to be expected
FEWEST = 20  # rows of a leaf
LEARN, JUDGE = 20_000, 20_000  # rows looked at, the latest
PAIR_ROWS = 6_000
MOST_PAIRED = 20  # factors
_APART = 0.5  # difference of the shares filled
_BEHIND = 20  # dates behind the event


@dataclass(frozen=True)
class Look:
    """Rows of the past (positions) that small trees learn from, and later ones that they are judged on."""

    data: Labelled
    product: Product
    learn: np.ndarray
    judge: np.ndarray
    seed: int

    @staticmethod
    def of(data: Labelled, product: Product, fold: tuple[np.ndarray, np.ndarray], seed: int) -> Look:
        """The latest rows of a fold (rows learnt from, rows judged)."""
        learn, judge = (rows[np.argsort(data.day[rows], kind="stable")] for rows in fold)
        return Look(data, product, learn[-LEARN:], judge[-JUDGE:], seed)

    def fewer(self) -> Look:
        """The same on fewer rows, for the many pairs."""
        return replace(self, learn=self.learn[-PAIR_ROWS:], judge=self.judge[-PAIR_ROWS:])

    def columns(self, factors: Iterable[str]) -> list[str]:
        """The model columns of factors."""
        wanted = set(factors)
        return [name for name in self.data.table if self.data.factor_of[name] in wanted]


@dataclass(frozen=True)
class Told:
    """What a small tree says of the judged rows: its risks, and their leaves."""

    risk: np.ndarray
    leaf: np.ndarray
    auc: float


def find(look: Look, whole: float) -> tuple[Giveaway, ...]:
    """Single factors first, then pairs of the others; `whole`: the model's own AUC on the judged rows."""
    factors = list(dict.fromkeys(look.data.factor_of.values()))
    alone = {factor: tell(look, (factor,), leaves=12) for factor in factors}
    found = [item for factor in factors if (item := _alone(look, factor, alone[factor], whole)) is not None]
    if whole >= HIDES:
        named = {factor for item in found for factor in item.factors}
        found += _pairs(look.fewer(), [factor for factor in factors if factor not in named])
    return tuple(sorted(found, key=lambda item: -item.auc))


def tell(look: Look, factors: tuple[str, ...], leaves: int) -> Told:
    """A tree of at most `leaves` leaves on the columns of `factors`."""
    columns = look.columns(factors)
    table, outcome = look.data.table[columns].to_numpy(dtype=np.float32), look.data.outcome
    tree = DecisionTreeClassifier(max_leaf_nodes=leaves, min_samples_leaf=FEWEST, random_state=look.seed)
    tree.fit(table[look.learn], outcome[look.learn].astype(int))
    risk = tree.predict_proba(table[look.judge])[:, 1]
    return Told(risk, tree.apply(table[look.judge]), metrics.auc(risk, outcome[look.judge]))


def _alone(look: Look, factor: str, told: Told, whole: float) -> Giveaway | None:
    why = _why(look, factor, told, whole)
    return None if why is None else Giveaway((factor,), why, told.auc, len(look.judge))


def _why(look: Look, factor: str, told: Told, whole: float) -> Note | None:
    pure = _pure(look, told)
    tells = told.auc >= TELLS or (told.auc >= GOOD and told.auc >= whole - NEAR)
    if pure is None and not tells:
        return None
    return _behind(look, factor) or _filled(look, factor) or pure or note("giveaway.tells", auc=told.auc)


def _pure(look: Look, told: Told) -> Note | None:
    """Rows that the tree tells apart and that nearly all ended the same way: the most of them."""
    outcome = look.data.outcome[look.judge]
    usual = float(outcome.mean())
    words = look.product.words
    best: tuple[int, Note] | None = None
    for leaf in np.unique(told.leaf):
        inside = told.leaf == leaf
        rows, events = int(inside.sum()), int(outcome[inside].sum())
        held = wilson(events, rows)
        if rows < FEWEST or held is None or held.low is None or held.high is None:
            continue
        always = held.low >= max(PURE, usual + ABOVE)
        never = held.high <= usual * NEVER and rows * usual >= EXPECTED
        if (always or never) and (best is None or rows > best[0]):
            named = words.event if always else words.non_event
            best = rows, note("giveaway.pure", rows=rows, same=events if always else rows - events, outcome=named)
    return None if best is None else best[1]


def _filled(look: Look, factor: str) -> Note | None:
    """Filled for one outcome and empty for the other."""
    filled = look.data.table[look.columns((factor,))].notna().any(axis=1).to_numpy()[look.judge]
    outcome = look.data.outcome[look.judge] == 1
    event, rest = float(filled[outcome].mean()), float(filled[~outcome].mean())
    words = look.product.words
    if abs(event - rest) < _APART:
        return None
    return note("giveaway.filled", events=event, rest=rest, event=words.event, non_event=words.non_event)


def _behind(look: Look, factor: str) -> Note | None:
    """A date among the factor's fields that lies behind the event."""
    product, rows = look.product, look.data.rows.iloc[look.judge]
    fields = next((spec.fields for spec in product.features if spec.key == factor), ())
    event = look.data.day[look.judge]
    for key in fields:
        field = product.field(key)
        if field.kind is not FieldKind.DATE or field is product.time or key not in rows:
            continue
        day = days(rows[key])
        late = (day > event) & (event > NO_DAY)
        if late.sum() >= _BEHIND:
            return note("giveaway.behind", field=field.label, rows=int(late.sum()), row=product.words.row)
    return None


def _pairs(look: Look, factors: list[str]) -> list[Giveaway]:
    """Pairs that tell what neither does, each factor once, the best first."""
    alone = {factor: tell(look, (factor,), leaves=12).auc for factor in factors}
    tried = sorted(alone, key=lambda factor: -alone[factor])[:MOST_PAIRED]
    both = [(tell(look, pair, leaves=24).auc, pair) for pair in combinations(tried, 2)]
    found: list[Giveaway] = []
    for auc, pair in sorted(both, key=lambda item: -item[0]):
        known = {factor for item in found for factor in item.factors}
        if auc >= TELLS and auc - max(alone[factor] for factor in pair) >= TOGETHER and not known & set(pair):
            found.append(Giveaway(pair, note("giveaway.together", auc=auc), auc, len(look.judge)))
    return found


def without(data: Labelled, found: Iterable[str]) -> Labelled | None:
    """The labelled rows without the columns of these factors; None where no other is left."""
    dropped = set(found)
    kept = [name for name in data.table if data.factor_of[name] not in dropped]
    if not kept:
        return None
    replayed = None if data.replayed is None else data.replayed[kept]
    factor_of = {name: data.factor_of[name] for name in kept}
    return replace(data, table=data.table[kept], replayed=replayed, factor_of=factor_of)
