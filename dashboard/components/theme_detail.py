"""One theme: its parts, how its blame goes month by month, and the sentences themselves, coloured."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.components import charts
from dashboard.components.page import heading
from pipeline.presentation.charts import polarity_bars, theme_trend
from pipeline.presentation.comment_markup import clauses_html
from pipeline.presentation.escaping import escape_markdown
from pipeline.presentation.sentences import theme_words
from pipeline.records import POLARITIES, ThemeOverview, ThemeRow, ThemeSentence
from pipeline.services.pages import comments
from pipeline.services.pages.comments import CommentFilters, HeardComments

_THEME, _POLARITY = "comments_theme", "comments_polarity"
_ALL = "all"
_LEAST_MONTHS = 3  # with a share, from which a line is drawn


def chosen(mark: list[str]) -> None:
    """A click on a bar: its theme, and how it is spoken of."""
    st.session_state[_THEME], st.session_state[_POLARITY] = mark[0], mark[1]


def show(heard: HeardComments, filters: CommentFilters, found: ThemeOverview, tag: str) -> None:
    """The theme that was clicked or picked, or else the one with most blame."""
    rows = {row.key: row for row in found.themes}
    first = theme_words.most_blamed(found.main)
    if st.session_state.get(_THEME) not in rows:
        st.session_state[_THEME] = first.key
    with st.container(gap="small", key="section_theme"):
        key = st.selectbox(
            "Tema",
            list(rows),
            format_func=lambda one: theme_words.in_hierarchy(rows[one], found),
            key=_THEME,
            persist_state="session",
        )
        row = rows[key or first.key]
        heading(row.label, escape_markdown(theme_words.standing(row)))
        _parts(found, row)
        _trend(row)
        if state.may(comments.theme_sentences):
            _sentences(heard, filters, row, tag)


def _parts(found: ThemeOverview, row: ThemeRow) -> None:
    parts = found.parts(row.key)
    if parts:
        st.markdown(":small[:gray[De que parte se fala]]")
        charts.show(polarity_bars(parts, charts.theme()), "theme_parts", chosen)


def _trend(row: ThemeRow) -> None:
    if sum(month.negative is not None for month in row.trend) >= _LEAST_MONTHS:
        st.markdown(":small[:gray[Parte negativa dos comentários do tema, por mês]]")
        charts.show(theme_trend(row.trend, charts.theme()), "theme_trend")


def _sentences(heard: HeardComments, filters: CommentFilters, row: ThemeRow, tag: str) -> None:
    st.session_state.setdefault(_POLARITY, _ALL)
    wanted = st.segmented_control(
        "Frases",
        [_ALL, *POLARITIES],
        format_func=lambda one: theme_words.polarity_option(row, one),
        key=_POLARITY,
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    polarity = "" if wanted in (None, _ALL) else wanted
    pager = f"theme_page_{tag}_{row.key}_{polarity}"
    page = comments.theme_sentences(
        state.session(), heard, filters, row.key, polarity, page=st.session_state.get(pager, 1)
    )
    if not page.total:
        st.markdown("Nenhum comentário assim.")
    st.markdown(
        ":small[:gray[Sublinhado inteiro e “−”: queixa; pontilhado e “+”: elogio; duplo e “±”: os dois; tracejado: "
        "sem lado.]]"
    )
    for sentences in page.comments:
        _comment(sentences)
    pages = comments.pages_of_sentences(page.total)
    if pages > 1:
        st.pagination(pages, key=pager, max_visible_pages=5)


def _comment(sentences: tuple[ThemeSentence, ...]) -> None:
    first = sentences[0]
    with st.container(border=True, gap="xxsmall"):
        st.html(clauses_html(first.comment, sentences, charts.theme()))
        st.markdown(f":small[:gray[{escape_markdown(theme_words.about(first))}]]")
