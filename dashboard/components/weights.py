"""How factors weigh on past rows: the swarm of their points, one factor against its values, which ones act together."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.components import charts, figures
from dashboard.components.page import heading
from pipeline.contract import Product
from pipeline.presentation.charts import dependence_chart, pair_bars, swarm
from pipeline.presentation.escaping import escape_markdown
from pipeline.presentation.frames import weight_tables
from pipeline.presentation.locale import names
from pipeline.presentation.sentences import weight_words
from pipeline.records import JointWeights, ModelInfo, WeightSpread
from pipeline.services.pages import risk, weights

_PAIRS = 6  # bars; the table has them all


def show(product: Product, dataset_id: str, model_id: str | None, chosen: risk.Filters) -> None:
    """The section on the rows under the filters; nothing where no model gave these rows a risk."""
    if model_id is None:
        return
    title = "Como os fatores pesam nestas linhas"
    if not risk.is_quick(state.session(), dataset_id):  # reading every row's points would slow down every filter
        box = st.expander(title, icon=":material/scatter_plot:", key="weights", on_change="rerun")
        if box.open:
            with box:
                _section("", product, dataset_id, model_id, chosen)  # the box says already what it is
        return
    _section(title, product, dataset_id, model_id, chosen)


def _section(title: str, product: Product, dataset_id: str, model_id: str, chosen: risk.Filters) -> None:
    if not weights.can_tell(state.session(), dataset_id):
        st.markdown(escape_markdown(weight_words.too_large(weights.MOST, product)))
        return
    found = weights.spread(state.session(), dataset_id, model_id, chosen)
    if found is not None:
        with st.container(gap="small", key="section_weights"):
            about = weight_words.about(found, product, filtered=True)
            if title:
                heading(title, escape_markdown(about))
            else:
                st.markdown(f":small[:gray[{escape_markdown(about)}]]")
            _parts(found, product, dataset_id, model_id, chosen)


def learnt(model: ModelInfo, product: Product) -> None:
    """The section on the rows that taught a model, by what it said of them before; a sentence without such rows."""
    dataset_id = weights.learnt_from(state.session(), model)
    every = risk.Filters()
    can = dataset_id is not None and weights.can_tell(state.session(), dataset_id)
    found = None if dataset_id is None or not can else weights.spread(state.session(), dataset_id, model.id, every)
    with st.container(gap="small", key="section_weights"):
        title = "Como os fatores pesam, linha a linha"
        if dataset_id is None or found is None:
            too_many = dataset_id is not None and not can
            heading(title, weight_words.too_large(weights.MOST, product) if too_many else weight_words.NO_ROWS)
            return
        heading(title, escape_markdown(weight_words.about(found, product, filtered=False)))
        _parts(found, product, dataset_id, model.id, every)


def _parts(found: WeightSpread, product: Product, dataset_id: str, model_id: str, chosen: risk.Filters) -> None:
    with st.spinner("Vendo quais fatores agem juntos…"):  # once: the points of a sample are kept
        together = weights.together(state.session(), dataset_id, model_id, chosen)
    charts.show(swarm(found, product, charts.theme()), "weights_swarm")
    st.markdown(f":small[:gray[{escape_markdown(weight_words.key(found, product))}]]")
    with st.expander("Ver os pontos em tabela"):
        figures.show(weight_tables.spread(found, product), "Pontos de cada fator")
    if together is not None:
        _together(together, product)
    if found.valued:
        _against(found.valued, product, dataset_id, model_id, chosen, together)


def _together(found: JointWeights, product: Product) -> None:
    """Which pairs of factors do more, or less, than each alone."""
    with st.container(gap="xsmall", key="weights_together"):
        st.markdown("**Quais fatores agem juntos**")
        if found.rows < weights.FEW_TOGETHER:
            st.markdown(escape_markdown(weight_words.too_few(found, product)))
            return
        st.markdown(weight_words.together(found, product).markdown())
        if not found.pairs:
            return
        charts.show(pair_bars(found.pairs[:_PAIRS], product, charts.theme()), "weights_pairs")
        st.markdown(f":small[:gray[{escape_markdown(weight_words.together_key(found, product))}]]")
        with st.expander("Ver os pares em tabela"):
            figures.show(weight_tables.together(found, product), "O que dois fatores fazem juntos")


def _against(
    valued: tuple[str, ...],
    product: Product,
    dataset_id: str,
    model_id: str,
    chosen: risk.Filters,
    together: JointWeights | None,
) -> None:
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
    if together is not None and (with_another := weight_words.partner(together, factor, product)):
        st.markdown(escape_markdown(with_another))
    st.markdown(f":small[:gray[{escape_markdown(weight_words.dependence_key(found, product))}]]")
    with st.expander("Ver os valores em tabela"):
        figures.show(weight_tables.dependence(found), "Pontos por valor")
