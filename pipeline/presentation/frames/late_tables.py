"""Late cancellations by the values of a dimension, as a table."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pipeline.contract import Product
from pipeline.presentation.locale.numbers import interval, number, percent
from pipeline.records import LateGroup


def heading(noun: str) -> str:
    """What a group is called, with a capital letter first; "UF" keeps its own."""
    return noun[:1].upper() + noun[1:]


def groups(rows: Sequence[LateGroup], noun: str, product: Product) -> pd.DataFrame:
    """A line a value, the highest rate first."""
    return pd.DataFrame(
        {
            heading(noun): [row.value for row in rows],
            f"{product.words.rows.capitalize()} de pé": [number(row.rows) for row in rows],
            "Desmarcados": [number(row.late) for row in rows],
            "Taxa": [percent(row.rate.value) for row in rows],
            "IC 95%": [interval(row.rate) for row in rows],
        }
    )
