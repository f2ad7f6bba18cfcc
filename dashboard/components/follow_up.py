"""Under each comment, what is done about it: who answers, until when, how far; a note, a reply to copy. Above the list,
how much is left to do, and whose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import streamlit as st

from dashboard import state
from dashboard.components.caller import ask, who
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import escape_markdown, shorten
from pipeline.presentation.frames import follow_ups as tables
from pipeline.presentation.locale import messages, names
from pipeline.presentation.locale.numbers import number
from pipeline.presentation.sentences import follow_up_words as words
from pipeline.records import Asked, FollowUp, FollowUpChange, FollowUpCounts, FollowUpFilter, FollowUpState
from pipeline.services.pages import follow_ups

_OPEN, _ALL = "open", "all"
_COLOURS: dict[FollowUpState, Literal["blue", "orange", "green", "gray"]] = {
    FollowUpState.NEW: "blue",
    FollowUpState.ANSWERING: "orange",
    FollowUpState.ANSWERED: "green",
    FollowUpState.RESOLVED: "green",
    FollowUpState.UNREACHED: "gray",
}
_DOES = {
    FollowUpState.NEW: "Voltar a novo",
    FollowUpState.ANSWERING: "Assumir",
    FollowUpState.ANSWERED: "Respondido",
    FollowUpState.RESOLVED: "Resolvido",
    FollowUpState.UNREACHED: "Sem contato",
}
_REOPENS = "Reabrir"


@dataclass(frozen=True)
class ReplyTo:
    """What a suggested reply takes up: keys of themes, the weightiest first; keys or codes of alerts; or praise."""

    themes: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()
    praise: bool = False


@dataclass(frozen=True)
class _Card:
    """One comment's follow-up as it was drawn: what a press of a button refers to."""

    dataset_id: str
    one: Asked
    found: FollowUp
    where: str

    def key(self, part: str) -> str:
        """The key of a widget of this card."""
        return f"follow_up_{part}_{self.where}_{self.one.key}"


def lists(dataset_id: str, events: Sequence[Asked]) -> tuple[Asked, ...]:
    """Headline, name and filters; gives the events that pass them, in their order."""
    counted = follow_ups.counts(state.session(), dataset_id, events)
    st.markdown(f"**{words.headline(counted)}**")
    if counted.undue:
        st.markdown(f":small[:gray[{words.undue(follow_ups.BACKLOG_DAYS)}]]")
    with st.container(horizontal=True, vertical_alignment="bottom", key="follow_up_bar"):
        ask("quem responde", 168)
        filters = FollowUpFilter(_states(counted), _owner(counted), _only_overdue(counted))
    return follow_ups.chosen(state.session(), dataset_id, events, filters)


def _states(counted: FollowUpCounts) -> tuple[FollowUpState, ...]:
    shown = {_OPEN: f"A responder ({number(counted.open)})", _ALL: f"Todos ({number(counted.total)})"}
    shown |= {str(key): f"{names.follow_up_state(str(key)).capitalize()} ({number(n)})" for key, n in counted.states}
    picked = st.selectbox("Estado", list(shown), format_func=shown.__getitem__, key="follow_up_state", width=200)
    return follow_ups.OPEN if picked == _OPEN else () if picked == _ALL else (FollowUpState(picked),)


def _owner(counted: FollowUpCounts) -> str | None:
    """Names are told apart from "all" by a sign before them."""
    shown = {_ALL: "Todos"} | {f"={name}": f"{words.owner(name)} ({number(n)})" for name, n in counted.owners}
    picked = st.selectbox("Responsável", list(shown), format_func=shown.__getitem__, key="follow_up_owner", width=200)
    return None if picked == _ALL else str(picked)[1:]


def _only_overdue(counted: FollowUpCounts) -> bool:
    return st.checkbox(f"Só atrasados ({number(counted.overdue)})", key="follow_up_overdue")


def card_actions(
    dataset_id: str, one: Asked, found: FollowUp, reply_to: ReplyTo, where: str = "list", alike: str = ""
) -> None:
    """How far a comment is, the usual next step as a button, and the rest behind a switch. `where` tells apart two
    places of a page that show the same comment; `alike`: a file with an equal row that was answered.
    """
    card = _Card(dataset_id, one, found, where)
    if refused := st.session_state.pop(card.key("refused"), ""):
        st.error(escape_markdown(refused), icon=":material/sync_problem:")
    with st.container(horizontal=True, vertical_alignment="center", key=card.key("line")):
        _status(card)
        _button(card, follow_ups.next_states(found)[0], primary=True)
        opened = st.toggle("Responder e anotar", key=card.key("open"))
    if alike:
        st.markdown(f":small[:orange[{escape_markdown(words.alike(alike))}]]")
    if opened:
        with st.container(gap="small", key=card.key("panel")):
            _reply(card, reply_to)
            _note(card)
            _steps(card)
            _history(card)


def _status(card: _Card) -> None:
    now = state.session().now()
    st.badge(names.follow_up_state(str(card.found.state)), color=_COLOURS[card.found.state])
    if until := words.deadline(card.found, now):
        late = follow_ups.overdue(card.found, now)
        st.badge(until, icon=":material/schedule:", color="red" if late else "gray")
    st.markdown(f":small[:gray[{escape_markdown(words.owner(card.found.owner))}]]", width="content")


def _button(card: _Card, to: FollowUpState, *, primary: bool = False) -> None:
    reopens = to is FollowUpState.ANSWERING and card.found.state is not FollowUpState.NEW
    st.button(
        _REOPENS if reopens else _DOES[to],
        key=card.key(f"{'next' if primary else 'to'}_{to}"),
        on_click=partial(_act, card, to),
    )


def _act(card: _Card, to: FollowUpState | None = None, owner: str | None = None) -> None:
    """Writes down what was pressed, with the note that stands in the box; the note stays there where it is refused."""
    me, box = who().who, card.key("note")
    if to is FollowUpState.ANSWERING and me:
        owner = me
    change = FollowUpChange(to, owner, str(st.session_state.get(box) or ""), me)
    try:
        follow_ups.change(state.session(), card.dataset_id, card.one, change, expected_version=card.found.version)
    except PresencaError as error:
        st.session_state[card.key("refused")] = messages.refusal(error)
    else:
        if box in st.session_state:
            st.session_state[box] = ""


def _reply(card: _Card, about: ReplyTo) -> None:
    tone = st.segmented_control(
        "Sugestão de resposta",
        follow_ups.TONES,
        default=follow_ups.TONES[0],
        required=True,
        format_func=lambda key: names.reply_tone(key).capitalize(),
        key=card.key("tone"),
    )
    told = follow_ups.suggested(
        state.session(),
        card.dataset_id,
        tone or follow_ups.TONES[0],
        themes=about.themes,
        alerts=about.alerts,
        praise=about.praise,
    )
    if told:
        st.code(told, language=None, wrap_lines=True)
        st.markdown(":small[:gray[Complete o que está entre chaves e leia antes de enviar: nada é enviado daqui.]]")


def _note(card: _Card) -> None:
    st.text_area(
        "Anotação",
        key=card.key("note"),
        max_chars=follow_ups.LONGEST_NOTE,
        height=80,
        placeholder="O que foi combinado. Fica guardado cifrado; telefones, CPF e e-mails são tirados.",
    )
    st.button("Guardar anotação", key=card.key("keep"), on_click=partial(_act, card))


def _steps(card: _Card) -> None:
    me = who().who
    with st.container(horizontal=True, key=card.key("steps")):
        for to in follow_ups.next_states(card.found)[1:]:
            _button(card, to)
        if me and card.found.owner != me:
            st.button("Passar para mim", key=card.key("mine"), on_click=partial(_act, card, None, me))
        if card.found.owner:
            st.button("Deixar sem responsável", key=card.key("free"), on_click=partial(_act, card, None, ""))


def _history(card: _Card) -> None:
    if card.found.version:
        now = state.session().now()
        done = follow_ups.history(state.session(), card.dataset_id, card.one.key)
        lines = [escape_markdown(words.event(event, now)) for event in done]
        st.markdown("\n".join(f"- :small[{line}]" for line in lines))


def speed(dataset_id: str, events: Sequence[Asked], column: str = "", label: str = "") -> None:
    """How fast comments are answered and how many in time: one line for all, and a table by a column of the rows."""
    (whole,) = follow_ups.measured(state.session(), dataset_id, events)
    st.markdown(f":small[{escape_markdown(words.measure(whole))}.]")
    if column and whole.events:
        parts = follow_ups.measured(state.session(), dataset_id, events, column)
        st.dataframe(tables.measures_shown(parts, shorten(label, 30)), hide_index=True, key=f"follow_up_speed_{column}")
