"""Large files are read as small ones are: mapped or in memory, whole or in parts, the same cells, rows and report."""

from __future__ import annotations

import datetime as dt
import decimal
import gzip
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import memory
from pipeline.errors import PresencaError, UnreadableFile
from pipeline.ingestion import cleaned_table, field_columns
from pipeline.ingestion.dataset import Dataset
from pipeline.ingestion.intake import ingest
from pipeline.ingestion.reading import apart, cells_file, several
from pipeline.ingestion.reading.limits import LIMITS, Limits, cost, within
from pipeline.ingestion.reading.raw_table import RawTable
from pipeline.ingestion.reading.reader import read
from pipeline.presentation.locale import messages
from pipeline.products.no_show import PRODUCT
from pipeline.services.data import reading
from tests.pipeline.ingestion.files import csv_bytes
from tests.pipeline.ingestion.tables import HEADERS, TODAY, sound
from tests.refusals import refused

MAPPED = replace(LIMITS, mapped_from=0)
CELLS = st.text(st.sampled_from("aZ9é '=-\"\n;,"), max_size=5)
ROW = st.lists(CELLS, min_size=2, max_size=4)


def _same(one: RawTable, other: RawTable) -> None:
    assert one.table.equals(other.table) and one.facts == other.facts
    assert list(one.row_numbers) == list(other.row_numbers) and type(one.row_numbers) is type(other.row_numbers)


def _tried(data: bytes, limits: Limits) -> RawTable | str:
    try:
        return read(data, "a.csv", limits=limits)
    except UnreadableFile as error:
        return str(error)


@settings(max_examples=40, deadline=None)
@given(st.lists(ROW, max_size=12), st.booleans())
def test_mapped_cells_are_those_of_memory(rows: list[list[str]], regular: bool) -> None:
    body = [(r + ["", ""])[:3] for r in rows] if regular else rows
    data = csv_bytes([["a", "b", ""], *body])
    small, large = _tried(data, LIMITS), _tried(data, MAPPED)
    assert (small == large) if isinstance(small, str) else isinstance(large, RawTable)
    if isinstance(small, RawTable) and isinstance(large, RawTable):
        _same(small, large)


def test_a_child_hands_over_the_file_that_it_wrote(tmp_path: Path) -> None:
    rows = [["a", "b", ""], ["1", "=x", ""], ["", "", ""], ["'=2", "é", ""]]
    for data in (csv_bytes(rows), csv_bytes([*rows, ["3"]]), csv_bytes([["a", "b"], ["'=1", "'-x"]])):
        _same(apart.read(data, "a.csv"), apart.read(data, "a.csv", limits=MAPPED))


def test_what_duckdb_refuses_in_the_middle_is_read_record_by_record(tmp_path: Path) -> None:
    body = b"1;2;3\n" * 30_000
    whole = [read(b"a;b;c\n" + body + b"4;5\n" + body[:60], "a.csv", limits=limits) for limits in (LIMITS, MAPPED)]
    assert whole[1].notes[-1].code == "reading.short_rows" and whole[1].table.num_rows == 30_011
    _same(*whole)


# ---------------------------------------------------------------- in parts


def _as_parquet(lines: list[list[str]], path: Path) -> None:
    columns = [pa.array([line[i] or None for line in lines], pa.string()) for i in range(len(HEADERS))]
    pq.write_table(pa.table(columns, names=list(HEADERS.values())), path)


def _written(lines: list[list[str]], path: Path) -> Path:
    data = csv_bytes([list(HEADERS.values()), *lines])
    if path.suffix == ".parquet":
        _as_parquet(lines, path)
    else:
        path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def _found(raw: RawTable) -> Dataset:
    return ingest(raw, PRODUCT, today=TODAY)


def _bare(found: Dataset) -> Any:
    """The report but for what it says of the file itself."""
    return replace(found.report, file=replace(found.report.file, name="", sha256="", size=0, format="", notes=()))


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10**6), st.permutations([".csv", ".csv.gz", ".parquet"]))
def test_three_files_are_one(tmp_path_factory: pytest.TempPathFactory, seed: int, endings: list[str]) -> None:
    folder, drawn = tmp_path_factory.mktemp("p"), random.Random(seed)
    lines = [list(line) for line in zip(*(sound(40)[key] for key in HEADERS), strict=True)]
    for line in lines:
        for place in range(len(line)):
            if drawn.random() < 0.05:
                line[place] = drawn.choice(["", "??", "31/02/2026", "12/13/2025"])
    whole = read(_written(lines, folder / "whole.csv"))
    cuts = [0, *sorted(drawn.sample(range(1, 40), 2)), 40]
    files = [_written(lines[a:b], folder / f"{n}{endings[n]}") for n, (a, b) in enumerate(zip(cuts, cuts[1:]))]  # noqa: B905, RUF007
    parts = several.joined([read(path, limits=MAPPED) for path in files], MAPPED)
    assert parts.table.equals(whole.table) and list(parts.row_numbers) == list(whole.row_numbers)
    assert _bare(_found(parts)).__dict__ == replace(_bare(_found(whole)), file=_bare(_found(parts)).file).__dict__
    pd.testing.assert_frame_equal(_found(parts).rows, _found(whole).rows)


def test_a_report_says_which_rows_are_of_which_file(tmp_path: Path) -> None:
    lines = [list(line) for line in zip(*(sound(5)[key] for key in HEADERS), strict=True)]
    for name, part in (("b.csv", lines[3:]), ("a.csv.gz", lines[:3]), ("_SUCCESS", []), (".oculto", [])):
        _written(part, tmp_path / name)
    raw = reading.read(tmp_path)
    assert raw.file_name == "a.csv.gz e mais 1" and raw.table.num_rows == 5 and raw.row_numbers == range(2, 7)
    said = [messages.say(one) for one in raw.notes]
    assert "“a.csv.gz”, linhas 2 a 4 (a primeira vem da linha 2); “b.csv”, linhas 5 a 6" in said[0]
    assert reading.read((tmp_path / "b.csv", tmp_path / "a.csv.gz")).table["Sexo"].to_pylist() == [
        *(line[2] for line in lines[3:]),
        *(line[2] for line in lines[:3]),
    ]


def test_other_columns_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"x;y\n1;2\n")
    (tmp_path / "b.csv").write_bytes(b"x;z\n1;2\n")
    with refused(UnreadableFile, match="“b.csv” não tem as colunas de “a.csv”"):
        reading.read(tmp_path)
    (tmp_path / "vazia").mkdir()
    with refused(UnreadableFile, match="não tem arquivo algum"):
        reading.read(tmp_path / "vazia")


# ---------------------------------------------------------------- Parquet


def test_typed_columns_are_what_a_spreadsheet_shows(tmp_path: Path) -> None:
    table = pa.table(
        {
            "texto": ["x", "", None],
            "dia": pa.array([dt.date(2026, 1, 2), None, dt.date(1950, 12, 31)]),
            "hora": [dt.datetime(2026, 1, 2, 7), dt.datetime(2026, 1, 2), dt.datetime(1969, 12, 31, 23, 5, 7)],
            "n": pa.array([1, -2, None], pa.int32()),
            "f": [1.5, float("nan"), 3.0],
            "s": [True, None, False],
            "d": [decimal.Decimal("1.50"), None, decimal.Decimal("100.00")],
            "c": pa.array(["p", "q", "p"]).dictionary_encode(),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    raw = apart.read(tmp_path / "a.parquet")
    assert raw.format == "parquet" and raw.row_numbers == range(2, 5)
    assert raw.table.to_pylist() == [
        dict(zip(table.column_names, row, strict=True))
        for row in (
            ["x", "02/01/2026", "02/01/2026 07:00", "1", "1,5", "VERDADEIRO", "1,5", "p"],
            [None, None, "02/01/2026", "-2", None, None, None, "q"],
            [None, "31/12/1950", "31/12/1969 23:05:07", None, "3", "FALSO", "100", "p"],
        )
    ]


def test_a_damaged_nested_or_swollen_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"a": ["x"] * 5_000, "b": ["y" * 90] * 5_000}), path)
    whole = path.read_bytes()
    for broken in (whole[:-9], whole[:200] + whole[-8:], b"PAR1" + b"\0" * 50 + b"PAR1"):
        with refused(UnreadableFile, match="não é um Parquet inteiro"):
            apart.read(broken, "a.parquet")
    with refused(UnreadableFile, match="passa de"):
        apart.read(path, limits=replace(LIMITS, trusted_bytes=1_000))
    with refused(UnreadableFile, match="limite"):
        apart.read(path, limits=replace(LIMITS, max_rows=4_999))
    pq.write_table(pa.table({"a": ["1"], "b": [[1, 2]]}), path)
    with refused(UnreadableFile, match="a coluna 2 guarda listas"):
        apart.read(path)


# ---------------------------------------------------------------- limits by memory


@pytest.mark.parametrize(("written", "size"), [("4GB", 4 * 10**9), ("1,5 gb", 15 * 10**8), ("800m", 8 * 10**8)])
def test_a_size_is_read_as_it_is_written(written: str, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(memory.VARIABLE, written)
    assert memory.budget() == size
    monkeypatch.delenv(memory.VARIABLE)
    assert memory.budget() == memory.available() > 10**8


@pytest.mark.parametrize("written", ["muita", "0", "-1GB", "4 GBs"])
def test_what_is_no_size_is_refused(written: str) -> None:
    with refused(PresencaError, match="PRESENCA_MEMORY deve dizer"):
        memory.size_of(written)


def test_memory_says_how_many_rows_are_read() -> None:
    small, large = within(10**9), within(64 * 10**9)
    assert small.max_rows >= LIMITS.max_rows and large.max_rows > 100_000_000
    assert cost(10_000_000, 14, 3_500_000) < 4 * 10**9


def test_a_table_that_would_not_fit_says_how_much_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    data, tight = csv_bytes([["a", "b"], *([["1", "2"]] * 50)]), replace(LIMITS, memory=1_000)
    assert read(data, "a.csv", limits=tight).table.num_rows == 50  # what an upload may have is never weighed
    monkeypatch.setattr("pipeline.ingestion.reading.limits.LIMITS", replace(LIMITS, max_rows=10))
    with refused(UnreadableFile, match="tem 50 linhas: conferi-las pede uns 250"):
        read(data, "a.csv", limits=tight)


def test_distinct_texts_of_a_large_file_are_held_against_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = sound(300)
    raw = read(csv_bytes([list(HEADERS.values()), *zip(*(columns[key] for key in HEADERS), strict=True)]))
    monkeypatch.setattr(field_columns, "MOST_DISTINCT", 10)
    monkeypatch.setattr(field_columns, "LIMITS", replace(LIMITS, max_rows=100))
    assert ingest(raw, PRODUCT, today=TODAY).report.rows_read == 300
    monkeypatch.setenv(memory.VARIABLE, "1MB")
    with refused(UnreadableFile, match="300 linhas: conferi-las pede"):
        ingest(raw, PRODUCT, today=TODAY)


def test_honest_gzip_is_read_and_a_bomb_is_not() -> None:
    drawn = random.Random(1)
    honest = csv_bytes([["a", "b"], *([str(drawn.random()), "x"] for _ in range(2_000))])
    bomb = b"a;b\n" + b"1;2\n" * 100_000
    limits = replace(LIMITS, trusted_bytes=1_000)
    assert read(gzip.compress(honest), "a.csv.gz", limits=limits).table.num_rows == 2_000
    with refused(UnreadableFile, match="descompacta para mais"):
        read(gzip.compress(bomb), "a.csv.gz", limits=limits)


def test_a_full_disk_is_said_before_it_is_full(tmp_path: Path) -> None:
    with refused(UnreadableFile, match="livres no disco"):
        cells_file.check_room(10**18, tmp_path, "a.csv")


def test_the_clean_table_is_the_same_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = sound(30)
    columns["status"][3:6] = ["faltou", "NO SHOW", "??"]
    columns["scheduled_date"][7] = "31/02/2026"
    found = _found(read(csv_bytes([list(HEADERS.values()), *zip(*(columns[k] for k in HEADERS), strict=True)])))
    whole = cleaned_table.clean_table(found)
    monkeypatch.setattr(cleaned_table, "_PIECE", 7)
    monkeypatch.setattr(cleaned_table, "_LARGE", 0)
    assert cleaned_table.clean_table(found).equals(whole) and whole.num_rows == int(np.sum(found.checked.usable))
