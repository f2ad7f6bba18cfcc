"""Mending in the cells: an editor whose typing becomes a draft, and the line that says how much of it is not saved."""

from __future__ import annotations

import streamlit as st

from dashboard import drafts, state
from dashboard.components.applying import apply
from pipeline import services
from pipeline.contract import Product
from pipeline.presentation.frames import tables
from pipeline.presentation.locale.numbers import plural
from pipeline.presentation.sentences import report_words
from pipeline.records import DatasetInfo
from pipeline.services.data import table


def editor(info: DatasetInfo, product: Product, shown: table.FileView, key: str) -> None:
    """A page of the file to type in; what was typed before stands in it."""
    over = table.typed_over(shown, drafts.as_opened(info.id, key))
    frame, order = tables.file_frame(over, product), tables.file_order(over)
    fields = {name: over.fields[order[place - 2]] for place, name in enumerate(frame.columns) if place >= 2}
    fixed = [name for name in frame.columns if not fields.get(name)]
    rows = tuple(row.number for row in over.rows)
    st.data_editor(
        frame,
        disabled=fixed,
        hide_index=True,
        height="content",
        row_height=36,
        key=key,
        on_change=_typed,
        args=(info.id, key, rows, fields),
    )
    if drafts.of(info.id) and st.button(_save_label(len(drafts.of(info.id))), type="primary", key=f"save_{key}"):
        _save(info)


def _typed(dataset_id: str, key: str, rows: tuple[int, ...], fields: dict[str, str | None]) -> None:
    """Called before the page is drawn, also when the same click leads elsewhere: nothing typed is lost."""
    edited = st.session_state.get(key, {}).get("edited_rows", {})
    cells = {
        (rows[int(at)], field): value or ""
        for at, changed in edited.items()
        for name, value in changed.items()
        if (field := fields.get(name))
    }
    drafts.put(dataset_id, cells)


def unsaved(info: DatasetInfo) -> None:
    """How many cells were typed and are not saved, with the two ways out; nothing where there is none."""
    count = len(drafts.of(info.id))
    if not count or info.vault_until is None:
        return
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="unsaved"
    ):
        st.markdown(
            f"**{plural(count, 'correção digitada', 'correções digitadas')}**, ainda não "
            f"{'salva' if count == 1 else 'salvas'}.",
            width="stretch",
        )
        with st.container(horizontal=True, width="content"):
            if st.button("Salvar", type="primary", key="save_typed"):
                _save(info)
            if st.button("Descartar", key="drop_typed"):
                drafts.forget(info.id)
                state.say_next(
                    f"{plural(count, 'correção descartada', 'correções descartadas')}; nada mudou no arquivo."
                )
                st.rerun()


def _save_label(count: int) -> str:
    return f"Salvar {plural(count, 'correção', 'correções')}"


def _save(info: DatasetInfo) -> None:
    product, typed = services.product(info.product), drafts.of(info.id)
    steps = table.steps_of(state.session(), info.id, typed)
    if not steps:
        drafts.forget(info.id)
        state.say_next("As células já diziam o que foi digitado: nada mudou.")
        st.rerun()

    def told() -> str:
        drafts.forget(info.id)
        return report_words.mended(
            len(steps), table.still_at_fault(state.session(), info.id, steps), product, len(typed) - len(steps)
        )

    apply(info, steps, told)
