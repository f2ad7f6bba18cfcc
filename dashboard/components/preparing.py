"""What pages read of files of many rows, made where nobody made it yet: once, while the page says so."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from pipeline.presentation.sentences import today_words as words
from pipeline.services.data import event_columns, series


def show(current: state.Current) -> None:
    """Makes it for the files of the series that is open; at once where it is there, as it is once a file was kept."""
    if current.series is None:
        return
    session, model = state.session(), current.model.id if current.model else ""
    for info in series.members(session, current.series):
        if not event_columns.is_ready(session, info.id, model):
            with st.spinner(words.preparing(info.name, info.rows)):
                event_columns.prepare(session, info.id, model)
