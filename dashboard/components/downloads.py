"""Download buttons: files are built only when asked, and their names carry a hash of what they hold."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import state
from dashboard.components.page import heading
from pipeline import services
from pipeline.contract import Product
from pipeline.presentation.numbers import number
from pipeline.presentation.spreadsheets.tables import SHEET_ROWS
from pipeline.records import DatasetInfo, ValidationReport
from pipeline.services import datasets, table

MIMES = {
    "html": "text/html", "csv": "text/csv", "json": "application/json", "zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def button(label: str, build: Callable[[], bytes], name: str, tag: str, *, primary: bool = False) -> None:
    """A download. `tag` tells apart files of the same name (an id or a hash), as the server otherwise may not."""
    stem, _, ending = name.rpartition(".")
    st.download_button(
        label, build, file_name=f"{stem}_{tag}.{ending}", mime=MIMES[ending], icon=":material/download:",
        type="primary" if primary else "secondary", on_click="ignore", key=f"download_{stem}_{ending}_{tag}",
    )


def report(info: DatasetInfo, record: ValidationReport) -> None:
    """The report's three faces and the rows left out."""
    workspace = state.workspace()
    tag = f"{info.id}_{workspace.revision(info.id)}"  # what was mended makes other files
    with st.container(horizontal=True, key="downloads"):
        button("Relatório em HTML", lambda: datasets.report_html(workspace, info.id), "relatorio.html", tag)
        button("Relatório em XLSX", lambda: datasets.report_xlsx(workspace, info.id), "relatorio.xlsx", tag)
        button("Relatório em JSON", lambda: datasets.report_json(workspace, info.id), "relatorio.json", tag)
        if info.vault_until is not None:
            button("Dados limpos em CSV", lambda: table.clean_csv(workspace, info.id), "dados_limpos.csv", tag)
            button("Dados limpos em XLSX", lambda: table.clean_xlsx(workspace, info.id), "dados_limpos.xlsx", tag)
        if record.rows_left_out:
            button("Linhas deixadas de fora", lambda: datasets.left_out_csv(workspace, info.id), "linhas_de_fora.csv", tag)
    if info.rows > SHEET_ROWS:
        st.markdown(f":small[:gray[Uma planilha do Excel tem no máximo 1.048.576 linhas: o XLSX vem dividido em abas de {number(SHEET_ROWS)}; o CSV vem inteiro.]]")


def templates(product: Product) -> None:
    """The workbook to fill in and the data dictionary."""
    with st.container(gap="small"):
        heading("Para preparar o arquivo", "A planilha modelo traz os campos, exemplos e listas de valores.")
        with st.container(horizontal=True):
            button("Planilha modelo", lambda: services.template(product.key), "modelo.xlsx", product.key)
            button("Dicionário em XLSX", lambda: services.dictionary(product.key, "xlsx"), "dicionario.xlsx", product.key)
            button("Dicionário em HTML", lambda: services.dictionary(product.key, "html"), "dicionario.html", product.key)
