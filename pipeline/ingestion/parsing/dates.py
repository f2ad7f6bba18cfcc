"""Distinct cells → days and hours: d/m/y unless a column proves otherwise, ISO, Excel serials, ages.

Only distinct texts are read, and a time beside the day is cut off first, so that a million time stamps cost
a few hundred days and at most a day's minutes. A time zone is read and left aside: the clinic's wall clock
is what it wrote.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_EPOCH = dt.date(1970, 1, 1).toordinal()
_SERIAL_ZERO = dt.date(1899, 12, 30).toordinal()  # Excel's day 0
_FIRST_YEAR, _LAST_YEAR = 1700, 2150  # 1799 is a date, though an impossible birth; 0205 is not
_FIRST_SERIAL, _LAST_SERIAL = 10_000, 80_000  # 1927 to 2119: shorter numbers are ages or years
_MONTH_FIRST_SHARE = 0.2  # of the distinct days, the second number is above 12 in at least so many
_MOSTLY = 0.8

_SPLIT = r"^(?P<day>\S+?)(?:(?:T|[\s,;]+(?:(?:às|as|-)\s*)?)(?P<time>\d.*))?$"
_DAY_FIRST = re.compile(r"^(\d{1,2})([/.\-])(\d{1,2})\2(\d{4}|\d{2})$")
_YEAR_FIRST = re.compile(r"^(\d{4})([/.\-])(\d{1,2})\2(\d{1,2})$")
_COMPACT = re.compile(r"^\d{8}$")
_SERIAL = re.compile(r"^(\d{5})(?:[.,](\d+))?$")
_NAMED = re.compile(
    r"^(?:[a-zà-ÿ\-]{3,13}[.,]?\s++)?(\d{1,2})(?:º|o)?(?:\s*+[/.\-]|\s)\s*+(?:de\s++)?([a-zç]{3,9})\.?(?:\s*+[/.\-]|\s)\s*+(?:de\s++)?(\d{4}|\d{2})$"
)
_WEEKDAY_FIRST = re.compile(r"^[a-zà-ÿ\-]{3,13}[.,]?\s++(\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4})$")
_TIME = re.compile(
    r"^(\d{1,2})(?::(\d{1,2})|h(\d{1,2})?)(?::(\d{1,2})(?:[.,]\d+)?)?\s*+(?:min|m|hs|hrs|h)?\s*+(am|pm)?"
    r"\s*+(?:z|utc|gmt|[+-]\d{2}:?\d{2}|[+-]\d{2})?$"
)
_AGE = re.compile(r"^(-?\d{1,3})(?:[.,](\d++))?(?:\s*+(?:anos?|ano\(s\)|a|years?|y))?\.?(?:\s++\d{1,2}\s*[md].*)?$")
_AGE_MONTHS = re.compile(r"^(\d{1,3})\s*(?:m|mes|mês|meses)$")
_MONTHS = {
    name: i
    for i, name in enumerate(("jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"), 1)
}
_MONTHS |= {"feb": 2, "apr": 4, "may": 5, "aug": 8, "sep": 9, "oct": 10, "dec": 12}


@dataclass(frozen=True)
class ParsedDates:
    """Per distinct text: `days` datetime64[D] (NaT: unreadable), `hours` 0..24 (NaN: no time), `ages` in years.

    `ages` is given, and `days` all NaT, where the column holds ages in place of dates. `month_first` says
    that the column could only be read as m/d/y.
    """

    days: np.ndarray
    hours: np.ndarray
    ages: np.ndarray | None = None
    month_first: bool = False
    proven: bool = False  # a day above 12 says which comes first
    serial: np.ndarray | None = None  # which texts are Excel's numbers

    @property
    def readable(self) -> np.ndarray:
        """Which of the distinct texts could be read."""
        return ~np.isnan(self.ages) if self.ages is not None else ~np.isnat(self.days)


def parse_dates(texts: pa.Array, *, last_year: int, accepts_age: bool = False, order: str = "") -> ParsedDates:
    """Reads distinct, trimmed, non-empty texts. Two-digit years later than `last_year` are of 19xx.

    `order` ("dmy", "mdy", "ymd") says how ambiguous dates are written; "" lets the column tell.
    """
    if accepts_age:
        ages = parse_ages(texts)
        if len(ages) and np.mean(~np.isnan(ages)) >= _MOSTLY:
            return ParsedDates(np.full(len(texts), "NaT", "datetime64[D]"), _no_hours(len(texts)), ages)
    parts = pc.extract_regex(texts, _SPLIT)
    day_texts, day_codes = _distinct(pc.struct_field(parts, "day"))
    time_texts, time_codes = _distinct(pc.struct_field(parts, "time"))
    month_first = order == "mdy" or (not order and _is_month_first(day_texts))
    read = [_day(_ordered(text, order), month_first, last_year) for text in day_texts]
    days = _take(np.array([d for d, _ in read], dtype="float64"), day_codes)
    hours = _take(np.array([h for _, h in read], dtype="float64"), day_codes)
    times = _take(np.array([_hour(text) for text in time_texts], dtype="float64"), time_codes)
    days[np.isinf(times)] = np.nan  # what stands beside the day is no time: perhaps a day written in words
    hours = np.where(np.isfinite(times), times, hours)
    for position in np.flatnonzero(np.isnan(days)):
        days[position] = _day_in_words(texts[int(position)].as_py(), month_first, last_year)
    serial = np.append([_SERIAL.match(text) is not None for text in day_texts], False).astype(bool)[day_codes]
    return ParsedDates(_as_days(days), hours.astype("float32"), None, month_first, _proven(day_texts), serial)


def parse_ages(texts: pa.Array) -> np.ndarray:
    """Ages in years ("34", "34 anos", "8 meses", "34a 2m"); NaN where the text is no age."""
    return np.array([_age(text.strip().lower()) for text in texts.to_pylist()], dtype="float64")


def _age(text: str) -> float:
    months = _AGE_MONTHS.match(text)
    if months:
        return int(months[1]) / 12
    years = _AGE.match(text)
    return float(f"{years[1]}.{years[2] or 0}") if years else np.nan


def _is_month_first(texts: list[str]) -> bool:
    """True where no day can be d/m/y and enough of them can only be m/d/y: a single slip proves nothing."""
    pairs = [(int(m[1]), int(m[3])) for m in map(_DAY_FIRST.match, texts) if m]
    day_first_only = sum(a > 12 >= b for a, b in pairs)
    month_first_only = sum(b > 12 >= a for a, b in pairs)
    return day_first_only == 0 and month_first_only > 0 and month_first_only >= _MONTH_FIRST_SHARE * len(pairs)


def _proven(texts: list[str]) -> bool:
    """Whether some day could not be a month: only then does the column itself say in which order it is written."""
    pairs = [(int(m[1]), int(m[3])) for m in map(_DAY_FIRST.match, texts) if m]
    return any(max(a, b) > 12 for a, b in pairs)


def _ordered(text: str, order: str) -> str:
    """ "25/01/10" with the year first, as d/m/y."""
    match = _DAY_FIRST.match(text) if order == "ymd" else None
    return f"{match[4]}/{match[3]}/20{int(match[1]):02}" if match and len(match[4]) == 2 else text


def _day(text: str, month_first: bool, last_year: int) -> tuple[float, float]:
    """(days since 1970, hour or NaN); the day is NaN where the text is none."""
    match = _DAY_FIRST.match(text)
    if match:
        day, month = (match[3], match[1]) if month_first else (match[1], match[3])
        return _ordinal(_year(match[4], last_year), int(month), int(day)), np.nan
    match = _YEAR_FIRST.match(text)
    if match:
        return _ordinal(int(match[1]), int(match[3]), int(match[4])), np.nan
    if _COMPACT.match(text):
        by_year = _ordinal(int(text[:4]), int(text[4:6]), int(text[6:]))
        by_day = _ordinal(int(text[4:]), int(text[2:4]), int(text[:2]))
        return (by_day if np.isnan(by_year) else by_year), np.nan
    match = _SERIAL.match(text)
    if match and _FIRST_SERIAL <= int(match[1]) <= _LAST_SERIAL:
        hour = float(f"0.{match[2]}") * 24 if match[2] else np.nan
        return float(_SERIAL_ZERO + int(match[1]) - _EPOCH), hour
    return np.nan, np.nan


def _day_in_words(text: str, month_first: bool, last_year: int) -> float:
    """ "10 de janeiro de 2025", "10/jan/25", "seg 10/01/2025": rare, so tried only where nothing else fits."""
    text = text.lower().strip()
    match = _NAMED.match(text)
    if match:
        month = _MONTHS.get(match[2].replace("ç", "c")[:3])
        return _ordinal(_year(match[3], last_year), month, int(match[1])) if month else np.nan
    match = _WEEKDAY_FIRST.match(text)
    return _day(match[1], month_first, last_year)[0] if match else np.nan


def _year(text: str, last_year: int) -> int:
    if len(text) == 4:
        return int(text)
    year = 2000 + int(text)
    return year if year <= last_year else year - 100


def _ordinal(year: int, month: int, day: int) -> float:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return np.nan
    try:
        return float(dt.date(year, month, day).toordinal() - _EPOCH)
    except ValueError:  # 31/02, 00/00: no such day
        return np.nan


def _hour(text: str) -> float:
    """Hour of day as a number; NaN: a time that does not exist (25:00); infinity: not a time at all."""
    match = _TIME.match(text.strip().lower())
    if not match:
        return np.inf
    hour, minute, second = int(match[1]), int(match[2] or match[3] or 0), int(match[4] or 0)
    if match[5] and 1 <= hour <= 12:
        hour = hour % 12 + (12 if match[5] == "pm" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return np.nan
    return hour + minute / 60 + second / 3600


def _distinct(texts: Any) -> tuple[list[str], np.ndarray]:
    """Distinct texts and the code of each row; -1 for null and for the empty string."""
    encoded = texts.dictionary_encode()
    names = encoded.dictionary.to_pylist()
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
    if "" in names:
        codes = np.where(codes == names.index(""), -1, codes)
    return names, codes


def _take(values: np.ndarray, codes: np.ndarray) -> np.ndarray:
    return np.append(values, np.nan)[codes]  # code -1 reads the NaN at the end


def _as_days(numbers: np.ndarray) -> np.ndarray:
    whole = np.where(np.isnan(numbers), 0, numbers).astype("int64").astype("datetime64[D]")
    whole[np.isnan(numbers)] = np.datetime64("NaT")
    return whole


def _no_hours(size: int) -> np.ndarray:
    return np.full(size, np.nan, "float32")
