"""No hidden cell can be worked out: a solver tries, from the margins and all that is shown."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog

from pipeline.insight.groups.suppression import LEAST, hidden

COUNTS = st.integers(0, 60)


def bounds(counts: np.ndarray, gone: np.ndarray) -> list[tuple[float, float]]:
    """What each hidden cell can be at least and at most, given what is shown and the margins (or the total)."""
    at = np.argwhere(gone)
    equations, totals = [], []
    axes = [None] if counts.ndim == 1 else [0, 1]
    for axis in axes:
        for place in range(1 if axis is None else counts.shape[axis]):
            inside = np.ones(len(at), bool) if axis is None else at[:, axis] == place
            if inside.any():
                equations.append(inside.astype(float))
                totals.append(sum(counts[tuple(cell)] for cell in at[inside]))
    found = []
    for one in range(len(at)):
        aim = np.zeros(len(at))
        aim[one] = 1
        ends = [linprog(sign * aim, A_eq=equations, b_eq=totals, bounds=(0, None)) for sign in (1, -1)]
        found.append((ends[0].fun, -ends[1].fun))
    return found


@given(arrays(np.int64, st.integers(1, 9), elements=COUNTS))
def test_a_group_cannot_be_solved_from_the_total(counts: np.ndarray) -> None:
    gone = hidden(counts)
    assert gone[(counts > 0) & (counts < LEAST)].all() and not gone[counts == 0].any()
    if (counts > 0).sum() > 1:
        assert all(high - low >= 1 for low, high in bounds(counts, gone)), (counts, gone)


@settings(max_examples=10)
@given(arrays(np.int64, st.tuples(st.integers(2, 4), st.integers(2, 4)), elements=st.integers(1, 40)))
def test_a_cell_cannot_be_solved_from_its_margins(counts: np.ndarray) -> None:
    gone = hidden(counts)
    assert gone[counts < LEAST].all()
    assert all(high - low >= 1 for low, high in bounds(counts, gone)), (counts, gone)


def test_cells_that_need_no_hiding_stay() -> None:
    assert not hidden(np.array([8, 9, 100])).any()
    assert hidden(np.array([3, 50, 9, 0])).tolist() == [True, False, True, False]
    table = np.array([[3, 50, 40], [60, 20, 70], [80, 90, 95]])
    assert hidden(table).tolist() == [[True, False, True], [True, False, True], [False, False, False]] or (
        hidden(table).sum() == 4
    )


@pytest.mark.parametrize("table", [np.zeros((2, 3), int), np.array([[5]]), np.array([], int)])
def test_odd_tables_are_no_trouble(table: np.ndarray) -> None:
    assert hidden(table).shape == table.shape
