"""How factors weigh on the rows of the risk page: the swarm of their points, and one factor against its values."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.components import charts
from dashboard.components.page import heading
from pipeline.contract import Product
from pipeline.presentation.charts import dependence_chart, swarm
from pipeline.presentation.escaping import escape_markdown
from pipeline.presentation.frames import weight_tables
from pipeline.presentation.locale import names
from pipeline.presentation.sentences import weight_words
from pipeline.services.pages import risk, weights


def show(product: Product, dataset_id: str, model_id: str | None, chosen: risk.Filters) -> None:
    """The section; nothing where no model gave these rows a risk."""
    if model_id is None:
        return
    found = weights.spread(state.session(), dataset_id, model_id, chosen)
    if found is None:
        return
    with st.container(gap="small", key="section_weights"):
        heading("Como os fatores pesam nestas linhas", escape_markdown(weight_words.about(found, product)))
        charts.show(swarm(found, product, charts.theme()), "weights_swarm")
        st.markdown(f":small[:gray[{escape_markdown(weight_words.key(found, product))}]]")
        with st.expander("Ver os pontos em tabela"):
            st.dataframe(
                weight_tables.spread(found, product),
                hide_index=True,
                row_height=40,
                height="content",
                alt="Pontos de cada fator",
            )
        if found.valued:
            _against(found.valued, product, dataset_id, model_id, chosen)


def _against(valued: tuple[str, ...], product: Product, dataset_id: str, model_id: str, chosen: risk.Filters) -> None:
    factor = st.selectbox(
        "Um fator contra os seus valores",
        list(valued),
        format_func=lambda key: names.factor(product, key),
        key="weights_factor",
        width=320,
    )
    found = weights.dependence(state.session(), dataset_id, model_id, factor, chosen)
    if found is None or not found.bins:
        st.markdown("Não há linhas bastantes com este fator.")
        return
    charts.show(dependence_chart(found, product, charts.theme()), f"weights_{factor}")
    st.markdown(f":small[:gray[{escape_markdown(weight_words.dependence_key(found, product))}]]")
    with st.expander("Ver os valores em tabela"):
        st.dataframe(
            weight_tables.dependence(found),
            hide_index=True,
            row_height=40,
            height="content",
            alt="Pontos por valor",
        )
