"""What a check hands back, and how text from a file may be quoted in a sentence."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import numpy as np

from pipeline.contract import Rule
from pipeline.ingestion.parsing import Column

_LONGEST = 40  # characters of a cell that a sentence quotes
_LOOKED_AT = 2_000  # characters of a cell that are looked at: what lies behind them is never quoted
_QUOTED = 3  # values that a sentence quotes
_HIDDEN = "(valor omitido)"
_PERSONAL = re.compile(
    r"\d{3}\.?\d{3}\.?\d{3}-?\d{2}"  # CPF; also any run of eleven digits
    r"|\(?\d{2}\)?[\s.-]?9?\d{4}[\s.-]?\d{4}"  # telephone
    r"|\S@\S"  # e-mail: whether there is one, in one pass
)
_DATE_LIKE = re.compile(r"^\d{1,4}[/.\-]\d{1,2}[/.\-]\d{1,4}")


@dataclass(frozen=True)
class Finding:
    """A rule that failed: in which rows (bool per row; None for a rule over the file), and what to quote.

    `rows` is the count to be said, `total` what it is out of (0: all rows read). `telling` are the rows to give as
    examples, where some tell more than others.
    """

    rule: Rule
    mask: np.ndarray | None
    rows: int
    values: tuple[str, ...] = ()
    total: int = 0
    telling: np.ndarray | None = None


def found(rule: Rule, mask: np.ndarray, values: tuple[str, ...] = (),
          telling: np.ndarray | None = None) -> Finding | None:
    """The finding of a check over rows; None where no row fails."""
    rows = int(mask.sum())
    return Finding(rule, mask, rows, values, telling=telling) if rows else None


def quotable(text: str) -> str:
    """A cell as a sentence may quote it: one line of plain text, cut, and without what identifies a person."""
    plain = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text[:_LOOKED_AT])
    plain = " ".join(plain.split())
    if _PERSONAL.search(plain) and not _DATE_LIKE.match(plain):
        return _HIDDEN
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"


def shown_header(header: str) -> str:
    """A header as a report may show it: itself, unless somebody's number stands in it."""
    return quotable(header) if _PERSONAL.search(header) and not _DATE_LIKE.match(header) else header


def may_be_quoted(column: Column) -> bool:
    """Cells of personal fields and comments are never quoted."""
    return not column.field.personal and column.field.kind.value != "free_text"


def most_frequent(column: Column, mask: np.ndarray, top: int = _QUOTED) -> list[tuple[int, int]]:
    """(distinct text, rows) of the most frequent distinct texts among the rows of `mask`."""
    codes = column.codes[mask]
    counts = np.bincount(codes[codes >= 0], minlength=len(column.texts))
    order = np.argsort(-counts, kind="stable")[:top]
    return [(int(code), int(counts[code])) for code in order if counts[code]]


def quoted(column: Column, mask: np.ndarray) -> tuple[str, ...]:
    """The most frequent cells of the rows of `mask`, in quotation marks; none for personal fields."""
    if not may_be_quoted(column):
        return ()
    texts = [quotable(column.texts[code].as_py()) for code, _ in most_frequent(column, mask)]
    return tuple(dict.fromkeys(f"“{text}”" for text in texts if text))
