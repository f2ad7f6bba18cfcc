"""Cópias e exame: a sealed copy of everything is made and listed, its key told apart and once; the folder examined."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from dashboard import state
from dashboard.components.downloads import button
from dashboard.components.error_boundary import guarded
from dashboard.components.page import finding, heading, page
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import escape_markdown, shorten
from pipeline.presentation.locale import messages
from pipeline.presentation.sentences import maintenance_words as words
from pipeline.records import CopyShelf, Examination
from pipeline.services.data import copying, maintaining

_REFUSED, _KEY, _FOUND = "maintenance_refused", "maintenance_key", "maintenance_found"
_MOST = 12  # copies that are listed
_ICONS = {
    "loss": ":red[:material/error:]",
    "mendable": ":orange[:material/build:]",
    "known": ":gray[:material/info:]",
    "fine": ":green[:material/check_circle:]",
    "mended": ":green[:material/check:]",
}


def show() -> None:
    """Draws the page."""
    with page(words.TITLE) as head:
        if told := st.session_state.pop(_REFUSED, ""):
            st.error(escape_markdown(told), icon=":material/block:")
        try:
            found = copying.shelf(state.session())
        except PresencaError as error:
            st.error(escape_markdown(messages.refusal(error)), icon=":material/block:")
        else:
            with head:
                finding(*words.copies(found, state.session().now()))
            _copies(found)
        _key()
        _folder()


def _copies(found: CopyShelf) -> None:
    with st.container(gap="small", key="section_copies"):
        heading("Cópia de segurança", words.WHAT)
        if found.failed is not None and not found.is_making:
            st.error(escape_markdown(messages.told(found.failed)), icon=":material/block:")
        if found.is_making:
            _making()
        else:
            st.button(
                "Fazer uma cópia agora",
                type="primary" if found.is_due else "secondary",
                icon=":material/lock:",
                key="copy_make",
                on_click=_start,
            )
        now = state.session().now()
        for one in found.copies[:_MOST]:
            with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"copy_{one.name}"):
                line = f"**{escape_markdown(words.copy(one, now))}**  \n:small[:gray[{_plain(one.name)}]]"
                if one.outlived:
                    line += f"  \n:small[:orange[:material/warning:] {words.OUTLIVED}]"
                st.markdown(line, width="stretch")
                if copying.may_download(one):
                    build = partial(copying.content, state.session(), one.name)
                    button("Baixar", build, "copia.presenca", one.name, about=one.name.removesuffix(".presenca"))
                else:
                    st.markdown(f":small[:gray[{words.TOO_LARGE}]]", width="content")
        st.markdown(f":small[:gray[{words.KEEP_APART} Estão nesta pasta do servidor:]]")
        st.code(found.folder, language=None, wrap_lines=True)


def _plain(text: str) -> str:
    return escape_markdown(shorten(text, 90))


@st.fragment(run_every="1s")
def _making() -> None:
    with guarded():  # a fragment runs by itself, outside the page's own guard
        found = copying.shelf(state.session())
        if not found.is_making:
            st.rerun()
        st.progress(found.share or 0.0, text=escape_markdown(words.making(found.share)))


def _start() -> None:
    _try(lambda: copying.start(state.session()))


def _key() -> None:
    session = state.session()
    place, shown = copying.key_place(session), st.session_state.get(_KEY, "")
    with st.container(gap="small", key="section_key"):
        heading("A chave das cópias", "Só com ela uma cópia abre. Nunca vai junto de uma.")
        st.markdown(escape_markdown(words.key(place, session.now())))
        if place.file:
            st.code(place.file, language=None, wrap_lines=True)
        if shown:
            with st.container(border=True, key="key_shown"):
                st.markdown(escape_markdown(words.KEY_ONCE))
                st.code(shown, language=None, wrap_lines=True)
                st.button("Já guardei", key="key_kept", on_click=lambda: st.session_state.pop(_KEY, ""))
        elif place.file and place.told is None:
            with st.popover("Ver a chave", icon=":material/key:", key="key_menu"):
                st.markdown("Ela aparece uma única vez. Tenha à mão onde guardá-la.")
                st.button("Mostrar agora", type="primary", key="key_show", on_click=_tell_key)


def _tell_key() -> None:
    def keep() -> None:
        st.session_state[_KEY] = copying.tell_key(state.session())

    _try(keep)


def _folder() -> None:
    """What was found when somebody last asked, in this session."""
    with st.container(gap="small", key="section_folder"):
        heading("Exame da pasta", words.EXAMINE)
        found: Examination | None = st.session_state.get(_FOUND)
        for kind, said in words.examined(found) if found is not None else ():
            st.markdown(f"{_ICONS[kind]} {escape_markdown(said)}")
        with st.container(horizontal=True):
            if st.button("Examinar", icon=":material/search:", key="examine"):
                _look("Examinando a pasta…", maintaining.examined)
            mendable = found is not None and any(one.mend for one in found.findings)
            if mendable and st.button("Consertar o que dá", type="primary", icon=":material/build:", key="mend"):
                _look("Consertando…", maintaining.mended)


def _look(said: str, deed: Callable[..., Examination]) -> None:
    def keep() -> None:
        st.session_state[_FOUND] = deed(state.session())

    with st.spinner(said):
        _try(keep)
    st.rerun()


def _try(deed: Callable[[], object]) -> None:
    """Does it; a refusal waits for the next drawing."""
    try:
        deed()
    except PresencaError as error:
        st.session_state[_REFUSED] = messages.refusal(error)


show()
