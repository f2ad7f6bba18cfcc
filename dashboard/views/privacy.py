"""Privacidade: what is kept of people, for how long and what for; one patient found, handed a copy, erased; account."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import state
from dashboard.components import one_patient, reviews
from dashboard.components.downloads import button
from dashboard.components.page import finding, heading, page
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import escape_markdown, shorten
from pipeline.presentation.locale import messages
from pipeline.presentation.sentences import account_words as words
from pipeline.presentation.sentences import audit_words, privacy_words
from pipeline.records.privacy import Account
from pipeline.services.data import retention
from pipeline.services.privacy import account, patients, trail

_ABOUT = "privacidade"  # what downloads are called by, whatever product is open


def show() -> None:
    """Draws the page."""
    session = state.session()
    with page("Privacidade") as head:
        found = account.of(session)
        with head:
            finding(words.held(found), "", "Em todo o espaço de trabalho, em todas as séries.")
        one_patient.show()
        _kept(found)
        _terms(found)
        _who(found)
        reviews.listed()
        _papers(found)
        _incident(found)
        _trail()
        _groups()


def _kept(found: Account) -> None:
    with st.container(gap="small", key="section_kept"):
        heading("O que fica guardado", "Conjunto por conjunto; em repouso, o paciente é um pseudônimo.")
        for one in found.places:
            gone = (
                f" · {privacy_words.rows_erased(patients.erased_rows(state.session(), one.id))}" if one.erased else ""
            )
            name, said = escape_markdown(shorten(one.name, 60)), escape_markdown(f"{words.kept(one)}{gone}")
            st.markdown(f"**{name}** :small[{said}]")
        st.markdown("**Para quê, e com que base legal**")
        _lines(words.PURPOSES)


def _who(found: Account) -> None:
    with st.container(gap="small", key="section_who"):
        heading("Quem viu ou levou", words.ACCESS_NOTE)
        told = [f"- {escape_markdown(words.seen(one))}" for one in found.access[:12]]
        st.markdown("\n".join(told) or "Ninguém ainda, até onde a trilha sabe.")


def _terms(found: Account) -> None:
    session = state.session()
    with st.container(gap="small", key="section_terms"):
        heading("Por quanto tempo", "Os prazos como estão no código; correm sozinhos.")
        _lines(words.retention(found))
        due = retention.due(session)
        if due:
            st.markdown("**Próximos apagamentos**")
            st.markdown("\n".join(f"- {escape_markdown(words.due(one))}" for one in due[:10]))
        st.markdown("**O que foi apagado sozinho**")
        names = {one.id: one.name for one in found.places}
        went = [words.went(at, one, names.get(one.of, "")) for at, one in retention.done(session)]
        st.markdown("\n".join(f"- {escape_markdown(one)}" for one in went[:10]) or "Nada ainda.")


def _papers(found: Account) -> None:
    session, tag = state.session(), state.short_hash(found)
    with st.container(gap="small", key="section_papers"):
        heading(
            "Para a ANPD e o encarregado", "Feitos do que o código declara e do que há hoje, com espaços a preencher."
        )
        with st.container(horizontal=True):
            for label, build, name in (
                ("Registro de tratamento (art. 37)", account.register_html, "registro_de_tratamento.html"),
                ("Relatório de impacto, rascunho (art. 38)", account.impact_html, "relatorio_de_impacto.html"),
            ):
                button(label, partial(build, session), name, tag, about=_ABOUT)


def _incident(found: Account) -> None:
    session = state.session()
    with st.container(gap="small", key="section_incident"):
        heading(
            "Se houver um incidente", "De quantas pessoas, desde quando, e quem tinha visto: até onde a trilha sabe."
        )
        names = {one.id: one.name for one in found.places}
        chosen = st.multiselect(
            "Conjuntos de dados atingidos",
            list(names),
            format_func=lambda one: shorten(names[one], 60),
            key="incident_datasets",
            placeholder="escolha um ou mais",
        )
        if chosen:
            build = partial(account.incident_html, session, chosen)
            button("Alcance em HTML", build, "alcance_do_incidente.html", state.short_hash(tuple(chosen)), about=_ABOUT)


def _trail() -> None:
    session = state.session()
    with st.container(gap="small", key="section_trail"):
        heading("Trilha de auditoria", "Quem fez o quê, e quando; nunca quem são os pacientes.")
        try:
            checked = trail.check(session)
        except PresencaError as error:
            st.error(escape_markdown(messages.refusal(error)), icon=":material/block:")
            return
        for place, line in enumerate(audit_words.lines(checked)):
            told = escape_markdown(line)
            if checked.faults and place == 0:
                st.error(told, icon=":material/gpp_bad:")
            else:
                st.markdown(told)
        with st.container(horizontal=True):
            tag = str(checked.entries)
            button("Trilha em CSV", partial(trail.csv, session), "trilha_de_auditoria.csv", tag, about=_ABOUT)
            button("Trilha em JSON", partial(trail.jsonl, session), "trilha_de_auditoria.json", tag, about=_ABOUT)


def _groups() -> None:
    session = state.session()
    with st.container(gap="small", key="section_small"):
        heading("Grupos pequenos", "No que vai para a diretoria, grupos com menos de 8 nunca aparecem.")
        hidden = account.small_cells(session)
        wanted = st.toggle("Esconder também nas páginas", value=hidden, key="small_cells")
        if wanted != hidden:
            account.set_small_cells(session, hidden=wanted)
            st.rerun()


def _lines(lines: object) -> None:
    told = [f"- **{escape_markdown(name)}** {escape_markdown(text)}" for name, text in lines]  # type: ignore[attr-defined]
    st.markdown("\n".join(told))


show()
