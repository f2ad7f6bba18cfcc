"""A sample file through ingestion into the workspace: none of its identities lies in any file at rest."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pyarrow.compute as pc
import pytest

from pipeline.contract import Role
from pipeline.ingestion.intake import ingest
from pipeline.ingestion.reading.reader import read
from pipeline.products.no_show import PRODUCT
from pipeline.records import to_plain
from tests.pipeline.workspace import made

SAMPLES = Path(__file__).resolve().parents[4] / "data_samples"


@pytest.mark.parametrize("role", ["past", "errors"])
def test_no_identity_of_a_sample_is_at_rest(tmp_path: Path, role: str) -> None:
    name = PRODUCT.sample.file(role)
    assert name is not None
    dataset = ingest(read(SAMPLES / name), PRODUCT, today=dt.date(2026, 11, 23))
    patient = PRODUCT.by_role(Role.PATIENT)
    assert patient is not None
    header = next(c.header for c in dataset.report.columns if c.field == patient.key)
    written = pc.unique(dataset.raw.table.column(header)).to_pylist()
    # short ids ("12") are found anywhere by chance; some hundreds tell as much as all: one code treats them alike
    some = [v for v in written if v][:: max(1, len(written) // 300)]
    identities = {form for v in some for form in (v, re.sub(r"\D", "", v)) if len(form) >= 8}
    assert len(identities) > 100
    space = made.workspace(tmp_path)
    info = made.add(
        space, product=PRODUCT.key, name=name, rows=dataset.rows, personal_fields=(patient.key,),
        raw=dataset.raw.table, row_numbers=dataset.raw.row_numbers, left_out=dataset.left_out,
        report_json=json.dumps(to_plain(dataset.report), ensure_ascii=False),
    )  # fmt: skip
    seen = made.at_rest(space.home)
    leaks = {(path, identity) for path, text in seen.items() for identity in identities if identity in text}
    assert leaks == set()
    # the rows of one patient are still together
    again = space.rows(info.id)
    assert again[patient.key].nunique() <= dataset.rows[patient.key].nunique()
    changed = [patient.key, "event_id"]  # the id of an event is made of the patient's, and goes with it
    assert again.drop(columns=changed, errors="ignore").equals(dataset.rows.drop(columns=changed))
