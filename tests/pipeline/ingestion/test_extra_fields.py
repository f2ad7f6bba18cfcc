"""Fields that nobody asks for: read where a file has them, and without a trace where it has not."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pytest

from pipeline.contract import ContractError, Product
from pipeline.ingestion.dataset import Dataset, concat_rows
from pipeline.ingestion.event_id import event_ids
from pipeline.ingestion.intake import ingest
from pipeline.presentation.html.dictionary import dictionary_html
from pipeline.presentation.sentences import report_words
from pipeline.presentation.spreadsheets.template import template_xlsx
from pipeline.products.satisfaction import PRODUCT
from tests.pipeline.ingestion.tables import TODAY, raw_table

ROWS = 12
PLAIN = {
    "Data do evento": [f"{day:02d}/03/2025" for day in range(1, ROWS + 1)],
    "Nível de atendimento": ["Consulta", "Exame"] * 6,
    "Classificação": ["5", "1", "3"] * 4,
    "Texto": [f"Fui a visita numero {i}" for i in range(ROWS)],
}
WHERE = {"Unidade": ["Norte", "Sul"] * 6, "Setor": ["Triagem"] * ROWS, "Médico": ["Dra. Ana Sá", ""] * 6}


def read(columns: dict[str, list[str]], product: Product = PRODUCT) -> Dataset:
    return ingest(raw_table(columns), product, today=TODAY)


def test_they_are_columns_of_the_rows_only_where_the_file_has_them() -> None:
    with_, without = read(PLAIN | WHERE).rows, read(PLAIN).rows
    assert with_["unit"].tolist() == WHERE["Unidade"] and with_["sector"].nunique() == 1
    assert with_["professional"].notna().sum() == 6 and "health_plan" not in with_
    assert not {f.key for f in PRODUCT.extras} & set(without)


def test_they_are_no_part_of_what_an_event_is() -> None:
    assert (event_ids(read(PLAIN | WHERE).rows, PRODUCT) == event_ids(read(PLAIN).rows, PRODUCT)).all()


def test_a_report_misses_none_and_counts_none() -> None:
    with_, without = read(PLAIN | WHERE).report, read(PLAIN).report
    extra = {f.key for f in PRODUCT.extras}
    for report in (with_, without):
        assert report.quality is not None
        assert not extra & ({item.field for item in report.missing} | {part.field for part in report.quality.parts})
        assert report_words.fields_with_data(report, PRODUCT).startswith("4 de 8\u00a0campos")
    assert with_.quality == without.quality and with_.issues == without.issues
    assert {item.field for item in with_.fields} - {item.field for item in without.fields} == {
        "unit",
        "sector",
        "professional",
    }


def test_no_report_quotes_who_attended() -> None:
    report = read(PLAIN | WHERE).report
    assert "Ana" not in repr(report) and "Norte" in repr(report)


def test_files_with_and_without_them_lie_together() -> None:
    parts = [read(PLAIN).rows, read(PLAIN | WHERE).rows]
    for both in (concat_rows(parts), concat_rows(parts[::-1])):
        assert both["unit"].notna().sum() == ROWS and set(both["unit"].dropna()) == {"Norte", "Sul"}


def test_the_blank_template_has_none_and_the_dictionary_says_what_they_are() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_xlsx(PRODUCT)))
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "Comentário" in cells and "Especialidade" not in cells
    page = dictionary_html(PRODUCT)
    assert "8 campos" in page.replace("\u00a0", " ") and page.count("não se pede; usado se vier") == 2 * len(
        PRODUCT.extras
    )


def test_a_declaration_that_asks_for_one_is_refused() -> None:
    with pytest.raises(ContractError, match="never asked for"):
        replace(PRODUCT.field("unit"), required=True)
    with pytest.raises(ContractError, match="never asked for"):
        replace(PRODUCT.field("unit"), if_missing="Falta.")
    spec = replace(PRODUCT.feature("care_level"), key="unit", fields=("unit",))
    with pytest.raises(ContractError, match="lean"):
        replace(PRODUCT, features=(*PRODUCT.features, spec))
