"""Calling: the next patient as a card for one thumb, what came of the call, and on to the next."""

from __future__ import annotations

import secrets
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import address, drafts, state
from dashboard.components import calling_list
from dashboard.components.caller import ask, who
from dashboard.components.page import empty, finding, refusal
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import escape_markdown
from pipeline.presentation.frames.call_cards import Appointment
from pipeline.presentation.locale import messages, names
from pipeline.presentation.sentences import calling_words as words
from pipeline.records.contacts import (
    Barrier,
    CallTold,
    Channel,
    ContactOutcome,
    Never,
    NeverKind,
    Offered,
    QueueEntry,
)
from pipeline.services.pages import agenda, call_files, call_queue, call_scripts, contacts
from pipeline.services.pages.agenda import Agenda
from pipeline.services.pages.call_queue import Queue
from pipeline.services.pages.call_scripts import CallCard

LIST, CALL = PARTS = ("Lista", "Ligar")
PART = "agenda_part"
_ON, _PASSED, _REFUSED, _TURN = "calling", "calling_passed", "calling_refused", "calling_turn"
_SEEN, _LAST = "calling_identities", "calling_last"
_OUTCOMES = tuple(ContactOutcome)


def choice() -> address.Choice:
    """The part of the page, as the address names it."""
    return address.Choice("parte", PART, address.among(PARTS), default=LIST)


def part(current: state.Current) -> str:
    """Which part of the page is shown; the list alone where a product's patients are not contacted."""
    if not call_scripts.has_contacts(current.product) or not state.may(call_queue.next_to_call):
        return LIST
    if not state.may(agenda.page):
        return CALL
    address.given(choice())
    picked = st.segmented_control("Parte", PARTS, key=PART, required=True, label_visibility="collapsed")
    return picked or LIST


def show(current: state.Current, scored: Agenda, series_id: str, head: DeltaGenerator) -> None:
    """The queue, the card and what else belongs to a list. `scored`: the agenda that a new list is made of."""
    found = call_queue.queue(state.session(), series_id, who())
    if found is None:
        plans = state.may(call_queue.make_list)
        with head:
            finding(*words.no_queue(may_plan=plans))
        if plans:
            calling_list.settings(current, scored, series_id, opened=True)
        return
    with head:
        finding(*words.progress(found.counts), words.made(found.made))
    st.progress(min(found.counts.called_today / max(found.counts.today, 1), 1.0))
    _here(series_id)
    _refused()
    try:
        own = agenda.score(state.session(), found.made.dataset_id, found.made.model_id, found.made.as_of)
        _lately(series_id)
        _next(own, found, series_id)
    except PresencaError as error:
        refusal(error)
    calling_list.show(current, scored, found)


def _here(series_id: str) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key="calling_who"):
        ask("quem liga", 200)
        if others := words.calling_now(call_queue.being_called(state.session(), series_id, but=who())):
            st.markdown(f":small[:orange[{escape_markdown(others)}]]")


def _refused() -> None:
    if told := st.session_state.pop(_REFUSED, ""):
        st.error(escape_markdown(told), icon=":material/sync_problem:")


def _lately(series_id: str) -> None:
    """What was written down here last, while it can be taken back."""
    last = contacts.call_lately(state.session(), series_id, who())
    if last and last[0].call == st.session_state.get(_LAST):
        with st.container(horizontal=True, vertical_alignment="center", key="calling_lately"):
            said = names.contact_outcome(str(last[0].outcome))
            st.markdown(f":small[:green[Registrado: {escape_markdown(said)}.]]", width="content")
            st.button("Desfazer", key="calling_undo", on_click=_undo, args=(series_id, last[0].call))


def _undo(series_id: str, call: str) -> None:
    try:
        contacts.undo(state.session(), series_id, call, who())
        call_queue.release(state.session(), series_id, who())  # so that whoever was taken back comes again
    except PresencaError as error:
        st.session_state[_REFUSED] = messages.refusal(error)


def _next(scored: Agenda, found: Queue, series_id: str) -> None:
    """The card of the patient whom the caller has, also after a reload; a button for the first; or nobody is left."""
    if call_queue.held(state.session(), series_id, who()):
        st.session_state[_ON] = True
    if not st.session_state.get(_ON):
        if found.waiting:
            st.button("Próximo a ligar", type="primary", key="calling_start", on_click=_start, width="stretch")
        else:
            _nobody(found)
        return
    one = call_queue.next_to_call(state.session(), series_id, who(), but=st.session_state.get(_PASSED, ()))
    card = None if one is None else _card_of(scored, found, one, series_id)
    if one is None or card is None:
        _nobody(found)
        return
    with st.container(border=True, gap="small", key="calling_card"):
        _card(card, scored, one.attempts)
        _told(card, found, series_id)


def _card_of(scored: Agenda, found: Queue, one: QueueEntry, series_id: str) -> CallCard | None:
    by = found.made.settings.compared
    return call_scripts.card(state.session(), series_id, scored, one, by, who=who().who)


def _nobody(found: Queue) -> None:
    later = [one.again_at for one in found.entries if one.again_at is not None]
    empty(words.NOBODY_LEFT, words.nobody(found.counts, min(later, default=None)), key="calling_nobody")


def _start() -> None:
    st.session_state[_ON] = True


def _card(card: CallCard, scored: Agenda, attempts: int) -> None:
    called = call_scripts.shown_name(card.patient)
    st.markdown(f"**{escape_markdown(called)}**" + (f" :small[:gray[{attempts + 1}ª tentativa]]" if attempts else ""))
    _identities(card, scored)
    st.markdown("  \n".join(escape_markdown(_named(one)) for one in card.appointments))
    if card.circumstances:
        st.markdown("\n".join(f"- :small[:gray[{escape_markdown(said)}]]" for said in card.circumstances))
    if card.channel is not None:
        st.badge(words.by_chance(card.channel), icon=":material/shuffle:")
    if card.script:
        st.info(escape_markdown(card.script), icon=":material/chat:")


def _named(one: Appointment) -> str:
    return " · ".join(part for part in (one.when, one.what, one.told) if part)


def _identities(card: CallCard, scored: Agenda) -> None:
    """The clinic's own id and phone, where whoever calls asks for them; each showing is on record."""
    if not state.may(call_files.own_of) or not call_files.can_identify(state.session(), scored.dataset_id):
        return
    if st.toggle("Mostrar id e telefone da clínica", key=_SEEN, persist_state="session"):
        first = state.first_showing(state.short_hash((scored.dataset_id, card.patient)))
        own = call_files.own_of(state.session(), scored, card.rows[:1], on_record=first)
        st.markdown("  \n".join(f"{escape_markdown(name)}: **{escape_markdown(text)}**" for name, text in own))


def _label(text: str) -> str:
    """A word as a button has it."""
    return text[:1].upper() + text[1:]


def _key(card: CallCard, name: str) -> str:
    """A widget of this card: another patient, and the same one another time, begin anew."""
    return f"calling_{name}_{state.short_hash(card.patient)}_{st.session_state.get(_TURN, 0)}"


def _told(card: CallCard, found: Queue, series_id: str) -> None:
    """What came of the call: one press for all appointments; the rest behind a switch."""
    if st.toggle("Canal, barreira e anotação", key=_key(card, "more")):
        _details(card, found)
    if len(card.appointments) > 1 and st.toggle("Um resultado para cada agendamento", key=_key(card, "each")):
        for one in card.appointments:
            st.selectbox(
                escape_markdown(_named(one)),
                _OUTCOMES,
                index=None,
                placeholder="o mesmo do botão",
                format_func=lambda code: names.contact_outcome(str(code)),
                key=_key(card, f"of_{one.key}"),
            )
    with st.grid(2, min_column_width=150):
        for outcome in _OUTCOMES:
            st.button(
                _label(names.contact_outcome(str(outcome))),
                key=_key(card, f"to_{outcome}"),
                type="primary" if outcome is ContactOutcome.CONFIRMED else "secondary",
                width="stretch",
                on_click=partial(_record, card, found, series_id, outcome),
            )
        st.button("Pular", key=_key(card, "pass"), width="stretch", on_click=_pass, args=(card.patient,))
    with st.popover("Mais", icon=":material/more_horiz:"):
        _never(card, series_id)
        if state.may(contacts.override):
            calling_list.override(card, series_id, who())


def _details(card: CallCard, found: Queue) -> None:
    st.segmented_control(
        "Canal",
        tuple(Channel),
        default=card.channel or Channel.CALL,
        required=True,
        format_func=lambda code: _label(names.channel(str(code))),
        key=_key(card, "channel"),
    )
    st.pills(
        "O que o paciente disse que atrapalha",
        tuple(Barrier),
        format_func=lambda code: _label(names.barrier(str(code))),
        key=_key(card, "barrier"),
    )
    st.pills(
        "O que foi oferecido",
        tuple(Offered),
        format_func=lambda code: _label(names.offered(str(code))),
        key=_key(card, "offered"),
    )
    box = _key(card, "note")
    if box not in st.session_state:
        st.session_state[box] = drafts.of(_drafts(found)).get((0, card.patient), "")
    st.text_area(
        "Anotação",
        key=box,
        max_chars=contacts.LONGEST_NOTE,
        height=80,
        placeholder=words.PRIVACY,
        on_change=_keep_draft,
        args=(found, card.patient, box),
    )


def _drafts(found: Queue) -> str:
    return f"calls_{found.made.id}"


def _keep_draft(found: Queue, patient: str, box: str) -> None:
    drafts.put(_drafts(found), {(0, patient): str(st.session_state.get(box) or "")})


def _record(card: CallCard, found: Queue, series_id: str, outcome: ContactOutcome) -> None:
    """Writes the call down under the name that this card's call has: pressed twice, it counts once. What was typed
    stays where it is refused.
    """
    held = {name: st.session_state.get(_key(card, name)) for name in ("channel", "barrier", "offered", "note")}
    note = str(held["note"] or drafts.of(_drafts(found)).get((0, card.patient), ""))
    told = CallTold(
        card.patient,
        _outcomes(card, outcome),
        st.session_state.setdefault(_key(card, "call"), secrets.token_hex(8)),
        held["channel"] or card.channel or Channel.CALL,
        held["barrier"],
        held["offered"],
        note,
        found.made.id,
    )
    try:
        contacts.record(state.session(), series_id, told, who())
    except PresencaError as error:
        st.session_state[_REFUSED] = messages.refusal(error)
    else:
        st.session_state[_LAST] = told.call
        drafts.forget(_drafts(found))
        st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
        st.session_state[_PASSED] = tuple(p for p in st.session_state.get(_PASSED, ()) if p != card.patient)


def _outcomes(card: CallCard, outcome: ContactOutcome) -> tuple[tuple[str, ContactOutcome], ...]:
    """What came of each appointment: chosen for it, or that of the button, which says nothing of one that is gone."""
    own = {one.key: st.session_state.get(_key(card, f"of_{one.key}")) for one in card.appointments}
    standing = [one for one in card.appointments if own[one.key] or not one.gone] or card.appointments
    return tuple((one.key, own[one.key] or outcome) for one in standing)


def _pass(patient: str) -> None:
    st.session_state[_PASSED] = (*st.session_state.get(_PASSED, ()), patient)


def _never(card: CallCard, series_id: str) -> None:
    st.button(
        "Não ligar mais para este paciente",
        key=_key(card, "never"),
        on_click=contacts.set_never,
        args=(state.session(), series_id, Never(NeverKind.PATIENT, card.patient)),
        kwargs={"never": True},
    )
