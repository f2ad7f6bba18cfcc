"""The call list as a workbook: dates and hours that are such, text that is never run, room for the outcome, A4."""

import datetime as dt
import io

import numpy as np
import openpyxl
import pandas as pd

from pipeline.presentation.frames import call_list, call_list_files
from pipeline.presentation.frames.call_list_files import ListLines
from pipeline.presentation.html.call_list import print_table
from pipeline.presentation.spreadsheets.call_list import call_list_xlsx
from pipeline.products.no_show import PRODUCT

AS_OF = dt.date(2026, 11, 23)
LINES = pd.DataFrame(
    {
        "row": [7, 3, 9],
        "risk": [0.61, 0.4, 0.2],
        "tier": ["very_high", "high", "low"],
        "scheduled_date": pd.to_datetime(["2026-11-24", "2026-11-25", "2026-11-24"]),
        "scheduled_date_hour": [7.5, np.nan, 14.0],
        "patient_id": ["a" * 64, "a" * 64, "b" * 64],
        "procedure": ['=HYPERLINK("http://x")', "Consulta", "<b>Raio X</b>"],
        "unit": ["Sul", "Norte", "Sul"],
        "observation": ["", "", ""],
        "state": ["event", "excluded", "non_event"],
        "status": ["No Show", "Cancelado", "Realizado"],
        **{
            f"reason_{n}": ["10 faltas nos últimos 10 agendamentos", "", ""] if n == 1 else [""] * 3
            for n in range(1, 6)
        },
        **{f"reason_{n}_points": [0.384, np.nan, np.nan] if n == 1 else [np.nan] * 3 for n in range(1, 6)},
        **{f"reason_{n}_factor": ["history", "", ""] for n in range(1, 6)},
    }
)


def _found(looks_back: bool = False) -> ListLines:
    return ListLines(LINES, np.array([0, 0, 1]), LINES, PRODUCT, AS_OF, looks_back=looks_back)


def _sheet(frame: pd.DataFrame):  # type: ignore[no-untyped-def]
    made = call_list_xlsx(frame, "Lista de contato", call_list_files.CONTACT, call_list_files.OUTCOMES)
    return openpyxl.load_workbook(io.BytesIO(made)).worksheets[0]


def test_the_workbook_is_to_work_with() -> None:
    sheet = _sheet(call_list_files.sheet(_found()))
    head = {cell.value: cell.column for cell in sheet[1]}
    assert list(head)[:5] == ["Risco", "Faixa", "Data", "Hora", "Paciente"] and sheet.max_row == 3  # one line a patient
    assert (
        sheet.cell(2, head["Data"]).value == dt.datetime(2026, 11, 24)
        and sheet.cell(2, head["Data"]).number_format == "dd/mm/yyyy"
    )
    assert sheet.cell(2, head["Hora"]).value == dt.time(7, 30) and sheet.cell(2, head["Hora"]).is_date
    assert sheet.cell(2, head["Motivo 1"]).value == "+38 · 10 faltas nos últimos 10 agendamentos"
    assert sheet.cell(2, head["Nome do procedimento"]).data_type == "s"
    assert sheet.cell(2, head["Outros agendamentos"]).value == "25/11/2026 · Consulta · Norte (40%)"
    assert not any(sheet.cell(row, head[call_list_files.CONTACT]).value for row in (2, 3))
    (rule,) = sheet.data_validations.dataValidation
    assert all(word in rule.formula1 for word in call_list_files.OUTCOMES) and str(rule.sqref).endswith("3")
    assert (
        sheet.page_setup.orientation,
        sheet.page_setup.paperSize,
        sheet.page_setup.fitToWidth,
        sheet.page_setup.fitToHeight,
    ) == ("landscape", 9, 1, 0)
    assert sheet.print_title_rows == "$1:$1" and sheet.sheet_properties.pageSetUpPr.fitToPage


def test_the_clinic_s_own_columns_stand_after_the_name() -> None:
    own = pd.DataFrame({"Prontuário": ["00012", "00012", "00031"], "Telefone": ["(27) 3333-4444"] * 3}, index=[7, 3, 9])
    frame = call_list_files.sheet(_found(), own)
    assert list(frame.columns)[4:7] == ["Paciente", "Prontuário", "Telefone"] and frame["Prontuário"].tolist() == [
        "00012",
        "00031",
    ]
    plain = call_list_files.plain(_found(), own)
    assert list(plain.columns)[:2] == ["Prontuário", "Telefone"] and plain["pontos_1"].iloc[0] == 38
    assert plain["motivo_1"].iloc[0] == "10 faltas nos últimos 10 agendamentos"


def test_a_list_that_looks_back_says_what_came_in_place_of_room_for_it() -> None:
    frame = call_list_files.sheet(_found(looks_back=True))
    assert frame[call_list.CAME].tolist() == ["falta", "presença"] and call_list_files.CONTACT not in frame
    found = call_list.bookings(LINES.iloc[:2], np.array([False, True]), PRODUCT, AS_OF, looks_back=True)
    assert found.index.tolist() == [3, 7] and found[call_list.CAME].tolist() == ["cancelado", "falta"]


def test_the_table_for_paper_escapes() -> None:
    page = print_table(call_list.screen(LINES, np.array([0, 0, 1]), LINES, PRODUCT, AS_OF))
    assert "&lt;b&gt;Raio X" in page and "<b>" not in page and "61%" in page and "Contato</th>" in page


def test_late_odds_and_values_stand_beside_the_risk_where_they_are_known() -> None:
    lines = LINES.assign(late_chance=[0.084, 0.1, 0.02], slot_value=[250.0, np.nan, np.nan])
    found = ListLines(lines, np.array([0, 0, 1]), lines, PRODUCT, AS_OF)
    shown = call_list.screen(lines, found.place, lines, PRODUCT, AS_OF)
    assert shown[call_list.LATE].tolist() == ["8%", "2%"] and shown[call_list.VALUE].tolist() == ["250,00", ""]
    assert shown["Risco"].tolist() == [0.61, 0.2]
    sheet = _sheet(call_list_files.sheet(found))
    head = {cell.value: cell.column for cell in sheet[1]}
    late, value = sheet.cell(2, head[call_list.LATE]), sheet.cell(2, head[call_list.VALUE])
    assert (late.value, late.number_format) == (0.084, "0%") and (value.value, value.number_format) == (250, "#,##0.00")
    plain = call_list_files.plain(found)
    assert plain["chance_desmarcar_tarde"].tolist() == [0.084, 0.02] and plain["valor"].iloc[0] == 250
    without = call_list_files.plain(_found())
    assert not {"chance_desmarcar_tarde", "valor"} & set(without.columns)
    assert call_list.LATE not in call_list.screen(LINES, found.place, LINES, PRODUCT, AS_OF)


def test_a_list_of_nobody_is_a_sheet_with_its_header() -> None:
    columns = ["Risco", call_list_files.CONTACT]
    assert [cell.value for cell in _sheet(pd.DataFrame(columns=columns))[1]] == columns
