"""The call list: a ranked table with the chosen row explained beside it, or cards on a phone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import streamlit as st

from dashboard import state, text
from dashboard.components import charts
from pipeline.contract import FieldKind, Product, Role
from pipeline.presentation import tables
from pipeline.presentation.charts import waterfall
from pipeline.presentation.numbers import percent, points
from pipeline.presentation.text import escape_markdown, shorten
from pipeline.records import RowExplanation
from pipeline.services import agenda
from pipeline.services.agenda import Agenda, AgendaPage

TABLE, CARDS = 100, 12
WIDTHS = {tables.WHEN: 96, "Paciente": 76, tables.REASON: 256, tables.TIER: 116}


def size() -> int:
    """Rows a page: a phone shows cards."""
    return CARDS if state.is_phone() else TABLE


def show(current: state.Current, scored: Agenda, shown: AgendaPage) -> None:
    """The list in the form that fits the screen."""
    if state.is_phone():
        for position in range(len(shown.frame)):
            _card(current, scored, shown, position)
    else:
        left, right = st.columns([17, 9], gap="medium")
        with left:
            row = _table(shown, current.product)
        with right:
            _detail(current, scored, shown, row)
    pages = max(1, -(-shown.total // size()))
    if pages > 1:
        st.pagination(pages, key="agenda_page", max_visible_pages=5)


def _table(shown: AgendaPage, product: Product) -> int:
    """The table; returns the row that is explained (the first until one is chosen)."""
    frame = shown.frame
    config: dict[str, Any] = {
        name: st.column_config.Column(width=width) for name, width in WIDTHS.items() if name in frame  # type: ignore[arg-type]
    }
    config[tables.RISK] = st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1, color="orange", width=84)  # type: ignore[arg-type]
    event = st.dataframe(
        frame, hide_index=True, row_height=40, height=min(44 + 40 * len(frame), 644), on_select="rerun", selection_mode="single-row", key="agenda_table",
        column_config=config, placeholder="–", alt=f"{product.words.rows.capitalize()} do maior risco ao menor",
    )
    picked = event.selection.rows  # type: ignore[union-attr]
    position = picked[0] if picked and picked[0] < len(frame) else 0
    return int(frame.index[position])


def _title(shown: AgendaPage, row: int) -> str:
    line = shown.frame.loc[row]
    return " · ".join(str(line[name]) for name in (tables.WHEN, "Paciente") if name in line and line[name]) or f"Linha {row}"


def _place(shown: AgendaPage, row: int, product: Product) -> str:
    line = shown.frame.loc[row]
    labels = [f.label for role in (Role.PROCEDURE, Role.UNIT) if (f := product.by_role(role))]
    return " · ".join(str(line[label]) for label in labels if label in line and line[label])


def _detail(current: state.Current, scored: Agenda, shown: AgendaPage, row: int) -> None:
    line = shown.frame.loc[row]
    with st.container(border=True, gap="small", key="agenda_detail"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{escape_markdown(_title(shown, row))}**", width="content")
            _tier_badge(str(line[tables.TIER]))
        st.markdown(f":small[:gray[{escape_markdown(_place(shown, row, current.product))}]]")
        _explained(current, scored, row, line)


def _tier_badge(tier: str) -> None:
    strong = tier.startswith("●●●")
    st.badge(tier, color="orange" if strong else "gray")


def _explained(current: state.Current, scored: Agenda, row: int, line: Any) -> None:
    if line[tables.RISK] != line[tables.RISK]:  # NaN: this row has no risk
        st.markdown(escape_markdown(str(line["Observação"])))
        return
    changes = _changes(current.product, scored, row)
    before = agenda.explain(state.workspace(), scored, row)
    shown = agenda.what_if(state.workspace(), scored, row, changes) if changes else before
    _waterfall(shown, current.product, f"waterfall_{row}")
    if changes:
        _compare(before, shown)
    st.markdown(f":small[:gray[Em pontos percentuais; a soma dá exatamente o risco previsto. {text.CONTACT_REMINDER}]]")
    if line["Observação"]:
        st.markdown(f":small[:gray[{escape_markdown(str(line['Observação']))}]]")


def _waterfall(explanation: RowExplanation, product: Product, key: str) -> None:
    charts.show(waterfall(explanation, charts.theme(), row_word=product.words.row), key)


def _compare(before: RowExplanation, after: RowExplanation) -> None:
    gap = after.risk - before.risk
    st.markdown(f"Com a mudança: **{percent(after.risk)}**, {points(gap, 1)} pontos contra {percent(before.risk)}.")


def _changes(product: Product, scored: Agenda, row: int) -> dict[str, Any]:
    """The what-if: new date, hour or booking channel for this row; only what differs is returned."""
    now = agenda.row_values(state.workspace(), scored, row)
    time = product.time
    with st.popover("E se…", icon=":material/edit_calendar:", key=f"what_if_{row}"):
        st.markdown(":small[:gray[Mude algo e veja o risco. Nada é gravado.]]")
        changes: dict[str, Any] = {}
        day = st.date_input(time.label, value=now[time.key], min_value=scored.as_of, format="DD/MM/YYYY", key=f"if_day_{row}")
        if isinstance(day, dt.date) and day != now[time.key]:
            changes[time.key] = day
        hour = now.get(time.hour_column)
        if hour is not None:
            start = int(hour)
            picked = st.slider("Hora", min(6, start), max(20, start), start, format="%dh", key=f"if_hour_{row}")
            if picked != start:
                changes[time.hour_column] = float(picked)
        channel = product.by_role(Role.CHANNEL)
        if channel is not None and channel.kind is FieldKind.CLOSED:
            labels = [v.label for v in channel.values]
            current = now.get(channel.key)
            choice = st.selectbox(channel.label, labels, index=labels.index(current) if current in labels else None,
                                  placeholder="não informado", key=f"if_channel_{row}")
            if choice and choice != current:
                changes[channel.key] = choice
    return changes


def _card(current: state.Current, scored: Agenda, shown: AgendaPage, position: int) -> None:
    row = int(shown.frame.index[position])
    line = shown.frame.iloc[position]
    with st.container(border=True, gap="xsmall", key=f"card_{row}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{escape_markdown(_title(shown, row))}**", width="content")
            risk = "" if line[tables.RISK] != line[tables.RISK] else f"{percent(line[tables.RISK], 0)} "
            _tier_badge(risk + str(line[tables.TIER]))
        st.markdown(f":small[:gray[{escape_markdown(_place(shown, row, current.product))}]]")
        if line[tables.REASON]:
            st.markdown(escape_markdown(shorten(str(line[tables.REASON]), 80)))
        if st.toggle("Ver explicação", key=f"card_open_{row}"):
            _explained(current, scored, row, line)


