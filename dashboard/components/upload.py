"""Bringing files in: choose them, choose the sheet, confirm which column is which, keep them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from dashboard import state
from dashboard.components import columns, downloads, into_series, remembered
from dashboard.components.page import heading, refusal
from pipeline import services
from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import escape_markdown, shorten
from pipeline.presentation.locale import messages
from pipeline.presentation.locale.numbers import plural
from pipeline.presentation.sentences import report_words
from pipeline.records import Progress, Recipe, Step, StepKind
from pipeline.services.data import datasets, fixing, joining
from pipeline.services.data.datasets import Preview


def show(product: Product, *, opened: bool) -> None:
    """The uploader and, once there are files, their columns and the button that keeps them."""
    if not state.may(datasets.keep):
        return
    with st.expander("Enviar arquivo", icon=":material/upload_file:", expanded=opened or state.has_upload()):
        # any type: a wrong one gets our own sentence, not the browser's silence
        sent = st.file_uploader(
            "Planilhas da clínica", key=state.upload_key(), label_visibility="collapsed", accept_multiple_files=True
        )
        if not sent:
            return
        try:
            if len(sent) == 1:
                _single(product, sent[0])
            else:
                _several(product, sent)
        except PresencaError as error:
            refusal(error)


def _single(product: Product, file: Any) -> None:
    preview = _preview(product, file, into_series.held(file.file_id))
    _other_product(preview)
    into = into_series.choose(product, preview.like, preview.name, file.file_id)
    recipe = _recipe(product, preview, file.file_id)
    if st.button("Conferir e guardar", type="primary", icon=":material/fact_check:", key="keep_upload"):
        _keep(
            lambda tell: datasets.keep(
                state.session(), product.key, file.getvalue(), file.name, recipe=recipe, into=into, progress=tell
            )
        )


def _several(product: Product, sent: Sequence[Any]) -> None:
    """Several files of one kind become one data set; the columns of the first are confirmed for all that are alike."""
    chosen = into_series.held(sent[0].file_id)
    previews = [_read(product, file, None, chosen) for file in sent]
    rows = sum(p.rows for p in previews)
    headers = {tuple(sorted(m.header for m in p.columns)) for p in previews}
    alike = (
        "todos com os mesmos cabeçalhos"
        if len(headers) == 1
        else f"com {len(headers)} conjuntos de cabeçalhos diferentes"
    )
    heading(
        "Um conjunto de dados só",
        f"{len(sent)} arquivos, {plural(rows, 'linha', 'linhas')}, {alike}. O que se repete entre eles conta uma "
        "vez, e vale o mais novo.",
    )
    with st.container(border=True):
        for preview in previews:
            st.markdown(
                f"{escape_markdown(shorten(preview.file_name, 48))} "
                f":small[:gray[{plural(preview.rows, 'linha', 'linhas')} · {_fields_filled(product, preview)}]]"
            )
    like = max((p.like for p in previews if p.like), key=lambda found: found.strength, default=None)
    into = into_series.choose(product, like, previews[0].name, sent[0].file_id)
    if len(headers) > 1:
        st.markdown(
            ":small[:gray[Cada arquivo é lido com as colunas reconhecidas ou lembradas. Se um não estiver certo, "
            "envie-o sozinho antes: o que você escolher fica lembrado.]]"
        )
        recipe = Recipe()
    else:
        recipe = _recipe(product, previews[0], sent[0].file_id)
    if st.button("Conferir e juntar", type="primary", icon=":material/join:", key="keep_upload"):
        uploads = [(file.getvalue(), file.name) for file in sent]
        _keep(lambda tell: joining.keep_joined(state.session(), product.key, uploads, recipe, tell, into))


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


def _preview(product: Product, file: Any, into: str | None) -> Preview:
    preview = _read(product, file, None, into)
    if len(preview.sheets) < 2:
        return preview
    chosen = st.selectbox(
        "Planilha (aba)",
        preview.sheets,
        index=preview.sheets.index(preview.sheet or preview.sheets[0]),
        key=f"sheet_{file.file_id}",
    )
    return preview if chosen == preview.sheet else _read(product, file, chosen, into)


def _read(product: Product, file: Any, sheet: str | None, into: str | None) -> Preview:
    key = (product.key, file.file_id, sheet, into)
    found = state.kept_preview(key)
    if found is None:
        with st.spinner("Lendo o arquivo…"):
            found = datasets.preview(state.session(), product.key, file.getvalue(), file.name, sheet, into)
        state.keep_preview(key, found)
    return found


def _columns(product: Product, preview: Preview, base: Recipe) -> dict[str, str | None]:
    """Shows what each field was taken from; returns only what the reader changed."""
    by_field = {m.field for m in preview.columns if m.field}
    heading(
        "Qual coluna é qual",
        f"{_fields_filled(product, preview)}, em {plural(preview.rows, 'linha', 'linhas')}. "
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


def _keep(work: Any) -> None:
    """Does the work under a bar, then opens what came of it."""
    bar = st.progress(0.0, text="Lendo…")

    def tell(progress: Progress) -> None:
        bar.progress(min(max(progress.share, 0.0), 1.0), text=messages.say(progress.stage) or "Conferindo…")

    try:
        info = work(tell)
    finally:
        bar.empty()
    state.choose_dataset(info.id)
    state.forget_upload()
    st.rerun()
