"""Frames come back from Parquet as they were, dtypes and categories included."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import WorkspaceError
from pipeline.workspace.storage import frames
from pipeline.workspace.storage.frames import read_frame, write_frame
from tests.pipeline.workspace import made
from tests.refusals import refused


def again(frame: pd.DataFrame, folder: Path, columns: list[str] | None = None) -> pd.DataFrame:
    write_frame(frame, folder, "rows")
    return read_frame(folder, "rows", columns)


def test_typed_rows_come_back_the_same(tmp_path: Path) -> None:
    frame = made.rows()
    found = again(frame, tmp_path)
    pd.testing.assert_frame_equal(found, frame)
    assert list(found["status"].cat.categories) == ["Realizado", "Falta", "Cancelado"]  # unused and in this order


def test_many_categories_and_row_groups(tmp_path: Path) -> None:
    count = 300
    values = pd.Categorical(
        [f"v{i % count}" for i in range(3000)], categories=[f"v{count - i}" for i in range(count + 1)]
    )
    frame = pd.DataFrame({"a": values, "b": pd.Categorical([1, 2, None] * 1000, ordered=True)})
    pd.testing.assert_frame_equal(again(frame, tmp_path), frame)


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_dates_keep_their_unit(tmp_path: Path, unit: str) -> None:
    frame = pd.DataFrame({"a": np.array(["2026-05-04", "NaT"], dtype=f"datetime64[{unit}]")})
    pd.testing.assert_frame_equal(again(frame, tmp_path), frame)


def test_only_the_columns_asked_for_in_that_order(tmp_path: Path) -> None:
    frame = made.rows()
    found = again(frame, tmp_path, ["unit", "row"])
    pd.testing.assert_frame_equal(found, frame[["unit", "row"]])


def test_no_rows_and_no_columns(tmp_path: Path) -> None:
    empty = made.rows().iloc[:0]
    pd.testing.assert_frame_equal(again(empty, tmp_path), empty.reset_index(drop=True))
    other = tmp_path / "other"
    other.mkdir()
    assert again(pd.DataFrame(index=pd.RangeIndex(3)), other).shape == (3, 0)


def test_an_unknown_column_is_an_error_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        again(made.rows(), tmp_path, ["no_such"])


@pytest.mark.parametrize("cut", [0, 100, -10])
def test_a_damaged_file_gets_a_sentence(tmp_path: Path, cut: int) -> None:
    write_frame(made.rows(), tmp_path, "rows")
    path = tmp_path / "rows.parquet"
    path.write_bytes(path.read_bytes()[:cut])
    with refused(WorkspaceError, match="danificad"):
        read_frame(tmp_path, "rows")


def test_damage_in_the_middle_gets_a_sentence(tmp_path: Path) -> None:
    write_frame(made.rows(600), tmp_path, "rows")
    path = tmp_path / "rows.parquet"
    content = bytearray(path.read_bytes())
    content[40:400] = bytes(360)
    path.write_bytes(content)
    with refused(WorkspaceError, match="danificad"):
        read_frame(tmp_path, "rows")


def test_a_missing_file_gets_a_sentence(tmp_path: Path) -> None:
    with refused(WorkspaceError, match="não está mais lá"):
        read_frame(tmp_path, "rows")


def test_an_altered_byte_is_damage_and_not_another_number(tmp_path: Path) -> None:
    """Wherever it lies: 200 of them, none raises what is not ours, and next to none goes unnoticed."""
    frame, chosen = made.rows(60), random.Random(5)
    write_frame(frame, tmp_path, "rows")
    path, silent = tmp_path / "rows.parquet", 0
    whole = path.read_bytes()
    for _ in range(200):
        changed = bytearray(whole)
        changed[chosen.randrange(len(changed))] ^= 1 << chosen.randrange(8)
        path.write_bytes(changed)
        try:
            silent += not read_frame(tmp_path, "rows").equals(frame)
        except WorkspaceError as error:
            assert error.note.code in ("dataset.rows_damaged", "disk.refused")
    assert silent <= 2  # names in the footer have no checksum


def test_some_rows_are_read_from_the_parts_that_hold_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "_GROUP", 7)
    monkeypatch.setattr(frames, "_LARGE", 10)
    frame = pd.concat([made.rows()] * 20, ignore_index=True)
    write_frame(frame, tmp_path, "rows")
    places = np.random.default_rng(1).permutation(len(frame))[:25]
    for wanted in (places, places[:0], np.array([3, 3, len(frame) - 1])):
        expected = frame.iloc[wanted].reset_index(drop=True)
        pd.testing.assert_frame_equal(frames.read_rows(tmp_path, "rows", wanted), expected)
    monkeypatch.setattr(frames, "_MANY", 1)
    few = frames.read_rows(tmp_path, "rows", places)
    pd.testing.assert_frame_equal(few.astype("object"), frame.iloc[places].reset_index(drop=True).astype("object"))


def test_a_frame_larger_than_asked_for_is_refused_before_it_is_read(tmp_path: Path) -> None:
    write_frame(pd.DataFrame({"a": np.arange(1000), "b": ["x"] * 1000}), tmp_path, "rows")
    assert len(read_frame(tmp_path, "rows", ["a"], most=8_000)) == 1000
    with refused(WorkspaceError, "a ler de uma vez"):
        read_frame(tmp_path, "rows", most=8_000)


def test_a_column_of_nothing_has_a_size_too(tmp_path: Path) -> None:
    write_frame(pd.DataFrame({"a": range(3), "why": [None] * 3}), tmp_path, "rows")
    assert read_frame(tmp_path, "rows", most=1_000)["why"].isna().all()


def test_how_many_values_a_column_has_is_told_of_its_rows_alone(tmp_path: Path) -> None:
    names = pd.Categorical(["b", None, "c", "b"], categories=["a", "b", "c", "d"])
    write_frame(pd.DataFrame({"name": names, "row": [1, 2, 2, 3]}), tmp_path, "rows")
    assert frames.distinct(tmp_path, "rows", "name") == 2 and frames.distinct(tmp_path, "rows", "row") == 3
    write_frame(pd.DataFrame({"name": names[:0]}), tmp_path, "none")
    assert frames.distinct(tmp_path, "none", "name") == 0
    with pytest.raises(KeyError, match="other"):
        frames.distinct(tmp_path, "rows", "other")
