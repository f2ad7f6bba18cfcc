"""What a page works out once: kept while what it was made of is the same, the newest of a kind, whatever lies there."""

from __future__ import annotations

import pytest

from pipeline.records import Interval
from pipeline.services import Session, open_workspace
from pipeline.services.pages import keeping
from pipeline.services.pages.keeping import Kept


class _Asked:
    """Works an answer out, and counts how often it had to."""

    def __init__(self, found: Interval | None) -> None:
        self.found, self.times = found, 0

    def __call__(self) -> Interval | None:
        self.times += 1
        return self.found


@pytest.fixture
def kept(workspace_home: object) -> Kept[Interval]:
    return Kept(Session(open_workspace()), "measured", "abc", Interval)


@pytest.mark.parametrize("found", [Interval(0.5, 0.4, 0.6), None])
def test_an_answer_is_made_once_and_anew_in_another_state(kept: Kept[Interval], found: Interval | None) -> None:
    asked = _Asked(found)
    assert kept.known("one", [["a", 1]]) is None
    for _ in range(2):
        assert kept.worked_out("one", [["a", 1]], asked) == found
    assert asked.times == 1 and kept.known("one", [["a", 1]]) == found
    assert kept.worked_out("one", [["a", 2]], asked) == found and asked.times == 2
    assert kept.known("one", [["a", 1]]) is None


def test_the_newest_stay_and_those_of_another_series_are_others(
    kept: Kept[Interval], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "_MOST", 2)
    for name in ("one", "two", "one", "three"):
        kept.worked_out(name, [[name, 1 if name != "one" else len(name)]], _Asked(Interval(0.5, 0.4, 0.6)))
    assert [kept.known(name, [[name, 1]]) is not None for name in ("two", "three")] == [True, True]
    other = Kept(kept.session, "measured", "xyz", Interval)
    assert other.known("three", [["three", 1]]) is None


def test_what_an_earlier_version_kept_is_no_answer(kept: Kept[Interval]) -> None:
    old = {"model": "one", "of": [["a", 1]], "found": None, "pair": {"of": []}}
    kept.session.workspace.set_setting("measured:abc", old)
    asked = _Asked(Interval(0.5, 0.4, 0.6))
    assert kept.known("model", [["a", 1]]) is None
    assert kept.worked_out("model", [["a", 1]], asked) == asked.found
