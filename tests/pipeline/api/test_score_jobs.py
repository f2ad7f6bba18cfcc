"""Rows that are scored as a job: as if they had been scored at once, whatever happens meanwhile; none is kept."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import WorkspaceError
from pipeline.ingestion import record_table
from pipeline.records.integration import KeyScope
from pipeline.services import Workspace
from pipeline.services.arrivals import following, score_jobs, working
from pipeline.services.models import models, scoring
from tests.pipeline.api.calling import Client, key_of
from tests.pipeline.api.test_scoring import future, scored
from tests.pipeline.services.arrivals.test_reading import Killed, killed_at

MANY = "/models/current/scores"


def sent(client: Client, content: Any, media: str = "application/json", **query: Any) -> str:
    """Where the job is of rows that are sent to be scored."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    told = client.post(MANY, content=body, params=query, headers={"content-type": media})
    assert told.status_code == 202 and told.json()["state"] == "waiting", told.text
    return str(told.headers["location"])


def pages(client: Client, href: str, limit: int) -> list[dict[str, Any]]:
    """What a job gave, part by part."""
    found, cursor = [], ""
    while cursor is not None:
        told = client("GET", f"{href}/scores", params={"cursor": cursor, "limit": limit})
        assert told.status_code == 200, told.text
        found.append(told.json())
        cursor = found[-1]["next"]
    return found


def rows_of(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for part in parts for row in part["items"]]


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three rows a piece."""
    for module in (score_jobs, following):
        monkeypatch.setattr(module, "PIECE", 3)


def test_a_job_gives_what_the_same_body_gets_at_once(
    clinic: tuple[Workspace, Path], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, samples = clinic
    before = {one.id: workspace.revision(one.id) for one in workspace.datasets()}
    every = future(samples)
    body = [row | {"patient_id": f"NOVO{number}"} for number in range(9) for row in every]  # more than at once
    body[1_001] |= {"scheduled_date": "sem data"}
    href = sent(client, body)
    assert client("GET", f"{href}/scores").json()["code"] == "scores.not_ready"
    stages: list[dict[str, Any]] = []
    end = Workspace.end_arrivals

    def ended(self: Workspace, *told: Any) -> None:
        stages.append(client("GET", href).json())
        end(self, *told)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Workspace, "end_arrivals", ended)
        assert working.read_waiting(workspace) == 1
    assert stages[0]["state"] == "running" and stages[0]["progress"]["stage"] == "calculando os riscos"
    job = client("GET", href).json()
    assert (job["kind"], job["state"], job["records"], job["rejected_count"]) == ("score", "done", 1_080, 1)
    assert job["rejected"][0]["row"] == 1_002 and job["progress"]["share"] == 1.0 and job["dataset"] is None
    parts = pages(client, href, 700)
    monkeypatch.setattr(scoring, "MOST", 2_000)
    at_once = scored(client, body)
    assert rows_of(parts) == at_once["scores"] and [len(one["items"]) for one in parts] == [700, 380]
    for told in parts:
        assert {name: told[name] for name in ("model", "product", "as_of", "reference")} == {
            name: at_once[name] for name in ("model", "product", "as_of", "reference")
        }
    kept = [path for path in (workspace.home / "arrivals").iterdir() if path.name.startswith(job["id"])]
    assert len(kept) == 2 and not any(word in path.read_bytes() for path in kept for word in (b"NOVO", b"points"))
    assert workspace.arrival_content(job["id"]) is None
    assert {one.id: workspace.revision(one.id) for one in workspace.datasets()} == before


@pytest.mark.slow  # of what is scored at once: test_scoring.py
def test_every_form_gets_the_same(clinic: tuple[Workspace, Path], client: Client, small_pieces: None) -> None:
    workspace, samples = clinic
    rows = future(samples)[:7]
    table = io.StringIO()
    lines = csv.DictWriter(table, rows[0], delimiter=";")
    lines.writeheader()
    lines.writerows(rows)
    forms = {
        "application/json": json.dumps({"records": rows}),
        "application/x-ndjson": "\n".join(map(json.dumps, rows)),
        "text/csv": table.getvalue(),
    }
    jobs = [sent(client, form.encode(), media, history=False) for media, form in forms.items()]
    working.read_waiting(workspace)
    first, second, third = (rows_of(pages(client, href, 2)) for href in jobs)
    assert first == second == scored(client, rows, history=False)["scores"]
    assert [row["risk"] for row in third] == [row["risk"] for row in first]  # a file's rows begin after its header
    fhir = sent(client, _bundle(), "application/fhir+json")
    working.read_waiting(workspace)
    at_once = client.post("/models/current/score", content=_bundle(), headers={"content-type": "application/fhir+json"})
    assert rows_of(pages(client, fhir, 5)) == at_once.json()["scores"]


def _bundle() -> bytes:
    one = {
        "resourceType": "Appointment",
        "id": "a1",
        "status": "booked",
        "created": "2026-11-02",
        "start": "2026-12-10T14:30:00-03:00",
        "participant": [{"actor": {"reference": "Patient/000123"}, "status": "accepted"}],
    }
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one}]}).encode()


@pytest.mark.slow  # of other jobs: workspace/jobs
def test_killed_at_each_write_it_is_done_again_whole(
    clinic: tuple[Workspace, Path], client: Client, small_pieces: None
) -> None:
    workspace, samples = clinic
    rows = future(samples)[:4]
    wanted, step, done = scored(client, rows, history=False)["scores"], 0, False
    while not done:
        step += 1
        href = sent(client, rows, history=False)
        try:
            with killed_at(step) as count:
                working.read_waiting(workspace)
            done = count[0] < step
        except Killed:
            workspace.end_lease("arrivals", workspace.lease_holder("arrivals"))  # it goes with its process
            assert client("GET", href).json()["state"] != "refused"
        working.read_waiting(workspace)
        assert rows_of(pages(client, href, 3)) == wanted and not workspace.has_waiting(), step
    assert step > 5


def test_what_cannot_be_scored_is_refused(
    clinic: tuple[Workspace, Path], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, samples = clinic
    row = future(samples)[0]
    assert client.post("/models/000000000000/scores", json=[row]).status_code == 404
    assert client.post(MANY, content=b"<a/>", headers={"content-type": "application/xml"}).status_code == 415
    assert client.post(MANY, json=[]).json()["code"] == "sending.empty"
    key = {"idempotency-key": "lote-1"}
    first, again = (client.post(MANY, json=[row], headers=key).json() for _ in range(2))
    assert first["job"] == again["job"] and again["repeated"]
    for other in ("?history=false", "?as_of=2026-11-01"):
        assert client.post(MANY + other, json=[row], headers=key).json()["code"] == "sending.other_body"
    working.read_waiting(workspace)
    hrefs = {"fields.missing": sent(client, [{"x": "1"}]), "sending.too_many_records": sent(client, *_csv([row] * 3))}
    monkeypatch.setattr(record_table, "MOST", 2)
    working.read_waiting(workspace)
    hrefs["model.gone"] = sent(client, [row])
    monkeypatch.setattr(models, "load", _gone)  # deleted between the sending and the scoring
    working.read_waiting(workspace)
    hrefs["arrivals.score_fault"] = sent(client, [row])
    monkeypatch.setattr(models, "load", lambda *_: 1 / 0)
    working.read_waiting(workspace)
    for code, href in hrefs.items():
        job = client("GET", href).json()
        assert job["state"] == "refused" and job["problem"]["code"] == code
        assert client("GET", f"{href}/scores").json()["code"] == code
        assert not list((workspace.home / "arrivals").glob(f"{job['id']}*"))


def _gone(*_: Any) -> None:
    raise WorkspaceError("model.gone")


def _csv(rows: list[dict[str, Any]]) -> tuple[bytes, str]:
    lines = [";".join(rows[0]), *(";".join(str(cell or "") for cell in row.values()) for row in rows)]
    return "\n".join(lines).encode(), "text/csv"


def test_risks_are_their_senders_or_whose_who_may_read_data(clinic: tuple[Workspace, Path], client: Client) -> None:
    workspace, samples = clinic
    own = Client(client.app, key_of(workspace, KeyScope.SCORE))
    href = sent(own, future(samples)[:1])
    working.read_waiting(workspace)
    for scope, status in ((KeyScope.SCORE, 404), (KeyScope.READ, 200), (KeyScope.SEND, 404)):
        assert Client(client.app, key_of(workspace, scope))("GET", f"{href}/scores").status_code == status
    assert own("GET", f"{href}/scores").status_code == 200
    assert own("GET", f"{href}/scores", params={"cursor": "x"}).json()["code"] == "api.cursor"
    for path in (workspace.home / "arrivals").glob("*.0.sealed"):
        path.unlink()  # as in a workspace that was restored from a copy
    assert own("GET", f"{href}/scores").json()["code"] == "scores.gone"
