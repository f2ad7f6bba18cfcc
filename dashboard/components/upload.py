"""Bringing files in: choose them, choose the sheet, confirm which column is which, keep them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from dashboard import picked, state
from dashboard.components import columns, downloads, into_series, remembered, server_files
from dashboard.components.hand import Hand, Picked, Sent
from dashboard.components.page import heading, refusal
from pipeline import services
from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import escape_markdown, shorten
from pipeline.presentation.locale.numbers import plural
from pipeline.presentation.sentences import report_words, server_words
from pipeline.records import Recipe, Step, StepKind
from pipeline.services.data import datasets, fixing, server_folder
from pipeline.services.data.datasets import Preview

_SHOWN = 12  # files that are named one by one


def show(product: Product, *, opened: bool) -> None:
    """The uploader and, once there are files, their columns and the button that keeps them."""
    if not state.may(datasets.keep):
        return
    server_files.follow(product)
    has_files = state.has_upload() or picked.is_choosing()  # else what is said once above would close it as it goes
    with st.expander("Enviar arquivo", icon=":material/upload_file:", expanded=opened or has_files):
        # any type: a wrong one gets our own sentence, not the browser's silence
        sent = st.file_uploader(
            "Planilhas da clínica", key=state.upload_key(), label_visibility="collapsed", accept_multiple_files=True
        )
        held = _held(sent)
        if held is None:
            return
        try:
            if len(held.ids) == 1:
                _single(product, held)
            else:
                _several(product, held)
        except PresencaError as error:
            refusal(error)


def _held(sent: Sequence[Any] | None) -> Hand | None:
    """What came by the browser, or else was picked on the server."""
    if sent:
        return Sent(sent)
    server_files.limit()
    chosen = server_files.choose()
    if not chosen:
        return None
    if server_folder.is_large(chosen):
        st.markdown(f":small[:gray[{escape_markdown(server_words.read_beside(chosen))}]]")
    return Picked(chosen)


def _single(product: Product, held: Hand) -> None:
    (file_id,) = held.ids
    preview = _preview(product, held, into_series.held(file_id))
    _other_product(preview)
    into = into_series.choose(product, preview.like, preview.name, file_id)
    recipe = _recipe(product, preview, file_id)
    if st.button("Conferir e guardar", type="primary", icon=":material/fact_check:", key="keep_upload"):
        held.keep(product.key, recipe, into)


def _several(product: Product, held: Hand) -> None:
    """Several files of one kind become one data set; the columns of the first are confirmed for all that are alike."""
    first = held.ids[0]
    chosen = into_series.held(first)
    previews = [_read(product, held, place, None, chosen) for place in range(len(held.ids))]
    headers = {tuple(sorted(m.header for m in p.columns)) for p in previews}
    alike = (
        "todos com os mesmos cabeçalhos"
        if len(headers) == 1
        else f"com {len(headers)} conjuntos de cabeçalhos diferentes"
    )
    heading(
        "Um conjunto de dados só",
        f"{len(previews)} arquivos, {_rows(previews)}{alike}. O que se repete entre eles conta uma "
        "vez, e vale o mais novo.",
    )
    with st.container(border=True):
        for preview in previews[:_SHOWN]:
            st.markdown(
                f"{escape_markdown(shorten(preview.file_name, 48))} "
                f":small[:gray[{report_words.rows_seen(preview.rows, preview.is_beginning)} · "
                f"{_fields_filled(product, preview)}]]"
            )
        if len(previews) > _SHOWN:
            st.markdown(f":small[:gray[E mais {plural(len(previews) - _SHOWN, 'arquivo', 'arquivos')}.]]")
    like = max((p.like for p in previews if p.like), key=lambda found: found.strength, default=None)
    into = into_series.choose(product, like, previews[0].name, first)
    if len(headers) > 1:
        st.markdown(
            ":small[:gray[Cada arquivo é lido com as colunas reconhecidas ou lembradas. Se um não estiver certo, "
            "envie-o sozinho antes: o que você escolher fica lembrado.]]"
        )
        recipe = Recipe()
    else:
        recipe = _recipe(product, previews[0], first)
    if st.button("Conferir e juntar", type="primary", icon=":material/join:", key="keep_upload"):
        held.keep(product.key, recipe, into)


def _rows(previews: Sequence[Preview]) -> str:
    """How many rows there are in all, where they were all looked at."""
    if any(one.is_beginning for one in previews):
        return ""
    return f"{plural(sum(one.rows for one in previews), 'linha', 'linhas')}, "


def _recipe(product: Product, preview: Preview, file_id: str) -> Recipe:
    """What was decided here, upon what is remembered or was imported."""
    base = _imported(product, file_id) or remembered.choose(product, preview, file_id)
    changed = _columns(product, preview, base)
    recipe = Recipe(
        preview.sheet if len(preview.sheets) > 1 else None, tuple(sorted((base.choice | changed).items())), base.steps
    )
    proposed = {m.field: m.header for m in preview.columns if m.field}
    steps = _arrival(product, preview, changed) + _nps(product, preview) + _staff(product, preview)
    recipe = recipe.more(steps)
    whole = replace(
        recipe, columns=tuple(sorted((proposed | recipe.choice).items()))
    )  # for another computer: nothing left to guess
    with st.container(horizontal=True):
        downloads.button(
            "Exportar mapeamento",
            lambda: fixing.recipe_json(product.key, whole),
            "mapeamento.json",
            state.short_hash(whole),
        )
        _import(product, file_id)
    return recipe


def _imported(product: Product, file_id: str) -> Recipe | None:
    given = st.session_state.get(f"mapping_{file_id}")
    return fixing.read_recipe(product.key, given.getvalue()) if given is not None else None


def _import(product: Product, file_id: str) -> None:
    with st.popover("Importar mapeamento", icon=":material/upload:"), st.container(key="mapping_upload"):
        st.file_uploader("Arquivo de mapeamento (.json)", key=f"mapping_{file_id}")


def _other_product(preview: Preview) -> None:
    """A file of the other product is said to be one, with the way there one click away; the file stays in hand."""
    if preview.other is None:
        return
    other = services.product(preview.other)
    st.warning(
        f"Este arquivo parece ser de {other.words.looks_like or other.words.rows}.", icon=":material/swap_horiz:"
    )
    st.button(f"Mudar para {other.title}", key="change_product", on_click=state.choose_product, args=(other.key,))


def _nps(product: Product, preview: Preview) -> tuple[Step, ...]:
    """Whether notes of 0 to 10 may be read as stars: asked, never assumed."""
    if not preview.nps:
        return ()
    st.warning(
        f"{product.target.label}: a coluna vai de 0 a 10, como uma nota de NPS, e não de 1 a 5 estrelas.",
        icon=":material/straighten:",
    )
    agreed = st.checkbox(
        "Ler como estrelas: 0 a 3 é 1; 4 a 6 é 2; 7 e 8 é 3; 9 é 4; 10 é 5",
        key=f"nps_{preview.file_name}_{preview.sheet}",
    )
    return (Step(StepKind.STARS),) if agreed else ()


def _staff(product: Product, preview: Preview) -> tuple[Step, ...]:
    """Whether those who work at the clinic keep a number in comments: the clinic's choice, off unless it asks."""
    comment = product.comment
    if comment is None or comment.key not in {match.field for match in preview.columns}:
        return ()
    kept = st.checkbox(
        "Trocar o nome de quem trabalha na clínica por um número (“profissional 12”), em vez de tirá-lo",
        key=f"staff_{preview.file_name}_{preview.sheet}",
        help="Para uma unidade saber que vários comentários falam da mesma pessoa. Pacientes e parentes saem sempre.",
    )
    return (Step(StepKind.STAFF),) if kept else ()


def _arrival(product: Product, preview: Preview, changed: dict[str, str | None]) -> tuple[Step, ...]:
    """Where no column says the outcome, one that is filled when the patient came may stand for it: only when told."""
    target = product.target
    mapped = any(m.field == target.key for m in preview.columns) and changed.get(target.key, "") is not None
    if not target.senses or mapped or changed.get(target.key):
        return ()
    left = [m.header for m in preview.columns if m.field is None]
    chosen = st.selectbox(
        f"{target.label}: há uma coluna que só se preenche quando o paciente chega?",
        [columns.NONE, *left],
        key=f"arrival_{preview.file_name}_{preview.sheet}",
        format_func=lambda h: h if h == columns.NONE else shorten(h, 40),
    )
    if chosen == columns.NONE:
        return ()
    sense = target.senses[0]
    st.markdown(f":small[:gray[Preenchida quer dizer {sense.yes}; vazia em dia que já passou, {sense.no}.]]")
    return (Step(StepKind.ARRIVAL, target.key, after=chosen),)


def _preview(product: Product, held: Hand, into: str | None) -> Preview:
    preview = _read(product, held, 0, None, into)
    if len(preview.sheets) < 2:
        return preview
    chosen = st.selectbox(
        "Planilha (aba)",
        preview.sheets,
        index=preview.sheets.index(preview.sheet or preview.sheets[0]),
        key=f"sheet_{held.ids[0]}",
    )
    return preview if chosen == preview.sheet else _read(product, held, 0, chosen, into)


def _read(product: Product, held: Hand, place: int, sheet: str | None, into: str | None) -> Preview:
    key = (product.key, held.ids[place], sheet, into)
    found = state.kept_preview(key)
    if found is None:
        with st.spinner("Lendo o arquivo…"):
            found = held.look(place, product.key, sheet, into)
        state.keep_preview(key, found)
    return found


def _columns(product: Product, preview: Preview, base: Recipe) -> dict[str, str | None]:
    """Shows what each field was taken from; returns only what the reader changed."""
    by_field = {m.field for m in preview.columns if m.field}
    heading(
        "Qual coluna é qual",
        f"{_fields_filled(product, preview)}, em {report_words.rows_seen(preview.rows, preview.is_beginning)}. "
        "Mude o que não estiver certo.",
    )
    offered = [field for field in product.fields if not field.extra or field.key in by_field]
    return columns.choose(offered, preview.columns, base.choice, f"{preview.file_name}_{preview.sheet}")


def _fields_filled(product: Product, preview: Preview) -> str:
    """How many of the fields that are asked for have a column that holds something, and how many an empty one."""
    asked = {field.key for field in product.asked}
    found = len({m.field for m in preview.columns if m.field in asked})
    empty = len(asked & set(preview.empty))
    return report_words.fields_filled(found - empty, empty, len(asked))
