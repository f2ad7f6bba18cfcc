"""Pessoas: who comes in, as what, and the links by which they do."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import state, who
from dashboard.components.page import empty, finding, heading, page, refusal
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import escape_markdown, shorten
from pipeline.presentation.locale import messages
from pipeline.presentation.sentences import people_words as words
from pipeline.records import Invitation, Role, User
from pipeline.services.people import by_provider, persons

_REFUSED, _SAID, _LINK = "people_refused", "people_said", "people_link"


def show() -> None:
    """Draws the page: an empty state, or the people one below the other."""
    with page(words.TITLE) as head:
        _told()
        people = persons.listed(state.session())
        if not people:
            empty(words.ALONE, words.ALONE_WHY, key="people_none")
            _begin()
            return
        with head:
            finding(*words.finding(people, _provider()))
        _invited()
        for user in people:
            _card(user)
        _add()
        _hidden()


def _provider() -> str:
    """The name of the organisation's own way in; "" where there is none (the gate has said what is wrong with it)."""
    try:
        offer = by_provider.offered()
    except PresencaError:
        return ""
    return offer.name if offer is not None else ""


def _told() -> None:
    """What came of the press before this drawing."""
    if told := st.session_state.pop(_REFUSED, ""):
        st.error(escape_markdown(told), icon=":material/block:")
    if told := st.session_state.pop(_SAID, ""):
        st.success(escape_markdown(told), icon=":material/check:")


def _invited() -> None:
    """The link that was just made; it is shown this once."""
    made: Invitation | None = st.session_state.pop(_LINK, None)
    if made is None:
        return
    with st.container(border=True, key="people_link_box"):
        st.markdown(escape_markdown(words.invited(made)))
        st.code(words.link(made, who.base_url()), language=None, wrap_lines=True)


def _card(user: User) -> None:
    with st.container(border=True, gap="small", key=f"person_{user.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{escape_markdown(shorten(user.name, 40))}**", width="content")
            st.badge(escape_markdown(words.state(user, _provider())), color=words.colour(user, _provider()))
        units = ", ".join(user.units) or "todas as unidades"
        line = f"{user.login} · {words.role_name(user.role)}: {words.about(user.role)} · {shorten(units, 60)}"
        st.markdown(f":small[:gray[{escape_markdown(line)}]]")
        with st.container(horizontal=True, key=f"person_deeds_{user.id}"):
            _deeds(user)


def _deeds(user: User) -> None:
    if not user.active:
        st.button("Devolver o acesso", key=f"back_{user.id}", on_click=partial(_restore, user))
        return
    with st.popover("Mudar o papel", icon=":material/badge:", key=f"role_menu_{user.id}"):
        _change(user)
    if persons.may_use_passwords(user.role):
        label = "Convite para trocar a senha" if user.has_password else "Convite novo"
        st.button(label, icon=":material/link:", key=f"invite_{user.id}", on_click=partial(_invite, user.id))
    with st.popover("Retirar", icon=":material/person_off:", key=f"remove_menu_{user.id}"):
        st.markdown("Sai na hora, em todos os navegadores. O que fez continua na trilha de auditoria.")
        st.button("Retirar o acesso", type="primary", key=f"remove_{user.id}", on_click=partial(_remove, user))


def _change(user: User) -> None:
    with st.form(f"role_form_{user.id}", border=False):
        role, units = _role_and_units(user.id, user.role, user.units)
        if st.form_submit_button("Guardar", type="primary"):
            _try(lambda: words.changed(persons.change(state.session(), user.id, role, units)))
            st.rerun()


def _role_and_units(key: str, role: Role, units: tuple[str, ...] = ()) -> tuple[Role, tuple[str, ...]]:
    options = list(Role)
    picked = st.selectbox(
        "Papel",
        options,
        index=options.index(role),
        format_func=lambda one: f"{words.role_name(one)}: {words.about(one)}",
        key=f"role_{key}",
    )
    chosen = st.multiselect(
        "Unidades que vê (vazio: todas)",
        list(dict.fromkeys((*units, *persons.known_units(state.session())))),
        default=list(units),
        key=f"units_{key}",
        accept_new_options=True,
        placeholder="Todas",
        help=words.OF_UNITS,
    )
    return picked, tuple(chosen)


def _begin() -> None:
    """The first person is whoever sits here."""
    with st.form("people_begin", border=True):
        heading("Acrescente você mesmo", words.FIRST)
        name = st.text_input("Nome", max_chars=80)
        login = st.text_input("Nome de acesso", max_chars=80, placeholder="ana.souza ou e-mail")
        one = st.text_input("Senha", type="password", autocomplete="new-password", max_chars=256)
        again = st.text_input("A mesma, de novo", type="password", autocomplete="new-password", max_chars=256)
        st.markdown(f":small[:gray[{words.LONG_ENOUGH}]]")
        if not st.form_submit_button("Guardar e passar a pedir senha", type="primary"):
            return
    try:
        if one != again:
            raise PresencaError("password.unequal")
        persons.begin(state.session(), login, name, one)
    except PresencaError as error:
        refusal(error)
    else:
        st.rerun()


def _add() -> None:
    """A new person, with the link by which they come in."""
    with (
        st.expander("Acrescentar uma pessoa", icon=":material/person_add:"),
        st.form("people_add", border=False, clear_on_submit=True),
    ):
        name = st.text_input("Nome", max_chars=80)
        login = st.text_input("Nome de acesso", max_chars=80, placeholder="ana.souza ou e-mail")
        role, units = _role_and_units("new", Role.ATTENDANT)
        provider = _provider()
        label = f"Entra por {escape_markdown(provider)}, sem convite"
        alone = bool(provider) and st.checkbox(label, value=True, key="people_by_provider", help=words.BY_PROVIDER)
        if st.form_submit_button("Acrescentar" if provider else "Acrescentar e fazer o convite", type="primary"):
            add = _added if alone else _added_and_invited
            _try(lambda: add(login, name, role, units))
            st.rerun()


def _added(login: str, name: str, role: Role, units: tuple[str, ...]) -> str:
    return words.added(persons.add(state.session(), login, name, role, units))


def _added_and_invited(login: str, name: str, role: Role, units: tuple[str, ...]) -> str:
    return _keep_link(persons.add_invited(state.session(), login, name, role, units))


def _hidden() -> None:
    """From which roles the risk is hidden."""
    held = state.session().hidden()
    with st.expander("Quem vê o risco", icon=":material/visibility_off:"):
        st.markdown(f":small[:gray[{words.HIDE_RISK}]]")
        hides = st.toggle("Esconder o risco dos atendentes", value=Role.ATTENDANT in held, key="people_hide_risk")
        if hides != (Role.ATTENDANT in held):
            persons.hide_risk(state.session(), (Role.ATTENDANT,) if hides else ())
            st.rerun()


def _invite(user_id: str) -> None:
    _try(lambda: _keep_link(persons.invite(state.session(), user_id)))


def _keep_link(made: Invitation) -> str:
    st.session_state[_LINK] = made
    return ""


def _remove(user: User) -> None:
    _try(lambda: words.removed(persons.remove(state.session(), user.id)))


def _restore(user: User) -> None:
    def back() -> str:
        persons.restore(state.session(), user.id)
        if not persons.may_use_passwords(user.role) or (_provider() and not user.has_password):
            return words.added(user)
        return _keep_link(persons.invite(state.session(), user.id))

    _try(back)


def _try(deed) -> None:  # type: ignore[no-untyped-def]
    """Does it; the sentence of what came of it waits for the next drawing."""
    try:
        st.session_state[_SAID] = deed()
    except PresencaError as error:
        st.session_state[_REFUSED] = messages.refusal(error)


show()
