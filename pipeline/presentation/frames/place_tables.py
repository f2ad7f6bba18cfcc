"""Where patients are content and where not, as tables: for the screen, and as plain numbers for downloads."""

from __future__ import annotations

import pandas as pd
from pandas.io.formats.style import Styler

from pipeline.contract import Product
from pipeline.presentation.frames.tables import BALANCE, STARS
from pipeline.presentation.locale import numbers
from pipeline.presentation.sentences import place_words
from pipeline.records import Interval, PlaceLevel, PlaceOverview, PlaceWhy

_SIDES = {"negative": "reclamam", "positive": "elogiam"}
_SHARE = ("Detratores", "Detratores de", "Detratores até")
_COUNTS = ("Atendimentos", "Com comentário", "Com nota")


def places(view: PlaceOverview, product: Product) -> pd.DataFrame:
    """A line a value: counts, stars, balance, share of detractors, each with its interval, and the worst themes."""
    records = [
        [
            place_words.name(row),
            *_level(row.level),
            ", ".join(f"{t.label} {numbers.percent(t.share.value, 0)} (n {t.comments})" for t in row.worst),
        ]
        for row in view.rows
    ]
    headers = [product.column_label(view.column), *_headers(product), "O que mais se reclama"]
    return pd.DataFrame(records, columns=headers)


def places_shown(view: PlaceOverview, product: Product) -> Styler:
    """The same written the Brazilian way; a click on a header sorts the numbers behind the words."""
    return _styled(places(view, product), product)


def periods(view: PlaceOverview, product: Product, value: str | None = None) -> pd.DataFrame:
    """A line a value and month (or week), as plain numbers; only those of `value` if given."""
    records = [
        [item.value, item.period, *_level(item.level)] for item in view.periods if value is None or item.value == value
    ]
    return pd.DataFrame(records, columns=[product.column_label(view.column), "Período", *_headers(product)])


def periods_shown(view: PlaceOverview, product: Product, value: str) -> Styler:
    """The months of one value, for the eye."""
    frame = periods(view, product, value).iloc[:, 1:]
    frame["Período"] = [numbers.period_name(key) for key in frame["Período"]]
    return _styled(frame, product)


def gaps(why: PlaceWhy) -> pd.DataFrame:
    """Themes here and elsewhere, each share with its n and interval, for the eye."""
    records = [
        [
            item.label,
            _SIDES[item.side],
            _rate(item.here, item.here_comments),
            _rate(item.elsewhere, item.elsewhere_comments),
            f"{numbers.points(item.gap.value, 1)} ({_bounds(item.gap)})",
            "clara" if item.clear else "pode ser acaso",
            _effect(item.effect),
        ]
        for item in why.gaps
    ]
    headers = ["Tema", "O que fazem", "Aqui", "Nos demais", "Diferença (pontos)", "Quão segura", "Efeito em estrelas"]
    return pd.DataFrame(records, columns=headers)


def _headers(product: Product) -> list[str]:
    rows = (product.words.rows.capitalize(), *_COUNTS[1:])
    return [*rows, *STARS, *BALANCE, *_SHARE]


def _level(level: PlaceLevel) -> list[float | int | None]:
    return [
        level.events,
        level.comments,
        level.rated,
        *_parts(level.stars),
        *_parts(level.balance),
        *_parts(level.detractors),
    ]


def _parts(item: Interval | None) -> tuple[float | None, float | None, float | None]:
    return (item.value, item.low, item.high) if item else (None, None, None)


def _styled(frame: pd.DataFrame, product: Product) -> Styler:
    counts = [product.words.rows.capitalize(), *_COUNTS[1:]]
    rates = [*BALANCE, *_SHARE]
    frame = frame.astype(dict.fromkeys([*STARS, *rates], "float64"))
    style = frame.style.format(numbers.number, subset=counts)
    style = style.format(lambda value: numbers.decimal(value, 2), subset=list(STARS), na_rep=numbers.NONE)
    return style.format(numbers.percent, subset=rates, na_rep=numbers.NONE)


def _rate(item: Interval, n: int) -> str:
    return f"{numbers.percent(item.value)} ({numbers.interval(item)}), n {numbers.number(n)}"


def _bounds(item: Interval) -> str:
    return f"{numbers.points(item.low, 1)} a {numbers.points(item.high, 1)}"


def _effect(item: Interval | None) -> str:
    if item is None:
        return numbers.NONE
    return f"{numbers.signed(item.value, 1)} ({numbers.decimal_interval(item, 1)})"
