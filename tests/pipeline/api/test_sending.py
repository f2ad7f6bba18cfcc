"""What is sent: taken in once, in every form, read into one data set, told with what was wrong with it."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import Any

import pytest

from pipeline.api import bodies
from pipeline.ingestion.reading.vocabulary import ORIGIN
from pipeline.services import Workspace
from pipeline.services.arrivals import working
from pipeline.services.data import datasets
from tests.pipeline.api.calling import Client, key_of

SEND = "/products/toy_library/records"


def loan(card: int, back: str | None = "No prazo", day: int = 10, **more: Any) -> dict[str, Any]:
    """A loan that was due on a day of October."""
    made = {"card": f"L{card:04d}", "taken_on": "01/09/2026", "due_on": f"{day:02d}/10/2026", "came_back": back}
    return made | {"shelf": "Poesia"} | more


def outcomes(workspace: Workspace) -> list[tuple[int, str]]:
    """(day due, how it came back) of every usable row that is kept, in order."""
    (info,) = datasets.datasets(workspace, "toy_library")
    rows = workspace.rows(info.id)
    told = zip(rows["due_on"].dt.day, rows["came_back"].astype("object").fillna(""), strict=True)
    return sorted((int(day), str(back)) for day, back in told)


def test_what_was_sent_is_a_job_and_then_a_data_set_with_its_report(workspace: Workspace, api: Client) -> None:
    body = [loan(1), loan(2, "Atrasado", 11), loan(3, day=12) | {"due_on": ""}, loan(4, due_on="31/02/2026")]
    told = api.post(SEND, json=body)
    assert told.status_code == 202 and told.json()["records"] == 4 and told.json()["state"] == "waiting"
    href = told.headers["location"]
    assert api("GET", href).json()["state"] == "waiting"
    assert working.read_waiting(workspace) == 1
    job = api("GET", href).json()
    assert job["state"] == "done" and job["progress"]["share"] == 1.0 and job["rejected_count"] == 2
    said = {(row["row"], row["code"], row["field"]) for row in job["rejected"]}
    assert said == {(3, "date_missing", "due_on"), (4, "date_unreadable", "due_on")}
    assert job["rejected"][0]["message"]["pt-BR"] and "missing" in job["rejected"][0]["message"]["en"]
    assert job["report"]["rows_read"] == 4 and "L0001" not in json.dumps(job)
    (kept,) = api.get("/datasets").json()["items"]
    assert kept["id"] == job["dataset"] and kept["rows"] == 2
    assert api.get(f"/datasets/{kept['id']}/report").json()["rows_usable"] == 2
    assert api.get(f"/datasets/{kept['id']}").json()["product"] == "toy_library"
    assert not list((workspace.home / "arrivals").iterdir())  # nobody needs the bytes any more


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("kind", ["json", "records", "ndjson", "csv"])
def test_every_form_says_the_same(workspace: Workspace, api: Client, kind: str, packed: bool) -> None:
    rows = [loan(1), loan(2, "tarde", 11)]
    lines = "\n".join(json.dumps(row) for row in rows) + "\n"
    csv = "Carteirinha;Retirada;Prazo de devolução;Devolução;Estante\n" + "\n".join(
        ";".join(row.values()) for row in rows
    )
    body, media = {
        "json": (json.dumps(rows), "application/json"),
        "records": (json.dumps({"records": rows}), "application/json; charset=utf-8"),
        "ndjson": (lines, "application/x-ndjson"),
        "csv": (csv, "text/csv"),
    }[kind]
    content = gzip.compress(body.encode()[:20]) + gzip.compress(body.encode()[20:]) if packed else body.encode()
    headers = {"content-type": media} | ({"content-encoding": "gzip"} if packed else {})
    assert api.post(SEND, content=content, headers=headers).status_code == 202
    working.read_waiting(workspace)
    assert outcomes(workspace) == [(10, "No prazo"), (11, "Atrasado")]


def test_what_came_last_holds_and_rows_keep_their_sending(workspace: Workspace, api: Client) -> None:
    api.post(SEND, json=[loan(1, None), loan(2, None, 11)])
    working.read_waiting(workspace)
    api.post(SEND, json=[loan(1, "Atrasado")])
    api.post(SEND, json=[loan(1, "No prazo"), loan(3, "Atrasado", 12)])
    api.post(SEND, json=[loan(2, None, 11)])
    assert working.read_waiting(workspace) == 3
    assert outcomes(workspace) == [(10, "No prazo"), (11, ""), (12, "Atrasado")]
    (info,) = datasets.datasets(workspace, "toy_library")
    sheet = workspace.raw(info.id)
    assert sheet is not None and sheet.num_rows == 6 and len(set(sheet[ORIGIN].to_pylist())) == 4


def test_of_two_loans_alike_the_one_that_is_meant_is_told_again(workspace: Workspace, api: Client) -> None:
    first, second = loan(1, None), loan(1, None, taken_on="05/09/2026")
    api.post(SEND, json=[first, second])
    working.read_waiting(workspace)
    api.post(SEND, json=[second | {"came_back": "Atrasado"}])
    working.read_waiting(workspace)
    assert outcomes(workspace) == [(10, ""), (10, "Atrasado")]
    api.post(SEND, json=[first | {"came_back": "No prazo"}, second | {"came_back": "Perdido"}])
    api.post(SEND, json=[loan(1, "Emprestado", taken_on="07/09/2026"), second])
    api.post(SEND, json=[second | {"came_back": "Atrasado"}])
    working.read_waiting(workspace)
    assert outcomes(workspace) == [(10, "Atrasado"), (10, "Emprestado")]


def test_an_idempotency_key_counts_once_and_takes_no_other_body(workspace: Workspace, api: Client) -> None:
    headers = {"idempotency-key": "envio-1"}
    first, again = (api.post(SEND, json=[loan(1)], headers=headers).json() for _ in range(2))
    assert first["job"] == again["job"] and not first["repeated"] and again["repeated"]
    other = api.post(SEND, json=[loan(2)], headers=headers)
    assert other.status_code == 422 and other.json()["code"] == "sending.other_body"
    assert Client(api.app, key_of(workspace)).post(SEND, json=[loan(2)], headers=headers).status_code == 202
    assert working.read_waiting(workspace) == 2
    assert api.post(SEND, json=[loan(1)], headers=headers).json()["state"] == "done"
    assert api.post(SEND, json=[loan(1)], headers={"idempotency-key": "a b"}).status_code == 422


BAD = [
    (b"{", "application/json", 422, "sending.not_records"),
    (b'{"rows": []}', "application/json", 422, "sending.not_records"),
    (b"[]", "application/json", 422, "sending.empty"),
    (b'[{"a": {"b": 1}}]', "application/json", 422, "sending.not_records"),
    (b"[" * 100_000, "application/json", 422, "sending.not_records"),
    (b'{"a": 1}\n[1]', "application/x-ndjson", 422, "sending.not_records"),
    (b" \n", "text/csv", 422, "sending.empty"),
    (b"<a/>", "application/xml", 415, "api.media_type"),
    (b"", "", 415, "api.media_type"),
]


@pytest.mark.parametrize(("body", "media", "status", "code"), BAD)
def test_what_are_no_records_is_refused_at_once(api: Client, body: bytes, media: str, status: int, code: str) -> None:
    told = api.post(SEND, content=body, headers={"content-type": media})
    assert (told.status_code, told.json()["code"]) == (status, code)


def test_a_body_is_bounded_however_it_is_packed(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "MOST_BYTES", 100_000)
    json_ = {"content-type": "application/json"}
    large = b"[" + b" " * 200_000 + b"]"
    assert api.post(SEND, content=large, headers=json_).status_code == 413
    machine = zlib.compressobj(9, wbits=31)
    bomb = b"".join(machine.compress(b" " * 10_000_000) for _ in range(20)) + machine.flush()
    told = api.post(SEND, content=bomb, headers=json_ | {"content-encoding": "gzip"})
    assert len(bomb) < 250_000 and told.status_code == 413 and told.json()["code"] == "api.too_large"

    async def endless() -> Any:
        while True:
            yield b"[" * 10_000

    assert api.post(SEND, content=endless(), headers=json_).status_code == 413
    for broken in (b"abc", gzip.compress(b"[1]")[:-4]):
        told = api.post(SEND, content=broken, headers=json_ | {"content-encoding": "gzip"})
        assert told.status_code == 400, told.text
    assert api.post(SEND, content=b"[]", headers=json_ | {"content-encoding": "br"}).status_code == 415


def test_a_sending_that_no_column_can_be_made_of_is_refused_and_the_others_stay(
    workspace: Workspace, api: Client
) -> None:
    bad = api.post(SEND, json=[{"nada": "x"}]).json()["job"]
    api.post(SEND, json=[loan(1)])
    assert working.read_waiting(workspace) == 2 and outcomes(workspace) == [(10, "No prazo")]
    told = api.get(f"/jobs/{bad}", headers={"accept-language": "en"}).json()
    assert told["state"] == "refused" and told["problem"]["code"] == "fields.missing"
    assert told["problem"]["detail"].startswith("Columns are missing")


def test_a_job_is_its_senders_alone(workspace: Workspace, api: Client) -> None:
    from pipeline.records.integration import KeyScope

    job = api.post(SEND, json=[loan(1)]).json()["job"]
    assert Client(api.app, key_of(workspace, KeyScope.SEND)).get(f"/jobs/{job}").status_code == 404
    assert Client(api.app, key_of(workspace, KeyScope.READ)).get(f"/jobs/{job}").status_code == 200
    assert api.get("/jobs/nada").status_code == 404 and api.get("/jobs/" + "0" * 12).status_code == 404


def test_which_series_is_never_guessed(workspace: Workspace, api: Client) -> None:
    first = workspace.add_series("toy_library", "Norte")
    second = workspace.add_series("toy_library", "Sul")
    told = api.post(SEND, json=[loan(1)])
    assert told.status_code == 422 and first.id in told.json()["detail"]
    assert api.post(f"{SEND}?series={second.id}", json=[loan(1)]).status_code == 202
    assert api.post(SEND, json=[loan(2)]).status_code == 202  # as the last one of this key
    assert {a.series for a in workspace.arrivals()} == {second.id}
    assert api.post(f"{SEND}?series={'0' * 12}", json=[loan(1)]).status_code == 404


def test_nothing_of_a_body_that_waits_can_be_read_at_rest(workspace: Workspace, api: Client) -> None:
    api.post(SEND, json=[loan(1, note="Segredo Inventado")])
    for path in workspace.home.rglob("*"):
        if path.is_file():
            assert b"Segredo Inventado" not in path.read_bytes() and b"L0001" not in path.read_bytes(), path
