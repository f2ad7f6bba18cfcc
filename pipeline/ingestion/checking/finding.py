"""What a check hands back: the rule that failed, in which rows, and what to quote."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.contract import Rule
from pipeline.ingestion.parsing.column import Column
from pipeline.ingestion.parsing.quoting import may_be_quoted, quotable_cell
from pipeline.records import Note

_QUOTED = 3  # values that a sentence quotes


@dataclass(frozen=True)
class Finding:
    """A rule that failed: in which rows (bool per row; None for a rule over the file), and what to name:
    cells as text, or notes.

    `rows` is the count to be said, `total` what it is out of (0: all rows read). `telling` are the rows to give as
    examples, where some tell more than others.
    """

    rule: Rule
    mask: np.ndarray | None
    rows: int
    values: tuple[Note | str, ...] = ()
    total: int = 0
    telling: np.ndarray | None = None


def found(
    rule: Rule, mask: np.ndarray, values: tuple[Note | str, ...] = (), telling: np.ndarray | None = None
) -> Finding | None:
    """The finding of a check over rows; None where no row fails."""
    rows = int(mask.sum())
    return Finding(rule, mask, rows, values, telling=telling) if rows else None


def most_frequent(column: Column, mask: np.ndarray, top: int = _QUOTED) -> list[tuple[int, int]]:
    """(distinct text, rows) of the most frequent distinct texts among the rows of `mask`."""
    counts = column.counts(~mask)
    order = np.argsort(-counts, kind="stable")[:top]
    return [(int(code), int(counts[code])) for code in order if counts[code]]


def quoted(column: Column, mask: np.ndarray) -> tuple[str, ...]:
    """The most frequent cells of the rows of `mask`, as text to be quoted; none for personal fields."""
    if not may_be_quoted(column):
        return ()
    texts = [quotable_cell(column, column.texts[code].as_py()) for code, _ in most_frequent(column, mask)]
    return tuple(dict.fromkeys(text for text in texts if text))
