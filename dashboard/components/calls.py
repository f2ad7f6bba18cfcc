"""The call list: a ranked table with the chosen entry explained beside it, or cards on a phone; and for paper."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import state, text
from dashboard.components import charts, reviews, what_if
from dashboard.components.call_bar import Choice
from dashboard.components.page import refusal
from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.presentation.charts import waterfall
from pipeline.presentation.escaping import escape_markdown, shorten
from pipeline.presentation.frames import call_list as listing
from pipeline.presentation.frames import tables
from pipeline.presentation.html.call_list import print_table
from pipeline.presentation.locale.numbers import percent, points
from pipeline.records import RowExplanation
from pipeline.services.pages import agenda, call_files
from pipeline.services.pages.agenda import Agenda, AgendaPage

TABLE, CARDS = 100, 12
MANY = 8  # bookings of one patient that are named side by side
WIDTHS = {
    tables.WHEN: 88,
    listing.WHO: 80,
    listing.REASONS[0]: 262,
    tables.TIER: 118,
    listing.MORE: 56,
    listing.CAME: 90,
}
BESIDE = {listing.LATE: "Desmarca", listing.VALUE: "Vaga (R$)"}  # short heads: the table ends where the card begins
NARROW = {  # with them, 628 of the table's 660 pixels; the reason stands whole in the card
    tables.RISK: 72,
    tables.WHEN: 84,
    listing.WHO: 72,
    listing.REASONS[0]: 138,
    tables.TIER: 114,
    listing.LATE: 74,
    listing.VALUE: 74,
}


def size() -> int:
    """Entries a page: a phone shows cards."""
    return CARDS if state.is_phone() else TABLE


def page_key(scored: Agenda, choice: Choice) -> str:
    """The page turned to belongs to one choice of filters: others begin at their first."""
    return f"agenda_page_{scored.dataset_id}_{state.short_hash((scored.as_of, choice))}"


def show(current: state.Current, scored: Agenda, shown: AgendaPage, choice: Choice) -> None:
    """The list in the form that fits the screen, and a table that only paper shows."""
    plain = listing.screen(
        shown.chosen,
        shown.place,
        shown.lines,
        current.product,
        scored.as_of,
        untold=shown.untold,
        looks_back=scored.looks_back,
    )
    frame = _identified(plain, scored, shown, choice)
    own = [name for name in frame if name not in plain]
    with st.container(key="agenda_screen", gap="medium"):
        if state.is_phone():
            for row in (int(row) for row in frame.index):
                _card(current, scored, shown, choice, row, frame.loc[row], own)
        else:
            left, right = st.columns([17, 9], gap="medium")
            with left:
                row = _table(frame, current.product)
            with right:
                _detail(current, scored, shown, choice, row, frame.loc[row])
    if shown.pages > 1:
        with st.container(key="agenda_pages"):
            st.pagination(shown.pages, key=page_key(scored, choice), max_visible_pages=5)
    st.html(print_table(frame))


def _identified(frame: Any, scored: Agenda, shown: AgendaPage, choice: Choice) -> Any:
    """The page of the list with the clinic's own ids and phones where that was allowed, once on record."""
    if not choice.identified:
        return frame
    seen = state.short_hash((scored.dataset_id, scored.as_of, choice, shown.number))
    first = state.first_showing(seen)
    return listing.with_own(
        frame, call_files.identities(state.session(), scored, frame.index.to_numpy(), on_record=first)
    )


def _table(frame: Any, product: Product) -> int:
    """The table; returns the row that is explained (the first until one is chosen)."""
    beside = [name for name in BESIDE if name in frame]
    spare = sum(NARROW[name] for name in BESIDE if name not in frame)  # one of the two alone leaves the reason its room
    widths = WIDTHS | (NARROW | {listing.REASONS[0]: NARROW[listing.REASONS[0]] + spare} if beside else {})
    config: dict[str, Any] = {
        name: st.column_config.Column(BESIDE.get(name), width=width, help=name if name in BESIDE else None)
        for name, width in widths.items()
        if name in frame and name != tables.RISK
    }  # type: ignore[arg-type]
    config[tables.RISK] = st.column_config.ProgressColumn(
        format="percent", min_value=0, max_value=1, color="orange", width=widths.get(tables.RISK, 80)
    )  # type: ignore[arg-type]
    event = st.dataframe(
        frame,
        hide_index=True,
        row_height=40,
        height=min(44 + 40 * len(frame), 644),
        on_select="rerun",
        selection_mode="single-row",
        key="agenda_table",
        column_config=config,
        placeholder="–",
        alt=f"{product.words.rows.capitalize()} do maior risco ao menor",
    )
    picked = event.selection.rows  # type: ignore[union-attr]
    position = picked[0] if picked and picked[0] < len(frame) else 0
    return int(frame.index[position])


def _title(line: Any) -> str:
    named = listing.WHO if listing.WHO in line else None
    return " · ".join(str(line[name]) for name in (tables.WHEN, named) if name and line[name])


def _detail(current: state.Current, scored: Agenda, shown: AgendaPage, choice: Choice, row: int, line: Any) -> None:
    with st.container(border=True, gap="small", key="agenda_detail"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{escape_markdown(_title(line))}**", width="content")
            _tier_badge(str(line[tables.TIER]))
        _explained(current, scored, shown, choice, row, line)


def _tier_badge(tier: str, before: str = "") -> None:
    """The tier with its colour; `before`: what is said with it."""
    st.badge(f"{before}{tier}", color="orange" if tier.startswith("●●●") else "gray")


def _booking(product: Product, scored: Agenda, shown: AgendaPage, choice: Choice, row: int) -> int:
    """All bookings of the entry by name; gives the one to be explained."""
    found = agenda.bookings(state.session(), scored, shown.lines, row, choice.filters)
    frame = listing.bookings(found.lines, found.shown, product, scored.as_of, looks_back=scored.looks_back)
    said = {int(at): _named(line) for at, line in frame.iterrows()}
    first = list(said).index(row)
    if len(said) == 1:
        st.markdown(f":small[:gray[{said[row]}]]")
        return row
    pick: Any = st.radio if len(said) <= MANY else st.selectbox
    name = f"{len(said)} agendamentos"
    return int(pick(name, list(said), index=first, format_func=lambda at: said[at], key=f"booking_{row}"))


def _named(line: Any) -> str:
    parts = [line[tables.WHEN], shorten(str(line[listing.WHAT]), 46), percent(line[tables.RISK], 0), line[listing.CAME]]
    return escape_markdown(" · ".join(str(part) for part in parts if part))


def _explained(current: state.Current, scored: Agenda, shown: AgendaPage, choice: Choice, row: int, line: Any) -> None:
    at = _booking(current.product, scored, shown, choice, row)
    changed = what_if.changes(current.product, scored, shown, at)
    before = agenda.explain(state.session(), scored, at, shown.lines)
    after = _changed(scored, at, changed, shown) if changed else before
    charts.show(waterfall(after, charts.theme(), row_word=current.product.words.row), f"waterfall_{at}")
    if changed:
        _compare(before, after)
    st.markdown(f":small[:gray[Em pontos percentuais; a soma dá exatamente o risco previsto. {text.CONTACT_REMINDER}]]")
    if line[listing.NOTE]:
        st.markdown(f":small[:gray[{escape_markdown(str(line[listing.NOTE]))}]]")
    reviews.ask(scored, at)


def _changed(scored: Agenda, at: int, changed: dict[str, Any], shown: AgendaPage) -> RowExplanation:
    """The row as it would be; as it is where the file is too large to be read whole for that, which is said."""
    try:
        return agenda.what_if(state.session(), scored, at, changed, shown.lines)
    except PresencaError as error:
        if error.note.code != "dataset.too_large_whole":
            raise
        refusal(error)
        return agenda.explain(state.session(), scored, at, shown.lines)


def _compare(before: RowExplanation, after: RowExplanation) -> None:
    gap = after.risk - before.risk
    st.markdown(f"Com a mudança: **{percent(after.risk)}**, {points(gap, 1)} pontos contra {percent(before.risk)}.")


def _card(
    current: state.Current, scored: Agenda, shown: AgendaPage, choice: Choice, row: int, line: Any, own: list[str]
) -> None:
    with st.container(border=True, gap="xsmall", key=f"card_{row}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{escape_markdown(_title(line))}**", width="content")
            _tier_badge(str(line[tables.TIER]), f"{percent(line[tables.RISK], 0)} ")
        for name in (listing.CAME, listing.LATE, listing.VALUE, *own):
            if name in line and line[name]:
                st.markdown(f":small[{escape_markdown(f'{name}: {line[name]}')}]")
        for reason in (str(line[name]) for name in listing.REASONS):
            if reason:
                st.markdown(escape_markdown(reason))
        if st.toggle(
            "Ver agendamentos e explicação" if line.get(listing.MORE) else "Ver explicação", key=f"card_open_{row}"
        ):
            _explained(current, scored, shown, choice, row, line)
