"""A list of many rows, which a job makes: asked for, followed through reloads, stopped."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.components import call_bar
from dashboard.components.error_boundary import guarded
from dashboard.components.page import empty, refusal
from pipeline.errors import PresencaError
from pipeline.presentation import console
from pipeline.presentation.escaping import escape_markdown
from pipeline.presentation.locale import messages
from pipeline.presentation.sentences import list_words as words
from pipeline.records import DatasetInfo, JobInfo
from pipeline.services.pages import list_job

RUNNING = ("queued", "running")


def show(current: state.Current, found: tuple[DatasetInfo, ...], chosen: DatasetInfo) -> None:
    """In place of a list that is not made yet: the job that makes it, what became of the last one, and the way on."""
    if len(found) > 1:
        call_bar.pick_file(current, found, chosen)
    job = list_job.current(state.session())
    if job is not None:
        _running(job.id, job.dataset_id == chosen.id)
        return
    _ended(list_job.last(state.session(), chosen.id))
    empty(*words.not_made(chosen.rows, current.product), key="list_not_made")
    with st.container(horizontal=True, key="list_job"):
        if state.may(list_job.start) and st.button(words.MAKE, key="list_make", type="primary"):
            _start(current, chosen)
        call_bar.back_to_usual_day(current, chosen)


def _start(current: state.Current, chosen: DatasetInfo) -> None:
    assert current.model is not None
    as_of = st.session_state.get(call_bar.as_of_key(chosen, current))
    try:
        list_job.start(state.session(), chosen.id, current.model.id, as_of)
    except PresencaError as error:
        refusal(error)
        return
    st.rerun()


def _ended(job: JobInfo | None) -> None:
    """What became of the job before; of one that is done another model or day is asked for now."""
    if job is None or job.state == "done":
        return
    if job.state == "cancelled":
        st.info(words.CANCELLED, icon=":material/info:")
    else:
        told = messages.told(job.message) if job.message is not None else words.FAILED
        st.error(escape_markdown(told), icon=":material/block:")


@st.fragment(run_every="1s")
def _running(job_id: str, own: bool) -> None:
    with guarded():  # a fragment runs by itself, outside the page's own guard
        job = list_job.job(state.session(), job_id)
        if job.state not in RUNNING:
            if own and job.state == "done":
                state.say_next(words.READY)
            st.rerun()
        with st.container(border=True, key="list_making"):
            st.markdown(words.RUNNING if own else words.OTHER)
            share = min(max(job.progress.share, 0.0), 1.0)
            st.progress(share, text=escape_markdown(console.training(job.progress)))
            if state.may(list_job.cancel):
                _stop(job.id, own)


def _stop(job_id: str, own: bool) -> None:
    if own:
        _cancel(job_id, words.STOP)
        return
    with st.popover(words.STOP_OTHER, icon=":material/stop_circle:"):
        st.markdown(words.STOP_WHY)
        _cancel(job_id, words.STOP_ANYWAY)


def _cancel(job_id: str, label: str) -> None:
    if st.button(label, key="list_cancel"):
        list_job.cancel(state.session(), job_id)
        st.rerun()
