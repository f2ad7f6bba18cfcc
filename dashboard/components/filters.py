"""The filters of the risk page: period and the two that are used most in a row, the rest in a popover."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import partial

import streamlit as st

from dashboard import address, state, text
from pipeline.contract import Product
from pipeline.presentation.escaping import escape_markdown, file_stem, shorten
from pipeline.services.pages.risk import Filters, Options

PERIODS = {
    "all": "Todo o período",
    "365": "Últimos 12 meses",
    "182": "Últimos 6 meses",
    "91": "Últimos 3 meses",
    "30": "Últimos 30 dias",
    "own": "Escolher datas",
}
ROW = 2  # filters beside the period; the rest goes into the popover
_ASKED = "filters_asked"
ALL = ""  # what a filter of one value holds when it filters nothing


def _key(name: str) -> str:
    return f"filter_{name}"


def several(values: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    """The columns that have something to choose between, with their values: where a file's column is empty, or says
    the same in every row, there is nothing to filter by or to compare."""
    return {name: known for name, known in values if len(known) > 1}


def choices(product: Product, options: Options) -> list[address.Choice]:
    """What the address holds of the filters: values of dimensions, which identify nobody."""
    quick = _quick(product, options)
    found = [
        address.Choice("periodo", _key("period"), address.among(PERIODS), "all"),
        address.Choice("datas", _key("dates"), address.a_date, (options.first_date, options.last_date), many=True),
    ]
    for name, values in options.values:
        many = name not in quick
        found.append(
            address.Choice(
                file_stem(product.column_label(name)), _key(name), address.among(values), [] if many else ALL, many=many
            )
        )
    return found


def unknown(product: Product, options: Options) -> str:
    """What an address asked for that this file doesn't have; said once, when somebody arrives by it."""
    if not address.arrived():
        return ""
    odd = [
        word
        for choice in choices(product, options)
        for word in st.query_params.get_all(choice.name)
        if choice.read(word) is None
    ]
    if not odd:
        return ""
    lacks = "que este arquivo não tem ou que não é das suas unidades" if options.only else "que este arquivo não tem"
    named = ", ".join(f"“{shorten(word, 40)}”" for word in odd[:3])
    return f"O endereço pedia {named}{' e outros' if len(odd) > 3 else ''}, {lacks}: esse filtro não foi usado."


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
    return options.last_date - dt.timedelta(days=int(choice) - 1), options.last_date


def show(product: Product, options: Options) -> None:
    """Draws the widgets."""
    quick = _quick(product, options)
    more = [name for name in several(options.values) if name not in quick]
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        if options.last_date is not None:
            _period_choice(options)
        for name in quick:
            label = product.column_label(name)
            st.selectbox(
                label,
                [ALL, *options.of(name)],
                key=_key(name),
                width=168,
                persist_state="session",
                format_func=partial(_named, label),
            )
        if more:
            _more(product, options, more)
        if read(product, options) != Filters(None, None, {}):
            st.button(
                "Limpar",
                icon=":material/close:",
                type="tertiary",
                on_click=_clear,
                args=(product, options),
                key="clear_filters",
            )


def _period_choice(options: Options) -> None:
    st.selectbox(
        "Período",
        list(PERIODS),
        format_func=PERIODS.__getitem__,
        key=_key("period"),
        width=168,
        persist_state="session",
    )
    if st.session_state.get(_key("period")) == "own":
        _dates(options)


def _more(product: Product, options: Options, names: list[str]) -> None:
    with st.popover("Mais filtros", icon=":material/tune:"):
        for name in names:
            label = product.column_label(name)
            st.multiselect(
                label,
                options.of(name),
                key=_key(name),
                placeholder=text.every(label),
                select_all=False,
                persist_state="session",
                format_func=lambda v: shorten(v, 60),
            )


def _dates(options: Options) -> None:
    """From and to; dates that an address gave are kept inside the file's own."""
    held = st.session_state.get(_key("dates"))
    if held and options.first_date and options.last_date:
        st.session_state[_key("dates")] = tuple(min(max(day, options.first_date), options.last_date) for day in held)
    st.date_input(
        "De e até",
        value=(options.first_date, options.last_date),
        min_value=options.first_date,  # type: ignore[arg-type]
        max_value=options.last_date,
        format="DD/MM/YYYY",
        key=_key("dates"),
        width=230,
    )


def _named(noun: str, value: str) -> str:
    return text.every(noun) if value == ALL else shorten(value, 60)


def _quick(product: Product, options: Options) -> list[str]:
    """The map first (where in the country), then what the reader compares most:
    those that there is something to choose of.
    """
    maps = [d.column for d in product.dimensions if d.chart == "map"]
    rest = [d.column for d in product.dimensions[1:] if d.chart != "map"]
    present = several(options.values)
    return [n for n in [*maps, *rest] if n in present][:ROW] or [
        n for n in (d.column for d in product.dimensions) if n in present
    ][:ROW]


def settle() -> None:
    """Gives the widgets what a click asked for; called before they are read. A run that another event interrupts before
    they are drawn would lose it to what the browser still holds: it is kept until `keep` ends a whole run."""
    for key, value in st.session_state.get(_ASKED, {}).items():
        st.session_state[key] = value


def _ask(name: str, value: str | list[str]) -> None:
    st.session_state[_ASKED] = {**st.session_state.get(_ASKED, {}), _key(name): value}


def toggle(product: Product, options: Options, name: str, value: str) -> bool:
    """A click on a value: filters by it, or no longer where it was the filter. Whether it filters now."""
    on = _values(name, options) != [value]
    if name in _quick(product, options):
        _ask(name, value if on else ALL)
    else:
        _ask(name, [value] if on else [])
    return on


def free(product: Product, options: Options, name: str) -> None:
    """Takes the filter of a dimension away."""
    _ask(name, ALL if name in _quick(product, options) else [])


def keep(product: Product, options: Options) -> None:
    """Writes the choice into the address; the end of a whole run."""
    st.session_state.pop(_ASKED, None)
    own = st.session_state.get(_key("period")) == "own"
    address.keep([choice for choice in choices(product, options) if own or choice.name != "datas"])


def _clear(product: Product, options: Options) -> None:
    state.close_rows()
    for name, _ in options.values:
        free(product, options, name)
    _ask("period", "all")


def warn_unknown(said: str) -> None:
    """The sentence of `unknown`, if there is one."""
    if said:
        st.info(escape_markdown(said), icon=":material/link:")


def tag(filters: Filters) -> str:
    """A short hash of a choice for the names of downloads."""
    return state.short_hash((filters.first_date, filters.last_date, sorted(filters.values.items())))
