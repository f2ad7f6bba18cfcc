"""Risco: where, when and why the event happens more, among rows that already happened."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import navigation, state, text
from dashboard.components import filters as filter_bar
from dashboard.components import groups, notices, times
from dashboard.components.downloads import button
from dashboard.components.page import empty, kpis, page, refusal
from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.presentation import risk_wording
from pipeline.presentation.numbers import decimal, interval, number, percent, period, signed_percent
from pipeline.presentation.text import file_stem
from pipeline.records import DatasetInfo, Interval, RiskOverview
from pipeline.services import risk


def show() -> None:
    current = state.current()
    title = current.product.words.risk_title
    if current.dataset is None:
        with page(title):
            empty(text.NO_DATA, text.NO_DATA_WHY, link=navigation.DATA, link_label="Enviar arquivo", key="risk_no_data")
        return
    model_id = current.model.id if current.model else None
    try:
        options = risk.options(state.workspace(), current.dataset.id)
        chosen = filter_bar.read(current.product, options)
        view = risk.overview(state.workspace(), current.dataset.id, model_id, chosen)
    except PresencaError as error:
        with page(title):
            refusal(error)
        return
    lead, rest = risk_wording.finding(view, current.product)
    with page(title, lead, rest, _source(current.dataset, view)):
        notices.show(current)
        filter_bar.show(current.product, options)
        _body(current, view, chosen, model_id)


def _source(dataset: DatasetInfo, view: RiskOverview) -> str:
    parts = [dataset.name, period(view.first_date, view.last_date) if view.first_date else ""]
    return " · ".join(part for part in parts if part)


def _body(current: state.Current, view: RiskOverview, chosen: risk.Filters, model_id: str | None) -> None:
    product = current.product
    assert current.dataset is not None
    if view.outcomes == 0:
        empty("Nenhum resultado com estes filtros",
              f"Há {number(view.rows)} {product.words.rows} no período, mas nenhum já aconteceu e tem resultado. "
              "Mude os filtros ou envie um período passado.", key="risk_empty",
              **({"link": navigation.VOICE, "link_label": "Ler os comentários"} if product.has_voice else {}))
        return
    _figures(view, product)
    _without_risk(current, view)
    groups.pairs(view, product)
    groups.why(view, product, current.dataset.id, model_id, chosen)
    times.show(view, product)
    groups.tables_expander(view, product)
    groups.drill(view, product, current.dataset.id, model_id, chosen)
    _downloads(current, view, chosen, model_id)


def _figures(view: RiskOverview, product: Product) -> None:
    rate, words = view.rate, product.words
    if product.has_stars:
        _star_figures(view, product)
        return
    predicted = percent(view.predicted) if view.predicted is not None else "–"
    kpis([
        (words.rate, percent(rate.value) if rate else "–", f"IC {interval(rate)}" if rate else ""),
        (words.rows.capitalize(), number(view.outcomes), "com resultado"),
        ("Risco previsto", predicted, f"n {number(view.predicted_rows)}" if view.predicted_rows else "sem modelo"),
        *_above(view, product),
    ])


def _star_figures(view: RiskOverview, product: Product) -> None:
    rate, stars, balance = view.rate, view.stars, view.balance
    kpis([
        (product.words.rate, percent(rate.value) if rate else "–", f"IC {interval(rate)}" if rate else ""),
        ("Estrelas (média)", decimal(stars.value, 2) if stars else "–", _between(stars)),
        ("Saldo", signed_percent(balance.value) if balance else "–", _between(balance, 100)),
        ("Com classificação", number(view.outcomes), f"de {number(view.rows)}"),
    ])
    st.markdown(":small[:gray[Saldo: promotores (4 e 5 estrelas) menos detratores (1 e 2), em parte dos classificados."
                + (f" Risco previsto médio: {percent(view.predicted)}, n {number(view.predicted_rows)}." if view.predicted is not None else "") + "]]")


def _between(value: Interval | None, times: int = 1) -> str:
    if value is None or value.low is None or value.high is None:
        return ""
    return f"IC {decimal(times * value.low, 2 if times == 1 else 0)} a {decimal(times * value.high, 2 if times == 1 else 0)}"


def _above(view: RiskOverview, product: Product) -> list[tuple[str, str, str]]:
    """How many groups of the first dimension lie above; nothing for a product that splits its rows by nothing."""
    for dimension in product.dimensions[:1]:
        rows = dict(view.groups).get(dimension.column, ())
        above = sum(1 for row in rows if row.against == "above")
        return [(f"{dimension.noun_plural.capitalize()} acima", number(above), f"de {number(len(rows))}")]
    return []


def _without_risk(current: state.Current, view: RiskOverview) -> None:
    """Says why there is no predicted risk, or why a part of the rows has none."""
    if current.model is None:
        empty(text.NO_MODEL, text.NO_MODEL_WHY + " As taxas observadas estão abaixo.", link=navigation.MODEL,
              link_label="Treinar um modelo", key="risk_no_model")
    elif view.predicted_rows == 0:
        st.markdown(":small[:gray[" + "O modelo em uso aprendeu com estas linhas, ou com datas posteriores, e não guardou "
                    "riscos de quando ainda não as conhecia; por isso só há taxas observadas." + "]]")
    elif view.predicted_rows < view.outcomes:
        missing = number(view.outcomes - view.predicted_rows)
        st.markdown(f":small[:gray[{missing} {current.product.words.rows} do início não têm risco previsto: não havia passado "
                    "com que treinar um modelo que não os tivesse visto.]]")


def _downloads(current: state.Current, view: RiskOverview, chosen: risk.Filters, model_id: str | None) -> None:
    workspace, dataset = state.workspace(), current.dataset
    assert dataset is not None
    tag = filter_bar.tag(chosen)
    with st.container(horizontal=True, key="downloads"):
        button("Quadro em HTML", lambda: risk.board_html(workspace, dataset.id, model_id, chosen), "risco.html",
               f"{dataset.id}_{tag}", primary=True)
        for dimension in current.product.dimensions:
            if dimension.column not in view.absent:
                button(f"Por {dimension.noun} (CSV)", partial(risk.group_csv, view, current.product, dimension.column),
                       f"risco_por_{file_stem(dimension.noun)}.csv", f"{dataset.id}_{tag}")
        button("Meses e horários (CSV)", lambda: risk.times_csv(view, current.product), "risco_no_tempo.csv",
               f"{dataset.id}_{tag}")


show()
