"""Beside downloads of rows: whether the files say who the patients are, chosen anew in each session."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from pipeline.records import FileUse
from pipeline.services.data import masking

CHOICE = "Com a identificação dos pacientes"
_MASKED = (
    "Sem a identificação, o id do paciente vira um código, o mesmo em todos os arquivos, e as colunas que não são "
    "campos ficam de fora."
)
_ON_RECORD = " Cada arquivo com ela fica registrado na trilha de auditoria."


def ask(place: str) -> bool | None:
    """What was chosen for the files at this place of a page, None where there is nothing to choose. Says what a masked
    file is to whoever gets one.
    """
    offer = masking.offered(state.session(), FileUse.OTHER)
    if offer is masking.Offered.WHOLE:
        return None
    asked = None
    if offer is masking.Offered.CHOICE:
        asked = st.checkbox(CHOICE, key=f"identified_{place}", persist_state="session")
    st.markdown(f":small[:gray[{_MASKED}{_ON_RECORD if asked is not None else ''}]]")
    return asked
