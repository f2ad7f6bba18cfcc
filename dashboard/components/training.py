"""Starting a training, following it while it runs (through reloads), stopping it, or loading a model instead."""

from __future__ import annotations

import streamlit as st

from dashboard import state, text
from dashboard.components.guard import guarded
from dashboard.components.page import heading, refusal
from pipeline.errors import PresencaError
from pipeline.presentation import console
from pipeline.presentation.numbers import plural
from pipeline.presentation.text import escape_markdown
from pipeline.services import datasets, models

RUNNING = ("queued", "running")


def form(current: state.Current, *, first: bool) -> None:
    """Effort and the button that starts a training."""
    dataset, workspace = current.dataset, state.workspace()
    if dataset is None:
        return
    job = models.current_job(workspace, current.product.key)
    if job is not None and job.state in RUNNING:
        return
    if "training" not in dataset.usable_for:
        for why in datasets.report(workspace, dataset.id).usable_why:
            st.markdown(escape_markdown(why))
        return
    with st.container(border=first, gap="small", key="train_form"):
        if first:
            heading("Treinar um modelo", f"Com {plural(dataset.rows, current.product.words.row, current.product.words.rows)} "
                    f"de {escape_markdown(dataset.name)}.")
        effort = st.segmented_control("Esforço", list(text.EFFORTS), default="standard", required=True, key="effort",
                                      format_func=lambda e: text.EFFORTS[e][0])
        st.markdown(f":small[:gray[{text.EFFORTS[effort or 'standard'][1]}]]")
        if st.button("Treinar", type="primary", icon=":material/model_training:", key="train"):
            try:
                job = models.start_training(workspace, dataset.id, effort=effort or "standard")
            except PresencaError as error:
                refusal(error)
                return
            state.watch_job(job.id)
            st.rerun()


def follow(current: state.Current) -> None:
    """The training that runs, or how the last one watched by this session ended."""
    job = models.current_job(state.workspace(), current.product.key)
    watched = state.watched_job()
    if job is not None and job.state in RUNNING:
        state.watch_job(job.id)
        _running(job.id)
    elif watched:
        _ended(watched)


@st.fragment(run_every="1s")
def _running(job_id: str) -> None:
    with guarded():  # a fragment runs by itself, outside the page's own guard
        _progress(job_id)


def _progress(job_id: str) -> None:
    job = models.job(state.workspace(), job_id)
    if job.state not in RUNNING:
        st.rerun()
    with st.container(border=True, key="training_now"):
        st.markdown("**Treinando.** Pode fechar ou recarregar a página: o treino continua.")
        st.progress(min(max(job.progress.share, 0.0), 1.0), text=escape_markdown(console.progress(job.progress)))
        if st.button("Cancelar", key="cancel_training"):
            models.cancel_training(state.workspace(), job_id)
            st.rerun()


def _ended(job_id: str) -> None:
    try:
        job = models.job(state.workspace(), job_id)
    except PresencaError:
        state.watch_job(None)
        return
    if job.state == "done" and job.model_id:
        state.choose_model(job.model_id)
        state.watch_job(None)
        st.toast("Modelo treinado.", icon=":material/check:")
        st.rerun()
    elif job.state == "cancelled":
        st.info("O treino foi cancelado; nada mudou.", icon=":material/info:")
    elif job.state in ("failed", "orphaned"):
        st.error(escape_markdown(job.message or "O treino parou no meio. Tente de novo."), icon=":material/block:")


def load_form(current: state.Current) -> None:
    """Loads a bundle that was downloaded before."""
    with st.expander("Carregar um modelo de arquivo", icon=":material/upload_file:"):
        file = st.file_uploader("Modelo (.zip)", key="model_upload", label_visibility="collapsed")
        if file is not None and st.button("Carregar modelo", key="load_model"):
            try:
                with st.spinner("Conferindo o modelo…"):
                    info = models.import_model(state.workspace(), current.product.key, file.getvalue())
            except PresencaError as error:
                refusal(error)
                return
            state.choose_model(info.id)
            st.toast("Modelo carregado.", icon=":material/check:")
            st.rerun()
