"""What belongs to a call list beside the card: how it is made, files of outcomes, whom nobody calls, scripts."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from dashboard import state
from dashboard.components import charts, compared_ways
from dashboard.components.downloads import button
from dashboard.components.page import heading, refusal
from pipeline.contract import Role
from pipeline.errors import PresencaError
from pipeline.presentation.charts import gain_curve
from pipeline.presentation.escaping import escape_markdown, shorten
from pipeline.presentation.locale import messages
from pipeline.presentation.sentences import agenda_words, effect_words
from pipeline.presentation.sentences import calling_words as words
from pipeline.records.contacts import Caller, Mute, Never, NeverKind, QueueSettings
from pipeline.services.data import series_settings
from pipeline.services.pages import (
    call_files,
    call_queue,
    call_scripts,
    confirmed,
    contact_files,
    contacts,
    gains,
    outcome_uploads,
)
from pipeline.services.pages.agenda import Agenda
from pipeline.services.pages.call_queue import MadeList, Queue
from pipeline.services.pages.call_scripts import CallCard

_MADE, _READ = "calling_list_made", "calling_file_read"


def show(current: state.Current, scored: Agenda, found: Queue) -> None:
    """Where everybody stands, and the expanders below the card."""
    lines = (
        words.standing(found.counts),
        words.control(found.counts),
        words.compared(found.made.settings.compared),
    )
    if said := [f":small[:gray[{escape_markdown(line)}]]" for line in lines if line]:
        st.markdown("  \n".join(said))
    _said()
    series_id = found.made.series
    if not state.may(call_queue.make_list):  # what a list is made by is not a caller's to change
        return
    with st.expander("Levar a lista", icon=":material/file_download:"):
        _take_along(found)
    with st.expander("Enviar resultados de uma central", icon=":material/upload_file:"):
        _upload(series_id, found)
    with st.expander("O que dizer", icon=":material/chat:"):
        _scripts(series_id)
    with st.expander("Não ligar", icon=":material/phone_disabled:"):
        _never(current, scored, series_id)
    settings(current, scored, series_id, opened=False)


def _said() -> None:
    """What the list that was just made holds, and what it leaves out."""
    made: MadeList | None = st.session_state.pop(_MADE, None)
    if made is not None:
        st.toast(words.to_call(made.to_call), icon=":material/check:")
        with st.expander("Em que ordem, e o que ficou fora da fila"):
            st.markdown(f":small[:gray[{escape_markdown(words.order(made.by_gain))}]]")
            for line in words.left_out(made.left_out) or ["Nada ficou de fora."]:
                st.markdown(f"- {escape_markdown(line)}")


def settings(current: state.Current, scored: Agenda, series_id: str, *, opened: bool) -> None:
    """How this clinic calls, and the button that makes a list of it."""
    kept = series_settings.calls(state.session(), series_id)
    label = "Como a fila é feita" if opened else "Fazer outra fila"
    with st.expander(label, expanded=opened, icon=":material/tune:"):
        _pays(scored, kept)
        st.markdown(f":small[:gray[{escape_markdown(words.confirmed(confirmed.ratio(state.session(), series_id)))}]]")
        comparing = compared_ways.kind(kept.compared)
        _settings(current, scored, kept, series_id, comparing, opened=opened)


def _pays(scored: Agenda, kept: QueueSettings) -> None:
    """From which call of the day on the next one costs more than it gains."""
    found = gains.paying(state.session(), scored)
    if found is None:
        return
    said = effect_words.calls(found, kept.today)
    st.markdown(escape_markdown(said[0]))
    for line in said[1:]:
        st.markdown(f":small[:gray[{escape_markdown(line)}]]")
    if found.example:
        st.markdown(f":small[:orange[{escape_markdown(words.EXAMPLE_VALUES)}]]")
    charts.show(gain_curve(found, charts.theme()), "calling_gain_curve")


def _settings(
    current: state.Current, scored: Agenda, kept: QueueSettings, series_id: str, comparing: str, *, opened: bool
) -> None:
    with st.form("calling_settings", border=False):
        with st.grid(3, min_column_width=130):
            people = st.number_input("Pessoas que ligam", 1, 200, kept.people)
            calls = st.number_input("Ligações por dia, cada", 1, 500, kept.calls_a_day)
            ahead = st.number_input("Dias úteis à frente", 1, 30, kept.days_ahead)
            mute = st.number_input("Dias sem ligar de novo", 0, 365, kept.mute.days)
            hours = st.number_input("Sem resposta, volta em (h)", 1, 72, kept.retry_hours)
            tries = st.number_input("Tentativas, no máximo", 1, 10, kept.most_attempts)
            floor = st.number_input("Piso de risco (%)", 0, 100, round(100 * kept.floor))
            apart = st.number_input("Grupo de controle (%)", 0, 50, round(100 * kept.control_share))
        compared = compared_ways.wanted(comparing, kept.compared)
        units, apart_units = _units(current, scored), _muted_units(current, scored, kept.mute)
        wanted = replace(
            kept,
            people=int(people),
            calls_a_day=int(calls),
            days_ahead=int(ahead),
            mute=Mute(int(mute), apart_units),
            retry_hours=int(hours),
            most_attempts=int(tries),
            floor=floor / 100,
            control_share=apart / 100,
            compared=compared,
        )
        if st.form_submit_button("Fazer a fila", type="primary" if opened else "secondary"):
            _make(scored, series_id, wanted, units)


def _units(current: state.Current, scored: Agenda) -> tuple[str, ...]:
    place = current.product.by_role(Role.UNIT)
    if place is None or len(scored.units) < 2:
        return ()
    return tuple(
        st.multiselect(
            f"Só em ({place.label.lower()})",
            scored.units,
            placeholder="todas",
            format_func=lambda unit: shorten(unit, 30),
        )
    )


def _muted_units(current: state.Current, scored: Agenda, kept: Mute) -> tuple[tuple[str, int], ...]:
    """Units that leave patients alone for other days than the rest."""
    place, own = current.product.by_role(Role.UNIT), dict(kept.units)
    if place is None or len(scored.units) < 2:
        return kept.units
    with st.grid(2, min_column_width=150):
        picked = st.multiselect(
            f"Outro prazo sem ligar de novo ({place.label.lower()})",
            scored.units,
            [unit for unit in scored.units if unit in own],
            placeholder="nenhuma",
            format_func=lambda unit: shorten(unit, 30),
        )
        days = st.number_input("Dias nessas", 0, 365, next(iter(own.values()), kept.days))
    return tuple((unit, int(days)) for unit in picked)


def _make(scored: Agenda, series_id: str, wanted: QueueSettings, units: tuple[str, ...]) -> None:
    try:
        series_settings.set_calls(state.session(), series_id, wanted)
        st.session_state[_MADE] = call_queue.make_list(
            state.session(), scored, units, gain=gains.of(state.session(), scored)
        )
    except PresencaError as error:
        refusal(error)
    else:
        st.rerun()


def _take_along(found: Queue) -> None:
    """The list for a call centre and for a tool that sends messages; who the patients are only where that is asked."""
    session, made = state.session(), found.made
    identified = False
    if state.may(call_files.identities) and call_files.can_identify(session, made.dataset_id):
        identified = st.toggle("Com id, nome e telefone", key="calling_take_identities")
        st.markdown(f":small[:gray[{agenda_words.IDENTITIES}]]")
    tag, about = f"{made.id}_{identified}_{found.seen}", f"{made.as_of:%Y-%m-%d}"
    faces = [
        ("Para a central, em XLSX", contact_files.center_xlsx, "lista_de_contato.xlsx"),
        ("Para a central, em CSV", contact_files.center_csv, "lista_de_contato.csv"),
        ("Para mensagens, em CSV", contact_files.messages_csv, "mensagens.csv"),
    ]
    with st.container(horizontal=True, key="calling_downloads"):
        for label, build, name in faces:
            button(label, partial(build, session, found, identified=identified), name, tag, about=about)


def _upload(series_id: str, found: Queue) -> None:
    st.markdown(
        ":small[:gray[A coluna “evento” da lista diz de que agendamento é cada linha; sem ela, “paciente” e “data”. "
        "“resultado”: confirmou, desmarcou, remarcou, não atendeu, número errado, recado, recusa. O mesmo arquivo "
        "enviado de novo não conta duas vezes.]]"
    )
    file = st.file_uploader("Arquivo com os resultados", key="calling_upload")  # a wrong type gets our own sentence
    if file is not None and st.button("Registrar os resultados", type="primary", key="calling_take_in"):
        try:
            st.session_state[_READ] = outcome_uploads.upload(
                state.session(), series_id, file.getvalue(), file.name, list_id=found.made.id
            )
        except PresencaError as error:
            refusal(error)
        else:
            st.rerun()
    if (read := st.session_state.get(_READ)) is not None and file is not None:
        st.success(escape_markdown(words.uploaded(read)))
        for line in words.unmatched(read):
            st.markdown(f"- {escape_markdown(line)}")


def _scripts(series_id: str) -> None:
    """The texts, each to be changed; an empty one brings back what Presença came with."""
    scripts = {one.key: one for one in call_scripts.scripts(state.session(), series_id)}
    picked = st.selectbox(
        "Texto", list(scripts), format_func=lambda key: scripts[key].title, key="calling_script", width=320
    )
    text = st.text_area(
        "O que dizer",
        scripts[picked].text,
        key=f"calling_script_{picked}",
        max_chars=call_scripts.LONGEST_SCRIPT,
        height=140,
    )
    st.markdown(f":small[:gray[{escape_markdown(words.BLANKS)}]]")
    if text != scripts[picked].text and st.button("Guardar o texto", key="calling_script_keep"):
        try:
            call_scripts.change_script(state.session(), series_id, picked, text)
        except PresencaError as error:
            refusal(error)
        else:
            st.rerun()


def _never(current: state.Current, scored: Agenda, series_id: str) -> None:
    """Units and procedures that nobody calls, and the patients who asked for it."""
    for one in contacts.never(state.session(), series_id):
        with st.container(horizontal=True, vertical_alignment="center"):
            shown = call_scripts.shown_name(one.value) if one.kind is NeverKind.PATIENT else shorten(one.value, 40)
            st.markdown(escape_markdown(shown), width="content")
            st.button(
                "Voltar a ligar",
                key=f"calling_again_{state.short_hash(one)}",
                on_click=contacts.set_never,
                args=(state.session(), series_id, one),
                kwargs={"never": False},
            )
    options = [
        *(Never(NeverKind.UNIT, unit) for unit in scored.units),
        *(Never(NeverKind.PROCEDURE, name) for name in call_queue.procedures(state.session(), scored)),
    ]
    picked = st.selectbox(
        "Nunca ligar para",
        options,
        index=None,
        placeholder="unidade ou procedimento",
        format_func=lambda one: shorten(one.value, 40),
        key="calling_never_pick",
    )
    if picked is not None and st.button("Não ligar", key="calling_never_add"):
        contacts.set_never(state.session(), series_id, picked, never=True)
        st.rerun()


def override(card: CallCard, series_id: str, who: Caller) -> None:
    """A risk set by hand for the first appointment, with the reason."""
    tag = state.short_hash(card.patient)
    heading("Mudar o risco", "O que você sabe deste caso e o modelo não sabe.")
    risk = st.slider("Risco (%)", 0, 100, 50, key=f"calling_risk_{tag}")
    why = st.text_input("Motivo", key=f"calling_why_{tag}", max_chars=contacts.LONGEST_REASON)
    if st.button("Guardar o risco", key=f"calling_set_{tag}", disabled=not why.strip()):
        try:
            for one in card.appointments:
                contacts.override(state.session(), series_id, one.key, risk / 100, why, who)
        except PresencaError as error:
            st.error(escape_markdown(messages.refusal(error)))
        else:
            st.rerun()
