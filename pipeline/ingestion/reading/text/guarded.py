"""Our own CSV sent back: the apostrophes that keep spreadsheets from running a text are taken off again.

`presentation.spreadsheets.cells.guard` puts one before each text that begins with one of MARKS. A file in which every
such text has its apostrophe, and no other begins with one, is one of ours, or means the same; any other stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

MARKS = "=+-@\t\r\n＝＋－＠'"  # noqa: RUF001 - the wide ones are meant
_GUARDED = r"^'[=+\-@\t\r\n＝＋－＠']"  # noqa: RUF001
_STRAY = r"^'(?:$|[^=+\-@\t\r\n＝＋－＠'])"  # noqa: RUF001
_BARE = r"^(?:[=@\t\r]|[+\-](?:$|[^\d]|[\d.,]*[^\d.,]))"  # a negative number is written as it is


def unguarded(table: pa.Table) -> tuple[pa.Table, int]:
    """The table with every guard taken off, in cells and headers, and how many cells had one; as it is where the file
    is none of ours.
    """
    texts = [*table.columns, pa.chunked_array([pa.array(table.column_names, pa.string())])]
    if not _any(texts, _GUARDED) or _any(texts, _STRAY) or _any(texts, _BARE):
        return table, 0
    cells = 0
    columns = []
    for column in table.columns:
        guarded = pc.fill_null(pc.match_substring_regex(column, _GUARDED), False)
        cells += int(pc.sum(guarded).as_py() or 0)
        columns.append(pc.if_else(guarded, pc.utf8_slice_codeunits(column, 1), column))
    return pa.table(columns, names=[_plain(name) for name in table.column_names]), cells


def _any(texts: Sequence[pa.ChunkedArray], pattern: str) -> bool:
    return any(pc.any(pc.match_substring_regex(column, pattern)).as_py() for column in texts)


def _plain(name: str) -> str:
    return name[1:] if len(name) > 1 and name[0] == "'" and name[1] in MARKS else name
