"""What is said of how dates were read, and how one is written again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from pipeline.ingestion.parsing.column import Column
from pipeline.ingestion.parsing.dates import ParsedDates
from pipeline.records import Note, note

_SHORT_YEAR = r"^\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2}(?:\D|$)"


def date_notes(column: Column, read: ParsedDates, order: str) -> Sequence[Note]:
    """How the dates were read, where it was not the usual way."""
    told: Callable[..., Note] = lambda code, **values: note(code, field=column.field.label, **values)  # noqa: E731
    notes: list[Note] = []
    if order:
        notes.append(told("parsing.dates_read_as", order=order))
    elif read.month_first:
        notes.append(told("parsing.dates_month_first"))
    if read.ages is not None:
        notes.append(told("parsing.ages_for_dates"))
    serial = int(column.where(read.serial & read.readable).sum()) if read.serial is not None else 0
    if serial:
        notes.append(told("parsing.dates_serial", count=serial))
    short = pc.match_substring_regex(column.texts, _SHORT_YEAR).to_numpy(zero_copy_only=False) & read.readable
    if read.ages is None and short.any():
        years = pd.DatetimeIndex(read.days[short].astype("datetime64[s]")).year
        notes.append(told("parsing.years_of_two_digits", first=str(years.min()), last=str(years.max())))
    return notes


def moment(day: pd.Timestamp, hour: float) -> str | None:
    """A day and its hour (NaN: none) as `dd/mm/yyyy hh:mm`; None for no day."""
    if day is pd.NaT:
        return None
    minutes = None if np.isnan(hour) else round(float(hour) * 60)
    time = "" if minutes is None else f" {minutes // 60:02d}:{minutes % 60:02d}"
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}{time}"
