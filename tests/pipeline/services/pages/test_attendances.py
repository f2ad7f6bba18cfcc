"""Extra bookings of a clinic's own list, and how well attendances were told on its past."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from pipeline import services
from pipeline.records.slots import OverbookingPolicy
from pipeline.services import Workspace
from pipeline.services.pages import agenda, attendances
from tests.conftest import ROOT

KEPT = ROOT / "tests" / "golden" / "workspace_2026_11_25.zip"
SAID = json.loads(KEPT.with_suffix(".json").read_text("utf-8"))


@pytest.fixture
def workspace(workspace_home: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("PRESENCA_TODAY", SAID["today"])
    with zipfile.ZipFile(KEPT) as kept:
        kept.extractall(workspace_home)
    return services.open_workspace()


def test_a_list_becomes_sessions_with_extra_bookings_within_the_policy(workspace: Workspace) -> None:
    found = agenda.score(workspace, SAID["list"]["dataset"], SAID["list"]["model"])
    lines = agenda.kept(workspace, found)
    policy = OverbookingPolicy(share=0.5, chance=0.4, bound=0.25, show=0.7)
    told = attendances.plan(workspace, found, policy, by="")
    plan = told.plan
    assert len(told.places) == len(plan.sessions) == len(set(told.places))
    assert sum(s.attendance.booked - len(s.slots) for s in plan.sessions) == lines["risk"].notna().sum()
    assert all(s.attendance.over <= policy.chance + 1e-9 for s in plan.sessions if s.slots)
    assert told.spread > 0 and plan.extra > 0
    assert all(group.minutes <= 1.25 * plan.mean + 1e-6 for group in plan.groups)
    assert {place.unit for place in told.places} <= {str(unit) for unit in lines[agenda.call_list.UNIT].unique()} | {""}


def test_attendances_are_checked_on_rows_that_the_model_had_not_seen(workspace: Workspace) -> None:
    model = SAID["list"]["model"]
    learnt_from = workspace.model(model).dataset_id
    assert learnt_from is not None
    found = attendances.checked(workspace, model, learnt_from, by="")
    assert found is not None and found.groups > 20 and found.inside95 is not None and found.inside95.low is not None
    assert found.inside95.value > 0.85 and sum(found.pit) == pytest.approx(1)
    assert attendances.checked(workspace, model, SAID["list"]["dataset"]) is None
