"""The models of the open series: each with its test and its note, which is in use, two side by side, the way back."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import state
from dashboard.components import charts, figures
from dashboard.components.page import heading, refusal
from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.presentation.charts import calibration_plot
from pipeline.presentation.escaping import escape_markdown, shorten
from pipeline.presentation.frames import skill_tables
from pipeline.presentation.locale.numbers import number
from pipeline.presentation.sentences import memory_words, skill_words
from pipeline.presentation.sentences.model_words import until
from pipeline.records import KeptModel, ModelInfo, ModelMemory, SideBySide
from pipeline.services.models import memory, models
from pipeline.services.pages import two_models

_NAME = 40


def show(current: state.Current) -> None:
    """The series' own models, then those of others, which are never used unasked."""
    found = memory.remembered(state.session(), current.series.id) if current.series else None
    if found is not None and found.kept:
        with st.container(gap="small", key="section_models"):
            heading("Modelos desta série", "Um só está em uso: o que vê quem abre a série. Os outros ficam à mão.")
            _back(found)
            for one in found.kept:
                _card(one, found, current)
            if len(found.kept) > 1:
                _compare(found, current)
            if len(found.uses) > 1:
                with st.expander("Que modelo foi usado quando", icon=":material/history:"):
                    lines = memory_words.history(found, state.session().now())
                    st.markdown("\n".join(f"- :small[{escape_markdown(line)}]" for line in lines))
    own = {one.info.id for one in found.kept} if found else set()
    _elsewhere([m for m in models.models(state.session(), current.product.key) if m.id not in own], current)


def _back(found: ModelMemory) -> None:
    """The way back to the model that was used before."""
    if found.before is None or not state.may(memory.roll_back):
        return
    now = state.session().now()
    with st.container(horizontal=True, vertical_alignment="center", key="model_back"):
        st.markdown(
            f":small[:gray[Antes deste se usava {escape_markdown(memory_words.named(found.before, now))}.]]",
            width="stretch",
        )
        if st.button("Voltar ao anterior", icon=":material/undo:", key="roll_back"):
            state.choose_model(memory.roll_back(state.session(), found.before.series).id)
            st.rerun()


def _card(one: KeptModel, found: ModelMemory, current: state.Current) -> None:
    """A model of the list, with what can be done with it."""
    info, now = one.info, state.session().now()
    with st.container(border=True, gap="xsmall", key=f"model_{info.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{escape_markdown(shorten(info.dataset_name, _NAME))}**", width="content")
            if one.in_use:
                st.badge("em uso", icon=":material/check:", color="green")
            if current.model and info.id == current.model.id:
                st.badge("nesta página", icon=":material/visibility:", color="blue")
        lines = (memory_words.made(one, now), memory_words.tested(one, current.product), memory_words.used(one, now))
        st.markdown("  \n".join(f":small[:gray[{escape_markdown(line)}]]" for line in lines if line))
        if one.note:
            st.markdown(f"“{escape_markdown(one.note)}”")
        _deeds(one, found, current)


def _deeds(one: KeptModel, found: ModelMemory, current: state.Current) -> None:
    info = one.info
    with st.container(horizontal=True):
        if (
            not one.in_use
            and state.may(models.use)
            and st.button("Pôr em uso", icon=":material/check:", key=f"use_{info.id}")
        ):
            state.use_model(info.id)
            st.rerun()
        if (current.model is None or info.id != current.model.id) and st.button("Ver", key=f"see_{info.id}"):
            state.choose_model(info.id)
            st.rerun()
        if not state.may(memory.write_note):
            return
        with st.popover("Anotar", icon=":material/edit_note:", key=f"note_model_{info.id}"):
            _note(one)
        with st.popover("Apagar", icon=":material/delete:", key=f"delete_model_{info.id}"):
            _deletion(info, found if one.in_use else None)


def _note(one: KeptModel) -> None:
    key = f"model_note_{one.info.id}"
    st.text_area(
        "Anotação",
        value=one.note,
        max_chars=memory.LONGEST_NOTE,
        key=key,
        placeholder="Por que foi treinado, o que se decidiu. Fica cifrado; telefones, CPF e e-mails são tirados.",
    )
    st.button("Guardar anotação", key=f"{key}_keep", on_click=partial(_keep_note, one.info.id, key))


def _keep_note(model_id: str, key: str) -> None:
    """Keeps what stands in the box; the box then shows what was kept."""
    st.session_state[key] = memory.write_note(state.session(), model_id, str(st.session_state.get(key) or ""))


def _deletion(info: ModelInfo, used: ModelMemory | None) -> None:
    """Asks once more; for the model in use (`used`: the memory that it is taken from) with what comes in its place."""
    st.markdown("Apagar tira o modelo e os riscos que ele calculou. Não dá para desfazer.")
    sure = True
    if used is not None:
        after = memory_words.after(memory.successor(used), state.session().now())
        sure = st.checkbox(escape_markdown(after), key=f"delete_model_sure_{info.id}")
    if st.button("Apagar modelo", key=f"delete_model_now_{info.id}", disabled=not sure):
        try:
            memory.delete(state.session(), info.id, in_use_too=used is not None)
        except PresencaError as error:
            refusal(error)
            return
        state.forget_model(info.id)
        st.rerun()


def _compare(found: ModelMemory, current: state.Current) -> None:
    """Two models side by side: what is known at once, else what a button works out."""
    by_id = memory_words.choices(found.kept, state.session().now())
    used = found.in_use.info.id if found.in_use else found.kept[-1].info.id
    other = next(key for key in by_id if key != used)
    with st.expander("Dois modelos lado a lado", icon=":material/compare_arrows:"):
        with st.grid(2, min_column_width=300):
            first, second = (
                st.selectbox(
                    label,
                    list(by_id),
                    index=list(by_id).index(chosen),
                    format_func=lambda key: by_id[key],
                    key=f"compare_{place}",
                )
                for label, chosen, place in (("Primeiro", used, "first"), ("Segundo", other, "second"))
            )
        if not first or not second or first == second:
            st.markdown(":small[:gray[Escolha dois modelos diferentes.]]")
            return
        told = two_models.known(state.session(), first, second)
        if told is None and st.button("Comparar nas mesmas linhas", key="compare_models"):
            told = _worked_out(first, second)
        if told is not None:
            _told(told, current.product)


def _worked_out(first: str, second: str) -> SideBySide:
    with st.spinner("Comparando os dois modelos nas mesmas linhas…"):  # once: the answer is kept
        return two_models.beside(state.session(), first, second)


def _told(told: SideBySide, product: Product) -> None:
    st.markdown(memory_words.side_by_side(told, product).markdown())
    found = told.comparison
    if found is None:
        return
    st.markdown(escape_markdown(memory_words.calibrated(found)))
    figures.show(skill_tables.side_by_side(found), "Medidas dos dois modelos nas mesmas linhas")
    with st.grid(2, min_column_width=380):
        for title, bins, place in zip(("Primeiro", "Segundo"), found.calibration, ("first", "second"), strict=True):
            with st.container(gap="xxsmall"):
                st.markdown(f"**{title}: o risco previsto se confirma?**")
                charts.show(calibration_plot(bins, charts.theme()), f"compared_{place}")
    for line in skill_words.left_out(found.left_out):
        st.markdown(f":small[:gray[{escape_markdown(line)}]]")


def challenger(proposed: ModelInfo, current: state.Current, *, work_out: bool) -> None:
    """One sentence on whether a new model is better than the one that is shown. `work_out`: even where nobody asked."""
    if current.model is None:
        return
    found = two_models.known(state.session(), current.model.id, proposed.id)
    if found is None and work_out:
        found = _worked_out(current.model.id, proposed.id)
    if found is not None:
        used = current.series is not None and current.series.model_id == current.model.id
        first = memory_words.IN_USE if used else memory_words.SHOWN
        st.markdown(memory_words.challenger(found, current.product, first).markdown())


def _elsewhere(kept: list[ModelInfo], current: state.Current) -> None:
    """Models of other series, or of none: to be seen here, where somebody asks."""
    if not kept:
        return
    with st.container(gap="small"):
        heading(
            "Modelos de outras séries" if current.series else "Modelos guardados",
            ""
            if current.model
            else "Aprenderam com outros dados e não são usados por si neste arquivo: escolha um, se ele servir.",
        )
        for info in kept:
            with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"model_{info.id}"):
                st.markdown(
                    f"**{escape_markdown(shorten(info.dataset_name, _NAME))}**  \n:small[:gray[{_about(info)}]]",
                    width="stretch",
                )
                if current.model and info.id == current.model.id:
                    st.badge("nesta página", icon=":material/visibility:", color="blue")
                elif st.button("Ver aqui", key=f"use_{info.id}"):
                    state.choose_model(info.id)
                    st.rerun()
                if state.may(memory.delete):
                    with st.popover("Apagar", icon=":material/delete:", key=f"delete_model_{info.id}"):
                        _deletion_elsewhere(info)


def _deletion_elsewhere(info: ModelInfo) -> None:
    used = memory.remembered(state.session(), info.series) if info.series else None
    _deletion(info, used if used and used.in_use and used.in_use.info.id == info.id else None)


def _about(info: ModelInfo) -> str:
    parts = [f"dados {until(info.trained_until)}"]
    if info.auc_ahead is not None:
        parts.append(f"acerta a ordem em {number(100 * info.auc_ahead)} de 100 pares")
    if info.dataset_deleted:
        parts.append("dados apagados")
    return " · ".join(parts)
