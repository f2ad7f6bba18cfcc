"""What was typed into cells and is not saved yet: kept in the session alone, by data set, row and field.

It outlives a change of filter, page of rows, part and page; it may hold somebody's id, so it stands nowhere else. Texts
only.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

Cell = tuple[int, str]  # spreadsheet row, field

_DRAFTS, _OPENED, _TURN = "typed_cells", "typed_when_opened", "typed_turn"


def of(dataset_id: str) -> dict[Cell, str]:
    """What was typed for a data set."""
    held: dict[Cell, str] = st.session_state.get(_DRAFTS, {}).get(dataset_id, {})
    return held


def put(dataset_id: str, cells: Mapping[Cell, str]) -> None:
    """Adds what was typed."""
    held = st.session_state.get(_DRAFTS, {})
    st.session_state[_DRAFTS] = {**held, dataset_id: {**held.get(dataset_id, {}), **cells}}


def forget(dataset_id: str) -> None:
    """Called when it was saved or thrown away, or its data set deleted."""
    held = st.session_state.get(_DRAFTS, {})
    st.session_state[_DRAFTS] = {key: cells for key, cells in held.items() if key != dataset_id}
    st.session_state.pop(_OPENED, None)
    st.session_state[_TURN] = turn() + 1


def turn() -> int:
    """Part of an editor's key: once what was typed is gone, the editor starts anew."""
    count: int = st.session_state.get(_TURN, 0)
    return count


def as_opened(dataset_id: str, editor_key: str) -> dict[Cell, str]:
    """What had been typed when this editor was opened: its table must not change under whoever types in it."""
    held = st.session_state.get(_OPENED)
    if held is None or held[0] != editor_key or editor_key not in st.session_state:
        held = (editor_key, of(dataset_id))
        st.session_state[_OPENED] = held
    cells: dict[Cell, str] = held[1]
    return cells
