"""The order of a list by what calls gain: by risk until values or own outcomes are known, then by both together."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.services.data import series_settings
from pipeline.services.pages import agenda, call_queue, gains
from pipeline.services.pages.agenda import Agenda
from pipeline.services.session import Session
from tests.pipeline.services.pages.test_contacts import once, scored, series, session

__all__ = ["once", "scored", "series", "session"]  # fixtures


def test_until_something_is_known_a_list_goes_by_risk(session: Session, scored: Agenda, series: str) -> None:
    assert gains.of(session, scored) is None
    made = call_queue.make_list(session, scored, gain=gains.of(session, scored))
    assert not made.by_gain


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
    own = np.array([found[one.key] for one in entries])
    assert own[0] == pytest.approx(max(own)) and (own >= 0).all()
