"""Themes of comments in words: what polarities are called, the codes of a download, lines of the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.presentation.locale import numbers
from pipeline.records import POLARITIES, ThemeOverview, ThemePair, ThemeRow, ThemeSentence, ThemeSet

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


_MANY = {"all": "Todos", "negative": "Negativos", "mixed": "Mistos", "positive": "Positivos", "neutral": "Neutros"}


def most_blamed(rows: Sequence[ThemeRow]) -> ThemeRow:
    """The theme with most blame, as the charts order them. ValueError without any."""
    return min(rows, key=lambda row: (-row.counts.negative, -row.comments))


def polarity_option(row: ThemeRow, name: str) -> str:
    """`Negativos 334`, of a theme's comments."""
    return f"{_MANY[name]} {numbers.number(row.comments if name == 'all' else getattr(row.counts, name))}"


def in_hierarchy(row: ThemeRow, found: ThemeOverview) -> str:
    """A theme in a list, after the one that it is a part of."""
    parent = next((other.label for other in found.themes if other.key == row.parent), "")
    return f"{parent} › {row.label}" if parent else row.label


def standing(row: ThemeRow) -> str:
    """How a theme is spoken of, in one line with its n and intervals."""
    part = shares(row)
    between = f" (IC {numbers.interval(row.negative)})" if row.negative else ""
    said = (
        f"{numbers.plural(row.comments, 'comentário', 'comentários')}, {numbers.percent(row.share.value)} de todos: "
        f"{numbers.percent(part['negative'], 0)} negativos{between}, {numbers.percent(part['mixed'], 0)} mistos, "
        f"{numbers.percent(part['positive'], 0)} positivos, {numbers.percent(part['neutral'], 0)} neutros."
    )
    if row.effect is None:
        return said
    return f"{said} Efeito: {numbers.signed(row.effect.value, 2)} estrelas ({numbers.decimal_interval(row.effect, 2)})."


def about(item: ThemeSentence) -> str:
    """When, with how many stars, and in which row something was said."""
    day = numbers.date(item.day) if item.day else "sem data"
    stars = numbers.plural(int(item.stars), "estrela", "estrelas") if item.stars is not None else "sem nota"
    return f"{day} · {stars} · linha {numbers.number(item.row)}"


def pair(item: ThemePair) -> str:
    """How often two themes come together, against chance."""
    between = numbers.decimal_interval(item.lift, 1)
    return (
        f"{item.first} e {item.second.lower()}: {numbers.plural(item.comments, 'comentário', 'comentários')}, onde o "
        f"acaso daria {numbers.number(item.expected, 0)}; {numbers.decimal(item.lift.value, 1)} vezes (IC {between})."
    )


def edition(found: ThemeSet) -> str:
    """Whose themes these are, and how many are looked for."""
    on = sum(entry.on for entry in found.themes)
    whose = "Temas editados por esta clínica" if found.edited else "Temas da Presença"
    off = f", {numbers.number(len(found.themes) - on)} desligados" if on < len(found.themes) else ""
    return f"{whose}: {numbers.plural(on, 'procurado', 'procurados')}{off}."
