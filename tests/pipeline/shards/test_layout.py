"""Which shard a row lies in: its patient's, else its event's, else its own; the same again, whatever lies beside it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from pipeline.contract import Role
from pipeline.products import all_products
from pipeline.shards.layout import number_for, shard_of

NO_SHOW, SATISFACTION = all_products()[0], all_products()[1]
if NO_SHOW.by_role(Role.PATIENT) is None:
    NO_SHOW, SATISFACTION = SATISFACTION, NO_SHOW
PATIENT = NO_SHOW.by_role(Role.PATIENT).key


def of_patients(names: list[str | None], number: int) -> np.ndarray:
    rows = pd.DataFrame({"row": np.arange(2, len(names) + 2), PATIENT: pd.Categorical(names)})
    return shard_of(rows, NO_SHOW, number)


@given(st.lists(st.one_of(st.none(), st.sampled_from(["1", "2", "Ana", "ana", "é"])), max_size=30), st.integers(1, 9))
def test_a_patient_lies_in_one_shard_whatever_lies_beside(names: list[str | None], number: int) -> None:
    found = of_patients(names, number)
    assert found.dtype == np.int64 and ((found >= 0) & (found < number)).all()
    for name in {name for name in names if name}:
        assert set(found[[one == name for one in names]]) == {of_patients([name], number)[0]}


def test_rows_of_nobody_are_spread_by_their_number() -> None:
    found = of_patients([None] * 4_000, 8)
    assert np.bincount(found, minlength=8).min() > 400
    assert (of_patients([None] * 4_001, 8)[:4_000] == found).all()


def test_patients_are_spread_evenly() -> None:
    assert np.bincount(of_patients([str(n) for n in range(8_000)], 8), minlength=8).min() > 800


def test_without_patients_the_event_decides() -> None:
    rows = pd.DataFrame({"row": [2, 3, 4, 5], "event_id": np.array([7, 0, 7, 0], "uint64")})
    for number in (2, 8, 64):
        found = shard_of(rows, SATISFACTION, number)
        assert found[0] == found[2]
    assert len(set(shard_of(rows, SATISFACTION, 10_000).tolist())) == 3


def test_a_shard_is_never_empty_of_meaning() -> None:
    assert [number_for(rows) for rows in (0, 1, 20_000, 20_001, 320_000, 500_000, 10_000_000)] == [
        1,
        1,
        1,
        4,
        4,
        8,
        128,
    ]
    assert [number_for(rows, past) for rows, past in ((1, 159_999), (1, 160_000), (190_000, 10_000_000))] == [1, 4, 20]
