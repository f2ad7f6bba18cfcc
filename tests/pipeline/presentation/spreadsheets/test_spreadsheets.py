"""Workbooks, CSV and JSON: what is text stays text, what is a number stays a number."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from pipeline.presentation import spreadsheets
from pipeline.presentation.spreadsheets import cells
from tests.pipeline.presentation import examples as ex
from tests.pipeline.presentation.golden import same_as_golden

TABLE = pa.table(
    {
        "nome": pa.array(["=1+1", "+5", "-3", "@x", "\tx", "'x", 'Centro; "A"', None]),
        "risco": pa.array([0.1234, 1e-7, 0.5, float("nan"), 1.0, 0.0, 0.25, None], pa.float64()),
        "curto": pa.array(np.array([0.1, 2, 3, 4, 5, 6, 7, 8], dtype="float32")),
        "n": pa.array([1204, 0, -5, None, 1, 2, 3, 4], pa.int64()),
        "dia": pa.array([dt.date(1985, 10, 22)] * 7 + [None]),
        "hora": pa.array([dt.datetime(2025, 1, 2, 14, 30), dt.datetime(2025, 1, 2)] * 4),
        "sim": pa.array([True, False, None, True] * 2),
        "grupo": pa.array(["a", "b"] * 4).dictionary_encode(),
    }
)


def read_csv(path: Path) -> list[list[str]]:
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), delimiter=";"))


@given(st.text())
def test_the_guard_can_be_taken_off(text: str) -> None:
    guarded = cells.guard(text)
    assert cells.unguard(guarded) == text
    assert guarded[:1] not in tuple("=+-@\t\r")


def test_csv_opens_in_brazilian_excel(tmp_path: Path) -> None:
    spreadsheets.table_csv(TABLE, tmp_path / "t.csv", decimals={"risco": 3})
    lines = read_csv(tmp_path / "t.csv")
    assert lines[1] == ["'=1+1", "0,123", "0,1", "1204", "22/10/1985", "02/01/2025 14:30", "sim", "a"]
    assert [line[0] for line in lines[2:8]] == ["'+5", "'-3", "'@x", "'\tx", "''x", 'Centro; "A"']
    assert lines[3][3] == "-5", "a number is no formula"
    assert lines[4][1] == "" and lines[8][0] == "" and lines[2][5] == "02/01/2025"
    assert b"\r\n" in (tmp_path / "t.csv").read_bytes()


def test_csv_writes_small_numbers_without_exponent(tmp_path: Path) -> None:
    spreadsheets.table_csv(pa.table({"x": [1e-7]}), tmp_path / "t.csv")
    assert b"0,0000001" in (tmp_path / "t.csv").read_bytes()


def test_csv_writes_texts_of_any_arrow_kind_alike(tmp_path: Path) -> None:
    told = ["=1", None, "a;b", "=1", "", "a;b"]
    kinds = {str(kind): pa.array(told, kind) for kind in (pa.string(), pa.large_string(), pa.string_view())}
    spreadsheets.table_csv(pa.table(kinds | {"n": list(range(6))}), tmp_path / "t.csv")
    lines = [line[:3] for line in read_csv(tmp_path / "t.csv")[1:]]
    assert lines == [[cell] * 3 for cell in ("'=1", "", "a;b", "'=1", "", "a;b")]


@given(st.lists(st.text(), min_size=1, max_size=8))
def test_csv_gives_back_every_text(tmp_path: Path, texts: list[str]) -> None:
    clean = [t.encode("utf-8", "replace").decode() for t in texts]
    spreadsheets.table_csv(pa.table({"t": clean, "k": ["x"] * len(clean)}), tmp_path / "t.csv")
    assert [cells.unguard(line[0]) for line in read_csv(tmp_path / "t.csv")[1:]] == clean


@given(
    st.lists(
        st.one_of(st.text(), st.sampled_from(["=1+1", "#N/A", "#DIV/0!", "TRUE", "'", "{=A1}", "-2+3"])),
        min_size=1,
        max_size=8,
    )
)
def test_xlsx_gives_back_every_text_and_no_formula(tmp_path: Path, texts: list[str]) -> None:
    clean = [t.encode("utf-8", "replace").decode() for t in texts]
    spreadsheets.table_xlsx(pa.table({"t": clean}), tmp_path / "t.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx").active
    assert sheet is not None
    read = [sheet.cell(i + 2, 1) for i in range(len(clean))]
    assert [c.value or "" for c in read] == [cells.excel_text(t) for t in clean]
    assert not any(c.data_type in "fe" for c in read)


def test_xlsx_keeps_types(tmp_path: Path) -> None:
    spreadsheets.table_xlsx(TABLE, tmp_path / "t.xlsx", "Lista de contato")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["Lista de contato"]
    row = {h.value: c for h, c in zip(sheet[1], sheet[2], strict=True)}
    assert row["nome"].value == "=1+1" and row["nome"].data_type in ("s", "inlineStr")
    assert row["risco"].value == 0.1234 and row["risco"].number_format == "0.0%"
    assert row["curto"].value == 0.1
    assert row["n"].value == 1204 and row["n"].data_type == "n"
    assert row["dia"].value == dt.datetime(1985, 10, 22) and row["dia"].number_format == "dd/mm/yyyy"
    assert row["hora"].value == dt.datetime(2025, 1, 2, 14, 30)
    assert row["sim"].value == "sim" and row["grupo"].value == "a"
    assert sheet.cell(5, 2).value is None and sheet.cell(9, 1).value is None
    assert [sheet.cell(i, 1).value for i in (2, 3, 4)] == ["=1+1", "+5", "-3"], "each row has its own text"


def test_more_rows_than_a_sheet_holds_go_to_further_sheets(tmp_path: Path) -> None:
    spreadsheets.table_xlsx(pa.table({"n": list(range(25))}), tmp_path / "t.xlsx", "Linhas", sheet_rows=10)
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert book.sheetnames == ["Linhas", "Linhas (2)", "Linhas (3)"]
    assert book["Linhas (3)"]["A1"].value == "n" and book["Linhas (3)"].max_row == 6
    assert book["Linhas (3)"]["A6"].value == 24


def test_an_empty_table_is_a_header(tmp_path: Path) -> None:
    empty = pa.table({"a": pa.array([], pa.string())})
    spreadsheets.table_xlsx(empty, tmp_path / "t.xlsx", "[a]:b" * 20)
    assert openpyxl.load_workbook(tmp_path / "t.xlsx").active["A1"].value == "a"  # type: ignore[index]
    spreadsheets.table_csv(empty, tmp_path / "t.csv")
    assert read_csv(tmp_path / "t.csv") == [["a"]]


def test_parquet_keeps_plain_numbers(tmp_path: Path) -> None:
    spreadsheets.table_parquet(TABLE, tmp_path / "t.parquet")
    read = pq.read_table(tmp_path / "t.parquet")
    assert read["risco"].to_pylist()[0] == 0.1234 and read["nome"].to_pylist()[0] == "=1+1"
    assert pa.types.is_date(read.schema.field("dia").type)


def test_pandas_frames_are_tables_too() -> None:
    frame = pd.DataFrame({"x": pd.Categorical(["=a", None]), "d": pd.to_datetime(["2025-01-02", None])})
    assert spreadsheets.csv_bytes(frame).decode("utf-8-sig") == "x;d\r\n'=a;02/01/2025\r\n;\r\n"


def test_names_of_columns_are_free() -> None:
    table = pa.table({"Risco": [1], "risco (2)": [1]})
    assert spreadsheets.free_name(table, "risco") == "risco (3)"
    assert spreadsheets.free_name(table, "faixa") == "faixa"


def dump(data: bytes) -> str:
    """A workbook as text: every cell with its type and format."""
    lines = []
    for sheet in openpyxl.load_workbook(io.BytesIO(data)):
        lines.append(f"# {sheet.title}")
        for row in sheet.iter_rows():
            lines += [
                f"{c.coordinate}\t{c.data_type}\t{c.number_format}\t{c.value!r}" for c in row if c.value is not None
            ]
        lines += [f"lista\t{v.sqref}\t{v.formula1}" for v in sheet.data_validations.dataValidation]
    return "\n".join(lines) + "\n"


def test_validation_workbook() -> None:
    shown = dump(spreadsheets.validation_xlsx(ex.REPORT, ex.PRODUCT))
    assert "\tf\t" not in shown and "\te\t" not in shown
    same_as_golden("validation_xlsx.txt", shown)


def test_template_workbook() -> None:
    data = spreadsheets.template_xlsx(ex.PRODUCT)
    same_as_golden("template_xlsx.txt", dump(data))
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert sheet.column_dimensions["A"].number_format == "@"
    assert sheet["A2"].value == "00123", "leading zeros stay"
    assert sheet["B3"].value == dt.datetime(2025, 1, 2, 14, 30)


def test_dictionary() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(spreadsheets.dictionary_xlsx(ex.PRODUCT))).worksheets[0]
    assert sheet.max_row == len(ex.PRODUCT.fields) + 1
    assert (
        sheet.page_setup.orientation == "landscape"
        and str(sheet.page_setup.paperSize) == "9"
        and sheet.sheet_properties.pageSetUpPr.fitToPage
    )
    assert sheet["C2"].alignment.wrap_text and sheet.column_dimensions["C"].width > 40 and sheet.print_title_rows


def test_report_json_has_what_scripts_ask_for() -> None:
    text = spreadsheets.report_json(ex.REPORT, ex.PRODUCT)
    plain = json.loads(text)
    assert list(plain)[:6] == ["rows_read", "rows_usable", "rows_left_out", "usable_for", "fields", "issues"]
    assert {"field", "header", "confidence", "filled", "distinct"} <= set(plain["fields"][0])
    assert plain["fields"][3]["header"] is None
    assert {"rule", "severity", "field", "rows", "examples", "message"} <= set(plain["issues"][0])
    same_as_golden("report.json", text)


def test_metrics_json_has_what_scripts_ask_for() -> None:
    text = spreadsheets.metrics_json(ex.CARD)
    plain = json.loads(text)
    for name in ("test", "test_ahead"):
        block = plain[name]
        assert block["period"] == ["2025-11-01", "2025-12-30"] and block["rows"] == 9321 and block["events"] == 1812
        for metric in ("auc", "average_precision", "brier", "ece", "reach_top_10"):
            assert set(block[metric]) == {"value", "low", "high"}
            for reference in ("lead_time", "logistic_regression"):
                assert set(block["references"][reference][metric]) == {"value", "low", "high"}
                assert plain["references"][reference][name][metric] == block["references"][reference][metric]
        assert block["differences"]["lead_time"]["auc"]["low"] > 0
    same_as_golden("metrics.json", text)


def test_json_has_no_nan() -> None:
    import dataclasses

    from pipeline.records import Interval

    card = dataclasses.replace(ex.CARD, test_ahead=None)
    test = dataclasses.replace(card.test, model=dataclasses.replace(card.test.model, ece=Interval(float("nan"))))
    plain = json.loads(spreadsheets.metrics_json(dataclasses.replace(card, test=test)), parse_constant=lambda c: 1 / 0)
    assert plain["test"]["ece"]["value"] is None and plain["test_ahead"] is None
    assert plain["references"]["lead_time"]["test_ahead"] is None


def test_downloads_have_at_most_four_decimals_and_files_for_programs_all(tmp_path: Path) -> None:
    frame = pd.DataFrame({"risco": [0.123456789, 0.5], "n": [3, 4]})
    assert spreadsheets.csv_bytes(frame).decode("utf-8-sig").splitlines() == ["risco;n", "0,1235;3", "0,5;4"]
    sheet = openpyxl.load_workbook(io.BytesIO(spreadsheets.xlsx_bytes(frame))).worksheets[0]
    assert [cell.value for cell in sheet["A"]] == ["risco", 0.1235, 0.5]
    spreadsheets.table_csv(frame, tmp_path / "score.csv")
    assert "0,123456789" in (tmp_path / "score.csv").read_text("utf-8-sig")
