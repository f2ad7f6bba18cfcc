"""A file read in a child gives what it gives here; whatever ends the child is a sentence, and leaves nothing."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipeline import sandbox, scratch
from pipeline.errors import UnreadableFile
from pipeline.ingestion.reading import apart, reader
from pipeline.ingestion.reading.limits import Limits
from tests.pipeline.ingestion.files import csv_bytes, xlsx_bytes
from tests.refusals import refused, told

ROWS = [["Paciente", "Data"], ["Ana", "02/01/2026"], ["", ""], ["Bia", "03/01/2026"]]


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(scratch, "_homes", [tmp_path])
    return tmp_path


@pytest.mark.parametrize("data", [csv_bytes(ROWS), csv_bytes([*ROWS, ["Cai"]]), xlsx_bytes({"A": ROWS, "B": ROWS})])
def test_a_child_reads_what_is_read_here(data: bytes, place: Path) -> None:
    here, there = reader.read(data, "agenda.x"), apart.read(data, "agenda.x")
    assert there.facts == here.facts and there.table.equals(here.table)
    assert list(there.row_numbers) == list(here.row_numbers) and type(there.row_numbers) is type(here.row_numbers)
    assert not list(place.iterdir())


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"", b"PK\x03\x04broken", csv_bytes(ROWS)])
def test_a_refusal_comes_back_as_it_was(data: bytes, tmp_path: Path) -> None:
    limits = Limits(max_file_bytes=40)
    with pytest.raises(UnreadableFile) as here:
        reader.read(data, "a.csv", limits=limits)
    with pytest.raises(UnreadableFile) as there:
        apart.read(data, "a.csv", limits=limits)
    assert told(there.value) == told(here.value)
    with refused(UnreadableFile, match="não existe"):
        apart.read(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("why", "words"), [("time", "demora demais"), ("memory", "memória demais"), ("fault", "não pôde ser lido")]
)
def test_what_ends_the_child_is_a_sentence(why: str, words: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(*_: object, **__: object) -> None:
        raise sandbox.Ended(why)

    monkeypatch.setattr(sandbox, "call", ended)
    with refused(UnreadableFile, match=words):
        apart.read(csv_bytes(ROWS), "agenda.csv")
    assert not list(place.iterdir())


FACTS = {"name": "a", "sha256": "", "size": 1, "format": "csv", "encoding": None, "delimiter": None, "sheet": None}


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {},
        {"facts": {}},
        {"facts": {**FACTS, "sheets": [], "notes": []}, "first": [2, 9]},
        {"facts": {**FACTS, "sheets": [], "notes": []}, "first": [2, 3]},
    ],
)
def test_a_child_that_answers_nonsense_is_not_believed(answer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def answered(*_: object, folder: str, **__: object) -> Any:
        apart._write(pa.table({"a": [1]}), Path(folder) / "cells.arrow")
        return answer

    monkeypatch.setattr(sandbox, "call", answered)
    with refused(UnreadableFile, match="não pôde ser lido"):
        apart.read(csv_bytes(ROWS), "agenda.csv")


def test_nothing_lies_in_the_systems_folder_while_it_reads(place: Path) -> None:
    own = f"presenca-{os.getpid()}-*"  # others work on this machine, too
    before = set(Path(tempfile.gettempdir()).glob(own))
    apart.read(csv_bytes(ROWS), "agenda.csv")
    assert set(Path(tempfile.gettempdir()).glob(own)) <= before
