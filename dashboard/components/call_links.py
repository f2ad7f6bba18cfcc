"""Ways to the part of the agenda in which patients are called."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from dashboard import navigation
from dashboard.components import calling


def to_calling(
    label: str,
    key: str,
    *,
    kind: Literal["primary", "secondary"] = "primary",
    width: Literal["content", "stretch"] = "content",
) -> None:
    """A button to the queue of callers, for whoever calls. `label`: words of ours."""
    if not navigation.is_open(navigation.AGENDA):
        return
    if st.button(label, type=kind, key=key, width=width, icon=":material/call:"):
        st.session_state[calling.PART] = calling.CALL
        navigation.go(navigation.AGENDA)
