"""The what-if of one booking: another date, hour or channel, and the risk that would come of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import streamlit as st

from dashboard import state
from pipeline.contract import Field, FieldKind, Product, Role
from pipeline.services.pages import agenda
from pipeline.services.pages.agenda import Agenda, AgendaPage

_FARTHEST = dt.timedelta(days=730)


def changes(product: Product, scored: Agenda, shown: AgendaPage, row: int) -> dict[str, Any]:
    """New date, hour or booking channel for this row; only what differs is returned."""
    now = agenda.row_values(state.session(), scored, row, shown.lines)
    with st.popover("E se…", icon=":material/edit_calendar:", key=f"what_if_{row}"):
        st.markdown(":small[:gray[Mude algo e veja o risco. Nada é gravado.]]")
        return (
            _day(product, scored, now, row)
            | _hour(product, now, row)
            | _channel(product.by_role(Role.CHANNEL), now, row)
        )


def _day(product: Product, scored: Agenda, now: dict[str, Any], row: int) -> dict[str, Any]:
    """Another date: from the day of the list on, and always with room for the date that stands."""
    key = product.time.key
    today = now[key]
    least, most = min(today or scored.as_of, scored.as_of), max(today or scored.as_of, scored.as_of) + _FARTHEST
    picked = st.date_input(
        product.time.label, value=today, min_value=least, max_value=most, format="DD/MM/YYYY", key=f"if_day_{row}"
    )
    return {key: picked} if isinstance(picked, dt.date) and picked != today else {}


def _hour(product: Product, now: dict[str, Any], row: int) -> dict[str, Any]:
    key = product.time.hour_column
    if now.get(key) is None:
        return {}
    start = min(23, max(0, int(now[key])))
    picked = st.slider("Hora", min(6, start), max(20, start), start, format="%dh", key=f"if_hour_{row}")
    return {key: float(picked)} if picked != start else {}


def _channel(field: Field | None, now: dict[str, Any], row: int) -> dict[str, Any]:
    if field is None or field.kind is not FieldKind.CLOSED:
        return {}
    labels = [value.label for value in field.values]
    current = now.get(field.key)
    choice = st.selectbox(
        field.label,
        labels,
        index=labels.index(current) if current in labels else None,
        placeholder="não informado",
        key=f"if_channel_{row}",
    )
    return {field.key: choice} if choice and choice != current else {}
