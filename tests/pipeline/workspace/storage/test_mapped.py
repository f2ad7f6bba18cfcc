"""A frame that rests mapped comes back as it was, whole, by the line, and gathered of parts in any order."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import per_row
from pipeline.errors import PresencaError
from pipeline.workspace.storage import gathering, mapped
from pipeline.workspace.storage.gathering import Derived, gathered
from pipeline.workspace.storage.mapped import MappedFrame, write_mapped
from tests.refusals import refused

BLOCKS = ("p__",)


def _frame(seed: int, rows: int, names: tuple[str, ...]) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    codes = rng.integers(-1, len(names), rows)
    texts = np.array([*(f"{name} é" for name in names), None], dtype=object)[codes]
    return pd.DataFrame(
        {
            "row": rng.permutation(rows) + 2,
            "kind": pd.Categorical.from_codes(codes, pd.Index(names, dtype="str")),
            "p__a": rng.normal(size=rows),
            "p__b": np.where(rng.random(rows) < 0.3, np.nan, 0.5),
            "day": np.where(rng.random(rows) < 0.2, np.datetime64("NaT", "us"), np.datetime64("2026-11-23", "us")),
            "said": pd.Series(texts, dtype="str"),
            "own": pd.Series([None if at % 5 == 4 else f"{seed}-{at % 3}" for at in range(rows)], dtype="str"),
            "bucket": rng.integers(0, 3, rows).astype(np.int8),
        }
    )


def _same(found: pd.DataFrame, wanted: pd.DataFrame) -> None:
    plain = [one.assign(kind=one["kind"].astype("object")).reset_index(drop=True) for one in (found, wanted)]
    pd.testing.assert_frame_equal(*plain, check_exact=True)


@settings(max_examples=25)
@given(st.integers(0, 99), st.lists(st.integers(0, 30), min_size=1, max_size=4), st.integers(1, 9))
def test_what_is_gathered_is_what_was_written(seed: int, sizes: list[int], block: int) -> None:
    frames = [_frame(seed + at, size, ("a", "b", "c")[: 1 + at % 3]) for at, size in enumerate(sizes)]
    whole = pd.concat([one.assign(kind=one["kind"].astype("object")) for one in frames], ignore_index=True)
    order = np.random.default_rng(seed).permutation(len(whole))
    chances = np.array([0.1, 0.2, 0.3])
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(gathering, "BLOCK", block)
        patch.setattr(mapped, "_BLOCK", block)
        patch.setattr(per_row, "FILED_FROM", 1 if seed % 2 else 8_000_000)
        places = [Path(folder) / str(at) for at in range(len(frames) + 1)]
        for place in places:
            place.mkdir()
        for frame, place in zip(frames, places, strict=False):
            write_mapped(frame, place, {"of": 1}, BLOCKS)
            _same(MappedFrame.opened(place).whole(), frame)
        parts = [MappedFrame.opened(place) for place in places[:-1]]
        derived = {"chance": Derived(chances, "bucket"), "place": Derived(np.arange(len(whole)))}
        gathered(parts, order, places[-1], {"listed": 3}, derived, apart=["own"])
        found = MappedFrame.opened(places[-1])
        wanted = whole.iloc[order].reset_index(drop=True)
        told = wanted.assign(chance=chances[wanted["bucket"].to_numpy()], place=np.arange(len(whole)))
        _same(found.whole(), told)
        _same(found.some(np.arange(len(whole))[::-2], ["kind", "p__b"]), told[["kind", "p__b"]].iloc[::-2])
        assert found.facts == {"listed": 3} and found.of_rows(whole["row"].tolist()).tolist() == list(range(len(whole)))


def test_what_is_not_there_or_too_large_is_refused(tmp_path: Path) -> None:
    with refused(PresencaError, "danificad"):
        MappedFrame.opened(tmp_path)
    write_mapped(_frame(1, 9, ("a",)), tmp_path)
    with refused(PresencaError, "linhas"):
        MappedFrame.opened(tmp_path).whole(most=100)
    (tmp_path / "002.npy").write_bytes(b"nothing")
    with refused(PresencaError, "danificad"):
        MappedFrame.opened(tmp_path).array("p__a")


def test_a_column_of_no_fixed_width_is_not_taken(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="fixed width"):
        write_mapped(pd.DataFrame({"x": [object()]}), tmp_path)
