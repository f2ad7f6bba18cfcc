"""Figures in a table, or on a phone, which shows a table's first column alone, row by row as blocks."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from pipeline.presentation.escaping import escape_markdown
from pipeline.presentation.frames.blocks import blocks


def show(frame: object, alt: str) -> None:
    """A table whose cells are text and whose first column names the row. `alt`: its accessible name."""
    told = blocks(frame) if state.is_phone() else []  # type: ignore[arg-type]
    if not told:
        st.dataframe(frame, hide_index=True, row_height=40, height="content", alt=alt)
        return
    for block in told:
        lines = (f":small[:gray[{escape_markdown(name)}]  {escape_markdown(cell)}]" for name, cell in block.cells)
        st.markdown("  \n".join([f"**{escape_markdown(block.title)}**", *lines]))
