"""The files that are kept, series by series: opened, moved, renamed, deleted."""

from __future__ import annotations

import streamlit as st

from dashboard import drafts, state
from dashboard.components.page import heading, refusal
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import escape_markdown, shorten
from pipeline.presentation.locale.numbers import date, period, plural
from pipeline.records import DatasetInfo, ModelInfo, SeriesInfo
from pipeline.services.data import datasets, event_keys, fixing, placing, series
from pipeline.services.data.placing import Into


def show(current: state.Current) -> None:
    """All kept files of the product; the open one's series first."""
    listed = series.listed(state.session(), current.product.key)
    if not listed:
        return
    with st.container(gap="small", key="kept_files"):
        heading(
            "Arquivos guardados",
            "Todos que abrem o aplicativo neste computador veem esta lista. Cada série é de uma clínica ou rede: "
            "histórico, ajustes e modelos ficam dentro dela.",
        )
        for item in sorted(listed, key=lambda s: current.series is None or s.id != current.series.id):
            _series(current, item)


def _series(current: state.Current, item: SeriesInfo) -> None:
    files = series.members(state.session(), item)
    if not files:
        return
    with st.container(gap="xsmall", key=f"series_{item.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                f"**{escape_markdown(shorten(item.name, 48))}** "
                f":small[:gray[{plural(len(files), 'arquivo', 'arquivos')}]]",
                width="content",
            )
            if item.is_sample:
                st.badge("exemplo", color="gray")
            else:
                with st.popover("Renomear", icon=":material/edit:", key=f"rename_menu_{item.id}"):
                    _renaming(item)
        for info in files:
            _file(current, info)


def _renaming(item: SeriesInfo) -> None:
    with st.form(f"rename_form_{item.id}", border=False):
        name = st.text_input(
            "Nome da clínica ou rede", value=item.name, max_chars=placing.LONGEST_NAME, key=f"rename_{item.id}"
        )
        if st.form_submit_button("Salvar o nome", type="primary"):
            try:
                placing.rename(state.session(), item.id, name)
            except PresencaError as error:
                refusal(error)
                return
            st.rerun()


def _file(current: state.Current, info: DatasetInfo) -> None:
    words = current.product.words
    is_open = current.dataset is not None and info.id == current.dataset.id
    with st.container(border=True, key=f"dataset_{info.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{escape_markdown(shorten(info.name, 48))}**")
            if is_open:
                st.badge("aberto", icon=":material/check:", color="green")
        kept = (
            f"planilha original cifrada até {date(info.vault_until)}"
            if info.vault_until
            else "planilha original apagada"
        )
        line = " · ".join(
            part
            for part in (
                plural(info.rows, words.row, words.rows),
                period(info.first_date, info.last_date) if info.first_date else "sem datas",
                kept,
            )
            if part
        )
        st.markdown(f":small[:gray[{escape_markdown(line)}]]")
        with st.container(horizontal=True):
            if not is_open and st.button("Abrir", key=f"open_{info.id}"):
                state.choose_dataset(info.id)
                st.rerun()
            if not info.is_sample:
                with st.popover("Mudar de série", icon=":material/drive_file_move:", key=f"move_menu_{info.id}"):
                    _moving(info)
            if state.may(datasets.delete):
                with st.popover("Apagar", icon=":material/delete:", key=f"delete_menu_{info.id}"):
                    _deletion(info)


def _moving(info: DatasetInfo) -> None:
    """A file that was taken for another clinic's goes to its own."""
    others = {
        s.id: s.name for s in series.listed(state.session(), info.product) if s.id != info.series and not s.is_sample
    }
    chosen = st.selectbox(
        "Levar para",
        [*others, ""],
        format_func=lambda i: shorten(others[i], 40) if i else "Uma série nova",
        key=f"move_to_{info.id}",
    )
    name = (
        st.text_input(
            "Nome da clínica ou rede",
            value=placing.proposed_name(info.name),
            max_chars=placing.LONGEST_NAME,
            key=f"move_name_{info.id}",
        )
        if not chosen
        else ""
    )
    st.markdown(":small[:gray[Vão junto os modelos que aprenderam com este arquivo e os ajustes lembrados dele.]]")
    if st.button("Mudar", type="primary", key=f"move_{info.id}"):
        moved = placing.move(state.session(), info.id, Into(chosen) if chosen else Into(name=name))
        state.forget_choice_of_model()
        state.say_next(f"O arquivo está agora na série “{moved.name}”.")
        st.rerun()


def _deletion(info: DatasetInfo) -> None:
    st.markdown("Apagar tira as linhas, a planilha cifrada e os riscos deste arquivo. Não dá para desfazer.")
    if noted := len(event_keys.only_here(state.session(), info.id)):
        st.markdown(
            f"{_followed(noted)} só deste arquivo: com os dados, vai tudo; com a planilha original, só as anotações."
        )
    if info.vault_until and st.button("Apagar só a planilha original", key=f"erase_{info.id}"):
        datasets.erase_raw(state.session(), info.id)
        st.rerun()
    if called := len(event_keys.contacted_only_here(state.session(), info.id)):
        st.markdown(f"{_contacted(called)} só deste arquivo: o que se registrou deles vai junto com os dados.")
    remembered = any(r.dataset == info.id for r in fixing.recipes(state.session(), info.product))
    keep = remembered and st.checkbox(
        "Manter para os próximos arquivos as colunas e os ajustes lembrados deste", key=f"keep_recipes_{info.id}"
    )
    if st.button("Apagar dados", type="primary", key=f"delete_{info.id}"):
        learnt = datasets.delete(state.session(), info.id, keep_recipes=bool(keep))
        state.forget_dataset(info.id)
        drafts.forget(info.id)
        st.toast(_after_deletion(learnt), icon=":material/delete:")
        st.rerun()


def _contacted(count: int) -> str:
    one = "agendamento com contato ou em lista é"
    return plural(count, one, "agendamentos com contato ou em lista são")


def _followed(many: int) -> str:
    return plural(many, "acompanhamento é", "acompanhamentos são")


def _after_deletion(learnt: tuple[ModelInfo, ...]) -> str:
    if not learnt:
        return "Dados apagados."
    stay = plural(
        len(learnt),
        "modelo que aprendeu com eles continua guardado",
        "modelos que aprenderam com eles continuam guardados",
    )
    return f"Dados apagados. {stay}."
