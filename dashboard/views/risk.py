"""Risco: where, when and why the event happens more, among rows that already happened."""

from __future__ import annotations

from collections.abc import Container
from functools import partial

import streamlit as st

from dashboard import address, navigation, state, text
from dashboard.components import charts, drill, groups, late, next_step, not_here, notices, preparing, times, weights
from dashboard.components import filters as filter_bar
from dashboard.components.downloads import button
from dashboard.components.page import empty, kpis, page, refusal
from pipeline.contract import Role
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import escape_markdown, file_stem
from pipeline.presentation.locale.numbers import number, period
from pipeline.presentation.sentences import risk_gaps, risk_words
from pipeline.records import DatasetInfo, RiskOverview
from pipeline.services.pages import risk


def show() -> None:
    """Draws the page: where the risk lies, and why."""
    current = state.current()
    title = current.product.words.risk_title
    if current.dataset is None:
        with page(title):
            empty(text.NO_DATA, text.NO_DATA_WHY, link=navigation.DATA, link_label="Enviar arquivo", key="risk_no_data")
        return
    preparing.show(current)
    try:
        found_here = not_here.of(current, current.dataset.id)
        withheld = found_here is not None and found_here.withheld
        model_id = current.model.id if current.model and not withheld else None
        options = risk.options(state.session(), current.dataset.id)
        odd = filter_bar.unknown(current.product, options)
        address.restore(filter_bar.choices(current.product, options))
        filter_bar.settle()
        chosen = filter_bar.read(current.product, options)
        view = risk.overview(state.session(), current.dataset.id, model_id, chosen)
    except PresencaError as error:
        with page(title):
            refusal(error)
        return
    lead, rest = risk_words.finding(view, current.product)
    with page(title, lead, rest, _source(current.dataset, view, options)):
        if found_here is not None and found_here.withheld:
            not_here.show(found_here, current, "o risco previsto")
        else:
            notices.show(current, holds=not_here.holds(found_here))
            not_here.caution(found_here, current)
        filter_bar.warn_unknown(odd)
        filter_bar.show(current.product, options)
        _body(current, view, options, drill.Shown(current.product, current.dataset.id, model_id, chosen))
    filter_bar.keep(current.product, options)
    charts.taps()


def _source(dataset: DatasetInfo, view: RiskOverview, options: risk.Options) -> str:
    dates = period(view.first_date, view.last_date) if view.first_date else ""
    parts = [dataset.name, dates, risk_words.only_units(options.only) if options.only else ""]
    return " · ".join(part for part in parts if part)


def _body(current: state.Current, view: RiskOverview, options: risk.Options, shown: drill.Shown) -> None:
    product = current.product
    if view.outcomes == 0:
        empty(
            "Nenhum resultado com estes filtros",
            f"Há {number(view.rows)} {product.words.rows} no período, mas nenhum já aconteceu e tem resultado. "
            "Mude os filtros ou envie um período passado.",
            key="risk_empty",
            **({"link": navigation.COMMENTS, "link_label": "Ler os comentários"} if product.has_comments else {}),
        )
        return
    kpis(risk_words.figures(view, product))
    average = risk.average_of_all(state.session(), shown.dataset_id)
    _gray(risk_words.figures_line(view, product), risk_words.beside_all(average))
    if current.model is None or shown.model_id is not None:  # else the card above says why there is none
        _without_risk(current, view, shown.dataset_id)
    groups.pairs(view, product, options, shown.dataset_id, shown.chosen)
    drill.opened(shown, groups.PLACE)
    groups.why(view, product, shown.dataset_id, shown.model_id, shown.chosen)
    if view.predicted_rows:
        weights.show(product, shown.dataset_id, shown.model_id, shown.chosen)
    times.show(view, product, shown.dataset_id)
    drill.opened(shown, times.PLACE)
    late.show(product, shown.dataset_id, shown.chosen, shown.model_id)
    _gray(
        risk_gaps.not_charted(view, product, shown.chosen.values),
        risk_gaps.times_not_charted(view, heat=product.has(Role.CONTACT)),
        risk_gaps.outside(view, product),
    )
    groups.tables_expander(view, product)
    drill.pick(shown, view)
    _downloads(view, shown, filter_bar.several(options.values))
    if shown.model_id is not None:
        _next(current)


def _gray(*sentences: str) -> None:
    """Plain sentences as one small line; nothing where there are none."""
    said = " ".join(sentence for sentence in sentences if sentence)
    if said:
        st.markdown(f":small[:gray[{escape_markdown(said)}]]")


def _next(current: state.Current) -> None:
    """The page's one primary button; without a model, or with one that does not carry over, the card above has it."""
    if current.product.has_agenda:
        next_step.show("Abrir agenda", navigation.AGENDA)
    elif current.product.has_comments:
        next_step.show("Ler os comentários", navigation.COMMENTS)


def _without_risk(current: state.Current, view: RiskOverview, dataset_id: str) -> None:
    """Says why there is no predicted risk, or why a part of the rows has none."""
    if current.model is None:
        empty(
            text.NO_MODEL,
            text.NO_MODEL_WHY + " As taxas observadas estão abaixo.",
            link=navigation.MODEL,
            link_label="Treinar um modelo",
            key="risk_no_model",
        )
    elif risk.is_unscored(state.session(), dataset_id, current.model.id):
        _gray(risk_words.too_large_to_score(view.rows, risk.MOST_SCORED, current.product))
    elif view.predicted_rows == 0:
        _gray(risk_words.without_any(current.model, dataset_id))
    elif view.predicted_rows < view.outcomes:
        _gray(risk_words.without_past(view, current.product))


def _downloads(view: RiskOverview, shown: drill.Shown, compared: Container[str]) -> None:
    """The board, and a table for each dimension whose values can be `compared`."""
    session, product = state.session(), shown.product
    tag = f"{shown.dataset_id}_{filter_bar.tag(shown.chosen)}"
    with st.container(horizontal=True, key="downloads"):
        button(
            "Quadro em HTML",
            lambda: risk.board_html(session, shown.dataset_id, shown.model_id, shown.chosen),
            "risco.html",
            tag,
        )
        for dimension in product.dimensions:
            if dimension.column in compared and dict(view.groups).get(dimension.column):
                button(
                    f"Por {dimension.noun} (CSV)",
                    partial(risk.group_csv, view, product, dimension.column),
                    f"risco_por_{file_stem(dimension.noun)}.csv",
                    tag,
                )
        button(
            "Semanas e horários (CSV)" if risk_gaps.weekly(view) else "Meses e horários (CSV)",
            lambda: risk.times_csv(view, product),
            "risco_no_tempo.csv",
            tag,
        )


show()
