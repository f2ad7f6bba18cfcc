"""Which column is which: a field's proposal, the columns to choose from, and what is left over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from pipeline.contract import Field
from pipeline.presentation.escaping import escape_markdown, shorten
from pipeline.presentation.locale.messages import say
from pipeline.presentation.locale.numbers import number, percent
from pipeline.records import ColumnMatch

NONE = "(nenhuma coluna)"
SURE = 0.8
_NAMED = 12


def choose(
    fields: Sequence[Field], matches: Sequence[ColumnMatch], given: Mapping[str, str | None], mark: str
) -> dict[str, str | None]:
    """Draws the choice, fields that are unsure first; gives only what differs from the proposal (field → header; None:
    the field is left out). `given`: what is decided already; `mark`: tells the choice of one file from another's.
    """
    headers = {match.header for match in matches}
    held = {key: header for key, header in given.items() if header is None or header in headers}
    by_field = {match.field: match for match in matches if match.field}
    unsure = sorted(
        (field for field in fields if field.key not in by_field or by_field[field.key].confidence < SURE),
        key=lambda field: not field.required,
    )
    changed: dict[str, str | None] = {}
    with st.container(border=True), st.grid(3, min_column_width=230):
        for field in (*unsure, *(field for field in fields if field not in unsure)):
            match = by_field.get(field.key)
            chosen = _one(field, match, matches, held, mark)
            if chosen != (match.header if match else None):
                changed[field.key] = chosen
    _left_over([match for match in matches if match.field is None and match.header not in held.values()])
    return changed


def _left_over(left: Sequence[ColumnMatch]) -> None:
    if left:
        more = f" e mais {number(len(left) - _NAMED)}" if len(left) > _NAMED else ""
        names = ", ".join(_named(match) for match in left[:_NAMED]) + more
        st.markdown(
            ":small[:gray[Colunas que não são de nenhum campo e ficam só na planilha cifrada: "
            f"{escape_markdown(names)}]]"
        )


def _named(match: ColumnMatch) -> str:
    return shorten(match.header, 30) + (f" ({say(match.reason)})" if match.confidence else "")


def _one(
    field: Field,
    match: ColumnMatch | None,
    matches: Sequence[ColumnMatch],
    given: Mapping[str, str | None],
    mark: str,
) -> str | None:
    """The column of one field."""
    headers = [NONE, *(other.header for other in matches)]
    found = match.header if match else NONE
    first = (given[field.key] or NONE) if field.key in given else found
    with st.container(gap="xxsmall"):
        chosen = st.selectbox(
            field.label + (" *" if field.required else ""),
            headers,
            index=headers.index(first),
            key=f"map_{field.key}_{mark}",
            format_func=lambda header: header if header == NONE else shorten(header, 40),
        )
        if match and chosen == found:
            st.markdown(f":small[:gray[{escape_markdown(_why(match))}]]")
        elif chosen == NONE and field.if_missing:
            st.markdown(f":small[:gray[{escape_markdown(field.if_missing)}]]")
    return None if chosen == NONE else chosen


def _why(match: ColumnMatch) -> str:
    seen = ", ".join(shorten(value, 18) for value in match.preview[:3])
    return f"{say(match.reason)} ({percent(match.confidence, 0)})" + (f": {seen}" if seen else "")
