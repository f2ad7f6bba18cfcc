"""Where each patient stands: reached, tried, muted, being called; and that a contact changes nothing before itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.action.contacts import standing
from pipeline.action.contacts.queueing import Known, counts, free, muted, queue
from pipeline.records.contacts import Channel, Contact, Lease, ListEntry, Mute, QueueSettings, QueueState, RiskOverride
from pipeline.records.contacts import ContactOutcome as Came

ZONE = dt.timezone(dt.timedelta(hours=-3))
NOW = dt.datetime(2026, 11, 23, 12, tzinfo=ZONE)
TOMORROW = NOW.date() + dt.timedelta(days=1)
SETTINGS = QueueSettings(calls_a_day=40, retry_hours=3, most_attempts=3, mute=Mute(7, (("Sul", 1),)))

WAITING, LATER, DONE, UNREACHED = QueueState.WAITING, QueueState.LATER, QueueState.DONE, QueueState.UNREACHED


def entry(key: str, patient: str = "a", risk: float = 0.4, arm: str = "contact", unit: str = "Norte") -> ListEntry:
    return ListEntry(key, patient, arm, risk, TOMORROW, unit)


def contact(
    outcome: Came, hours: float = 1, key: str = "1", patient: str = "a", call: str = "", undoes: str = ""
) -> Contact:
    at = NOW - dt.timedelta(hours=hours)
    return Contact(key, patient, at, Channel.CALL, outcome, call or f"{outcome}{hours}{key}", undoes=undoes)


def states(entries: list[ListEntry], *contacts: Contact, **known: object) -> dict[str, QueueState]:
    made = Known(SETTINGS, NOW, contacts, **known)  # type: ignore[arg-type]
    return {one.patient: one.state for one in queue(entries, made)}


@pytest.mark.parametrize(
    ("contacts", "state"),
    [
        ((), WAITING),
        ((contact(Came.CONFIRMED),), DONE),
        ((contact(Came.CANCELLED),), DONE),
        ((contact(Came.RESCHEDULED),), DONE),
        ((contact(Came.REFUSED),), DONE),
        ((contact(Came.NO_ANSWER, 1),), LATER),
        ((contact(Came.NO_ANSWER, 4),), WAITING),
        ((contact(Came.MESSAGE_LEFT, 1),), LATER),
        ((contact(Came.NO_ANSWER, 9), contact(Came.NO_ANSWER, 6), contact(Came.MESSAGE_LEFT, 4)), UNREACHED),
        ((contact(Came.WRONG_NUMBER, 90),), UNREACHED),
        ((contact(Came.CONFIRMED, 30, key="9"),), QueueState.MUTED),
        ((contact(Came.CONFIRMED, 24 * 8, key="9"),), WAITING),
        ((contact(Came.CONFIRMED, 1, call="c"), contact(Came.CONFIRMED, 0, call="u", undoes="c")), WAITING),
    ],
)
def test_where_a_patient_stands(contacts: tuple[Contact, ...], state: QueueState) -> None:
    assert states([entry("1")], *contacts) == {"a": state}


def test_a_unit_may_mute_for_other_days() -> None:
    told = contact(Came.CONFIRMED, 30, key="9")
    assert states([entry("1", unit="Sul")], told) == {"a": WAITING}
    assert muted([told], {"a": "Norte"}, SETTINGS, NOW) == {"a"} and muted([told], {"a": "Sul"}, SETTINGS, NOW) == set()


def test_the_control_group_is_in_the_list_and_never_in_the_queue() -> None:
    known = Known(SETTINGS, NOW)
    found = queue([entry("1", arm="control"), entry("2", "b")], known)
    assert [one.patient for one in free(found)] == ["b"]
    told = counts(found, (), known)
    assert told.patients == 2 and told.of(QueueState.CONTROL) == 1 and sum(n for _, n in told.states) == 2


def test_what_no_longer_stands_or_is_never_called_leaves() -> None:
    entries = [entry("1"), entry("2"), entry("3", "b"), entry("4", "c")]
    found = queue(entries, Known(SETTINGS, NOW, gone={"1", "3"}, never={"4"}))
    assert {one.patient: (one.state, one.keys) for one in found} == {
        "a": (WAITING, ("2",)),
        "b": (QueueState.OVER, ("3",)),
        "c": (QueueState.NEVER, ("4",)),
    }
    past = replace(entry("1"), day=NOW.date() - dt.timedelta(days=1))
    assert states([past]) == {"a": QueueState.OVER}


def test_somebody_elses_lease_holds_until_it_runs_out_and_ones_own_does_not() -> None:
    lease = Lease("a", "Ana", NOW + dt.timedelta(minutes=1), "x")
    assert states([entry("1")], leases=[lease]) == {"a": QueueState.CALLING}
    assert states([entry("1")], leases=[lease], holder="x") == {"a": WAITING}
    assert states([entry("1")], leases=[replace(lease, until=NOW)]) == {"a": WAITING}


def test_a_risk_set_by_hand_moves_its_patient() -> None:
    entries = [entry("1", "a", 0.9), entry("2", "b", 0.6), entry("3", "c", 0.3)]
    set_ = RiskOverride("1", 0.4, "Ligou ontem.", NOW - dt.timedelta(hours=1))
    assert [one.patient for one in queue(entries, Known(SETTINGS, NOW, overrides=[set_]))] == ["b", "a", "c"]
    low = replace(SETTINGS, floor=0.5)
    assert [one.state for one in queue(entries[:1], Known(low, NOW, overrides=[set_]))] == [QueueState.BELOW]


MOMENTS = st.integers(-100, 100).map(lambda hours: NOW + dt.timedelta(hours=hours))
CONTACTS = st.lists(
    st.builds(
        Contact,
        st.sampled_from("123"),
        st.just("a"),
        MOMENTS,
        st.just(Channel.CALL),
        st.sampled_from(list(Came)),
        st.uuids().map(str),
    ),
    max_size=12,
)


@given(CONTACTS, MOMENTS)
def test_a_contact_changes_nothing_before_its_own_moment(contacts: list[Contact], as_of: dt.datetime) -> None:
    keys, risk = ["1", "2", "3"], np.array([0.2, 0.5, 0.8])
    before = [one for one in contacts if one.at <= as_of]
    now = standing.risks(keys, risk, contacts, [], as_of)
    assert now.tolist() == standing.risks(keys, risk, before, [], as_of).tolist()
    assert (now <= risk).all()
    first = min((one.at for one in contacts), default=as_of)
    assert standing.risks(keys, risk, contacts, [], first - dt.timedelta(hours=1)).tolist() == risk.tolist()


@given(CONTACTS)
def test_the_queue_knows_each_patient_once_and_calls_nobody_who_was_reached(contacts: list[Contact]) -> None:
    entries = [entry("1"), entry("2"), entry("3", "b")]
    known = Known(SETTINGS, NOW, contacts)
    found = queue(entries, known)
    assert sorted(one.patient for one in found) == ["a", "b"]
    assert counts(found, contacts, known).patients == 2
    reached = any(one.outcome in standing.REACHED and one.at <= NOW and one.key in "12" for one in contacts)
    assert not reached or "a" not in [one.patient for one in free(found)]


def test_a_confirmation_lowers_and_a_cancellation_ends_what_is_expected() -> None:
    contacts = [contact(Came.CONFIRMED, 2, "1"), contact(Came.CANCELLED, 2, "2"), contact(Came.NO_ANSWER, 1, "1")]
    risk = standing.risks(["1", "2", "3"], np.array([0.5, 0.5, 0.5]), contacts, [], NOW)
    assert risk.tolist() == pytest.approx([0.5 * standing.CONFIRMED_RATIO, 0.0, 0.5])
    assert standing.sought_first(contacts) == {"1": contacts[0].at, "2": contacts[1].at}


def test_a_confirmation_is_worth_what_it_was_here_once_enough_have_confirmed() -> None:
    risk, came = [0.3] * 200, [True] * 24 + [False] * 176
    found = standing.confirmed_ratio(risk, came)
    assert (found.value, found.n) == (pytest.approx(24 / 60), 200)
    assert found.low is not None and found.high is not None
    assert 0.25 < found.low < 0.4 < found.high < 0.6  # Poisson's own ends for 24 are 15.4 and 35.7
    assert standing.confirmed_ratio(risk[:99], came[:99]) == standing.TRIALS_RATIO
    assert standing.confirmed_ratio([0.01] * 200, came) == standing.TRIALS_RATIO  # too few were expected to stay away
    none = standing.confirmed_ratio(risk, [False] * 200)
    assert (none.value, none.low) == (0.0, 0.0) and none.high == pytest.approx(3.7 / 60, abs=0.01)
    assert standing.confirmed_ratio(risk, [True] * 200).value == 1.0
