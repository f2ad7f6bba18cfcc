"""Tables as blocks for a phone: every cell with its header, and none for tables that are too long."""

from __future__ import annotations

import pandas as pd

from pipeline.presentation.frames.blocks import MOST, Block, blocks
from pipeline.presentation.locale.numbers import NONE


def test_a_row_is_a_block_with_its_headers() -> None:
    frame = pd.DataFrame({"Medida": ["AUC", "Brier"], "Primeiro": ["0,731", "0,140"], "Segundo": ["0,735", NONE]})
    assert blocks(frame) == [
        Block("AUC", (("Primeiro", "0,731"), ("Segundo", "0,735"))),
        Block("Brier", (("Primeiro", "0,140"),)),
    ]


def test_a_long_table_stays_a_table() -> None:
    assert blocks(pd.DataFrame({"Unidade": ["A"] * (MOST + 1), "n": ["1"] * (MOST + 1)})) == []
