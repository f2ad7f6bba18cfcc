"""What of the list is shown: day, unit and tier (in the address), the file, the day it is made on, and who is named."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import streamlit as st

from dashboard import state, text
from pipeline.contract import Role
from pipeline.presentation import agenda_words
from pipeline.presentation.text import shorten
from pipeline.records import DatasetInfo
from pipeline.services import call_files
from pipeline.services.agenda import Agenda, ListFilters

DAY, UNIT, TIER = "dia", "unidade", "faixa"  # keys of the session and of the address alike: they identify nobody
_BY_ROW, _IDENTIFIED, _NAMED = "agenda_by_row", "agenda_identities", 30


@dataclass(frozen=True)
class Choice:
    """What the reader chose."""

    filters: ListFilters
    by_row: bool
    identified: bool


def as_of_key(info: DatasetInfo, current: state.Current) -> str:
    return f"as_of_{info.id}_{current.model.id if current.model else ''}"


def picked_key(current: state.Current) -> str:
    """A pick holds while the same file is open: another one brings its own list."""
    return f"agenda_dataset_{current.dataset.id if current.dataset else ''}"


def show(current: state.Current, found: tuple[DatasetInfo, ...], chosen: DatasetInfo, scored: Agenda) -> Choice:
    """The row of filters; what else can be chosen is in a popover."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        day = _day(scored)
        unit = _unit(current, scored)
        tier = st.selectbox("Faixa", [None, *text.TIERS], key=TIER, width=168, bind="query-params",
                            format_func=lambda t: "Todas" if t is None else text.TIERS[t])
        with st.popover("Lista e data", icon=":material/tune:"):
            st.selectbox("Arquivo", [d.id for d in found], key=picked_key(current), index=found.index(chosen),
                         format_func=lambda i: shorten(next(d.name for d in found if d.id == i), 40))
            _as_of(current, chosen, scored)
            by_row = st.toggle(f"Uma linha por {current.product.words.row}", key=_BY_ROW, persist_state="session",
                               disabled=current.product.by_role(Role.PATIENT) is None)
            identified = _identified(chosen)
    filters = ListFilters(day, (unit,) if unit else (), (tier,) if tier else ())
    return Choice(filters, bool(by_row), identified)


def _day(scored: Agenda) -> dt.date | None:
    days = [None, *scored.days]
    opening = days.index(scored.opening) if scored.opening in scored.days else 0
    day = st.selectbox("Dia", days, index=opening, key=DAY, width=248, bind="query-params", format_func=agenda_words.day)
    if day is not None and len(scored.days) > 1:
        st.button(agenda_words.EVERY_DAY, key="every_day", on_click=_every_day)
    return day


def _every_day() -> None:
    st.session_state[DAY] = None


def _unit(current: state.Current, scored: Agenda) -> str | None:
    place = current.product.by_role(Role.UNIT)
    if not scored.units or place is None:
        return None
    return st.selectbox(place.label, [None, *scored.units], key=UNIT, width=200, bind="query-params",
                        format_func=lambda u: text.every(place.label) if u is None else shorten(u, _NAMED))


def _as_of(current: state.Current, chosen: DatasetInfo, scored: Agenda) -> None:
    """The day that the list is made on; one before known outcomes shows the list as it would have been."""
    key = as_of_key(chosen, current)
    st.markdown(":small[:gray[O risco usa só o que já se sabia nesta data. Uma data antes dos resultados mostra como teria sido.]]")
    picked = st.date_input("Data da lista", value=scored.as_of, min_value=scored.first, max_value=scored.last, format="DD/MM/YYYY",
                           key=f"pick_{key}_{scored.as_of}")
    with st.container(horizontal=True):
        if isinstance(picked, dt.date) and picked != scored.as_of and st.button("Refazer a lista", type="primary", key="rescore"):
            st.session_state[key] = picked
            st.rerun()
        if st.session_state.get(key) and st.button("Voltar à data de antes", key="rescore_back"):
            st.session_state.pop(key)
            st.rerun()


def _identified(chosen: DatasetInfo) -> bool:
    """Permission to show who the patients are, given anew in each session and only while the sheet is kept."""
    if not call_files.can_identify(state.workspace(), chosen.id):
        return False
    allowed = st.toggle("Mostrar id e telefone da clínica", key=f"{_IDENTIFIED}_{chosen.id}", persist_state="session")
    st.markdown(f":small[:gray[{agenda_words.IDENTITIES}]]")
    return bool(allowed)
