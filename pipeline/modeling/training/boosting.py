"""How boosters are grown: parameters by effort, with the person's wish to stop heard between rounds."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

import lightgbm as lgb
import numpy as np
import pandas as pd

from pipeline.errors import Cancelled

Stopped = Callable[[], bool]
OnRound = Callable[[int], None]
PATIENCE = 60
_WHOLE = frozenset({"num_leaves", "min_data_in_leaf"})  # parameters that are whole numbers


@dataclass(frozen=True)
class Effort:
    """`seeds` boosters are averaged; at most `rounds` trees each; `resamples` of patients for intervals.

    `reads_sense`: whether comments are read for their sense too, where that can be done. `leaves_units_out`: whether
    what a new unit can expect is measured. `most_rows`: above how many rows a part of them is drawn; None: none is.
    `learns_all`: whether the part only finds the recipe and tests it, and the model that is kept learns from all rows,
    from disk. `search_seconds`: how long a better recipe is looked for; `changes`: LightGBM's parameters in place
    of the usual ones.
    """

    seeds: int
    rounds: int
    learning_rate: float
    resamples: int
    reads_sense: bool = True
    leaves_units_out: bool = True
    most_rows: int | None = None
    learns_all: bool = False
    search_seconds: float = 0.0
    changes: tuple[tuple[str, float], ...] = ()


MOST_ROWS = 400_000  # of three made-up networks: learning from twice as many more raises the AUC by 0.001
MOST_IN_HAND = 500_000  # rows of a part that finds a recipe for more: four copies of 125 columns are 1 GB

EFFORTS = {
    "fast": Effort(
        seeds=1,
        rounds=120,
        learning_rate=0.1,
        resamples=200,
        reads_sense=False,
        leaves_units_out=False,
        most_rows=MOST_ROWS,
    ),
    "standard": Effort(seeds=3, rounds=500, learning_rate=0.04, resamples=400, most_rows=MOST_ROWS),
    "thorough": Effort(
        seeds=6,
        rounds=1200,
        learning_rate=0.02,
        resamples=1000,
        most_rows=MOST_IN_HAND,
        learns_all=True,
        search_seconds=240.0,
    ),
}


def threads() -> int:
    """How many threads grow a tree: OMP_NUM_THREADS where somebody set it, else the machine's, at most eight."""
    asked = os.environ.get("OMP_NUM_THREADS", "")
    return int(asked) if asked.isdecimal() and int(asked) else max(1, min(os.cpu_count() or 1, 8))


def parameters(effort: Effort, seed: int, rows: int, *, in_blocks: bool = False) -> dict[str, object]:
    """LightGBM's parameters; leaves hold more rows where there are more, so that small clinics don't overfit.

    `in_blocks`: whether the rows are too many to hold. Row by row LightGBM keeps its bins twice: of 1.2 million rows of
    125 columns 230 bytes a row more, and three times the processor, for the same trees.
    """
    grown: dict[str, object] = {
        "objective": "binary",
        "metric": "binary_logloss",
        "learning_rate": effort.learning_rate,
        "num_leaves": 31 if rows >= 20_000 else 15,
        "min_data_in_leaf": int(np.clip(rows // 400, 20, 100)),
        "feature_fraction": 0.6,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "lambda_l2": 10.0,
        "seed": seed,
        "deterministic": True,
        "force_col_wise" if in_blocks else "force_row_wise": True,
        "verbosity": -1,
        "num_threads": threads(),
    }
    return grown | {name: int(value) if name in _WHOLE else value for name, value in effort.changes}


@dataclass(frozen=True)
class Part:
    """Rows to learn from, or to be judged on: model columns, outcomes (0/1), and the log-odds to start from, if any.

    `names`: of the columns, where the rows are read block by block.
    """

    table: pd.DataFrame | lgb.Sequence
    outcome: np.ndarray
    start: np.ndarray | None = None
    names: list[str] | None = None


def grow(
    part: Part,
    effort: Effort,
    seed: int,
    rounds: int,
    *,
    judged: Part | None = None,
    stopped: Stopped | None = None,
    on_round: OnRound | None = None,
) -> tuple[lgb.Booster, list[float]]:
    """One booster and, where `judged` is given, its log-loss there after each round (it stops early then).

    Raises Cancelled when `stopped` says so between two rounds.
    """
    losses: dict[str, dict[str, list[float]]] = {}
    callbacks: list[Callable[..., object]] = [_listen(stopped, on_round)]
    data = lgb.Dataset(
        part.table,
        part.outcome,
        init_score=part.start,
        feature_name="auto" if part.names is None else part.names,
        free_raw_data=True,
    )
    valid = []
    if judged is not None:
        valid = [lgb.Dataset(judged.table, judged.outcome, init_score=judged.start, reference=data)]
        callbacks += [lgb.record_evaluation(losses), lgb.early_stopping(PATIENCE, verbose=False)]
    asked = parameters(effort, seed, len(part.outcome), in_blocks=part.names is not None)
    booster = lgb.train(asked, data, rounds, valid_sets=valid, callbacks=callbacks)
    curve = next(iter(losses.values()), {}).get("binary_logloss", [])
    return booster, curve


def _listen(stopped: Stopped | None, on_round: OnRound | None) -> Callable[[lgb.callback.CallbackEnv], None]:
    def heard(environment: lgb.callback.CallbackEnv) -> None:
        if stopped is not None and environment.iteration % 5 == 0 and stopped():
            raise Cancelled
        if on_round is not None and environment.iteration % 10 == 0:
            on_round(environment.iteration)

    return heard


def truncated(booster: lgb.Booster, rounds: int) -> lgb.Booster:
    """The booster with its first `rounds` trees only."""
    return lgb.Booster(model_str=booster.model_to_string(num_iteration=rounds))


def best_rounds(curves: list[list[float]], weights: list[int]) -> int:
    """Rounds at which the mean log-loss of the folds, weighted by their rows, is lowest;
    stopped ones keep their last.
    """
    length = max(len(curve) for curve in curves)
    padded = np.array([curve + [curve[-1]] * (length - len(curve)) for curve in curves])
    return int(np.average(padded, axis=0, weights=weights).argmin()) + 1


def margin(boosters: tuple[lgb.Booster, ...], table: pd.DataFrame) -> np.ndarray:
    """Mean raw margin (float64, shape n) of the boosters; 0 without any. `table` may hold more columns than theirs."""
    if not boosters:
        return np.zeros(len(table))
    values = row_by_row(table, boosters[0].feature_name())
    return np.mean([booster.predict(values, raw_score=True) for booster in boosters], axis=0)


def row_by_row(table: pd.DataFrame, names: list[str]) -> np.ndarray:
    """The columns `names` (n × columns, as they are typed), each row in one piece of memory.

    A frame lies column by column: read so, a row is gathered from all over the memory, the slower the more rows.
    """
    values = table.to_numpy() if list(table.columns) == names else table[names].to_numpy()
    return np.ascontiguousarray(values)
