"""Which pages there are: they follow from the roles of a product's fields, never from its name."""

from __future__ import annotations

import streamlit as st

from pipeline.contract import Product

HOME, DATA, MODEL, RISK, AGENDA, VOICE = (
    "views/home.py", "views/data.py", "views/model.py", "views/risk.py", "views/agenda.py", "views/voice.py"
)


def pages(product: Product) -> list[st.Page]:  # type: ignore[valid-type]
    """The pages of a product, in the order of the way through the house."""
    found = [
        st.Page(HOME, title="Início", icon=":material/home:", default=True),
        st.Page(DATA, title="Dados", icon=":material/table_view:", url_path="dados"),
        st.Page(MODEL, title="Modelo", icon=":material/model_training:", url_path="modelo"),
        st.Page(RISK, title="Risco", icon=":material/monitoring:", url_path="risco"),
    ]
    if product.has_agenda:
        found.append(st.Page(AGENDA, title="Agenda", icon=":material/call:", url_path="agenda"))
    if product.has_voice:
        found.append(st.Page(VOICE, title="Voz do paciente", icon=":material/forum:", url_path="voz"))
    return found
