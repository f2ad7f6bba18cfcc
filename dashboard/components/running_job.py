"""The card of a job that runs in a process of its own: what it does, how far it is, how long it takes yet, and the ways
to stop it. A training, a reading or a list is a `Kind`; the page may be left and come back to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from dashboard import state
from dashboard.components.error_boundary import guarded
from pipeline.presentation import console
from pipeline.presentation.escaping import escape_markdown
from pipeline.presentation.locale import messages
from pipeline.records import JobInfo, Note
from pipeline.services.session import Session

_PACE_SECONDS, _PACE_SHARE = 5.0, 0.05  # from which on what was done tells how long the rest takes


@dataclass(frozen=True)
class Kind:
    """One kind of job, as its card needs it: its words are Markdown, of `own` and `others` with what it works on."""

    key: str  # in the keys of its container, `job_…`, and of its button, `cancel_…`
    job: Callable[[Session, str], JobInfo]  # as it stands now
    cancel: Callable[[Session, str], None]  # a use case: who may not, sees no button
    own: Callable[[JobInfo], str]  # for the window that started it
    others: Callable[[JobInfo], str]  # for any other window
    stop: str  # the label of what leads another window to stopping it
    loses: str  # what another window should know before it stops it
    told: Callable[[Note], Note] = lambda note: note  # a job's own words speak of trainings
    more: Callable[[JobInfo], None] | None = None  # draws what else can be done, before "Cancelar"
    ended: Callable[[JobInfo], None] | None = None  # says to the window that started it what came of it


def show(kind: Kind, job_id: str, *, own: bool) -> None:
    """Follows a job as long as it waits or runs, each second; draws the page anew when it has ended."""
    _followed(kind, job_id, own)


@st.fragment(run_every="1s")
def _followed(kind: Kind, job_id: str, own: bool) -> None:
    with guarded():  # a fragment runs by itself, outside the page's own guard
        job = kind.job(state.session(), job_id)
        if not job.is_active:
            if own and kind.ended is not None:
                kind.ended(job)
            st.rerun()
        with st.container(border=True, key=f"job_{kind.key}"):
            st.markdown(kind.own(job) if own else kind.others(job))
            bar(job)
            _ways_out(kind, job, own)


def bar(job: JobInfo) -> None:
    """How far a job is, in one line under a bar, with the time that it takes yet once that can be told."""
    said = console.on_page(job.progress, seconds_left(job, dt.datetime.now(dt.UTC)))
    st.progress(min(max(job.progress.share, 0.0), 1.0), text=escape_markdown(said))


def seconds_left(job: JobInfo, now: dt.datetime) -> float | None:
    """Seconds that the rest takes at the pace since it was begun; None while that is a guess, or it waits to begin.
    `now` knows its zone.
    """
    if not job.begun:
        return None
    since, done = (now - dt.datetime.fromisoformat(job.begun)).total_seconds(), job.progress.share
    if since < _PACE_SECONDS or not _PACE_SHARE <= done < 1.0:
        return None
    return since / done * (1.0 - done)


def _ways_out(kind: Kind, job: JobInfo, own: bool) -> None:
    if job.message is not None:  # it was asked to stop, and is about to
        st.markdown(f":small[:gray[{escape_markdown(messages.told(kind.told(job.message)))}]]")
    elif not state.may(kind.cancel) or job.progress.share >= 1.0:  # what is left is to keep what was made
        return
    elif own:
        with st.container(horizontal=True):
            if kind.more is not None:
                kind.more(job)
            _cancel(kind, job.id, "Cancelar")
    else:
        with st.popover(kind.stop, icon=":material/stop_circle:"):
            st.markdown(kind.loses)
            _cancel(kind, job.id, "Parar mesmo assim")


def _cancel(kind: Kind, job_id: str, label: str) -> None:
    if st.button(label, key=f"cancel_{kind.key}"):
        kind.cancel(state.session(), job_id)
        st.rerun()
