"""Groups on the risk page: a chart for each dimension that splits the rows, and why one is above the others."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import state
from dashboard.components import charts, filters, places
from dashboard.components.page import heading
from dashboard.text import every
from pipeline.contract import Dimension, Product, feminine
from pipeline.presentation.charts import contribution_bars, dot_plot, tile_map
from pipeline.presentation.escaping import escape_markdown, shorten
from pipeline.presentation.frames import tables
from pipeline.presentation.locale.numbers import number
from pipeline.presentation.sentences import risk_gaps, risk_words
from pipeline.records import GroupExplanation, GroupRow, PlaceWhy, RiskOverview
from pipeline.services.pages import places as where
from pipeline.services.pages import risk

MOST = 15
KEY = (
    "Ponto: observado · faixa: intervalo de 95% · traço: previsto. Observado :orange[**acima da média**], "
    ":blue[**abaixo**] ou sem "
    "diferença clara. Clique num ponto para ver as linhas."
)
MAP = "Cada quadro é uma UF. Cinza: sem dados ou n menor que 100. Clique numa UF para ver as linhas."
PLACE = "groups"  # where the rows of a click on these charts stand


def pairs(view: RiskOverview, product: Product, options: risk.Options, dataset_id: str, chosen: risk.Filters) -> None:
    """The dimensions' charts, two in a row; a dimension that the filter holds to one value, with the way back."""
    shown = [d for d in product.dimensions if risk_gaps.charted(view, d)]
    for dimension in product.dimensions:
        if dimension not in shown and dimension.column in chosen.values:
            _filtered(product, options, dimension, chosen.values[dimension.column])
    if not shown:
        return
    with st.grid(min(2, len(shown)), min_column_width=380, gap="medium"):
        for dimension in shown:
            with st.container(gap="small", key=f"section_{dimension.column}"):
                _chart(view, product, dimension, partial(_clicked, product, options, dataset_id, dimension.column))


def _filtered(product: Product, options: risk.Options, dimension: Dimension, values: tuple[str, ...]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"only_{dimension.column}"):
        st.markdown(f"Só **{escape_markdown(shorten(', '.join(values), 60))}**, pelo filtro.", width="content")
        st.button(
            f"Ver {every(dimension.noun).lower()} {_the(dimension)} {dimension.noun_plural}",
            type="tertiary",
            icon=":material/close:",
            key=f"free_{dimension.column}",
            on_click=_freed,
            args=(product, options, dimension.column),
        )


def _the(dimension: Dimension) -> str:
    return "as" if feminine(dimension.noun) else "os"


def _freed(product: Product, options: risk.Options, column: str) -> None:
    filters.free(product, options, column)
    state.close_rows()


def _clicked(product: Product, options: risk.Options, dataset_id: str, column: str, parts: list[str]) -> None:
    """A mark was clicked: its value becomes the filter and its rows are shown, or both go away again."""
    if filters.toggle(product, options, column, parts[0]):
        state.open_rows(dataset_id, PLACE, column, parts[0])
    else:
        state.close_rows()


def _chart(view: RiskOverview, product: Product, dimension: Dimension, clicked: partial[None]) -> None:
    rows = dict(view.groups)[dimension.column]
    if dimension.chart == "map":
        heading(dimension.title, MAP)
        what = f"{product.words.events} {'observadas' if feminine(product.words.event) else 'observados'}"
        charts.show(tile_map(rows, charts.theme(), what=what), f"map_{dimension.column}", clicked)
        return
    shown_all = st.session_state.get(f"all_{dimension.column}", False)
    heading(dimension.title, KEY)
    charts.show(
        dot_plot(
            rows,
            view.rate.value if view.rate else None,
            charts.theme(),
            reference_label="média",
            what=product.words.rate,
            limit=None if shown_all else MOST,
        ),
        f"dots_{dimension.column}",
        clicked,
    )
    if len(rows) > MOST:
        st.toggle(
            f"Ver {every(dimension.noun).lower()} {_the(dimension)} {number(len(rows))} {dimension.noun_plural}",
            key=f"all_{dimension.column}",
        )


def why(view: RiskOverview, product: Product, dataset_id: str, model_id: str | None, chosen: risk.Filters) -> None:
    """Why one group's predicted risk is above or below: pick it, see the factors' points."""
    able = _able(view, product)
    if model_id is None or view.predicted_rows == 0 or not able:
        return
    with st.container(gap="small", key="section_why"):
        dimension, row = _pick(able, view, product)
        answer, said = _answer(product, dataset_id, model_id, (dimension.column, row.value), chosen)
        if answer is None:
            st.markdown("Nenhuma linha deste grupo tem risco previsto.")
            return
        heading(risk_words.why_title(answer), f"{risk_words.why_line(answer)} {risk_words.own_hint(answer, product)}")
        charts.show(contribution_bars(answer, charts.theme(), own=risk_words.own_factor(answer, product)), "why")
        if said is not None:
            places.reasons(said, product)


def _answer(
    product: Product, dataset_id: str, model_id: str, group: tuple[str, str], chosen: risk.Filters
) -> tuple[GroupExplanation | None, PlaceWhy | None]:
    """Why a group differs, by factors and, where patients wrote, by what they say there and not elsewhere."""
    session = state.session()
    if product.has_comments:
        return where.why_group(session, dataset_id, model_id, *group, chosen)
    return risk.why(session, dataset_id, model_id, *group, chosen), None


def _able(view: RiskOverview, product: Product) -> dict[str, Dimension]:
    """Dimensions with more than one group, of which at least one has a predicted risk."""
    groups = dict(view.groups)
    return {
        d.column: d
        for d in product.dimensions
        if risk_gaps.charted(view, d) and any(r.predicted is not None for r in groups[d.column])
    }


def _pick(able: dict[str, Dimension], view: RiskOverview, product: Product) -> tuple[Dimension, GroupRow]:
    heading("Por que o risco previsto de um grupo difere")
    with st.container(horizontal=True, key="why_pick"):
        field = st.selectbox(
            "Comparar por", list(able), format_func=lambda f: product.column_label(f), key="why_field", width=200
        )
        rows = {r.value: r for r in dict(view.groups)[field] if r.predicted is not None}
        value = st.selectbox(
            product.column_label(field), list(rows), key=f"why_{field}", width=320, format_func=lambda v: shorten(v, 60)
        )
    return able[field], rows[value]


def tables_expander(view: RiskOverview, product: Product) -> None:
    """The numbers behind the charts."""
    box = st.expander("Ver os números em tabela", icon=":material/table_chart:", key="numbers", on_change="rerun")
    if not box.open:
        return
    with box:
        for dimension in product.dimensions:
            rows = dict(view.groups).get(dimension.column, ())
            if rows:
                heading(product.column_label(dimension.column))
                st.dataframe(
                    tables.groups_shown(rows, product, dimension.column),
                    hide_index=True,
                    row_height=40,
                    alt=f"{product.words.rate} por {dimension.noun}",
                )
