"""A list of many rows, which a job makes: asked for, followed through reloads, stopped."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.components import call_bar, running_job
from dashboard.components.page import empty, refusal
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import escape_markdown
from pipeline.presentation.locale import messages
from pipeline.presentation.sentences import list_words as words
from pipeline.records import DatasetInfo, JobInfo
from pipeline.services.pages import list_job


def show(current: state.Current, found: tuple[DatasetInfo, ...], chosen: DatasetInfo) -> None:
    """In place of a list that is not made yet: the job that makes it, what became of the last one, and the way on."""
    if len(found) > 1:
        call_bar.pick_file(current, found, chosen)
    job = list_job.current(state.session())
    if job is not None:
        running_job.show(_KIND, job.id, own=job.dataset_id == chosen.id)
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
    told = escape_markdown(messages.told(words.why(job.message)))
    if job.state == "cancelled":
        st.info(told, icon=":material/info:")
    else:
        st.error(told, icon=":material/block:")


def _ready(job: JobInfo) -> None:
    if job.state == "done":
        state.say_next(words.READY)


_KIND = running_job.Kind(
    key="list",
    job=list_job.job,
    cancel=list_job.cancel,
    own=lambda _: words.RUNNING,
    others=lambda _: words.OTHER,
    stop=words.STOP_OTHER,
    loses=words.STOP_WHY,
    told=words.why,
    ended=_ready,
)
