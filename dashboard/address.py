"""What the address of a page holds beside its path: the file, the model and the page's filters and section.

Streamlit's own `bind="query-params"` is not used: it takes a page's filters out of the history's entry when the page is
left, so that "Back" finds none, and `st.switch_page` fails while one is bound. Here a page names its choices, takes
them
from the address when it is reached by one (a link, a reload, "Back"), and writes back what differs from the default.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import scripts

_SETTLED, _WANTED, _PATH = "address_settled", "address_wanted", "address_path"
_OTHERS = ("treino", "leitura")  # what others write for themselves


@dataclass(frozen=True)
class Choice:
    """One choice of a page: its name in the address, the widget's key, how it is read, and what needs no word.

    Never one that may hold a patient's name (a search, a comment): an address is seen by others.
    """

    name: str
    key: str
    read: Callable[[str], Any]  # None where the word means nothing here
    default: Any = None
    spell: Callable[[Any], str] = str
    many: bool = False


def among(options: Iterable[Any], spell: Callable[[Any], str] = str) -> Callable[[str], Any]:
    """Reads one of `options`; anything else is nothing."""
    return {spell(option): option for option in options if option is not None}.get


def a_date(text: str) -> dt.date | None:
    """Reads a day as it is spelled by `str`: 2026-11-23."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _by_history() -> bool:
    return bool(getattr(get_script_run_ctx(), "is_history_navigation", False))


def arrived() -> bool:
    """Whether this run answers an address (a link, a reload, "Back") and not a click: then the address is right."""
    return _SETTLED not in st.session_state or _by_history()


def settle() -> None:
    """Called when a run ends: from now on the session's choices are right."""
    st.session_state[_SETTLED] = True


def restore(choices: Sequence[Choice]) -> None:
    """Gives the widgets what the address says; called before the choices are read or the widgets drawn."""
    if not arrived():
        return
    for choice in choices:
        known = [value for word in st.query_params.get_all(choice.name) if (value := choice.read(word)) is not None]
        if known:
            st.session_state[choice.key] = known if choice.many else known[-1]
        elif _by_history():
            st.session_state[choice.key] = choice.default


def given(choice: Choice) -> None:
    """Gives a widget its default where neither the address nor a person chose; called just before it is drawn, in place
    of a default of its own: Streamlit warns of a widget with both.
    """
    st.session_state.setdefault(choice.key, choice.default)


def keep_frame(found: Mapping[str, str | None]) -> None:
    """Notes what every page's address carries; what belongs to another page is taken out."""
    st.session_state[_WANTED] = {name: value for name, value in found.items() if value}


def keep(choices: Sequence[Choice]) -> None:
    """Notes those of a page's choices that differ from the default; called once the widgets are drawn."""
    found: dict[str, str | list[str]] = {}
    for choice in choices:
        value = st.session_state.get(choice.key, choice.default)
        if value in (None, "", [], choice.default):
            continue
        found[choice.name] = [choice.spell(one) for one in value] if choice.many else choice.spell(value)
    st.session_state[_WANTED] = {**st.session_state.get(_WANTED, {}), **found}


def write() -> None:
    """Writes what was noted, in one message, where it differs; called when the page is drawn.

    On the first run of a page that was come to, by a script of the page: the browser may not be on its path yet, and
    the entry that is left would be changed by a message. On a session's first run nothing: `lacking` completes the
    address, as the browser has not yet learnt to replace an entry.
    """
    path = urlsplit(st.context.url or "").path
    came, st.session_state[_PATH] = st.session_state.get(_PATH, path) != path, path
    wanted = {
        **st.session_state.get(_WANTED, {}),
        **{name: st.query_params[name] for name in _OTHERS if name in st.query_params},
    }
    if _SETTLED not in st.session_state or everything() == {
        name: v if isinstance(v, list) else [v] for name, v in wanted.items()
    }:
        return
    if came:
        scripts.run("entry", json.dumps({"path": path, "query": urlencode(wanted, doseq=True)}))
    else:
        st.query_params.from_dict(wanted)


def everything() -> dict[str, list[str]]:
    """All that the address holds, to be carried to another page: the entry that is left stays whole."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def lacking(found: Mapping[str, str | None]) -> str:
    """What the address lacks on the first run, as `static/address.js` adds it; "" where it lacks nothing."""
    given = {name: value for name, value in found.items() if value and name not in st.query_params}
    return "" if _SETTLED in st.session_state or not given else urlencode(given)
