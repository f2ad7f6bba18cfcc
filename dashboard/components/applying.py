"""A change to a kept file: done under a bar, said once it is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from dashboard import state
from dashboard.components.page import refusal
from pipeline.errors import PresencaError
from pipeline.presentation.locale import messages
from pipeline.records import DatasetInfo, Progress, Step
from pipeline.services.data import fixing


def carry_out(
    info: DatasetInfo, work: Callable[[Callable[[Progress], None]], Any], sentence: str | Callable[[], str]
) -> None:
    """Does the work under a bar, says what was done (counted after it, if need be), and draws the page again;
    a refusal is said here.
    """
    bar = st.progress(0.0, text="Lendo de novo…")

    def tell(progress: Progress) -> None:
        bar.progress(min(max(progress.share, 0.0), 1.0), text=messages.say(progress.stage) or "Lendo de novo…")

    try:
        work(tell)
    except PresencaError as error:
        bar.empty()
        refusal(error)
        return
    bar.empty()
    state.say_next(sentence if isinstance(sentence, str) else sentence())
    st.rerun()


def apply(info: DatasetInfo, steps: tuple[Step, ...], sentence: str | Callable[[], str]) -> None:
    """Applies mending steps to a data set under a bar, and says `sentence` afterwards."""
    carry_out(info, lambda tell: fixing.apply(state.session(), info.id, steps, tell), sentence)
