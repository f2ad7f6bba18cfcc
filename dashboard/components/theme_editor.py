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

_WHICH, _NEXT, _OPEN, _REFUSED = "theme_edit_which", "theme_edit_next", "theme_editor", "theme_edit_refused"
_NEW = ""


def create_from(dataset_id: str, words: str) -> None:
    """Opens the editor on a new theme of these words, kept at once where they can be."""
    try:
        found = themes.edit(state.session(), dataset_id, ThemeEdit(_NEW, words[:1].upper() + words[1:], words))
    except PresencaError as error:
        st.session_state[_REFUSED], st.session_state[_OPEN] = error, True
        return
    st.session_state[_WHICH], st.session_state[_OPEN] = found.themes[-1].key, True
    st.toast("Tema criado. Em “Editar temas” ele pode ser mudado.", icon=":material/check:")


def show(dataset_id: str) -> None:
    """The editor, in a box that opens."""
    box = st.expander("Editar temas", icon=":material/edit:", key=_OPEN, on_change="rerun")
    if not box.open:
        return
    with box:
        refused = st.session_state.pop(_REFUSED, None)
        if refused is not None:
            refusal(refused)
        found = themes.theme_set(state.session(), dataset_id)
        _one(dataset_id, found)
        _whole(dataset_id, found)


def _one(dataset_id: str, found: ThemeSet) -> None:
    entries = {entry.key: entry for entry in found.themes}
    if _NEXT in st.session_state:  # a box can't be changed after it was drawn: the theme kept just now comes here
        st.session_state[_WHICH] = st.session_state.pop(_NEXT)
    if st.session_state.get(_WHICH) not in (*entries, _NEW):
        st.session_state[_WHICH] = _NEW
    key = st.selectbox(
        "Tema a editar", [_NEW, *entries], format_func=lambda one: _called(entries.get(one), entries), key=_WHICH
    )
    typed = _boxes(dataset_id, entries.get(key or _NEW), found)
    _preview(dataset_id, typed.words)
    with st.container(horizontal=True):
        if st.button("Guardar tema", type="primary", key="theme_save"):
            _keep(dataset_id, typed)
        if key and _sure("Excluir tema", "O tema sai desta série com as suas partes.", "theme_remove"):
            themes.remove(state.session(), dataset_id, key)
            st.rerun()


def _sure(label: str, what: str, key: str) -> bool:
    """A button that says what will be lost, and asks once more."""
    with st.popover(label, key=f"{key}_asks"):
        st.markdown(what)
        return st.button(label, key=key)


def _called(entry: ThemeEntry | None, entries: dict[str, ThemeEntry]) -> str:
    if entry is None:
        return "Novo tema"
    parent = entries[entry.parent].label + " › " if entry.parent in entries else ""
    return f"{parent}{entry.label}" + ("" if entry.on else " (desligado)")


def _boxes(dataset_id: str, entry: ThemeEntry | None, found: ThemeSet) -> ThemeEdit:
    """What is typed of a theme. Each has boxes of its own, so that looking at another loses nothing."""
    tag = state.short_hash((dataset_id, entry, len(found.themes) if entry is None else 0))
    held = st.session_state
    held.setdefault(f"theme_label_{tag}", entry.label if entry else "")
    held.setdefault(f"theme_words_{tag}", themes.words_of(entry.terms) if entry else "")
    held.setdefault(f"theme_on_{tag}", entry.on if entry else True)
    label = st.text_input("Nome", key=f"theme_label_{tag}", max_chars=themes.LONGEST_LABEL, persist_state="session")
    words = st.text_area(
        "Palavras e expressões, separadas por vírgula",
        key=f"theme_words_{tag}",
        height=140,
        persist_state="session",
    )
    st.markdown(
        ":small[:gray[Maiúsculas e acentos não importam. “atras\\*” vale por atraso, atrasou…; “\\#” por um número; "
        "“\\~” por até quatro palavras no meio.]]"
    )
    parent = entry.parent if entry else _parent(found)
    on = st.toggle("Procurar este tema", key=f"theme_on_{tag}", persist_state="session")
    return ThemeEdit(entry.key if entry else _NEW, label, words, parent, on)


def _parent(found: ThemeSet) -> str:
    labels = {entry.key: entry.label for entry in found.themes if not entry.parent}
    chosen = st.selectbox(
        "É parte de", [_NEW, *labels], format_func=lambda one: labels.get(one, "nenhum tema"), key="theme_parent"
    )
    return chosen or ""


def _preview(dataset_id: str, words: str) -> None:
    """What the words in the box catch now."""
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


def _keep(dataset_id: str, typed: ThemeEdit) -> None:
    try:
        found = themes.edit(state.session(), dataset_id, typed)
    except PresencaError as error:  # the boxes keep what was typed
        refusal(error)
        return
    st.session_state[_NEXT] = typed.key or found.themes[-1].key
    st.rerun()


def _whole(dataset_id: str, found: ThemeSet) -> None:
    """The set as a file, from a file, and back to the product's own."""
    st.markdown(f":small[:gray[{escape_markdown(theme_words.edition(found))}]]")
    with st.container(key="theme_import_box"):
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
        if found.edited and _sure("Voltar aos temas da Presença", "O que foi editado se perde.", "theme_reset"):
            themes.reset(state.session(), dataset_id)
            st.rerun()
