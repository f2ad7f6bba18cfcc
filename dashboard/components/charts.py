"""Charts on screen: one way to show a figure, in the colours of the reader's theme, with its words beside it."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from pipeline.presentation.charts import PLOT_CONFIG, Chart
from pipeline.presentation.theme import DARK, LIGHT, Theme


def theme() -> Theme:
    """The theme that the reader sees now."""
    return DARK if state.is_dark() else LIGHT


def show(chart: Chart, key: str) -> None:
    """Shows a chart with its accessible name."""
    st.plotly_chart(chart.figure, theme=None, config=PLOT_CONFIG, alt=chart.alt, key=key)
