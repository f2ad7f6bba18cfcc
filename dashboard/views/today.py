"""Hoje: what is to do now, the first thing first, each with the way to where it is done."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import navigation, state
from dashboard.components import call_links, notices, preparing, recovery
from dashboard.components.page import empty, finding, heading, page, refusal
from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import escape_markdown
from pipeline.presentation.sentences import today_words as words
from pipeline.records import Today
from pipeline.services.pages import today

_SLOTS = navigation.SLOTS


def show() -> None:
    """Draws the page."""
    current = state.current()
    with page(words.TITLE) as head:
        recovery.notice()
        reader = state.reader(current)
        if current.series is None or current.dataset is None or reader is None:
            empty(
                words.NO_MODEL,
                words.NO_MODEL_WHY,
                link=navigation.HOME,
                link_label="Começar em Início",
                key="today_nothing",
            )
            return
        preparing.show(current)
        notices.show(current)
        try:
            found = today.today(state.session(), current.series.id, dataset_id=current.dataset.id, model_id=reader.id)
        except PresencaError as error:
            refusal(error)
            return
        with head:
            finding(*words.first(found, current.product), current.series.name)
        with st.grid(3 if found.slots and not found.comments else 2, min_column_width=280):  # three in one row
            _cards(found, current.product)
        _changes(found, current.product)


def _cards(found: Today, product: Product) -> None:
    """One card a thing to do, the first thing first; what the product has not is not there."""
    drawn = {"calls": _calls, "slots": _slots, "offers": _offers, "comments": _comments}
    for key in words.cards(found, product):
        drawn[key](found, product)


def _calls(found: Today, product: Product) -> None:
    first = words.way_to_queue(found) if words.wants_list(found, product) else "Ligar"
    said, units = words.calls(found.calls, found, product), found.calls.units if found.calls else ()
    primary = words.wants_list(found, product) or (found.calls is not None and found.calls.left > 0)
    _card("Ligações que faltam hoje", said, units, "calls", lambda: _to_calls(first, primary=primary))


def _slots(found: Today, product: Product) -> None:
    if found.slots is not None:
        _card("Vagas esvaziadas", words.slots(found.slots), found.slots.units, "slots", _link("Ver vagas", _SLOTS))


def _offers(found: Today, product: Product) -> None:
    if found.slots is not None:
        _card("Ofertas sem resposta", words.offers(found.slots), (), "offers", _link("Ver ofertas", _SLOTS))


def _comments(found: Today, product: Product) -> None:
    if found.comments is None:
        return
    label = "Responder" if found.comments.read else "Ler os comentários"
    grave = bool(found.comments.grave) or not found.comments.read
    go = _link(label, navigation.COMMENTS, primary=grave)
    said, late = words.comments(found.comments), words.late_units(found.comments)
    _card("Não pode esperar", (said[0], f"{said[1]} {late}".strip()), found.comments.units, "comments", go)


def _card(
    title: str, said: tuple[str, str], units: tuple[tuple[str, int], ...], key: str, go: Callable[[], None]
) -> None:
    card = st.container(
        border=True,
        height="stretch",
        gap="small",
        vertical_alignment="distribute",  # buttons of a row stand on one line, however long what is said above them
        key=f"today_{key}",
    )
    with card:
        with st.container(gap="small"):
            st.metric(title, said[0])
            for one in filter(None, (said[1], words.units(units))):
                st.markdown(f":small[:gray[{escape_markdown(one)}]]")
        go()


def _to_calls(label: str, *, primary: bool) -> None:
    call_links.to_calling(label, "today_go_calls", kind="primary" if primary else "secondary", width="stretch")


def _link(label: str, target: str, *, primary: bool = False) -> Callable[[], None]:
    """A button as wide as its card, for a thumb."""

    def button() -> None:
        if not navigation.is_open(target):
            return
        if st.button(label, type="primary" if primary else "secondary", key=f"today_go_{label}", width="stretch"):
            navigation.go(target)

    return button


def _changes(found: Today, product: Product) -> None:
    with st.container(gap="small", key="section_since"):
        heading(words.SINCE)
        st.markdown("\n".join(f"- {escape_markdown(one)}" for one in words.changes(found, product)))
        with st.container(horizontal=True):
            if found.files and navigation.is_open(navigation.DATA) and st.button("Ver dados", key="today_go_data"):
                navigation.go(navigation.DATA)
            tells = found.outcomes and product.contacts is not None and navigation.is_open(navigation.EFFECT)
            if tells and st.button("Ver efeito", key="today_go_effect"):
                navigation.go(navigation.EFFECT)


show()
