"""What became of the model after its training: an advice with what it advises at hand, month by month, moved fields."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import state
from dashboard.components import figures, honest, not_here
from dashboard.components.page import heading, refusal
from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import escape_markdown
from pipeline.presentation.frames import skill_tables
from pipeline.presentation.sentences import watch_words
from pipeline.records import SET_LEVEL, TRAIN_AGAIN, ModelInfo, Watched
from pipeline.services.pages import watching


def show(model: ModelInfo, current: state.Current, *, level: bool, train: Callable[[], None] | None) -> bool:
    """The section, where the series has rows after the model's training.

    `level`: whether the button that sets the level is to stand here, as the page has none above; `train`: draws the
    way to train again, None where the open file cannot. Whether that was drawn here, beside the advice.
    """
    with st.spinner("Vendo o que veio depois do treino…"):  # once: the answer is kept
        found = watching.watched(state.session(), model.id)
    if found is None:
        return False
    product, trains = current.product, train is not None and found.advice == TRAIN_AGAIN
    with st.container(gap="small", key="section_watch"):
        heading("Depois do treino", "O que se soube depois do último dia que ensinou o modelo. Intervalos de 95%.")
        st.markdown(watch_words.advice(found, product).markdown())
        if level and found.advice == SET_LEVEL and state.may(watching.set_level):
            _set_level(found, model)
        if train is not None and trains:
            train()
        for line in (watch_words.contacted(found, product), watch_words.moved(found, product)):
            if line:
                st.markdown(escape_markdown(line))
        if found.months is not None and found.months.groups:
            honest.split(found.months, product, "watch")
        _details(found, product)
    return trains


def _set_level(found: Watched, model: ModelInfo) -> None:
    """The button that does what is advised: a copy of the model at the level of what came, put to use."""
    label = not_here.level_label(slope="slope_off" in found.why)
    if not st.button(label, key="watch_level", icon=":material/tune:"):
        return
    try:
        made = watching.set_level(state.session(), model.id, found)
    except PresencaError as error:
        refusal(error)
        return
    state.choose_model(made.id)
    st.toast("O nível foi ajustado; o modelo de antes fica na lista.", icon=":material/check:")
    st.rerun()


def _details(found: Watched, product: Product) -> None:
    with st.expander("Campos que mudaram, e como se chega ao conselho"):
        if found.fields:
            figures.show(skill_tables.shifts(found.fields, product), "Quanto cada campo mudou desde o treino")
        st.markdown("\n".join(f"- {rule}" for rule in watch_words.RULES))
