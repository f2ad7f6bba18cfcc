"""A file of contact outcomes, as a call centre sends it back → its lines, each cell read once; nothing is matched here.

Columns and values are told by their words (`outcome_vocabulary`); a value nobody knows leaves its line without one.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from pipeline.errors import PresencaError
from pipeline.folding import fold
from pipeline.ingestion import outcome_vocabulary as words
from pipeline.ingestion.parsing.dates import parse_dates
from pipeline.ingestion.reading.raw_table import RawTable
from pipeline.records.contacts import Barrier, Channel, ContactOutcome, Offered

_KEY = re.compile(r"[0-9a-f]{1,16}")
_DIGITS = 16
MOST_LINES = 200_000
_LONGEST_DATE = 40  # characters


@dataclass(frozen=True)
class OutcomeLine:
    """A line of such a file. `line`: its row in the spreadsheet; `key`: of its event, "" where the cell is none;
    `patient`: the clinic's own id, as it stands there. `asked`: what its cell of the outcome says, folded.
    """

    line: int
    key: str
    patient: str
    day: dt.date | None
    asked: str
    outcome: ContactOutcome | None
    channel: Channel
    at: dt.datetime | None
    barrier: Barrier | None
    offered: Offered | None
    who: str
    note: str


def outcome_lines(raw: RawTable, zone: dt.tzinfo, last_year: int) -> tuple[OutcomeLine, ...]:
    """The lines of a table, in its order.

    PresencaError where no column tells the outcome, where none tells which appointment a line is of (the event's key,
    or the patient with the day), or where there are more than MOST_LINES.
    """
    cells = {name: _cells(raw, name) for name in words.COLUMNS}
    if cells["outcome"] is None:
        raise PresencaError("contacts.no_outcome_column")
    if cells["key"] is None and (cells["patient"] is None or cells["day"] is None):
        raise PresencaError("contacts.no_event_column")
    if raw.table.num_rows > MOST_LINES:
        raise PresencaError("contacts.too_many_lines", most=MOST_LINES)
    told = {name: found or [""] * raw.table.num_rows for name, found in cells.items()}
    days, moments = _days(told["day"], last_year), _moments(told["at"], last_year, zone)
    return tuple(_line(place, int(row), told, days, moments) for place, row in enumerate(raw.rows.tolist()))


def _cells(raw: RawTable, name: str) -> list[str] | None:
    """The column that is called by one of the words of `name`, the first of them first; None where there is none."""
    headers = {fold(header): header for header in reversed(raw.table.column_names)}
    found = next((headers[word] for word in words.COLUMNS[name] if word in headers), None)
    return None if found is None else [text or "" for text in raw.table.column(found).to_pylist()]


def _days(texts: Sequence[str], last_year: int) -> list[dt.date | None]:
    days, _ = _parsed(texts, last_year)
    return [None if np.isnat(day) else day.item() for day in days]


def _moments(texts: Sequence[str], last_year: int, zone: dt.tzinfo) -> list[dt.datetime | None]:
    """Day and hour; midday where a cell holds the day alone."""
    days, hours = _parsed(texts, last_year)
    return [
        None if np.isnat(day) else _moment(day.item(), hour, zone)
        for day, hour in zip(days, hours.tolist(), strict=True)
    ]


def _moment(day: dt.date, hour: float, zone: dt.tzinfo) -> dt.datetime:
    minutes = round((12.0 if np.isnan(hour) else hour) * 60)
    return dt.datetime.combine(day, dt.time(), zone) + dt.timedelta(minutes=minutes)


def _parsed(texts: Sequence[str], last_year: int) -> tuple[np.ndarray, np.ndarray]:
    """Day (datetime64[D], NaT) and hour of day (NaN) of each text."""
    distinct = sorted({text.strip()[:_LONGEST_DATE] for text in texts} - {""})
    places = {text: place for place, text in enumerate(distinct)}
    found = parse_dates(pa.array(distinct, pa.string()), last_year=last_year)
    days = np.append(found.days.astype("datetime64[D]"), np.datetime64("NaT"))
    at = np.array([places.get(text.strip()[:_LONGEST_DATE], -1) for text in texts], dtype=np.int64)
    return days[at], np.append(found.hours, np.float32("nan"))[at]


def _line(
    place: int,
    row: int,
    told: Mapping[str, Sequence[str]],
    days: Sequence[dt.date | None],
    moments: Sequence[dt.datetime | None],
) -> OutcomeLine:
    cell = {name: column[place].strip() for name, column in told.items()}
    key = cell["key"].lower()
    outcome, channel = _value(cell["outcome"], words.OUTCOMES), _value(cell["channel"], words.CHANNELS)
    barrier, offered = _value(cell["barrier"], words.BARRIERS), _value(cell["offered"], words.OFFERED)
    return OutcomeLine(
        row,
        key.zfill(_DIGITS) if _KEY.fullmatch(key) else "",  # a spreadsheet may have eaten zeros
        cell["patient"],
        days[place],
        fold(cell["outcome"]),
        ContactOutcome(outcome) if outcome else None,
        Channel(channel or Channel.CALL),
        moments[place],
        Barrier(barrier) if barrier else None,
        Offered(offered) if offered else None,
        cell["who"],
        cell["note"],
    )


def _value(text: str, known: Mapping[str, Sequence[str]]) -> str:
    """The code that a cell says; "" for nothing, or for what nobody knows."""
    said = fold(text[:200])
    return next((code for code, names in known.items() if said in names), "") if said else ""
