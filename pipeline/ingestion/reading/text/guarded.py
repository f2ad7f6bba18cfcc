"""Our own CSV sent back: the apostrophes that keep spreadsheets from running a text are taken off again.

`presentation.spreadsheets.cells.guard` puts one before each text that begins with one of MARKS. A file in which every
such text has its apostrophe, and no other begins with one, is one of ours, or means the same; any other stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.ingestion.reading import cells_file
from pipeline.ingestion.reading.cells_file import HeldCells

MARKS = "=+-@\t\r\n＝＋－＠'"  # noqa: RUF001 - the wide ones are meant
_GUARDED = r"^'[=+\-@\t\r\n＝＋－＠']"  # noqa: RUF001
_STRAY = r"^'(?:$|[^=+\-@\t\r\n＝＋－＠'])"  # noqa: RUF001
_BARE = r"^(?:[=@\t\r]|[+\-](?:$|[^\d]|[\d.,]*[^\d.,]))"  # a negative number is written as it is


def unguarded(held: HeldCells, folder: Path) -> tuple[HeldCells, int]:
    """The cells with every guard taken off, headers too, and how many had one; as they are where the file is none of
    ours. `folder`: where cells that lie on disk are written anew.
    """
    table = held.table
    texts = [*table.columns, pa.chunked_array([pa.array(table.column_names, pa.string())])]
    if not _any(texts, _GUARDED) or _any(texts, _STRAY) or _any(texts, _BARE):
        return held, 0
    cells = sum(int(pc.sum(_guarded(column)).as_py() or 0) for column in table.columns)
    return cells_file.changed(held, _bare, folder), cells


def _bare(table: pa.Table, _: int) -> pa.Table:
    columns = [pc.if_else(_guarded(c), pc.utf8_slice_codeunits(c, 1), c) for c in table.columns]
    return pa.table(columns, names=[_plain(name) for name in table.column_names])


def _guarded(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.fill_null(pc.match_substring_regex(column, _GUARDED), False)


def _any(texts: Sequence[pa.ChunkedArray], pattern: str) -> bool:
    return any(pc.any(pc.match_substring_regex(column, pattern)).as_py() for column in texts)


def _plain(name: str) -> str:
    return name[1:] if len(name) > 1 and name[0] == "'" and name[1] in MARKS else name
