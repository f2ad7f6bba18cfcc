"""Which bookings a list is made of: who may be called, one entry a patient, the best first, up to the capacity."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np

from pipeline.action.contacts.working_days import Holidays, within
from pipeline.action.effects import control
from pipeline.records.contacts import ALONE, Never, NeverKind, QueueSettings

QUARTERS = 4


@dataclass(frozen=True)
class Bookings:
    """Bookings to come, one place each: keys (uint64), days (datetime64[D]), risk (NaN: none), and texts ("" where the
    file says nothing). `same_day`: booked on its own day. `gain`: events that a call would avoid, NaN where unknown.
    `value`: R$ of the slot, NaN where the clinic said nothing of it.
    """

    keys: np.ndarray
    patients: np.ndarray
    days: np.ndarray
    risk: np.ndarray
    units: np.ndarray
    procedures: np.ndarray
    ufs: np.ndarray
    plans: np.ndarray
    same_day: np.ndarray
    gain: np.ndarray | None = None
    value: np.ndarray | None = None


@dataclass(frozen=True)
class Asked:
    """What a list is made for. `muted`: patients who were contacted too short a time ago; `settled`: keys (uint64) of
    appointments of which all is told; `units`: none means all; `apart`: patients drawn in an earlier list, with whether
    they are control.
    """

    settings: QueueSettings
    as_of: dt.date
    holidays: Holidays = field(default_factory=dict)
    units: tuple[str, ...] = ()
    never: Collection[Never] = ()
    muted: Collection[str] = ()
    settled: Collection[int] = ()
    apart: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """Of a list: the place of each booking, in the list's order; which patient it belongs to (0, 1, …); the names and
    risks (highest booking) of the patients in order; and how many bookings were left out, by the code of the reason.
    """

    at: np.ndarray
    patient: np.ndarray
    names: np.ndarray
    risk: np.ndarray
    left_out: tuple[tuple[str, int], ...]

    @property
    def strata(self) -> np.ndarray:
        """The quarter of risk of each patient among those of the list: 1 the lowest, to 4."""
        order = np.argsort(np.argsort(self.risk, kind="stable"), kind="stable")
        return order * QUARTERS // max(len(order), 1) + 1


def names_of(patients: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """Whom a call about each booking reaches: its patient, or, where it names none, a name of its own."""
    alone = np.array([f"{ALONE}{key:016x}" for key in keys.tolist()], dtype=object)
    return np.where(patients.astype(object) == "", alone, patients.astype(object))


def plan(bookings: Bookings, asked: Asked) -> Plan:
    """The list: patients by what a call gains where that is known, and by risk where it isn't.

    It is as long as the callers' capacity lets it be when the control group is taken out of it, whatever chance draws.
    """
    why = reasons(bookings, asked)
    names = names_of(bookings.patients, bookings.keys)
    why[(why == "") & np.isin(names, list(asked.muted))] = "muted"
    eligible = np.flatnonzero(why == "")
    found, code = np.unique(names[eligible].astype(str), return_inverse=True)
    risk = _highest(bookings.risk[eligible], code, len(found))
    ranked = _ranked(risk, _sums(bookings.gain, eligible, code, len(found)))
    ranked = ranked[risk[ranked] >= asked.settings.floor]
    chosen = _fitting(ranked[: length(asked.settings)], found, risk, asked)
    place = np.full(len(found), -1)
    place[chosen] = np.arange(len(chosen))
    why[eligible[np.isin(code, np.setdiff1d(np.arange(len(found)), ranked))]] = "below"
    why[eligible[np.isin(code, ranked[len(chosen) :])]] = "beyond_capacity"
    inside = place[code] >= 0
    order = np.lexsort((bookings.keys[eligible], bookings.days[eligible], place[code]))
    order = order[inside[order]]
    return Plan(eligible[order], place[code][order], found[chosen].astype(object), risk[chosen], _counted(why))


def length(settings: QueueSettings) -> int:
    """How many patients a list holds: those who can be called, and the share beside them that is not. Rounded down: of
    one more, chance could have one more called than there is capacity for.
    """
    return math.floor(settings.capacity / (1 - settings.control_share) + 1e-9) if settings.control_share < 1 else 0


def _fitting(chosen: np.ndarray, names: np.ndarray, risk: np.ndarray, asked: Asked) -> np.ndarray:
    """Of the chosen, as many as fit: who is in an earlier list stays in that group, which may be called too often."""
    told, own = asked.settings, [str(name) for name in names[chosen]]
    fit = control.fitting(own, risk[chosen], told.control_share, told.seed, told.capacity, known=asked.apart)
    return chosen[:fit]


def reasons(bookings: Bookings, asked: Asked) -> np.ndarray:
    """Why each booking is in no list (a code, object array); "" where it may be."""
    ahead = within(bookings.days, bookings.ufs, asked.as_of, asked.settings.days_ahead, asked.holidays)
    cases = [
        (np.isnat(bookings.days) | (bookings.days < np.datetime64(asked.as_of)), "over"),
        (bookings.same_day | (bookings.days == np.datetime64(asked.as_of)), "same_day"),
        (~ahead, "too_far"),
        (~np.isin(bookings.units, asked.units) if asked.units else np.zeros(len(ahead), bool), "other_unit"),
        (_never(bookings, asked.never), "never"),
        (np.isin(bookings.keys, np.array(sorted(asked.settled), np.uint64)), "settled"),
        (np.isnan(bookings.risk), "unscored"),
    ]
    return np.select([mask for mask, _ in cases], [code for _, code in cases], "").astype(object)


def _never(bookings: Bookings, never: Collection[Never]) -> np.ndarray:
    columns: Mapping[NeverKind, np.ndarray] = {
        NeverKind.PATIENT: bookings.patients,
        NeverKind.PROCEDURE: bookings.procedures,
        NeverKind.UNIT: bookings.units,
    }
    mask = np.zeros(len(bookings.keys), dtype=bool)
    for kind, column in columns.items():
        mask |= np.isin(column.astype(str), [one.value for one in never if one.kind is kind])
    return mask


def _highest(risk: np.ndarray, code: np.ndarray, patients: int) -> np.ndarray:
    found = np.zeros(patients)
    np.maximum.at(found, code, risk)
    return found


def _sums(gain: np.ndarray | None, chosen: np.ndarray, code: np.ndarray, patients: int) -> np.ndarray:
    """What a call to each patient gains over their bookings; NaN where it is known of none."""
    if gain is None:
        return np.full(patients, np.nan)
    own, known = gain[chosen], ~np.isnan(gain[chosen])
    found = np.bincount(code[known], weights=own[known], minlength=patients)
    return np.where(np.bincount(code[known], minlength=patients) > 0, found, np.nan)


def _ranked(risk: np.ndarray, gain: np.ndarray) -> np.ndarray:
    """Patients in order: known gains first, the largest before; then by risk; equals stay as they come."""
    return np.lexsort((-risk, -np.nan_to_num(gain), np.isnan(gain)))


def _counted(why: np.ndarray) -> tuple[tuple[str, int], ...]:
    codes, found = np.unique(why[why != ""].astype(str), return_counts=True)
    return tuple(zip(codes.tolist(), found.tolist(), strict=True))
