"""When the event happens more: by weekday and lead time, and month by month or week by week."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import state
from dashboard.components import charts
from dashboard.components.page import heading
from pipeline.contract import Product
from pipeline.presentation.charts import heat_map, monthly_lines
from pipeline.presentation.sentences import risk_gaps
from pipeline.records import RiskOverview, cell_name
from pipeline.services.pages import risk

PLACE = "times"  # where the rows of a click on these charts stand


def show(view: RiskOverview, product: Product, dataset_id: str) -> None:
    """The heat map beside the line over time; a chart that has nothing to compare is left out."""
    parts = [
        part
        for part, there in (
            (partial(_heat, view, product, dataset_id), risk_gaps.heat_charted(view)),
            (partial(_line, view), risk_gaps.times_charted(view)),
        )
        if there
    ]
    if not parts:
        return
    with st.grid(len(parts), min_column_width=380, gap="medium"):
        for part in parts:
            part()


def _heat(view: RiskOverview, product: Product, dataset_id: str) -> None:
    held = state.opened_rows(dataset_id)
    chosen = next(
        ((c.row, c.column) for c in view.heat if held and held[1:] == (risk.CELL, cell_name(c.row, c.column))),
        None,
    )
    with st.container(gap="small", key="section_heat"):
        heading(
            product.words.when_title or "Quando acontece mais",
            "Por dia da semana e antecedência em dias. “·”: n menor que 30. Clique num quadro para ver as linhas.",
        )
        charts.show(heat_map(view.heat, charts.theme(), chosen=chosen), "heat", partial(_clicked, dataset_id))


def _clicked(dataset_id: str, parts: list[str]) -> None:
    """A cell was clicked: its rows are shown, or no longer where they were."""
    name = cell_name(parts[0], parts[1])
    if state.opened_rows(dataset_id) == (PLACE, risk.CELL, name):
        state.close_rows()
    else:
        state.open_rows(dataset_id, PLACE, risk.CELL, name)


def _line(view: RiskOverview) -> None:
    with st.container(gap="small", key="section_months"):
        heading("Ao longo do tempo", risk_gaps.times_line(view))
        charts.show(monthly_lines(view.periods, view.predicted_by_period, charts.theme()), "months")
