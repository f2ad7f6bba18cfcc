"""Who fails waits longer each time, never for ever, and never for what was long ago."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.access.lockout import FIRST_WAIT, FREE_TRIES, LONGEST_WAIT, WINDOW, wait

moments = st.lists(st.floats(0, WINDOW * 2), max_size=40)


def test_the_first_tries_are_free_and_then_the_wait_doubles() -> None:
    assert wait([0.0] * (FREE_TRIES - 1), 0.0) == 0
    assert [wait([0.0] * (FREE_TRIES + more), 0.0) for more in range(4)] == [FIRST_WAIT * 2**n for n in range(4)]
    assert wait([0.0] * 500, 1.0) == LONGEST_WAIT - 1


@given(moments, st.floats(0, WINDOW * 2))
def test_a_wait_is_never_longer_than_the_longest_and_ends(failures: list[float], now: float) -> None:
    left = wait(failures, now)
    assert 0 <= left <= LONGEST_WAIT
    assert wait([one for one in failures if one <= now], now + left + 0.001) == 0
    assert wait(failures, max([now, *failures]) + WINDOW) == 0


@given(moments, st.floats(0, WINDOW * 2))
def test_another_failure_never_shortens_the_wait(failures: list[float], now: float) -> None:
    assert wait([*failures, now], now) >= wait(failures, now)
