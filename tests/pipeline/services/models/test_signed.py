"""A kept model that came from elsewhere is known as such for as long as it is kept."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import pytest

from pipeline.errors import UnsafeBundle
from pipeline.modeling.bundle import bundle
from pipeline.modeling.model import TrainedModel
from pipeline.services import clock, open_workspace
from pipeline.services.models import models
from pipeline.services.session import Session
from tests.pipeline.insight.judged import trained_early
from tests.pipeline.insight.trained import PRODUCT
from tests.pipeline.insight.typed import typed_rows
from tests.refusals import refused


@cache
def small() -> TrainedModel:
    return trained_early(typed_rows(900), 4)


@pytest.fixture
def session(workspace_home: Path) -> Session:
    return Session(open_workspace())


@pytest.mark.parametrize("ours", [True, False])
def test_a_kept_model_without_our_signature_stays_marked(ours: bool, session: Session, tmp_path: Path) -> None:
    key = session.workspace.key if ours else b"j" * 32
    bundle.save(small(), tmp_path / "m.zip", product=PRODUCT, key=key)
    info = models.add(session, (tmp_path / "m.zip").read_bytes(), small().card, models.Source(None, "a.csv", ""))
    assert models.is_kept_unsigned(session, info) is not ours
    assert models.is_kept_unsigned(Session(open_workspace()), info) is not ours


def test_a_kept_model_of_days_to_come_is_not_opened(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle.save(small(), tmp_path / "m.zip", key=session.workspace.key)
    info = models.add(session, (tmp_path / "m.zip").read_bytes(), small().card, models.Source(None, "a.csv", ""))
    assert models.load(session, info.id)
    assert small().card.trained_until is not None
    monkeypatch.setenv("PRESENCA_TODAY", (small().card.trained_until - dt.timedelta(days=9)).isoformat())
    assert clock.today() < small().card.trained_until
    with refused(UnsafeBundle):
        models.load(session, info.id)
