"""Emptied slots: how many offers each needs, who is asked first, and what became of what was offered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import streamlit as st

from dashboard import state
from dashboard.components.page import empty, heading, refusal
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import escape_markdown
from pipeline.presentation.locale import messages
from pipeline.presentation.locale.numbers import moment, number
from pipeline.presentation.sentences import slot_words as words
from pipeline.records import DatasetInfo
from pipeline.records.slots import EmptiedSlot, Offer, OfferState, SlotBoard, SlotStanding, WaitingEntry
from pipeline.services.data import waiting
from pipeline.services.pages import call_scripts, refill, slot_board
from pipeline.services.pages.slot_board import Wish

_REFUSED, _SEEN = "slots_refused", "slots_identities"
_CHANCES, _HOURS, _SHOWN = (0.5, 0.8, 0.9, 0.95), (2, 4, 24, 48), 5


def wish() -> Wish:
    """How slots are offered, as the controls of this page say."""
    held = st.session_state
    return Wish(held.get("slots_chance", 0.8), bool(held.get("slots_at_once", True)), held.get("slots_by", ""))


def page_number() -> int:
    """Which page of slots is shown."""
    return int(st.session_state.get("slots_page", 1))


def show(info: DatasetInfo, product_key: str, found: SlotBoard) -> None:
    """The section: controls, a card for each slot, what is open elsewhere, what was accepted."""
    if told := st.session_state.pop(_REFUSED, ""):
        st.error(escape_markdown(told), icon=":material/sync_problem:")
    if not found.slots and not found.accepted and not found.elsewhere:
        empty(
            "Nenhuma vaga esvaziada",
            "No arquivo aberto nenhum agendamento que ainda vai acontecer foi desmarcado e ficou livre. Envie a "
            "agenda de novo quando alguém desmarcar.",
            key="slots_none",
        )
        return
    _controls(product_key)
    names = _names(info, found)
    for one in found.standing:
        _slot(info, one, found, names)
    if found.pages > 1:
        st.pagination(found.pages, key="slots_page", max_visible_pages=5)
    _unawaited(found.unawaited, found.nobody)
    _ended(info, found, names)
    st.markdown(f":small[:gray[{escape_markdown(words.counts(found.counts))}]]")


def _controls(product_key: str) -> None:
    labels = {"": "só pelo tempo de espera"} | dict(slot_board.dimensions(product_key))
    with st.popover("Como oferecer", icon=":material/tune:"):
        st.selectbox(
            "Chance de preencher a vaga",
            _CHANCES,
            index=1,
            format_func=lambda chance: f"{number(chance * 100)}%",
            key="slots_chance",
        )
        st.toggle("Oferecer a várias pessoas de uma vez", value=True, key="slots_at_once")
        st.selectbox(
            "Responder em até", _HOURS, index=2, format_func=lambda hours: f"{number(hours)} horas", key="slots_hours"
        )
        st.selectbox(
            "Nenhum grupo fica para trás por",
            list(labels),
            format_func=labels.__getitem__,
            key="slots_by",
            help="Quem espera há mais tempo vem primeiro; nenhum grupo recebe menos de 80% da sua parte da fila.",
        )


def _unawaited(slots: Sequence[EmptiedSlot], every: int) -> None:
    """The first of the slots that nobody waits for, folded: they are known, and nothing is to be done."""
    if not slots:
        return
    with st.expander(words.unawaited(every)):
        st.markdown("\n".join(f"- {escape_markdown(words.slot(one))}" for one in slots))
        if every > len(slots):
            st.markdown(f":small[:gray[E mais {number(every - len(slots))}, mais adiante.]]")


def _names(info: DatasetInfo, found: SlotBoard) -> dict[str, str]:
    """The clinic's own ids of those shown, where somebody asks for them; each showing is on record."""
    if not state.may(waiting.patients) or not st.toggle("Mostrar o id da clínica", key=_SEEN, persist_state="session"):
        return {}
    shown = {offer.entry for one in found.standing for offer in one.open}
    shown |= {entry.key for one in found.standing for entry in one.first[:_SHOWN]}
    shown |= {offer.entry for offer in (*found.elsewhere, *found.accepted)}
    some = [entry for entry in waiting.entries(state.session(), info.series) if entry.key in shown]
    first = state.first_showing(state.short_hash(("waiting", info.series, sorted(shown))))
    named = waiting.patients(state.session(), info.series, some, on_record=first) if some else {}
    if some and not named:
        st.markdown(":small[:gray[A planilha da fila já foi apagada: os ids não podem mais ser mostrados.]]")
    return named


def _called(entry: str, patient: str, names: dict[str, str]) -> str:
    return names.get(entry) or call_scripts.shown_name(patient)


def _slot(info: DatasetInfo, one: SlotStanding, found: SlotBoard, names: dict[str, str]) -> None:
    key = one.slot.key
    with st.container(border=True, gap="small", key=f"slot_{key}"):
        st.markdown(
            f"**{escape_markdown(words.slot(one.slot))}**  \n"
            f":small[:gray[{escape_markdown(words.needed(one, at_once=wish().at_once))}]]"
        )
        if one.first:
            _first(one.first, names)
        if one.first and state.may(refill.make):
            people = number(len(one.first))
            st.button(
                f"Oferecer a mais {people}" if one.open else f"Oferecer a {people}",
                type="secondary" if one.open else "primary",
                key=f"slot_offer_{key}",
                width="stretch",
                on_click=_offer,
                args=(info.id, one),
            )
        _open(info, one.open, found, names, key)


def _first(entries: Sequence[WaitingEntry], names: dict[str, str]) -> None:
    today = state.session().today()
    said = ", ".join(
        f"{_called(entry.key, entry.patient, names)} ({words.waited(entry.since, today)})" for entry in entries[:_SHOWN]
    )
    more = "…" if len(entries) > _SHOWN else "."
    st.markdown(f":small[Primeiro: {escape_markdown(said)}{more}]")


def _open(info: DatasetInfo, offers: Sequence[Offer], found: SlotBoard, names: dict[str, str], key: str) -> None:
    """Open offers with what may come of them; beyond the first few behind a switch."""
    whole = len(offers) > _SHOWN and st.toggle(f"Ver todas as {number(len(offers))} ofertas abertas", key=f"all_{key}")
    for offer in offers if whole else offers[:_SHOWN]:
        until = f"responder até {moment(offer.until, state.session().now())}" if offer.until else ""
        told = (
            _called(offer.entry, offer.patient, names),
            words.waited(found.since.get(offer.entry), state.session().today()),
            until,
        )
        with st.container(gap="xxsmall", key=f"offer_{offer.id}"):
            st.markdown(f":small[{escape_markdown(' · '.join(part for part in told if part))}]")
            with st.container(horizontal=True, key=f"offer_ways_{offer.id}"):
                _way(info, offer, "Aceita", OfferState.ACCEPTED)
                _way(info, offer, "Recusada", OfferState.DECLINED)
                _way(info, offer, "Retirar", OfferState.WITHDRAWN)


def _way(info: DatasetInfo, offer: Offer, label: str, to: OfferState) -> None:
    if not state.may(refill.answer):
        return
    st.button(label, key=f"offer_{to}_{offer.id}", on_click=_answer, args=(info.id, offer, to))


def _ended(info: DatasetInfo, found: SlotBoard, names: dict[str, str]) -> None:
    """Offers of slots that the file doesn't hold any more, and the slots that were taken."""
    if found.elsewhere:
        heading("Ofertas de vagas que saíram do arquivo", "Avise quem ainda não respondeu.")
        for offer in found.elsewhere:
            with st.container(border=True, key=f"elsewhere_{offer.id}"):
                st.markdown(f"**{escape_markdown(words.slot(offer.slot))}**")
                _open(info, (offer,), found, names, offer.id)
    if found.accepted:
        heading("Vagas preenchidas")
        for offer in found.accepted:
            with st.container(horizontal=True, vertical_alignment="center", key=f"accepted_{offer.id}"):
                told = f"{words.slot(offer.slot)}: {_called(offer.entry, offer.patient, names)}"
                st.markdown(f":small[:green[{escape_markdown(told)}]]")
                _way(info, offer, "Retirar", OfferState.WITHDRAWN)


def _offer(dataset_id: str, one: SlotStanding) -> None:
    """Offers to those who were shown; whoever was asked meanwhile by somebody else is passed over."""
    until = state.session().now() + dt.timedelta(hours=st.session_state.get("slots_hours", _HOURS[2]))
    try:
        refill.make(state.session(), dataset_id, one.slot, one.first, until.replace(microsecond=0))
    except PresencaError as error:
        st.session_state[_REFUSED] = messages.refusal(error)


def _answer(dataset_id: str, offer: Offer, to: OfferState) -> None:
    try:
        refill.answer(state.session(), dataset_id, offer.id, to, expected_version=offer.version)
    except PresencaError as error:
        st.session_state[_REFUSED] = messages.refusal(error)


def coming(info: DatasetInfo) -> None:
    """The slots that are likely to be emptied at the last moment; what is missing where the files don't tell."""
    try:
        found = slot_board.late_coming(state.session(), info.id)
    except PresencaError as error:
        refusal(error)
        return
    heading("Vagas que devem se esvaziar em cima da hora")
    if found is None:
        told = (
            "Os arquivos desta série não dizem em que dia um agendamento foi desmarcado. Com a coluna “Data do "
            "cancelamento”, esta conta aparece aqui."
        )
        st.markdown(f":small[:gray[{told}]]")
        return
    st.markdown(escape_markdown(words.late_coming(found)))
