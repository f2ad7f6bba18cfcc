"""Who sits at this browser: the session of a use case, by the cookie that came with the page."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

import streamlit as st

from dashboard import house
from pipeline.access.request import COOKIE
from pipeline.errors import PresencaError
from pipeline.records import User
from pipeline.services import Session
from pipeline.services.people import entering

_HELD = "who_is_here"
_LATER: ContextVar[str | None] = ContextVar("asked_by", default=None)
T = TypeVar("T")
_TRUSTED_SECONDS = 1.0  # a page asks some fifty times; whoever is removed is out a second later


@dataclass(frozen=True)
class _Held:
    token: str
    until: float
    session: Session


def token() -> str:
    """The token of this browser; "" where it has none."""
    return str(st.context.cookies.get(COOKIE) or "")


def later(deed: Callable[[], T]) -> Callable[[], T]:
    """What is done after its page, in a thread that no browser belongs to (a download): for whoever sits here now, if
    they still may when it is done.
    """
    own = token()

    def done() -> T:
        asked = _LATER.set(own)
        try:
            return deed()
        finally:
            _LATER.reset(asked)

    return done


def session() -> Session:
    """Whoever sits at the page, on the clinic's workspace. PresencaError where a login is needed, or is over."""
    if (asked := _LATER.get()) is not None:
        if (there := _found(asked)) is None:
            raise PresencaError("login.over")
        return there
    held: _Held | None = st.session_state.get(_HELD)
    home, own = house.workspace(), token()
    if held is not None and held.token == own and held.until > time.monotonic() and held.session.workspace is home:
        return held.session
    found = _found(own)
    if found is None:
        st.session_state.clear()
        raise PresencaError("login.over")
    if held is not None and _seen_as(held.session.user) != _seen_as(found.user):
        st.session_state.clear()  # what one person looked at is not the next one's, nor theirs in another role or unit
    st.session_state[_HELD] = _Held(own, time.monotonic() + _TRUSTED_SECONDS, found)
    return found


def is_out() -> bool:
    """Whether the page has nobody to show anything to."""
    try:
        session()
    except PresencaError as error:
        if error.note.code == "login.over":
            return True
        raise
    return False


def _found(own: str) -> Session | None:
    home = house.workspace()
    if entering.is_open(home):
        return Session(home)
    inside = entering.inside(home, own)
    return None if inside is None else inside.session


def _seen_as(user: User | None) -> tuple[object, ...]:
    return () if user is None else (user.id, user.role, user.units)


def base_url() -> str:
    """The address by which this browser reaches the app, for links that people hand on."""
    told = urlsplit(st.context.url or "")
    prefix = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"{told.scheme}://{told.netloc}" + (f"/{prefix}" if prefix else "")


def log_out() -> None:
    """Ends the login of this browser."""
    entering.log_out(house.workspace(), token())
    st.session_state.pop(_HELD, None)
