"""Whatever is done in whatever order: only what may follow follows, counts add up, measures say what happened."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from pipeline.action import changes, counting, deadlines, measures
from pipeline.contract import Alert
from pipeline.errors import PresencaError
from pipeline.products.satisfaction import PRODUCT
from pipeline.records import FollowUp, FollowUpChange, FollowUpFilter, FollowUpState
from tests.refusals import refused

BEGUN = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone(dt.timedelta(hours=-3)))
STATES, KEYS, PEOPLE = list(FollowUpState), ["a", "b", "c", "d"], ["", "Ana", "Bia"]


def hours(many: float) -> dt.timedelta:
    return dt.timedelta(hours=many)


def new(key: str = "a", due: float | None = 72) -> FollowUp:
    return FollowUp(key, FollowUpState.NEW, "", BEGUN, None if due is None else BEGUN + hours(due))


class Clinic(RuleBasedStateMachine):
    """Four comments, people who do things about them, a clock that goes on; beside them, what was done, told again."""

    def __init__(self) -> None:
        super().__init__()
        self.now = BEGUN
        self.found = {key: new(key, None if key == "d" else 24) for key in KEYS}
        self.done: dict[str, list[object]] = {key: [] for key in KEYS}

    @rule(many=st.integers(1, 30))
    def wait(self, many: int) -> None:
        self.now += hours(many)

    @rule(
        key=st.sampled_from(KEYS),
        state=st.sampled_from([None, *STATES]),
        owner=st.sampled_from([None, *PEOPLE]),
        note=st.sampled_from(["", "Liguei."]),
    )
    def act(self, key: str, state: FollowUpState | None, owner: str | None, note: str) -> None:
        before, change = self.found[key], FollowUpChange(state, owner, note, "Ana")
        if state is not None and state != before.state and state not in changes.ALLOWED[before.state]:
            with refused(PresencaError, match="não está mais no estado"):
                changes.changed(before, change, self.now, "person")
            return
        after, done = changes.changed(before, change, self.now, "person")
        assert after.version - before.version == bool(done) and after.notes - before.notes == bool(note)
        assert (after == before) == (not done)
        self.found[key] = after
        self.done[key] += done

    @precondition(lambda self: any(one.answered for one in self.found.values()))
    @rule()
    def take_back(self) -> None:
        """What was a mistake was no answer."""
        key = next(key for key, one in self.found.items() if one.answered)
        after, _ = changes.changed(self.found[key], FollowUpChange(FollowUpState.ANSWERING), self.now, "person")
        self.found[key], done = changes.changed(after, FollowUpChange(FollowUpState.NEW), self.now, "person")
        self.done[key] = []
        assert self.found[key].answered is None and done

    @invariant()
    def counts_add_up(self) -> None:
        told = counting.counts(self.found.values(), self.now)
        assert sum(n for _, n in told.states) == sum(n for _, n in told.owners) == told.total == len(KEYS)
        late = [k for k, one in self.found.items() if counting.passes(one, FollowUpFilter(overdue=True), self.now)]
        assert told.overdue == len(late) <= told.open <= told.total and "d" not in late
        for state, n in told.states:
            assert n == sum(counting.passes(f, FollowUpFilter((state,)), self.now) for f in self.found.values())
        for owner, n in told.owners:
            assert n == sum(counting.passes(f, FollowUpFilter(owner=owner), self.now) for f in self.found.values())

    @invariant()
    def the_history_leads_to_where_it_is(self) -> None:
        for key, one in self.found.items():
            states = [event for event in self.done[key] if event.what == "state"]  # type: ignore[attr-defined]
            if states:
                assert states[-1].after == one.state  # type: ignore[attr-defined]
            assert (one.answered is None) or one.taken_in <= one.answered <= self.now
            assert (one.state not in changes.ANSWERS) or one.answered is not None

    @invariant()
    def every_asked_comment_is_judged_waits_or_was_not_reached(self) -> None:
        told = measures.measure(tuple(self.found.values()), self.now)
        assert told.judged + told.waiting + told.unreached == sum(one.due is not None for one in self.found.values())
        assert (told.in_time is None) == (told.judged == 0) and (told.hours is None) == (told.answered == 0)
        parts = measures.by_group(self.found.values(), ["x", "y", "x", "y"], self.now)
        assert [sum(getattr(p, n) for p in parts) for n in ("events", "answered", "judged", "waiting")] == [
            getattr(told, n) for n in ("events", "answered", "judged", "waiting")
        ]


TestClinic = Clinic.TestCase


def test_measures_are_of_the_first_answer_and_of_those_that_were_due() -> None:
    def answered(due: float | None, after: float) -> FollowUp:
        return replace(new(due=due), state=FollowUpState.ANSWERED, answered=BEGUN + hours(after))

    found = (
        answered(24, 2),
        answered(24, 24),  # at the very moment: in time
        answered(24, 25),
        answered(None, 100),  # nobody waited for it: it has its time, and is not judged
        new(due=24),  # late
        new(due=48),  # there is still time
        replace(new(due=24), state=FollowUpState.UNREACHED),
    )
    told = measures.measure(found, BEGUN + hours(30), "Centro")
    assert (told.group, told.events, told.answered, told.hours) == ("Centro", 7, 4, 24.5)
    assert told.in_time is not None and told.in_time.value == 0.5 and (told.judged, told.waiting) == (4, 1)
    assert told.unreached == 1
    assert told.in_time.low is not None and told.in_time.low < 0.5 < (told.in_time.high or 0)


def test_a_clock_that_was_set_back_makes_no_negative_time() -> None:
    early = replace(new(), state=FollowUpState.ANSWERED, answered=BEGUN - hours(3))
    assert measures.measure((early,), BEGUN).hours == 0


def test_the_most_pressing_alert_sets_the_time_and_a_detractor_has_three_days() -> None:
    declared = replace(
        PRODUCT,
        alerts=(
            Alert("death", "obito", "Óbito", ("morreu",), answer_hours=4),
            Alert("legal", "ameaca_legal", "Ameaça", ("processo",), answer_hours=24),
        ),
    )
    assert deadlines.answer_hours(declared, "promoter", ["death", "legal"]) == 4
    assert deadlines.answer_hours(declared, "", ["ameaca_legal"]) == 24
    assert deadlines.answer_hours(declared, "detractor") == 72
    assert deadlines.answer_hours(declared, "neutral", ["unheard_of"]) is None


@given(st.floats(0, 500))
def test_overdue_is_open_unanswered_and_past(after: float) -> None:
    one, now = new(due=72), BEGUN + hours(after)
    assert deadlines.is_overdue(one, now) == (now > BEGUN + hours(72))
    assert not deadlines.is_overdue(new(due=None), now)
    for state in (FollowUpState.UNREACHED, FollowUpState.RESOLVED):
        assert not deadlines.is_overdue(replace(one, state=state), now)


@pytest.mark.parametrize("state", STATES)
def test_every_state_can_be_left_and_come_back_to_new(state: FollowUpState) -> None:
    reached = {state}
    for _ in STATES:
        reached |= {after for before in reached for after in changes.ALLOWED[before]}
    assert reached == set(STATES)
    assert state == FollowUpState.NEW or FollowUpState.NEW in changes.ALLOWED[state]
