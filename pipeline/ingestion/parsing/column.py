"""A column as it is read: a code per row, and what is known of each distinct text.

A column is encoded first (a code per row, a text per code); everything after looks at distinct texts only and
is taken back to the rows through the codes. That is what makes a million rows cost seconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as _field
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import per_row
from pipeline.contract import Field
from pipeline.folding import fold
from pipeline.ingestion.parsing.vocabulary import EMPTY_WORDS
from pipeline.ingestion.reading import text_columns
from pipeline.records import Note

_UNTIDY = r"\s{2,}|[\t\n\r\x0b\x0c]|\x{00A0}|\x{200B}|\x{FEFF}"
_SPACES = r"[\s\x{00A0}]+"
_INVISIBLE = r"[\x{200B}\x{FEFF}]"
_NOTHING = r"^[-–—_./\s]*$"
_EMPTY_WORDS = pa.array(EMPTY_WORDS)


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
    timed: bool | None = None  # of dates: whether any is told with its time; None: the rows in hand tell

    @property
    def present(self) -> bool:
        """Whether the file has a column for the field."""
        return self.header is not None

    @property
    def filled(self) -> np.ndarray:
        """Which rows hold something, readable or not."""
        return self.codes >= 0

    def where(self, distinct: np.ndarray) -> np.ndarray:
        """Rows whose distinct text has the property; empty rows have none."""
        if not distinct.any():
            return np.zeros(len(self.codes), bool)
        if distinct.all():
            return self.filled
        return per_row.spread(np.append(distinct, False), self.codes)

    def counts(self, left_out: np.ndarray | None = None) -> np.ndarray:
        """int64 per distinct text: the rows that hold it, but for those of a mask (bool per row)."""
        return per_row.counted(self.codes, len(self.texts), left_out)

    def day_of_rows(self) -> np.ndarray:
        """datetime64[D] per row, NaT where empty, unreadable or in a column of ages."""
        days = np.zeros(0, "datetime64[D]") if self.days is None else self.days
        nothing = np.datetime64("NaT")
        if not len(days):
            return np.full(len(self.codes), nothing, "datetime64[D]")
        return per_row.spread(np.append(days, nothing), self.codes)

    def index_of_rows(self) -> np.ndarray:
        """Place in `labels` per row, -1 where there is none."""
        if self.index is None:
            return np.full(len(self.codes), -1, "int32")
        return per_row.spread(np.append(self.index, -1).astype("int32"), self.codes)

    def taken(self, rows: np.ndarray) -> Column:
        """The column of some of its rows (positions, rising); of texts that are their own labels, only those kept."""
        codes = self.codes[rows]
        if self.labels is None or self.labels is not self.texts or self.index is None:
            return replace(self, codes=codes)
        used, places = np.unique(codes[codes >= 0], return_inverse=True)
        mine = np.full(len(codes), -1, "int32")
        mine[codes >= 0] = places
        texts = self.labels.take(pa.array(used))
        per_text = {name: getattr(self, name)[used] for name in ("readable", "rewritten", "destroyed")}
        index = np.where(self.index[used] < 0, -1, np.arange(len(used))).astype("int32")
        scrubs = {name: counts[used] for name, counts in self.scrubs.items()}
        return replace(self, codes=mine, texts=texts, labels=texts, index=index, scrubs=scrubs, **per_text)

    def floats_of_rows(self, values: np.ndarray | None) -> np.ndarray:
        """float32 per row of a value per distinct text (hours, ages, stars); NaN where there is none."""
        if values is None:
            return np.full(len(self.codes), np.nan, "float32")
        return per_row.spread(np.append(values, np.nan).astype("float32"), self.codes)


class Sample(Protocol):
    """A sample of a column's cells (see mapping.cell_profile)."""

    @property
    def words(self) -> list[str]:
        """The distinct texts."""

    @property
    def dates(self) -> float:
        """Share of the sampled rows that reads as dates, 0..1."""

    @property
    def ages(self) -> float:
        """Share of the sampled rows that reads as ages, 0..1."""

    @property
    def may_be_closed(self) -> bool:
        """Whether there are so few distinct texts that they can be a closed set's."""

    def weighed(self, matches: np.ndarray) -> float:
        """Share of the sampled rows, 0..1, whose text matches; `matches` (bool) per distinct text."""


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


def encode(cells: pa.ChunkedArray | pa.Array, declared: Sequence[str] = ()) -> tuple[np.ndarray, pa.Array]:
    """(codes, distinct texts): trimmed, single-spaced, NFC; empty and empty-like cells get the code -1.

    `declared`: values that mean something here although they read like "nothing" ("Não informado" as one of its own).
    """
    whole = cells if isinstance(cells, pa.ChunkedArray) else pa.chunked_array([cells])
    encoded = text_columns.pieces(whole if whole.type == pa.string() else whole.cast(pa.string()))
    raw = encoded.chunk(0).dictionary if encoded.num_chunks else pa.array([], pa.string())
    places, texts = _tidied_places(raw, _own_words(declared))
    codes, first = per_row.empty(len(whole), "int32"), 0
    for chunk in encoded.chunks:  # they share one dictionary
        indices = pc.fill_null(chunk.indices, -1).to_numpy(zero_copy_only=False)
        codes[first : first + len(indices)] = places[indices]
        first += len(indices)
    return codes, texts


def _tidied_places(raw: pa.Array, spares: pa.Array) -> tuple[np.ndarray, pa.Array]:
    """Of texts as they came: each one's place (int32, -1: empty) among those that differ once they are tidy, with one
    -1 more at the end; and those.
    """
    tidy = tidied(raw)
    lower = pc.utf8_lower(tidy)
    nothing = pc.or_(pc.is_in(lower, value_set=_EMPTY_WORDS), pc.match_substring_regex(tidy, _NOTHING))
    if len(spares):
        nothing = pc.and_(nothing, pc.invert(pc.is_in(lower, value_set=spares)))
    kept = pc.if_else(nothing, pa.scalar(None, pa.string()), tidy).dictionary_encode()
    places = pc.fill_null(kept.indices, -1).to_numpy(zero_copy_only=False).astype("int32")
    return np.append(places, np.int32(-1)), kept.dictionary


def tidied(texts: pa.Array) -> pa.Array:
    """Texts trimmed, single-spaced and NFC: as cells are compared."""
    if pc.any(pc.match_substring_regex(texts, _UNTIDY)).as_py():
        texts = pc.replace_substring_regex(texts, _INVISIBLE, "")
        texts = pc.replace_substring_regex(texts, _SPACES, " ")
    if not pc.all(pc.string_is_ascii(texts)).as_py():
        texts = pc.utf8_normalize(texts, "NFC")
    return pc.utf8_trim_whitespace(texts)


def _own_words(declared: Sequence[str]) -> pa.Array:
    """Declared values that would be taken for "nothing"."""
    known = {fold(name) for name in declared}
    return pa.array([word for word in EMPTY_WORDS if fold(word) in known], pa.string())


def blank(item: Field, header: str, codes: np.ndarray, texts: pa.Array) -> Column:
    """An encoded column of which nothing is known yet."""
    size = len(texts)
    return Column(item, header, codes, texts, np.ones(size, bool), np.zeros(size, bool), np.zeros(size, bool))


def encode_as(cells: pa.ChunkedArray | pa.Array, item: Field, header: str) -> Column:
    """A column of text with a code for each row, as `item` declares what is empty; nothing is known of its texts."""
    codes, texts = encode(cells, declared=[name for value in item.values for name in (value.label, *value.synonyms)])
    return blank(item, header, codes, texts)
