"""How a text file separates its cells, told from its beginning."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

from pipeline.errors import UnreadableFile
from pipeline.ingestion.reading.header_row import find_header, usual_width
from pipeline.ingestion.reading.limits import Limits

DELIMITERS = (";", ",", "\t", "|")
_SEP_LINE = re.compile(r'^"?sep=(.)"?\r?\n', re.I)
_RECORDS = 300


@dataclass(frozen=True)
class Dialect:
    """`records` are the first ones of the file, blank ones as []; `header` is a place among them.

    `lines` are the physical lines before the header, `sep_line` whether a line "sep=;" stands before all records
    (a spreadsheet doesn't show it, so it has no row number). `simple`: no record up to the header spans lines.
    """

    delimiter: str
    header: int
    width: int
    records: tuple[tuple[str, ...], ...]
    sep_line: bool
    lines: int
    simple: bool

    @property
    def names(self) -> tuple[str, ...]:
        """The header's cells as in the file: some may be blank or alike, and there may be fewer than `width`."""
        return self.records[self.header]

    @property
    def header_row(self) -> int:
        """The header's row as in the spreadsheet."""
        return self.header + 1


def sniff(sample: str, whole: bool, name: str, limits: Limits) -> Dialect:
    """The dialect of a text that begins with `sample`; `whole` where that is all of it."""
    asked = _SEP_LINE.match(sample)
    body = sample[asked.end() :] if asked else sample
    if not body.strip():
        raise UnreadableFile("reading.empty", name=name)
    if not body.strip("".join(DELIMITERS) + " \t\r\n"):
        raise _nothing_but_separators(body, whole, name, limits)
    candidates = (asked[1],) if asked and asked[1] in DELIMITERS else DELIMITERS
    found = {d: _records(body, d, whole, limits) for d in candidates}
    # where nothing separates (one column), the candidate that the cells use least leaves them whole
    delimiter = max(candidates, key=lambda d: (*_merit(found[d][0]), -body.count(d)))
    records, ends = found[delimiter]
    header = find_header(records, limits.header_rows)
    width = max(usual_width(records[header:]), len(records[header]))
    if width > limits.max_columns:
        raise too_many_columns(name, width, limits)
    lines = ends[header - 1] if header else 0
    return Dialect(
        delimiter,
        header,
        width,
        tuple(tuple(r) for r in records),
        bool(asked),
        lines + bool(asked),
        ends[header] == header + 1,
    )


def _nothing_but_separators(body: str, whole: bool, name: str, limits: Limits) -> UnreadableFile:
    """The refusal of a text whose beginning holds no word."""
    widest = 1 + max(line.count(d) for line in body.splitlines() for d in DELIMITERS)
    if widest > limits.max_columns:
        return too_many_columns(name, widest, limits)
    if whole:
        return UnreadableFile("reading.only_separators", name=name)
    return UnreadableFile("reading.begins_with_separators", name=name, rows=body.count("\n"))


def too_many_columns(name: str, width: int, limits: Limits) -> UnreadableFile:
    """The refusal of a table that is too wide."""
    return UnreadableFile("reading.too_many_columns", name=name, columns=width, limit=limits.max_columns)


def _records(body: str, delimiter: str, whole: bool, limits: Limits) -> tuple[list[list[str]], list[int]]:
    """The first records and the physical line on which each ends; a record that the sample cuts is left out."""
    csv.field_size_limit(limits.max_line_bytes)
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter)
    records: list[list[str]] = []
    ends: list[int] = []
    try:
        for record in reader:
            records.append(record)
            ends.append(reader.line_num)
            if len(records) == _RECORDS:
                return records, ends
    except csv.Error:
        whole = True  # a cell over the limit: the records before it are complete, and enough
    if not whole and len(records) > 1:
        records, ends = records[:-1], ends[:-1]
    return (records, ends) if records else ([[body]], [1])


def _merit(records: list[list[str]]) -> tuple[float, int]:
    """(share of records of the usual width, less for each row above the first of them; that width)."""
    kept = [r for r in records if any(r)]
    widths = Counter(len(r) for r in kept)
    width = max(widths, key=lambda w: (widths[w], w), default=1)
    if width == 1:
        return 0.0, 1
    first = next(i for i, r in enumerate(kept) if len(r) == width)
    share = widths[width] / len(kept) - 0.05 * min(first, 6)
    return round(share * 20), width
