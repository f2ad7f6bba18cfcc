"""The order of a list by what calls gain: by risk until values or own outcomes are known, then by both together."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.records.effects import PayingCalls
from pipeline.services.data import series_settings
from pipeline.services.pages import agenda, call_queue, gains, slot_values
from pipeline.services.pages.agenda import Agenda
from pipeline.services.session import Session
from tests.pipeline.services.pages.test_contacts import once, scored, series, session

__all__ = ["once", "scored", "series", "session"]  # fixtures


def test_until_something_is_known_a_list_goes_by_risk(session: Session, scored: Agenda, series: str) -> None:
    assert gains.of(session, scored) is None
    made = call_queue.make_list(session, scored, gain=gains.of(session, scored))
    assert not made.by_gain
    assert {one.value for one in session.workspace.call_list_entries(made.made.id)} == {None}
    assert "slot_value" not in agenda.standing(session, scored)


def test_the_value_of_slots_changes_the_order(session: Session, scored: Agenda, series: str) -> None:
    frame = agenda.standing(session, scored)
    kinds = frame["appointment_type"].astype(str).value_counts()
    rare = str(kinds.index[-1])
    series_settings.set_money(session, series, {rare: 5_000.0, "": 10.0}, 3.0, 0.1)
    found = gains.of(session, scored)
    assert found is not None and len(found) == len(frame)
    made = call_queue.make_list(session, scored, gain=found)
    entries = session.workspace.call_list_entries(made.made.id)
    assert made.by_gain
    by_risk = call_queue.make_list(session, scored)
    assert [one.key for one in entries] != [
        one.key for one in session.workspace.call_list_entries(by_risk.made.id)
    ] or len(kinds) == 1
    kinds_of = frame.set_index(frame["row"])["appointment_type"].astype(str)
    by_key = dict(zip(call_queue.named_lines(session, scored)[1], kinds_of.tolist(), strict=True))
    worth = slot_values.of(session, series).values  # what is still an example is nobody's word, and not kept as one
    said = {one.name: one.value for one in worth if not one.example} | {o.name: None for o in worth if o.example}
    assert {one.key: one.value for one in entries} == {o.key: said.get(by_key[o.key], 10.0) for o in entries}
    assert 5_000.0 in {one.value for one in entries} and 5_000.0 in set(agenda.standing(session, scored)["slot_value"])
    own = np.array([found[one.key] for one in entries])
    assert own[0] == pytest.approx(max(own)) and (own >= 0).all()


@pytest.mark.slow  # the sums: tests/pipeline/action
def test_from_which_call_on_the_next_costs_more_than_it_gains(session: Session, scored: Agenda, series: str) -> None:
    def asked(call: float) -> PayingCalls:
        series_settings.set_money(
            session, series, {one.name: 100.0 for one in slot_values.of(session, series).values}, call, 0.1
        )
        found = gains.paying(session, scored)
        assert found is not None
        return found

    untouched = gains.paying(session, scored)
    assert untouched is not None and untouched.example and not untouched.own
    everybody = {name for _, name in call_queue.callable_now(session, scored)}
    dear, cheap, middle = asked(1_000.0), asked(0.01), asked(untouched.curve[len(untouched.curve) // 2].gain)
    assert [found.pays.listed for found in (dear, cheap, middle)] == [len(everybody)] * 3
    assert dear.pays.paying == 0 and cheap.pays.next_gain is None and not cheap.example
    curve = [point.gain for point in cheap.curve]
    assert curve == sorted(curve, reverse=True) and all(one.low <= one.gain <= one.high for one in cheap.curve)
    assert middle.a_day.low is not None and middle.a_day.low <= middle.pays.paying <= (middle.a_day.high or 0)

    made = call_queue.make_list(session, scored, gain=gains.of(session, scored))
    first = session.workspace.call_list_entries(made.made.id)[0].patient
    best = max(
        sum(gain for key, gain in (gains.of(session, scored) or {}).items() if (key, who) in pairs)
        for pairs in [set(call_queue.callable_now(session, scored))]
        for who in everybody
    )
    assert cheap.curve[0].gain == pytest.approx(best) and first in everybody


def test_the_calls_that_pay_are_worked_out_once(
    session: Session, scored: Agenda, series: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = gains.paying(session, scored)
    monkeypatch.setattr(gains.uplift, "fit", lambda cases: pytest.fail("worked out again"))
    assert gains.paying(session, scored) == found is not None
