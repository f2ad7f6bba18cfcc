"""The kinds of field, each one class: how its cells are read, what a sample of cells says of it, how what was read is
written again, which columns of typed rows it gives, and how its values may be shown.

A new kind of field is a member of `FieldKind`, a class here, and its line in `TYPES`; nothing else asks for kinds by
name where a class can answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from typing_extensions import override

from pipeline.contract import Field, FieldKind, Role, Sense
from pipeline.ingestion.parsing.categories import (
    Members,
    parse_cep,
    parse_closed,
    parse_open,
    parse_uf,
    parse_yes_no,
    sense_of,
    yes_no,
)
from pipeline.ingestion.parsing.column import Column, Sample, encode_as
from pipeline.ingestion.parsing.comments import read_comments
from pipeline.ingestion.parsing.date_words import date_notes, moment
from pipeline.ingestion.parsing.dates import parse_dates
from pipeline.ingestion.parsing.places import UF_NAMES
from pipeline.ingestion.parsing.ratings import NPS, read_ratings
from pipeline.records import Note, note
from pipeline.scrubbing.staff import StaffNumbers

Days = Callable[[], np.ndarray]
_DESTROYED = r"^[+-]?\d{1,3}(?:[.,]\d+)?[eE]\+\d{1,3}$|^\d[.,]\d+[eE]\d{1,3}$"
_AGENDA_YEARS = 20  # a two-digit year may lie so far ahead, except in a date of birth


@dataclass(frozen=True)
class Ask:
    """What a reading is told: the day it is, whether notes of 0 to 10 are stars, in which order dates are written,
    whether those who work at the clinic keep a number in comments.
    """

    today: dt.date
    convert_nps: bool = False
    order: str = ""
    staff: bool = False


class FieldType:
    """One kind of field, whole. Arrays "per text" run over a column's distinct texts, "per row" over its rows."""

    kind: ClassVar[FieldKind]
    counted: ClassVar[bool] = True  # its values may be counted and shown, unless the field is personal
    by_content: ClassVar[bool] = False  # cells alone may say that a column is such a field
    a_set: ClassVar[bool] = False  # a value outside its set may be meant otherwise: see `members`
    in_order: ClassVar[bool] = False  # its values are shown in their own order, not by how often they come

    def read(self, column: Column, ask: Ask) -> Column:
        """What the distinct texts of a column mean."""
        raise NotImplementedError

    def evidence(self, sample: Sample, item: Field) -> float | None:
        """Share of a sample that reads as this kind, 0..1; None where the kind says nothing."""
        return None

    def members(self, item: Field) -> Mapping[str, str]:
        """How the members of its set are written → the member; empty where it is no closed set."""
        return {}

    def written(self, column: Column) -> tuple[pa.Array, np.ndarray]:
        """Per text: how it is written once it is understood, and whether that differs from what came (bool)."""
        return column.texts, np.zeros(len(column.texts), bool)

    def typed(self, column: Column, usable: np.ndarray, days: Days, keep: np.ndarray) -> dict[str, object]:
        """Columns of typed rows: of the rows `keep`; `usable` (bool) per row; `days` gives datetime64[D]."""
        codes = np.where(usable, column.index_of_rows(), -1)[keep]
        labels = column.labels if column.labels is not None else pa.array([], pa.string())
        return {
            column.field.key: pd.Categorical.from_codes(codes, categories=pd.Index(labels.to_pandas(), dtype="str"))
        }

    def meanings(self, column: Column) -> np.ndarray:
        """Per text, a value that is alike where two texts mean the same."""
        return column.index if column.index is not None else np.arange(len(column.texts))


class Identifier(FieldType):
    """Text that names somebody, never a number: leading zeros matter."""

    kind, counted = FieldKind.IDENTIFIER, False

    @override
    def read(self, column: Column, ask: Ask) -> Column:
        destroyed = pc.match_substring_regex(column.texts, _DESTROYED).to_numpy(zero_copy_only=False)
        index = np.where(destroyed, -1, np.arange(len(column.texts))).astype("int32")
        return replace(column, readable=~destroyed, destroyed=destroyed, index=index, labels=column.texts)


class OpenName(FieldType):
    """A name of an open set: what stands there is what it is."""

    kind = FieldKind.OPEN

    @override
    def read(self, column: Column, ask: Ask) -> Column:
        read = parse_open(column.texts.to_pylist())
        rows = int(column.where(read.rewritten).sum())
        told = (note("parsing.numbers_in_names", field=column.field.label, rows=rows),) if rows else ()
        return replace(column, index=read.index, labels=pa.array(read.labels, pa.string()), notes=column.notes + told)


class _Set(FieldType):
    """A kind whose values are members of a set."""

    def parse(self, texts: list[str], item: Field) -> Members:
        """The texts as members of the set."""
        raise NotImplementedError

    @override
    def read(self, column: Column, ask: Ask) -> Column:
        return _as_members(column, self.parse(column.texts.to_pylist(), column.field))

    @override
    def evidence(self, sample: Sample, item: Field) -> float | None:
        return sample.weighed(self.parse(sample.words, item).index >= 0)

    @override
    def written(self, column: Column) -> tuple[pa.Array, np.ndarray]:
        if column.index is None or column.labels is None:
            return super().written(column)
        labels = pc.take(column.labels, pa.array(column.index, mask=column.index < 0))
        return labels, column.rewritten | self._differs(column, labels)

    def _differs(self, column: Column, labels: pa.Array) -> np.ndarray:
        return np.zeros(len(column.texts), bool)


class Closed(_Set):
    """A closed set that the field declares;
    under a header that gives the sense ("Faltou"), yes and no are its values.
    """

    kind, by_content, a_set = FieldKind.CLOSED, True, True

    @override
    def parse(self, texts: list[str], item: Field) -> Members:
        return parse_closed(texts, item)

    @override
    def read(self, column: Column, ask: Ask) -> Column:
        texts = column.texts.to_pylist()
        sense = sense_of(column.header or "", column.field)
        if sense is None or not (yes_no(texts) >= 0).any():
            return super().read(column, ask)
        return replace(
            _as_members(column, parse_yes_no(texts, column.field, sense)), notes=(_sense_note(column, sense),)
        )

    @override
    def evidence(self, sample: Sample, item: Field) -> float | None:
        return super().evidence(sample, item) if sample.may_be_closed else 0.0

    @override
    def members(self, item: Field) -> Mapping[str, str]:
        return {name: value.label for value in item.values for name in (value.label, *value.synonyms)}

    @override
    def _differs(self, column: Column, labels: pa.Array) -> np.ndarray:
        """Yes and no under a header that gives the sense: the value stands in no cell as it is."""
        return np.asarray(pc.fill_null(pc.not_equal(column.texts, labels), False))


class Uf(_Set):
    """One of the 27 federative units."""

    kind, by_content, a_set = FieldKind.UF, True, True

    @override
    def parse(self, texts: list[str], item: Field) -> Members:
        return parse_uf(texts)

    @override
    def members(self, item: Field) -> Mapping[str, str]:
        return {name: uf for uf, name in UF_NAMES.items()}


class Cep(_Set):
    """A postal code of eight digits."""

    kind = FieldKind.CEP

    @override
    def parse(self, texts: list[str], item: Field) -> Members:
        return parse_cep(texts)


class Date(FieldType):
    """A day, with a time where the field keeps one; a column of ages stands for one of births."""

    kind = FieldKind.DATE

    @override
    def read(self, column: Column, ask: Ask) -> Column:
        item = column.field
        last_year = ask.today.year if item.role is Role.BIRTH else ask.today.year + _AGENDA_YEARS
        found = parse_dates(column.texts, last_year=last_year, accepts_age=item.accepts_age, order=ask.order)
        proven = ask.order or ("mdy" if found.month_first else "dmy" if found.proven else "")
        return replace(
            column,
            readable=found.readable,
            days=found.days,
            hours=found.hours if item.keeps_time else None,
            ages=found.ages,
            notes=tuple(date_notes(column, found, ask.order)),
            order=proven,
            serial=found.serial,
        )

    @override
    def evidence(self, sample: Sample, item: Field) -> float | None:
        return max(sample.dates, sample.ages if item.accepts_age else 0.0)

    @override
    def written(self, column: Column) -> tuple[pa.Array, np.ndarray]:
        """Months first, years first in two digits and a spreadsheet's numbers are written as day, month, year."""
        size = len(column.texts)
        if column.days is None or column.ages is not None:
            return super().written(column)
        otherwise = np.full(size, column.order in ("mdy", "ymd"))
        if column.serial is not None:
            otherwise |= column.serial
        hours = column.hours if column.hours is not None else np.full(size, np.nan)
        days = pd.DatetimeIndex(column.days.astype("datetime64[s]"))
        texts = [moment(day, hour) for day, hour in zip(days, hours, strict=True)]
        return pa.array(texts, pa.string()), otherwise & column.readable

    @override
    def typed(self, column: Column, usable: np.ndarray, days: Days, keep: np.ndarray) -> dict[str, object]:
        known = days()[keep]
        found: dict[str, object] = {column.field.key: known.astype("datetime64[us]")}
        if column.field.keeps_time:
            hours = np.where(np.isnat(known), np.nan, column.floats_of_rows(column.hours)[keep])
            if not (np.any(hours > 0) if column.timed is None else column.timed):  # midnights alone hold no time
                hours = np.full(len(keep), np.nan)
            found[column.field.hour_column] = hours.astype("float32")
        return found

    @override
    def meanings(self, column: Column) -> np.ndarray:
        if column.days is not None and column.ages is None:
            return column.days
        return column.ages if column.ages is not None else np.arange(len(column.texts))


class Rating(FieldType):
    """One to five stars, or notes of 0 to 10 where that was asked for."""

    kind, in_order = FieldKind.RATING, True

    @override
    def read(self, column: Column, ask: Ask) -> Column:
        found = read_ratings(column.texts.to_pylist(), convert_nps=ask.convert_nps)
        as_stars = found.scale == NPS and ask.convert_nps
        return replace(
            column,
            readable=~np.isnan(found.stars),
            rewritten=found.converted,
            numbers=found.stars,
            scale=found.scale,
            notes=(note("parsing.nps_as_stars", field=column.field.label),) if as_stars else (),
        )

    @override
    def evidence(self, sample: Sample, item: Field) -> float | None:
        return sample.weighed(~np.isnan(read_ratings(sample.words, convert_nps=True).stars))

    @override
    def written(self, column: Column) -> tuple[pa.Array, np.ndarray]:
        if column.numbers is None:
            return super().written(column)
        stars = [None if np.isnan(n) else f"{n:g}" for n in column.numbers]
        return pa.array(stars, pa.string()), column.rewritten

    @override
    def typed(self, column: Column, usable: np.ndarray, days: Days, keep: np.ndarray) -> dict[str, object]:
        stars = np.where(usable, column.floats_of_rows(column.numbers), np.nan)
        return {column.field.key: stars[keep].astype("float32")}

    @override
    def meanings(self, column: Column) -> np.ndarray:
        return column.numbers if column.numbers is not None else super().meanings(column)


class FreeText(FieldType):
    """What a patient wrote, without the numbers and names that identify a person."""

    kind, counted = FieldKind.FREE_TEXT, False

    @override
    def read(self, column: Column, ask: Ask) -> Column:
        found = read_comments(column.texts.to_pylist(), StaffNumbers() if ask.staff else None)
        texts = pa.array(found.texts, pa.string())
        taken = [counts > 0 for counts in found.scrubs.values()]
        return replace(
            column,
            texts=texts,
            index=np.arange(len(texts), dtype="int32"),
            labels=texts,
            scrubs=found.scrubs,
            rewritten=np.any(taken, axis=0) if taken else column.rewritten,
        )

    @override
    def written(self, column: Column) -> tuple[pa.Array, np.ndarray]:
        return column.texts, column.rewritten

    @override
    def typed(self, column: Column, usable: np.ndarray, days: Days, keep: np.ndarray) -> dict[str, object]:
        codes = np.where(usable, column.index_of_rows(), -1)[keep]
        return {column.field.key: pc.take(column.texts, pa.array(codes, mask=codes < 0)).to_pandas().astype("str")}


TYPES: Mapping[FieldKind, FieldType] = {
    made.kind: made for made in (Identifier(), Date(), Closed(), OpenName(), Uf(), Cep(), Rating(), FreeText())
}


def type_of(item: Field) -> FieldType:
    """The class of a field's kind."""
    return TYPES[item.kind]


def parse_column(
    cells: pa.ChunkedArray | pa.Array,
    item: Field,
    header: str,
    today: dt.date,
    *,
    convert_nps: bool = False,
    order: str = "",
    staff: bool = False,
) -> Column:
    """Reads a column of text as `item` declares it.

    `convert_nps`: notes of 0 to 10 are to be read as stars; `order`: of dates (see parse_dates); `staff`: those who
    work at the clinic keep a number in comments.
    """
    return type_of(item).read(encode_as(cells, item, header), Ask(today, convert_nps, order, staff))


def _as_members(column: Column, members: Members) -> Column:
    return replace(
        column,
        readable=members.index >= 0,
        rewritten=members.rewritten & (members.index >= 0),
        index=members.index,
        labels=pa.array(members.labels, pa.string()),
    )


def _sense_note(column: Column, sense: Sense) -> Note:
    return note("parsing.sense_of_header", field=column.field.label, yes=sense.yes, no=sense.no)
