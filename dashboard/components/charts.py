"""Charts on screen: one way to show a figure, in the colours of the reader's theme, with its words beside it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from dashboard import scripts, state
from pipeline.presentation.charts import PLOT_CONFIG, Chart
from pipeline.presentation.theme import DARK, LIGHT, Theme


def taps() -> None:
    """Lets a finger tap the charts that answer clicks, and scroll over them; once on a page that has such charts."""
    scripts.run("taps")


def theme() -> Theme:
    """The theme that the reader sees now."""
    return DARK if state.is_dark() else LIGHT


def show(chart: Chart, key: str, clicked: Callable[[list[str]], None] | None = None) -> None:
    """Shows a chart with its accessible name. `clicked`: called with what the mark that was clicked stands for.

    The page acts on a click at once and draws the answer itself: a figure that then differs loses Plotly's selection.
    """
    if clicked is None:
        st.plotly_chart(chart.figure, theme=None, config=PLOT_CONFIG, alt=chart.alt, key=key)
        return
    st.plotly_chart(
        chart.figure,
        theme=None,
        config=PLOT_CONFIG,
        alt=chart.alt,
        key=key,
        selection_mode="points",
        on_select=partial(_answer, key, clicked),
    )


def _answer(key: str, clicked: Callable[[list[str]], None]) -> None:
    points = st.session_state[key]["selection"]["points"]
    if points and points[0].get("customdata"):
        clicked([str(part) for part in points[0]["customdata"]])
