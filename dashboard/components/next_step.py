"""The last thing of a page: one primary button that leads on, the same on every page."""

from __future__ import annotations

import streamlit as st

from dashboard import navigation


def show(label: str, page: str, *, line: str = "", icon: str = ":material/arrow_forward:") -> None:
    """A primary button to `page` (a name of `navigation`), at the foot. `line`: why, plain words of ours."""
    if not navigation.is_open(page):
        return
    with st.container(key="next_step", gap="xxsmall"):
        if line:
            st.markdown(f":small[:gray[{line}]]")
        if st.button(label, type="primary", icon=icon, icon_position="right", key="next_step_go"):
            navigation.go(page)
