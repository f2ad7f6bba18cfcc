"""`scrub` on the command line: a file with the identities taken out of its comments, and what was taken out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa

from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.ingestion.mapping import propose
from pipeline.ingestion.reading.reader import RawTable
from pipeline.ingestion.scrubbed_table import scrubbed_table
from pipeline.records import ColumnMatch, Note, Progress, note
from pipeline.records.sources import Source
from pipeline.scrubbing.staff import StaffNumbers
from pipeline.scrubbing.told import taken_out
from pipeline.services import catalog
from pipeline.services.data.reading import read


@dataclass(frozen=True)
class ScrubbedFile:
    """The file's table without identities in its free text; headers of that text; what was taken out, most first."""

    table: pa.Table
    headers: tuple[str, ...]
    taken: tuple[Note, ...]


def scrub_file(
    source: Source,
    *,
    sheet: str | None = None,
    staff: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> ScrubbedFile:
    """Reads a file and scrubs its comments: all other columns stay as they came, in their order.

    The comment is the field of the product whose file this is; in any other file each column of long text counts as
    one. `staff`: those who work there keep a number. UnreadableFile where it can't be read, PresencaError where no
    column holds text.
    """
    raw = read(source, sheet=sheet)
    comments, fields = _headers(raw)

    def tell(share: float) -> None:
        if progress is not None:
            progress(Progress(round(share, 4), note("scrubbing.reading"), raw.table.num_rows))

    found = scrubbed_table(raw.table, comments, fields, staff=StaffNumbers() if staff else None, progress=tell)
    if not found.columns:
        raise PresencaError("scrubbing.no_text")
    headers = tuple(raw.table.column_names[place] for place in found.columns)
    counts = sorted(found.counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return ScrubbedFile(found.table, headers, taken_out(dict(counts)))


def _headers(raw: RawTable) -> tuple[set[str], set[str]]:
    """Headers of the comment and of the other fields, by the product that knows most of the file; none if none does."""
    known = [_matched(raw, product) for product in catalog.products() if product.comment is not None]
    matches, comment = max(known, key=lambda pair: len(pair[0]))
    comments = {match.header for match in matches if match.field == comment}
    return comments, {match.header for match in matches} - comments


def _matched(raw: RawTable, product: Product) -> tuple[tuple[ColumnMatch, ...], str]:
    """The columns that are fields of a product, none where its comment is not among them; and the comment's key."""
    assert product.comment is not None
    matches = tuple(match for match in propose.propose(raw, product) if match.field is not None)
    has_comment = any(match.field == product.comment.key for match in matches)
    return (matches if has_comment else ()), product.comment.key
