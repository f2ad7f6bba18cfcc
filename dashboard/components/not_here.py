"""What stands in place of a list where a model does not carry over, and what is said above one where it hardly does."""

from __future__ import annotations

import streamlit as st

from dashboard import navigation, state
from pipeline.presentation.sentences import skill_words
from pipeline.records import FAILS, HOLDS
from pipeline.services.models import levelling
from pipeline.services.pages import carrying
from pipeline.services.pages.carrying import Standing


def of(current: state.Current, dataset_id: str, *, else_series: bool = False) -> Standing | None:
    """How the model in use stands in a data set, or in its series; None without a model, or where nothing tells."""
    if current.model is None:
        return None
    with st.spinner("Medindo o modelo nestes dados…"):  # once: the answer is kept with the data
        return carrying.standing(state.session(), dataset_id, current.model.id, else_series=else_series)


def show(found: Standing, current: state.Current, instead_of: str) -> None:
    """In place of a list (`instead_of`: what would stand here): why, by what it was measured, and the ways on."""
    with st.container(border=True, gap="small", key="not_here"):
        st.warning(
            skill_words.verdict(found.report, found.carries, current.product).markdown(), icon=":material/block:"
        )
        st.markdown(f":small[:gray[{skill_words.in_place(found.report, current.product, instead_of)}]]")
        ways(found, current)


def holds(found: Standing | None) -> bool:
    """Whether outcomes show that the model carries over."""
    return found is not None and found.carries.verdict == HOLDS


def caution(found: Standing | None, current: state.Current) -> None:
    """Above a list of a model that fails a measure in its own clinic: what it is off by, with the ways on."""
    if found is None or found.withheld or found.carries.verdict != FAILS:
        return
    with st.container(border=True, gap="small", key="carries_hardly"):
        st.warning(skill_words.caution(found.report, current.product).markdown(), icon=":material/warning:")
        ways(found, current)


def offers_level(found: Standing | None) -> bool:
    """Whether `ways` has the button that sets the level."""
    return found is not None and found.carries.verdict == FAILS and found.order


def ways(found: Standing, current: state.Current) -> None:
    """To set the level by what came here, where the order holds; else, or besides, another model.
    Nothing where the model fails nothing.
    """
    assert current.model is not None
    if found.carries.verdict != FAILS:
        return
    with st.container(horizontal=True):
        if (
            offers_level(found)
            and state.may(levelling.set_level)
            and st.button(
                level_label(slope=found.slope),
                key="not_here_level",
                icon=":material/tune:",
                type="primary" if found.withheld else "secondary",
            )
        ):
            made = levelling.set_level(state.session(), found.dataset_id, current.model.id, slope=found.slope)
            state.choose_model(made.id)
            st.rerun()
        if navigation.is_open(navigation.MODEL) and st.button("Treinar ou escolher outro modelo", key="not_here_go"):
            navigation.go(navigation.MODEL)


def level_label(*, slope: bool) -> str:
    """What the button says that sets a model's level by what came, and its slope where that is off as well."""
    return "Ajustar nível e inclinação por estes resultados" if slope else "Ajustar o nível por estes resultados"
