"""What of the list is shown: day, unit and tier (in the address), the file, the day it is made on, and who is named."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard import address, state, text
from pipeline.contract import Role
from pipeline.presentation.escaping import file_stem, shorten
from pipeline.presentation.sentences import agenda_words
from pipeline.records import DatasetInfo
from pipeline.services.pages import call_files
from pipeline.services.pages.agenda import Agenda, ListFilters

ALL = "todos"
_UNIT, _TIER, _BY_ROW, _IDENTIFIED, _NAMED = "agenda_unit", "agenda_tier", "agenda_by_row", "agenda_identities", 30


@dataclass(frozen=True)
class Choice:
    """What the reader chose."""

    filters: ListFilters
    by_row: bool
    identified: bool


def as_of_key(info: DatasetInfo, current: state.Current) -> str:
    """The session's key of the day that a list is made for: one a data set and model."""
    return f"as_of_{info.id}_{current.model.id if current.model else ''}"


def picked_key(current: state.Current) -> str:
    """A pick holds while the same file is open: another one brings its own list."""
    return f"agenda_dataset_{current.dataset.id if current.dataset else ''}"


def list_choices(info: DatasetInfo, current: state.Current) -> list[address.Choice]:
    """The day that the list is made on, as the address names it."""
    return [address.Choice("lista", as_of_key(info, current), address.a_date)]


def choices(current: state.Current, scored: Agenda) -> list[address.Choice]:
    """The filters, as the address names them: they identify nobody."""
    place = current.product.by_role(Role.UNIT)
    unit = (
        [address.Choice(file_stem(place.label), _UNIT, address.among(scored.units), default="")]
        if place is not None and len(scored.units) > 1
        else []
    )
    return [
        address.Choice("dia", _day_key(scored), address.among([ALL, *scored.days]), default=_opening(scored)),
        *unit,
        address.Choice("faixa", _TIER, address.among(text.TIERS), default=""),
    ]


def _day_key(scored: Agenda) -> str:
    """Each list opens on its own day."""
    return f"agenda_day_{scored.dataset_id}_{scored.as_of:%Y%m%d}"


def _opening(scored: Agenda) -> dt.date | str:
    return scored.opening if scored.opening in scored.days else ALL


def show(current: state.Current, found: tuple[DatasetInfo, ...], chosen: DatasetInfo, scored: Agenda) -> Choice:
    """The row of filters; what else can be chosen is in a popover."""
    _keep_known(_UNIT, ("", *scored.units), "")
    _keep_known(_TIER, ("", *text.TIERS), "")
    _keep_known(_day_key(scored), (ALL, *scored.days), _opening(scored))
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        if scored.looks_back:
            _as_of(current, chosen, scored)
        day = _day(scored)
        unit = _unit(current, scored)
        tier = st.selectbox(
            "Faixa",
            ["", *text.TIERS],
            key=_TIER,
            width=168,
            persist_state="session",
            format_func=lambda t: text.TIERS[t] if t else "Todas",
        )
        with st.popover("Lista e data", icon=":material/tune:"):
            pick_file(current, found, chosen)
            if not scored.looks_back:
                _as_of(current, chosen, scored)
            by_row = st.toggle(
                f"Uma linha por {current.product.words.row}",
                key=_BY_ROW,
                persist_state="session",
                disabled=current.product.by_role(Role.PATIENT) is None,
            )
            identified = _identified(chosen)
    filters = ListFilters(day, (unit,) if unit else (), (tier,) if tier else ())
    return Choice(filters, bool(by_row), identified)


def pick_file(current: state.Current, found: tuple[DatasetInfo, ...], chosen: DatasetInfo) -> None:
    """The file whose list is shown."""
    st.selectbox(
        "Arquivo",
        [d.id for d in found],
        key=picked_key(current),
        index=found.index(chosen),
        format_func=lambda i: shorten(next(d.name for d in found if d.id == i), 40),
    )


def back_to_usual_day(current: state.Current, chosen: DatasetInfo) -> None:
    """The way back, where another day than the usual one was picked."""
    key = as_of_key(chosen, current)
    if st.session_state.get(key):
        st.button("Voltar à data de antes", key="rescore_back", on_click=_forget, args=(key,))


def _keep_known(key: str, options: tuple[Any, ...], default: Any) -> None:
    """What was chosen for another list holds only where this one has it."""
    if st.session_state.get(key) not in options:
        st.session_state[key] = default


def _day(scored: Agenda) -> dt.date | None:
    day = st.selectbox(
        "Dia",
        [ALL, *scored.days],
        key=_day_key(scored),
        width=248,
        persist_state="session",
        format_func=lambda d: agenda_words.day(None if d == ALL else d),
    )
    if day != ALL and len(scored.days) > 1:
        st.button(agenda_words.EVERY_DAY, key="every_day", on_click=_every_day, args=(_day_key(scored),))
    return day if isinstance(day, dt.date) else None


def _every_day(key: str) -> None:
    st.session_state[key] = ALL


def _unit(current: state.Current, scored: Agenda) -> str | None:
    place = current.product.by_role(Role.UNIT)
    if place is None or len(scored.units) < 2:
        return None
    return st.selectbox(
        place.label,
        ["", *scored.units],
        key=_UNIT,
        width=200,
        persist_state="session",
        format_func=lambda u: shorten(u, _NAMED) if u else text.every(place.label),
    )


def _as_of(current: state.Current, chosen: DatasetInfo, scored: Agenda) -> None:
    """The day that the list is made on; one before known outcomes shows the list as it would have been."""
    key = as_of_key(chosen, current)
    picked = st.date_input(
        "Como se fosse o dia" if scored.looks_back else "Data da lista",
        value=scored.as_of,
        min_value=scored.first,
        max_value=scored.last,
        format="DD/MM/YYYY",
        key=f"pick_{key}_{scored.as_of}",
        width=168,
    )
    if not scored.looks_back:
        st.markdown(
            ":small[:gray[O risco usa só o que já se sabia nesta data. Uma data antes dos resultados mostra como "
            "teria sido.]]"
        )
    if (
        isinstance(picked, dt.date)
        and picked != scored.as_of
        and st.button("Refazer a lista", type="primary", key="rescore")
    ):
        st.session_state[key] = picked
        st.rerun()
    else:
        back_to_usual_day(current, chosen)


def _forget(key: str) -> None:
    st.session_state.pop(key, None)


def _identified(chosen: DatasetInfo) -> bool:
    """Permission to show who the patients are, given anew in each session and only while the sheet is kept."""
    if not state.may(call_files.identities) or not call_files.can_identify(state.session(), chosen.id):
        return False
    allowed = st.toggle("Mostrar id e telefone da clínica", key=f"{_IDENTIFIED}_{chosen.id}", persist_state="session")
    st.markdown(f":small[:gray[{agenda_words.IDENTITIES}]]")
    return bool(allowed)
