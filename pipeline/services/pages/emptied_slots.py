"""Emptied slots of millions of rows: found, counted and put in order as arrays, and named singly where they are shown.

What is found is what `refill` finds row by row in a file of fewer rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from pipeline.action.slots import offers as action
from pipeline.contract import Outcome, Product, Role
from pipeline.records.slots import EmptiedSlot, WaitingEntry
from pipeline.services.data import event_keys
from pipeline.services.data.event_columns import BLOCK, EventColumns

PLACE = (Role.UNIT, Role.PROCEDURE, Role.PROFESSIONAL)
_BITS, _MIX = 20, np.uint64(0x9E3779B97F4A7C15)
Line = tuple[str, Mapping[str, object]]  # the key of an event, and its row


@dataclass(frozen=True)
class SlotTable:
    """Emptied slots (n), the soonest first: `keys` (uint64), `days` (datetime64[D]), `hours` (NaN: not told), and for
    each of PLACE the place of its name in `names`, which are in order.
    """

    keys: np.ndarray
    days: np.ndarray
    hours: np.ndarray
    places: Mapping[Role, np.ndarray]
    names: Mapping[Role, tuple[str, ...]]

    def __len__(self) -> int:
        """How many slots."""
        return len(self.keys)

    @staticmethod
    def of(slots: Sequence[EmptiedSlot]) -> SlotTable:
        """Of slots that are in order."""
        told = {
            Role.UNIT: [slot.unit for slot in slots],
            Role.PROCEDURE: [slot.procedure for slot in slots],
            Role.PROFESSIONAL: [slot.professional for slot in slots],
        }
        names = {role: tuple(sorted(set(values))) for role, values in told.items()}
        at = {role: {name: place for place, name in enumerate(known)} for role, known in names.items()}
        return SlotTable(
            np.array([int(slot.key, 16) for slot in slots], np.uint64),
            np.array([slot.day for slot in slots], "datetime64[D]"),
            np.array([np.nan if slot.hour is None else slot.hour for slot in slots], np.float64),
            {role: np.array([at[role][name] for name in values], np.int64) for role, values in told.items()},
            names,
        )

    def slots(self, at: slice | np.ndarray = slice(None)) -> tuple[EmptiedSlot, ...]:
        """Some of them, as records."""
        told = {role: [self.names[role][place] for place in self.places[role][at].tolist()] for role in PLACE}
        lines = zip(
            self.keys[at].tolist(),
            self.days[at].tolist(),
            self.hours[at].tolist(),
            *(told[role] for role in PLACE),
            strict=True,
        )
        return tuple(
            EmptiedSlot(event_keys.written(key), day, None if hour != hour else hour, 30.0, unit, procedure, who)
            for key, day, hour, unit, procedure, who in lines
        )

    def has(self, keys: Iterable[str]) -> np.ndarray:
        """bool per key of an event: whether it is one of theirs."""
        return np.isin(np.array([int(key, 16) for key in keys], np.uint64), self.keys)

    def of_keys(self, keys: Collection[str]) -> np.ndarray:
        """bool per slot: whether its event is one of these."""
        return np.isin(self.keys, np.array([int(key, 16) for key in keys], np.uint64))

    def by_unit(self) -> tuple[tuple[str, int], ...]:
        """(Unit, how many), most first, then the one whose slot comes first; those without one are left out."""
        found, first, count = np.unique(self.places[Role.UNIT], return_index=True, return_counts=True)
        order = np.lexsort((first, -count))
        named = [(self.names[Role.UNIT][found[at]], int(count[at])) for at in order.tolist()]
        return tuple((name, many) for name, many in named if name)

    def awaited(self, entries: Sequence[WaitingEntry]) -> np.ndarray:
        """bool per slot: whether somebody of a waiting list waits for it, asked already or not."""
        found = np.zeros(len(self), dtype=bool)
        if not entries:
            return found
        kinds = self.places[Role.PROCEDURE] * len(self.names[Role.UNIT]) + self.places[Role.UNIT]
        order = np.argsort(kinds, kind="stable")
        begin = np.flatnonzero(np.diff(kinds[order], prepend=-1)).tolist()
        for start, end in pairwise([*begin, len(order)]):  # many slots are of one kind, and words are slow to compare
            at = order[start:end]
            (one,) = self.slots(at[:1])
            found[at] = self._fits(at, [entry for entry in entries if action.is_of_kind(entry, one)])
        return found

    def _fits(self, at: np.ndarray, entries: Sequence[WaitingEntry]) -> np.ndarray:
        """bool per slot at these places, all of one kind: whether one of these who wait for such can come then."""
        since: dict[tuple[tuple[int, ...], tuple[str, ...]], dt.date] = {}
        for entry in entries:
            wish = entry.weekdays, entry.shifts
            since[wish] = min(since.get(wish, entry.since), entry.since)
        days, hours, found = self.days[at], self.hours[at], np.zeros(len(at), dtype=bool)
        weekday = (days.astype(np.int64) + 3) % 7  # day 0 was a Thursday
        known = np.unique(hours[~np.isnan(hours)])
        for (weekdays, shifts), first in since.items():
            fits = days >= np.datetime64(first)
            if weekdays:
                fits &= np.isin(weekday, weekdays)
            if shifts:
                inside = known[[action.shift_of(hour) in shifts for hour in known.tolist()]]
                fits &= np.isnan(hours) | np.isin(hours, inside)
            found |= fits
        return found


@dataclass(frozen=True)
class _Codes:
    """By what slots are told apart: a number for each place and moment, of rows and of lines that were not theirs."""

    held: EventColumns
    product: Product
    named: Mapping[Role, str]  # the columns of the place that there are
    names: Mapping[Role, tuple[str, ...]]
    days: np.ndarray
    hours: np.ndarray  # the last is NaN
    of_code: Mapping[str, np.ndarray]  # column → place in the above, by code

    @staticmethod
    def of(held: EventColumns, product: Product, named: Mapping[Role, str], others: Sequence[EmptiedSlot]) -> _Codes:
        rows, time = held.rows, product.time
        told = SlotTable.of(others)
        known = {
            role: np.array([value or "" for value in rows.distinct(key)], object) if (key := named.get(role)) else None
            for role in PLACE
        }
        names = {
            role: tuple(sorted({"", *told.names[role], *(() if own is None else own.tolist())}))
            for role, own in known.items()
        }
        day = rows.distinct(time.key).to_numpy("datetime64[D]")
        days = np.unique(np.concatenate([day, told.days]))
        of_code = {time.key: np.searchsorted(days, day)}
        hours = told.hours
        if time.hour_column in rows:
            hour = rows.distinct(time.hour_column).to_numpy(np.float64)
            hours = np.concatenate([hours, hour])
        hours = np.append(np.unique(hours[~np.isnan(hours)]), np.nan)
        if time.hour_column in rows:
            of_code[time.hour_column] = np.where(np.isnan(hour), len(hours) - 1, np.searchsorted(hours[:-1], hour))
        for role, own in known.items():
            if own is not None:
                of_code[named[role]] = np.searchsorted(np.array(names[role], object), own)
        return _Codes(held, product, named, names, days, hours, of_code)

    def _at(self, column: str | None, places: np.ndarray | slice) -> np.ndarray | int:
        if column is None or column not in self.of_code:
            return 0
        return self.of_code[column][self.held.rows.codes(column)[places]]

    def hour_of(self, places: np.ndarray | slice) -> np.ndarray | int:
        """The place of the hour of rows."""
        hour = self.product.time.hour_column
        return self._at(hour, places) if hour in self.of_code else len(self.hours) - 1

    def number(self, places: np.ndarray | slice) -> np.ndarray:
        """int64 per row: alike where two are of one place and moment."""
        found = np.asarray(self._at(self.product.time.key, places), np.int64) * len(self.hours) + self.hour_of(places)
        for role in PLACE:
            found = found * len(self.names[role]) + self._at(self.named.get(role), places)
        return found

    def number_of(self, table: SlotTable) -> np.ndarray:
        """The same of slots of other rows, which were told of when this was made."""
        hour = np.where(np.isnan(table.hours), len(self.hours) - 1, np.searchsorted(self.hours[:-1], table.hours))
        found = np.searchsorted(self.days, table.days).astype(np.int64) * len(self.hours) + hour
        for role in PLACE:
            at = np.searchsorted(np.array(self.names[role], object), np.array(table.names[role], object))
            found = found * len(self.names[role]) + (at[table.places[role]] if len(table) else 0)
        return found

    def table(self, number: np.ndarray, keys: np.ndarray) -> SlotTable:
        """The slots of these numbers, in order."""
        places: dict[Role, np.ndarray] = {}
        for role in reversed(PLACE):
            number, places[role] = np.divmod(number, len(self.names[role]))
        day, hour = np.divmod(number, len(self.hours))
        days, hours = self.days[day], self.hours[hour]
        order = np.lexsort((keys, places[Role.UNIT], np.nan_to_num(hours), days))
        own = {role: places[role][order] for role in PLACE}
        return SlotTable(keys[order], days[order], hours[order], own, self.names)


@dataclass(frozen=True)
class Known:
    """What is known of events beside their rows, by key: `left`: appointments that calls ended; `former`: slots that
    moved ones left; `passed`: events whose slots are none; `taken`.
    """

    left: frozenset[str]
    former: tuple[EmptiedSlot, ...]
    again: frozenset[str]
    taken: frozenset[str]


def ahead(held: EventColumns, product: Product, first: dt.date, own: np.ndarray | None) -> tuple[np.ndarray, ...]:
    """(pending, given up), bool per row each: those from a day on, of `own` alone."""
    coming = held.rows.where(product.time.key, lambda days: days >= pd.Timestamp(first))
    coming = coming if own is None else coming & own

    def known_as(state: Outcome) -> np.ndarray:
        return coming & held.rows.where("state", lambda known: known == str(state))

    return known_as(Outcome.PENDING), known_as(Outcome.EXCLUDED)


def found_in(
    held: EventColumns, product: Product, named: Mapping[Role, str], masks: tuple[np.ndarray, ...], known: Known
) -> SlotTable:
    """The slots that were emptied in a file, or in a call since, and that it does not show booked again. `masks`: as
    `ahead` told; of events in `known.again` those at an hour nobody knows are left out.
    """
    pending, excluded = masks
    codes = _Codes.of(held, product, named, known.former)
    on_call = np.sort(_places(held, known.left))
    on_call = on_call[pending[on_call]]
    given_up = np.concatenate([np.flatnonzero(excluded), on_call])
    former = SlotTable.of(known.former)
    number = np.concatenate([codes.number(given_up), codes.number_of(former)])
    keys = np.concatenate([held.keys.keys[given_up], former.keys])
    beside = len(number) - len(former)
    hours = np.concatenate([np.broadcast_to(codes.hour_of(given_up), beside), np.zeros(len(former), np.int64)])
    told = np.concatenate([hours[:beside] < len(codes.hours) - 1, ~np.isnan(former.hours)])
    stands = pending.copy()
    stands[on_call] = False
    free = ~(told & np.isin(number, _booked(codes, stands, np.unique(number[told]))))
    free &= ~np.isin(keys, _numbers(known.taken)) & ~(np.isin(keys, _numbers(known.again)) & ~told)
    number, keys, told = number[free], keys[free], told[free]
    alike = pd.DataFrame({"number": number, "key": np.where(told, np.uint64(0), keys)})
    once = ~alike.duplicated().to_numpy()  # at an hour nobody knows, two rows may be two slots
    return codes.table(number[once], keys[once])


def _booked(codes: _Codes, stands: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """Those of the numbers (rising, each once) that a booking that stands has. Few others are like any of them in a few
    bits: the rest is not looked for.
    """
    if not len(asked):
        return asked
    bits, found = np.zeros(1 << _BITS, dtype=bool), np.zeros(len(asked), dtype=bool)
    bits[_mixed(asked)] = True
    for start in range(0, len(stands), BLOCK):
        number = codes.number(start + np.flatnonzero(stands[start : start + BLOCK]))
        number = number[bits[_mixed(number)]]
        at = np.minimum(np.searchsorted(asked, number), len(asked) - 1)
        found[at[asked[at] == number]] = True
    return asked[found]


def _mixed(number: np.ndarray) -> np.ndarray:
    return (number.astype(np.uint64) * _MIX) >> np.uint64(64 - _BITS)


def _places(held: EventColumns, keys: Collection[str]) -> np.ndarray:
    at = held.keys.places(_numbers(keys))
    return at[at >= 0]


def _numbers(keys: Collection[str]) -> np.ndarray:
    return np.array([int(key, 16) for key in keys], np.uint64)
