"""Vagas: what was emptied and to whom it is offered, extra bookings, and the waiting list."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import address, navigation, state, text
from dashboard.components import emptied, extra_bookings, preparing, waiting_list
from dashboard.components.page import empty, finding, page, refusal
from pipeline.errors import PresencaError
from pipeline.presentation.sentences import slot_words as words
from pipeline.services.data import waiting
from pipeline.services.pages import slot_board

TITLE, PART = "Vagas", "slots_part"
REFILL, EXTRA, WAITING = PARTS = ("Oferecer", "Encaixes", "Fila de espera")


def show() -> None:
    """Draws the page; one part at a time, so that it is short on a phone."""
    current = state.current()
    if current.series is None:
        with page(TITLE):
            empty(
                text.NO_DATA, text.NO_DATA_WHY, link=navigation.DATA, link_label="Enviar arquivo", key="slots_no_data"
            )
        return
    choice = address.Choice("parte", PART, address.among(PARTS), default=REFILL)
    address.restore([choice])
    with page(TITLE) as head:
        address.given(choice)
        part = st.segmented_control("Parte", PARTS, key=PART, required=True, label_visibility="collapsed")
        address.keep([choice])
        preparing.show(current)
        try:
            _part(current, current.series.id, part or REFILL, head)
        except PresencaError as error:
            refusal(error)


def _part(current: state.Current, series_id: str, part: str, head: DeltaGenerator) -> None:
    session = state.session()
    if part == WAITING:
        waiting_list.show(current.product, series_id)
        return
    info = slot_board.agenda_file(session, series_id, current.dataset.id if current.dataset else "")
    if info is None:
        empty(
            "Ainda não há agenda por vir",
            f"Envie os {current.product.words.rows} que ainda vão acontecer, com os desmarcados, na página Agenda.",
            link=navigation.AGENDA,
            link_label="Enviar a agenda",
            key="slots_no_agenda",
        )
        return
    board = slot_board.board(session, info.id, emptied.wish(), number=emptied.page_number())
    kept = waiting.of(session, series_id)
    with head:
        finding(*words.headline(board.slots, board.opened, kept.waiting if kept else None), info.name)
    if part == EXTRA:
        extra_bookings.show(current, series_id, info, board)
        return
    if kept is None:
        waiting_list.show(current.product, series_id)
    emptied.show(info, current.product.key, board)
    emptied.coming(info)


show()
