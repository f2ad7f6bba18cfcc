"""How text from a file may be quoted in a sentence: one line, cut, and never what identifies a person."""

from __future__ import annotations

import re
import unicodedata

from pipeline.contract import FieldKind
from pipeline.ingestion.parsing.column import Column
from pipeline.scrubbing.labels import names_somebody

_LONGEST = 40  # characters of a cell that a sentence quotes
_LOOKED_AT = 2_000  # characters of a cell that are looked at: what lies behind them is never quoted
_HIDDEN = "(valor omitido)"
_PERSONAL = re.compile(
    r"\d{3}\.?\d{3}\.?\d{3}-?\d{2}"  # CPF; also any run of eleven digits
    r"|\(?\d{2}\)?[\s.-]?9?\d{4}[\s.-]?\d{4}"  # telephone
    r"|\S@\S"  # e-mail: whether there is one, in one pass
)
_DATE_LIKE = re.compile(r"^\d{1,4}[/.\-]\d{1,2}[/.\-]\d{1,4}")


def quotable(text: str) -> str:
    """A cell as a sentence may quote it: one line of plain text, cut, and without what identifies a person."""
    plain = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text[:_LOOKED_AT])
    plain = " ".join(plain.split())
    if _PERSONAL.search(plain) and not _DATE_LIKE.match(plain):
        return _HIDDEN
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"


def quotable_cell(column: Column, text: str) -> str:
    """A cell of a column as a sentence may quote it: where no names belong (dates, states, sets), none is quoted."""
    return _HIDDEN if column.field.kind is not FieldKind.OPEN and names_somebody(text) else quotable(text)


def shown_header(header: str) -> str:
    """A header as a report may show it: itself, unless somebody's number stands in it."""
    return quotable(header) if _PERSONAL.search(header) and not _DATE_LIKE.match(header) else header


def may_be_quoted(column: Column) -> bool:
    """Cells of fields that name a person, and comments, are never quoted."""
    return not (column.field.personal or column.field.staff) and column.field.kind.value != "free_text"
