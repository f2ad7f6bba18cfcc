"""What a factor says about a row, in Portuguese: "Antecedência de 42 dias", "Véspera de feriado".

Plain text without escaping. Nouns come from the product's words and labels, values as the file wrote them.
Whole columns are phrased at once: each distinct case is worded once and rows hold its number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import pandas as pd

from pipeline.contract import UF_PART, FeatureKind, FeatureSpec, FieldKind, Product, Role, feminine, part
from pipeline.insight.groups.counts import NO_DATE, days
from pipeline.packing import distinct

_WEEKDAYS = ("Segunda-feira", "Terça-feira", "Quarta-feira", "Quinta-feira", "Sexta-feira", "Sábado", "Domingo")
_THURSDAY = 3  # 1 January 1970


class Near(IntEnum):
    """How a day lies to the holidays around it."""

    HOLIDAY = 0
    EVE = 1
    DAY_AFTER = 2
    AHEAD = 3  # some days before one
    BEHIND = 4  # some days after one
    FAR = 5


_NEAR_HOLIDAY = {
    Near.HOLIDAY: "Feriado",
    Near.EVE: "Véspera de feriado",
    Near.DAY_AFTER: "Dia seguinte a feriado",
    Near.FAR: "Sem feriado por perto",
}
_SOON = 7  # days: a holiday farther away is not worth a phrase
_SHORT = {
    Role.LEVEL: "Nível",
    Role.MODE: "Atendimento",
    Role.POSTCODE: "UF",
    Role.CHANNEL: "Origem",
    Role.PLAN: "Convênio",
    Role.UNIT: "Unidade",
    Role.PROCEDURE: "Procedimento",
}


@dataclass(frozen=True)
class Phrases:
    """`codes` (n, int) point into `texts`."""

    codes: np.ndarray
    texts: tuple[str, ...]

    def each(self) -> np.ndarray:
        """The n texts (object array)."""
        return np.array(self.texts, dtype=object)[self.codes]


def phrases(spec: FeatureSpec, product: Product, rows: pd.DataFrame, columns: pd.DataFrame) -> Phrases:
    """One phrase a row for the factor `spec`; `columns` are the model columns of the same rows."""
    return _KINDS.get(spec.kind, _label)(spec, product, rows, columns)


def _label(spec: FeatureSpec, product: Product, rows: pd.DataFrame, columns: pd.DataFrame) -> Phrases:
    return Phrases(np.zeros(len(rows), dtype=np.int64), (spec.label,))


def _lead_time(spec: FeatureSpec, product: Product, rows: pd.DataFrame, columns: pd.DataFrame) -> Phrases:
    contact, event = (days(rows[key]) for key in spec.fields[:2])
    known = (contact > NO_DATE) & (event > NO_DATE)

    def say(lead: int) -> str:
        return "Marcado para o mesmo dia" if lead == 0 else f"Antecedência de {_count(lead, 'dia', 'dias')}"

    return _worded(np.where(known, event - contact, -1), say, "Antecedência desconhecida")


def _age(spec: FeatureSpec, product: Product, rows: pd.DataFrame, columns: pd.DataFrame) -> Phrases:
    return _worded(
        _whole(rows["age"]), lambda age: f"{spec.label} de {_count(age, 'ano', 'anos')}", _unknown(spec.label)
    )


def _value(spec: FeatureSpec, product: Product, rows: pd.DataFrame, columns: pd.DataFrame) -> Phrases:
    """The value of a field: "Convênio Amil"."""
    field = product.field(spec.fields[0])
    column = rows[part(field.key, UF_PART)] if spec.kind is FeatureKind.POSTCODE else rows[field.key]
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return _label(spec, product, rows, columns)
    noun = _SHORT.get(field.role, field.label if field.kind is FieldKind.UF else spec.label)
    names = [str(name) for name in column.cat.categories]
    # "Unidade Unidade Sul" reads like a fault
    texts = [name if name.casefold().startswith(noun.casefold()) else f"{noun} {name}" for name in names]
    return Phrases(column.cat.codes.to_numpy().astype(np.int64) % (len(names) + 1), (*texts, _unknown(noun)))


def _calendar(spec: FeatureSpec, product: Product, rows: pd.DataFrame, columns: pd.DataFrame) -> Phrases:
    dates = rows[spec.fields[0]]
    day = days(dates)
    known = day > NO_DATE
    month_day = dates.dt.day.fillna(0).to_numpy().astype(np.int64)
    weekday = np.where(known, (day + _THURSDAY) % 7, -1)
    return _worded_by(lambda on, at: f"{_WEEKDAYS[on]}, dia {at}", "Sem data", weekday, month_day)


def _hour(spec: FeatureSpec, product: Product, rows: pd.DataFrame, columns: pd.DataFrame) -> Phrases:
    key = product.field(spec.fields[0]).hour_column
    if key not in rows.columns:
        return Phrases(np.zeros(len(rows), dtype=np.int64), ("Sem horário",))
    return _worded(_whole(rows[key] * 60), _clock, "Sem horário")


def _clock(minutes: int) -> str:
    hour, minute = divmod(minutes, 60)
    return f"Horário d{'as' if hour != 1 else 'a'} {hour}h{f'{minute:02d}' if minute else ''}"


def _holiday(spec: FeatureSpec, product: Product, rows: pd.DataFrame, columns: pd.DataFrame) -> Phrases:
    is_holiday, is_eve, ahead, behind = (
        columns[f"{spec.key}__{name}"].to_numpy(dtype=np.float64)
        for name in ("is_holiday", "is_eve", "to_next", "from_last")
    )
    near = np.select(
        [np.isnan(is_holiday), is_holiday == 1, is_eve == 1, behind == 1, ahead == 1, ahead <= _SOON, behind <= _SOON],
        [-1, *(kind.value for kind in (Near.HOLIDAY, Near.EVE, Near.DAY_AFTER, Near.EVE, Near.AHEAD, Near.BEHIND))],
        Near.FAR.value,
    )
    distance = np.select([near == Near.AHEAD, near == Near.BEHIND], [ahead, behind], 0).astype(np.int64)

    def say(kind: int, days_off: int) -> str:
        if kind in _NEAR_HOLIDAY:
            return _NEAR_HOLIDAY[Near(kind)]
        return f"Feriado em {days_off} dias" if kind == Near.AHEAD else f"{days_off} dias depois de feriado"

    return _worded_by(say, "Sem data", near, distance)


def _history(spec: FeatureSpec, product: Product, rows: pd.DataFrame, columns: pd.DataFrame) -> Phrases:
    """What became of the patient's bookings within the window that history looks back over."""
    words = product.words
    first, one, some = (
        ("Primeira", "na última", "nas últimas") if feminine(words.row) else ("Primeiro", "no último", "nos últimos")
    )
    none = "Nenhuma" if feminine(words.event) else "Nenhum"
    outcomes, events = (_whole(columns[f"{spec.key}__{name}"]) for name in ("outcomes", "events"))

    def say(of: int, bad: int) -> str:
        if not of:
            return f"{first} {words.row} {'conhecida' if feminine(words.row) else 'conhecido'} do paciente"
        what = f"{none} {words.event}" if not bad else _count(bad, words.event, words.events)
        return f"{what} {one} {words.row}" if of == 1 else f"{what} {some} {_count(of, words.row, words.rows)}"

    return _worded_by(say, "Sem histórico do paciente", outcomes, events)


def _other_bookings(spec: FeatureSpec, product: Product, rows: pd.DataFrame, columns: pd.DataFrame) -> Phrases:
    """The most telling of the patient's other bookings: of the day, to come, lately made, lately past."""
    words = product.words
    others, singular, plural = ("outras", "feita", "feitas") if feminine(words.row) else ("outros", "feito", "feitos")
    kinds = ("same_day", "to_come", "made_30_days", "past_60_days")
    values = [_whole(columns[f"{spec.key}__{name}"]) for name in kinds]
    kind = np.select([values[0] < 0, *(v > 0 for v in values)], [-1, *range(len(kinds))], len(kinds))
    count = np.select([kind == i for i in range(len(kinds))], values, 0)

    def say(which: int, n: int) -> str:
        if which == len(kinds):
            return f"Sem {others} {words.rows} do paciente"
        made = singular if n == 1 else plural
        bookings = _count(n, words.row, words.rows)
        return (
            f"Mais {bookings} no mesmo dia",
            f"Mais {bookings} por vir",
            f"Mais {bookings} {made} há menos de 30 dias",
            f"{bookings} nos últimos 60 dias",
        )[which]

    return _worded_by(say, f"Sem informação de {others} {words.rows}", kind, count)


def _load(spec: FeatureSpec, product: Product, rows: pd.DataFrame, columns: pd.DataFrame) -> Phrases:
    """Bookings of the unit's day, as known one lead ahead."""
    known = np.expm1(columns[f"{spec.key}__bookings"].astype(np.float64))
    place = _lower(product.field(spec.fields[0]).label)
    words = product.words
    return _worded(
        _whole(known),
        lambda n: f"{_count(n, words.row, words.rows) if n else f'Sem {words.rows}'} no mesmo dia e {place}",
        _unknown(spec.label),
    )


def _worded(values: np.ndarray, say: Callable[[int], str], missing: str) -> Phrases:
    """Each distinct whole number said once; negative ones are missing."""
    found, codes = np.unique(values, return_inverse=True)
    return Phrases(codes, tuple(say(int(v)) if v >= 0 else missing for v in found))


def _worded_by(say: Callable[[int, int], str], missing: str, first: np.ndarray, second: np.ndarray) -> Phrases:
    """Each distinct pair of whole numbers said once; where the first is negative the row lacks it."""
    pairs, codes = distinct(np.maximum(first, -1), np.where(first < 0, 0, second))
    return Phrases(codes, tuple(say(*pair) if pair[0] >= 0 else missing for pair in pairs))


def _whole(values: pd.Series) -> np.ndarray:
    """Rounded to whole numbers; −1 where missing."""
    numbers = values.to_numpy(dtype=np.float64)
    return np.where(np.isfinite(numbers), np.rint(np.nan_to_num(numbers)), -1).astype(np.int64)


def _count(n: int, one: str, many: str) -> str:
    return f"{n:,} {one if n == 1 else many}".replace(",", ".")


def _unknown(noun: str) -> str:
    return f"Sem informação de {_lower(noun)}"


def _lower(label: str) -> str:
    return label if label.isupper() else label[0].lower() + label[1:]


_KINDS: dict[FeatureKind, Callable[[FeatureSpec, Product, pd.DataFrame, pd.DataFrame], Phrases]] = {
    FeatureKind.LEAD_TIME: _lead_time,
    FeatureKind.AGE: _age,
    FeatureKind.CODE: _value,
    FeatureKind.RATE: _value,
    FeatureKind.POSTCODE: _value,
    FeatureKind.CALENDAR: _calendar,
    FeatureKind.HOUR: _hour,
    FeatureKind.HOLIDAY: _holiday,
    FeatureKind.HISTORY: _history,
    FeatureKind.OTHER_BOOKINGS: _other_bookings,
    FeatureKind.LOAD: _load,
}
