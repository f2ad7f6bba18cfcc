"""A server that is told to end, ends:
what still reads a file or writes a download is not waited for longer than this.
"""

from __future__ import annotations

import faulthandler
import os
import signal
from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st
from streamlit import runtime

GRACE_SECONDS = 8.0


@st.cache_resource(show_spinner=False)
def end_soon() -> bool:
    """Once for the server. Whatever is saved is saved in one step, so that ending in the middle loses nothing."""
    if not runtime.exists():
        return False
    # handlers can be set in the main thread only, where the server's loop runs
    runtime.get_instance()._get_async_objs().eventloop.call_soon_threadsafe(_watch)
    return True


def _watch() -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)
        if callable(before):
            signal.signal(number, partial(_end, before))


def _end(before: Callable[[int, Any], Any], number: int, frame: Any) -> None:
    """The server's own way to end, and a watch that needs no turn of Python's to cut it short."""
    with open(os.devnull, "w") as nowhere:
        faulthandler.dump_traceback_later(GRACE_SECONDS, exit=True, file=os.dup(nowhere.fileno()))
    before(number, frame)
