"""Bringing a file in: choose it, choose the sheet, confirm which column is which, keep it."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.components.page import heading, refusal
from pipeline import services
from pipeline.contract import Field, Product
from pipeline.errors import PresencaError
from pipeline.presentation.numbers import percent, plural
from pipeline.presentation.text import escape_markdown, shorten
from pipeline.records import ColumnMatch, Progress
from pipeline.services import datasets
from pipeline.services.datasets import Preview

NONE = "(nenhuma coluna)"
SURE = 0.8
TYPES = ["csv", "txt", "tsv", "gz", "xlsx"]


def show(product: Product, *, opened: bool) -> None:
    """The uploader and, once there is a file, its columns and the button that keeps it."""
    with st.expander("Enviar arquivo", icon=":material/upload_file:", expanded=opened or state.has_upload()):
        # any type: a wrong one gets our own sentence, not the browser's silence
        file = st.file_uploader("Planilha da clínica", key=state.upload_key(), label_visibility="collapsed")
        if file is None:
            return
        try:
            preview = _preview(product, file)
            _other_product(preview)
            choice = _columns(product, preview)
            _keep(product, file, preview, choice, convert_nps=_nps(product, preview))
        except PresencaError as error:
            refusal(error)


def _other_product(preview: Preview) -> None:
    """A file of the other product is said to be one, with the way there one click away; the file stays in hand."""
    if preview.other is None:
        return
    other = services.product(preview.other)
    st.warning(f"Este arquivo parece ser de {other.words.looks_like or other.words.rows}.", icon=":material/swap_horiz:")
    st.button(f"Mudar para {other.title}", key="change_product", on_click=state.choose_product, args=(other.key,))


def _nps(product: Product, preview: Preview) -> bool:
    """Whether notes of 0 to 10 may be read as stars: asked, never assumed."""
    if not preview.nps:
        return False
    st.warning(f"{product.target.label}: a coluna vai de 0 a 10, como uma nota de NPS, e não de 1 a 5 estrelas.", icon=":material/straighten:")
    return st.checkbox("Ler como estrelas: 0 a 3 é 1; 4 a 6 é 2; 7 e 8 é 3; 9 é 4; 10 é 5", key=f"nps_{preview.file_name}_{preview.sheet}")


def _preview(product: Product, file) -> Preview:  # type: ignore[no-untyped-def]
    key = (product.key, file.file_id)
    preview = state.kept_preview((*key, None))
    if preview is None:
        with st.spinner("Lendo o arquivo…"):
            preview = datasets.preview(product.key, file.getvalue(), file.name)
        state.keep_preview((*key, None), preview)
    if len(preview.sheets) < 2:
        return preview
    chosen = st.selectbox("Planilha (aba)", preview.sheets, index=preview.sheets.index(preview.sheet or preview.sheets[0]),
                          key=f"sheet_{file.file_id}")
    if chosen == preview.sheet:
        return preview
    other = state.kept_preview((*key, chosen))
    if other is None:
        with st.spinner("Lendo a aba…"):
            other = datasets.preview(product.key, file.getvalue(), file.name, chosen)
        state.keep_preview((*key, chosen), other)
    return other


def _columns(product: Product, preview: Preview) -> dict[str, str | None]:
    """Shows what each field was taken from; returns only what the reader changed."""
    by_field = {m.field: m for m in preview.columns if m.field}
    left = [m for m in preview.columns if m.field is None]
    unsure = sorted((f for f in product.fields if f.key not in by_field or by_field[f.key].confidence < SURE),
                    key=lambda f: not f.required)
    found = len(by_field)
    heading("Qual coluna é qual",
            f"{found} de {len(product.fields)} campos encontrados em {plural(preview.rows, 'linha', 'linhas')}. "
            "Mude o que não estiver certo.")
    changed: dict[str, str | None] = {}
    with st.container(border=True), st.grid(3, min_column_width=230):
        for field in (*unsure, *(f for f in product.fields if f not in unsure)):
            _one(field, by_field.get(field.key), preview, changed)
    if left:
        names = ", ".join(shorten(m.header, 30) for m in left[:12])
        st.markdown(f":small[:gray[Colunas que não são de nenhum campo e ficam só na planilha cifrada: {escape_markdown(names)}]]")
    return changed


def _one(field: Field, match: ColumnMatch | None, preview: Preview, changed: dict[str, str | None]) -> None:
    headers = [NONE, *(m.header for m in preview.columns)]
    found = match.header if match else NONE
    with st.container(gap="xxsmall"):
        chosen = st.selectbox(field.label + (" *" if field.required else ""), headers, index=headers.index(found),
                              key=f"map_{field.key}_{preview.file_name}_{preview.sheet}",
                              format_func=lambda h: h if h == NONE else shorten(h, 40))
        if match and chosen == found:
            st.markdown(f":small[:gray[{escape_markdown(_why(match))}]]")
        elif chosen == NONE:
            st.markdown(f":small[:gray[{escape_markdown(field.if_missing)}]]")
    if chosen != found:
        changed[field.key] = None if chosen == NONE else chosen


def _why(match: ColumnMatch) -> str:
    seen = ", ".join(shorten(value, 18) for value in match.preview[:3])
    return f"{match.reason} ({percent(match.confidence, 0)})" + (f": {seen}" if seen else "")


def _keep(product: Product, file, preview: Preview, choice: dict[str, str | None], *, convert_nps: bool) -> None:  # type: ignore[no-untyped-def]
    if not st.button("Conferir e guardar", type="primary", icon=":material/fact_check:", key="keep_upload"):
        return
    bar = st.progress(0.0, text="Lendo…")

    def tell(progress: Progress) -> None:
        bar.progress(min(max(progress.share, 0.0), 1.0), text=progress.stage or "Conferindo…")

    try:
        info = datasets.keep(state.workspace(), product.key, file.getvalue(), file.name, sheet=preview.sheet,
                             choice=choice, convert_nps=convert_nps, progress=tell)
    finally:
        bar.empty()
    state.choose_dataset(info.id)
    state.forget_upload()
    st.rerun()
