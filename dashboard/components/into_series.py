"""Which series an upload goes to: recognised, said why, and the user's to change."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from pipeline.contract import Product, Role
from pipeline.presentation.escaping import escape_markdown, shorten
from pipeline.presentation.locale.numbers import listed, percent
from pipeline.services.data import placing, series
from pipeline.services.data.placing import Into
from pipeline.services.data.recognition import Likeness

NEW = ""


def held(file_id: str) -> str | None:
    """The series that was chosen for this upload ("": a new one); None where nobody chose."""
    return st.session_state.get(_key(file_id))


def _key(file_id: str) -> str:
    return f"into_{file_id}"


def choose(product: Product, like: Likeness | None, name: str, file_id: str) -> Into:
    """The choice, with the recognised series first; a new one is named here."""
    known = {s.id: s.name for s in series.listed(state.session(), product.key) if not s.is_sample}
    with st.container(border=True, gap="small", key="into_series"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            chosen = NEW
            if known:
                ids = [*known, NEW]
                first = ids.index(like.series.id) if like else len(ids) - 1
                chosen = st.selectbox(
                    "Clínica ou rede (série)",
                    ids,
                    index=first,
                    key=_key(file_id),
                    width=300,
                    format_func=lambda i: shorten(known[i], 40) if i else "Outra: começar uma série nova",
                )
            if chosen == NEW:
                name = st.text_input(
                    "Nome da clínica ou rede",
                    value=name,
                    max_chars=placing.LONGEST_NAME,
                    key=f"name_{file_id}",
                    width=300,
                )
        st.markdown(f":small[:gray[{escape_markdown(_why(product, like, chosen, known))}]]")
    return Into(chosen) if chosen else Into(name=name)


def _why(product: Product, like: Likeness | None, chosen: str, known: dict[str, str]) -> str:
    if like is not None and chosen == like.series.id:
        return (
            f"Reconhecida: {_evidence(product, like)}. O histórico, o dia da lista, os ajustes lembrados e o modelo "
            "são os desta série."
        )
    if like is not None:
        return (
            f"Parece continuar “{shorten(like.series.name, 40)}”: {_evidence(product, like)}. Cada série tem o seu "
            "histórico e os seus modelos; confira a escolha."
        )
    if known and chosen == NEW:
        return (
            "Este arquivo não se parece com nenhuma das séries que há. Cada série tem o seu histórico, os seus "
            "ajustes e os seus modelos."
        )
    if chosen:
        return (
            f"Este arquivo não se parece com “{shorten(known[chosen], 40)}”: o que há nela será tomado por passado "
            "dele. Confira a escolha."
        )
    return "Os próximos arquivos desta clínica ou rede serão reconhecidos e continuarão a mesma série."


def _lower(label: str) -> str:
    return label if label.isupper() else label[:1].lower() + label[1:]


def _evidence(product: Product, like: Likeness) -> str:
    unit = product.by_role(Role.UNIT)
    parts = []
    if like.units is not None and unit is not None:
        parts.append(f"{percent(like.units, 0)} das linhas são de {_lower(unit.label)} já vista")
    if like.patients is not None:
        parts.append(f"{percent(like.patients, 0)} são de pacientes já vistos")
    if like.headers:
        parts.append("os cabeçalhos são os mesmos")
    return listed(parts)
