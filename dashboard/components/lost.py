"""A link to a file or a model that is gone says so; the newest is offered, never shown in its place unasked."""

from __future__ import annotations

import streamlit as st

from dashboard import navigation, state, text
from dashboard.components.page import empty, page
from pipeline.presentation.escaping import escape_markdown, shorten


def show(which: str) -> None:
    """What is gone, and the way on."""
    what = "O arquivo" if which == state.DATASET else "O modelo"
    with page(f"{what} não está mais aqui", f"{what} deste link foi apagado", "ou está guardado em outro computador."):
        newest = state.newest()
        if newest is None:
            empty(text.NO_DATA, text.NO_DATA_WHY, link=navigation.HOME, link_label="Ir para Início", key="lost")
            return
        with st.container(border=True, key="lost"):
            if which == state.DATASET:
                st.markdown(f"O mais novo que está guardado: **{escape_markdown(shorten(newest.name, 60))}**.")
                st.button(
                    "Abrir o mais novo",
                    type="primary",
                    key="lost_go",
                    on_click=state.forget_lost,
                    args=(state.DATASET, state.MODEL),
                )
            else:
                st.markdown("O arquivo continua guardado.")
                st.button(
                    "Ver com o modelo em uso",
                    type="primary",
                    key="lost_go",
                    on_click=state.forget_lost,
                    args=(state.MODEL,),
                )
