"""Damaged, absurd and hostile Parquet and .gz: read, or refused with a sentence; nobody is ended, nothing is left."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import struct
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import scratch
from pipeline.errors import UnreadableFile
from pipeline.ingestion.reading import apart
from pipeline.presentation.locale import messages
from tests.refusals import told

Change = Callable[[bytes], bytes]
_KINDS = (None, "gzip", "zstd")
_HUGE = 2**63 - 1


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of temporary files; empty again when the test ends."""
    monkeypatch.setattr(scratch, "_homes", [tmp_path])
    yield tmp_path
    assert list(tmp_path.iterdir()) == []


@cache
def _sound(kind: str | None) -> bytes:
    table = pa.table(
        {
            "texto": ["x", "", None, "é"] * 40,
            "dia": pa.array([dt.date(2026, 1, 2), None] * 80),
            "n": pa.array(range(160), pa.int32()),
            "c": pa.array(["p", "q"] * 80).dictionary_encode(),
        }
    )
    return _bytes(table, compression=kind or "none", row_group_size=70)


def _bytes(table: pa.Table, **how: object) -> bytes:
    file = io.BytesIO()
    pq.write_table(table, file, **how)
    return file.getvalue()


def _tried(data: bytes, name: str = "a.parquet") -> str:
    """The code of the refusal, which has a sentence and a hint; "" where the file was read."""
    try:
        apart.read(data, name)
    except UnreadableFile as error:
        assert told(error).endswith(".") and messages.hint(error)
        return error.note.code
    return ""


def _flipped(changes: list[tuple[float, int]]) -> Change:
    def change(data: bytes) -> bytes:
        made = bytearray(data)
        for share, value in changes:
            made[int(share * (len(made) - 1))] ^= value
        return bytes(made)

    return change


def _footer(changes: list[tuple[float, int]]) -> Change:
    """Bytes of the footer alone: what says how many rows there are, of what types, and where."""

    def change(data: bytes) -> bytes:
        size = struct.unpack("<I", data[-8:-4])[0]
        return data[: -8 - size] + _flipped(changes)(data[-8 - size : -8]) + data[-8:]

    return change


_SHARE = st.floats(0, 1)
_BYTES = st.lists(st.tuples(_SHARE, st.integers(1, 255)), min_size=1, max_size=6)
_CHANGES = st.one_of(
    _BYTES.map(_footer),
    _BYTES.map(_flipped),
    _SHARE.map(lambda share: lambda data: data[: int(share * len(data))] + data[-8:]),
    _SHARE.map(lambda share: lambda data: data[: int(share * len(data))]),
    st.integers(0, 2**32 - 1).map(lambda size: lambda data: data[:-8] + struct.pack("<I", size) + data[-4:]),
    st.binary(max_size=40).map(lambda more: lambda data: data[:-8] + more + data[-8:]),
)
_QUIET = [HealthCheck.function_scoped_fixture]


def _any_damage(change: Change, kind: str | None) -> None:
    damaged = change(_sound(kind))
    _tried(b"PAR1" + damaged[4:] if len(damaged) > 8 else damaged)


@settings(max_examples=12, deadline=None, suppress_health_check=_QUIET)
@given(_CHANGES, st.sampled_from(_KINDS))
def test_damage_is_refused_and_leaves_nothing(home: Path, change: Change, kind: str | None) -> None:
    _any_damage(change, kind)
    assert list(home.iterdir()) == []


@pytest.mark.slow
@settings(max_examples=1_500, deadline=None, suppress_health_check=_QUIET)
@given(_CHANGES, st.sampled_from(_KINDS))
def test_much_damage_is_refused_and_leaves_nothing(home: Path, change: Change, kind: str | None) -> None:
    _any_damage(change, kind)
    assert list(home.iterdir()) == []


@pytest.mark.slow
@settings(max_examples=300, deadline=None, suppress_health_check=_QUIET)
@given(_CHANGES)
def test_damaged_gzip_is_refused_and_leaves_nothing(home: Path, change: Change) -> None:
    _tried(change(gzip.compress(b"a;b\n" + b"1;2\n" * 500)), "a.csv.gz")
    assert list(home.iterdir()) == []


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    "cells",
    [
        *(pa.array([-_HUGE, 0, _HUGE], pa.int64()).cast(pa.timestamp(unit)) for unit in ("ms", "us", "ns")),
        pa.array([-_HUGE, _HUGE], pa.int64()).cast(pa.timestamp("us")).cast(pa.timestamp("us", tz="America/Sao_Paulo")),
        pa.array([-(2**31), 2**31 - 1], pa.int32()).cast(pa.date32()),
        pa.array([-(2**31), 2**31 - 1], pa.int32()).cast(pa.time32("ms")),
        pa.array([2**62], pa.int64()).cast(pa.time64("us")),
        pa.array([float("inf"), 1e308, float("nan")]),
        pa.array([2**64 - 1], pa.uint64()),
    ],
    ids=lambda cells: str(cells.type),
)
def test_values_beyond_all_calendars_end_nobody(cells: pa.Array) -> None:
    assert _tried(_bytes(pa.table({"a": cells, "b": ["x"] * len(cells)}))) in ("", "reading.parquet_damaged")


@pytest.mark.usefixtures("home")
def test_what_is_deep_is_refused() -> None:
    cells = pa.array([1])
    for _ in range(60):
        cells = pa.ListArray.from_arrays(pa.array([0, 1], pa.int32()), cells)
    assert _tried(_bytes(pa.table({"a": ["x"], "b": cells}))) in ("reading.parquet_nested", "reading.parquet_damaged")


def _wide(columns: int) -> bytes:
    return _bytes(pa.table([pa.array(["x"])] * columns, names=[f"c{i}" for i in range(columns)]))


@pytest.mark.usefixtures("home")
def test_what_is_wide_is_refused() -> None:
    assert _tried(_wide(2_000)) == "reading.too_many_columns"


@pytest.mark.slow
@pytest.mark.usefixtures("home")
def test_a_million_columns_are_refused_within_the_limits() -> None:
    assert _tried(_wide(1_000_000)) in {
        "reading.too_many_columns",
        "reading.ended_memory",
        "reading.ended_time",
        "reading.parquet_damaged",
    }


@pytest.mark.slow
@pytest.mark.usefixtures("home")
def test_bombs_are_refused_within_the_limits() -> None:
    line = b"1;" + b"x" * 60 + b"\n"
    assert _tried(gzip.compress(b"a;b\n" + line * 12_000_000, 1), "a.csv.gz") == "reading.gzip_unpacks_too_far"
    swollen = _bytes(pa.table({"a": ["x" * 2_000] * 600_000, "b": ["y"] * 600_000}), compression="zstd")
    assert _tried(swollen) == "reading.too_much_text"
