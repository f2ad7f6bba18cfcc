"""The rows behind a figure of the risk page: those that a click opened, and those of a group that is picked."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from dashboard import state
from dashboard.components.downloads import button
from pipeline.contract import Product
from pipeline.presentation.escaping import escape_markdown, file_stem, shorten
from pipeline.presentation.frames import tables
from pipeline.presentation.locale import names
from pipeline.presentation.sentences import risk_words
from pipeline.records import RiskOverview, cell_name, cell_place
from pipeline.services.pages import risk

PAGE = 25
CELL_LABEL = "Dia e antecedência"


@dataclass(frozen=True)
class Shown:
    """What the page shows: whose rows, with which model's risks, under which filters."""

    product: Product
    dataset_id: str
    model_id: str | None
    chosen: risk.Filters


def opened(shown: Shown, place: str) -> None:
    """The rows that a click on a chart of `place` opened."""
    held = state.opened_rows(shown.dataset_id)
    if held is None or held[0] != place or not state.may(risk.page_of_rows):
        return
    _, field, value = held
    with st.container(border=True, gap="small", key=f"opened_{place}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**Linhas de {escape_markdown(_value(field, value))}**", width="stretch")
            st.button(
                "Fechar", icon=":material/close:", type="tertiary", key=f"close_{place}", on_click=state.close_rows
            )
        _rows(shown, place, field, value)


def pick(shown: Shown, view: RiskOverview) -> None:
    """The rows of one group, picked by name, a page at a time."""
    groups = {column: [r.value for r in rows] for column, rows in view.groups if rows}
    if view.heat:
        groups[risk.CELL] = [cell_name(c.row, c.column) for c in view.heat if c.rows]
    if not groups or not state.may(risk.page_of_rows):
        return
    box = st.expander("Ver as linhas de um grupo", icon=":material/list:", key="drill", on_change="rerun")
    if not box.open:  # reading and sorting the rows would slow down every change of a filter
        return
    with box:
        with st.container(horizontal=True):
            field = st.selectbox(
                "Grupo por", list(groups), format_func=lambda f: _label(shown.product, f), key="drill_field", width=200
            )
            value = st.selectbox(
                "Valor", groups[field], key=f"drill_{field}", width=320, format_func=lambda v: _value(field, v)
            )
        _rows(shown, "picked", field, value)


def _label(product: Product, field: str) -> str:
    return CELL_LABEL if field == risk.CELL else product.column_label(field)


def _value(field: str, value: str) -> str:
    if field == risk.CELL:
        return f"{names.cell(*cell_place(value))} dias"
    return shorten(value, 60)


def _rows(shown: Shown, place: str, field: str, value: str) -> None:
    tag = f"{shown.dataset_id}_{place}_{state.short_hash((shown.chosen, field, value))}"
    at = st.session_state.get(f"drill_page_{tag}", 1)
    group = risk.GroupQuery(shown.dataset_id, shown.model_id, shown.chosen, field, value)
    found = risk.page_of_rows(state.session(), group, page=at, size=PAGE)
    st.markdown(f":small[:gray[{escape_markdown(risk_words.rows_line(found.total, found.outcomes, shown.product))}]]")
    if not found.total:
        return
    st.dataframe(
        tables.past_rows(found.rows, shown.product),
        hide_index=True,
        row_height=40,
        height="content",
        placeholder="–",
        alt="Linhas do grupo",
        column_config={
            tables.RISK: st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1, color="orange")
        },
    )
    pages = max(1, -(-found.total // PAGE))
    if pages > 1:
        st.pagination(pages, key=f"drill_page_{tag}", max_visible_pages=5)
    button(
        "Linhas em CSV",
        lambda: risk.rows_csv(state.session(), group),
        f"linhas_por_{file_stem(_label(shown.product, field))}.csv",
        tag,
    )
