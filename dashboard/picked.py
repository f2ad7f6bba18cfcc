"""What a session has in hand of the server's folder: the files that were picked, and the reading that it follows."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pipeline.records.server_files import ServerFile

READING = "leitura"  # in the session and in the address: the id of a job
_PICKED, _COUNT = "server_picked", "server_picked_count"


def choice_key() -> str:
    """The control's key; it changes when files were kept, so that the next choice starts empty."""
    return f"server_choice_{st.session_state.get(_COUNT, 0)}"


def files() -> tuple[ServerFile, ...]:
    """The files that were picked, and are not kept yet."""
    return tuple(st.session_state.get(_PICKED, ()))


def pick(chosen: Sequence[ServerFile]) -> None:
    """Takes files in hand; what became of the last reading is no longer told."""
    st.session_state[_PICKED] = tuple(chosen)
    watch(None)


def forget() -> None:
    """Puts them back."""
    st.session_state.pop(_PICKED, None)


def is_choosing() -> bool:
    """Whether something is chosen in the list."""
    return bool(st.session_state.get(choice_key()))


def put_down() -> None:
    """Forgets them and how they were chosen: they are kept."""
    forget()
    st.session_state[_COUNT] = st.session_state.get(_COUNT, 0) + 1


def watch(job_id: str | None) -> None:
    """The reading that this window started; the address keeps it through a reload."""
    st.session_state[READING] = job_id or ""
    if job_id:
        st.query_params[READING] = job_id
    else:
        st.query_params.pop(READING, None)


def watched() -> str | None:
    """The reading that this session follows, by its own memory or by the address."""
    held = st.session_state.get(READING)
    return (st.query_params.get(READING) if held is None else held) or None
