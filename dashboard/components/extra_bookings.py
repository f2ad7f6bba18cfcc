"""Extra bookings: how many each session of the agenda takes at a chosen chance of overflow, and whom they burden."""

from __future__ import annotations

import streamlit as st

from dashboard import navigation, state, text
from dashboard.components import not_here
from dashboard.components.page import empty, heading, refusal
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import escape_markdown
from pipeline.presentation.locale.numbers import number
from pipeline.presentation.sentences import slot_words as words
from pipeline.records import DatasetInfo, ModelInfo
from pipeline.records.slots import OverbookingPolicy, SlotBoard
from pipeline.services.pages import agenda, attendances
from pipeline.services.pages.attendances import Overbooked

_SHOWN = 8
_AUTO, _DAY = "auto", "day"
_BY = {_AUTO: "unidade, dia e profissional ou procedimento", _DAY: "unidade e dia"}


def show(current: state.Current, info: DatasetInfo, board: SlotBoard) -> None:
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
    policy, minutes, by = _policy()
    try:
        with st.spinner("Calculando quantos virão…"):
            scored = agenda.score(state.session(), info.id, current.model.id)
            found = attendances.plan(state.session(), scored, policy, by=by, minutes=minutes)
    except PresencaError as error:
        refusal(error)
        return
    _plan(current, found, policy)
    _checked(current.model, found, by)


def _refill_first(board: SlotBoard) -> None:
    """Overbooking comes after the waiting list: what is still to be refilled is said first."""
    if board.slots or board.opened:
        st.info(escape_markdown(words.refill_first(board)), icon=":material/event_seat:")


def _policy() -> tuple[OverbookingPolicy, float, str | None]:
    with st.container(border=True, gap="small", key="extra_policy"):
        chance = st.slider("Chance aceita de vir mais gente do que vagas (%)", 1, 10, 5, key="extra_chance")
        with st.container(horizontal=True, key="extra_numbers"):
            most = st.number_input("Máximo de encaixes por agenda", 0, 10, 2, key="extra_most", width=220)
            minutes = st.number_input(
                "Minutos por vaga", 5, 120, int(attendances.MINUTES), step=5, key="extra_minutes", width=220
            )
        by = st.selectbox("Uma agenda é", list(_BY), format_func=_BY.__getitem__, key="extra_by")
        if minutes == attendances.MINUTES:
            st.markdown(
                f":small[:orange[{number(minutes)} minutos por vaga é um exemplo: diga os da clínica para que as "
                "esperas sejam as suas.]]"
            )
    return OverbookingPolicy(chance=chance / 100, most=int(most)), float(minutes), "" if by == _DAY else None


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
