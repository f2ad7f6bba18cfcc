"""Reviews of a risk by a person: asked for beside a line of the list, decided and listed in Privacidade."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.components.caller import who
from dashboard.components.page import heading, refusal
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import escape_markdown
from pipeline.presentation.locale.numbers import percent
from pipeline.presentation.sentences import privacy_words as words
from pipeline.records.privacy import RiskReview
from pipeline.services.pages import contacts
from pipeline.services.pages.agenda import Agenda
from pipeline.services.privacy import reviews


def ask(scored: Agenda, row: int) -> None:
    """Writes down that the patient of a line asked for a person's review (LGPD, art. 20)."""
    with st.expander("Pedido de revisão"):
        st.markdown(":small[:gray[O paciente pode pedir que uma pessoa reveja este risco (LGPD, art. 20).]]")
        why = st.text_input("O que pediu, e por quê", key=f"review_why_{row}", max_chars=contacts.LONGEST_REASON)
        if st.button("Registrar o pedido", key=f"review_ask_{row}", disabled=not why.strip()):
            try:
                reviews.ask(state.session(), scored, row, why, who())
            except PresencaError as error:
                refusal(error)
            else:
                st.success("Pedido registrado. A decisão é tomada em Privacidade.", icon=":material/check_circle:")


def listed() -> None:
    """The reviews of the series that is open, with what is still to be decided first."""
    series = state.current().series
    with st.container(gap="small", key="section_reviews"):
        heading("Revisão de um risco por uma pessoa", "Pedida na Agenda; quem pediu, quem decidiu e o que mudou.")
        held = reviews.of(state.session(), series.id) if series else ()
        if series is None or not held:
            st.markdown("Nenhum pedido ainda.")
            return
        for one in held:
            with st.container(border=True, gap="xsmall", key=f"review_{one.id}"):
                st.markdown(escape_markdown(words.review(one)))
                if one.decision is None:
                    _decide(series.id, one)


def _decide(series_id: str, one: RiskReview) -> None:
    told = "" if one.risk is None else f" ({percent(one.risk)})"
    kept, changed = f"Manter o risco do modelo{told}", "Pôr outro risco"
    picked = st.radio("Decisão", [kept, changed], key=f"review_pick_{one.id}", horizontal=True)
    risk = st.slider("Risco (%)", 0, 100, 50, key=f"review_risk_{one.id}") if picked == changed else None
    why = st.text_input("Motivo da decisão", key=f"review_reason_{one.id}", max_chars=contacts.LONGEST_REASON)
    if st.button("Guardar a decisão", key=f"review_save_{one.id}", disabled=not why.strip()):
        value = None if risk is None else risk / 100
        try:
            reviews.decide(state.session(), series_id, one.id, value, why, who())
        except PresencaError as error:
            refusal(error)
        else:
            st.rerun()
