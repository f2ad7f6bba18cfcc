"""The lines of a list in the order in which they rest, of parts that rest mapped: what is of all lines lies in files,
and no more is sorted at once than a day's lines, or a share of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline import per_row
from pipeline.insight.calls import call_list
from pipeline.modeling.features.prediction_time import days
from pipeline.workspace.storage.mapped import MappedFrame

HELD = "list_held"  # column: whether a line is of the list


@dataclass(frozen=True)
class Laid:
    """Of n lines, those of the second part counted on from the first's: `order`, the lines as they rest (those of the
    list first, by day, those of a day in the list's order); `place`, that of each line in the order of the list, and
    `ranked`, the lines in that order. How many the list holds, its days (days since 1970), and where each begins.
    """

    order: np.ndarray
    place: np.ndarray
    ranked: np.ndarray
    listed: int
    days: tuple[int, ...]
    begin: tuple[int, ...]


def laid(parts: Sequence[MappedFrame]) -> Laid:
    """Of parts whose own lines lie in such an order (see `runs`)."""
    ranked = per_row.ordered(joined(parts, "risk"), joined(parts, "row"), falling=True)
    place = per_row.turned(ranked)
    groups: dict[tuple[bool, int], list[tuple[int, int]]] = defaultdict(list)
    for key, first, last in runs(parts):
        groups[key].append((first, last))
    order, listed = per_row.empty(len(place), place.dtype), 0
    begin = [0]
    told: list[int] = []
    for key in sorted(groups):
        lines = np.concatenate([np.arange(*span, dtype=place.dtype) for span in groups[key]])
        order[begin[-1] : begin[-1] + len(lines)] = lines[np.argsort(place[lines])]
        begin.append(begin[-1] + len(lines))
        apart, day = key
        if not apart:
            told.append(day)
            listed = begin[-1]
    return Laid(order, place, ranked, listed, tuple(told), tuple(begin[: len(told) + 1]))


def runs(parts: Sequence[MappedFrame]) -> Iterator[tuple[tuple[bool, int], int, int]]:
    """The lines of each part that the list holds, and then the others, of a day: ((not held, day), first, end)."""
    begin = 0
    for part in parts:
        held = np.asarray(part.array(HELD))
        day = days(pd.Series(np.asarray(part.array(call_list.DAY)), copy=False))
        other = np.flatnonzero((np.diff(day) != 0) | (held[1:] != held[:-1])) + 1
        bounds = [0, *other.tolist(), part.rows] if part.rows else [0]
        for first, last in zip(bounds[:-1], bounds[1:], strict=True):
            yield (not held[first], int(day[first])), begin + first, begin + last
        begin += part.rows


def joined(parts: Sequence[MappedFrame], name: str) -> np.ndarray:
    """A column of all lines."""
    whole = per_row.empty(sum(part.rows for part in parts), parts[0].array(name).dtype)
    begin = 0
    for part in parts:
        whole[begin : begin + part.rows] = part.array(name)
        begin += part.rows
    return whole
