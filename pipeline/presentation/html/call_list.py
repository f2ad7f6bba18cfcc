"""The call list as a table for paper: what is on screen is drawn on a canvas, which prints cut or empty."""

from __future__ import annotations

import pandas as pd

from pipeline.presentation import agenda, tables
from pipeline.presentation.numbers import percent
from pipeline.presentation.text import escape_html

PRINT_CLASS = "print-list"


def print_table(frame: pd.DataFrame) -> str:
    """The shown lines, risk first, with room for a tick; hidden on screen by the page's style."""
    names = [name for name in frame.columns if not (frame[name].astype(str) == "").all()]
    head = "".join(f"<th>{escape_html(name)}</th>" for name in (*names, "Contato"))
    body = "".join(f"<tr>{''.join(_cell(name, value) for name, value in zip(names, row, strict=True))}<td></td></tr>"
                   for row in frame[names].itertuples(index=False, name=None))
    return f'<table class="{PRINT_CLASS}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _cell(name: str, value: object) -> str:
    text = percent(float(str(value)), 0) if name == tables.RISK else str(value)
    return f'<td{" class=reason" if name in agenda.REASONS else ""}>{escape_html(text)}</td>'
