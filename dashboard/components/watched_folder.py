"""The watched folder, as whoever looks after the app sets it, and what became of the last files."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboard import state
from dashboard.components.page import heading
from pipeline import services
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import escape_markdown
from pipeline.presentation.locale import messages
from pipeline.presentation.sentences import folder_words as words
from pipeline.records.folder import FolderSettings
from pipeline.services.data import folder_log

_SAID, _REFUSED, _SHOWN = "folder_said", "folder_refused", 8


def show() -> None:
    """The section: whether a folder is watched, what came, and how it is set."""
    if not state.may(folder_log.set_settings):
        return
    found = folder_log.settings(state.session())
    with st.container(gap="small", key="section_folder"):
        heading(words.TITLE, words.ABOUT)
        if told := st.session_state.pop(_REFUSED, ""):
            st.error(escape_markdown(told), icon=":material/block:")
        if told := st.session_state.pop(_SAID, ""):
            st.success(escape_markdown(told), icon=":material/check:")
        st.markdown(escape_markdown(words.state(found)))
        _trouble(found)
        _came()
        _set(found)


def _trouble(found: FolderSettings) -> None:
    """That a folder which was set can't be watched now."""
    if found.is_on and (why := folder_log.trouble(state.session())) is not None:
        st.warning(escape_markdown(messages.told(why)), icon=":material/folder_off:")


def _came() -> None:
    last = folder_log.files(state.session())[:_SHOWN]
    if last:
        st.markdown("\n".join(f"- {escape_markdown(words.line(one))}" for one in last))


def _set(found: FolderSettings) -> None:
    titles = {"": "Reconhecer pelas colunas", **{one.key: one.title for one in services.products()}}
    with (
        st.expander("Configurar a pasta", icon=":material/folder_eye:"),
        st.form("folder_set", border=False),
    ):
        is_on = st.checkbox("Vigiar a pasta", found.is_on)
        path = st.text_input(
            "Pasta", found.path, max_chars=400, help="O caminho inteiro, na máquina em que a Presença roda."
        )
        out = st.text_input("Pasta das listas", found.out, max_chars=400, placeholder="Em branco: “saida”, dentro dela")
        product = st.selectbox(
            "Produto", list(titles), list(titles).index(found.product), format_func=titles.__getitem__
        )
        seconds = st.number_input(
            "Segundos parado até estar inteiro", folder_log.SHORTEST, folder_log.LONGEST, found.seconds
        )
        lists = st.checkbox("Fazer a lista do dia e escrevê-la (CSV e XLSX)", found.lists)
        identified = st.checkbox(words.IDENTIFIED, found.identified)
        reports = st.checkbox("Escrever o relatório de cada arquivo (HTML)", found.reports)
        retrain = st.checkbox(words.RETRAIN, found.retrain)
        if st.form_submit_button("Guardar", type="primary"):
            told = FolderSettings(path, out, product, is_on, int(seconds), lists, reports, identified, retrain)
            _keep(replace(told, path=path.strip(), out=out.strip()))
            st.rerun()


def _keep(wanted: FolderSettings) -> None:
    """Keeps it; the sentence of what came of it waits for the next drawing."""
    try:
        folder_log.set_settings(state.session(), wanted)
        st.session_state[_SAID] = words.KEPT
    except PresencaError as error:
        st.session_state[_REFUSED] = messages.refusal(error)
