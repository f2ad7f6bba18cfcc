"""From a file of FHIR to the agenda and back: the list as RiskAssessments, which say who only where that was asked."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from fhir.resources.R4B.riskassessment import RiskAssessment

from pipeline import services
from pipeline.products.no_show import PRODUCT
from pipeline.products.no_show.fhir_sample import resources
from pipeline.products.no_show.sample import generate
from pipeline.services import Workspace
from pipeline.services.data import datasets
from pipeline.services.models import models
from pipeline.services.pages import agenda, call_files
from pipeline.services.pages.agenda import Agenda, ListFilters
from tests.conftest import TEST_KEY
from tests.toy.house import move_in


@pytest.fixture(scope="module")
def kept(
    missed_home: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Workspace, Agenda]]:
    """A workspace that holds the coming appointments as a Bulk Data file, and their list."""
    home = tmp_path_factory.mktemp("assessments") / "home"
    shutil.copytree(missed_home[1], home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRESENCA_KEY", TEST_KEY)
        patch.setenv("PRESENCA_HOME", str(home))
        move_in(patch, missed_home[0], PRODUCT)
        session = services.open_workspace()
        rows = pa.concat_tables(generate(40, 7, future=True)).to_pylist()
        data = "".join(json.dumps(one) + "\n" for one in resources(rows)).encode()
        info = datasets.keep(session, PRODUCT.key, data, "agenda.ndjson")
        (model,) = models.models(session, PRODUCT.key)
        yield session, agenda.score(session, info.id, model.id)


def told(kept: tuple[Workspace, Agenda], **options: bool) -> list[dict[str, Any]]:
    return [json.loads(line) for line in call_files.fhir(*kept, ListFilters(), by_row=True, **options).splitlines()]


def test_each_appointment_of_the_list_is_an_assessment(kept: tuple[Workspace, Agenda]) -> None:
    found = told(kept)
    for one in found:
        RiskAssessment.model_validate(one)
    assert len(found) == kept[1].counts.listed > 20
    assert all(one["status"] == "final" and 0 < one["prediction"][0]["probabilityDecimal"] < 100 for one in found)
    risks = [one["prediction"][0]["probabilityDecimal"] for one in found]
    assert risks == sorted(risks, reverse=True)


def test_who_it_is_stands_there_only_where_it_was_asked_for(kept: tuple[Workspace, Agenda]) -> None:
    plain, named = told(kept), told(kept, identified=True)
    assert all(one["subject"]["identifier"]["value"].startswith("P-") and "basis" not in one for one in plain)
    assert all(one["subject"]["reference"].startswith("Patient/p") for one in named)
    assert all(one["basis"][0]["reference"].startswith("Appointment/a") for one in named)
    assert [one["identifier"] for one in plain] == [one["identifier"] for one in named]
    reasons = " ".join(one["prediction"][0].get("rationale", "") for one in plain)
    assert "ponto" in reasons and not any(word in reasons for word in ("Idade", "anos", "Sexo"))


def test_nothing_of_the_address_rests_outside_the_vault(kept: tuple[Workspace, Agenda]) -> None:
    workspace, found = kept
    rows = workspace.rows(found.dataset_id)
    assert not any("FHIR" in name for name in rows.columns) and "Patient/p1" not in rows.astype("str").to_string()
    assert not any(b"Patient/p1" in path.read_bytes() for path in workspace.home.rglob("*") if path.is_file())
