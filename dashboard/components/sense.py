"""What reads the sense of comments: whether it is here, and how far it is with the open file."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.components import running_job
from dashboard.components.error_boundary import guarded
from pipeline.contract import Product
from pipeline.presentation.escaping import escape_markdown
from pipeline.presentation.locale import messages, program
from pipeline.records import ModelInfo
from pipeline.services.data import senses
from pipeline.services.data.senses import ABSENT, STOPPED, WAITING
from pipeline.services.pages import comments


def training_note(product: Product, *, hasty: bool) -> str:
    """What a training reads beside words, as Markdown; "" where there is nothing to say."""
    if not product.has_comments:
        return ""
    if not senses.can_read():
        return (
            ":small[:gray[Lê os comentários pelas palavras. Um leitor do sentido da frase, opcional, pode ser "
            f"instalado com `{program.ADD_SENSE}` (91 MB, só Linux de 64 bits).]]"
        )
    if hasty:
        return ":small[:gray[No rápido, lê só as palavras; nos outros, também o sentido de cada comentário.]]"
    return ":small[:gray[Lê também o sentido de cada comentário: uns 5 minutos a mais a cada 10 mil.]]"


def show(dataset_id: str, reader: ModelInfo) -> None:
    """How far the sense of the comments has been read, where the reader learnt one and it is not all read."""
    found = comments.sense(state.session(), dataset_id, reader.id)
    if found.state == ABSENT:
        st.info(
            "Este modelo também lê o **sentido** dos comentários, e o leitor de sentido não está instalado aqui. As "
            "respostas abaixo usam só as palavras, e erram um pouco mais: a página *Modelo* mostra quanto. Para tê-lo: "
            f"`{program.ADD_SENSE}`.",
            icon=":material/info:",
        )
    elif found.state == STOPPED:
        _stopped(dataset_id, messages.told(found.job.message) if found.job and found.job.message else "")
    elif found.state == WAITING:
        senses.begin(state.session(), dataset_id)
        _reading(dataset_id, reader.id)


def _stopped(dataset_id: str, why: str) -> None:
    with st.container(border=True, gap="small", key="sense_stopped"):
        st.markdown(
            f"A leitura do sentido dos comentários parou. {escape_markdown(why)} As respostas abaixo usam só as "
            "palavras; o que já foi lido está guardado."
        )
        if st.button("Continuar a leitura", key="sense_again", icon=":material/refresh:"):
            senses.begin(state.session(), dataset_id)
            st.rerun()


@st.fragment(run_every="2s")
def _reading(dataset_id: str, model_id: str) -> None:
    with guarded():  # a fragment runs by itself, outside the page's own guard
        found = comments.sense(state.session(), dataset_id, model_id)
        if found.state != WAITING:
            st.rerun()
        senses.begin(state.session(), dataset_id)
        with st.container(border=True, gap="small", key="sense_now"):
            if found.job is not None:
                running_job.bar(found.job)
            else:
                st.progress(0.0, text="Esperando outra leitura terminar")
            st.markdown(
                ":small[:gray[As respostas abaixo usam por enquanto só as palavras, e mudam um pouco quando o sentido "
                "dos comentários estiver lido. Pode usar ou fechar a página: a leitura continua.]]"
            )
            if found.job and state.may(senses.stop) and st.button("Parar a leitura", key="sense_stop"):
                senses.stop(state.session(), found.job.id)
                st.rerun()
