"""What may not wait: a lane above all lists, whatever the stars, each comment with the sentence that put it there."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.components import comment_cards
from dashboard.components.page import heading
from pipeline.presentation.locale.numbers import number
from pipeline.services.pages import comments
from pipeline.services.pages.comments import ALARMING, CommentFilters, HeardComments

FIRST = 3  # shown before somebody asks for the rest


def show(current: state.Current, heard: HeardComments, filters: CommentFilters) -> None:
    """The lane; nothing where no comment is in it."""
    tag = f"{heard.dataset_id}_{state.short_hash((filters, ALARMING))}"
    whole = bool(st.session_state.get(f"alerts_all_{tag}"))
    key = f"alerts_page_{tag}"
    shown = comments.listed(
        state.session(),
        heard,
        filters,
        ALARMING,
        page=st.session_state.get(key, 1) if whole else 1,
        size=comment_cards.size() if whole else FIRST,
    )
    if not shown.total:
        return
    with st.container(gap="small", key="section_alerts"):
        heading(
            f"Não pode esperar: {number(shown.total)}",
            "Dano, morte, erro, violência, ameaça de processo: ditos em palavras, quaisquer que sejam as estrelas. "
            "O mais grave primeiro; quem diz de um jeito que ninguém previu pode não estar aqui.",
        )
        for item in shown.items:
            comment_cards.card(
                item, "alerts", lambda row: comments.explain(state.session(), heard, row), current.product
            )
        if shown.total > FIRST:
            st.toggle(f"Ver os {number(shown.total)}", key=f"alerts_all_{tag}")
            if whole:
                comment_cards.pages(shown.total, key)
