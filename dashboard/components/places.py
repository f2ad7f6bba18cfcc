"""Where patients are content and where not: units, sectors, professionals, plans; and what one of them has to hear."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import state
from dashboard.components import charts
from dashboard.components.downloads import button
from dashboard.components.page import empty, heading, hidden_line
from pipeline.contract import Product
from pipeline.presentation.charts import dot_plot, monthly_lines, theme_by_place
from pipeline.presentation.escaping import escape_markdown, file_stem, shorten
from pipeline.presentation.frames import place_tables
from pipeline.presentation.sentences import place_words
from pipeline.records import PlaceOverview, PlaceWhy
from pipeline.services.pages import places
from pipeline.services.pages.comments import CommentFilters, HeardComments

MOST = 15
_KEY = (
    "Ponto: parte de detratores · faixa: intervalo de 95%. :orange[**Claramente acima**] ou :blue[**abaixo**] dos "
    "outros, ou sem diferença clara. Clique num ponto para ver por quê."
)
_CELLS = "Parte dos comentários que reclamam de cada tema. Cinza: menos de 20 comentários."


def show(current: state.Current, heard: HeardComments, filters: CommentFilters) -> None:
    """The dimension is chosen of those that the file has; then levels, themes, why one differs, and its months."""
    product = current.product
    columns = places.dimensions(state.session(), heard)
    if not columns:
        empty("Nada por onde comparar", place_words.absent(product), key="places_none")
        return
    with st.container(gap="small", key="section_places"):
        column = st.selectbox(
            "Comparar por",
            columns,
            format_func=product.column_label,
            key="places_by",
            width=220,
            persist_state="session",
        )
        view = _overview(heard, filters, column)
        lead, rest = place_words.finding(view, product)
        said = " ".join(part for part in (rest, place_words.by_text(view), place_words.method(view)) if part)
        heading(lead, escape_markdown(said))
        _charts(view, product)
        _numbers(view, product)
    _one(view, product, heard, filters)
    _downloads(view, product, f"{heard.dataset_id}_{state.short_hash((filters, column))}")


def _overview(heard: HeardComments, filters: CommentFilters, column: str) -> PlaceOverview:
    tag = f"{heard.dataset_id}_{heard.model_id}_{state.short_hash((filters, column))}"
    found = state.kept_places(tag)
    if not isinstance(found, PlaceOverview):
        with st.spinner("Comparando…"):
            found = places.by(state.session(), heard, filters, column)
        state.keep_places(tag, found)
    return found


def _value_key(column: str) -> str:
    return f"places_value_{column}"


def _picked(view: PlaceOverview, parts: list[str]) -> None:
    """A place's mark was clicked: it is the one that is explained below."""
    if parts[0] in {row.value for row in view.rows if not row.groups}:
        st.session_state[_value_key(view.column)] = parts[0]


def _charts(view: PlaceOverview, product: Product) -> None:
    hidden_line(view.hidden)
    if product.names_staff(view.column):  # names of people are in no chart: the table below has them
        return
    if len(view.rows) > 1:
        st.markdown(f":small[:gray[{_KEY}]]")
        mean = view.total.detractors
        chart = dot_plot(
            place_words.groups(view),
            mean.value if mean else None,
            charts.theme(),
            what=product.words.rate,
            limit=MOST,
        )
        charts.show(chart, f"places_{view.column}", partial(_picked, view))
    if view.themes:
        heading("Do que se reclama em cada lugar", _CELLS)
        charts.show(theme_by_place(view.themes, charts.theme()), f"places_themes_{view.column}", partial(_picked, view))


def _numbers(view: PlaceOverview, product: Product) -> None:
    with st.expander(
        "Ver os números em tabela", icon=":material/table_chart:", expanded=product.names_staff(view.column)
    ):
        st.dataframe(
            place_tables.places_shown(view, product),
            hide_index=True,
            row_height=40,
            alt=f"{product.words.rate} por {product.column_label(view.column)}",
        )


def _one(view: PlaceOverview, product: Product, heard: HeardComments, filters: CommentFilters) -> None:
    """One value, picked by name or by a click: why it differs, and its months."""
    values = [row.value for row in view.rows if not row.groups]
    if len(view.rows) < 2 or not values:
        return
    with st.container(gap="small", key="section_place"):
        held = st.session_state.get(_value_key(view.column))
        if held not in values:
            st.session_state[_value_key(view.column)] = values[0]
        value = st.selectbox(
            f"Por que difere: {product.column_label(view.column)}",
            values,
            key=_value_key(view.column),
            width=320,
            format_func=lambda v: shorten(v, 60),
        )
        why = _why(heard, filters, view.column, value)
        if why is None:
            st.markdown("Nenhum outro grupo tem comentários com que comparar.")
            return
        reasons(why, product)
        _months(view, product, value)


def _why(heard: HeardComments, filters: CommentFilters, column: str, value: str) -> PlaceWhy | None:
    tag = f"{heard.dataset_id}_{heard.model_id}_{state.short_hash((filters, column, value))}"
    found = state.kept_places(tag)
    if isinstance(found, PlaceWhy):
        return found
    with st.spinner("Comparando…"):
        made = places.why(state.session(), heard, filters, column, value)
    if made is not None:
        state.keep_places(tag, made)
    return made


def reasons(why: PlaceWhy, product: Product) -> None:
    """Why one place differs: the themes that differ clearly, the words, and all themes as a table."""
    heading(place_words.why_title(why), escape_markdown(place_words.why_line(why, product)))
    told = place_words.gaps(why)
    st.markdown("\n".join(f"- {escape_markdown(line)}" for line in told) or place_words.no_gap(why, product))
    words = place_words.expressions(why)
    if words:
        st.markdown(escape_markdown(words))
    st.markdown(f":small[:gray[{escape_markdown(place_words.method(why))}]]")
    if why.gaps:
        with st.expander("Todos os temas, aqui e nos demais", icon=":material/table_chart:"):
            st.dataframe(
                place_tables.gaps(why),
                hide_index=True,
                row_height=40,
                height="content",
                alt="Temas aqui e nos demais",
            )


def _months(view: PlaceOverview, product: Product, value: str) -> None:
    if place_words.periods_charted(view, value) and not product.names_staff(view.column):
        heading("Detratores ao longo do tempo", "Linha: parte de detratores, com intervalo de 95%.")
        charts.show(monthly_lines(place_words.periods(view, value), (), charts.theme()), f"places_months_{view.column}")
    if view.periods:
        shown = place_tables.periods_shown(view, product, value)
        with st.expander("Mês a mês em tabela", icon=":material/calendar_month:"):
            st.dataframe(shown, hide_index=True, row_height=40, alt="Mês a mês")


def _downloads(view: PlaceOverview, product: Product, tag: str) -> None:
    stem = file_stem(product.column_label(view.column))
    with st.container(horizontal=True, key="downloads"):
        button("Tabela em CSV", lambda: places.places_csv(view, product), f"onde_{stem}.csv", tag)
        if view.periods:
            button("Meses em CSV", lambda: places.periods_csv(view, product), f"onde_{stem}_meses.csv", tag)
