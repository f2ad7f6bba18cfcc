"""A workbook's cell as the text that the spreadsheet shows, so that dates and numbers are parsed in one way later."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import lru_cache
from typing import Any

from openpyxl.styles.numbers import BUILTIN_FORMATS

_LITERAL = re.compile(r'\\(.)|"([^"]*)"|(0)|([-./ ()])')
_DIGITS = 15  # what a spreadsheet keeps of a number


class CellText:
    """Turns the cells of one workbook into text; knows its formats of fixed digits ("00000000000" for a CPF)."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._patterns: dict[int, tuple[str | None, ...] | None] = {}

    def of(self, value: Any, style: int) -> str | None:
        """The text of a cell's value in its style; None where it is empty."""
        if value is None or isinstance(value, str):
            return value or None
        if isinstance(value, bool):
            return "VERDADEIRO" if value else "FALSO"
        if isinstance(value, int | float):
            pattern = self._pattern(style)
            return in_digits(value, pattern) if pattern else number_text(value)
        return when_text(value)

    def _pattern(self, style: int) -> tuple[str | None, ...] | None:
        if style not in self._patterns:
            formats = self._book._number_formats
            code = self._book._cell_styles[style].numFmtId if style < len(self._book._cell_styles) else 0
            shown = formats[code - 164] if 164 <= code < 164 + len(formats) else BUILTIN_FORMATS.get(code, "General")
            self._patterns[style] = digit_pattern(shown)
        return self._patterns[style]


@lru_cache(maxsize=1024)
def digit_pattern(code: str) -> tuple[str | None, ...] | None:
    """A format of nothing but digits and fixed signs, as parts (None stands for a digit), or None.

    "00000-000" and r"000\\.000\\.000\\-00" are such formats; "0", "0.00" and "#,##0" are numbers.
    """
    parts: list[str | None] = []
    place = 0
    while place < len(code):
        found = _LITERAL.match(code, place)
        if found is None:
            return None
        digit = found[3] is not None
        parts.append(None if digit else next(g for g in (found[1], found[2], found[4]) if g is not None))
        place = found.end()
    digits = parts.count(None)
    bare = re.sub(r'"[^"]*"|\\.', "", code)  # a point that is neither quoted nor escaped is the decimal one
    return tuple(parts) if digits > 1 and "." not in bare else None


def in_digits(value: float, pattern: tuple[str | None, ...]) -> str:
    """A whole number in a pattern of digits, with its leading zeros; other numbers as they are."""
    digits = number_text(value)
    room = pattern.count(None)
    if not digits.isdigit() or len(digits) > room:
        return digits
    left = iter(digits.zfill(room))
    return "".join(next(left) if part is None else part for part in pattern)


def number_text(value: float) -> str:
    """12345678901.0 → "12345678901", 0.1 + 0.2 → "0,3": 15 digits, decimal comma, never an exponent."""
    if isinstance(value, int) or float(value).is_integer():
        return str(int(value))
    return f"{Decimal(f'{value:.{_DIGITS}g}').normalize():f}".replace(".", ",")


def when_text(value: Any) -> str:
    """Dates as dd/mm/aaaa, with hh:mm[:ss] where there is a time; durations as h:mm:ss."""
    if isinstance(value, dt.datetime):
        day = f"{value.day:02}/{value.month:02}/{value.year:04}"
        return day if value.time() == dt.time() else f"{day} {_clock(value)}"
    if isinstance(value, dt.date):
        return f"{value.day:02}/{value.month:02}/{value.year:04}"
    if isinstance(value, dt.time):
        return _clock(value)
    if isinstance(value, dt.timedelta):
        seconds = round(value.total_seconds())
        return f"{'-' if seconds < 0 else ''}{abs(seconds) // 3600}:{abs(seconds) // 60 % 60:02}:{abs(seconds) % 60:02}"
    return str(value)


def _clock(value: dt.time | dt.datetime) -> str:
    return f"{value.hour:02}:{value.minute:02}" + (f":{value.second:02}" if value.second else "")
