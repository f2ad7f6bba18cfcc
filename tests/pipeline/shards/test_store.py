"""Rows in shards come back as they were: dtypes, categories, order; damage is said; addresses may be fsspec's."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import PresencaError
from pipeline.products import all_products
from pipeline.shards import store
from pipeline.shards.layout import shard_of

PRODUCT = next(product for product in all_products() if product.has_agenda)
UNITS = pd.Index(["Sul", "Norte", "Nenhuma"], dtype="str")  # an order of their own, and one that no row has


def rows(number: int = 60) -> pd.DataFrame:
    draw = np.random.default_rng(3)
    patients = pd.Index([f"p{n}" for n in range(20)], dtype="str")
    return pd.DataFrame(
        {
            "row": np.arange(2, number + 2),
            "patient_id": pd.Categorical.from_codes(draw.integers(-1, 20, number), categories=patients),
            "unit": pd.Categorical.from_codes(draw.integers(-1, 2, number), categories=UNITS),
            "scheduled_date": np.datetime64("2026-01-01", "us") + draw.integers(0, 90, number).astype("m8[D]"),
            "age": draw.random(number).astype("float32"),
            "event_id": draw.integers(0, 2**63, number).astype("uint64"),
        }
    )


def cut(frame: pd.DataFrame, number: int, address: str) -> store.ShardedRows:
    shard = shard_of(frame, PRODUCT, number)

    def part(of: int) -> pd.DataFrame:
        found = frame.loc[shard == of].reset_index(drop=True)
        return found.assign(patient_id=found["patient_id"].cat.remove_unused_categories())

    return store.written(address, PRODUCT, "abc", number, part)


@pytest.mark.parametrize("number", [1, 3, 8])
def test_all_rows_come_back_as_they_were(tmp_path: Path, number: int) -> None:
    frame = rows()
    cut(frame, number, str(tmp_path / "rows"))
    found = store.opened(str(tmp_path / "rows"))
    assert found is not None and found.number == number and found.total == len(frame)
    shards = [found.read(shard) for shard in range(number)]
    for shard in shards:
        assert shard["row"].is_monotonic_increasing and list(shard["unit"].cat.categories) == list(UNITS)
        assert shard.dtypes.drop("patient_id").equals(frame.dtypes.drop("patient_id"))
        assert set(shard["patient_id"].cat.categories) == set(shard["patient_id"].dropna())
    whole = pd.concat([shard.assign(patient_id=shard["patient_id"].astype("object")) for shard in shards])
    expected = frame.assign(patient_id=frame["patient_id"].astype("object"))
    pd.testing.assert_frame_equal(whole.sort_values("row", ignore_index=True), expected, check_dtype=False)


def test_some_columns_are_read_in_the_order_asked(tmp_path: Path) -> None:
    found = cut(rows(), 2, str(tmp_path / "rows"))
    assert list(found.read(1, ["unit", "row"]).columns) == ["unit", "row"]
    with pytest.raises(KeyError):
        found.read(0, ["name"])


def test_what_travels_is_an_address(tmp_path: Path) -> None:
    found = cut(rows(), 2, str(tmp_path / "rows"))
    found.read(0)
    sent = pickle.dumps(found)
    assert len(sent) < 1_000
    pd.testing.assert_frame_equal(pickle.loads(sent).read(0), found.read(0))


def test_damage_names_the_file(tmp_path: Path) -> None:
    found = cut(rows(2_000), 2, str(tmp_path / "rows"))
    place = tmp_path / "rows" / store.rows_name(0, 2)
    whole = bytearray(place.read_bytes())
    whole[300] ^= 255
    for broken in (bytes(whole), b"", None):
        place.unlink(missing_ok=True)
        if broken is not None:
            place.write_bytes(broken)
        with pytest.raises(PresencaError) as refused:
            found.read(0)
        assert refused.value.note.code == "shards.damaged"


def test_without_its_manifest_nothing_is_there(tmp_path: Path) -> None:
    def breaks(of: int) -> pd.DataFrame:
        if of:
            raise KeyboardInterrupt
        return rows()

    with pytest.raises(KeyboardInterrupt):
        store.written(str(tmp_path / "rows"), PRODUCT, "abc", 2, breaks)
    assert store.opened(str(tmp_path / "rows")) is None


def test_shards_that_differ_are_refused(tmp_path: Path) -> None:
    other = rows().assign(unit=pd.Categorical(["Sul"] * 60))
    with pytest.raises(ValueError, match="same columns"):
        store.written(str(tmp_path / "rows"), PRODUCT, "abc", 2, lambda of: other if of else rows())


def test_an_address_of_fsspec(tmp_path: Path) -> None:
    pytest.importorskip("fsspec")
    address = "memory://shards/of-a-test"
    cut(rows(), 3, address)
    found = store.opened(address)
    assert found is not None and sum(len(found.read(shard)) for shard in range(3)) == 60
    with pytest.raises(PresencaError) as refused:
        store.opened("nothing-like-it://x")
    assert refused.value.note.code == "shards.no_fsspec"
