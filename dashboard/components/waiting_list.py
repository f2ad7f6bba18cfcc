"""The waiting list of a series: sent, seen before it is kept, replaced, deleted; a template and a made-up one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from dashboard import state
from dashboard.components import columns
from dashboard.components.downloads import button
from dashboard.components.page import empty, heading, refusal
from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import escape_markdown, shorten
from pipeline.presentation.locale import messages
from pipeline.presentation.locale.numbers import date
from pipeline.presentation.sentences import slot_words as words
from pipeline.records import ColumnMatch, Recipe
from pipeline.records.slots import WaitingList
from pipeline.services.data import waiting

_SENT, _REFUSED, _SAMPLE = "waiting_sent", "waiting_refused", "fila_de_exemplo.csv"


def show(product: Product, series_id: str) -> None:
    """What there is of a list, and the ways to another."""
    if told := st.session_state.pop(_REFUSED, ""):
        st.error(escape_markdown(told), icon=":material/block:")
    found = waiting.of(state.session(), series_id)
    if found is None:
        empty(
            "Ainda não há fila de espera",
            "Envie uma planilha de quem espera por uma vaga: id do paciente, desde quando, procedimento e unidade. "
            "O id fica guardado só como pseudônimo; a planilha, cifrada, por 30 dias.",
            key="waiting_none",
        )
    else:
        _kept(found, product, series_id)
    if not state.may(waiting.upload):
        return
    _send(product, series_id, replaces=found is not None)
    with st.container(horizontal=True, key="waiting_ways"):
        button(
            "Planilha modelo",
            lambda: waiting.template(product.key),
            "fila_modelo.xlsx",
            product.key,
            about=product.title,
        )
        if found is None:
            st.button(
                "Usar uma fila de exemplo",
                icon=":material/science:",
                key="waiting_sample",
                on_click=_keep,
                args=(lambda: waiting.upload(state.session(), series_id, waiting.sample(product.key), _SAMPLE),),
            )


def _kept(found: WaitingList, product: Product, series_id: str) -> None:
    session = state.session()
    with st.container(border=True, gap="small", key="waiting_kept"):
        st.markdown(f"**{escape_markdown(words.waits_of(waiting.entries(session, series_id), session.today()))}**")
        until = f" Planilha cifrada guardada até {date(found.vault_until)}." if found.vault_until else ""
        source = f"{shorten(found.name, 48)} · {words.waiting(found)}{until}"
        st.markdown(f":small[:gray[{escape_markdown(source)}]]")
        if lines := words.left_out(found, waiting.declared(product.key)):
            st.markdown("\n".join(f"- :small[{escape_markdown(line)}]" for line in lines))
        if found.change is not None:
            st.markdown(f":small[{escape_markdown(words.changed(found.change))}]")
        if not state.may(waiting.delete):
            return
        _again(found, product, series_id)
        with st.popover("Apagar a fila", icon=":material/delete:"):
            st.markdown("Apagar a fila e a sua planilha? As ofertas já feitas ficam na história.")
            st.button("Apagar", type="primary", key="waiting_delete", on_click=_delete, args=(series_id,))


def _send(product: Product, series_id: str, *, replaces: bool) -> None:
    """The uploader; what was read is shown, and may be read otherwise, before anything is kept."""
    label = "Enviar outra fila no lugar desta" if replaces else "Enviar a fila de espera"
    with st.expander(label, icon=":material/upload_file:", expanded=not replaces):
        sent = st.file_uploader(
            "Planilha da fila", key=f"{_SENT}_{st.session_state.get(_SENT, 0)}", label_visibility="collapsed"
        )
        if sent is None:
            return
        content, name, session = sent.getvalue(), sent.name, state.session()
        try:
            matches = waiting.preview(session, product.key, content, name)
            known = waiting.known_columns(session, series_id, matches)
            recipe = _columns(product, matches, known, sent.file_id)
            told = waiting.checked(session, series_id, content, name, recipe)
        except PresencaError as error:
            refusal(error)
            return
        _result(told, product)
        _button(
            "Guardar a fila", "waiting_keep", lambda: waiting.upload(state.session(), series_id, content, name, recipe)
        )


def _columns(product: Product, matches: Sequence[ColumnMatch], known: Mapping[str, str | None], mark: str) -> Recipe:
    """Which column is which, as the reader left it."""
    heading("Qual coluna é qual", "Mude o que não estiver certo; o resultado aparece abaixo.")
    chosen = columns.choose(waiting.declared(product.key).fields, matches, known, f"waiting_{mark}")
    return Recipe.of(chosen)


def _result(told: WaitingList, product: Product) -> None:
    """What would be kept, and what it changes."""
    st.markdown(escape_markdown(words.waiting(told)))
    if lines := words.left_out(told, waiting.declared(product.key)):
        st.markdown("\n".join(f"- :small[{escape_markdown(line)}]" for line in lines))
    if told.change is not None:
        st.markdown(escape_markdown(words.changed(told.change)))


def _again(found: WaitingList, product: Product, series_id: str) -> None:
    """The kept list with other columns, while its sheet is there."""
    session = state.session()
    if found.vault_until is None or not st.toggle("Mudar as colunas", key=f"waiting_columns_{found.id}"):
        return
    try:
        recipe = _columns(product, waiting.preview_kept(session, series_id), dict(found.columns), found.id)
        told = waiting.checked_again(session, series_id, recipe)
    except PresencaError as error:
        refusal(error)
        return
    _result(told, product)
    _button("Guardar assim", "waiting_again", lambda: waiting.read_again(session, series_id, recipe))


def _button(label: str, key: str, work: Callable[[], WaitingList]) -> None:
    st.button(label, type="primary", icon=":material/fact_check:", key=key, on_click=_keep, args=(work,))


def _keep(work: Callable[[], WaitingList]) -> None:
    try:
        work()
    except PresencaError as error:
        st.session_state[_REFUSED] = messages.refusal(error)
    else:
        st.session_state[_SENT] = st.session_state.get(_SENT, 0) + 1


def _delete(series_id: str) -> None:
    waiting.delete(state.session(), series_id)
