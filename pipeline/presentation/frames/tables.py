"""Frames for the screen and for downloads: Portuguese headers, Brazilian dates, patients as short pseudonyms.

`plain` frames keep numbers as numbers (for CSV and XLSX); the others are meant for the eye.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import pandas as pd
from pandas.io.formats.style import Styler

from pipeline.contract import Field, FieldKind, Outcome, Product, Role
from pipeline.presentation.locale import names, numbers
from pipeline.presentation.locale.messages import say
from pipeline.presentation.sentences import issue_words, risk_gaps
from pipeline.privacy import code, short
from pipeline.records import (
    Comparison,
    GroupRow,
    Interval,
    RiskOverview,
)
from pipeline.records.ingestion import FaultyRow

RISK, WHEN, TIER, ROW, RESULT = "Risco", "Quando", "Faixa", "Linha", "Resultado"
STARS = ("Estrelas (média)", "Estrelas de", "Estrelas até")
BALANCE = ("Saldo", "Saldo de", "Saldo até")
_DOTS = {"low": "●○○○", "medium": "●●○○", "high": "●●●○", "very_high": "●●●●"}
_STATES = {Outcome.PENDING: "em aberto", Outcome.EXCLUDED: "fora da conta", Outcome.UNKNOWN: "sem resultado"}


def tier_text(key: str | None) -> str:
    """`●●●○ alto`: position and word, never colour alone."""
    return f"{_DOTS.get(key, '')} {names.tier(key)}".strip() if key else numbers.NONE


def hour(value: float) -> str:
    """`7.5` → `07:30`; empty where there is no hour."""
    if pd.isna(value):
        return ""
    minutes = round(float(value) * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def dates(column: pd.Series) -> pd.Series:
    """A column of dates as `22/10/1985`, empty where missing."""
    return column.dt.strftime("%d/%m/%Y").fillna("")


def patients(column: pd.Series) -> pd.Series:
    """Pseudonyms at rest as the short ones shown on screen; empty where the id is missing."""
    return _patients_as(short, column)


def patient_codes(column: pd.Series) -> pd.Series:
    """Pseudonyms at rest as programs tell patients apart by them, whole: of short ones, two may be alike."""
    return _patients_as(code, column)


def _patients_as(write: Callable[[str], str], column: pd.Series) -> pd.Series:
    known = {value: write(str(value)) for value in column.dropna().unique()}
    return column.astype("object").map(known).astype("object").fillna("").astype("str")


def _texts(column: pd.Series) -> pd.Series:
    return column.astype("object").where(column.notna(), "").astype("str")


def _shown(frame: pd.DataFrame, field: Field) -> pd.Series:
    if field.personal:
        return patients(frame[field.key])
    return dates(frame[field.key]) if field.kind is FieldKind.DATE else _texts(frame[field.key])


def shown_fields(product: Product, frame: pd.DataFrame) -> list[Field]:
    """Fields worth a column: present, not all empty, and none that says more of a person than a list needs."""
    hidden = {Role.BIRTH, Role.SEX, Role.TARGET}
    return [f for f in product.fields if f.role not in hidden and f.key in frame and frame[f.key].notna().any()]


def past_rows(frame: pd.DataFrame, product: Product, *, plain: bool = False) -> pd.DataFrame:
    """Rows that already happened, with their risk where they have one."""
    shown = {ROW: frame["row"].to_numpy()}
    if "risk" in frame:
        shown[RISK] = frame["risk"].to_numpy() if plain else frame["risk"].round(2).to_numpy()
    shown[RESULT] = _results(frame, product).to_numpy()
    for field in shown_fields(product, frame):
        shown[field.label] = _shown(frame, field).to_numpy()
    return pd.DataFrame(shown)


def _results(frame: pd.DataFrame, product: Product) -> pd.Series:
    names = {state.value: text for state, text in _STATES.items()}
    names |= {Outcome.EVENT.value: product.words.event, Outcome.NON_EVENT.value: product.words.non_event}
    return frame["state"].astype("object").map(names).fillna("")


def groups(rows: Sequence[GroupRow], product: Product, field: str) -> pd.DataFrame:
    """A dimension's table of plain numbers: n, outcomes, observed rate with interval, predicted risk."""
    words = product.words
    records = [
        [
            g.value,
            g.rows,
            g.outcomes,
            g.events,
            *_interval(g.observed),
            g.predicted,
            *_interval(g.stars),
            *_interval(g.balance),
        ]
        for g in rows
    ]
    headers = [
        product.column_label(field),
        words.rows.capitalize(),
        "Com resultado",
        words.events.capitalize(),
        words.rate,
        "IC 95% de",
        "IC 95% até",
        "Risco previsto",
        *STARS,
        *BALANCE,
    ]
    frame = pd.DataFrame(records, columns=headers)
    return frame if product.has_stars else frame.drop(columns=[*STARS, *BALANCE])


def groups_shown(rows: Sequence[GroupRow], product: Product, field: str) -> Styler:
    """The same written the Brazilian way; a click on a header sorts the numbers behind the words."""
    frame = groups(rows, product, field)
    counts, stars = list(frame.columns[1:4]), [name for name in STARS if name in frame]
    rates = [name for name in frame.columns[4:] if name not in stars]
    frame = frame.astype(dict.fromkeys([*rates, *stars], "float64"))
    style = frame.style.format(numbers.number, subset=counts).format(numbers.percent, subset=rates, na_rep=numbers.NONE)
    return style.format(lambda value: numbers.decimal(value, 2), subset=stars, na_rep=numbers.NONE)


_MARKS = {
    "blocker": "background-color: rgba(200, 60, 50, .26)",
    "warning": "background-color: rgba(225, 165, 30, .30)",
    "note": "background-color: rgba(120, 140, 150, .22)",
}
FAULT = "O que há de errado"
_FEW_FAULTY = 3


class FileRows(Protocol):
    """A page of a file: headers, and rows with a number, cells and faults over them."""

    @property
    def headers(self) -> tuple[str, ...]:
        """The names of the columns, one for each cell of a row."""

    @property
    def rows(self) -> Sequence[FaultyRow]:
        """The rows of this page; a fault's `column` is a place in `headers`."""


def file_order(view: FileRows) -> list[int]:
    """Places of the file's columns as they are shown: where few hold all the faults, those come first."""
    faulty = sorted({fault.column for row in view.rows for fault in row.faults})
    first = faulty if len(faulty) <= _FEW_FAULTY else []
    return [*first, *(place for place in range(len(view.headers)) if place not in first)]


def file_frame(view: FileRows, product: Product) -> pd.DataFrame:
    """Rows of the file as text, in the order of `file_order`, with their number and what is wrong before them."""
    order = file_order(view)
    names = [view.headers[place] for place in order]
    names = [ROW, FAULT, *(h if h not in (ROW, FAULT) else f"{h} (do arquivo)" for h in names)]
    lines = [
        [
            r.number,
            issue_words.faults(r, product),
            *(r.cells[place] or "" for place in order),
        ]
        for r in view.rows
    ]
    return pd.DataFrame(lines, columns=names)


def file_view(view: FileRows, product: Product) -> Styler:
    """The same with the faulty cells coloured, by the worst fault of each."""
    frame = file_frame(view, product)
    at_column = {place: position + 2 for position, place in enumerate(file_order(view))}
    marks = pd.DataFrame("", index=frame.index, columns=frame.columns)
    for at, row in enumerate(view.rows):
        for fault in sorted(row.faults, key=lambda f: list(_MARKS).index(f.severity), reverse=True):
            marks.iat[at, at_column[fault.column]] = _MARKS[fault.severity]
    return frame.style.apply(lambda _: marks, axis=None)


def shifts(found: Comparison) -> pd.DataFrame:
    """Rates before and after, with their intervals and n."""
    return pd.DataFrame(
        [
            [say(s.what), _rate(s.before), numbers.number(s.n_before), _rate(s.after), numbers.number(s.n_after)]
            for s in found.shifts
        ],
        columns=["Onde", "Antes", "n antes", "Agora", "n agora"],
    )


def _rate(item: Interval) -> str:
    return f"{numbers.percent(item.value)} ({numbers.interval(item)})"


def times(view: RiskOverview, product: Product) -> pd.DataFrame:
    """Months or weeks, then weekdays by lead time: one long table of numbers; n is that of the rate in every row."""
    predicted = dict(view.predicted_by_period)
    step = "semana (segunda-feira)" if risk_gaps.weekly(view) else "mês"
    records: list[list[object]] = [
        [step, m.period, "", m.outcomes, *_interval(m.rate), predicted.get(m.period)] for m in view.periods
    ]
    records += [
        ["dia da semana × antecedência", names.weekday(c.row), c.column, c.rows, *_interval(c.observed), None]
        for c in view.heat
    ]
    headers = [
        "Quadro",
        "Período ou dia",
        "Antecedência (dias)",
        "Com resultado",
        product.words.rate,
        "IC 95% de",
        "IC 95% até",
        "Risco previsto",
    ]
    return pd.DataFrame(records, columns=headers)


def _interval(value: Interval | None) -> tuple[float | None, float | None, float | None]:
    return (value.value, value.low, value.high) if value else (None, None, None)
