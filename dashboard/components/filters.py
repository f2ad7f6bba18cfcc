"""The filters of the risk page: period and the two that are used most in a row, the rest in a popover."""

from __future__ import annotations

import datetime as dt
from functools import partial

import streamlit as st

from dashboard import state, text
from pipeline.contract import Product
from pipeline.presentation.text import shorten
from pipeline.services.risk import Filters, Options

PERIODS = {"all": "Todo o período", "365": "Últimos 12 meses", "182": "Últimos 6 meses", "91": "Últimos 3 meses",
           "30": "Últimos 30 dias", "own": "Escolher datas"}
ROW = 2  # filters beside the period; the rest goes into the popover


def _key(name: str) -> str:
    return f"filter_{name}"


def read(product: Product, options: Options) -> Filters:
    """The choice that the widgets hold; read before they are drawn, so that the finding above them fits it."""
    first, last = _period(options)
    chosen = {name: tuple(values) for name, _ in options.values if (values := _values(name, options))}
    return Filters(first, last, chosen)


def _values(name: str, options: Options) -> list[str]:
    held = st.session_state.get(_key(name))
    known = set(options.of(name))
    return [value for value in (held if isinstance(held, list) else [held]) if value in known]


def _period(options: Options) -> tuple[dt.date | None, dt.date | None]:
    choice = st.session_state.get(_key("period"), "all")
    if choice == "own":
        held: tuple[dt.date, ...] = st.session_state.get(_key("dates")) or ()
        return (held[0], held[1]) if len(held) == 2 else (None, None)
    if choice == "all" or options.last_date is None:
        return None, None
    return options.last_date - dt.timedelta(days=int(choice) - 1), None


def show(product: Product, options: Options) -> None:
    """Draws the widgets."""
    present = [name for name, values in options.values if values]
    preferred = [d.column for d in product.dimensions if d.chart == "map" or d.column == product.dimensions[-1].column]
    quick = [n for n in _quick(product) if n in present][:ROW] or preferred[:ROW]
    more = [n for n in present if n not in quick]
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        st.selectbox("Período", list(PERIODS), format_func=PERIODS.__getitem__, key=_key("period"), width=168,
                     persist_state="session")
        for name in quick:
            label = product.column_label(name)
            st.selectbox(label, [None, *options.of(name)], key=_key(name), width=168, persist_state="session",
                         format_func=partial(_named, label))
        with st.popover("Mais filtros", icon=":material/tune:"):
            if st.session_state.get(_key("period")) == "own":
                st.date_input("De e até", value=(options.first_date, options.last_date), min_value=options.first_date,  # type: ignore[arg-type]
                              max_value=options.last_date, format="DD/MM/YYYY", key=_key("dates"))
            for name in more:
                st.multiselect(product.column_label(name), options.of(name), key=_key(name), placeholder=text.every(product.column_label(name)),
                               persist_state="session", format_func=lambda v: shorten(v, 40))
        if read(product, options) != Filters(None, None, {}):
            st.button("Limpar", icon=":material/close:", type="tertiary", on_click=_clear, args=(options,), key="clear_filters")


def _named(noun: str, value: str | None) -> str:
    return text.every(noun) if value is None else shorten(value, 30)


def _quick(product: Product) -> list[str]:
    """The map first (where in the country), then what the reader compares most."""
    maps = [d.column for d in product.dimensions if d.chart == "map"]
    rest = [d.column for d in product.dimensions[1:] if d.chart != "map"]
    return [*maps, *rest]


def _clear(options: Options) -> None:
    for name, _ in options.values:
        held = st.session_state.get(_key(name))
        st.session_state[_key(name)] = [] if isinstance(held, list) else None
    st.session_state[_key("period")] = "all"


def tag(filters: Filters) -> str:
    """A short hash of a choice for the names of downloads."""
    return state.short_hash((filters.first_date, filters.last_date, sorted(filters.values.items())))
