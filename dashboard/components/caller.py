"""Who sits here: asked once, kept for the browser, so that a reload in the middle of a call changes nothing.

The browser holds a mark that means nothing elsewhere, in a cookie and never in the address, which is passed on to
others; the workspace holds the name. Of whoever logged in, `who` gives the name and nothing is asked.
"""

from __future__ import annotations

import re
import secrets

import streamlit as st

from dashboard import state
from pipeline.records.contacts import Caller
from pipeline.services import settings

NAME = "who_name"
_MARK, _COOKIE = "who_mark", "presenca_navegador"
_WRITTEN = re.compile(r"[0-9a-f]{32}")


def who() -> Caller:
    """The mark of this browser, and how whoever sits at it calls themselves; "" until they said."""
    user = state.session().user
    if user is not None:
        return Caller(user.id, user.name)
    mark = _mark()
    if NAME not in st.session_state:
        st.session_state[NAME] = settings.name_of(state.session(), mark)
    return Caller(mark, str(st.session_state[NAME] or ""))


def ask(placeholder: str, width: int) -> None:
    """The field for the name. `placeholder`: what whoever it is does here."""
    if state.session().user is not None:
        return
    who()
    st.text_input(
        "Seu nome",
        key=NAME,
        max_chars=settings.LONGEST_NAME,
        placeholder=placeholder,
        width=width,
        persist_state="session",
        on_change=_keep,
    )


def new_mark() -> str:
    """The mark that the browser is to be given (`static/mark.js`); "" where it has one."""
    return "" if _known() or state.session().user is not None else _mark()


def _keep() -> None:
    settings.keep_name(state.session(), _mark(), str(st.session_state.get(NAME) or ""))


def _mark() -> str:
    """As the browser told it, or a new one, which it is told."""
    if _MARK not in st.session_state:
        st.session_state[_MARK] = _known() or secrets.token_hex(16)
    mark: str = st.session_state[_MARK]
    return mark


def _known() -> str:
    told = str(st.context.cookies.get(_COOKIE) or "")
    return told if _WRITTEN.fullmatch(told) else ""
