"""Bookings of the invented network as numbers: who, when, what, where, and whether they came.

All randomness comes from named streams of the seed. What belongs to a patient is the n-th draw of a stream of
its own, so that a patient is the same person in every file of one seed, whatever its number of rows.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from pipeline.products.no_show import sample_calendar as calendar
from pipeline.products.no_show import sample_world as world

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Rng = np.random.Generator

FUTURE_DAYS = 18
_CHILD, _WOMAN, _MAN, _OLD_WOMAN, _OLD_MAN = range(5)
_ADMITS = ("", "C"), ("", "F"), ("", "M"), ("", "F", "S"), ("", "M", "S")  # Procedure.who, by group


def stream(seed: int, name: str) -> Rng:
    """The random stream `name` of `seed`; streams are independent of one another."""
    return np.random.default_rng([seed % 2**64, zlib.crc32(name.encode())])


@dataclass(frozen=True)
class Patients:
    """Arrays by patient number."""

    birth: Ints  # day numbers
    sex: Ints  # 0 Feminino, 1 Masculino, 2 Indefinido
    unit: Ints
    plan: Ints
    tendency: Floats  # log-odds


@dataclass(frozen=True)
class Bookings:
    """Arrays by booking; codes are positions in the tables of the world. `missed` is the outcome."""

    patient: Ints
    day: Ints
    slot: Ints
    unit: Ints
    procedure: Ints
    channel: Ints
    contact: Ints
    missed: npt.NDArray[np.bool_]

    def take(self, rows: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> Bookings:
        """The bookings at these positions."""
        return replace(self, **{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    def __len__(self) -> int:
        return len(self.patient)


def pick(u: Floats, weights: npt.ArrayLike) -> Ints:
    """Positions drawn in proportion to `weights` by the uniforms `u`."""
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.minimum(np.searchsorted(edges, u * edges[-1], side="right"), len(edges) - 1)


def make_patients(seed: int, count: int) -> Patients:
    """The first `count` patients of the network of `seed`."""
    u = {name: stream(seed, f"patient {name}").random(count) for name in ("sex", "child", "day", "unit", "plan", "sus")}
    adult = 46 + 17 * stream(seed, "patient adult").standard_normal(count)
    age = np.where(u["child"] < 0.11, 2 + 12 * u["day"], np.clip(adult, 15, 96))
    unit = pick(u["unit"], [x.size for x in world.UNITS])
    private = pick(u["plan"], [share for _, share, _ in world.PLANS])
    public = u["sus"] < np.array([x.public for x in world.UNITS])[unit]
    return Patients(
        birth=calendar.day_number(calendar.REFERENCE) - (age * 365.25 + 300 * u["day"]).astype(np.int64),
        sex=pick(u["sex"], (0.585, 0.41, 0.005)),
        unit=unit,
        plan=np.where(public, len(world.PLANS) - 1, private),
        tendency=world.TENDENCY * stream(seed, "patient tendency").standard_normal(count),
    )


def past_bookings(rows: int, seed: int) -> tuple[Bookings, Patients]:
    """`rows` bookings up to the day before the reference date: 60 to 365 days, fewer for fewer rows."""
    last = calendar.day_number(calendar.REFERENCE) - 1
    span = int(np.clip(rows / 28, 60, 365))
    return _draw(stream(seed, "past"), seed, rows, np.arange(last - span + 1, last + 1), _pool(rows))


def future_bookings(rows: int, seed: int) -> tuple[Bookings, Patients]:
    """`rows` bookings from the reference date on that were made before it.

    The pool of patients is that of a past file of 30 times as many rows; all files share the low numbers.
    Bookings are drawn with their lead times and kept if already made: so the near days are the fuller ones.
    """
    first = calendar.day_number(calendar.REFERENCE)
    drawn = max(4 * rows, 200)
    while True:
        days = np.arange(first, first + FUTURE_DAYS)
        bookings, patients = _draw(stream(seed, f"future {drawn}"), seed, drawn, days, _pool(30 * rows))
        known = np.flatnonzero(bookings.contact < first)
        if len(known) >= rows:
            kept = stream(seed, "future kept").choice(known, rows, replace=False)
            return bookings.take(np.sort(kept)), patients
        drawn *= 2


def _pool(rows: int) -> int:
    return max(40, int(0.28 * rows))


def _draw(rng: Rng, seed: int, rows: int, days: Ints, pool: int) -> tuple[Bookings, Patients]:
    day = np.sort(days[pick(rng.random(rows), calendar.busyness(days))])
    patient, count = _visitors(rng, day, pool)
    patients = make_patients(seed, count)
    slot = _slots(rng, day)
    unit = _places(rng, patients.unit[patient])
    group = _groups(patients, patient, day)
    procedure = _procedures(rng, group, unit, exams_only=np.zeros(rows, dtype=bool))
    source, second = _second_visits(rng, day, procedure)
    patient, unit, group = patient[source], unit[source], group[source]
    exam = _procedures(rng, group, unit, exams_only=second)
    procedure = np.where(second, exam, procedure)
    last = np.where(calendar.weekday(day) == 5, calendar.SATURDAY_SLOTS, len(calendar.SLOTS)) - 1
    slot = np.where(second, slot[source] + np.where(slot[source] + 2 <= last, 2, -2), slot)  # 40 minutes apart
    lead = _leads(rng, procedure, unit)[source]
    channel = _channels(rng, unit, lead, (day - patients.birth[patient]) / 365.25)[source]
    contact = day - lead
    offline_sunday = (calendar.weekday(contact) == 6) & (channel != 1)
    contact = contact - offline_sunday  # nobody answers the phone on a Sunday: it was the Saturday
    booked = Bookings(patient, day, slot, unit, procedure, channel, contact, np.zeros(len(day), dtype=bool))
    missed = rng.random(rows)[source] < 1 / (1 + np.exp(-log_odds(patients, booked)))
    made = replace(booked, missed=missed)
    return made.take(np.lexsort((slot, day))), patients


def log_odds(patients: Patients, of: Bookings) -> Floats:
    """The sum of the causes for each booking; its outcome is not looked at."""
    hours = np.array([int(s[:2]) + int(s[3:]) / 60 for s in calendar.SLOTS])
    kinds = [kind for kind, _ in world.TYPES]
    type_effect = world.TYPE.effects[[kinds.index(p.type) for p in world.PROCEDURES]]
    return (
        world.BASE + patients.tendency[of.patient]
        + world.LEAD.at(of.day - of.contact) + world.AGE.at((of.day - patients.birth[of.patient]) / 365.25)
        + world.HOUR.at(hours)[of.slot] + world.EVE.at(calendar.is_eve(of.day))
        + world.WEEKDAY.effects[calendar.weekday(of.day)] + world.MONTH.effects[calendar.month(of.day) - 1]
        + world.UNIT.effects[of.unit] + world.PLAN.effects[patients.plan[of.patient]] + world.CHANNEL.effects[of.channel]
        + (world.PROCEDURE.effects + type_effect)[of.procedure]
    )


def _visitors(rng: Rng, day: Ints, pool: int) -> tuple[Ints, int]:
    """A patient for each booking, low numbers more often; who would come twice on a day makes way for a new one."""
    patient = np.minimum((pool * rng.random(len(day)) ** 1.4).astype(np.int64), pool - 1)
    _, first = np.unique(patient * 100_000 + day, return_index=True)
    again = np.ones(len(day), dtype=bool)
    again[first] = False
    patient[again] = pool + np.arange(again.sum())
    return patient, pool + int(again.sum())


def _slots(rng: Rng, day: Ints) -> Ints:
    weights, u = calendar.slot_weights(), rng.random(len(day))
    saturday = calendar.weekday(day) == 5
    return np.where(saturday, pick(u, weights[: calendar.SATURDAY_SLOTS]), pick(u, weights))


def _places(rng: Rng, home: Ints) -> Ints:
    """The unit of each booking: the patient's own, now and then the next one of the same UF."""
    ufs = [x.uf for x in world.UNITS]
    places = range(len(ufs))
    beside = np.array([next((j for j in (*range(i + 1, len(ufs)), *places) if ufs[j] == ufs[i]), i) for i in places])
    return np.where(rng.random(len(home)) < 0.08, beside[home], home)


def _groups(patients: Patients, patient: Ints, day: Ints) -> Ints:
    age, man = (day - patients.birth[patient]) / 365.25, patients.sex[patient] == 1
    adult = np.where(man, _MAN, _WOMAN) + np.where(age >= 60, _OLD_WOMAN - _WOMAN, 0)
    return np.where(age < 15, _CHILD, adult)


def _procedures(rng: Rng, group: Ints, unit: Ints, *, exams_only: npt.NDArray[np.bool_]) -> Ints:
    """A procedure that fits the patient; imaging units, and `exams_only`, do exams alone."""
    only = exams_only | np.array([x.imaging for x in world.UNITS])[unit]
    u, found = rng.random(len(group)), np.zeros(len(group), dtype=np.int64)
    for who, admitted in enumerate(_ADMITS):
        size = np.array([p.size if p.who in admitted else 0.0 for p in world.PROCEDURES])
        exam = np.array([p.type == "Exame" and p.category != "Endoscopia" for p in world.PROCEDURES])
        for limited, weights in ((False, size), (True, size * exam)):
            rows = (group == who) & (only == limited)
            found[rows] = pick(u[rows], weights)
    return found


def _second_visits(rng: Rng, day: Ints, procedure: Ints) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Rows that are the exam of the consultation in the row before: same patient, contact and outcome."""
    consultation = np.array([p.type == "Consulta" for p in world.PROCEDURES])[procedure]
    second = np.zeros(len(day), dtype=bool)
    second[1:] = (rng.random(len(day) - 1) < 0.06) & consultation[:-1] & (day[1:] == day[:-1])
    second[1:] &= ~second[:-1]
    second[2:] &= ~second[1:-1]
    return np.arange(len(day)) - second, second


def _leads(rng: Rng, procedure: Ints, unit: Ints) -> Ints:
    """Days from contact to appointment: some on the day itself, then a long tail (median about 12 days, at most 180)."""
    wait = np.array([p.wait for p in world.PROCEDURES])[procedure] * np.array([x.wait for x in world.UNITS])[unit]
    same_day = np.array([world.SAME_DAY[p.type] for p in world.PROCEDURES])[procedure]
    days = 1 + np.minimum(13 * wait * np.exp(0.95 * rng.standard_normal(len(unit))), 179).astype(np.int64)
    return np.where(rng.random(len(unit)) < same_day, 0, days)


def _channels(rng: Rng, unit: Ints, lead: Ints, age: Floats) -> Ints:
    """Call Center, Online or Presencial; the young go online, those seen on the same day are at the desk."""
    desk = np.where(lead == 0, 0.55, 0.15)
    phone = np.array([x.phone for x in world.UNITS])[unit] + np.interp(age, (25, 70), (-0.10, 0.20))
    u = rng.random(len(unit))
    return np.where(u < desk, 2, np.where((u - desk) / (1 - desk) < phone, 0, 1))
