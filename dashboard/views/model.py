"""Modelo: train it or load one; how good it is in plain words, then in numbers; what matters to it."""

from __future__ import annotations

import contextlib
from functools import partial

import streamlit as st

from dashboard import file_names, navigation, state, text
from dashboard.components import honest, memory, next_step, not_here, notices, quality, training, watch, weights
from dashboard.components.downloads import button
from dashboard.components.page import empty, heading, page, refusal
from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import escape_markdown
from pipeline.presentation.locale import messages
from pipeline.presentation.locale.numbers import period
from pipeline.presentation.sentences import giveaway_words, learning_words, model_words
from pipeline.records import ModelCard, ModelInfo, Note
from pipeline.services.models import fit, models


def show() -> None:
    """Draws the page: training, and how good the model is."""
    current = state.current()
    if current.model is None:
        with page("Modelo", text.NO_MODEL + (" para este arquivo." if current.dataset else "."), text.NO_MODEL_WHY):
            _begin(current)
            memory.show(current)
        return
    try:
        card = models.card(state.session(), current.model.id)
    except PresencaError as error:
        with page("Modelo"):
            refusal(error)
        return
    lead, rest = model_words.finding(card, current.product)
    with page(current.product.words.model_title, lead, rest, _source(card)):
        notices.show(current, compare=True)
        training.follow(current)
        _unsigned(current.model)
        _learnt_elsewhere(current)
        found_here = None if current.dataset is None else not_here.of(current, current.dataset.id)
        honest.here(found_here, current)
        quality.show(card, current.product)
        weights.learnt(current.model, current.product)
        honest.test(card, current.product)
        again = watch.show(
            current.model,
            current,
            level=not not_here.offers_level(found_here),
            train=partial(_train_again, current, open_=True) if _trains(current) else None,
        )
        _notes(card, current.product)
        _downloads(current.model)
        if not _learns_now(current):
            _begin(current, again=again)
        memory.show(current)
        if current.dataset is not None and not _learns_now(current):  # otherwise the page's primary button is another
            next_step.show("Ver risco", navigation.RISK)


def _learns_now(current: state.Current) -> bool:
    """Whether the open file could teach a model, and the one that is shown does not know it."""
    dataset, model = current.dataset, current.model
    return (
        dataset is not None
        and model is not None
        and "training" in dataset.usable_for
        and not fit.judge(state.session(), dataset.id, model.id).knows
    )


def _learnt_elsewhere(current: state.Current) -> None:
    if not _learns_now(current) or not state.may(models.start_training):
        return
    assert current.dataset is not None and current.model is not None
    with st.container(gap="small", key="learnt_elsewhere"):
        heading(
            "Este modelo não conhece o arquivo aberto",
            f"Aprendeu com {escape_markdown(current.model.dataset_name)}; o arquivo aberto é "
            f"{escape_markdown(current.dataset.name)}.",
        )
        training.form(current, first=True)
        training.load_form(current)


def _unsigned(info: ModelInfo) -> None:
    """Says of a model that this workspace did not sign, each time that it is shown; one that can't be opened is told
    where it is used.
    """
    with contextlib.suppress(PresencaError):
        if models.is_kept_unsigned(state.session(), info):
            st.warning(escape_markdown(messages.say(Note("bundle.kept_unsigned"))), icon=":material/warning:")


def _source(card: ModelCard) -> str:
    when = f"de {period(card.trained_from, card.trained_until)}" if card.trained_from else "sem datas"
    return f"{card.data_name} · treinado com {learning_words.learnt_from(card)} linhas {when}"


def _begin(current: state.Current, *, again: bool = False) -> None:
    """The ways to a model: to train one (`again`: the page has that above), or to load one."""
    if current.dataset is None:
        empty(text.NO_DATA, text.NO_DATA_WHY, link=navigation.DATA, link_label="Enviar arquivo", key="model_no_data")
    elif current.model is None:
        training.follow(current)
        training.form(current, first=True)
    elif not again:
        _train_again(current, open_=False)
    training.load_form(current)


def _train_again(current: state.Current, *, open_: bool) -> None:
    if training.active(current) is not None or not state.may(
        models.start_training
    ):  # it is followed above, and there is no form
        return
    with st.expander("Treinar de novo", expanded=open_, icon=":material/model_training:"):
        training.form(current, first=False)


def _trains(current: state.Current) -> bool:
    """Whether the open file can teach a model anew, and the form for that stands at the foot of the page."""
    dataset = current.dataset
    return dataset is not None and "training" in dataset.usable_for and not _learns_now(current)


def _notes(card: ModelCard, product: Product) -> None:
    said = [messages.say(note) for note in card.notes]
    if card.giveaways is not None and not card.giveaways.found:
        said += giveaway_words.lines(card.giveaways, product)
    if said:
        with st.expander("Como foi treinado"):
            st.markdown("\n".join(f"- {escape_markdown(line)}" for line in said))


def _downloads(info: ModelInfo) -> None:
    session, about = state.session(), file_names.named(info.dataset_name, info.trained_until)
    with st.container(horizontal=True, key="downloads"):
        if state.may(models.export_model):
            button("Modelo", lambda: models.export_model(session, info.id), "modelo.zip", info.id, about=about)
        button(
            "Ficha em HTML", lambda: models.card_html(session, info.id), "ficha_do_modelo.html", info.id, about=about
        )
        button("Medidas em JSON", lambda: models.metrics(session, info.id), "medidas.json", info.id, about=about)


show()
