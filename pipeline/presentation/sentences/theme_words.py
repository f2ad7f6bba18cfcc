"""Themes of comments in words: what polarities are called, the codes of a download, lines of the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.presentation.locale import numbers
from pipeline.records import POLARITIES, ThemeOverview, ThemeRow

POLARITY: Mapping[str, str] = {
    "negative": "negativo",
    "mixed": "misto",
    "positive": "positivo",
    "neutral": "neutro",
}
_HEADERS = ("Tema", "Comentários", "Parte dos comentários", "Negativos", "Mistos", "Positivos", "Neutros")


def codes(spoken: Sequence[tuple[str, str]]) -> str:
    """`espera:negativo; medico:positivo` of codes and polarities."""
    return "; ".join(f"{code}:{POLARITY[polarity]}" for code, polarity in spoken)


def shares(row: ThemeRow) -> dict[str, float]:
    """How a theme's comments speak of it, as shares of them (0 to 1)."""
    return {name: getattr(row.counts, name) / max(row.comments, 1) for name in POLARITIES}


def lines(found: ThemeOverview) -> list[str]:
    """The themes as a table for a terminal, parts indented below their theme."""
    if not found.themes:
        return [f"{_comments(found)} Nenhum fala dos temas conhecidos."]
    table = [_HEADERS, *map(_cells, found.themes)]
    widths = [max(len(line[place]) for line in table) for place in range(len(_HEADERS))]
    aligned = [
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in table
    ]
    covered = numbers.plural(found.covered, "fala", "falam")
    return [f"{_comments(found)} {covered} de algum tema.", "", *aligned]


def _comments(found: ThemeOverview) -> str:
    return f"{numbers.plural(found.comments, 'comentário lido', 'comentários lidos')}."


def _cells(row: ThemeRow) -> tuple[str, ...]:
    part = shares(row)
    between = f" ({numbers.interval(row.negative)})" if row.negative else ""
    return (
        f"  {row.label}" if row.parent else row.label,
        numbers.number(row.comments),
        f"{numbers.percent(row.share.value)} ({numbers.interval(row.share)})",
        f"{numbers.percent(part['negative'], 0)}{between}",
        *(numbers.percent(part[name], 0) for name in ("mixed", "positive", "neutral")),
    )
