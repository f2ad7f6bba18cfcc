"""Extra bookings: how many each session of the agenda takes at a chosen chance of overflow, and whom they burden."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from dashboard import navigation, state, text
from dashboard.components import not_here
from dashboard.components.page import empty, heading, refusal
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import escape_markdown
from pipeline.presentation.locale import messages
from pipeline.presentation.locale.numbers import number
from pipeline.presentation.sentences import slot_words as words
from pipeline.records import DatasetInfo, ModelInfo
from pipeline.records.series_settings import EXAMPLE_MINUTES, ExtraBookings
from pipeline.records.slots import OverbookingPolicy, SlotBoard
from pipeline.services.data import series_settings
from pipeline.services.pages import agenda, attendances
from pipeline.services.pages.attendances import Overbooked

_SHOWN = 8
_AUTO, _DAY, _REFUSED = "auto", "day", "extra_refused"
_BY = {_AUTO: "unidade, dia e profissional ou procedimento", _DAY: "unidade e dia"}


def show(current: state.Current, series_id: str, info: DatasetInfo, board: SlotBoard) -> None:
    """The section; without a model, or with one that does not carry over, why there is none."""
    if current.model is None:
        empty(
            text.NO_MODEL,
            text.NO_MODEL_WHY + " Sem risco não se sabe quantos virão.",
            link=navigation.MODEL,
            link_label="Treinar um modelo",
            key="slots_no_model",
        )
        return
    found_here = not_here.of(current, info.id, else_series=True)
    if found_here is not None and found_here.withheld:
        not_here.show(found_here, current, "os encaixes")
        return
    _refill_first(board)
    kept = _allowed(series_id)
    by = "" if kept.whole_day else None
    try:
        with st.spinner("Calculando quantos virão…"):
            scored = agenda.score(state.session(), info.id, current.model.id)
            found = attendances.plan(state.session(), scored, kept.policy, by=by, minutes=kept.minutes)
    except PresencaError as error:
        refusal(error)
        return
    _plan(current, found, kept.policy)
    _checked(current.model, found, by)


def _refill_first(board: SlotBoard) -> None:
    """Overbooking comes after the waiting list: what is still to be refilled is said first."""
    if board.slots or board.opened:
        st.info(escape_markdown(words.refill_first(board)), icon=":material/event_seat:")


def _allowed(series_id: str) -> ExtraBookings:
    """What the series allows, as fields that change it for everybody who opens it."""
    kept = series_settings.extra(state.session(), series_id)
    policy = kept.policy
    shown = {
        "chance": round(100 * policy.chance),
        "most": policy.most,
        "bound": round(100 * policy.bound),
        "minutes": int(kept.minutes),
        "by": _DAY if kept.whole_day else _AUTO,
    }
    for name, value in shown.items():
        st.session_state[f"extra_{name}"] = value  # what is kept, also where somebody else changed it meanwhile
    changed: dict[str, Any] = {"on_change": _keep, "args": (series_id,)}
    with st.container(border=True, gap="small", key="extra_policy"):
        st.slider("Chance aceita de vir mais gente do que vagas (%)", 1, 50, key="extra_chance", **changed)
        with st.container(horizontal=True, key="extra_numbers"):
            st.number_input("Máximo de encaixes por agenda", 0, 20, key="extra_most", width=220, **changed)
            st.number_input("Minutos por vaga", 5, 480, step=5, key="extra_minutes", width=220, **changed)
            st.number_input(
                "Espera a mais do grupo pior (%)",
                0,
                1_000,
                step=5,
                key="extra_bound",
                width=220,
                help="Quanto a espera do grupo mais atingido pode passar da média de todos.",
                **changed,
            )
        st.selectbox("Uma agenda é", list(_BY), format_func=_BY.__getitem__, key="extra_by", **changed)
        st.markdown(":small[:gray[Estes números valem para todos que abrem esta série.]]")
        if kept.minutes == EXAMPLE_MINUTES:
            st.markdown(
                f":small[:orange[{number(kept.minutes)} minutos por vaga é um exemplo: diga os da clínica para que as "
                "esperas sejam as suas.]]"
            )
    if told := st.session_state.pop(_REFUSED, ""):
        st.error(escape_markdown(told), icon=":material/block:")
    return kept


def _keep(series_id: str) -> None:
    """Keeps what stands in the fields; what they do not show stays as it is."""
    kept, held = series_settings.extra(state.session(), series_id), st.session_state
    policy = replace(
        kept.policy,
        chance=held["extra_chance"] / 100,
        most=int(held["extra_most"]),
        bound=held["extra_bound"] / 100,
    )
    wanted = ExtraBookings(policy, float(held["extra_minutes"]), held["extra_by"] == _DAY)
    try:
        series_settings.set_extra(state.session(), series_id, wanted)
    except PresencaError as error:
        held[_REFUSED] = messages.refusal(error)


def _plan(current: state.Current, found: Overbooked, policy: OverbookingPolicy) -> None:
    plan = found.plan
    if not found.places:
        empty(
            "Nenhuma agenda a encaixar",
            "O arquivo aberto não tem agendamentos que ainda vão acontecer.",
            key="extra_nothing",
        )
        return
    heading(words.extra_in_all(plan))
    worst = words.group(plan.groups[0].group, current.product) if plan.groups else ""
    st.markdown(escape_markdown(words.burden(plan, worst, policy.bound)))
    pairs = sorted(zip(found.places, plan.sessions, strict=True), key=lambda pair: not pair[1].slots)
    whole = len(pairs) > _SHOWN and st.toggle(f"Ver todas as {number(len(pairs))} agendas", key="extra_all")
    for place, session in pairs if whole else pairs[:_SHOWN]:
        with st.container(border=True, gap="xxsmall"):
            st.markdown(
                f"**{escape_markdown(words.place(place.unit, place.day, place.by))}**  \n"
                f"{escape_markdown(words.extra(session))}  \n"
                f":small[:gray[{escape_markdown(words.attendance(session.attendance))}]]"
            )


def _checked(model: ModelInfo, found: Overbooked, by: str | None) -> None:
    told = (
        attendances.checked(state.session(), model.id, model.dataset_id, found.spread, by=by)
        if model.dataset_id
        else None
    )
    st.markdown(f":small[:gray[{escape_markdown(words.coverage(told))}]]")
