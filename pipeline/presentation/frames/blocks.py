"""A table as blocks, one a row, for a screen on which only its first column would be seen."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from pipeline.presentation.locale.numbers import NONE

_NOTHING = ("", NONE)
MOST = 12  # rows: more are better looked through as a table


class Block(NamedTuple):
    """A row: its first cell as title, and the other cells with their headers; plain text, nothing escaped."""

    title: str
    cells: tuple[tuple[str, str], ...]


def blocks(frame: pd.DataFrame) -> list[Block]:
    """The rows of a table of text as blocks; empty where they are more than `MOST`. Cells that say nothing are left
    out.
    """
    if len(frame) > MOST:
        return []
    names = [str(name) for name in frame.columns[1:]]
    return [
        Block(
            str(title),
            tuple((name, str(cell)) for name, cell in zip(names, cells, strict=True) if str(cell) not in _NOTHING),
        )
        for title, *cells in frame.itertuples(index=False, name=None)
    ]
