"""The next month: this file beside the one before, and what is remembered for the next one."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from dashboard import state
from dashboard.components import downloads
from dashboard.components.applying import carry_out
from dashboard.components.page import empty, heading, kpis
from pipeline.contract import Product, feminine
from pipeline.presentation.escaping import escape_markdown, shorten
from pipeline.presentation.frames import tables
from pipeline.presentation.locale.numbers import period, plural
from pipeline.presentation.sentences import comparison_words
from pipeline.records import Comparison, DatasetInfo
from pipeline.services.data import datasets, joining
from pipeline.services.data import fixing as mending


def show(info: DatasetInfo, product: Product) -> None:
    """A choice of the file before, what differs, and the two ways to bring both together."""
    others = joining.before(state.session(), info)
    if not others:
        empty(
            "Ainda não há outro arquivo",
            "Quando houver o arquivo de outro mês, ele aparece aqui ao lado deste.",
            key="no_other",
        )
        return
    names = {d.id: f"{shorten(d.name, 40)} · {period(d.first_date, d.last_date)}" for d in others}
    chosen = st.selectbox("Comparar com", list(names), format_func=lambda k: names[k], key=f"before_{info.id}")
    other = next(d for d in others if d.id == chosen)
    before, after = sorted((other, info), key=lambda d: (str(d.last_date or ""), d.created))
    if before.id == info.id:
        st.markdown(":small[:gray[O outro arquivo é de dias posteriores: este é o de antes, e o outro, o de agora.]]")
    revisions = [str(datasets.revision(state.session(), d.id)) for d in (after, before)]
    key = (after.id, before.id, *revisions)
    found = state.kept_comparison(key)
    if found is None:
        with st.spinner("Comparando…"):
            found = joining.compare_kept(state.session(), before.id, after.id)
        state.keep_comparison(key, found)
    _found(found, product)
    _together(after, before.id, found, product)


def _found(found: Comparison, product: Product) -> None:
    """The whole first, then the rows, then what differs."""
    lines = comparison_words.whole_lines(found, product)
    if lines:
        heading("O que mudou no todo", escape_markdown(" ".join(lines)))
        kpis(comparison_words.figures(found, product))
    heading(
        f"O que mudou nos {product.words.rows}"
        if not feminine(product.words.row)
        else f"O que mudou nas {product.words.rows}",
        escape_markdown(comparison_words.comparison(found, product)),
    )
    if found.comparable:
        kpis(comparison_words.rows_figures(found, product))
    for line in comparison_words.details(replace(found, shifts=()), product):  # the rates stand in the table below
        st.markdown(escape_markdown(line))
    if found.shifts:
        heading(
            f"Onde {comparison_words.the_rate(product)} mudou", "Diferença maior que a do acaso e de 5 pontos ou mais."
        )
        st.dataframe(tables.shifts(found), hide_index=True, height="content", row_height=36, alt="Taxas antes e depois")


def _together(info: DatasetInfo, before: str, found: Comparison, product: Product) -> None:
    if info.vault_until is None:
        return
    why = comparison_words.nothing_to_join(found)
    one = f"{'cada uma das' if feminine(product.words.row) else 'cada um dos'} {product.words.rows}"
    heading(
        "E agora?",
        escape_markdown(
            why or f"Juntar conta {one} uma vez só: vale o arquivo mais novo. Substituir apaga o anterior."
        ),
    )
    with st.container(horizontal=True):
        if not why and st.button("Juntar os dois", icon=":material/join:", key=f"join_{info.id}"):
            carry_out(
                info,
                lambda tell: _opened(joining.add(state.session(), before, info.id, tell)),
                "Os dois arquivos são agora um conjunto de dados.",
            )
        if not found.held_by_the_other or found.holds_the_other:
            with st.popover("Substituir o anterior", icon=":material/delete:"):
                _replacing(info, before)


def _replacing(info: DatasetInfo, before: str) -> None:
    st.markdown("O arquivo anterior é apagado, com os seus riscos. Não dá para desfazer.")
    if st.button("Apagar o anterior", key=f"replace_{info.id}"):
        joining.replace(state.session(), before)
        state.say_next("O arquivo anterior foi apagado; fica este.")
        st.rerun()


def _opened(info: DatasetInfo) -> None:
    state.choose_dataset(info.id)


def recipes(product: Product) -> None:
    """What is remembered for files with the same headers: listed, exported, forgotten."""
    known = mending.recipes(state.session(), product.key)
    if not known:
        return
    with st.container(gap="small"):
        heading(
            "Receitas lembradas",
            "Que coluna é que campo, e os ajustes que se repetem no próximo arquivo com os mesmos cabeçalhos.",
        )
        for item in known:
            with st.container(
                border=True,
                horizontal=True,
                vertical_alignment="center",
                horizontal_alignment="distribute",
                key=f"recipe_{item.id}",
            ):
                line = (
                    f"{plural(len(item.headers), 'coluna', 'colunas')} · "
                    f"{plural(len(item.recipe.steps), 'ajuste', 'ajustes')}"
                )
                st.markdown(f"**{escape_markdown(shorten(item.name, 40))}** :small[:gray[{line}]]", width="stretch")
                build = partial(mending.recipe_json, product.key, item.recipe)
                downloads.button("Exportar", build, "receita.json", item.id)
                if st.button("Esquecer", key=f"forget_{item.id}", icon=":material/delete:"):
                    mending.forget(state.session(), item.id)
                    st.rerun()
