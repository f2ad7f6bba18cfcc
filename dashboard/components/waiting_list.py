"""The waiting list of a series: sent, seen before it is kept, replaced, deleted; a template and a made-up one."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.components.downloads import button
from dashboard.components.page import empty, heading, refusal
from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import escape_markdown, shorten
from pipeline.presentation.locale import messages
from pipeline.presentation.locale.numbers import date
from pipeline.presentation.sentences import slot_words as words
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
                args=(series_id, waiting.sample(product.key), _SAMPLE),
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
        if not state.may(waiting.delete):
            return
        with st.popover("Apagar a fila", icon=":material/delete:"):
            st.markdown("Apagar a fila e a sua planilha? As ofertas já feitas ficam na história.")
            st.button("Apagar", type="primary", key="waiting_delete", on_click=_delete, args=(series_id,))


def _send(product: Product, series_id: str, *, replaces: bool) -> None:
    """The uploader; what was read is shown before anything is kept."""
    label = "Enviar outra fila no lugar desta" if replaces else "Enviar a fila de espera"
    with st.expander(label, icon=":material/upload_file:", expanded=not replaces):
        sent = st.file_uploader(
            "Planilha da fila", key=f"{_SENT}_{st.session_state.get(_SENT, 0)}", label_visibility="collapsed"
        )
        if sent is None:
            return
        try:
            columns = waiting.preview(state.session(), product.key, sent.getvalue(), sent.name)
            told = waiting.checked(state.session(), product.key, sent.getvalue(), sent.name)
        except PresencaError as error:
            refusal(error)
            return
        labels = {field.key: field.label for field in waiting.declared(product.key).fields}
        heading("Qual coluna é qual")
        for match in columns:
            taken = labels.get(match.field or "", "fica só na planilha cifrada")
            st.markdown(f":small[{escape_markdown(shorten(match.header, 40))} → {escape_markdown(taken)}]")
        st.markdown(escape_markdown(words.waiting(told)))
        if lines := words.left_out(told, waiting.declared(product.key)):
            st.markdown("\n".join(f"- :small[{escape_markdown(line)}]" for line in lines))
        st.button(
            "Guardar a fila",
            type="primary",
            icon=":material/fact_check:",
            key="waiting_keep",
            on_click=_keep,
            args=(series_id, sent.getvalue(), sent.name),
        )


def _keep(series_id: str, content: bytes, name: str) -> None:
    try:
        waiting.upload(state.session(), series_id, content, name)
    except PresencaError as error:
        st.session_state[_REFUSED] = messages.refusal(error)
    else:
        st.session_state[_SENT] = st.session_state.get(_SENT, 0) + 1


def _delete(series_id: str) -> None:
    waiting.delete(state.session(), series_id)
