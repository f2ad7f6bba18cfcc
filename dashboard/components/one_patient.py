"""One patient: found by what the clinic knows, handed a copy, erased once somebody typed that it is meant."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import state
from dashboard.components.downloads import button
from dashboard.components.page import heading, refusal
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import escape_markdown
from pipeline.presentation.sentences import privacy_words as words
from pipeline.records.privacy import PatientFound
from pipeline.services.privacy import patient_copy, patients

_FOUND, _SAID = "patient_found", "patient_said"  # in numbers; what was typed is not kept
CONFIRMED = "APAGAR"


def show() -> None:
    """The search, and what can be done with what was found."""
    with st.container(gap="small", key="section_patient"):
        heading("Achar um paciente", "Pelo código que a clínica usa, ou pelo CPF. O que se digita não fica guardado.")
        form = st.form("find_patient", clear_on_submit=True, border=False)
        with form, st.container(horizontal=True, vertical_alignment="bottom"):
            typed = st.text_input("Código ou CPF", type="password", max_chars=120, key="patient_typed")
            asked = st.form_submit_button("Achar", type="primary")
        if asked:
            _find(typed)
        if said := st.session_state.pop(_SAID, ""):
            st.success(escape_markdown(said), icon=":material/check_circle:")
        found = st.session_state.get(_FOUND)
        if isinstance(found, PatientFound):
            _found(found)


def _find(typed: str) -> None:
    st.session_state.pop(_FOUND, None)
    try:
        st.session_state[_FOUND] = patients.find(state.session(), typed)
    except PresencaError as error:
        refusal(error)


def _found(found: PatientFound) -> None:
    with st.container(border=True, gap="small", key="patient_card"):
        st.markdown(f"**{escape_markdown(words.found(found))}**")
        st.markdown("\n".join(f"- {escape_markdown(words.part(one))}" for one in found.parts))
        for line in filter(None, (words.learnt(found.models), words.unread(found.unread))):
            st.markdown(escape_markdown(line))
        if found.parts:
            tag = state.short_hash(found.target)
            build = partial(patient_copy.archive, state.session(), found)
            with st.container(horizontal=True, vertical_alignment="bottom"):
                button("Exportar a cópia do paciente", build, "copia_do_paciente.zip", tag, about="privacidade")
            _erase(found)


def _erase(found: PatientFound) -> None:
    with st.expander("Apagar tudo deste paciente"):
        st.markdown(
            "Apaga linhas, planilhas, riscos, contatos, listas, ofertas, comentários e as suas cópias. Não tem volta; "
            "cópias de segurança feitas antes continuam com os dados até que a clínica as troque."
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            typed = st.text_input(f"Digite {CONFIRMED} para confirmar", key="patient_confirmed", max_chars=20)
            asked = st.button("Apagar o paciente", key="patient_erase", disabled=typed != CONFIRMED)
        if asked:
            try:
                done = patients.erase(state.session(), found)
            except PresencaError as error:
                refusal(error)
                return
            st.session_state.pop(_FOUND, None)
            st.session_state[_SAID] = words.erased(done)
            st.rerun()
