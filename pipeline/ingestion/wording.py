"""Numbers, dates and plurals the Brazilian way, for the sentences of a report."""

from __future__ import annotations

import datetime as dt

from pipeline.presentation.locale.numbers import percent

__all__ = ["date", "listed", "month", "number", "percent", "plural"]  # one rounding for reports, pages and charts

_MONTHS = (
    "janeiro",
    "fevereiro",
    "março",
    "abril",
    "maio",
    "junho",
    "julho",
    "agosto",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
)


def number(n: int) -> str:
    """1204 → "1.204"."""
    return f"{n:,}".replace(",", ".")


def plural(n: int, one: str, many: str) -> str:
    """(1, "linha", "linhas") → "1 linha"."""
    return f"{number(n)} {one if n == 1 else many}"


def date(day: dt.date) -> str:
    return day.strftime("%d/%m/%Y")


def month(period: str) -> str:
    """ "2026-03" → "março de 2026"."""
    year, number_ = period.split("-")
    return f"{_MONTHS[int(number_) - 1]} de {year}"


def listed(items: tuple[str, ...] | list[str], last: str = " e ") -> str:
    """("a", "b", "c") → "a, b e c"."""
    items = list(items)
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])}{last}{items[-1]}" if items else ""
