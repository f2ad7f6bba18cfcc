"""Synthetic appointments of an invented network, as the spreadsheet that a clinic would send.

`generate` depends on its arguments alone: no clock, no global random state. See `sample_world.CAUSES` for
why its patients miss appointments, `sample_errors` for the faults of `errors=True`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.products.no_show import sample_calendar as calendar
from pipeline.products.no_show import sample_world as world
from pipeline.products.no_show.sample_bookings import (
    Bookings,
    Ints,
    Patients,
    future_bookings,
    past_bookings,
    pick,
    stream,
)
from pipeline.products.no_show.sample_errors import plant
from pipeline.products.no_show.sample_world import CAUSES

__all__ = ["CAUSES", "HEADERS", "generate", "planted_errors"]

HEADERS = {
    "patient_id": "ID único do paciente",
    "birth_date": "Data de Nascimento",
    "sex": "Sexo",
    "contact_date": "Data de contato",
    "scheduled_date": "Data do agendamento",
    "status": "Status do agendamento",
    "booking_channel": "Origem do agendamento",
    "appointment_type": "Tipo de Agendamento",
    "exam_category": "Categoria de Exame",
    "procedure": "Nome do Procedimento",
    "unit": "Nome da Unidade",
    "uf": "UF",
    "health_plan": "Convênio",
    "cancelled_date": "Data do cancelamento",
}
_CHUNK = 50_000
_GIVEN_UP_AHEAD = 0.045  # of the bookings to come: their slots are empty and can be offered
_UNDATED = 0.08  # of those given up: clinics don't note every day
_PRIME = 9_999_991  # the largest below ten million: record numbers scatter over seven digits without repeats


def generate(rows: int, seed: int, *, errors: bool = False, future: bool = False) -> Iterator[pa.Table]:
    """Yields exactly `rows` appointments in Arrow tables of text columns, headed as in HEADERS.

    `future`: bookings, open or given up, from the reference date on, of the network and patients of the same seed.
    `errors`: with typical faults (see `planted_errors`). ValueError where rows < 1.
    """
    if rows < 1:
        raise ValueError("rows must be positive")
    clean = _future_rows if future else _past_rows
    tables = iter([plant(lambda n: clean(n, seed), rows, seed)[0]]) if errors else clean(rows, seed)
    for table in tables:
        yield table.rename_columns(list(HEADERS.values()))


def planted_errors(rows: int, seed: int, *, future: bool = False) -> dict[str, int]:
    """How many rows of `generate(rows, seed, errors=True, future=future)` were given each fault, by the code of its rule.

    A report may count more: repeats count the added copies alone, conflicts and variants the changed rows alone.
    Where no row was left in a small file, or none has an outcome, the code has 0.
    """
    clean = _future_rows if future else _past_rows
    return plant(lambda n: clean(n, seed), rows, seed)[1]


def _past_rows(rows: int, seed: int) -> Iterator[pa.Table]:
    """The clean past with field keys as headers."""
    bookings, patients = past_bookings(rows, seed)
    status = _status(seed, bookings)
    return _chunks(bookings, patients, status, _cancelled(seed, "past", bookings, status, bookings.day))


def _future_rows(rows: int, seed: int) -> Iterator[pa.Table]:
    bookings, patients = future_bookings(rows, seed)
    status = _open_status(seed, rows)
    yesterday = np.full(rows, calendar.day_number(calendar.REFERENCE) - 1)
    return _chunks(bookings, patients, status, _cancelled(seed, "future", bookings, status, yesterday))


def _chunks(bookings: Bookings, patients: Patients, status: pa.Array, cancelled: pa.Array) -> Iterator[pa.Table]:
    for start in range(0, len(bookings), _CHUNK):
        part = np.arange(start, min(start + _CHUNK, len(bookings)))
        text = _text(bookings.take(part), patients, status.take(pa.array(part)))
        yield text.append_column("cancelled_date", cancelled.take(pa.array(part)))


def _status(seed: int, bookings: Bookings) -> pa.Array:
    """Realizado or No Show; 3 % were called off, whatever their risk."""
    other = pick(stream(seed, "past status").random(len(bookings)), (0.97, 0.018, 0.012))
    return _named(("Realizado", "Cancelado", "Remarcado", "No Show"), np.where(
        other > 0, other, np.where(bookings.missed, 3, 0)))


def _open_status(seed: int, rows: int) -> pa.Array:
    """Open; a few were given up before the file was written (see `_GIVEN_UP_AHEAD`)."""
    held = pick(stream(seed, "future status").random(rows), (0.84, 0.08, 0.08))
    given_up = stream(seed, "future given up").random(rows) < _GIVEN_UP_AHEAD
    return _named(("Agendado", "Confirmado", "", "Cancelado"), np.where(given_up, 3, held))


def _cancelled(seed: int, when: str, bookings: Bookings, status: pa.Array, last: Ints) -> pa.Array:
    """The day on which a booking was given up, between its contact and `last`, rather late than early: by its own
    streams, so that the other columns are what they would be without it.
    """
    u = stream(seed, f"{when} cancelled").random(len(bookings))
    noted = stream(seed, f"{when} cancelled noted").random(len(bookings)) >= _UNDATED
    day = last - (u**2 * (last - bookings.contact)).astype(np.int64)
    given_up = pc.is_in(status, pa.array(["Cancelado", "Remarcado"]))
    return pc.if_else(pc.and_(given_up, pa.array(noted)), _dates(day), "")


def _text(rows: Bookings, patients: Patients, status: pa.Array) -> pa.Table:
    units, procedures, patient = world.UNITS, world.PROCEDURES, rows.patient
    day = _dates(rows.day)
    hour = _named(calendar.SLOTS, rows.slot)
    record = pc.utf8_lpad(pc.cast(pa.array((patient * 6_180_341 + 1_234_567) % _PRIME), pa.string()), 7, "0")
    return pa.table({
        "patient_id": pc.binary_join_element_wise(pa.scalar("P"), record, ""),
        "birth_date": _dates(patients.birth[patient]),
        "sex": _named(("Feminino", "Masculino", "Indefinido"), patients.sex[patient]),
        "contact_date": _dates(rows.contact),
        "scheduled_date": pc.binary_join_element_wise(day, hour, " "),
        "status": status,
        "booking_channel": _named([name for name, _ in world.CHANNELS], rows.channel),
        "appointment_type": _named([p.type for p in procedures], rows.procedure),
        "exam_category": _named([p.category for p in procedures], rows.procedure),
        "procedure": _named([p.name for p in procedures], rows.procedure),
        "unit": _named([x.name for x in units], rows.unit),
        "uf": _named([x.uf for x in units], rows.unit),
        "health_plan": _named([name for name, _, _ in world.PLANS], patients.plan[patient]),
    })


def _named(names: list[str] | tuple[str, ...], codes: npt.NDArray[np.int64]) -> pa.Array:
    return pa.array(names, pa.string()).take(pa.array(codes))


def _dates(days: Ints) -> pa.Array:
    """Day numbers as d/m/y text, each distinct day written once."""
    distinct, codes = np.unique(days, return_inverse=True)
    epoch = dt.date(1970, 1, 1)
    return _named([(epoch + dt.timedelta(int(day))).strftime("%d/%m/%Y") for day in distinct], codes)
