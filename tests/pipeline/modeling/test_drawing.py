"""A part of the rows: the shares of each day and outcome, whatever the order or the pieces that they come in."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.modeling import drawing
from pipeline.modeling.training_set import prepare
from pipeline.products.no_show import PRODUCT
from tests.pipeline.modeling.clinics import clinic

ROWS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 1)), min_size=1, max_size=200)


def _columns(rows: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    day, outcome = np.array(rows, dtype=np.int64).T
    return day, outcome.astype(np.float64), np.arange(2, len(rows) + 2)


@given(ROWS, st.floats(0, 1), st.randoms(use_true_random=False))
def test_the_order_and_the_pieces_of_a_file_draw_the_same_rows(rows: list, share: float, random: object) -> None:
    day, outcome, number = _columns(rows)
    size = round(share * len(rows))
    drawn = number[drawing.part(day, outcome, number, size)]
    assert len(drawn) == size
    order = np.array(random.sample(range(len(rows)), len(rows)), dtype=np.int64)  # type: ignore[attr-defined]
    pieces = [order[k::3] for k in range(3)]  # of three shards, one after the other
    for mixed in (order, np.concatenate(pieces)):
        again = drawing.part(day[mixed], outcome[mixed], number[mixed], size)
        assert sorted(number[mixed][again]) == list(drawn)


@given(ROWS, st.floats(0, 1))
def test_each_day_and_outcome_keeps_its_share(rows: list, share: float) -> None:
    day, outcome, number = _columns(rows)
    size = round(share * len(rows))
    drawn = drawing.part(day, outcome, number, size)
    for stratum in {(d, o) for d, o in rows}:
        inside = (day == stratum[0]) & (outcome == stratum[1])
        assert abs(int(drawn[inside].sum()) - inside.sum() * size / len(rows)) < 1


def test_few_rows_all_teach_and_a_rare_outcome_keeps_enough() -> None:
    outcome = np.zeros(100_000)
    outcome[::20] = 1
    assert drawing.size_of(outcome, None) == drawing.size_of(outcome, 100_000) == 100_000
    assert drawing.size_of(outcome, 50_000) == 100_000, "of 5,000 events none may go"
    outcome[::2] = 1
    assert drawing.size_of(outcome, 50_000) == 50_000


def test_columns_of_a_part_are_those_of_all_rows_and_the_others_are_kept_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "LEAST_EVENTS", 100)
    rows = clinic(6_000, 3).rows
    whole, part = prepare(rows, PRODUCT), prepare(rows, PRODUCT, most=1_500)
    drawn = np.isin(whole.places, part.places)
    assert len(part.outcome) == 1_500 and part.rest is not None and part.available == len(whole.outcome)
    shared = [name for name in whole.table if name in part.table]
    assert len(shared) > 20
    pd.testing.assert_frame_equal(
        part.table[shared], whole.table.loc[drawn, shared].reset_index(drop=True), check_exact=True
    )
    assert list(part.rest.row) == list(whole.rows["row"].to_numpy()[~drawn])
    assert part.replayed is not None and whole.replayed is not None
    pd.testing.assert_frame_equal(
        part.replayed[shared], whole.replayed.loc[drawn, shared].reset_index(drop=True), check_exact=True
    )
    assert abs(part.outcome.mean() - whole.outcome.mean()) < 0.005
