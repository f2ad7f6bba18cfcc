"""The call list as a table for paper: what is on screen is drawn on a canvas, which prints cut or empty."""

from __future__ import annotations

import pandas as pd

from pipeline.presentation.escaping import escape_html
from pipeline.presentation.frames import call_list, tables
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
    head = "".join(f"<th>{escape_html(name)}</th>" for name in names)
    body = "".join(
        f"<tr>{''.join(_cell(name, value) for name, value in zip(names, row, strict=True))}<td></td></tr>"
        for row in frame[names].itertuples(index=False, name=None)
    )
    return (
        f'<table class="{PRINT_CLASS}"><thead><tr>{head}<th class="room">Contato</th></tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def _cell(name: str, value: object) -> str:
    text = percent(float(str(value)), 0) if name == tables.RISK else str(value)
    return f"<td{' class=short' if name in _SHORT else ''}>{escape_html(text)}</td>"
