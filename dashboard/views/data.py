"""Dados: bring a file in, see what was understood and what is wrong with it, keep or delete it."""

from __future__ import annotations

import streamlit as st

from dashboard import address, navigation, picked, state, text
from dashboard.components import cells, comparing, downloads, fixing, kept, next_step, report, upload
from dashboard.components.page import page, refusal
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import escape_markdown
from pipeline.presentation.locale.numbers import period
from pipeline.presentation.sentences import findings
from pipeline.records import DatasetInfo, ValidationReport
from pipeline.services.data import datasets


def _source(info: DatasetInfo) -> str:
    parts = [info.name, period(info.first_date, info.last_date) if info.first_date else ""]
    if info.is_sample:
        parts.append("dados de exemplo, sintéticos")
    return " · ".join(part for part in parts if part)


def show() -> None:
    """Draws the page: files sent, checked, mended and kept."""
    current = state.current()
    dataset = current.dataset
    if dataset is None or _has_files():  # a report of the file before would look like this file's
        _sending(current)
        return
    try:
        record = datasets.report(state.session(), dataset.id)
    except PresencaError as error:
        with page("Dados"):
            refusal(error)
        return
    lead, rest = findings.report_finding(record)
    with page("Relatório dos dados", lead, rest, _source(dataset)):
        _said()
        cells.unsaved(dataset)
        upload.show(current.product, opened=False)
        _choose_part()
        if state.section() == state.FIX:
            fixing.show(dataset, record, current.product)
        elif state.section() == state.COMPARE:
            comparing.show(dataset, current.product)
        else:
            _report(dataset, record, current)
        _onwards(current, record)


def _has_files() -> bool:
    return state.has_upload() or bool(picked.files())


def _sending(current: state.Current) -> None:
    """No file yet, or one that is being sent."""
    finding = (
        ("Confira as colunas.", "Depois, guarde o arquivo.")
        if _has_files()
        else (
            text.NO_DATA + ".",
            "Envie a planilha do seu sistema, em CSV, TXT, XLSX ou Parquet, ou FHIR R4 em JSON ou NDJSON.",
        )
    )
    with page("Dados", *finding):
        upload.show(current.product, opened=True)
        downloads.templates(current.product)


def _choose_part() -> None:
    """Report, mending or comparison; the address knows which."""
    part = [
        address.Choice(
            "parte",
            state.section_key(),
            address.among(state.SECTIONS, str.lower),
            default=state.REPORT,
            spell=str.lower,
        )
    ]
    address.restore(part)
    st.session_state.setdefault(state.section_key(), state.REPORT)
    st.segmented_control(
        "Parte da página", state.SECTIONS, key=state.section_key(), required=True, label_visibility="collapsed"
    )
    address.keep(part)


def _onwards(current: state.Current, record: ValidationReport) -> None:
    """The page that this file serves for: to learn from, to look at, or to act on."""
    assert current.dataset is not None
    if current.dataset.purpose == "future" and current.model is not None:
        if current.product.has_agenda:
            next_step.show("Abrir agenda", navigation.AGENDA)
        elif current.product.has_comments:
            next_step.show("Ler os comentários", navigation.COMMENTS)
    elif current.model is not None and current.dataset.purpose != "future":
        next_step.show("Ver risco", navigation.RISK)
    elif current.product.starter is not None and "training" not in record.usable_for and record.usable_for:
        next_step.show("Ler os comentários", navigation.COMMENTS)  # the starter reads what can't teach
    elif record.usable_for:
        next_step.show("Treinar um modelo", navigation.MODEL)


def _said() -> None:
    """What was just done, said once."""
    sentence = state.said()
    if sentence:
        st.success(escape_markdown(sentence), icon=":material/check:")


def _report(dataset: DatasetInfo, record: ValidationReport, current: state.Current) -> None:
    report.show(record, current.product, dataset)
    downloads.report(dataset, record)
    kept.show(current)
    comparing.recipes(current.product)
    downloads.templates(current.product)


show()
