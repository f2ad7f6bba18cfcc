"""What a series remembers of files with the same headers:
each step with what it would change here, ticked one by one.
"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboard import state
from pipeline.contract import Product
from pipeline.presentation.escaping import escape_markdown, shorten
from pipeline.presentation.locale.messages import say
from pipeline.presentation.locale.numbers import plural
from pipeline.records import KnownRecipe, Recipe
from pipeline.services.data import series
from pipeline.services.data.datasets import Preview
from pipeline.services.data.fixing import StepEffect


def choose(product: Product, preview: Preview, file_id: str) -> Recipe:
    """Columns and ticked steps of the series' own recipe;
    or the columns of another series', where that was asked for.
    """
    if preview.known is not None:
        return _own(preview, preview.known, file_id)
    return _elsewhere(preview.elsewhere[0], product, file_id) if preview.elsewhere else Recipe()


def _own(preview: Preview, known: KnownRecipe, file_id: str) -> Recipe:
    st.info(
        f"Cabeçalhos conhecidos: as colunas vêm como foram escolhidas em “{escape_markdown(shorten(known.name, 40))}”.",
        icon=":material/history:",
    )
    ticked = (
        preview.like is not None and preview.like.series.id == known.series
    )  # a series that was only chosen proves nothing
    return replace(
        known.recipe,
        steps=tuple(e.step for place, e in enumerate(preview.effects) if _tick(e, f"again_{file_id}_{place}", ticked))
        if _offered(preview)
        else (),
    )


def _offered(preview: Preview) -> bool:
    if not preview.effects:
        return False
    st.markdown(
        "**Ajustes feitos no arquivo anterior.** Repetir neste? Desmarque o que não vale aqui; tudo pode ser "
        "desfeito depois."
    )
    return True


def _tick(effect: StepEffect, key: str, ticked: bool) -> bool:
    """A step that would change nothing here is named, and is repeated without harm should such cells come."""
    what = (
        "muda o modo de ler"
        if effect.cells is None
        else f"muda {plural(effect.cells, 'célula', 'células')}"
        if effect.cells
        else "não muda nada neste arquivo"
    )
    return st.checkbox(
        f"{escape_markdown(shorten(say(effect.told), 120))} :small[:gray[{what}]]", value=ticked, key=key
    )


def _elsewhere(other: KnownRecipe, product: Product, file_id: str) -> Recipe:
    owner = series.known(state.session(), other.series)
    name = f"da série “{escape_markdown(shorten(owner.name, 40))}”" if owner else "de um arquivo que não está mais aqui"
    agreed = st.checkbox(
        f"Usar as colunas escolhidas num arquivo {name} com os mesmos cabeçalhos. Os ajustes de lá não são repetidos.",
        key=f"elsewhere_{file_id}",
    )
    return Recipe(columns=other.recipe.columns) if agreed else Recipe()
