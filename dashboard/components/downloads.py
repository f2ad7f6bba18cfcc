"""Download buttons: files are built only when asked, under names that a person reads."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial

import streamlit as st

from dashboard import file_names, state, who
from dashboard.components import again, identified
from dashboard.components.error_boundary import guarded_build
from dashboard.components.page import heading
from pipeline import services
from pipeline.contract import Product
from pipeline.presentation.escaping import escape_markdown, file_stem
from pipeline.presentation.locale.numbers import number
from pipeline.presentation.spreadsheets.tables import SHEET_ROWS
from pipeline.records import DatasetInfo, ValidationReport
from pipeline.services.data import datasets, table

MIMES = {
    "html": "text/html",
    "csv": "text/csv",
    "json": "application/json",
    "ndjson": "application/fhir+ndjson",
    "zip": "application/zip",
    "presenca": "application/octet-stream",  # a sealed copy of everything
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

_LONGEST_STEM = 60


def button(
    label: str, build: Callable[[], bytes], name: str, tag: str, *, about: str | None = None, primary: bool = False
) -> None:
    """A download. `tag` (an id or a hash) tells apart buttons of the same name;
    `about` is what a person calls the file by: the open data set and its last month where nothing else is said.

    The server keeps a file under its kind, its name and samples of its content: of two large files that differ
    elsewhere,
    the second asker got the first one's. A kind that is never the same twice keeps each to who asked for it.
    """
    stem, _, ending = name.rpartition(".")
    told = file_names.of_the_page() if about is None else about
    said = "-".join(file_stem(part) for part in told.split("-"))[:_LONGEST_STEM].strip("_-")
    called = f"{stem}_{said}" if said else stem
    key = f"download_{stem}_{ending}_{tag}"
    keep, ask = state.download_failures(key), again.asker()
    if why := state.failed_download(key):
        st.error(escape_markdown(why), icon=":material/block:")
    st.download_button(
        label,
        guarded_build(who.later(build), lambda why: (keep(why), ask())),
        file_name=f"{called}.{ending}",
        mime=f"{MIMES[ending]};k={secrets.token_hex(8)}",
        icon=":material/download:",
        type="primary" if primary else "secondary",
        on_click="ignore",
        key=key,
    )


def report(info: DatasetInfo, record: ValidationReport) -> None:
    """The report's three faces and the rows left out."""
    session = state.session()
    tag = f"{info.id}_{datasets.revision(session, info.id)}"  # what was mended makes other files
    files = [
        ("Relatório em HTML", datasets.report_html, "relatorio.html"),
        ("Relatório em XLSX", datasets.report_xlsx, "relatorio.xlsx"),
        ("Relatório em JSON", datasets.report_json, "relatorio.json"),
    ]
    of_rows = []
    if info.vault_until is not None:
        of_rows += [
            ("Dados limpos em CSV", table.clean_csv, "dados_limpos.csv"),
            ("Dados limpos em XLSX", table.clean_xlsx, "dados_limpos.xlsx"),
        ]
    if record.rows_left_out:
        of_rows.append(("Linhas deixadas de fora", datasets.left_out_csv, "linhas_de_fora.csv"))
    named = identified.ask("report") if of_rows and info.vault_until is not None else None
    with st.container(horizontal=True, key="downloads"):
        for label, build, name in files:
            button(label, partial(build, session, info.id), name, tag)
        for label, of, name in of_rows:
            button(label, partial(of, session, info.id, identified=named), name, f"{tag}_{named}")
    if info.rows > SHEET_ROWS:
        st.markdown(
            ":small[:gray[Uma planilha do Excel tem no máximo 1.048.576 linhas: o XLSX vem dividido em abas de "
            f"{number(SHEET_ROWS)}; o CSV vem inteiro.]]"
        )


def templates(product: Product) -> None:
    """The workbook to fill in and the data dictionary."""
    with st.container(gap="small"):
        heading("Para preparar o arquivo", "A planilha modelo traz os campos, exemplos e listas de valores.")
        with st.container(horizontal=True):
            button(
                "Planilha modelo",
                lambda: services.template(product.key),
                "planilha_modelo.xlsx",
                product.key,
                about=product.title,
            )
            button(
                "Dicionário em XLSX",
                lambda: services.dictionary(product.key, "xlsx"),
                "dicionario.xlsx",
                product.key,
                about=product.title,
            )
            button(
                "Dicionário em HTML",
                lambda: services.dictionary(product.key, "html"),
                "dicionario.html",
                product.key,
                about=product.title,
            )
