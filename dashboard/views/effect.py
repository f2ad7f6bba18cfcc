"""Efeito: whether contacting worked, contacted against control, what it is worth, and when it can be told."""

from __future__ import annotations

import streamlit as st

from dashboard import navigation, state, text
from dashboard.components import call_links, charts, slot_worth
from dashboard.components.downloads import button
from dashboard.components.page import empty, finding, heading, hidden_line, page, refusal
from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.presentation.charts import dot_plot, qini_curve
from pipeline.presentation.escaping import escape_markdown, shorten
from pipeline.presentation.frames import effect_tables
from pipeline.presentation.sentences import effect_page_words as words
from pipeline.presentation.sentences import effect_words
from pipeline.records.effects import EffectReport, ListsMeasured
from pipeline.services.data import series_settings
from pipeline.services.pages import effects


def show() -> None:
    """Draws the page: the verdict, what it rests on, and what belongs to it."""
    current = state.current()
    with page(words.TITLE) as head:
        if current.series is None:
            empty(
                text.NO_DATA, text.NO_DATA_WHY, link=navigation.DATA, link_label="Enviar arquivo", key="effect_no_data"
            )
            return
        try:
            found = effects.measured(state.session(), current.series.id)
        except PresencaError as error:
            refusal(error)
            return
        if found is None:
            _no_list()
        elif found.report is None:
            with head:
                finding(*words.waiting(found), words.source(found))
            _no_outcomes(found, current.product)
        else:
            with head:
                finding(*effect_words.verdict(found.report, current.product), words.source(found))
            _measured(found, found.report, current.product, current.series.id)
        if found is not None and state.may(series_settings.set_money):
            slot_worth.show(current.series.id, found.example)
        _trials()


def _no_list() -> None:
    with st.container(border=True, key="effect_no_list"):
        st.markdown(f"**{words.NO_LIST}**  \n{words.NO_LIST_WHY}")
        call_links.to_calling("Fazer a fila", "effect_to_list")


def _no_outcomes(found: ListsMeasured, product: Product) -> None:
    if navigation.is_open(navigation.DATA) and st.button(
        "Enviar resultados em Dados", type="primary", key="effect_to_data"
    ):
        navigation.go(navigation.DATA)
    _small(words.outcomes(found), *filter(None, (words.crossed(found),)))
    _shares(found, product)


def _measured(found: ListsMeasured, report: EffectReport, product: Product, series_id: str) -> None:
    whole = report.whole
    with st.container(gap="small", key="section_arms"):
        heading("Contato contra grupo de controle", "Como foram sorteados, atendam ou não; intervalos de 95%.")
        if whole.difference is not None:
            rows = effect_tables.arm_rows(whole)
            reference = whole.control.rate.value if whole.control.rate else None
            chart = dot_plot(rows, reference, charts.theme(), reference_label="controle", what="Taxa por grupo")
            charts.show(chart, "effect_arms")
        _table(effect_tables.arms(whole, product), "Grupos como foram sorteados")
        _small(*effect_words.left_aside(report), words.awaiting(found), words.crossed(found), words.outcomes(found))
        if whole.difference is None:
            st.info(escape_markdown(words.BEFORE_AFTER), icon=":material/balance:")
    _worth(found)
    _groups(report, product)
    _ways(report, product)
    _order(report, product)
    _shares(found, product)
    with st.container(horizontal=True, key="downloads"):
        tag = state.short_hash((series_id, found))
        session = state.session()
        button("Relatório em JSON", lambda: effects.json(session, series_id), "efeito.json", tag)
        button("Relatório em CSV", lambda: effects.csv(session, series_id), "efeito.csv", tag)


def _worth(found: ListsMeasured) -> None:
    said = words.money(found)
    if said:
        with st.container(gap="small", key="section_money"):
            heading("Em dinheiro")
            st.markdown("  \n".join(escape_markdown(one) for one in said))


def _groups(report: EffectReport, product: Product) -> None:
    named = [(effect_words.title(column, product), column, rows) for column, rows in report.groups if rows]
    hidden_line(report.hidden)
    if not named:
        return
    with st.container(gap="small", key="section_groups"):
        heading("Em quem", "Só grupos com resultados bastantes dos dois lados; de muitos, um pode diferir por acaso.")
        for tab, (title, column, rows) in zip(st.tabs([name for name, _, _ in named]), named, strict=True):
            with tab:
                _table(effect_tables.groups(column, rows, product), title)


def _ways(report: EffectReport, product: Product) -> None:
    """Two channels or two texts that chance gave to those who were contacted."""
    if not report.arms:
        return
    with st.container(gap="small", key="section_ways"):
        heading("Duas formas de contato", "Quem recebeu cada uma, o acaso decidiu; a segunda contra a primeira.")
        for found in report.arms:
            for said in effect_words.compared(found, product):
                st.markdown(escape_markdown(said))
            if any(one.difference is not None for one in found.effects):
                _table(effect_tables.ways(found, product), "Duas formas de contato")


def _order(report: EffectReport, product: Product) -> None:
    """Whether calling first whoever is first in the list helps more, with its curve."""
    if report.order is None:
        return
    with st.container(gap="small", key="section_order"):
        heading("A ordem da lista ajuda?", "Ligar primeiro para quem está no alto, contra ligar em qualquer ordem.")
        said = effect_words.order(report.order, product)
        st.markdown(escape_markdown(said[0]))
        _small(*said[1:])
        if report.order.qini is not None:
            curve = qini_curve(report.order.qini, charts.theme(), avoided=effect_words.avoided(product))
            charts.show(curve, "effect_order")


def _shares(found: ListsMeasured, product: Product) -> None:
    with st.container(gap="small", key="section_power"):
        heading("Quanto falta e quanto custa saber")
        when = "" if found.report is None else effect_words.when(found.report.power)
        said = [one for one in (when, *words.shares(found, product)) if one]
        st.markdown("  \n".join(escape_markdown(one) for one in said))


def _trials() -> None:
    with st.expander("De que estudos se parte"):
        st.markdown(escape_markdown(effect_words.NOT_A_STORY))
        st.markdown("\n".join(f"- {escape_markdown(effect_words.trial(one))}" for one in effects.TRIALS))


def _table(frame: object, name: str) -> None:
    rows = len(frame)  # type: ignore[arg-type]
    alt = shorten(name, 60)
    height = "content" if rows <= 10 else 444
    st.dataframe(frame, hide_index=True, row_height=40, height=height, alt=alt)  # type: ignore[arg-type]


def _small(*said: str) -> None:
    for one in filter(None, said):
        st.markdown(f":small[:gray[{escape_markdown(one)}]]")


show()
