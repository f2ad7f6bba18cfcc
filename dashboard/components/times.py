"""When the event happens more: by weekday and lead time, and month by month."""

from __future__ import annotations

import streamlit as st

from dashboard.components import charts
from dashboard.components.page import heading
from pipeline.contract import Product, Role
from pipeline.presentation.charts import heat_map, monthly_lines
from pipeline.presentation.text import escape_markdown
from pipeline.records import RiskOverview


def show(view: RiskOverview, product: Product) -> None:
    """The heat map beside the months."""
    if not product.has(Role.CONTACT):  # no time between booking and event: the months are all there is
        with st.container(gap="small", key="section_months"):
            _months(view, product)
        return
    with st.grid(2, min_column_width=380, gap="medium"):
        with st.container(gap="small", key="section_heat"):
            _heat(view, product)
        with st.container(gap="small", key="section_months"):
            _months(view, product)


def _heat(view: RiskOverview, product: Product) -> None:
    contact = product.by_role(Role.CONTACT)
    heading(product.words.when_title or "Quando acontece mais", "Por dia da semana e antecedência em dias. “·”: n menor que 30.")
    if view.heat:
        charts.show(heat_map(view.heat, charts.theme()), "heat")
        return
    with st.container(border=True):
        cost = contact.if_missing if contact else ""
        st.markdown(f"Sem antecedência não há este quadro. {escape_markdown(cost)}")


def _months(view: RiskOverview, product: Product) -> None:
    heading("Ao longo do tempo", "Linha: observado, com intervalo de 95%. Tracejada: previsto.")
    if len(view.periods) > 1:
        charts.show(monthly_lines(view.periods, view.predicted_by_period, charts.theme()), "months")
        return
    with st.container(border=True):
        st.markdown("O período escolhido tem um mês só: não há evolução para mostrar.")
