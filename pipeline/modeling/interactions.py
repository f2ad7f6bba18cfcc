"""What two factors do together beyond what each does alone: exact Shapley interactions of the boosters, in points.

A leaf of a tree is a game over the columns of its path: it gives its value v times Π c_l, where a column l that is
known counts o_l (1 where the row passes all its splits there, else 0) and one that is not counts z_l, the share of
rows that pass them by the tree's own counts. The Shapley interaction index of columns i and j of that game (Grabisch
and Roubens 1999; Lundberg et al. 2020 for trees, path-dependent) is

    v (o_i − z_i)(o_j − z_j) ∫₀¹ Π_{l≠i,j} (t o_l + (1 − t) z_l) dt,

as the weights of the coalitions are a Beta integral. The integrand is a polynomial in t, so that Gauss-Legendre nodes
give it exactly; with r_l = (o_l − z_l) / (t o_l + (1 − t) z_l) the effects of all columns of two factors add up to
Π c · Σr · Σr. shap's own code gives the same numbers, and takes some twenty times as long with its import.

What comments say is added to the margin, so that it acts together with nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, pairwise
from typing import Any

import lightgbm as lgb
import numpy as np
import pandas as pd

from pipeline.modeling.explanation import aligned, grouped, raw_margin

_LOG = logging.getLogger(__name__)

TOLERANCE = 1e-6  # in log-odds, between the leaves found here and what LightGBM says
WORK = 60_000_000  # entries × nodes × rows: some two seconds of one core
_FEWEST = 60  # rows that are always done
_ROWS, _TREES = 64, 12  # done at once


@dataclass(frozen=True)
class Joint:
    """What pairs of factors do together on n rows.

    `pairs`: two factor keys each, `points` (n × pairs): what both add to the risk, or take from it, beyond what each
    does alone. Half of it stands in the points of either factor: a factor's points less half of all its pairs' is
    what it does alone.
    """

    pairs: tuple[tuple[str, str], ...]
    points: np.ndarray


@dataclass(frozen=True)
class _Splits:
    """The inner nodes of all trees: which column is compared with what, and where a missing value goes."""

    column: np.ndarray
    threshold: np.ndarray
    missing_left: np.ndarray
    zero_for_missing: np.ndarray

    def left(self, values: np.ndarray) -> np.ndarray:
        """Which of n rows (n × columns) go left at each node: nodes × n."""
        told = values.T[self.column]
        missing = np.isnan(told)
        told = np.where(missing, 0.0, told)
        goes = told <= self.threshold[:, None]
        by_default = missing & ~self.zero_for_missing[:, None]
        return np.where(by_default, self.missing_left[:, None], goes)


@dataclass(frozen=True)
class _Paths:
    """Every leaf's path, flat: conditions make entries (a column of a leaf), which make segments (a factor of a leaf).

    `node`, `left`: of each condition; `entry`: where each entry begins among the conditions, `segment` and `leaf`
    where those begin among the entries; `share`: z of each entry; `factor` and `leaf_of`: of each segment; `value`: of
    each leaf.
    """

    node: np.ndarray
    left: np.ndarray
    entry: np.ndarray
    share: np.ndarray
    segment: np.ndarray
    leaf: np.ndarray
    factor: np.ndarray
    leaf_of: np.ndarray
    value: np.ndarray

    @cached_property
    def nodes(self) -> list[tuple[float, float]]:
        """Points and weights on 0..1 that integrate the polynomial of the longest path exactly: n points do so up to
        degree 2n − 1, and it has two less than the path has columns.
        """
        longest = int(np.diff([*self.leaf, len(self.entry)]).max(initial=1))
        at, weight = np.polynomial.legendre.leggauss(max(1, longest // 2))
        return list(zip(((at + 1) / 2).tolist(), (weight / 2).tolist(), strict=True))


@dataclass(frozen=True)
class _Trees:
    """`count` trees; `constant`: what those of one leaf say; `together`: by pair of factors, the segments of leaves
    that have both.
    """

    count: int
    splits: _Splits
    paths: _Paths
    constant: float
    together: Mapping[tuple[int, int], tuple[np.ndarray, np.ndarray]]

    @property
    def work(self) -> int:
        """Entries × nodes that each row asks for."""
        return len(self.paths.entry) * len(self.paths.nodes)


def joint(
    boosters: Sequence[lgb.Booster],
    table: pd.DataFrame,
    factor_of: Mapping[str, str],
    slope: float,
    rate: np.ndarray,
) -> Joint | None:
    """What pairs of factors do together on the first rows of `table`, as many as `WORK` allows; `rate`: points per
    log-odds of each row (see `explain`).

    None where a tree splits in a way that is not read here, or where its leaves do not give LightGBM's own margin.
    """
    frame = aligned(boosters[0], table)
    factors, grouping = grouped([str(name) for name in frame.columns], factor_of)
    read = [trees for some in _some(boosters) if (trees := _read(some, grouping.argmax(axis=1))) is not None]
    if not len(frame) or sum(trees.count for trees in read) < sum(booster.num_trees() for booster in boosters):
        return None
    frame = frame.iloc[: max(_FEWEST, WORK // max(sum(trees.work for trees in read), 1))]
    values = frame.to_numpy()
    parts = [_effects(values[start : start + _ROWS], read, len(factors)) for start in range(0, len(values), _ROWS)]
    effects, leaves = (np.concatenate(part) for part in zip(*parts, strict=True))
    off = np.abs(leaves / len(boosters) - raw_margin(boosters, frame, 1)).max()
    if off > TOLERANCE:
        _LOG.warning("leaves differ from LightGBM's by %.2g: no interactions", off)
        return None
    found = sorted({pair for trees in read for pair in trees.together})
    log_odds = np.stack([effects[:, a, b] for a, b in found], axis=1) if found else np.zeros((len(frame), 0))
    pairs = tuple((factors[a], factors[b]) for a, b in found)
    return Joint(pairs, log_odds * (slope / len(boosters)) * rate[: len(frame), None])


def _some(boosters: Sequence[lgb.Booster]) -> Iterator[list[dict[str, Any]]]:
    """All trees, some at a time: arrays that fit a processor's memory are done with sooner."""
    trees = [tree["tree_structure"] for booster in boosters for tree in booster.dump_model()["tree_info"]]
    for start in range(0, len(trees), _TREES):
        yield trees[start : start + _TREES]


def _effects(values: np.ndarray, read: Sequence[_Trees], factors: int) -> tuple[np.ndarray, np.ndarray]:
    """(log-odds of each pair: n × factors × factors; margin by the leaves: n), both summed over all trees."""
    effects, leaves = np.zeros((len(values), factors, factors)), np.zeros(len(values))
    for trees in read:
        leaves += trees.constant
        if len(trees.paths.value):
            _add(values, trees, effects, leaves)
    return effects, leaves


def _add(values: np.ndarray, trees: _Trees, effects: np.ndarray, leaves: np.ndarray) -> None:
    paths = trees.paths
    left = trees.splits.left(values)
    passes = np.logical_and.reduceat(left[paths.node] == paths.left[:, None], paths.entry)
    leaves += paths.value @ np.logical_and.reduceat(passes, paths.leaf)
    passed = passes.astype(np.float64)
    for at, weight in paths.nodes:
        unknown = ((1 - at) * paths.share)[:, None]
        product = np.multiply.reduceat(at * passed + unknown, paths.leaf)
        gain = passed * ((1 - paths.share)[:, None] / (at + unknown) + 1 / (1 - at)) - 1 / (1 - at)
        gains = np.add.reduceat(gain, paths.segment)
        scaled = gains * (weight * paths.value[:, None] * product)[paths.leaf_of]
        for (a, b), (one, other) in trees.together.items():
            effects[:, a, b] += np.einsum("sn,sn->n", scaled[one], gains[other])


def _read(trees: Sequence[dict[str, Any]], factor: np.ndarray) -> _Trees | None:
    """The trees as arrays (`factor`: of each column); None for a split that is not `<=`, or takes zero for missing."""
    found = _Walk()
    if not all(found.walk(tree) for tree in trees):
        return None
    paths = _flat(found, factor)
    return _Trees(len(trees), _splits(found), paths, found.constant, _together(paths))


class _Walk:
    """What is met on the way through trees: nodes, the values of leaves, and the conditions on the way to each."""

    def __init__(self) -> None:
        self.nodes: list[tuple[int, float, bool, bool]] = []  # column, threshold, missing left, zero for missing
        self.values: list[float] = []
        self.conditions: list[tuple[int, int, bool, float]] = []  # leaf, node, whether left, share of the rows
        self.constant = 0.0

    def walk(self, root: dict[str, Any]) -> bool:
        """Adds a tree; whether it could be read."""
        if "split_feature" not in root:
            self.constant += float(root["leaf_value"])
            return True
        waiting: list[tuple[dict[str, Any], tuple[tuple[int, bool, float], ...]]] = [(root, ())]
        while waiting:
            node, path = waiting.pop()
            if "split_feature" not in node:
                self.conditions += [(len(self.values), *step) for step in path]
                self.values.append(float(node["leaf_value"]))
                continue
            if node["decision_type"] != "<=" or node["missing_type"] == "Zero":
                return False
            for left in (True, False):
                child = node["left_child" if left else "right_child"]
                waiting.append((child, (*path, (len(self.nodes), left, _count(child) / max(_count(node), 1)))))
            self.nodes.append(
                (node["split_feature"], node["threshold"], node["default_left"], node["missing_type"] == "None")
            )
        return True


def _count(node: dict[str, Any]) -> int:
    return int(node["internal_count"] if "internal_count" in node else node["leaf_count"])


def _splits(found: _Walk) -> _Splits:
    made = np.array(found.nodes, dtype=np.float64).reshape(-1, 4)
    return _Splits(made[:, 0].astype(np.int64), made[:, 1], made[:, 2] > 0, made[:, 3] > 0)


def _flat(found: _Walk, factor: np.ndarray) -> _Paths:
    made = np.array(found.conditions, dtype=np.float64).reshape(-1, 4)
    leaf, node, left, share = made[:, 0].astype(np.int64), made[:, 1].astype(np.int64), made[:, 2] > 0, made[:, 3]
    column = _splits(found).column[node]
    order = np.lexsort((column, factor[column], leaf))
    leaf, column, share = leaf[order], column[order], share[order]
    entry = _begins(leaf, column)
    leaves, factors = leaf[entry], factor[column[entry]]
    segment = _begins(leaves, factors)
    return _Paths(
        node=node[order],
        left=left[order],
        entry=entry,
        share=np.multiply.reduceat(share, entry) if len(entry) else share,
        segment=segment,
        leaf=_begins(leaves),
        factor=factors[segment],
        leaf_of=leaves[segment],
        value=np.array(found.values),
    )


def _begins(*keys: np.ndarray) -> np.ndarray:
    """Where runs of equal keys begin."""
    if not len(keys[0]):
        return np.zeros(0, dtype=np.int64)
    changes = np.any([key[1:] != key[:-1] for key in keys], axis=0)
    return np.concatenate([[0], np.flatnonzero(changes) + 1])


def _together(paths: _Paths) -> dict[tuple[int, int], tuple[np.ndarray, np.ndarray]]:
    """By two factors, lower first: the places of their segments in the leaves whose paths have both."""
    found: dict[tuple[int, int], tuple[list[int], list[int]]] = {}
    for begin, end in pairwise([*_begins(paths.leaf_of).tolist(), len(paths.leaf_of)]):
        for one, other in combinations(range(begin, end), 2):
            places = found.setdefault((int(paths.factor[one]), int(paths.factor[other])), ([], []))
            places[0].append(one)
            places[1].append(other)
    return {pair: (np.array(one), np.array(other)) for pair, (one, other) in found.items()}
