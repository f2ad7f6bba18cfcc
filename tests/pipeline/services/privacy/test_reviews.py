"""A person's review of a risk: asked for, decided once, in force from then on, and part of the patient's copy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline import services
from pipeline.errors import PresencaError
from pipeline.records.contacts import Caller
from pipeline.records.privacy import ReviewDecision
from pipeline.services.data import datasets
from pipeline.services.data.placing import Into
from pipeline.services.privacy import patient_copy, patients, reviews
from pipeline.services.session import Session
from tests.pipeline.services.privacy.test_patients import CPF, NO_SHOW, own_rows, sheet
from tests.refusals import refused

ANA, BIA = Caller("ana-1", "Ana"), Caller("bia-1", "Bia")


@pytest.fixture
def session(workspace_home: Path) -> Iterator[Session]:
    space = services.open_workspace()
    datasets.keep(Session(space), NO_SHOW, sheet(), "marco.csv", into=Into(name="Centro"))
    yield Session(space)
    space.close()


def test_a_review_is_asked_decided_and_told(session: Session) -> None:
    info = session.workspace.datasets()[0]
    scored: Any = SimpleNamespace(dataset_id=info.id, model_id="0" * 12, as_of=dt.date(2026, 3, 1))
    row = own_rows(session, info.id)[0]
    with refused(PresencaError, match="por quê"):
        reviews.ask(session, scored, row, " ", ANA)
    asked = reviews.ask(session, scored, row, f"não concorda com o risco, CPF {CPF}", ANA)
    assert asked.asked_by == "Ana" and CPF not in asked.why and reviews.of(session, info.series) == (asked,)
    made = reviews.decide(session, info.series, asked.id, 0.1, "mora ao lado e sempre veio", BIA)
    assert (made.decision, made.decided_by, made.risk_after) == (ReviewDecision.CHANGED, "Bia", 0.1)
    (hand,) = session.workspace.risk_overrides(info.series)
    assert (hand.key, hand.risk, hand.who) == (asked.key, 0.1, "Bia")
    with refused(PresencaError, match="já foi decidido"):
        reviews.decide(session, info.series, asked.id, None, "de novo", ANA)
    told = {table.source: table.rows for table in patient_copy.tables(session, patients.find(session, CPF))}
    assert "mora ao lado e sempre veio" in told["reviews"][0]  # type: ignore[index]
    patients.erase(session, patients.find(session, CPF))
    assert reviews.of(session, info.series) == () and session.workspace.risk_overrides(info.series) == ()
