"""Starting a training, following it while it runs (through reloads), stopping it, or loading a model instead."""

from __future__ import annotations

import contextlib

import streamlit as st

from dashboard import state
from dashboard.components import running_job, sense
from dashboard.components.page import heading, refusal
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import escape_markdown, shorten
from pipeline.presentation.locale import messages
from pipeline.presentation.locale.names import EFFORTS
from pipeline.presentation.locale.numbers import period, plural
from pipeline.records import DatasetInfo, JobInfo, Note
from pipeline.services.data import datasets
from pipeline.services.models import models


def form(current: state.Current, *, first: bool) -> None:
    """Effort and the button that starts a training on the open file."""
    dataset, session = current.dataset, state.session()
    if dataset is None or active(current) is not None or not state.may(models.start_training):
        return
    if "training" not in dataset.usable_for:
        for why in datasets.report(session, dataset.id).usable_why:
            st.markdown(escape_markdown(messages.say(why)))
        return
    with st.container(border=first, gap="small", key="train_form"):
        words = current.product.words
        when = period(dataset.first_date, dataset.last_date) if dataset.first_date else "sem datas"
        named = (
            f"Aprende com {plural(dataset.rows, words.row, words.rows)} de "
            f"{escape_markdown(shorten(dataset.name, 60))}, {when}."
        )
        if current.product.learns_without_dates and dataset.first_date == dataset.last_date:
            named += " Sem datas não se mede o futuro: o teste usa textos e pessoas sorteados, que não ensinam."
        if first:
            heading("Treinar um modelo", named)
        else:
            st.markdown(f":small[:gray[{named} O modelo em uso continua até você escolher o novo.]]")
        effort = st.segmented_control(
            "Quanto procurar",
            list(EFFORTS),
            default="standard",
            required=True,
            key="effort",
            format_func=lambda e: EFFORTS[e].label,
        )
        st.markdown(f":small[:gray[{EFFORTS[effort or 'standard'].promise}]]")
        if more := sense.training_note(current.product, hasty=effort == "fast"):
            st.markdown(more)
        if st.button(
            "Treinar", type="primary" if first else "secondary", icon=":material/model_training:", key="train"
        ):
            _start(dataset, effort or "standard")


def _start(dataset: DatasetInfo, effort: str) -> None:
    try:
        job = models.start_training(state.session(), dataset.id, effort=effort)
    except PresencaError as error:
        refusal(error)
        return
    state.watch_job(job.id)
    st.rerun()


def active(current: state.Current) -> JobInfo | None:
    """The training of this product that waits or runs, whoever started it."""
    job = models.current_job(state.session(), current.product.key)
    return job if job is not None and job.is_active else None


def follow(current: state.Current) -> None:
    """The training that this window started, while it runs and when it ends; one of somebody else's is only told of."""
    watched, job = state.watched_job(), active(current)
    if job is not None:
        running_job.show(_KIND, job.id, own=job.id == watched)
    elif watched:
        _ended(watched, current)


def _own(job: JobInfo) -> str:
    return f"**Treinando** com {_data(job)}. Pode fechar ou recarregar a página: o treino continua."


def _others(job: JobInfo) -> str:
    return (
        f"**Há um treino em andamento**, começado em outra janela, com {_data(job)}. O modelo que você vê não muda; "
        "quando ele terminar, o novo será oferecido aqui."
    )


def _data(job: JobInfo) -> str:
    return escape_markdown(shorten(models.data_name(state.session(), job), 60))


def _settle(job: JobInfo) -> None:
    if not models.is_searching(job):
        return
    if st.button("Parar e usar o melhor até aqui", key="settle_training", icon=":material/check:"):
        models.settle_training(state.session(), job.id)
        st.toast("A procura termina; o treino segue com a melhor receita até aqui.")


_KIND = running_job.Kind(
    key="training",
    job=models.job,
    cancel=models.cancel_training,
    own=_own,
    others=_others,
    stop="Parar este treino",
    loses="Este treino é de outra pessoa, ou de outra janela sua. Parar joga fora o que ele já fez.",
    more=_settle,
)


def _ended(job_id: str, current: state.Current) -> None:
    try:
        job = models.job(state.session(), job_id)
    except PresencaError:
        state.watch_job(None)
        return
    if job.state == "done" and job.model_id:
        state.watch_job(None)
        if current.model is None:
            state.choose_model(job.model_id)
        st.toast("Modelo treinado.", icon=":material/check:")
        st.rerun()
    elif job.state == "cancelled":
        st.info("O treino foi cancelado; nada mudou.", icon=":material/info:")
    elif job.state in ("failed", "orphaned"):
        st.error(escape_markdown(messages.told(job.message or Note("job.stopped"))), icon=":material/block:")


def _doubt(name: str, data: bytes) -> None:
    """Says of a model that this workspace did not sign, before it is loaded; what can't be opened is told then."""
    with contextlib.suppress(PresencaError):
        if not models.is_ours(state.session(), data):
            said = messages.say(Note("bundle.unsigned", {"name": name}))
            st.warning(escape_markdown(said), icon=":material/warning:")


def load_form(current: state.Current) -> None:
    """Loads a bundle that was downloaded before."""
    if not state.may(models.import_model):
        return
    with st.expander("Carregar um modelo de arquivo", icon=":material/upload_file:"):
        with st.container(key="model_file"):
            file = st.file_uploader("Modelo (.zip)", key="model_upload", label_visibility="collapsed")
        if file is not None:
            _doubt(file.name, file.getvalue())
        if file is not None and st.button("Carregar modelo", key="load_model"):
            try:
                with st.spinner("Conferindo o modelo…"):
                    info = models.import_model(
                        state.session(),
                        current.product.key,
                        file.getvalue(),
                        current.dataset.series if current.dataset else "",
                    )
            except PresencaError as error:
                refusal(error)
                return
            state.choose_model(info.id)
            st.toast("Modelo carregado.", icon=":material/check:")
            st.rerun()
