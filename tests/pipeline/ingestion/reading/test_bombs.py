"""Files that unpack to far more than they weigh, or hold one thing too often: each rule stops them with a sentence."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from pipeline.errors import UnreadableFile
from pipeline.ingestion.reading.limits import Limits
from pipeline.ingestion.reading.reader import read
from pipeline.ingestion.reading.text.markup import Page
from tests.benchmarks.bombs import bombs
from tests.growth import grows_with_its_size
from tests.pipeline.ingestion.files import member, replace_member, shared_text, xlsx_bytes, zip_bytes
from tests.refusals import refused

TABLE = [["Paciente", "Data"], ["1", "02/01/2026"]]
SHEET = "xl/worksheets/sheet1.xml"
FAR = "descompacta para mais de"


def sheet_of(rows: str) -> bytes:
    """A workbook with these rows under a header of two columns."""
    book = xlsx_bytes({"A": TABLE})
    content = member(book, SHEET).decode()
    return replace_member(book, SHEET, content.replace("</sheetData>", f"{rows}</sheetData>").encode())


def lying(content: bytes, name: str, says: int) -> bytes:
    """The zip whose table gives a part another size, unpacked."""
    data = bytearray(content)
    place = data.rindex(name.encode()) - 46
    data[place + 24 : place + 28] = struct.pack("<I", says)
    return bytes(data)


@pytest.mark.parametrize("part", ["xl/styles.xml", "xl/workbook.xml", "[Content_Types].xml", "docProps/core.xml"])
def test_a_part_that_is_read_whole_is_small(part: str) -> None:
    book = xlsx_bytes({"A": TABLE})
    size = len(member(book, part))
    with refused(UnreadableFile, match=FAR):
        read(book, "a.xlsx", limits=Limits(max_part_bytes=size - 1))


def test_tags_of_the_parts_that_are_read_whole_are_counted() -> None:
    book = xlsx_bytes({"A": TABLE})
    styles = member(book, "xl/styles.xml").replace(b"<cellXfs", b"<!--" + b"<xf/>" * 1_000 + b"--><cellXfs")
    many = replace_member(book, "xl/styles.xml", styles)
    read(many, "a.xlsx")
    with refused(UnreadableFile, match="mais de 1.000 marcas de formatação"):
        read(many, "a.xlsx", limits=Limits(max_part_marks=1_000))


def test_a_part_that_is_packed_as_nobody_packs_a_sheet_is_not_opened() -> None:
    book = replace_member(xlsx_bytes({"A": TABLE}), "xl/comments1.xml", b"<comment/>" * 10_000)
    read(book, "a.xlsx")
    with refused(UnreadableFile, match=FAR):
        read(book, "a.xlsx", limits=Limits(max_part_bytes=50_000))


@pytest.mark.parametrize("part", ["content.xml", "xl/workbook.bin"])
def test_a_part_that_holds_more_than_the_table_says_is_left_while_it_unpacks(part: str) -> None:
    """What follows is damaged: who came so far would say so."""
    content = zip_bytes({"[Content_Types].xml": b"<x/>", part: b"<a/>" * 5_000_000})
    place = content.index(b"PK\x03\x04", 10)
    damaged = bytearray(content)
    damaged[place + 18_000 : place + 19_000] = b"\xff" * 1_000
    with refused(UnreadableFile, match="danificado"):
        read(bytes(damaged), "a.ods")
    with refused(UnreadableFile, match=FAR):
        read(lying(bytes(damaged), part, 100), "a.ods")


def test_a_sheet_that_holds_more_than_the_table_says_is_damaged() -> None:
    with refused(UnreadableFile, match="danificado"):
        read(lying(sheet_of("<row/>" * 1_000), SHEET, 600), "a.xlsx")


def test_rows_and_cells_that_hold_nothing_are_counted_too() -> None:
    assert read(sheet_of("<row/>" * 40), "a.xlsx", limits=Limits(max_rows=50)).table.num_rows == 1
    with refused(UnreadableFile, match="tem mais de 50 linhas"):
        read(sheet_of("<row/>" * 60), "a.xlsx", limits=Limits(max_rows=50))
    assert read(sheet_of(f"<row>{'<c/>' * 16_384}</row>"), "a.xlsx").table.num_rows == 1
    with refused(UnreadableFile, match=r"16\.385 colunas"):
        read(sheet_of(f"<row>{'<c/>' * 16_385}</row>"), "a.xlsx")


def test_distinct_texts_of_a_workbook_are_counted() -> None:
    book = shared_text("x", 3)
    texts = member(book, "xl/sharedStrings.xml").replace(b"</sst>", b"<si><t>y</t></si>" * 30 + b"</sst>")
    book = replace_member(book, "xl/sharedStrings.xml", texts)
    read(book, "a.xlsx", limits=Limits(max_shared_texts=31))
    with refused(UnreadableFile, match="30 textos diferentes"):
        read(book, "a.xlsx", limits=Limits(max_shared_texts=30))


def test_tags_within_tags_end_somewhere() -> None:
    with refused(UnreadableFile, match="danificado"):
        read(sheet_of("<row><c>" + "<x>" * 200 + "</x>" * 200 + "</c></row>"), "a.xlsx")


def test_blank_lines_of_a_text_are_counted_too() -> None:
    text = b"Paciente;Data\n1;02/01/2026\n" + b"\n" * 100 + b"2;02/01/2026\n"
    assert read(text, "a.csv", limits=Limits(max_lines=110)).table.num_rows == 2
    with refused(UnreadableFile, match="tem mais de 90 linhas"):
        read(text, "a.csv", limits=Limits(max_lines=90))


def test_a_page_has_a_size_of_its_own() -> None:
    page = b"<html><table>" + b"<tr><td>Paciente<td>Data</tr>" * 20 + b"</table>"
    assert read(page, "a.xls", limits=Limits(max_html_bytes=len(page))).table.num_rows == 19
    with refused(UnreadableFile, match="página HTML de mais de"):
        read(page, "a.xls", limits=Limits(max_html_bytes=len(page) - 1))


@pytest.mark.parametrize("unit", ["<", "<?a?>", "<!a", "<?", "<!", "<!-->", "a<", "<table>"])
def test_a_page_of_one_sign_costs_its_length(unit: str) -> None:
    assert grows_with_its_size(lambda size: sum(1 for _ in Page(unit * size).marks()), 20_000)


def test_every_bomb_of_the_bench_can_be_written_and_is_answered(tmp_path: Path) -> None:
    for name, write in bombs(60_000).items():
        if not name.endswith(("lido", "lidos")) and name not in ("ODS de linhas repetidas", "HTML de tabelas"):
            path = tmp_path / "bomba.bin"
            write(path)
            limits = Limits(max_part_bytes=10_000, max_rows=100, max_html_bytes=1_000, max_lines=1_000)
            with refused(UnreadableFile):
                read(path, limits=limits)
