"""What a factor says about a row, as a note: 42 days of lead time, the eve of a holiday.

Nouns are the product's words and labels, values as the file wrote them. Whole columns are looked at at once: each
distinct case is one note and rows hold its number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import pandas as pd

from pipeline.contract import UF_PART, FeatureKind, FeatureSpec, FieldKind, Product, Role, part
from pipeline.insight.groups.counts import NO_DATE, days
from pipeline.packing import distinct
from pipeline.records import Note, note, pack

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
    Near.HOLIDAY: "factor.holiday",
    Near.EVE: "factor.holiday_eve",
    Near.DAY_AFTER: "factor.after_holiday",
    Near.FAR: "factor.no_holiday",
}
_SOON = 7  # days: a holiday farther away is not worth a word
_SHORT = {
    Role.LEVEL: "short.level",
    Role.MODE: "short.mode",
    Role.POSTCODE: "short.postcode",
    Role.CHANNEL: "short.channel",
    Role.PLAN: "short.plan",
    Role.UNIT: "short.unit",
    Role.PROCEDURE: "short.procedure",
}  # how a field is called in front of its value
_OTHER_BOOKINGS = {
    "same_day": "factor.others_same_day",
    "to_come": "factor.others_to_come",
    "made_30_days": "factor.others_lately_made",
    "past_60_days": "factor.others_lately_past",
}  # the model's column, and what it says


@dataclass(frozen=True)
class Cases:
    """`codes` (n, int) point into `notes`."""

    codes: np.ndarray
    notes: tuple[Note, ...]

    def each(self) -> np.ndarray:
        """The n notes, packed (object array of text)."""
        return np.array([pack(item) for item in self.notes], dtype=object)[self.codes]


def cases(spec: FeatureSpec, product: Product, rows: pd.DataFrame, columns: pd.DataFrame) -> Cases:
    """One note a row for the factor `spec`; `columns` are the model columns of the same rows."""
    return _KINDS.get(spec.kind, _label)(spec, product, rows, columns)


def named(spec: FeatureSpec) -> Note:
    """A factor by its label alone."""
    return note("factor.named", label=spec.label)


def _label(spec: FeatureSpec, product: Product, rows: pd.DataFrame, columns: pd.DataFrame) -> Cases:
    return Cases(np.zeros(len(rows), dtype=np.int64), (named(spec),))


def _lead_time(spec: FeatureSpec, product: Product, rows: pd.DataFrame, columns: pd.DataFrame) -> Cases:
    contact, event = (days(rows[key]) for key in spec.fields[:2])
    known = (contact > NO_DATE) & (event > NO_DATE)
    return _each(
        np.where(known, event - contact, -1), lambda lead: note("factor.lead", days=lead), note("factor.lead_unknown")
    )


def _age(spec: FeatureSpec, product: Product, rows: pd.DataFrame, columns: pd.DataFrame) -> Cases:
    return _each(_whole(rows["age"]), lambda age: note("factor.age", label=spec.label, years=age), _unknown(spec.label))


def _value(spec: FeatureSpec, product: Product, rows: pd.DataFrame, columns: pd.DataFrame) -> Cases:
    """The value of a field: the plan is Amil."""
    field = product.field(spec.fields[0])
    column = rows[part(field.key, UF_PART)] if spec.kind is FeatureKind.POSTCODE else rows[field.key]
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return _label(spec, product, rows, columns)
    noun: Note | str = field.label if field.kind is FieldKind.UF else spec.label
    if field.role in _SHORT:
        noun = Note(_SHORT[field.role])
    values = [str(name) for name in column.cat.categories]
    told = column.cat.codes.to_numpy().astype(np.int64) % (len(values) + 1)
    found, codes = np.unique(told, return_inverse=True)
    missing = note("factor.value_unknown", noun=noun)
    return Cases(
        codes,
        tuple(note("factor.value", noun=noun, value=values[i]) if i < len(values) else missing for i in found),
    )


def _calendar(spec: FeatureSpec, product: Product, rows: pd.DataFrame, columns: pd.DataFrame) -> Cases:
    dates = rows[spec.fields[0]]
    day = days(dates)
    known = day > NO_DATE
    month_day = dates.dt.day.fillna(0).to_numpy().astype(np.int64)
    weekday = np.where(known, (day + _THURSDAY) % 7, -1)
    return _each_pair(
        lambda on, at: note("factor.calendar", weekday=on, day=at), note("factor.no_date"), weekday, month_day
    )


def _hour(spec: FeatureSpec, product: Product, rows: pd.DataFrame, columns: pd.DataFrame) -> Cases:
    key = product.field(spec.fields[0]).hour_column
    if key not in rows.columns:
        return Cases(np.zeros(len(rows), dtype=np.int64), (note("factor.no_hour"),))
    return _each(
        _whole(rows[key] * 60),
        lambda minutes: note("factor.hour", hour=minutes // 60, minute=minutes % 60),
        note("factor.no_hour"),
    )


def _holiday(spec: FeatureSpec, product: Product, rows: pd.DataFrame, columns: pd.DataFrame) -> Cases:
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

    def told(kind: int, away: int) -> Note:
        if kind in _NEAR_HOLIDAY:
            return Note(_NEAR_HOLIDAY[Near(kind)])
        if kind == Near.AHEAD:
            return note("factor.holiday_ahead", days=away)
        return note("factor.holiday_behind", days=away)

    return _each_pair(told, note("factor.no_date"), near, distance)


def _history(spec: FeatureSpec, product: Product, rows: pd.DataFrame, columns: pd.DataFrame) -> Cases:
    """What became of the patient's bookings within the window that history looks back over."""
    words = product.words
    nouns = {"row": words.row, "rows": words.rows, "event": words.event, "events": words.events}
    outcomes, events = (_whole(columns[f"{spec.key}__{name}"]) for name in ("outcomes", "events"))

    def told(of: int, bad: int) -> Note:
        return note("factor.history", of=of, bad=bad, **nouns) if of else note("factor.first_known", row=words.row)

    return _each_pair(told, note("factor.no_history"), outcomes, events)


def _other_bookings(spec: FeatureSpec, product: Product, rows: pd.DataFrame, columns: pd.DataFrame) -> Cases:
    """The most telling of the patient's other bookings: of the day, to come, lately made, lately past."""
    words = product.words
    values = [_whole(columns[f"{spec.key}__{name}"]) for name in _OTHER_BOOKINGS]
    kinds = tuple(_OTHER_BOOKINGS.values())
    kind = np.select([values[0] < 0, *(v > 0 for v in values)], [-1, *range(len(kinds))], len(kinds))
    count = np.select([kind == i for i in range(len(kinds))], values, 0)

    def told(which: int, many: int) -> Note:
        if which == len(kinds):
            return note("factor.no_others", rows=words.rows)
        return note(kinds[which], count=many, row=words.row, rows=words.rows)

    return _each_pair(told, note("factor.others_unknown", rows=words.rows), kind, count)


def _load(spec: FeatureSpec, product: Product, rows: pd.DataFrame, columns: pd.DataFrame) -> Cases:
    """Bookings of the unit's day, as known one lead ahead."""
    known = np.expm1(columns[f"{spec.key}__bookings"].astype(np.float64))
    place, words = product.field(spec.fields[0]).label, product.words
    return _each(
        _whole(known),
        lambda count: note("factor.load", count=count, row=words.row, rows=words.rows, place=place),
        _unknown(spec.label),
    )


def _each(values: np.ndarray, told: Callable[[int], Note], missing: Note) -> Cases:
    """Each distinct whole number noted once; negative ones are missing."""
    found, codes = np.unique(values, return_inverse=True)
    return Cases(codes, tuple(told(int(v)) if v >= 0 else missing for v in found))


def _each_pair(told: Callable[[int, int], Note], missing: Note, first: np.ndarray, second: np.ndarray) -> Cases:
    """Each distinct pair of whole numbers noted once; where the first is negative the row lacks it."""
    pairs, codes = distinct(np.maximum(first, -1), np.where(first < 0, 0, second))
    return Cases(codes, tuple(told(*pair) if pair[0] >= 0 else missing for pair in pairs))


def _whole(values: pd.Series) -> np.ndarray:
    """Rounded to whole numbers; −1 where missing."""
    numbers = values.to_numpy(dtype=np.float64)
    return np.where(np.isfinite(numbers), np.rint(np.nan_to_num(numbers)), -1).astype(np.int64)


def _unknown(label: str) -> Note:
    return note("factor.value_unknown", noun=label)


_KINDS: dict[FeatureKind, Callable[[FeatureSpec, Product, pd.DataFrame, pd.DataFrame], Cases]] = {
    FeatureKind.LEAD_TIME: _lead_time,
    FeatureKind.AGE: _age,
    FeatureKind.CODE: _value,
    FeatureKind.RATE: _value,
    FeatureKind.VALUES: _value,
    FeatureKind.POSTCODE: _value,
    FeatureKind.CALENDAR: _calendar,
    FeatureKind.HOUR: _hour,
    FeatureKind.HOLIDAY: _holiday,
    FeatureKind.HISTORY: _history,
    FeatureKind.OTHER_BOOKINGS: _other_bookings,
    FeatureKind.LOAD: _load,
}
