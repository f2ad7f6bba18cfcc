"""Groups on the risk page: a chart for each dimension, why one is above the others, its rows, the tables."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.components import charts
from dashboard.components.downloads import button
from dashboard.components.page import heading
from dashboard.text import every
from pipeline.contract import Dimension, Product, feminine
from pipeline.presentation import tables
from pipeline.presentation.charts import contribution_bars, dot_plot, tile_map
from pipeline.presentation.numbers import number, percent, points
from pipeline.presentation.text import escape_markdown, file_stem, shorten
from pipeline.records import GroupRow, RiskOverview
from pipeline.services import risk

MOST = 15
KEY = "Ponto: observado · faixa: intervalo de 95% · traço: previsto. :orange[**Acima da média**], :blue[**abaixo**] ou sem diferença clara."
PAGE = 25


def pairs(view: RiskOverview, product: Product) -> None:
    """The dimensions' charts, two in a row."""
    with st.grid(2, min_column_width=380, gap="medium"):
        for dimension in product.dimensions:
            with st.container(gap="small", key=f"section_{dimension.column}"):
                _chart(view, product, dimension)


def _absent(view: RiskOverview, product: Product, dimension: Dimension) -> bool:
    return dimension.column in view.absent


def _chart(view: RiskOverview, product: Product, dimension: Dimension) -> None:
    rows = dict(view.groups).get(dimension.column, ())
    if _absent(view, product, dimension) or not rows:
        heading(dimension.title)
        with st.container(border=True):
            st.markdown(f"O arquivo não traz {dimension.noun}. {escape_markdown(product.field(dimension.field).if_missing)}")
        return
    rate = view.rate.value if view.rate else None
    if dimension.chart == "map":
        heading(dimension.title, "Cada quadro é uma UF. Cinza: sem dados ou n menor que 100.")
        charts.show(tile_map(rows, charts.theme(), what=f"{product.words.events} {'observadas' if feminine(product.words.event) else 'observados'}"), f"map_{dimension.column}")
        return
    shown_all = st.session_state.get(f"all_{dimension.column}", False)
    heading(dimension.title, KEY)
    charts.show(dot_plot(rows, rate, charts.theme(), reference_label="média", what=product.words.rate,
                         limit=None if shown_all else MOST), f"dots_{dimension.column}")
    if len(rows) > MOST:
        st.toggle(f"Ver {every(dimension.noun).lower()} {'as' if feminine(dimension.noun) else 'os'} "
                  f"{number(len(rows))} {dimension.noun_plural}", key=f"all_{dimension.column}")


def why(view: RiskOverview, product: Product, dataset_id: str, model_id: str | None, chosen: risk.Filters) -> None:
    """Why one group's predicted risk is above or below: pick it, see the factors' points."""
    if model_id is None or view.predicted_rows == 0:
        return
    with st.container(gap="small", key="section_why"):
        picked = _pick(view, product)
        if picked is None:
            return
        dimension, row = picked
        answer = risk.why(state.workspace(), dataset_id, model_id, dimension.column, row.value, chosen)
        if answer is None:
            st.markdown("Nenhuma linha deste grupo tem risco previsto.")
            return
        gap = answer.predicted - answer.predicted_overall
        side = "acima" if gap >= 0 else "abaixo"
        heading(f"Por que {shorten(row.value, 40)} está {points(abs(gap), 1).lstrip('+')} pontos {side}",
                f"Peso médio de cada fator no risco previsto ({percent(answer.predicted)}) contra o de todos "
                f"({percent(answer.predicted_overall)}), em pontos. n = {number(answer.rows)}. "
                + _observed(answer))
        charts.show(contribution_bars(answer, charts.theme()), "why")


def _observed(answer) -> str:  # type: ignore[no-untyped-def]
    if answer.observed is None or answer.observed_overall is None:
        return ""
    return f"Observado: {percent(answer.observed.value)} contra {percent(answer.observed_overall.value)}."


def _pick(view: RiskOverview, product: Product) -> tuple[Dimension, GroupRow] | None:
    able = {d.column: d for d in product.dimensions if any(r.predicted is not None for r in dict(view.groups).get(d.column, ()))}
    if not able:
        return None
    heading("Por que um grupo está acima ou abaixo")
    with st.container(horizontal=True, key="why_pick"):
        field = st.selectbox("Comparar por", list(able), format_func=lambda f: product.column_label(f), key="why_field", width=200)
        rows = [r for r in dict(view.groups)[field] if r.predicted is not None]
        values = [r.value for r in rows]
        value = st.selectbox(product.column_label(field), values, key=f"why_{field}", width=320, format_func=lambda v: shorten(v, 48))
    found = next((r for r in rows if r.value == value), None)
    return (able[field], found) if found else None


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
                st.dataframe(tables.groups_shown(rows, product, dimension.column), hide_index=True, row_height=40,
                             alt=f"{product.words.rate} por {dimension.noun}")


def drill(view: RiskOverview, product: Product, dataset_id: str, model_id: str | None, chosen: risk.Filters) -> None:
    """The rows of one group, a page at a time."""
    fields = [d.column for d in product.dimensions if dict(view.groups).get(d.column)]
    if not fields:
        return
    box = st.expander("Ver as linhas de um grupo", icon=":material/list:", key="drill", on_change="rerun")
    if not box.open:  # reading and sorting the rows would slow down every change of a filter
        return
    with box:
        with st.container(horizontal=True):
            field = st.selectbox("Grupo por", fields, format_func=lambda f: product.column_label(f), key="drill_field", width=200)
            value = st.selectbox("Valor", [r.value for r in dict(view.groups)[field]], key=f"drill_{field}", width=320,
                                 format_func=lambda v: shorten(v, 48))
        _rows(product, dataset_id, model_id, chosen, field, value)


def _rows(product: Product, dataset_id: str, model_id: str | None, chosen: risk.Filters, field: str, value: str) -> None:
    tag = f"{dataset_id}_{state.short_hash((chosen, field, value))}"
    number_ = st.session_state.get(f"drill_page_{tag}", 1)
    found = risk.page_of_rows(state.workspace(), dataset_id, model_id, chosen, field, value, page=number_, size=PAGE)
    st.markdown(f":small[:gray[{number(found.total)} {product.words.rows}, do mais recente ao mais antigo.]]")
    st.dataframe(found.frame, hide_index=True, row_height=40, height="content", placeholder="–", alt="Linhas do grupo",
                 column_config={tables.RISK: st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1, color="orange")})
    pages = max(1, -(-found.total // PAGE))
    if pages > 1:
        st.pagination(pages, key=f"drill_page_{tag}", max_visible_pages=5)
    button("Linhas em CSV", lambda: risk.rows_csv(state.workspace(), dataset_id, model_id, chosen, field, value),
           f"linhas_por_{file_stem(product.column_label(field))}.csv", tag)
