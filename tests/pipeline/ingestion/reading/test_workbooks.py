"""Workbooks: the text that the spreadsheet shows, the sheet that is wanted, the row that it stands in."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest

from pipeline.errors import UnreadableFile
from pipeline.ingestion.reading.excel.cell_text import digit_pattern, in_digits, number_text, when_text
from pipeline.ingestion.reading.reader import read
from tests.growth import grows_with_its_size
from tests.pipeline.ingestion.files import member, replace_member, shared_text, xlsx_bytes
from tests.refusals import refused, said_of

HEADER = ["Paciente", "Data", "Status"]


def test_cells_become_the_text_that_is_shown() -> None:
    raw = read(
        xlsx_bytes(
            {
                "Agenda": [
                    HEADER,
                    [12345678901.0, dt.datetime(2026, 1, 2, 14, 30), True],
                    ["007", dt.date(2026, 1, 3), False],
                    [0.1 + 0.2, dt.time(8, 5), None],
                ]
            }
        ),
        "a.xlsx",
    )
    assert raw.table.to_pydict() == {
        "Paciente": ["12345678901", "007", "0,3"],
        "Data": ["02/01/2026 14:30", "03/01/2026", "08:05"],
        "Status": ["VERDADEIRO", "FALSO", None],
    }
    assert list(raw.row_numbers) == [2, 3, 4]
    assert (raw.format, raw.sheet, raw.sheets, raw.encoding, raw.delimiter) == (
        "xlsx",
        "Agenda",
        ("Agenda",),
        None,
        None,
    )


def test_the_first_visible_sheet_that_holds_something() -> None:
    rows = [HEADER, ["1", "2", "3"]]
    data = xlsx_bytes(
        {"Escondida": [["x"], ["y"]], "Vazia": [], "Agenda": rows, "Outra": [["k"], ["v"]]}, hidden=("Escondida",)
    )
    raw = read(data, "a.xlsx")
    assert raw.sheet == "Agenda" and raw.sheets == ("Vazia", "Agenda", "Outra")
    assert read(data, "a.xlsx", sheet="Outra").table.to_pydict() == {"k": ["v"]}
    with refused(UnreadableFile, match="aba “Vazia” de “a.xlsx” está vazia"):
        read(data, "a.xlsx", sheet="Vazia")
    with refused(UnreadableFile, match="não tem a aba “Nada”. As abas são: Vazia, Agenda, Outra"):
        read(data, "a.xlsx", sheet="Nada")
    with refused(UnreadableFile, match="está vazio"):
        read(xlsx_bytes({"Vazia": []}), "a.xlsx")
    with refused(UnreadableFile, match="nenhuma linha de dados"):
        read(xlsx_bytes({"A": [HEADER]}), "a.xlsx")


@pytest.mark.parametrize("said", ["XFD1048576:ZZZZ9", "A1:XFD1048576", "A1:A1", "A0", "Agenda!A1:C2", "x", "", None])
def test_what_a_sheet_says_of_its_own_size_is_not_believed(said: str | None) -> None:
    book = xlsx_bytes({"A": [HEADER, ["1", "2", "3"]]})
    sheet = member(book, "xl/worksheets/sheet1.xml")
    told = b"" if said is None else f' ref="{said}"'.encode()
    wrong = replace_member(book, "xl/worksheets/sheet1.xml", sheet.replace(b' ref="A1:C2"', told))
    assert wrong != book and read(wrong, "a.xlsx").table.to_pydict() == {
        "Paciente": ["1"],
        "Data": ["2"],
        "Status": ["3"],
    }


def test_a_cover_is_passed_over_and_the_other_sheets_are_named() -> None:
    rows = [HEADER, ["1", "2", "3"]]
    raw = read(xlsx_bytes({"Capa": [["Relatório"]], "Agenda": rows, "Notas": [["a"], ["b"], ["c"]]}), "a.xlsx")
    assert raw.sheet == "Agenda" and said_of(raw) == ["Foi lida a aba “Agenda”; há também “Capa” e “Notas”."]
    assert read(xlsx_bytes({"Capa": [["Relatório"], ["x"]]}), "a.xlsx").sheet == "Capa"


def test_gaps_titles_and_late_columns_keep_the_row_numbers() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = "Clínica X"
    for column, title in enumerate(HEADER, 1):
        sheet.cell(4, column, title)
        sheet.cell(5, column, f"a{column}")
        sheet.cell(9, column, f"b{column}")
    sheet["E9"] = "solto"
    sheet["A2000"] = "fim"
    out = io.BytesIO()
    book.save(out)
    raw = read(out.getvalue(), "a.xlsx")
    assert raw.table.column_names == [*HEADER, "(sem cabeçalho) (2)"]
    assert list(raw.row_numbers) == [5, 9, 2000]
    assert raw.table.column(3).to_pylist() == [None, "solto", None]
    assert "encontrado na linha 4; 1 linha acima" in said_of(raw)[0]
    assert "1.993 linhas em branco" in said_of(raw)[1]


def test_fixed_digits_keep_their_zeros() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["CPF", "CEP", "Valor"], [1234567890, 1310100, 1234.5]):
        sheet.append(row)
    sheet["A2"].number_format, sheet["B2"].number_format, sheet["C2"].number_format = "00000000000", "00000-000", "0.00"
    out = io.BytesIO()
    book.save(out)
    assert read(out.getvalue(), "a.xlsx").table.to_pylist() == [
        {"CPF": "01234567890", "CEP": "01310-100", "Valor": "1234,5"}
    ]


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        (r"000\.000\.000\-00", 1234567890, "012.345.678-90"),
        ('000"."000"."000"-"00', 1234567890, "012.345.678-90"),
        ("00000", 42, "00042"),
        ("00", 123, "123"),
        ("00000", 1.5, "1,5"),
    ],
)
def test_patterns_of_digits(code: str, value: float, shown: str) -> None:
    pattern = digit_pattern(code)
    assert pattern is not None and in_digits(value, pattern) == shown


@pytest.mark.parametrize("code", ["General", "0", "0.00", "#,##0", "dd/mm/yyyy", "00.00", '"R$ "0.00', "0%"])
def test_other_formats_are_no_patterns(code: str) -> None:
    assert digit_pattern(code) is None


def test_numbers_and_times() -> None:
    assert [number_text(v) for v in (1e20, 0.00001, -2.50, 12345678901.0, 3, 1e-7)] == [
        "100000000000000000000",
        "0,00001",
        "-2,5",
        "12345678901",
        "3",
        "0,0000001",
    ]
    assert when_text(dt.datetime(2026, 1, 2)) == "02/01/2026"
    assert when_text(dt.datetime(2026, 1, 2, 3, 4, 5)) == "02/01/2026 03:04:05"
    assert when_text(dt.timedelta(hours=30, minutes=5)) == "30:05:00"


def _many_rows(count: int) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("A")
    sheet.append([f"c{i}" for i in range(5)])
    for i in range(count):
        sheet.append([i, "Realizado", "02/01/2026", dt.date(2026, 1, 2), "São Paulo"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.slow  # by the clock
def test_many_rows_take_as_long_as_there_are_of_them() -> None:
    books = {count: _many_rows(count) for count in (1_000, 4_000)}
    raw = read(books[4_000], "a.xlsx")
    assert raw.table.num_rows == 4_000 and raw.table["c0"][3_999].as_py() == "3999"
    assert grows_with_its_size(lambda count: read(books[count], "a.xlsx"), 1_000)


def test_texts_shared_by_cells_are_read() -> None:
    """Excel writes every text once, in a table of its own; openpyxl writes them in the cells."""
    assert read(shared_text("Realizado", 3), "a.xlsx").table.to_pydict() == {"Realizado": ["Realizado", "Realizado"]}
