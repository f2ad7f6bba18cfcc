"""Arrays that are mapped from disk, and what of them stays in memory."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from pipeline import memory
from pipeline.workspace.storage import columns

MEGABYTE = 1 << 20


def _mapped_bytes() -> int:
    told = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("RssFile"))
    return int(told.split()[1]) * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="the system says what is in memory")
def test_what_was_read_of_a_mapped_array_is_let_go_and_read_again(on_disk: Path) -> None:
    values = np.arange(8 * MEGABYTE, dtype=np.int32)
    (on_disk / "above").mkdir()
    (on_disk / "staging").mkdir()
    columns.write_columns({"values": values}.items(), {}, on_disk / "above", on_disk / "staging")
    found = columns.read_columns(on_disk / "above")
    assert found is not None
    mapped, total = found[0]["values"], int(values.sum(dtype=np.int64))
    assert int(mapped.sum(dtype=np.int64)) == total
    before = _mapped_bytes()
    memory.let_go([mapped, np.arange(3)])  # an array that is not mapped stays
    assert before - _mapped_bytes() > 24 * MEGABYTE
    assert int(mapped.sum(dtype=np.int64)) == total


@pytest.fixture
def above(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with columns: a large array, a small one, and facts."""
    monkeypatch.setattr(columns, "SMALL", 4_000)
    for name in ("above", "staging"):
        (tmp_path / name).mkdir()
    _write(tmp_path / "above")
    return tmp_path / "above"


def _write(above: Path) -> None:
    arrays: dict[str, np.ndarray] = {"large": np.arange(4_000, dtype=np.int32), "small": np.arange(9)}
    columns.write_columns(arrays.items(), {"names": ["a", "ã"]}, above, above.parent / "staging")


def _alter(path: Path, *, keeps_time: bool = False) -> None:
    told, content = path.stat(), bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns + (0 if keeps_time else 1_000_000_000)))


LARGE, SMALL, FACTS = "000.npy", "001.npy", "facts.json"


@pytest.mark.parametrize(
    ("name", "keeps_time", "is_seen"), [(LARGE, False, True), (LARGE, True, False), (SMALL, False, True)]
)
def test_altered_content_counts_as_none_and_is_made_again(
    above: Path, name: str, keeps_time: bool, is_seen: bool
) -> None:
    folder = above / columns.FOLDER
    assert not columns.is_damaged(folder)
    _alter(folder / name, keeps_time=keeps_time)
    assert (columns.read_columns(above) is None) is is_seen
    assert columns.is_damaged(folder)  # each byte is read
    if is_seen:
        _write(above)
        found = columns.read_columns(above)
        assert found is not None and found[0]["large"][-1] == 3_999 and not columns.is_damaged(folder)


def test_a_small_array_altered_within_its_time_is_seen_by_the_next_process(above: Path) -> None:
    _alter(above / columns.FOLDER / SMALL, keeps_time=True)
    columns._known_sha256.cache_clear()  # as a process that has not opened it yet
    assert columns.read_columns(above) is None


def test_facts_are_summed_too(above: Path) -> None:
    path = above / columns.FOLDER / FACTS
    path.write_text(path.read_text("utf-8").replace("ã", "o"), "utf-8")
    assert columns.read_columns(above) is None and columns.is_damaged(above / columns.FOLDER)


@pytest.mark.parametrize("name", [LARGE, FACTS])
def test_a_file_that_was_cut_or_is_gone_is_damage(above: Path, name: str) -> None:
    path = above / columns.FOLDER / name
    content = path.read_bytes()
    path.write_bytes(content[:-40])
    assert columns.read_columns(above) is None and columns.is_damaged(above / columns.FOLDER)
    path.unlink()
    assert columns.read_columns(above) is None and columns.is_damaged(above / columns.FOLDER)


def test_a_folder_that_was_copied_is_hashed_once_and_taken(above: Path, tmp_path: Path) -> None:
    shutil.copytree(above, tmp_path / "copy", copy_function=shutil.copyfile)  # the times are those of the copying
    hashed = columns._known_sha256.cache_info().misses
    first, second = columns.read_columns(tmp_path / "copy"), columns.read_columns(tmp_path / "copy")
    assert first is not None and second is not None and first[1] == {"names": ["a", "ã"]}
    assert columns._known_sha256.cache_info().misses - hashed == 2


def test_columns_of_an_earlier_version_are_no_damage_and_are_made_again(above: Path) -> None:
    path = above / columns.FOLDER / FACTS
    path.write_text('{"format": 1, "arrays": ["large", "small"], "facts": {}}')
    assert columns.read_columns(above) is None and not columns.is_damaged(above / columns.FOLDER)
    _write(above)
    assert columns.read_columns(above) is not None


def test_columns_know_the_files_that_they_were_made_of(tmp_path: Path) -> None:
    for name in ("above", "staging"):
        (tmp_path / name).mkdir()
    above, of = tmp_path / "above", ("rows", "names", "never there")
    for name in of[:2]:
        (above / name).write_bytes(name.encode())
    columns.write_columns({"a": np.arange(3)}.items(), {}, above, tmp_path / "staging", of=of)
    assert [*columns.sources(above / columns.FOLDER)] == ["rows", "names"]
    assert columns.read_columns(above, of=of) is not None
    os.utime(above / "rows", (0, 0))
    assert columns.read_columns(above, of=of) is not None, "another time, the same content"
    (above / "names").unlink()
    assert columns.read_columns(above, of=of) is not None, "a cache that has not fetched it: its manifest tells"
    (above / "rows").write_bytes(b"rowt")
    assert columns.read_columns(above, of=of) is None
    assert columns.sources(tmp_path) == {}


def test_the_stamp_changes_when_they_are_made_again(above: Path, tmp_path: Path) -> None:
    before = columns.stamp(above)
    _alter(above / columns.FOLDER / LARGE)
    _write(above)
    assert before is not None and columns.stamp(above) not in (None, before)
    assert columns.stamp(tmp_path / "staging") is None
