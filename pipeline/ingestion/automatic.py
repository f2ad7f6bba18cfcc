"""Outcomes that look registered by a machine: a value whose rows all (or never) are the event, always or for weeks,
or whose rate leaps from one period to the next while the others' stays.

A finding only: it says where, how many and since when; the rows stay unless somebody asks to leave them out.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pipeline.contract import Outcome, Role
from pipeline.ingestion.aside import can_be_set_aside, names
from pipeline.ingestion.finding import shown_header
from pipeline.ingestion.periods import own_days
from pipeline.ingestion.sheet import OUTCOMES, Sheet
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
    """The rows of the file's own period with a known outcome."""

    places: np.ndarray
    event: np.ndarray
    days: np.ndarray  # int64, days since 1970

    @property
    def rate(self) -> float:
        return float(self.event.mean())


def find(sheet: Sheet, usable: np.ndarray, states: np.ndarray) -> tuple[Automatic, ...]:
    """The findings of a file, most rows first; rows that one finding tells of are not told again by another field."""
    days = sheet.days(sheet.product.time.key)
    event = states == OUTCOMES.index(Outcome.EVENT)
    known = usable & (event | (states == OUTCOMES.index(Outcome.NON_EVENT))) & own_days(days)
    if known.sum() < 2 * LEAST:
        return ()
    base = _Outcomes(np.flatnonzero(known), event[known], days[known].astype("int64"))
    found = [pair for field in sheet.product.fields if _looked_at(sheet, field.key) for pair in _of_field(sheet, field.key, base, usable)]
    return _once(sorted(found, key=lambda pair: -pair[0].rows), sheet.size)


def _looked_at(sheet: Sheet, key: str) -> bool:
    item = sheet.product.field(key)
    return (item.role in _LOOKED_AT or any(d.column == key and item.role is not Role.UF for d in sheet.product.dimensions)) and (
        sheet.columns[key].present and can_be_set_aside(sheet.product, key))


def _once(found: list[tuple[Automatic, np.ndarray]], size: int) -> tuple[Automatic, ...]:
    told, kept = np.zeros(size, bool), []
    for item, rows in found:
        if told[rows].mean() < _SAME:
            told[rows] = True
            kept.append(item)
    return tuple(kept[:_MOST])


def _of_field(sheet: Sheet, key: str, base: _Outcomes, usable: np.ndarray) -> Iterator[tuple[Automatic, np.ndarray]]:
    meaning = sheet.canonical(key)
    own = meaning[base.places]
    counts = np.bincount(own[own >= 0])
    label, called = sheet.product.field(key).label, names(sheet.columns[key])
    for value in np.argsort(-counts, kind="stable")[:_MOST_VALUES]:
        if counts[value] < LEAST:
            return
        name = called.get(int(value), "")
        if shown_header(name) != name or not name:
            continue  # perhaps somebody's number
        run = _run(base, own == value)
        if run is None:
            continue
        rows = np.flatnonzero(usable & (meaning == value))
        if run.whole:
            step = Step(StepKind.ASIDE, key, name)
        else:
            step = Step(StepKind.ASIDE, key, name, f"{run.first}/{run.last}")
            days = sheet.days(sheet.product.time.key)[rows]
            rows = rows[(days >= np.datetime64(run.first)) & (days <= np.datetime64(run.last))]
        rate = wilson(run.rest_events, run.rest)
        if rate is not None:
            yield Automatic(run.code, key, label, name, len(rows), run.n, run.events, run.first, run.last, rate, run.rest, step), rows


@dataclass(frozen=True)
class _Run:
    """What is odd in the outcomes of a value, and what it is held against."""

    code: str
    n: int
    events: int
    first: dt.date
    last: dt.date
    rest: int
    rest_events: int
    whole: bool = False


def _run(base: _Outcomes, mine: np.ndarray) -> _Run | None:
    event, days = base.event[mine], base.days[mine]
    n, k = len(event), int(event.sum())
    rest, rest_events = len(base.event) - n, int(base.event.sum()) - k
    if rest >= LEAST and k in (0, n) and _chance(k, n, rest_events / rest) < CHANCE:
        return _Run("always" if k else "never", n, k, _day(days.min()), _day(days.max()), rest, rest_events, whole=True)
    if k in (0, n):
        return None
    others = rest_events / rest if rest >= LEAST else base.rate
    return _while(event, days, others) or _leap(base, mine)


def _chance(events: int, n: int, rate: float) -> float:
    """Of n outcomes all alike, under this rate."""
    return rate**n if events else (1 - rate) ** n


def _while(event: np.ndarray, days: np.ndarray, others: float) -> _Run | None:
    """The longest run of weeks with the event always, or never."""
    weeks, place = np.unique((days - days.min()) // 7, return_inverse=True)
    n, k = np.bincount(place), np.bincount(place, event).astype(int)
    best: _Run | None = None
    for code, alike in (("always_while", k == n), ("never_while", k == 0)):
        for first, last in _stretches(alike):
            inside = (place >= first) & (place <= last)
            size, events = int(inside.sum()), int(event[inside].sum())
            rest, rest_events = len(event) - size, int(event.sum()) - events
            if last - first + 1 < _WEEKS or size < LEAST or rest == 0 or (best is not None and size <= best.n):
                continue
            own = rest_events / rest if rest >= LEAST else others
            if max(_chance(events, size, own), _chance(events, size, others)) < CHANCE:
                best = _Run(code, size, events, _day(days[inside].min()), _day(days[inside].max()), rest, rest_events)
    return best


def _stretches(alike: np.ndarray) -> Iterator[tuple[int, int]]:
    """First and last place of each run of True."""
    edges = np.diff(np.concatenate([[0], alike.astype("int8"), [0]]))
    yield from zip(np.flatnonzero(edges == 1).tolist(), (np.flatnonzero(edges == -1) - 1).tolist(), strict=True)


def _leap(base: _Outcomes, mine: np.ndarray) -> _Run | None:
    """The period from which on the rate lies far from what it was, while the other rows' stays."""
    start, span = int(base.days.min()), int(base.days.max() - base.days.min())
    if span >= _MONTHS:
        place = base.days.astype("datetime64[D]").astype("datetime64[M]").astype("int64")
    else:
        place = (base.days - start) // 7
    place -= place.min()
    size = int(place.max()) + 1
    n, k = np.bincount(place[mine], minlength=size), np.bincount(place[mine], base.event[mine], minlength=size)
    rest_n, rest_k = np.bincount(place, minlength=size) - n, np.bincount(place, base.event, minlength=size) - k
    cut = _cut(n, k, rest_n, rest_k)
    if cut is None:
        return None
    after = mine & (place >= cut)
    before = mine & (place < cut)
    days = base.days[after]
    return _Run("leap", int(after.sum()), int(base.event[after].sum()), _day(days.min()), _day(days.max()),
                int(before.sum()), int(base.event[before].sum()))


def _cut(n: np.ndarray, k: np.ndarray, rest_n: np.ndarray, rest_k: np.ndarray) -> int | None:
    """The first period after the surest leap; None where no leap is sure and sudden."""
    best, where = _SURE, None
    for cut in range(1, len(n)):
        sides = [(int(x[:cut].sum()), int(x[cut:].sum())) for x in (n, k, rest_n, rest_k)]
        if min(sides[0]) < LEAST or min(n[cut - 1], n[cut]) == 0:
            continue
        gap = sides[1][1] / sides[0][1] - sides[1][0] / sides[0][0]
        rest = sides[3][1] / sides[2][1] - sides[3][0] / sides[2][0] if min(sides[2]) >= LEAST else 0.0
        mean = sum(sides[1]) / sum(sides[0])
        sure = abs(gap - rest) / math.sqrt(max(mean * (1 - mean), 1e-9) * (1 / sides[0][0] + 1 / sides[0][1]))
        sudden = (k[cut] / n[cut] - k[cut - 1] / n[cut - 1]) * np.sign(gap - rest) >= _LEAP / 2
        if abs(gap - rest) >= _LEAP and sure > best and sudden:
            best, where = sure, cut
    return where


def _day(number: int) -> dt.date:
    return dt.date(1970, 1, 1) + dt.timedelta(days=int(number))
