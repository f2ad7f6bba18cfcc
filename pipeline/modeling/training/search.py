"""A search for a better recipe in the folds of the past: random draws, halved by what they bring, within a time.

Successive halving (Jamieson & Talwalkar 2016, AISTATS 51: 240): all draws are tried on the last fold, the better third
on two, the best on all. The house's own recipe is tried on all folds first, and a drawn one takes its place only where
it is better in the mean of them and in nearly each. The tested period is not looked at.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pipeline.contract import Product
from pipeline.modeling.features.feature_types import type_of
from pipeline.modeling.training import boosting, finished
from pipeline.modeling.training.boosting import Effort
from pipeline.modeling.training.fit_task import Fold, QuestionRun, curve_on
from pipeline.modeling.training.giveaways import without
from pipeline.modeling.training_set import Labelled
from pipeline.records import Note, from_plain, note, to_plain

DRAWS = 27
KEPT = 3  # one of so many goes on to more folds
RATE, ROUNDS = 0.1, 200  # of the boosters that are only compared
FEWEST_FOLDS = 2  # on which a recipe must have been tried to be used
_SPACE: dict[str, tuple[float, ...]] = {
    "num_leaves": (7, 15, 31, 63),
    "feature_fraction": (0.4, 0.6, 0.8),
    "bagging_fraction": (0.6, 0.8, 1.0),
    "lambda_l2": (1.0, 10.0, 50.0),
    "path_smooth": (0.0, 10.0),
}
_LEAF_ROWS = (0.5, 1.0, 2.0, 4.0)  # times the rows that a leaf usually needs
_DROPPING = 0.3  # chance that a draw leaves a factor out


@dataclass(frozen=True)
class Recipe:
    """LightGBM's parameters in place of the usual ones, and the factors left out."""

    changes: tuple[tuple[str, float], ...] = ()
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """The recipe to train with: effort and labelled rows; `told` says what was tried and what it brought."""

    effort: Effort
    data: Labelled
    told: Note


def search(run: QuestionRun, folds: Sequence[Fold], enough: Callable[[], bool] | None = None) -> Found:
    """Looks for a better recipe until the effort's time is over, all draws are tried, or `enough` says so.

    Raises Cancelled when somebody asked to stop without a model.
    """
    plain = finished.plain(run.finished, "recipe", lambda: _sought(run, tuple(folds), enough))
    best = from_plain(Recipe, plain["recipe"])
    effort, data = _with(run.effort, run.data, best)
    return Found(effort, data, from_plain(Note, plain["told"]))


def _sought(run: QuestionRun, folds: tuple[Fold, ...], enough: Callable[[], bool] | None) -> dict[str, Any]:
    hunt = _Hunt(run, folds, enough, time.monotonic())
    hunt.work()
    best = hunt.best()
    usual, gained = hunt.mean_loss(Recipe(), len(folds)), hunt.gain(best)
    told = note("card.searched", tried=len(hunt.losses), loss=usual - gained, usual=usual, changed=best != Recipe())
    return {"recipe": to_plain(best), "told": to_plain(told)}


def _with(effort: Effort, data: Labelled, recipe: Recipe) -> tuple[Effort, Labelled]:
    thin = without(data, recipe.dropped) if recipe.dropped else data
    return replace(effort, changes=recipe.changes), data if thin is None else thin


@dataclass
class _Hunt:
    """What was tried so far: the losses of each recipe, on the folds from the last one back."""

    run: QuestionRun
    folds: tuple[Fold, ...]
    enough: Callable[[], bool] | None
    begun: float

    def __post_init__(self) -> None:
        self.losses: dict[Recipe, list[float]] = {}

    def work(self) -> None:
        """The usual recipe on all folds, then the draws, fewer on each further fold; until it is over."""
        for _ in self.folds:
            self._try(Recipe())
        drawn = list(_drawn(self.run))
        for depth in range(1, len(self.folds) + 1):
            for recipe in drawn:
                if self._over():
                    return
                self._try(recipe)
            kept = max(len(drawn) // KEPT, 1) if depth < len(self.folds) else 0
            drawn = sorted(drawn, key=self.gain, reverse=True)[:kept]

    def best(self) -> Recipe:
        """Of the recipes tried on the most folds the best, where it beats the usual one in nearly each; else that."""
        tried = [r for r, losses in self.losses.items() if r != Recipe() and len(losses) >= FEWEST_FOLDS]
        if not tried:
            return Recipe()
        first = max(tried, key=lambda recipe: (len(self.losses[recipe]), self.gain(recipe)))
        pairs = zip(self.losses[first], self.losses[Recipe()], strict=False)
        better = sum(own < usual for own, usual in pairs)
        return first if self.gain(first) > 0 and better >= len(self.losses[first]) - 1 else Recipe()

    def gain(self, recipe: Recipe) -> float:
        """By how much its log-loss is lower than the usual one's, on the folds that it was tried on."""
        folds = len(self.losses[recipe])
        return self.mean_loss(Recipe(), folds) - self.mean_loss(recipe, folds)

    def mean_loss(self, recipe: Recipe, folds: int) -> float:
        """Mean log-loss on the last `folds` folds."""
        return float(np.mean(self.losses[recipe][:folds]))

    def _over(self) -> bool:
        return self._seconds() >= self.run.effort.search_seconds or (self.enough is not None and self.enough())

    def _seconds(self) -> float:
        return time.monotonic() - self.begun

    def _try(self, recipe: Recipe) -> None:
        run, budget = self.run, self.run.effort.search_seconds
        tried = self.losses.setdefault(recipe, [])
        fold = self.folds[-1 - len(tried)]
        effort, data = _with(replace(run.effort, learning_rate=RATE, rounds=ROUNDS), run.data, recipe)
        tried.append(min(curve_on(replace(run, effort=effort, data=data), fold)))
        spent = min(self._seconds(), budget)
        stage = note("training.searching", tried=len(self.losses), seconds=round(spent), budget=round(budget))
        run.teller.say(spent / budget, stage)


def _drawn(run: QuestionRun) -> Iterator[Recipe]:
    """Distinct recipes, the same for the same seed."""
    rng, seen = np.random.default_rng(run.seed), {Recipe()}
    usual = boosting.parameters(run.effort, run.seed, len(run.data.outcome))
    able = _droppable(run.data, run.product)
    while len(seen) <= DRAWS:
        changes = {name: float(rng.choice(values)) for name, values in _SPACE.items()}
        changes["min_data_in_leaf"] = float(int(float(str(usual["min_data_in_leaf"])) * rng.choice(_LEAF_ROWS)))
        dropped = (str(rng.choice(able)),) if able and rng.random() < _DROPPING else ()
        recipe = Recipe(tuple(sorted(changes.items())), dropped)
        if recipe not in seen:
            seen.add(recipe)
            yield recipe


def _droppable(data: Labelled, product: Product) -> list[str]:
    """Factors that may do more harm than good: those of the day, and loads; never the last ones left."""
    there = set(data.factor_of.values())
    kinds = [(s.key, type_of(s)) for s in product.features if s.key in there]
    able = [key for key, kind in kinds if kind.of_the_day or kind.loads or (kind.rated and not kind.of_patient)]
    return able if len(there) > len(able) else []
