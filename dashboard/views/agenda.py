"""Agenda: rows still to come, ranked by risk, with reasons; one explained and tried otherwise; the list to download."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from dashboard import navigation, state, text
from dashboard.components import calls, upload
from dashboard.components.downloads import button
from dashboard.components.page import empty, heading, kpis, page, refusal
from pipeline.contract import Role, feminine
from pipeline.errors import PresencaError
from pipeline.presentation import wording
from pipeline.presentation.numbers import date, decimal, number, plural
from pipeline.presentation.text import escape_markdown, shorten
from pipeline.records import DatasetInfo
from pipeline.services import agenda, models
from pipeline.services.agenda import Agenda, ListFilters

SHORT = 10


def show() -> None:
    current = state.current()
    words = current.product.words
    if current.model is None:
        with page(words.agenda_title):
            empty(text.NO_MODEL, text.NO_MODEL_WHY, link=navigation.MODEL, link_label="Treinar um modelo", key="agenda_no_model")
        return
    found = agenda.candidates(state.workspace(), current.product.key)
    if not found:
        with page(words.agenda_title, f"Envie os {words.rows} que ainda vão acontecer.",
                  "O risco de cada um sai em segundos, com os motivos."):
            upload.show(current.product, opened=True)
        return
    try:
        _list(current, found)
    except PresencaError as error:
        with page(words.agenda_title):
            refusal(error)
            upload.show(current.product, opened=False)


def _list(current: state.Current, found: tuple[DatasetInfo, ...]) -> None:
    assert current.model is not None
    chosen = _dataset(found, current)
    as_of = st.session_state.get(_as_of_key(chosen, current))
    with st.spinner("Calculando o risco…"):
        scored = agenda.score(state.workspace(), chosen.id, current.model.id, as_of)
    filters = _filters(scored)
    shown = agenda.page(state.workspace(), scored, filters, number=st.session_state.get("agenda_page", 1), size=calls.size())
    words = current.product.words
    lead, rest = wording.agenda_finding(shown.calls, shown.reached, shown.expected, shown.total, current.product)
    with page(current.product.words.agenda_title, lead, rest, f"{chosen.name} · com o que se sabia em {date(scored.as_of)}"):
        _stranger(current, chosen)
        _bar(current, found, chosen, scored)
        _figures(current, scored, shown)
        if shown.total == 0:
            empty(f"{'Nenhuma' if feminine(words.row) else 'Nenhum'} {words.row} com estes filtros", "Mude os filtros acima.", key="agenda_empty")
        else:
            calls.show(current, scored, shown)
            _downloads(scored, filters)
        _not_scored(scored)
        upload.show(current.product, opened=False)


def _dataset(found: tuple[DatasetInfo, ...], current: state.Current) -> DatasetInfo:
    """The list picked here, or the file that is open, or the newest of the kind that the model knows."""
    by_id = {d.id: d for d in found}
    picked = by_id.get(st.session_state.get(_picked_key(current), "")) or by_id.get(current.dataset.id if current.dataset else "")
    if picked is not None:
        return picked
    return next((d for d in found if d.is_sample == _knows_samples(current)), found[0])


def _picked_key(current: state.Current) -> str:
    """A pick holds while the same file is open: another one brings its own list."""
    return f"agenda_dataset_{current.dataset.id if current.dataset else ''}"


def _knows_samples(current: state.Current) -> bool:
    return current.model is not None and models.learnt_from_sample(state.workspace(), current.model)


def _stranger(current: state.Current, chosen: DatasetInfo) -> None:
    """A sample's model on a clinic's list, or the other way round, is said before any number."""
    if _knows_samples(current) == chosen.is_sample:
        return
    learnt, listed = ("dados de exemplo", "um arquivo da clínica") if not chosen.is_sample else ("dados da clínica", "um arquivo de exemplo")
    st.warning(f"O modelo em uso aprendeu com {learnt}, e a lista é de {listed}: os riscos abaixo não valem para decidir. "
               "Treine ou escolha outro modelo.", icon=":material/warning:")


def _as_of_key(info: DatasetInfo, current: state.Current) -> str:
    return f"as_of_{info.id}_{current.model.id if current.model else ''}"


def _filters(scored: Agenda) -> ListFilters:
    day = st.session_state.get("agenda_day")
    unit, tier = st.session_state.get("agenda_unit"), st.session_state.get("agenda_tier")
    return ListFilters(
        day=day if day in scored.days else None,
        units=(unit,) if unit in scored.units else (),
        tiers=(tier,) if tier in text.TIERS else (),
    )


def _bar(current: state.Current, found: tuple[DatasetInfo, ...], chosen: DatasetInfo, scored: Agenda) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        st.selectbox("Dia", [None, *scored.days], key="agenda_day", width=168, persist_state="session",
                     format_func=lambda d: "Todos" if d is None else date(d))
        place = current.product.by_role(Role.UNIT)
        if scored.units and place is not None:
            unit = place.label
            st.selectbox(unit, [None, *scored.units], key="agenda_unit", width=200, persist_state="session",
                         format_func=lambda u: text.every(unit) if u is None else shorten(u, 30))
        st.selectbox("Faixa", [None, *text.TIERS], key="agenda_tier", width=168, persist_state="session",
                     format_func=lambda t: "Todas" if t is None else text.TIERS[t])
        with st.popover("Lista e data", icon=":material/tune:"):
            st.selectbox("Arquivo", [d.id for d in found], key=_picked_key(current), index=found.index(chosen),
                         format_func=lambda i: shorten(next(d.name for d in found if d.id == i), 40))
            _as_of(current, chosen, scored)


def _as_of(current: state.Current, chosen: DatasetInfo, scored: Agenda) -> None:
    st.markdown(":small[:gray[O risco usa só o que já se sabia nesta data.]]")
    picked = st.date_input("Data da lista", value=scored.as_of, format="DD/MM/YYYY", key=f"pick_{_as_of_key(chosen, current)}")
    if isinstance(picked, dt.date) and picked != scored.as_of and st.button("Refazer a lista", type="primary", key="rescore"):
        st.session_state[_as_of_key(chosen, current)] = picked
        st.rerun()


def _figures(current: state.Current, scored: Agenda, shown: agenda.AgendaPage) -> None:
    words = current.product.words
    share = f"{decimal(100 * shown.expected / shown.total, 1)}% do total" if shown.total else "sem linhas"
    kpis([
        (words.rows.capitalize(), number(shown.total), f"de {number(scored.summary.rows)}"),
        (f"{words.events.capitalize()} {'esperadas' if feminine(words.event) else 'esperados'}", _count(shown.expected), share),
        ("Primeiros da lista", number(shown.calls), "para contatar"),
        ("Alcançam", _count(shown.reached), f"{'das' if feminine(words.event) else 'dos'} {words.events}"),
    ])


def _count(expected: float) -> str:
    """An expected number: a short list is told in tenths, or one call would reach "0"."""
    return decimal(expected, 1 if expected < SHORT else 0)


def _downloads(scored: Agenda, filters: ListFilters) -> None:
    workspace = state.workspace()
    tag = f"{scored.dataset_id}_{scored.as_of:%Y%m%d}_{state.short_hash(filters)}"
    with st.container(horizontal=True, key="downloads"):
        button("Lista em XLSX", lambda: agenda.xlsx(workspace, scored, filters), "lista_de_contato.xlsx", tag, primary=True)
        button("Lista em CSV", lambda: agenda.csv(workspace, scored, filters), "lista_de_contato.csv", tag)


def _not_scored(scored: Agenda) -> None:
    if not scored.summary.not_scored:
        return
    with st.expander(f"{plural(scored.summary.rows - scored.summary.scored, 'linha', 'linhas')} sem risco"):
        heading("Por que ficaram sem risco")
        for why, rows in scored.summary.not_scored:
            st.markdown(f"- {plural(rows, 'linha', 'linhas')}: {escape_markdown(why)}")


show()
