"""Bookings given up shortly before their day, apart from the event: the rate, and where it is highest."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.components.page import heading, hidden_line
from pipeline.contract import Product
from pipeline.presentation.escaping import escape_markdown
from pipeline.presentation.frames import late_tables
from pipeline.presentation.sentences import late_words
from pipeline.services.pages import risk


def show(product: Product, dataset_id: str, chosen: risk.Filters, model_id: str | None = None) -> None:
    """The section; nothing where the file does not tell when bookings were given up. `model_id`: of the page."""
    days = st.session_state.get("late_days", risk.USUAL_LATE)
    found = risk.late_cancellations(state.session(), dataset_id, chosen, days, model_id)
    if found is None:
        return
    with st.container(gap="small", key="section_late"):
        heading(late_words.TITLE, escape_markdown(late_words.about(product)))
        st.segmented_control(
            "O que é em cima da hora",
            risk.LATE_DAYS,
            default=risk.USUAL_LATE,
            required=True,
            format_func=late_words.within,
            key="late_days",
        )
        st.markdown(escape_markdown(late_words.finding(found, product)))
        hidden_line(found.hidden)
        by_column = dict(found.groups)
        told = [(one, by_column[one.column]) for one in product.dimensions if one.column in by_column]
        if told:
            names = [late_tables.heading(dimension.noun) for dimension, _ in told]
            for tab, (dimension, rows) in zip(st.tabs(names), told, strict=True):
                with tab:
                    st.dataframe(
                        late_tables.groups(rows, dimension.noun, product),
                        hide_index=True,
                        row_height=40,
                        height=min(44 + 40 * len(rows), 444),
                        alt=f"{late_words.TITLE} por {dimension.noun}",
                    )
