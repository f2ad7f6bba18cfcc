"""What may not wait: a lane above all lists, whatever the stars, each comment with the sentence that put it there."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import navigation, state
from dashboard.components import comment_cards, comment_lists
from dashboard.components.page import heading
from pipeline.contract import Product
from pipeline.presentation.escaping import escape_markdown
from pipeline.presentation.locale.numbers import number, plural
from pipeline.presentation.sentences import issue_words
from pipeline.records import FollowUpFilter, LeftOutComment
from pipeline.services.pages import comments, follow_ups
from pipeline.services.pages import left_out as lost
from pipeline.services.pages.comments import ALARMING, CommentFilters, HeardComments

FIRST = 3  # shown before somebody asks for the rest


def show(current: state.Current, heard: HeardComments, filters: CommentFilters) -> None:
    """The lane: those that still ask for an answer; nothing where no comment was ever in it."""
    events = comments.events(state.session(), heard, filters, ALARMING)
    if not events:
        return
    left = follow_ups.chosen(state.session(), heard.dataset_id, events, FollowUpFilter(follow_ups.OPEN))
    done, tag = len(events) - len(left), f"{heard.dataset_id}_{state.short_hash((filters, ALARMING))}"
    with st.container(gap="small", key="section_alerts"):
        closed = f" {plural(done, 'já tem resposta', 'já têm resposta')}." if done else ""
        heading(
            f"Não pode esperar: {number(len(left))}" if left else "Nada espera do que não pode esperar",
            "Dano, morte, erro, violência, ameaça de processo: ditos em palavras, quaisquer que sejam as estrelas. "
            f"O mais grave primeiro; dito de um jeito que ninguém previu, pode não estar aqui.{closed}",
        )
        shown = events if done and st.session_state.get(f"alerts_done_{tag}") else left
        size, page = comment_cards.size(), 1
        if not st.session_state.get(f"alerts_all_{tag}"):
            size = FIRST
        else:
            page = min(st.session_state.get(f"alerts_page_{tag}", 1), max(1, -(-len(shown) // size)))
        comment_lists.cards(heard, current.product, shown[(page - 1) * size : page * size], "alerts")
        with st.container(horizontal=True):
            if len(shown) > FIRST:
                st.toggle(f"Ver os {number(len(shown))}", key=f"alerts_all_{tag}")
            if done:
                st.toggle(f"Mostrar também os respondidos ({number(done)})", key=f"alerts_done_{tag}")
        if size != FIRST:
            comment_cards.pages(len(shown), f"alerts_page_{tag}")
    comment_lists.downloads(heard, filters, ALARMING, "O que não pode esperar,")


def left_out(dataset_id: str, product: Product) -> None:
    """What may not wait in rows that the checks left out: in no list and no figure, and seen all the same. No filter
    narrows it. Nothing where there is none.
    """
    if not state.may(lost.grave):  # of no unit: the checks left these rows out
        return
    found = lost.grave(state.session(), dataset_id)
    if found.items:
        _lost(dataset_id, found.items, product)
    if found.unread:
        said = plural(found.unread, "linha deixada de fora não foi lida", "linhas deixadas de fora não foram lidas")
        st.markdown(f":small[:gray[{said} em busca do que não pode esperar: envie o arquivo de novo.]]")


def _lost(dataset_id: str, items: Sequence[LeftOutComment], product: Product) -> None:
    with st.container(gap="small", key="section_left_out"):
        heading(
            f"Não pode esperar, e ficou de fora: {plural(len(items), 'linha', 'linhas')}",
            "A conferência do arquivo deixou estas linhas fora das listas e das contas, e o comentário delas é grave.",
        )
        everything = st.session_state.get(f"left_out_all_{dataset_id}")
        for item in items if everything else items[:FIRST]:
            with st.container(border=True, gap="xsmall", key=f"left_out_{item.row}"):
                comment_cards.alerts(item.comment, item.alerts, product)
                why = escape_markdown(issue_words.reason(item.reason, product))
                st.markdown(f":small[:gray[Linha {number(item.row)} do arquivo · {why}]]")
                comment_cards.words(item.comment, ())
        with st.container(horizontal=True):
            if len(items) > FIRST:
                st.toggle(f"Ver as {number(len(items))}", key=f"left_out_all_{dataset_id}")
            if st.button("Corrigir em Dados", icon=":material/table_view:", key="left_out_mend"):
                navigation.go(navigation.DATA)
