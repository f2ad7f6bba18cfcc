"""Rows and cells that an .ods says once and repeats: empty ones cost little, filled ones are counted."""

from __future__ import annotations

import pytest

from pipeline import sandbox
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


@pytest.mark.parametrize("gap", [(10**9,), (600_000, 600_000)])
def test_a_row_after_more_empty_ones_than_a_sheet_has_is_never_lost_in_silence(gap: tuple[int, ...]) -> None:
    rows = "".join(_row(_EMPTY, times) + _row(_cell("x") + _cell("y")) for times in gap)
    with refused(UnreadableFile, match="tem mais de 1.048.576 linhas"):
        read(_ods(_TABLE + rows), "a.ods")


def test_a_row_after_a_gap_that_a_sheet_can_have_is_read_under_its_number() -> None:
    found = read(_ods(_TABLE + _row(_EMPTY, 50_000) + _row(_cell("x") + _cell("y"))), "a.ods")
    assert found.table.num_rows == 2 and int(found.rows[-1]) == 50_003


def test_a_cell_further_right_than_a_sheet_goes_is_never_lost_in_silence() -> None:
    gap = '<table:table-cell table:number-columns-repeated="17000"/>'
    with refused(UnreadableFile, match="colunas"):
        read(_ods(_TABLE + _row(_cell("x") + gap + _cell("y"))), "a.ods")


def test_filled_cells_that_are_repeats_are_counted_over_rows_and_sheets() -> None:
    """Those that are written out are not: they weigh what they cost."""
    end = '</table:table><table:table table:name="B">'
    written = "".join(_row(_cell("x") + _cell(str(n))) for n in range(40))
    twice = _TABLE + written + _row(_cell("x", 2), 10)
    assert read(_ods(twice), "a.ods", limits=Limits(max_repeated_cells=19)).table.num_rows == 51
    with refused(UnreadableFile, match="repete mais de 18 células"):
        read(_ods(twice), "a.ods", limits=Limits(max_repeated_cells=18))
    with refused(UnreadableFile, match="repete mais de 30 células"):
        read(_ods(twice + end + twice), "a.ods", limits=Limits(max_repeated_cells=30))


def test_a_million_rows_of_ten_filled_cells_are_refused_before_they_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "call", lambda *_a, **_k: pytest.fail("was given to calamine"))
    with refused(UnreadableFile, match="repete mais de"):
        read(_ods(_TABLE + _row(_cell("x", 10), 1_000_000)), "a.ods")


@pytest.mark.parametrize("rows", [_row(_cell("x"), 0), _row(_cell("x", 0)), "<table:table-row>", "&all;"])
def test_what_makes_no_sense_is_damaged(rows: str) -> None:
    with refused(UnreadableFile, match="danificado"):
        read(_ods(_TABLE + rows), "a.ods")
