"""What surrounds every page: the browser's title, logo, language, the sidebar's foot, the little CSS there is."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard import address, text
from dashboard.state import Current, frame
from pipeline.presentation.escaping import escape_markdown, shorten
from pipeline.presentation.locale.numbers import date, number

STATIC = Path(__file__).resolve().parents[1] / "static"
WIDTH = 1120

# Everything that look.md allows: printing, and the uploader's English words.
CSS = """
<style>
[data-testid="stFileUploaderDropzone"] [data-testid="stBaseButton-secondary"] { font-size: 0 !important; }
[data-testid="stFileUploaderDropzone"] [data-testid="stBaseButton-secondary"] p { display: none; }
[data-testid="stFileUploaderDropzone"] [data-testid="stBaseButton-secondary"]::after { content: "Escolher arquivo"; font-size: 0.9375rem; }
[data-testid="stFileUploaderDropzoneInstructions"] { font-size: 0 !important; }
[data-testid="stFileUploaderDropzoneInstructions"] * { font-size: 0 !important; }
[data-testid="stFileUploaderDropzoneInstructions"]::after {
  content: "ou arraste para cá: CSV, TXT, CSV.GZ, XLSX, XLS ou ODS, até 300 MB; vários de uma vez, se quiser"; font-size: 0.875rem; }
.st-key-fix_upload [data-testid="stFileUploaderDropzoneInstructions"]::after, .st-key-mapping_upload [data-testid="stFileUploaderDropzoneInstructions"]::after {
  content: "ou arraste para cá" !important; }
.st-key-model_file [data-testid="stFileUploaderDropzoneInstructions"]::after { content: "ou arraste para cá: o arquivo .zip de um modelo baixado da Presença" !important; }
.print-list { display: none; }
[data-testid="stElementContainer"]:has(> [data-testid="stHtml"] > script) { display: none; }
@media (pointer: coarse) {
  [data-testid="stExpandSidebarButton"], [data-testid="stSidebarCollapseButton"] button { min-width: 44px; min-height: 44px; }
  [data-testid="stSidebarNavLink"] { min-height: 44px; }
  [data-testid="stBaseButton-elementToolbar"] { min-width: 36px; }
  [data-testid="stButtonGroup"] button, [data-testid="stPagination"] button { min-height: 40px; }
}
[data-testid="stDownloadButtonError"] { font-size: 0 !important; }
[data-testid="stDownloadButtonError"] * { font-size: 0 !important; }
[data-testid="stDownloadButtonError"]::after { content: "DOWNLOAD_FAILED"; font-size: 0.875rem; }
@media print {
  @page { size: A4 landscape; margin: 12mm; }
  [data-testid="stSidebar"], [data-testid="stHeader"], .st-key-filters, .st-key-downloads, .st-key-next_step, [data-testid="stButtonGroup"],
  [data-testid="stPagination"], [data-testid="stElementToolbar"], [data-testid="stToast"], [data-testid="stCheckbox"],
  [data-testid="stExpander"]:has([data-testid="stFileUploader"]) { display: none !important; }
  [class*="st-key-section"] { break-inside: avoid; }
  .stMain { zoom: .9; }
  .stMain:has(.st-key-section_months, .st-key-section_heat) { zoom: .82; }
  .st-key-why_pick, [data-testid="stExpander"]:has(> details:not([open])) { display: none !important; }
  .st-key-agenda_screen, .st-key-agenda_pages, .st-key-agenda_next { display: none !important; }
  .print-list { display: table; width: 100%; border-collapse: collapse; font-size: 9pt; }
  .print-list thead { display: table-header-group; }
  .print-list tr { break-inside: avoid; }
  .print-list th, .print-list td { border-bottom: .5pt solid #D5DEE0; padding: 2.5pt 5pt; line-height: 1.3; text-align: left; vertical-align: top; }
  .print-list .short { white-space: nowrap; }
  .print-list .room { min-width: 32mm; }
}
</style>
""".replace("DOWNLOAD_FAILED", text.DOWNLOAD_FAILED)
PORTUGUESE = f"<script>{(STATIC / 'portuguese.js').read_text('utf-8')}</script>"


def configure() -> None:
    """Title, icon and layout of the browser's tab."""
    st.set_page_config(
        page_title="Presença", page_icon=str(STATIC / "icon.svg"), layout="wide", initial_sidebar_state=244
    )


def dress(current: Current) -> None:
    """Logo, language, address, CSS and the sidebar's foot."""
    st.logo(str(STATIC / "logo.svg"), icon_image=str(STATIC / "icon.svg"), size="large")
    st.html(CSS)
    st.html(PORTUGUESE, unsafe_allow_javascript=True)
    st.html(address.script(frame(current)), unsafe_allow_javascript=True)
    with st.sidebar.container(gap="xxsmall"):
        st.markdown(f"**{escape_markdown(current.product.title)}**")
        for line in _foot(current):
            st.markdown(f":small[:gray[{line}]]")


def _foot(current: Current) -> list[str]:
    if current.dataset is None:
        return ["Nenhum arquivo carregado"]
    lines = [
        *([f"Série: {escape_markdown(shorten(current.series.name, 24))}"] if current.series else []),
        escape_markdown(shorten(current.dataset.name, 28)),
        f"{number(current.dataset.rows)} {current.product.words.rows}",
    ]
    trained = f"Modelo até {date(current.model.trained_until)}" if current.model else "Sem modelo ainda"
    return [*lines, trained]
