"""Cells → values, once per distinct cell: the door to the readers of each kind of field.

A column is encoded first (a code per row, a text per code); everything after looks at distinct texts only and
is taken back to the rows through the codes. That is what makes a million rows cost seconds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as _field

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.contract import Field, FieldKind, Role
from pipeline.folding import fold
from pipeline.ingestion.parsing.categories import (
    Members,
    parse_cep,
    parse_closed,
    parse_uf,
    parse_yes_no,
    sense_of,
    yes_no,
)
from pipeline.ingestion.parsing.comments import read_comments
from pipeline.ingestion.parsing.dates import ParsedDates, parse_dates
from pipeline.ingestion.parsing.ratings import NPS, read_ratings
from pipeline.ingestion.parsing.vocabulary import EMPTY_WORDS
from pipeline.records import Note, note

_UNTIDY = r"\s{2,}|[\t\n\r\x0b\x0c]|\x{00A0}|\x{200B}|\x{FEFF}"
_SPACES = r"[\s\x{00A0}]+"
_INVISIBLE = r"[\x{200B}\x{FEFF}]"
_NOTHING = r"^[-–—_./\s]*$"
_DESTROYED = r"^[+-]?\d{1,3}(?:[.,]\d+)?[eE]\+\d{1,3}$|^\d[.,]\d+[eE]\d{1,3}$"
_EMPTY_WORDS = pa.array(EMPTY_WORDS)
_SHORT_YEAR = r"^\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2}(?:\D|$)"
_AGENDA_YEARS = 20  # a two-digit year may lie so far ahead, except in a date of birth


@dataclass(frozen=True)
class Column:
    """A field's column: `codes` (int32 per row, -1 empty) point into what is known of each distinct text.

    Per distinct text: `readable`, `rewritten` (understood, though written otherwise), `destroyed` (an id that a
    spreadsheet turned into 1,23E+10), and, by kind, `days` and `hours`, `ages`, `numbers` (stars), or `index`
    into `labels`. `scale`: a rating on another scale than stars. `scrubs`: how often each kind of personal number
    was taken out, by distinct text. `notes` are about the whole column.
    """

    field: Field
    header: str | None
    codes: np.ndarray
    texts: pa.Array
    readable: np.ndarray
    rewritten: np.ndarray
    destroyed: np.ndarray
    labels: pa.Array | None = None
    index: np.ndarray | None = None
    days: np.ndarray | None = None
    hours: np.ndarray | None = None
    ages: np.ndarray | None = None
    numbers: np.ndarray | None = None
    scale: str = ""
    scrubs: Mapping[str, np.ndarray] = _field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    order: str = ""  # of dates: dmy or mdy, where the column itself proves it
    serial: np.ndarray | None = None  # dates that are a spreadsheet's numbers

    @property
    def present(self) -> bool:
        return self.header is not None

    @property
    def filled(self) -> np.ndarray:
        """Which rows hold something, readable or not."""
        return self.codes >= 0

    def where(self, distinct: np.ndarray) -> np.ndarray:
        """Rows whose distinct text has the property; empty rows have none."""
        return np.append(distinct, False)[self.codes]

    def day_of_rows(self) -> np.ndarray:
        """datetime64[D] per row, NaT where empty, unreadable or in a column of ages."""
        if self.days is None:
            return np.full(len(self.codes), "NaT", "datetime64[D]")
        return np.append(self.days, np.datetime64("NaT"))[self.codes]

    def index_of_rows(self) -> np.ndarray:
        """Place in `labels` per row, -1 where there is none."""
        if self.index is None:
            return np.full(len(self.codes), -1, "int32")
        return np.append(self.index, -1).astype("int32")[self.codes]

    def floats_of_rows(self, values: np.ndarray | None) -> np.ndarray:
        """float32 per row of a value per distinct text (hours, ages, stars); NaN where there is none."""
        if values is None:
            return np.full(len(self.codes), np.nan, "float32")
        return np.append(values, np.nan).astype("float32")[self.codes]


def absent(item: Field, rows: int) -> Column:
    """The column of a field that the file lacks: all empty."""
    none = np.zeros(0, bool)
    return Column(
        item,
        None,
        np.full(rows, -1, "int32"),
        pa.array([], pa.string()),
        none,
        none,
        none,
        labels=pa.array([v.label for v in item.values], pa.string()),
    )


def parse_column(
    cells: pa.ChunkedArray | pa.Array,
    item: Field,
    header: str,
    today: dt.date,
    *,
    convert_nps: bool = False,
    order: str = "",
) -> Column:
    """Reads a column of text as `item` declares it.

    `convert_nps`: notes of 0 to 10 are to be read as stars; `order`: of dates (see parse_dates).
    """
    codes, texts = encode(cells, spares=_own_words(item))
    column = _blank_column(item, header, codes, texts)
    if item.kind is FieldKind.RATING:
        return _read_rating(column, convert_nps)
    if item.kind is FieldKind.DATE:
        return _read_dates(column, today, order)
    return _READERS[item.kind](column, today)


def encode(cells: pa.ChunkedArray | pa.Array, spares: pa.Array | None = None) -> tuple[np.ndarray, pa.Array]:
    """(codes, distinct texts): trimmed, single-spaced, NFC; empty and empty-like cells get the code -1.

    `spares` are lower-case words that mean something here although they read like "nothing".
    """
    whole = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
    if isinstance(whole, pa.ChunkedArray):
        whole = pa.concat_arrays(whole.chunks)
    encoded = whole.cast(pa.string()).dictionary_encode()
    tidy = tidied(encoded.dictionary)
    lower = pc.utf8_lower(tidy)
    nothing = pc.or_(pc.is_in(lower, value_set=_EMPTY_WORDS), pc.match_substring_regex(tidy, _NOTHING))
    if spares is not None and len(spares):
        nothing = pc.and_(nothing, pc.invert(pc.is_in(lower, value_set=spares)))
    kept = pc.if_else(nothing, pa.scalar(None, pa.string()), tidy).dictionary_encode()
    places = pc.fill_null(kept.indices, -1).to_numpy(zero_copy_only=False).astype("int32")
    raw_codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
    return np.append(places, np.int32(-1))[raw_codes], kept.dictionary


def tidied(texts: pa.Array) -> pa.Array:
    """Texts trimmed, single-spaced and NFC: as cells are compared."""
    if pc.any(pc.match_substring_regex(texts, _UNTIDY)).as_py():
        texts = pc.replace_substring_regex(texts, _INVISIBLE, "")
        texts = pc.replace_substring_regex(texts, _SPACES, " ")
    if not pc.all(pc.string_is_ascii(texts)).as_py():
        texts = pc.utf8_normalize(texts, "NFC")
    return pc.utf8_trim_whitespace(texts)


def _own_words(item: Field) -> pa.Array | None:
    """Declared values that would be taken for "nothing" ("Não informado" as a value of its own)."""
    declared = {fold(name) for value in item.values for name in (value.label, *value.synonyms)}
    return pa.array([word for word in _EMPTY_WORDS.to_pylist() if fold(word) in declared], pa.string())


def _blank_column(item: Field, header: str, codes: np.ndarray, texts: pa.Array) -> Column:
    size = len(texts)
    return Column(item, header, codes, texts, np.ones(size, bool), np.zeros(size, bool), np.zeros(size, bool))


def _read_dates(column: Column, today: dt.date, order: str = "") -> Column:
    item = column.field
    last_year = today.year if item.role is Role.BIRTH else today.year + _AGENDA_YEARS
    read = parse_dates(column.texts, last_year=last_year, accepts_age=item.accepts_age, order=order)
    proven = order or ("mdy" if read.month_first else "dmy" if read.proven else "")
    return replace(
        column,
        readable=read.readable,
        days=read.days,
        hours=read.hours if item.keeps_time else None,
        ages=read.ages,
        notes=tuple(_date_notes(column, read, order)),
        order=proven,
        serial=read.serial,
    )


def _date_notes(column: Column, read: ParsedDates, order: str) -> list[Note]:
    """How the dates were read, where it was not the usual way."""
    label = column.field.label
    notes: list[Note] = []
    if order:
        notes.append(note("parsing.dates_read_as", field=label, order=order))
    elif read.month_first:
        notes.append(note("parsing.dates_month_first", field=label))
    if read.ages is not None:
        notes.append(note("parsing.ages_for_dates", field=label))
    serial = int(column.where(read.serial & read.readable).sum()) if read.serial is not None else 0
    if serial:
        notes.append(note("parsing.dates_serial", field=label, count=serial))
    short = pc.match_substring_regex(column.texts, _SHORT_YEAR).to_numpy(zero_copy_only=False) & read.readable
    if read.ages is None and short.any():
        years = pd.DatetimeIndex(read.days[short].astype("datetime64[s]")).year
        notes.append(note("parsing.years_of_two_digits", field=label, first=str(years.min()), last=str(years.max())))
    return notes


def _read_closed(column: Column, today: dt.date) -> Column:
    """A closed set; under a header that gives the sense ("Faltou"), yes and no are its values."""
    texts = column.texts.to_pylist()
    sense = sense_of(column.header or "", column.field)
    if sense is None or not (yes_no(texts) >= 0).any():
        return _read_members(parse_closed)(column, today)
    read = _read_members(lambda texts, item: parse_yes_no(texts, item, sense))(column, today)
    told = note("parsing.sense_of_header", field=column.field.label, yes=sense.yes, no=sense.no)
    return replace(read, notes=(told,))


def _read_members(parse: Callable[[list[str], Field], Members]) -> Callable[[Column, dt.date], Column]:
    def read(column: Column, today: dt.date) -> Column:
        members = parse(column.texts.to_pylist(), column.field)
        return replace(
            column,
            readable=members.index >= 0,
            rewritten=members.rewritten & (members.index >= 0),
            index=members.index,
            labels=pa.array(members.labels, pa.string()),
        )

    return read


def _read_names(column: Column, today: dt.date) -> Column:
    return replace(column, index=np.arange(len(column.texts), dtype="int32"), labels=column.texts)


def _read_ids(column: Column, today: dt.date) -> Column:
    destroyed = pc.match_substring_regex(column.texts, _DESTROYED).to_numpy(zero_copy_only=False)
    index = np.where(destroyed, -1, np.arange(len(column.texts))).astype("int32")
    return replace(column, readable=~destroyed, destroyed=destroyed, index=index, labels=column.texts)


def _read_rating(column: Column, convert_nps: bool) -> Column:
    read = read_ratings(column.texts.to_pylist(), convert_nps=convert_nps)
    told = (note("parsing.nps_as_stars", field=column.field.label),) if read.scale == NPS and convert_nps else ()
    return replace(
        column,
        readable=~np.isnan(read.stars),
        rewritten=read.converted,
        numbers=read.stars,
        scale=read.scale,
        notes=told,
    )


def _read_comments(column: Column, today: dt.date) -> Column:
    read = read_comments(column.texts.to_pylist())
    texts = pa.array(read.texts, pa.string())
    return replace(
        column,
        texts=texts,
        index=np.arange(len(texts), dtype="int32"),
        labels=texts,
        scrubs=read.scrubs,
        rewritten=np.any([counts > 0 for counts in read.scrubs.values()], axis=0) if read.scrubs else column.rewritten,
    )


_READERS: dict[FieldKind, Callable[[Column, dt.date], Column]] = {
    FieldKind.IDENTIFIER: _read_ids,
    FieldKind.CLOSED: _read_closed,
    FieldKind.OPEN: _read_names,
    FieldKind.UF: _read_members(lambda texts, _: parse_uf(texts)),
    FieldKind.CEP: _read_members(lambda texts, _: parse_cep(texts)),
    FieldKind.FREE_TEXT: _read_comments,
}
