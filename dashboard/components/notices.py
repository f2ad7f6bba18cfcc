"""What must be said before any number of a model: that it does not know the data, and that there is a newer one."""

from __future__ import annotations

import streamlit as st

from dashboard import navigation, state
from dashboard.components import memory
from pipeline.presentation.escaping import escape_markdown, shorten
from pipeline.presentation.sentences import fit_words
from pipeline.presentation.sentences.model_words import until
from pipeline.records import DatasetInfo, ModelInfo
from pipeline.services.data import series
from pipeline.services.models import fit, levelling, models


def show(
    current: state.Current, dataset: DatasetInfo | None = None, *, holds: bool = False, compare: bool = False
) -> None:
    """Both notices; `dataset`: the list that is shown, where it is not the open file; `holds`: whether outcomes there
    show that the model carries over, which says more than what it knows of the place; `compare`: whether a new model
    is measured beside the one that is shown, where nobody has done so yet.
    """
    shown = dataset or current.dataset
    if current.model is None:
        return
    if shown is not None and not holds:
        stranger(current, shown, current.model)
    if current.proposed is not None and state.may(models.use):
        _newer(current.proposed, current, compare=compare)


def stranger(current: state.Current, dataset: DatasetInfo, model: ModelInfo) -> None:
    """That the model does not know the data, with the way to one that does."""
    found = fit.judge(state.session(), dataset.id, model.id)
    names = [
        known.name if (known := series.known(state.session(), key)) else "" for key in (model.series, dataset.series)
    ]
    said = fit_words.fit(found, current.product, model_of=names[0], data_of=names[1])
    if said is None:
        return
    with st.container(border=True, gap="small", key="stranger"):
        st.warning(said.markdown(), icon=":material/warning:")
        with st.container(horizontal=True):
            if (
                fit.can_level(found)
                and state.may(levelling.set_level)
                and st.button("Ajustar o nível por estes dados", key="stranger_level", icon=":material/tune:")
            ):
                made = levelling.set_level(state.session(), dataset.id, model.id)
                state.choose_model(made.id)
                st.rerun()
            if navigation.is_open(navigation.MODEL) and st.button(
                "Treinar ou escolher outro modelo", key="stranger_go"
            ):
                navigation.go(navigation.MODEL)


def _newer(proposed: ModelInfo, current: state.Current, *, compare: bool) -> None:
    assert current.model is not None
    with st.container(border=True, gap="small", key="newer_model"):
        with st.container(horizontal=True, vertical_alignment="center"):
            text = (
                f"**Há um modelo novo**, treinado com {escape_markdown(shorten(proposed.dataset_name, 40))}, dados "
                f"{until(proposed.trained_until)}."
            )
            st.markdown(
                f"{text}  \n:small[:gray[Esta página continua com o de antes, de dados "
                f"{until(current.model.trained_until)}, até você escolher.]]",
                width="stretch",
            )
            if st.button("Ver", key="newer_see"):
                state.choose_model(proposed.id)
                navigation.go(navigation.MODEL)
            if st.button("Usar", key="newer_use", icon=":material/check:"):
                state.use_model(proposed.id)
                st.rerun()
        memory.challenger(proposed, current, work_out=compare)
