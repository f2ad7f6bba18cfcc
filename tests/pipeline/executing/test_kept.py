"""What is finished is found again by the very same work, and by no other; all of it goes when all is done."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from pipeline.executing import worker
from pipeline.executing.kept import kept, key_of


def test_what_was_finished_is_found_again_and_goes_at_the_end(tmp_path: Path) -> None:
    work = tmp_path / "work"
    with pytest.raises(KeyboardInterrupt), kept(work, {"rows": "abc"}) as first:
        with first.writing("part-1") as file:
            file.write_bytes(b"1")
        with first.writing("part-2") as file:
            file.write_bytes(b"half")
            raise KeyboardInterrupt
    if os.name == "posix":
        assert work.stat().st_mode & 0o777 == 0o700
    with kept(work, {"rows": "abc"}) as second:
        assert second.has("part-1") and not second.has("part-2") and second.count() == 1
        assert second.place("part-1").read_bytes() == b"1"
    assert not work.exists()


def test_other_inputs_and_other_code_share_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError), kept(tmp_path / "work", {"rows": "abc"}) as first:
        first.place("part").write_bytes(b"1")
        raise ValueError
    with kept(tmp_path / "work", {"rows": "abd"}) as other:
        assert not other.has("part")
    before = key_of({})
    monkeypatch.setattr(sys.modules[key_of.__module__], "code_version", lambda: "another")
    assert key_of({}) != before and len(worker.code_version()) == 16


def test_without_a_folder_nothing_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.scratch._homes", [tmp_path])
    with kept(None, {}) as found, found.writing("part") as file:
        file.write_bytes(b"1")
    assert not list(tmp_path.iterdir())


def test_a_text_is_made_once_and_again_where_it_is_not_as_it_was(tmp_path: Path) -> None:
    with kept(tmp_path / "work", {}) as there:
        assert there.text("recipe", lambda: "á\r\n") == there.text("recipe", lambda: "another") == "á\r\n"
        there.place("recipe").write_bytes(b"half")
        assert there.text("recipe", lambda: "another") == "another"
