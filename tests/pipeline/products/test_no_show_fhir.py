"""Appointments of FHIR as the product declares them: there and back again, and documented as declared."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from fhir.resources.R4B import get_fhir_model_class

from pipeline.contract import Aside, ContractError, Element, Product, ResourceMapping
from pipeline.ingestion.intake import ingest
from pipeline.ingestion.reading.raw_table import RawTable
from pipeline.ingestion.reading.reader import read
from pipeline.products.no_show import PRODUCT
from pipeline.products.no_show.fhir import APPOINTMENT
from pipeline.products.no_show.fhir_sample import resources
from pipeline.products.no_show.sample import generate
from pipeline.resource_declarations import steps
from pipeline.sampling import write_fhir
from pipeline.services import catalog
from tests.conftest import ROOT

SAMPLES = ROOT / "data_samples"
TODAY = dt.date(2026, 11, 22)


def sample(tmp_path: Path, rows: int, ending: str, **flags: bool) -> tuple[RawTable, RawTable]:
    """The same made-up rows as a spreadsheet and as FHIR."""
    catalog.write_sample(PRODUCT.key, tmp_path / "a.csv", rows, 5, **flags)
    catalog.write_sample(PRODUCT.key, tmp_path / f"a{ending}", rows, 5, **flags)
    return tuple(read(tmp_path / name, resources=catalog.resource_tables()) for name in ("a.csv", f"a{ending}"))


@pytest.mark.parametrize(("ending", "future"), [(".ndjson", False), (".json", True)])
def test_rows_come_back_as_they_went(tmp_path: Path, ending: str, future: bool) -> None:
    """All but what FHIR has no word for: Remarcado is cancelled; Confirmado and no status are booked."""
    flat, fhir = (ingest(raw, PRODUCT, today=TODAY) for raw in sample(tmp_path, 400, ending, future=future))
    alike = {"Remarcado": "Cancelado", "Confirmado": "Agendado"}
    lost = {"cancelled_date", "cancelled_date_hour", "row", "event_id"}
    frames = [
        found.rows.assign(status=found.rows["status"].astype("object").fillna("Agendado").replace(alike)).astype(
            "object"
        )
        for found in (flat, fhir)
    ]
    kept = [name for name in frames[0].columns if name not in lost]
    pd.testing.assert_frame_equal(frames[0][kept], frames[1][kept])
    assert fhir.report.rows_left_out == flat.report.rows_left_out == 0


def test_each_made_up_resource_is_one_of_fhir() -> None:
    rows = pa.concat_tables(generate(60, 9)).to_pylist()
    for resource in resources(rows):
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)


def test_the_file_in_data_samples_is_written_again_byte_for_byte(tmp_path: Path) -> None:
    name = dict(PRODUCT.sample.files)["fhir"]
    assert PRODUCT.sample.resources is not None
    assert write_fhir(generate(45, 7), PRODUCT.sample.resources, tmp_path / name) == 45
    assert (tmp_path / name).read_bytes() == (SAMPLES / name).read_bytes()
    assert len((SAMPLES / name).read_bytes()) < 60_000
    assert f"data_samples/{name} --rows 45 --seed 7" in (SAMPLES / "README.md").read_text("utf-8")


def documented() -> list[str]:
    """The lines of the table in docs/fhir.md, as the declaration has them."""
    told = []
    for element in APPOINTMENT.elements:
        label = PRODUCT.field(element.field).label if element.field else element.header
        where = "; ".join(f"`{path}`" for path in element.paths)
        told.append(f"| {label} | {where} | {element.read} | {element.remark or '–'} |")
    words = {
        code: word for element in APPOINTMENT.elements for code, word in element.words if element.field == "status"
    }
    told += [f"| `{code}` | {word} |" for code, word in words.items()]
    why = {Aside.WITHDRAWN: "registrado por engano", Aside.OTHER: "situação que não é de agendamento"}
    told += [f"| `{code}` | fica de fora: {why[aside]} |" for code, aside in APPOINTMENT.aside]
    return told


def test_the_mapping_stands_in_the_documentation() -> None:
    text = (ROOT / "docs" / "fhir.md").read_text("utf-8").splitlines()
    assert [line for line in documented() if line not in text] == []


def test_each_field_that_is_asked_for_has_a_place() -> None:
    assert {field.key for field in PRODUCT.asked} == {e.field for e in APPOINTMENT.elements if e.field}


@pytest.mark.parametrize("path", ["", "a b", "where(x)", "participant..actor", "a.", ".a", "Participant"])
def test_a_path_that_is_none_is_no_declaration(path: str) -> None:
    with pytest.raises(ContractError):
        steps(path)


def test_a_wrong_declaration_fails_when_it_is_made() -> None:
    with pytest.raises(ContractError):
        Element("", ("status",))
    with pytest.raises(ContractError):
        Element("status", ())
    with pytest.raises(ContractError):
        ResourceMapping("appointment", ())
    with pytest.raises(ContractError, match="unknown field 'nothing'"):
        _with(ResourceMapping("Appointment", (Element("nothing", ("status",)),)))


def _with(mapping: ResourceMapping) -> Product:
    fields = {name: getattr(PRODUCT, name) for name in PRODUCT.__dataclass_fields__ if name != "_index"}
    return Product(**{**fields, "resource": mapping})


def test_a_bundle_is_what_its_name_says(tmp_path: Path) -> None:
    _, fhir = sample(tmp_path, 20, ".json")
    whole = json.loads((tmp_path / "a.json").read_bytes())
    assert whole["type"] == "collection" and fhir.table.num_rows == 20
