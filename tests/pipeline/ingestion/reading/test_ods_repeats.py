"""Rows and cells that an .ods says once and repeats: empty ones cost little, filled ones are counted."""

from __future__ import annotations

import pytest

from pipeline.errors import UnreadableFile
from pipeline.ingestion.reading.limits import LIMITS, Limits
from pipeline.ingestion.reading.reader import read
from tests.pipeline.ingestion.files import zip_bytes
from tests.refusals import refused

_NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
)


def _cell(text: str, times: int = 1) -> str:
    kind = f'table:number-columns-repeated="{times}" office:value-type="string"'
    return f"<table:table-cell {kind}><text:p>{text}</text:p></table:table-cell>"


def _row(cells: str, times: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{times}">{cells}</table:table-row>'


_EMPTY = '<table:table-cell table:number-columns-repeated="16384"/>'
_TABLE = _row(_cell("Paciente") + _cell("Data")) + _row(_cell("1") + _cell("02/01/2026"))


def _ods(rows: str) -> bytes:
    body = f'<office:body><office:spreadsheet><table:table table:name="A">{rows}</table:table></office:spreadsheet>'
    content = f"<office:document-content {_NAMES}>{body}</office:body></office:document-content>"
    return zip_bytes(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": b"<x/>",
            "content.xml": content.encode(),
        }
    )


def test_a_million_empty_rows_at_the_end_are_no_rows() -> None:
    assert read(_ods(_TABLE + _row(_EMPTY, 1_000_000)), "a.ods").table.num_rows == 1


def test_filled_rows_count_as_often_as_they_are_repeated() -> None:
    group = f"<table:table-row-group>{_row(_cell('x', 2), 20)}</table:table-row-group>"
    assert read(_ods(_TABLE + group * 2), "a.ods").table.num_rows == 41
    with refused(UnreadableFile, match="tem mais de 30 linhas"):
        read(_ods(_TABLE + group * 2 + _row(_cell("x"), 400)), "a.ods", limits=Limits(max_rows=30))


@pytest.mark.parametrize("times", [LIMITS.max_columns + 1, 10**9])
def test_filled_cells_of_a_row_count_as_often_as_they_are_repeated(times: int) -> None:
    with refused(UnreadableFile, match="colunas"):
        read(_ods(_TABLE + _row(_cell("x", times))), "a.ods")
