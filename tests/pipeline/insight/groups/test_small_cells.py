"""What is left of tables of groups tells of nobody in particular: a solver tries, with the totals beside them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.insight.groups import small_cells
from pipeline.insight.groups.suppression import LEAST
from pipeline.records import Interval, LateCancellations, LateGroup
from pipeline.records.effects import ArmRate, ArmsCompared, Effect, EffectReport
from pipeline.records.places import PlaceCell, PlaceLevel, PlaceOverview, PlacePeriod, PlaceRow
from pipeline.records.skill import GroupSkill, SkillSplit
from pipeline.records.themes import ThemeOverview, ThemeRow
from tests.pipeline.insight.groups.test_suppression import bounds

FEW = Interval(0.5, 0.4, 0.6)
PAIRS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=7)


def assert_nobody_is_told(counts: list[int], shown: set[int], rest: int) -> None:
    """No hidden group follows from the total and what is shown; `rest`: what is in no group."""
    table = np.array([*counts, rest])
    gone = np.array([*(place not in shown for place in range(len(counts))), True]) & (table > 0)
    assert all(counts[place] == 0 or counts[place] >= LEAST for place in shown)
    if gone[:-1].any() and shown & {place for place, count in enumerate(counts) if count}:
        assert table[gone].sum() >= LEAST
        assert all(high - low >= LEAST - 1 for low, high in bounds(table, gone)), (counts, shown, rest)


@given(PAIRS, st.integers(0, 12), st.integers(0, 12))
def test_late_cancellations_tell_of_no_few(pairs: list[tuple[int, int]], rest: int, other: int) -> None:
    groups = tuple(LateGroup(str(place), n + k, k, FEW) for place, (n, k) in enumerate(pairs))
    late, kept = [k for _, k in pairs], [n for n, _ in pairs]
    whole = LateCancellations(
        2, sum(late) + sum(kept) + rest + other, sum(late) + rest, None, 0, 0, (("unit", groups),)
    )
    shown = {int(one.value) for one in small_cells.late(whole).groups[0][1]}
    assert_nobody_is_told(late, shown, rest)
    assert_nobody_is_told(kept, shown, other)


def arm(n: int, events: int) -> ArmRate:
    return ArmRate(n, n, n, events, 0, 0, None)


@given(PAIRS, st.integers(0, 12))
def test_effects_by_group_tell_of_no_few(pairs: list[tuple[int, int]], rest: int) -> None:
    def made(group: str, n: int, k: int) -> Effect:
        return Effect(group, arm(n + k, k), arm(n + 9, 9), None, None, None)

    found = tuple(made(str(place), n, k) for place, (n, k) in enumerate(pairs))
    whole = Effect("", arm(sum(map(sum, pairs)) + rest, sum(k for _, k in pairs)), arm(999, 500), None, None, None)
    report = small_cells.effects(EffectReport(whole, whole, (("unit", found),)))
    shown = {int(one.group) for one in report.groups[0][1]}
    assert_nobody_is_told([n + k for n, k in pairs], shown, rest)
    assert_nobody_is_told([k for _, k in pairs], shown, 0)


@given(PAIRS)
def test_a_models_test_by_group_tells_of_no_few(pairs: list[tuple[int, int]]) -> None:
    groups = tuple(GroupSkill(str(place), n + k, k, 0.3, FEW, FEW, None, None) for place, (n, k) in enumerate(pairs))
    (left,) = small_cells.splits([SkillSplit("unit", groups)])
    shown = {int(one.value) for one in left.groups}
    assert_nobody_is_told([k for _, k in pairs], shown, 0)
    assert_nobody_is_told([n for n, _ in pairs], shown, 0)


def level(events: int) -> PlaceLevel:
    return PlaceLevel(events, events, 0, None, None, 0, None)


def test_places_themes_and_months_of_few_are_empty_with_others() -> None:
    sizes = {"a": 100, "b": 90, "c": 3}
    rows = tuple(PlaceRow(name, 0, level(n), "unclear", ()) for name, n in sizes.items())
    themes = tuple(
        PlaceCell(name, theme, theme, n, FEW)
        for (name, theme), n in {("a", "x"): 5, ("a", "y"): 40, ("b", "x"): 30, ("b", "y"): 20}.items()
    )
    months = tuple(PlacePeriod(name, month, level(n)) for name in "ab" for month, n in (("1", 40), ("2", 5)))
    view = PlaceOverview("unit", level(193), 0, rows, themes, months, False, 1, 0.05)
    left = small_cells.places(view)
    assert [row.value for row in left.rows] == ["a"]  # the smallest of the others goes with the one of few
    assert [(cell.comments, cell.negative) for cell in left.themes] == [(0, None), (0, None)]
    assert [one.period for one in left.periods] == [] and left.hidden == 2 + 4 + 4


def test_themes_of_few_comments_are_not_handed_on() -> None:
    found = ThemeOverview(
        100, 0, 90, None, tuple(theme(name, n) for name, n in (("a", 40), ("b", 7), ("c", 0))), (), None
    )
    assert [one.key for one in small_cells.themes(found).themes] == ["a", "c"]


def theme(key: str, comments: int) -> ThemeRow:
    return ThemeRow(key, key, comments, FEW, 0, None, None, "watch")


def test_a_filter_that_leaves_few_in_or_out_is_known() -> None:
    assert small_cells.tells_few(3, []) and small_cells.tells_few(100, [500, 105])
    assert not small_cells.tells_few(100, [100, 108]) and not small_cells.tells_few(0, [50])


def ways(*counts: tuple[int, int]) -> EffectReport:
    """Ways of contacting (judged, events), the first one first."""
    first, *others = counts
    made = tuple(Effect(str(place), arm(*one), arm(*first), None, None, None) for place, one in enumerate(others, 1))
    whole = Effect("", arm(999, 500), arm(999, 500), None, None, None)
    return EffectReport(whole, whole, arms=(ArmsCompared("channel", tuple(map(str, range(len(counts)))), made),))


def test_ways_of_contacting_of_few_are_not_told_and_are_counted() -> None:
    assert small_cells.effects(ways((40, 20), (50, 20))).hidden == 0
    few = small_cells.effects(ways((40, 20), (50, 3)))  # the other would tell of it
    assert (few.arms, few.hidden) == ((), 1)
    three = small_cells.effects(ways((40, 20), (50, 3), (60, 12), (70, 30)))
    assert [one.group for one in three.arms[0].effects] == ["3"] and three.hidden == 2
    assert small_cells.effects(ways((40, 3), (50, 20), (60, 30))).arms == ()


@given(PAIRS)
def test_what_is_hidden_is_counted_also_where_it_is_asked_again(pairs: list[tuple[int, int]]) -> None:
    groups = tuple(LateGroup(str(place), n + k, k, FEW) for place, (n, k) in enumerate(pairs))
    view = LateCancellations(2, sum(map(sum, pairs)), sum(k for _, k in pairs), None, 0, 0, (("unit", groups),))
    once = small_cells.late(view)
    assert once.hidden == len(groups) - len(once.groups[0][1])
    assert small_cells.late(once).hidden >= once.hidden
