"""What the folder holds and the records don't know:
said on Início, with the way back; and the way out where all records are lost.
"""

from __future__ import annotations

import streamlit as st

from dashboard import state
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import escape_markdown
from pipeline.presentation.locale import messages
from pipeline.presentation.sentences import recovery_words
from pipeline.records import Shelved
from pipeline.services.data import recovery


def offer_rebuild(error: PresencaError) -> None:
    """In place of every page, while the folders are full and the records empty."""
    st.title("Os registros não estão na pasta de dados")
    st.error(escape_markdown(messages.refusal(error)), icon=":material/block:")
    if st.button(recovery_words.REBUILD, type="primary", icon=":material/restore:", key="rebuild"):
        try:
            with st.spinner("Refazendo os registros…"):
                found = recovery.rebuild()
        except PresencaError as refused:
            st.error(escape_markdown(messages.refusal(refused)), icon=":material/block:")
            return
        state.say_recovered(" ".join([recovery_words.recovered(found), *recovery_words.refused(found)]))
        st.rerun()


def notice() -> None:
    """What was put aside and what is gone, and what can be done about it; nothing where all is in order."""
    if told := state.recovered_said():
        st.success(escape_markdown(told), icon=":material/restore:")
    if not state.may(recovery.shelved):
        return
    _repairs()
    items = recovery.shelved(state.session())
    if items:
        _shelved(items)
    _gone(recovery.lost(state.session()))
    _damaged_copies()


def _damaged_copies() -> None:
    days = recovery.damaged_copies(state.session())
    if not days:
        return
    with st.container(border=True, key="damaged_copies"):
        st.warning(escape_markdown(recovery_words.damaged_copies(days)), icon=":material/content_cut:")
        if st.button("Apagar essas cópias", key="erase_damaged_copies"):
            recovery.erase_damaged_copies(state.session())
            st.rerun()


def _repairs() -> None:
    """What was put in order at the start or today, until it is read."""
    done = recovery.repairs(state.session())
    if done:
        with st.container(border=True, key="repairs"):
            st.info(escape_markdown(" ".join(map(messages.say, done))), icon=":material/build:")
            if st.button("Entendi", key="repairs_read"):
                recovery.repairs_read(state.session())
                st.rerun()


def _shelved(items: tuple[Shelved, ...]) -> None:
    with st.container(border=True, key="shelved"):
        st.warning(escape_markdown(recovery_words.shelved(items)), icon=":material/inventory_2:")
        with st.container(horizontal=True):
            back = any(item.can_return for item in items) and st.button(
                "Trazer de volta", type="primary", icon=":material/restore:", key="take_back"
            )
            away = st.button("Apagar de vez", icon=":material/delete:", key="erase_shelved")
    if back:
        with st.spinner("Trazendo de volta…"):
            found = recovery.take_back(state.session())
        state.say_recovered(" ".join([recovery_words.recovered(found), *recovery_words.refused(found)]))
        st.rerun()
    if away:
        _confirm_erasing(items)


@st.dialog("Apagar de vez", dismissible=True)
def _confirm_erasing(items: tuple[Shelved, ...]) -> None:
    datasets = sum(item.kind == "datasets" for item in items)
    st.markdown(
        f"{recovery_words.counted(datasets, len(items) - datasets)} de lado: depois de apagar, não há como "
        "trazer de volta."
    )
    if st.button("Apagar", type="primary", key="erase_shelved_sure"):
        recovery.erase(state.session(), items)
        st.rerun()


def _gone(gone: recovery.Lost) -> None:
    if not gone.datasets and not gone.models:
        return
    with st.container(border=True, key="gone"):
        st.warning(
            escape_markdown(
                recovery_words.gone([name for _, name in gone.datasets], [name for _, name in gone.models])
            ),
            icon=":material/folder_off:",
        )
        if st.button("Esquecer esses registros", key="forget_gone"):
            recovery.forget(state.session(), gone)
            st.rerun()
