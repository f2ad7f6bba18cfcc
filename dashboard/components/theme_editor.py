"""Themes edited, added, switched off, exported and imported; what words catch is seen before they are kept."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.components import charts
from dashboard.components.downloads import button
from dashboard.components.page import refusal
from pipeline.errors import PresencaError
from pipeline.presentation.comment_markup import clauses_html
from pipeline.presentation.escaping import escape_markdown
from pipeline.presentation.locale.numbers import plural
from pipeline.presentation.sentences import theme_words
from pipeline.records import ThemeEntry, ThemeSet
from pipeline.services.pages import themes
from pipeline.services.pages.themes import ThemeEdit

_WHICH, _LABEL, _WORDS, _ON, _PARENT = (f"theme_edit_{name}" for name in ("which", "label", "words", "on", "parent"))
_SHOWN, _OPEN = "theme_edit_shown", "theme_edit_open"
_NEW = ""


def create_from(dataset_id: str, words: str) -> None:
    """Opens the editor on a new theme of these words, kept at once where they can be."""
    try:
        found = themes.edit(state.session(), dataset_id, ThemeEdit(_NEW, words[:1].upper() + words[1:], words))
    except PresencaError as error:
        st.session_state["theme_edit_refused"] = error
        return
    st.session_state[_WHICH], st.session_state[_OPEN] = found.themes[-1].key, True
    st.toast("Tema criado. Em “Editar temas” ele pode ser mudado.", icon=":material/check:")


def show(dataset_id: str) -> None:
    """The editor, in a box that opens."""
    box = st.expander(
        "Editar temas", icon=":material/edit:", key="theme_editor", expanded=bool(st.session_state.get(_OPEN))
    )
    with box:
        refused = st.session_state.pop("theme_edit_refused", None)
        if refused is not None:
            refusal(refused)
        found = themes.theme_set(state.session(), dataset_id)
        _one(dataset_id, found)
        _whole(dataset_id, found)


def _one(dataset_id: str, found: ThemeSet) -> None:
    entries = {entry.key: entry for entry in found.themes}
    if st.session_state.get(_WHICH) not in (*entries, _NEW):
        st.session_state[_WHICH] = _NEW
    key = st.selectbox(
        "Tema a editar", [_NEW, *entries], format_func=lambda one: _called(entries.get(one), entries), key=_WHICH
    )
    _fill(entries.get(key or _NEW), dataset_id)
    st.text_input("Nome", key=_LABEL, max_chars=themes.LONGEST_LABEL)
    st.text_area(
        "Palavras e expressões, separadas por vírgula",
        key=_WORDS,
        height=140,
        help="Maiúsculas e acentos não importam. “atras\\*” vale por atraso, atrasou…; “#” por um número; “~” por até "
        "quatro palavras no meio.",
    )
    if not key:
        tops = [_NEW, *(entry.key for entry in found.themes if not entry.parent)]
        st.selectbox(
            "É parte de", tops, format_func=lambda one: entries[one].label if one else "nenhum tema", key=_PARENT
        )
    st.toggle("Procurar este tema", key=_ON)
    _preview(dataset_id)
    with st.container(horizontal=True):
        if st.button("Guardar tema", type="primary", key="theme_save"):
            _keep(dataset_id, key or _NEW)
        if key and st.button("Excluir tema", key="theme_remove", icon=":material/delete:"):
            themes.remove(state.session(), dataset_id, key)
            st.rerun()


def _called(entry: ThemeEntry | None, entries: dict[str, ThemeEntry]) -> str:
    if entry is None:
        return "Novo tema"
    parent = entries[entry.parent].label + " › " if entry.parent in entries else ""
    return f"{parent}{entry.label}" + ("" if entry.on else " (desligado)")


def _fill(entry: ThemeEntry | None, dataset_id: str) -> None:
    """Puts a theme's words in the boxes when another is chosen; what is typed there stays until then."""
    shown = (dataset_id, entry)
    if st.session_state.get(_SHOWN) == shown:
        return
    st.session_state[_SHOWN] = shown
    st.session_state[_LABEL] = entry.label if entry else ""
    st.session_state[_WORDS] = themes.words_of(entry.terms) if entry else ""
    st.session_state[_ON] = entry.on if entry else True


def _preview(dataset_id: str) -> None:
    """What the words in the box catch now."""
    words = st.session_state.get(_WORDS, "")
    if not words.strip():
        return
    try:
        found = themes.preview(state.session(), dataset_id, words)
    except PresencaError as error:
        refusal(error)
        return
    st.markdown(
        f"Estas palavras pegam **{plural(found.caught, 'comentário', 'comentários')}** de "
        f"{plural(found.comments, 'comentário', 'comentários')}."
    )
    for item in found.sentences:
        st.html(clauses_html(item.comment, (item,), charts.theme(), most=300))


def _keep(dataset_id: str, key: str) -> None:
    held = st.session_state
    wanted = ThemeEdit(key, held[_LABEL], held[_WORDS], held.get(_PARENT, "") if not key else "", held[_ON])
    try:
        themes.edit(state.session(), dataset_id, wanted)
    except PresencaError as error:  # the boxes keep what was typed
        refusal(error)
        return
    held[_OPEN] = True
    st.rerun()


def _whole(dataset_id: str, found: ThemeSet) -> None:
    """The set as a file, from a file, and back to the product's own."""
    st.markdown(f":small[:gray[{escape_markdown(theme_words.edition(found))}]]")
    uploaded = st.file_uploader("Importar temas (JSON)", type="json", key="theme_import")
    if uploaded is not None and st.button("Trocar pelos temas do arquivo", key="theme_import_go"):
        try:
            themes.import_(state.session(), dataset_id, uploaded.getvalue())
            st.rerun()
        except PresencaError as error:
            refusal(error)
    with st.container(horizontal=True):
        button(
            "Exportar temas",
            lambda: themes.export(state.session(), dataset_id),
            "conjunto_de_temas.json",
            state.short_hash(found),
        )
        if found.edited and st.button("Voltar aos temas da Presença", key="theme_reset", icon=":material/undo:"):
            themes.reset(state.session(), dataset_id)
            st.rerun()
