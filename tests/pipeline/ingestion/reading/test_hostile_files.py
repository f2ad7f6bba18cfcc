"""What is no table, is damaged or is too much: one Portuguese sentence each, soon and in little memory."""

from __future__ import annotations

import gzip
import io
import os
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from pipeline.errors import UnreadableFile
from pipeline.ingestion.mapping.propose import propose
from pipeline.ingestion.reading.limits import LIMITS, Limits
from pipeline.ingestion.reading.reader import read
from pipeline.presentation.locale import messages
from pipeline.products.no_show import PRODUCT
from tests.growth import grows_with_its_size
from tests.pipeline.ingestion.files import (
    csv_bytes,
    one_cell_far_away,
    replace_member,
    shared_text,
    xlsx_bytes,
    zip_bytes,
)
from tests.refusals import told

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500
TABLE = [["Paciente", "Data"], ["1", "02/01/2026"]]
PNG = b"\x89PNG\r\n\x1a\n" + os.urandom(3000)


def refused(data: bytes | Path, name: str = "agenda.csv", **options: object) -> str:
    """The sentence of the refusal; it must name the file and end like a sentence."""
    with pytest.raises(UnreadableFile) as caught:
        read(data, name, **options)  # type: ignore[arg-type]
    sentence = told(caught.value)
    assert name in sentence and sentence.endswith(".") and messages.hint(caught.value)
    return sentence


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "está vazio"),
        (b" \r\n\t\r\n ", "está vazio"),
        ("\ufeff \n".encode(), "está vazio"),
        ("\ufeff\n\n".encode("utf-16-le"), "está vazio"),
        (b";;;\n;;\n", "nenhuma linha de dados"),
        (PNG, "é uma imagem PNG"),
        (b"\xff\xd8\xff\xe0" + os.urandom(999), "é uma imagem JPEG"),
        (b"%PDF-1.7\n%\xe2\xe3", "é um PDF"),
        (os.urandom(5000).replace(b"\x1f\x8b", b"ab") + b"\0\1\2", "binário"),
        (b"\0" * 5000, "binário"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "protegido por senha"),
        (OLE + "Workbook".encode("utf-16-le"), "danificado, ou não é uma planilha"),
        (b"<html><table><tr><td>a</td></tr></table></html>", "página HTML"),
        (b"\xef\xbb\xbf  <!DOCTYPE html><html>", "página HTML"),
        (b'<?xml version="1.0"?><Workbook/>', "página HTML ou XML"),
        (zip_bytes({"foto.png": PNG}), "é um arquivo ZIP"),
        (zip_bytes({"content.xml": b"<x/>"}), "danificado"),
        (zip_bytes({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}), "documento do Word"),
        (zip_bytes({"[Content_Types].xml": b"<x/>", "xl/workbook.bin": b"x"}), "danificado"),
        (b"PK\x03\x04" + os.urandom(400), "danificado"),
        (b"Paciente;Data\r\n", "nenhuma linha de dados"),
        (b"Paciente;Data", "nenhuma linha de dados"),
    ],
)
def test_what_is_no_table(data: bytes, words: str) -> None:
    assert words in refused(data)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "não existe" in refused(tmp_path / "agenda.csv")
    assert "é uma pasta" in refused(tmp_path, tmp_path.name)


def test_damaged_workbooks() -> None:
    book = xlsx_bytes({"A": TABLE})
    for data in (
        book[: len(book) // 2],
        book[:-30],
        replace_member(book, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>"),
        replace_member(book, "xl/workbook.xml", b"nada"),
        replace_member(book, "[Content_Types].xml", b"<a/>"),
    ):
        assert "danificado" in refused(data, "agenda.xlsx")
    flipped = bytearray(book)
    place = book.index(b"xl/worksheets/sheet1.xml") + 60
    flipped[place : place + 20] = b"\0" * 20
    assert "danificado" in refused(bytes(flipped), "agenda.xlsx")


def test_entities_in_a_workbook_are_not_expanded() -> None:
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        b'<c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
    )
    assert "danificado" in refused(
        replace_member(xlsx_bytes({"A": TABLE}), "xl/worksheets/sheet1.xml", bomb), "agenda.xlsx"
    )


def test_one_cell_at_the_far_corner_costs_nothing() -> None:
    tracemalloc.start()
    sentence = refused(one_cell_far_away(), "agenda.xlsx")
    assert "16.384 colunas" in sentence and "limite é 500" in sentence
    assert tracemalloc.get_traced_memory()[1] < 50e6
    tracemalloc.stop()


def test_a_workbook_that_unpacks_to_too_much() -> None:
    book = xlsx_bytes({"A": TABLE})
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        unpacked = sum(m.file_size for m in archive.infolist())
    sentence = refused(book, "agenda.xlsx", limits=Limits(max_unpacked_bytes=unpacked - 1))
    assert "descompacta para mais de" in sentence
    read(book, "agenda.xlsx", limits=Limits(max_unpacked_bytes=unpacked))


def test_one_long_text_shared_by_many_cells_is_counted_each_time() -> None:
    book = shared_text("x" * 30_000, 400)
    assert "de texto, o limite" in refused(book, "agenda.xlsx", limits=Limits(max_unpacked_bytes=5_000_000))


def test_a_gz_that_unpacks_to_too_much_is_not_unpacked_to_its_end() -> None:
    """Its end is damaged: who had come so far would say so."""
    packed = gzip.compress(b"a;b;c\n" * 5_000_000, compresslevel=1)[:-8] + bytes(8)
    assert "danificado" in refused(packed, "agenda.csv.gz", limits=Limits(max_unpacked_bytes=40_000_000))
    assert "mais de 6 MB" in refused(packed, "agenda.csv.gz", limits=Limits(max_unpacked_bytes=6_000_000))
    assert LIMITS.max_unpacked_bytes == 600_000_000


def test_damaged_gz() -> None:
    packed = gzip.compress(csv_bytes([*TABLE, *[["2", "03/01/2026"]] * 5000]))
    assert "danificado ou incompleto" in refused(packed[: len(packed) // 2], "agenda.csv.gz")
    assert "danificado ou incompleto" in refused(packed[:40] + b"\xff\xff\xff" + packed[43:], "agenda.csv.gz")
    assert "compactado duas vezes" in refused(gzip.compress(packed), "agenda.csv.gz")
    assert "está vazio" in refused(gzip.compress(b""), "agenda.csv.gz")
    assert read(packed + packed, "a.csv.gz").table.num_rows == 10_003  # two members are one file


def test_a_line_of_megabytes_and_hundreds_of_thousands_of_columns() -> None:
    long = b"a;b\n1;2\n3;" + b"x" * 2_000_000 + b"\n4;5\n"
    assert "a linha 3 tem mais de 1 MB" in refused(long)
    assert "a linha 3 tem mais de 1 MB" in refused(long.replace(b"\n", b"\r\n"))
    assert "tem mais de 1 MB" in refused(b"x" * 2_000_000)
    quoted = b'a;b\n1;"' + b"x\n" * 1_000_000 + b'"\n'
    assert refused(quoted)
    many = b";".join(b"c%d" % i for i in range(200_000))
    assert "a linha 1 tem mais de 1 MB" in refused(many + b"\n" + b";" * 199_999 + b"\n")
    assert "colunas" in refused(b";".join([b"c"] * 100_000) + b"\n" + b";" * 99_999 + b"x\n")
    assert "colunas ou mais" in refused(b";" * 999_990 + b"\n" + b";" * 999_990 + b"\n")
    assert "só de separadores" in refused(b";;\n" * 300_000 + b"1;2;3\n")
    assert "501 colunas" in refused(b";".join([b"c"] * 501) + b"\n" + b";" * 500 + b"x\n")
    assert "colunas" in refused(b"a;b\n1;2\n" + b"3;4\n" * 400 + b";" * 600 + b"x\n")


def test_a_file_over_the_size_limit_is_refused_before_it_is_read() -> None:
    assert "o limite é 20 bytes" in refused(b"a;b\n" + b"1;2\n" * 10, limits=Limits(max_file_bytes=20))


def test_quotes_that_never_close_in_a_long_file() -> None:
    data = b'a;b\n1;"x"\n2;"y\n' + b'3;"z";4\n' * 60_000
    assert "abre aspas" in refused(data)


def test_a_header_as_long_as_a_page_is_looked_at_in_no_time() -> None:
    def look(words: int) -> None:
        raw = read(b"Status;" + b"palavra " * words + b"\nRealizado;1\n", "agenda.csv")
        assert [match.field for match in propose(raw, PRODUCT)] == ["status", None]

    assert grows_with_its_size(look, 15_000)
