"""Integração: the keys by which other systems send records and get risks back, those that are told, and the folder."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import streamlit as st

from dashboard import state, who
from dashboard.components import watched_folder, webhooks
from dashboard.components.page import empty, finding, page
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import escape_markdown, shorten
from pipeline.presentation.locale import messages
from pipeline.presentation.sentences import key_words as words
from pipeline.records.integration import ApiKey, KeyScope, MadeKey
from pipeline.services.people import keys

_REFUSED, _SAID, _MADE = "keys_refused", "keys_said", "keys_made"


def show() -> None:
    """Draws the page: the keys one below the other, how to make one, where to call, webhooks, the watched folder."""
    with page(words.TITLE) as head:
        _told()
        found, now = keys.listed(state.session()), time.time()
        if found:
            with head:
                finding(*words.finding(found, now))
        else:
            empty(words.NONE, words.NONE_WHY, key="keys_none")
        _made()
        for key in found:
            _card(key, now)
        _add()
        st.markdown(f":small[:gray[{escape_markdown(words.where(who.base_url()))}]]")
        webhooks.section(found)
        watched_folder.show()


def _told() -> None:
    """What came of the press before this drawing."""
    if told := st.session_state.pop(_REFUSED, ""):
        st.error(escape_markdown(told), icon=":material/block:")
    if told := st.session_state.pop(_SAID, ""):
        st.success(escape_markdown(told), icon=":material/check:")


def _made() -> None:
    """The key that was just made; it is shown this once."""
    made: MadeKey | None = st.session_state.pop(_MADE, None)
    if made is None:
        return
    with st.container(border=True, key="key_made_box"):
        st.markdown(escape_markdown(words.made(made.key)))
        st.code(made.text, language=None, wrap_lines=True)


def _card(key: ApiKey, now: float) -> None:
    with st.container(border=True, gap="small", key=f"key_{key.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{escape_markdown(shorten(key.name, 40))}**", width="content")
            st.badge(words.state(key, now), color=words.colour(key, now))
        line = f"{key.shown}… · {words.scopes(key)} · {words.used(key)}"
        st.markdown(f":small[:gray[{escape_markdown(line)}]]")
        if key.holds(now):
            with st.popover("Revogar", icon=":material/block:", key=f"revoke_menu_{key.id}"):
                st.markdown(words.REVOKE)
                st.button("Revogar a chave", key=f"revoke_{key.id}", type="primary", on_click=partial(_revoke, key.id))


def _add() -> None:
    with (
        st.expander("Fazer uma chave", icon=":material/key:"),
        st.form("key_add", border=False, clear_on_submit=True),
    ):
        name = st.text_input("Sistema", max_chars=80, placeholder="Agenda da clínica")
        chosen = [scope for scope in KeyScope if st.checkbox(words.scope_name(scope), key=f"key_scope_{scope}")]
        days = st.number_input("Vale por quantos dias", 1, keys.LONGEST_DAYS, keys.DAYS)
        if st.form_submit_button("Fazer a chave", type="primary"):
            _try(lambda: _keep(keys.make(state.session(), name, chosen, int(days))))
            st.rerun()


def _keep(made: MadeKey) -> str:
    st.session_state[_MADE] = made
    return ""


def _revoke(key_id: str) -> None:
    _try(lambda: words.revoked(keys.revoke(state.session(), key_id)))


def _try(deed: Callable[[], str]) -> None:
    """Does it; the sentence of what came of it waits for the next drawing."""
    try:
        st.session_state[_SAID] = deed()
    except PresencaError as error:
        st.session_state[_REFUSED] = messages.refusal(error)


show()
