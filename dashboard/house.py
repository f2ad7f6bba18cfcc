"""The clinic's workspace, opened once for the server: pages and the gate stand on the same."""

from __future__ import annotations

import os

import streamlit as st

from pipeline import services
from pipeline.services import Workspace


@st.cache_resource(show_spinner=False)
def _open(home: str) -> Workspace:
    return services.open_workspace(shared=True)


def workspace() -> Workspace:
    """The open workspace. WorkspaceError where it can't be opened; the next call tries again."""
    return _open(os.environ.get("PRESENCA_HOME", ""))
