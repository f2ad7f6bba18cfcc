"""Outcomes that look registered by a machine: a value whose rows all (or never) are the event, always or for weeks,
or whose rate leaps from one period to the next while the others' stays.

A finding only: it says where, how many and since when; the rows stay unless somebody asks to leave them out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pipeline import per_row
from pipeline.contract import Outcome, Role
from pipeline.ingestion.parsing.parsed_file import OUTCOMES, Sheet
from pipeline.ingestion.parsing.periods import own_days
from pipeline.ingestion.parsing.quoting import shown_header
from pipeline.ingestion.repair.set_aside import can_be_set_aside, names
from pipeline.records import Automatic, Step, StepKind
from pipeline.statistics import wilson

LEAST = 50  # outcomes from which a rate of 0 or 100 % says something
CHANCE = 1e-6  # of such a run under the rate of the others
_WEEKS = 2  # a run lasts so long
_LEAP, _SURE = 0.25, 6.0  # difference of rates beyond that of the others; standard errors
_MONTHS = 120  # days of a file from which months, not weeks, are held against each other
_MOST, _MOST_VALUES = 20, 3_000
_SAME = 0.9  # of the rows: one finding tells of them already
_LOOKED_AT = (Role.UNIT, Role.PROCEDURE, Role.PLAN, Role.CHANNEL, Role.TYPE, Role.CATEGORY, Role.MODE, Role.LEVEL)


@dataclass(frozen=True)
class _Outcomes:
    """The rows of the file's own period with a known outcome, each with its week, and with its week or month."""

    places: np.ndarray
    event: np.ndarray
    days: np.ndarray  # int32, days since 1970
    week: np.ndarray
    period: np.ndarray

    @classmethod
    def of(cls, known: np.ndarray, event: np.ndarray, days: np.ndarray) -> _Outcomes:
        places = per_row.places_of(known)
        size = len(places)
        numbers = per_row.made(size, np.int32, lambda block: days[places[block]].astype("int64"))
        first = int(numbers.min())
        week = per_row.made(size, np.int32, lambda block: (numbers[block] - first) // 7)
        if int(numbers.max()) - first < _MONTHS:
            return cls(places, per_row.spread(event, places), numbers, week, week)
        month = np.datetime64(first, "D").astype("datetime64[M]").astype("int64")
        months = per_row.made(
            size, np.int32, lambda block: days[places[block]].astype("datetime64[M]").astype("int64") - month
        )
        return cls(places, per_row.spread(event, places), numbers, week, months)


@dataclass(frozen=True)
class _Table:
    """Outcomes and events of the values of a field (rows) by period (columns)."""

    n: np.ndarray
    k: np.ndarray

    @classmethod
    def of(cls, own: np.ndarray, period: np.ndarray, event: np.ndarray) -> _Table:
        width = int(period.max()) + 1
        size = (int(own.max()) + 1) * width
        n, k = np.zeros(size, np.int64), np.zeros(size, np.int64)
        for block in per_row.blocks(len(own)):
            known = own[block] >= 0
            cell = own[block][known].astype(np.int64) * width + period[block][known]
            n += np.bincount(cell, minlength=size)
            k += np.bincount(cell[event[block][known]], minlength=size)
        return cls(n.reshape(-1, width), k.reshape(-1, width))


def find(sheet: Sheet, usable: np.ndarray, states: np.ndarray) -> tuple[Automatic, ...]:
    """The findings of a file, most rows first; rows that one finding tells of are not told again by another field."""
    days = sheet.days(sheet.product.time.key)
    event = states == OUTCOMES.index(Outcome.EVENT)
    known = usable & (event | (states == OUTCOMES.index(Outcome.NON_EVENT))) & own_days(days)
    if np.count_nonzero(known) < 2 * LEAST:
        return ()
    base = _Outcomes.of(known, event, days)
    found = [
        pair
        for field in sheet.product.fields
        if _looked_at(sheet, field.key)
        for pair in _of_field(sheet, field.key, base, usable)
    ]
    return _once(sorted(found, key=lambda pair: -pair[0].rows), sheet.size)


def _looked_at(sheet: Sheet, key: str) -> bool:
    item = sheet.product.field(key)
    return (
        item.role in _LOOKED_AT or any(d.column == key and item.role is not Role.UF for d in sheet.product.dimensions)
    ) and (sheet.columns[key].present and can_be_set_aside(sheet.product, key))


def _once(found: list[tuple[Automatic, np.ndarray]], size: int) -> tuple[Automatic, ...]:
    told, kept = np.zeros(size, bool), []
    for item, rows in found:
        if told[rows].mean() < _SAME:
            told[rows] = True
            kept.append(item)
    return tuple(kept[:_MOST])


def _of_field(sheet: Sheet, key: str, base: _Outcomes, usable: np.ndarray) -> Iterator[tuple[Automatic, np.ndarray]]:
    meaning = sheet.canonical(key)
    own = per_row.spread(meaning, base.places)
    counts = per_row.counted(own, int(own.max(initial=-1)) + 1)
    common = [int(value) for value in np.argsort(-counts, kind="stable")[:_MOST_VALUES] if counts[value] >= LEAST]
    if not common:
        return
    place = np.full(len(counts) + 1, -1, np.int32)
    place[common] = np.arange(len(common))
    own = per_row.spread(place, own)  # the last, -1, stands for no value
    weeks, periods = _Table.of(own, base.week, base.event), _Table.of(own, base.period, base.event)
    width = int(base.period.max()) + 1
    all_n, all_k = per_row.counted(base.period, width), per_row.counted(base.period, width, ~base.event)
    called = names(sheet.columns[key])
    for at, value in enumerate(common):
        name = called.get(value, "")
        if not name or shown_header(name) != name:
            continue  # perhaps somebody's number
        look = _Look(weeks.n[at], weeks.k[at], periods.n[at], periods.k[at], all_n, all_k)
        found = look.odd()
        if found is not None:
            rows = per_row.places_of(usable & (meaning == value))
            yield _told(sheet, key, name, rows, found, base, own == at)


def _told(
    sheet: Sheet, key: str, name: str, rows: np.ndarray, odd: _Odd, base: _Outcomes, mine: np.ndarray
) -> tuple[Automatic, np.ndarray]:
    """What was found, with its days, and the rows that would be left out."""
    when = base.period if odd.code == "leap" else base.week
    days = base.days[mine & (when >= odd.first) & (when <= odd.last)]
    first, last = _day(days.min()), _day(days.max())
    step = Step(StepKind.ASIDE, key, name, "" if odd.whole else f"{first}/{last}")
    if not odd.whole:
        at = sheet.days(sheet.product.time.key)[rows]
        rows = rows[(at >= np.datetime64(first)) & (at <= np.datetime64(last))]
    rate = wilson(odd.rest_events, odd.rest)
    assert rate is not None  # nothing is odd that is held against nothing
    label = sheet.product.field(key).label
    return Automatic(odd.code, key, label, name, len(rows), odd.n, odd.events, first, last, rate, odd.rest, step), rows


@dataclass(frozen=True)
class _Odd:
    """What is odd in the outcomes of a value,
    from one week (for a leap: period) to another, and what it is held against.
    """

    code: str
    n: int
    events: int
    first: int
    last: int
    rest: int
    rest_events: int
    whole: bool = False


@dataclass(frozen=True)
class _Look:
    """A value's outcomes and events by week and by period, beside those of all rows by period."""

    week_n: np.ndarray
    week_k: np.ndarray
    n: np.ndarray
    k: np.ndarray
    all_n: np.ndarray
    all_k: np.ndarray

    def odd(self) -> _Odd | None:
        n, k = int(self.n.sum()), int(self.k.sum())
        rest, rest_events = int(self.all_n.sum()) - n, int(self.all_k.sum()) - k
        if k in (0, n):
            alike = rest >= LEAST and _chance(k, n, rest_events / rest) < CHANCE
            return (
                _Odd("always" if k else "never", n, k, 0, len(self.week_n), rest, rest_events, whole=True)
                if alike
                else None
            )
        others = rest_events / rest if rest >= LEAST else int(self.all_k.sum()) / int(self.all_n.sum())
        return self._while(n, k, others) or self._leap()

    def _while(self, n: int, k: int, others: float) -> _Odd | None:
        """The longest run of weeks with the event always, or never; weeks without outcomes don't end it."""
        weeks = np.flatnonzero(self.week_n)
        held, events = self.week_n[weeks], self.week_k[weeks]
        best: _Odd | None = None
        for code, alike in (("always_while", events == held), ("never_while", events == 0)):
            for first, last in _stretches(alike):
                size, inside = int(held[first : last + 1].sum()), int(events[first : last + 1].sum())
                if last - first + 1 < _WEEKS or size < LEAST or (best is not None and size <= best.n):
                    continue
                own = (k - inside) / (n - size) if n - size >= LEAST else others
                if max(_chance(inside, size, own), _chance(inside, size, others)) < CHANCE:
                    best = _Odd(code, size, inside, int(weeks[first]), int(weeks[last]), n - size, k - inside)
        return best

    def _leap(self) -> _Odd | None:
        """The period from which on the rate lies far from what it was, while the other rows' stays."""
        if len(self.n) < 2:
            return None
        n, k = np.cumsum(self.n)[:-1], np.cumsum(self.k)[:-1]  # before each cut
        after_n, after_k = self.n.sum() - n, self.k.sum() - k
        gap = _rate(after_k, after_n) - _rate(k, n)
        mean = self.k.sum() / self.n.sum()
        error = np.sqrt(max(mean * (1 - mean), 1e-9) * (1 / np.maximum(n, 1) + 1 / np.maximum(after_n, 1)))
        beyond = gap - self._others()
        sudden = (_rate(self.k[1:], self.n[1:]) - _rate(self.k[:-1], self.n[:-1])) * np.sign(beyond) >= _LEAP / 2
        enough = (np.minimum(n, after_n) >= LEAST) & (np.minimum(self.n[1:], self.n[:-1]) > 0)
        sure = np.where(enough & sudden & (np.abs(beyond) >= _LEAP), np.abs(beyond) / error, 0.0)
        cut = int(np.argmax(sure))
        if sure[cut] <= _SURE:
            return None
        return _Odd("leap", int(after_n[cut]), int(after_k[cut]), cut + 1, len(self.n), int(n[cut]), int(k[cut]))

    def _others(self) -> np.ndarray:
        """How the rate of the other rows moves over each cut; 0 where they are too few to say."""
        rest_n, rest_k = self.all_n - self.n, self.all_k - self.k
        n, k = np.cumsum(rest_n)[:-1], np.cumsum(rest_k)[:-1]
        moved = _rate(rest_k.sum() - k, rest_n.sum() - n) - _rate(k, n)
        return np.where(np.minimum(n, rest_n.sum() - n) >= LEAST, moved, 0.0)


def _rate(events: np.ndarray, n: np.ndarray) -> np.ndarray:
    return events / np.maximum(n, 1)


def _chance(events: int, n: int, rate: float) -> float:
    """Of n outcomes all alike, under this rate."""
    return rate**n if events else (1 - rate) ** n


def _stretches(alike: np.ndarray) -> Iterator[tuple[int, int]]:
    """First and last place of each run of True."""
    edges = np.diff(np.concatenate([[0], alike.astype("int8"), [0]]))
    yield from zip(np.flatnonzero(edges == 1).tolist(), (np.flatnonzero(edges == -1) - 1).tolist(), strict=True)


def _day(number: int) -> dt.date:
    return dt.date(1970, 1, 1) + dt.timedelta(days=int(number))
