"""A small form: what slots of the series are worth and what contacts cost, examples until somebody saves it."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.components.page import refusal
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import escape_markdown, shorten
from pipeline.presentation.sentences import effect_page_words as words
from pipeline.services.data import series_settings
from pipeline.services.pages import slot_values


def show(series_id: str, example: bool) -> None:
    """The form, behind a click."""
    worth = slot_values.of(state.session(), series_id)
    title = "Valores e custos (exemplo)" if example else "Valores e custos"
    with st.expander(title), st.form(f"worth_{series_id}", border=False):
        if worth.example:
            st.markdown(f":small[:orange[{words.EXAMPLE}]]")
        with st.grid(max(len(worth.values), 2), min_column_width=150):
            values = {
                one.name: st.number_input(
                    _label(one.name, one.example),
                    0.0,
                    value=one.value,
                    step=10.0,
                    format="%.2f",
                    key=f"worth_{one.name}",
                )
                for one in worth.values
            }
            call = st.number_input(
                _label("Custo de uma ligação", worth.costs.example),
                0.0,
                value=worth.costs.call,
                step=0.5,
                key="worth_call",
            )
            message = st.number_input(
                _label("Custo de uma mensagem", worth.costs.example),
                0.0,
                value=worth.costs.message,
                step=0.1,
                key="worth_message",
            )
        if st.form_submit_button("Salvar valores", type="secondary"):
            try:
                series_settings.set_money(state.session(), series_id, values, call, message)
            except PresencaError as error:
                refusal(error)
            else:
                st.rerun()


def _label(name: str, example: bool) -> str:
    told = escape_markdown(shorten(name or words.OTHER_SLOT, 40))
    return f"{told} (R\\$)" + (" · exemplo" if example else "")
