"""What patients speak of: blame and praise by theme, the sentences behind each, what goes together and what is new."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import state
from dashboard.components import charts, theme_detail, theme_editor
from dashboard.components.downloads import button
from dashboard.components.page import empty, heading
from pipeline.presentation.charts import polarity_bars, polarity_key, theme_chart
from pipeline.presentation.escaping import escape_markdown
from pipeline.presentation.frames import comment_tables
from pipeline.presentation.locale.numbers import date, decimal, number, plural
from pipeline.presentation.sentences import findings, theme_words
from pipeline.records import Expression, ThemeOverview
from pipeline.services.pages import comments
from pipeline.services.pages import themes as theme_pages
from pipeline.services.pages.comments import CommentFilters, HeardComments


def show(current: state.Current, heard: HeardComments, filters: CommentFilters) -> None:
    """Themes with blame and praise, the numbers and sentences behind them, and expressions of no theme."""
    active = theme_pages.active(state.session(), heard.dataset_id)
    tag = f"{heard.dataset_id}_{state.short_hash((filters, active))}"
    found = state.kept_themes(tag)
    if found is None:
        with st.spinner("Procurando os temas…"):
            found = comments.themes(state.session(), heard, filters)
        state.keep_themes(tag, found)
    if found.themes:
        charts.taps()
        _themes(found)
        theme_detail.show(heard, filters, found, tag)
        _pairs(found)
    else:
        empty(
            "Nenhum tema",
            f"Em {plural(found.comments, 'comentário', 'comentários')} destes filtros, nenhum fala dos temas "
            "conhecidos.",
            key="themes_empty",
        )
    _expressions(heard, found)
    if state.may(theme_pages.edit):
        theme_editor.show(heard.dataset_id)
    with st.container(horizontal=True, key="downloads"):
        button("Temas em CSV", lambda: comments.themes_csv(found), "temas.csv", tag)


def _themes(found: ThemeOverview) -> None:
    with st.container(gap="small", key="section_themes"):
        lead, rest = findings.polarity_finding(found)
        heading(lead, escape_markdown(rest))
        st.html(polarity_key(charts.theme()))
        charts.show(polarity_bars(found.main, charts.theme()), "themes", theme_detail.chosen)
        st.markdown(
            ":small[:gray[Parte dos comentários de cada tema, dos que têm mais queixas aos que têm menos; um clique "
            "numa barra mostra as frases. O traço abaixo dela é o intervalo de 95% da parte negativa. Estrelas: a mais "
            "ou a menos, os outros temas iguais.]]"
        )
        if any(row.effect for row in found.main):
            with st.expander("Ver o que cada tema faz às estrelas", icon=":material/star:"):
                overall = found.stars.value if found.stars else None
                charts.show(theme_chart(found.main, charts.theme(), overall=overall), "effects")
        with st.expander("Ver os números em tabela", icon=":material/table_chart:"):
            st.dataframe(
                comment_tables.themes_shown(found),
                hide_index=True,
                row_height=40,
                height="content",
                alt="Temas dos comentários",
            )


def _pairs(found: ThemeOverview) -> None:
    if not found.pairs:
        return
    with st.container(gap="small", key="section_pairs"):
        heading("Temas que andam juntos", "Pares que aparecem no mesmo comentário mais do que o acaso daria.")
        st.markdown("\n".join(f"- {escape_markdown(theme_words.pair(item))}" for item in found.pairs))


def _expressions(heard: HeardComments, found: ThemeOverview) -> None:
    with st.container(gap="small", key="section_expressions"):
        title = "Expressões novas" if found.since else "Expressões frequentes fora dos temas"
        line = (
            f"Mais ditas desde {date(found.since)} do que antes, e de nenhum tema."
            if found.since
            else "De nenhum tema."
        )
        heading(title, line)
        if not found.expressions:
            st.markdown("Nenhuma expressão nova com ao menos cinco comentários." if found.since else "Nenhuma.")
            return
        for place, item in enumerate(found.expressions):
            with st.container(horizontal=True, vertical_alignment="center", key=f"expression_{place}"):
                st.markdown(_expression(item, found), width="stretch")
                if not state.may(theme_pages.edit):
                    continue
                st.button(
                    "Criar tema com estas palavras",
                    key=f"expression_theme_{place}",
                    icon=":material/add:",
                    on_click=partial(theme_editor.create_from, heard.dataset_id, item.text),
                )


def _expression(item: Expression, found: ThemeOverview) -> str:
    before = f", {number(item.earlier)} antes" if found.since else ""
    stars = f", {decimal(item.stars.value, 1)} estrelas em média" if item.stars else ""
    return f"**{escape_markdown(item.text)}**: {plural(item.comments, 'comentário', 'comentários')}{before}{stars}"
