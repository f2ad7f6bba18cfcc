"""What patients speak of: how often, what it does to the stars, and what is new."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.components import charts
from dashboard.components.downloads import button
from dashboard.components.page import empty, heading
from pipeline.presentation.charts import theme_chart
from pipeline.presentation.escaping import escape_markdown
from pipeline.presentation.frames import comment_tables
from pipeline.presentation.locale.numbers import date, decimal, number, plural
from pipeline.presentation.sentences import findings
from pipeline.records import Expression, ThemeOverview
from pipeline.services.pages import comments
from pipeline.services.pages.comments import CommentFilters, HeardComments


def show(current: state.Current, heard: HeardComments, filters: CommentFilters) -> None:
    """Themes by frequency and effect, the numbers behind them, and expressions of no theme."""
    tag = f"{heard.dataset_id}_{state.short_hash(filters)}"
    found = state.kept_themes(tag)
    if found is None:
        with st.spinner("Procurando os temas…"):
            found = comments.themes(state.session(), heard, filters)
        state.keep_themes(tag, found)
    if not found.themes:
        empty(
            "Nenhum tema",
            f"Em {plural(found.comments, 'comentário', 'comentários')} destes filtros, nenhum fala dos temas "
            "conhecidos.",
            key="themes_empty",
        )
        return
    with st.container(gap="small", key="section_themes"):
        lead, rest = findings.themes_finding(found)
        heading(lead, escape_markdown(rest))
        if len(found.themes) > 1:  # one theme is a sentence, not a chart
            charts.show(
                theme_chart(found.themes, charts.theme(), overall=found.stars.value if found.stars else None),
                "themes",
            )
        with st.expander("Ver os números em tabela", icon=":material/table_chart:"):
            st.dataframe(
                comment_tables.themes_shown(found),
                hide_index=True,
                row_height=40,
                height="content",
                alt="Temas dos comentários",
            )
    _expressions(found)
    with st.container(horizontal=True, key="downloads"):
        button("Temas em CSV", lambda: comments.themes_csv(found), "temas.csv", tag)


def _expressions(found: ThemeOverview) -> None:
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
        st.markdown("\n".join(f"- {_expression(item, found)}" for item in found.expressions))


def _expression(item: Expression, found: ThemeOverview) -> str:
    before = f", {number(item.earlier)} antes" if found.since else ""
    stars = f", {decimal(item.stars.value, 1)} estrelas em média" if item.stars else ""
    return f"**{escape_markdown(item.text)}**: {plural(item.comments, 'comentário', 'comentários')}{before}{stars}"
