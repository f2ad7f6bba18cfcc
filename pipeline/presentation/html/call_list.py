"""The call list as a table for paper: what is on screen is drawn on a canvas, which prints cut or empty."""

from __future__ import annotations

import pandas as pd

from pipeline.presentation.frames import call_list, tables
from pipeline.presentation.html import page
from pipeline.presentation.locale.numbers import percent

PRINT_CLASS = "print-list"


_SHORT = (tables.RISK, tables.WHEN, call_list.WHO, tables.TIER, call_list.MORE, call_list.CAME)


def print_table(frame: pd.DataFrame) -> str:
    """The shown lines, risk first, with room to write; hidden on screen by the page's style.

    A column that says the same on every line takes paper and tells nothing.
    """
    kept = (*_SHORT, *call_list.REASONS)
    names = [
        name for name in frame.columns if name in kept or (len(frame) == 1 or frame[name].astype(str).nunique() > 1)
    ]
    names = [name for name in names if not (frame[name].astype(str) == "").all()]
    rows = [
        [(_written(name, value), name in _SHORT) for name, value in zip(names, row, strict=True)]
        for row in frame[names].itertuples(index=False, name=None)
    ]
    return page.render("call_list", css_class=PRINT_CLASS, headers=names, rows=rows)


def _written(name: str, value: object) -> str:
    return percent(float(str(value)), 0) if name == tables.RISK else str(value)
