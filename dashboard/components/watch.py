"""What became of the model after its training: an advice, month by month, which fields moved."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.components import honest
from dashboard.components.page import heading
from pipeline.contract import Product
from pipeline.presentation.escaping import escape_markdown
from pipeline.presentation.frames import skill_tables
from pipeline.presentation.sentences import watch_words
from pipeline.records import ModelInfo, Watched
from pipeline.services.pages import watching


def show(model: ModelInfo, current: state.Current) -> None:
    """The section, where the series has rows after the model's training."""
    with st.spinner("Vendo o que veio depois do treino…"):  # once: the answer is kept
        found = watching.watched(state.session(), model.id)
    if found is None:
        return
    product = current.product
    with st.container(gap="small", key="section_watch"):
        heading("Depois do treino", "O que se soube depois do último dia que ensinou o modelo. Intervalos de 95%.")
        st.markdown(watch_words.advice(found, product).markdown())
        for line in (watch_words.contacted(found, product), watch_words.moved(found, product)):
            if line:
                st.markdown(escape_markdown(line))
        if found.months is not None and found.months.groups:
            honest.split(found.months, product, "watch")
        _details(found, product)


def _details(found: Watched, product: Product) -> None:
    with st.expander("Campos que mudaram, e como se chega ao conselho"):
        if found.fields:
            st.dataframe(
                skill_tables.shifts(found.fields, product),
                hide_index=True,
                row_height=40,
                height="content",
                alt="Quanto cada campo mudou desde o treino",
            )
        st.markdown("\n".join(f"- {rule}" for rule in watch_words.RULES))
