"""Every output of the command line and of the workspace appears whole or not at all."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipeline import atomic, sampling, services
from pipeline.errors import PresencaError
from pipeline.modeling.bundle import safe_zip
from pipeline.paths import PROJECT
from pipeline.presentation.spreadsheets import tables
from pipeline.workspace.storage import atomic_files
from tests.refusals import refused

OLD = b"what was there"


class Broken(OSError):
    pass


def _breaking(*_: Any) -> Iterator[Any]:
    yield pa.table({"a": ["1"] * 2_000}).to_batches()[0]
    raise Broken


def _table(path: Path) -> None:
    services.write_table(pa.table({"a": ["1"]}), path)


def _sample(path: Path) -> None:
    sampling.write_csv(map(pa.Table.from_batches, ([batch] for batch in _breaking())), path)


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # openpyxl, of the sheet it could not end
@pytest.mark.parametrize("ending", services.TABLE_ENDINGS)
def test_a_table_that_fails_midway_leaves_the_old_file_and_nothing_else(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object, *__: object, **___: object) -> None:
        raise Broken

    monkeypatch.setattr(tables, "_batches", _breaking)
    monkeypatch.setattr(tables.pq.ParquetWriter, "write_table", fail)
    _stays_as_it_was(_table, tmp_path / f"out{ending}")


def test_a_sample_that_fails_midway_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    _stays_as_it_was(_sample, tmp_path / "out.csv")


@pytest.mark.parametrize(
    "write",
    [
        lambda path: atomic.write(path, b"new"),
        lambda path: safe_zip.write(path, {"a.json": b"{}"}, {}),
        lambda path: atomic_files.put(b"new", path, path.parent),
    ],
)
def test_a_full_disk_leaves_the_old_file_and_nothing_else(
    write: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Path) -> None:
        raise Broken

    monkeypatch.setattr(atomic, "settle_path", fail)
    _stays_as_it_was(write, tmp_path / "out")


def _stays_as_it_was(write: Callable[[Path], None], path: Path) -> None:
    with pytest.raises(Broken):
        write(path)
    assert list(path.parent.iterdir()) == []
    path.write_bytes(OLD)
    with pytest.raises(Broken):
        write(path)
    assert [p.name for p in path.parent.iterdir()] == [path.name] and path.read_bytes() == OLD


def test_a_killed_process_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_bytes(OLD)
    script = (
        "import os, sys; from pathlib import Path; from pipeline import atomic\n"
        "with atomic.replacing(Path(sys.argv[1])) as part:\n    part.write_bytes(b'half'); os._exit(9)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path)], cwd=PROJECT, check=False)
    assert done.returncode == 9 and path.read_bytes() == OLD


def test_what_is_written_replaces_and_is_open_as_any_file_or_private(tmp_path: Path) -> None:
    mask = os.umask(0o022)
    try:
        for mode, expected in ((atomic.SHARED, 0o644), (atomic.PRIVATE, 0o600)):
            atomic.write(tmp_path / "a", b"1", mode=mode)
            atomic.write(tmp_path / "a", b"2", mode=mode)
            assert (tmp_path / "a").read_bytes() == b"2"
            assert os.name != "posix" or stat.S_IMODE((tmp_path / "a").stat().st_mode) == expected
    finally:
        os.umask(mask)


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "a").symlink_to(tmp_path / "deep" / "b")
    atomic.write(tmp_path / "a", b"1")
    assert (tmp_path / "a").is_symlink() and (tmp_path / "deep" / "b").read_bytes() == b"1"


def test_an_output_that_cannot_be_written_is_refused_before_any_work(tmp_path: Path) -> None:
    with refused(PresencaError, match="“a.txt” deve terminar em .csv ou .xlsx ou .parquet"):
        services.check_output(tmp_path / "a.txt", services.TABLE_ENDINGS)
    with refused(PresencaError, match="“a.csv” fica numa pasta que não existe. Crie a pasta"):
        services.check_output(tmp_path / "none" / "a.csv", services.TABLE_ENDINGS)


def test_no_workbook_is_written_that_excel_would_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services.batch.files.spreadsheets, "SHEET_ROWS", 2)
    with refused(PresencaError, match="“a.xlsx” teria 3 linhas.* Escreva em .csv ou .parquet"):
        services.write_table(pa.table({"a": ["1", "2", "3"]}), tmp_path / "a.xlsx")
    assert not list(tmp_path.iterdir())
    services.write_table(pa.table({"a": ["1", "2", "3"]}), tmp_path / "a.csv")
