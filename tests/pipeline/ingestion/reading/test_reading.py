"""Text files that clinics send: every cell and every row number must come back."""

from __future__ import annotations

import csv
import gzip
import hashlib
import string
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from pipeline.errors import UnreadableFile
from pipeline.ingestion.reading.limits import Limits
from pipeline.ingestion.reading.reader import RawTable, read
from pipeline.ingestion.reading.text import fast_csv, guarded
from tests.pipeline.ingestion.files import csv_bytes
from tests.refusals import refused, said_of

HEADER = ["Paciente", "Data do agendamento", "Status", "Convênio"]
ROWS = [
    ["001", "02/01/2026", "Realizado", "São José"],
    ["002", "03/01/2026", "No Show", "Unimed"],
    ["003", "", "Realizado", "Particular"],
]


def cells(raw: RawTable) -> list[list[str]]:
    """The rows as lists, an empty cell as ""."""
    columns = [column.to_pylist() for column in raw.table.columns]
    return [[cell or "" for cell in row] for row in zip(*columns, strict=True)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "cp850"])
def test_delimiters_and_encodings(delimiter: str, encoding: str) -> None:
    raw = read(csv_bytes([HEADER, *ROWS], delimiter, encoding), "a.csv")
    assert raw.table.column_names == HEADER
    assert cells(raw) == ROWS
    assert list(raw.row_numbers) == [2, 3, 4]
    assert raw.delimiter == delimiter and said_of(raw) == []
    assert raw.encoding == {"utf-8-sig": "UTF-8", "utf-16": "UTF-16 LE", "cp1252": "Windows-1252"}.get(
        encoding, encoding.upper().replace("16-", "16 ")
    )


@pytest.mark.parametrize("encoding", ["utf-32", "utf-32-le", "utf-32-be"])
def test_four_bytes_a_letter_with_and_without_a_mark(encoding: str) -> None:
    raw = read(csv_bytes([HEADER, *ROWS], ";", encoding), "a.csv")
    assert raw.table.column_names == HEADER and cells(raw) == ROWS and said_of(raw) == []
    assert raw.encoding == ("UTF-32-BE" if encoding == "utf-32-be" else "UTF-32-LE")


def test_facts_of_the_file(tmp_path: Path) -> None:
    data = gzip.compress(csv_bytes([HEADER, *ROWS]))
    path = tmp_path / "agenda [1] *.csv.gz"  # a name that a reader could take for a pattern
    path.write_bytes(data)
    raw = read(path)
    assert raw.facts.name == path.name and raw.size == len(data) and raw.format == "csv"
    assert raw.sha256 == hashlib.sha256(data).hexdigest()
    assert cells(raw) == ROWS
    plain = tmp_path / "agenda[1]*.csv"
    plain.write_bytes(csv_bytes([HEADER, *ROWS]))
    assert cells(read(plain)) == ROWS


def test_quoted_line_breaks_count_as_one_row() -> None:
    raw = read(b'a;b\r\n1;"x\r\ny"\r\n2;z\r\n', "a.csv")
    assert cells(raw) == [["1", "x\r\ny"], ["2", "z"]]
    assert list(raw.row_numbers) == [2, 3]


@pytest.mark.parametrize(
    "text",
    [
        "a;b;c\n\n1;2;3\n\n\n4;5;6\n\n",
        'a;b;c\r\n\r\n1;"2";3\r\n\r\n\r\n4;5;6',
        "a;b;c\n;;\n1;2;3\n;;\n\n4;5;6\n;;\n;;\n",
    ],
)
def test_blank_lines_keep_the_numbers_of_the_spreadsheet(text: str) -> None:
    raw = read(text.encode(), "a.csv")
    assert cells(raw) == [["1", "2", "3"], ["4", "5", "6"]]
    assert list(raw.row_numbers) == [3, 6]
    assert said_of(raw) == ["O arquivo tem 2 linhas em branco, que não contam."]


def test_a_row_of_white_space_is_a_blank_line() -> None:
    for text in ('a;b;c\n1;2;3\n ;"" ;\t\n4;5;6\n', "a;b;c\n1;2;3\n \n4;5;6\n", 'a;b;c\n1;2;3\n; ;"\n"\n4;5;6\n'):
        raw = read(text.encode(), "a.csv")
        assert cells(raw) == [["1", "2", "3"], ["4", "5", "6"]], text
        assert list(raw.row_numbers) == [2, 4]
    assert cells(read(b"a;b;c\n ;x;\n4;5;6\n", "a.csv")) == [[" ", "x", ""], ["4", "5", "6"]]  # one word makes a row


def test_blank_lines_beside_quoted_line_breaks() -> None:
    raw = read(b'a;b;c\n1;"2\n\n3";4\n\n5;6;7\n', "a.csv")
    assert cells(raw) == [["1", "2\n\n3", "4"], ["5", "6", "7"]]
    assert list(raw.row_numbers) == [2, 4]


def test_rows_of_another_width_are_kept_and_counted() -> None:
    raw = read(b"a;b;c\n1;2\n3;4;5;6;7\n8;9;10\n", "a.csv")
    assert raw.table.column_names == ["a", "b", "c", "(células a mais)"]
    assert cells(raw) == [["1", "2", "", ""], ["3", "4", "5", "6;7"], ["8", "9", "10", ""]]
    assert "1 linha tem mais células que o cabeçalho (linha 3)" in said_of(raw)[0]
    assert "1 linha tem menos células que o cabeçalho (linha 2)" in said_of(raw)[1]


def test_a_separator_too_many_at_each_end_costs_nothing() -> None:
    assert cells(read(b"a;b\n1;2;\n3;4;\n", "a.csv")) == [["1", "2"], ["3", "4"]]
    assert cells(read(b"a;b;\n1;2;\n3;4;\n", "a.csv")) == [["1", "2"], ["3", "4"]]


def test_quotes_inside_a_cell_and_quotes_that_never_close() -> None:
    assert cells(read(b'a;b\n1;12" x 3"\n2;"diz ""oi"""\n3;"x"y\n', "a.csv")) == [
        ["1", '12" x 3"'],
        ["2", 'diz "oi"'],
        ["3", "xy"],
    ]
    raw = read(b'a;b;c\n1;"Dr. X;2\n3;4;5\n6;7;8\n', "a.csv")
    assert cells(raw) == [["1", '"Dr. X', "2"], ["3", "4", "5"], ["6", "7", "8"]]
    assert "linha 2 abre aspas" in said_of(raw)[0]
    with refused(UnreadableFile, match="linha 3 abre aspas que nunca fecham"):
        read(b'a;b;c\n1;"x;y";2\n3;"4;5\n6;7;8\n', "a.csv")


def test_headers_stay_as_they_are_and_become_unique() -> None:
    raw = read(b" Data ;Data;Data;;\n1;2;3;4;\n5;6;7;;\n", "a.csv")
    assert raw.table.column_names == [" Data ", "Data", "Data (2)", "(sem cabeçalho)"]
    assert "1 nome de coluna se repete" in said_of(raw)[0]


def test_the_header_under_a_title_and_a_legend() -> None:
    text = (
        "Clínica X;;;\nPeríodo: 2026;;;\n\nPaciente;Data;Status;Plano\n1;02/01/2026;Realizado;A\n2;03/01/2026;No "
        "Show;B\n"
    )
    for end in ("\n", "\r\n"):
        raw = read(text.replace("\n", end).encode(), "a.csv")
        assert raw.table.column_names == ["Paciente", "Data", "Status", "Plano"]
        assert list(raw.row_numbers) == [5, 6]
        assert "encontrado na linha 4; 2 linhas acima" in said_of(raw)[0]
    ragged = "Relatório\nPaciente;Data;Status;Plano\n1;02/01/2026;Realizado;A\n2;03/01/2026;No Show;B\n"
    assert list(read(ragged.encode(), "a.csv").row_numbers) == [3, 4]


def test_a_second_header_and_a_repeated_one_are_said() -> None:
    data = csv_bytes([HEADER, ["patient_id", "scheduled_date", "status", "health_plan"], *ROWS, HEADER, *ROWS])
    raw = read(data, "a.csv")
    assert raw.table.num_rows == 8  # no row is dropped
    assert any("linha 2 parece um segundo cabeçalho" in note for note in said_of(raw))
    assert any("se repete no meio do arquivo (1 vez, ex.: linha 6)" in note for note in said_of(raw))


def test_a_line_that_names_the_separator_has_no_row() -> None:
    raw = read(b"sep=|\r\na|b\r\n1,5|2\r\n", "a.csv")
    assert cells(raw) == [["1,5", "2"]] and list(raw.row_numbers) == [2] and raw.delimiter == "|"


def test_decimal_commas_do_not_fool_the_delimiter() -> None:
    raw = read(b"a;b;c\n1,5;2,5;3,5\n4,5;5,5;6,5\n", "a.csv")
    assert raw.delimiter == ";" and cells(raw)[0] == ["1,5", "2,5", "3,5"]


def test_one_column_and_old_line_ends() -> None:
    assert cells(read(b"nome\nSilva, Ana\nSouza\n\nLima\n", "a.txt")) == [["Silva, Ana"], ["Souza"], ["Lima"]]
    assert cells(read(b"a;b\r1;2\r3;4\r", "a.csv")) == [["1", "2"], ["3", "4"]]


def test_damage_is_said() -> None:
    lost = read("a;b\nS\ufffdo;1\n".encode(), "a.csv")
    assert "(�)" in said_of(lost)[0] and cells(lost) == [["S\ufffdo", "1"]]
    doubled = read("a;b\nSÃ£o;1\n".encode(), "a.csv")
    assert "“Ã£” em vez de “ã”" in said_of(doubled)[0]
    nul = read(b"a;b\nx\x00y;1\n", "a.csv")
    assert cells(nul) == [["xy", "1"]] and "1 caractere nulo" in said_of(nul)[0]
    mixed = read(("a;b\n" + "ção;é\n" * 50).encode() + "São;1\n".encode("cp1252"), "a.csv")
    assert cells(mixed)[-1] == ["São", "1"] and cells(mixed)[0] == ["ção", "é"] and "mistura" in said_of(mixed)[0]


def test_a_late_accent_in_a_long_ascii_file() -> None:
    data = b"a;b\n" + b"abc;def\n" * 60_000 + "ação;é\n".encode("cp1252")
    raw = read(data, "a.csv")
    assert raw.encoding == "Windows-1252" and cells(raw)[-1] == ["ação", "é"]


def test_rows_beyond_the_limit_are_refused() -> None:
    small = Limits(max_rows=2)
    for text in (b"a;b\n1;2\n3;4\n5;6\n", b"a;b\n1;2\n3\n5;6\n"):
        with refused(UnreadableFile, match="mais de 2 linhas, o limite"):
            read(text, "a.csv", limits=small)


_LETTERS = st.text(st.sampled_from(string.ascii_letters + "0123456789 ;,\t|\"'\n.-/áçãéõÇ"), max_size=8)


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """A header of plain names and rows whose first cell is never empty (so that none is blank)."""
    width = draw(st.integers(2, 5))
    header = [f"Coluna {i}" for i in range(width)]
    start = st.text(st.sampled_from("abc123"), min_size=1, max_size=3)
    row = st.tuples(start, *[_LETTERS] * (width - 1)).map(list)
    return [header, *draw(st.lists(row, min_size=1, max_size=12))]


@settings(max_examples=80, deadline=None)
@given(
    tables(),
    st.sampled_from(";,\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_was_written_is_read(
    table: list[list[str]], delimiter: str, encoding: str, end: str, quoting: int
) -> None:
    assume(not any(cell[:1] == "'" and cell[1:2] and cell[1] in guarded.MARKS for row in table for cell in row))
    raw = read(csv_bytes(table, delimiter, encoding, end, quoting), "a.csv")
    if raw.delimiter != delimiter:  # cells full of other separators can look like another file
        return
    assert cells(raw) == table[1:]
    assert list(raw.row_numbers) == list(range(2, len(table) + 1))


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from('ab;"\n\r1 '), max_size=40))
@example('"\r" ;')
@example(' "";')
@example(";\n\n1;\r;")
def test_both_readers_agree_wherever_the_fast_one_is_trusted(body: str) -> None:
    data = ("a;b\n1;2\n3;4\n5;6\n" + body).encode()

    def outcome() -> object:
        try:
            raw = read(data, "a.csv")
        except UnreadableFile as error:
            return str(error)
        # spaces between a closing quote and the separator belong to no cell: the fast reader leaves them out
        return raw.table.column_names, [[cell.rstrip(" ") for cell in row] for row in cells(raw)], list(raw.row_numbers)

    fast = outcome()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast_csv, "_read_regular", lambda *_: None)
        slow = outcome()
    assert fast == slow


def test_the_fast_reader_takes_regular_files() -> None:
    """Speed hangs on this: a regular file must not fall to the slow reader."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast_csv.tolerant_csv, "read_all", lambda *_: pytest.fail("slow"))
        for end in ("\n", "\r\n"):
            for text in (
                "a;b;c\n1;2;3\n4;;6\n",
                'a;b;c\n1;"x\ny";3\n',
                "a;b;c\n1;2;3\n\n4;5;6",
                "t;;\n\na;b;c\n1;2;3\n4;5;6\n7;8;9\n",
            ):
                read(text.replace("\n", end).encode(), "a.csv")


@pytest.mark.slow
def test_many_rows_cross_the_buffers_of_the_fast_reader() -> None:
    n = 200_000
    rows = ([str(i), 'x;"y"\n' * (i % 3), "ação" * (i % 7)] for i in range(n))
    raw = read(csv_bytes([["i", "b", "c"], *rows], ";"), "a.csv")
    assert raw.table.num_rows == n
    assert np.array_equal(raw.rows, np.arange(2, n + 2))
    assert raw.table["i"].to_pylist()[-1] == str(n - 1) and raw.table["b"][n - 1].as_py() == (
        'x;"y"\n' * ((n - 1) % 3) or None
    )


def test_nothing_of_a_file_stays_in_the_database_that_read_it() -> None:
    table = read(b"a;b\n" + b"Ana;1\n" * 5_000, "x.csv").table
    assert table.num_rows == 5_000
    database = fast_csv._database()
    assert database.sql("SELECT count(*) FROM duckdb_external_file_cache()").fetchall() == [(0,)]
    assert database.sql("SELECT count(*) FROM duckdb_tables()").fetchall() == [(0,)]
    assert database.sql("SELECT current_setting('enable_external_file_cache')").fetchall() == [(False,)]
