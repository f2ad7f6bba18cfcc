"""Who may call what: every route as the live application has it, without a key, with a bad one, with each scope."""

from __future__ import annotations

import time

import pytest

from pipeline.access.roles import OF_SCOPE
from pipeline.api import application, documentation, routes, serving
from pipeline.api.limiting import Limited
from pipeline.api.routes.records import KINDS
from pipeline.records.integration import KeyScope
from pipeline.services import Workspace
from pipeline.services.people import keys
from pipeline.workspace.audit import entries
from tests.pipeline.api.calling import Client, key_of

BAD = ["", "prs_x", "prs_" + "A" * 43, "abc"]


def _called() -> list[tuple[str, str]]:
    found = [(method, path.replace("{", "").replace("}", "")) for method, path, _ in routes.operations()]
    assert len(found) >= 11 and {path for _, path, _ in routes.operations()} == set(
        application.web().openapi()["paths"]
    )
    return found


@pytest.mark.parametrize("key", BAD)
def test_every_route_is_closed_without_a_key(workspace: Workspace, key: str) -> None:
    client = Client(serving.application(workspace), key)
    others = [
        ("GET", "/api/docs"),
        ("GET", "/api/openapi.json"),
        ("GET", "/ping"),
        ("POST", "/invocations"),
        ("GET", "/"),
    ]
    for method, path in [*_called(), *others, ("OPTIONS", "/api/v1/products")]:
        told = client(method, path)
        assert told.status_code == 401 and told.headers["www-authenticate"].startswith("Bearer"), (method, path)
        assert told.headers["content-type"] == "application/problem+json" and told.json()["code"] == "api.key"
        assert "access-control-allow-origin" not in told.headers


@pytest.mark.parametrize("scope", KeyScope)
def test_each_scope_opens_what_it_gives_and_nothing_else(workspace: Workspace, scope: KeyScope) -> None:
    client, seen = Client(serving.application(workspace), key_of(workspace, scope)), set()
    for method, path, route in routes.operations():
        permission = documentation.permission_of(route)
        assert permission is not None, path
        told = client(method, path.replace("{product}", "toy_library").replace("{", "").replace("}", ""))
        if permission in OF_SCOPE[scope]:
            assert told.status_code not in (401, 403), (method, path, told.text)
        else:
            assert told.status_code == 403 and told.json()["code"] == "session.not_in_scope", (method, path)
        seen.add(told.status_code == 403)
    assert True in seen and False in seen


def test_a_key_is_over_when_it_is_revoked_or_its_time_is_up(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = keys.make(workspace, "Agenda", [KeyScope.READ], days=1)
    client = Client(serving.application(workspace), made.text)
    assert client.get("/products").status_code == 200
    assert keys.listed(workspace)[0].used is not None and made.text not in str(keys.listed(workspace))
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 86_401)
    assert client.get("/products").status_code == 401
    monkeypatch.setattr(time, "time", now)
    keys.revoke(workspace, made.key.id)
    assert client.get("/products").status_code == 401
    told = [(entry.action, entry.facts.get("key")) for entry in entries(workspace, 10)]
    assert {("key_made", made.key.id), ("key_revoked", made.key.id)} <= set(told)


def test_last_use_is_written_at_most_once_a_minute(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    api, written = Client(serving.application(workspace), key_of(workspace)), []
    monkeypatch.setattr(Workspace, "used_api_key", lambda self, key, moment: written.append(key))
    api.get("/products")
    monkeypatch.undo()
    for _ in range(3):
        api.get("/products")
    assert len(written) == 1


def test_a_page_of_another_site_and_another_name_are_refused_with_a_key_too(api: Client) -> None:
    for headers in ({"origin": "http://atacante.example"}, {"host": "atacante.example:8502"}):
        told = api.get("/products", headers=headers)
        assert told.status_code == 403 and told.headers["content-type"] == "application/problem+json"
    assert api.get("/products", headers={"cookie": "presenca_sessao=x"}).status_code == 200


def test_past_the_gate_no_route_answers(workspace: Workspace) -> None:
    assert Client(application.build()).get("/products").status_code == 401


def test_a_key_that_calls_too_often_waits(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "A_MINUTE", 3)
    monkeypatch.setattr(application, "Limited", lambda app, _: Limited(app, 3))
    app = serving.application(workspace)
    one, other = Client(app, key_of(workspace)), Client(app, key_of(workspace))
    told = [one.get("/products", headers={"accept-language": "en"}) for _ in range(4)]
    assert [answer.status_code for answer in told] == [200, 200, 200, 429]
    assert int(told[3].headers["retry-after"]) >= 1 and "r=0" in told[3].headers["ratelimit"]
    assert told[3].json()["code"] == "api.too_many" and told[3].json()["title"] == "Too Many Requests"
    assert other.get("/products").status_code == 200


def test_what_there_is_is_told_in_the_declarations_words(api: Client) -> None:
    (line,) = api.get("/products").json()
    assert line["key"] == "toy_library" and line["title"] == "Devoluções"
    told = api.get("/products/toy_library").json()
    assert told["fields"][0]["source"] == "Número da carteirinha" and told["example"]["card"] == "L0001"
    assert told["record_schema"]["$schema"].endswith("2020-12/schema") and told["series"] == []
    gone = api.get("/products/outro")
    assert gone.status_code == 404 and gone.json()["code"] == "product.unknown"


def test_problems_are_told_in_the_language_that_is_asked_for(api: Client) -> None:
    told = api.get("/nada")
    assert told.status_code == 404 and told.json()["title"] == "Não encontrado"
    english = api.get("/nada", headers={"accept-language": "pt;q=0.2, en-GB"}).json()
    assert english["detail"] == "There is nothing at this address." and english["type"] == "problems/api.not_found"
    assert api("DELETE", "/api/v1/products").status_code == 405


def test_the_documentation_needs_no_script_and_no_other_host(api: Client) -> None:
    page = api("GET", "/api/docs")
    assert page.status_code == 200 and "<script" not in page.text and "http://" not in page.text
    assert "Carteirinha" in page.text and "script-src" not in page.headers["content-security-policy"]
    told = api("GET", "/api/openapi.json").json()
    assert told["openapi"].startswith("3.1") and "Record_toy_library" in told["components"]["schemas"]
    body = told["paths"]["/api/v1/products/{product}/records"]["post"]["requestBody"]["content"]
    assert set(body) == set(KINDS)
