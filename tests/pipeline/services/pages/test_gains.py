"""The order of a list by what calls gain: by risk until values or own outcomes are known, then by both together."""

from __future__ import annotations

import numpy as np
import pytest

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
    slot_values.keep(session, series, {rare: 5_000.0, "": 10.0}, 3.0, 0.1)
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
