"""The page of keys, and the API beside the app: a key is made, shown once, used, revoked; a cookie calls nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.runtime import Runtime

from dashboard import gatehouse, house
from pipeline.services import Workspace
from pipeline.services.people import keys
from tests.asgi import HERE, ask
from tests.conftest import ROOT
from tests.dashboard.pages import labels, opened, said

PAGE = "views/integration.py"


@pytest.fixture
def served(workspace_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The application as it is served."""
    from dashboard.app import app

    monkeypatch.setattr(gatehouse, "_standing", False)
    monkeypatch.setattr(Runtime, "_instance", None)
    monkeypatch.setattr(app, "_runtime", None)
    yield app._build_starlette_app()
    house._open.clear()  # type: ignore[attr-defined]


def test_a_key_is_made_shown_once_used_and_revoked(workspace_home: Path) -> None:
    app = opened(PAGE)
    assert "Nenhum sistema tem chave" in said(app)
    app.text_input[0].set_value("Agenda *nova*")
    next(box for box in app.checkbox if box.label.startswith("Ler")).set_value(True)
    app = next(b for b in app.button if b.label == "Fazer a chave").click().run()
    (text,) = [one.value for one in app.code]
    assert text.startswith("prs_") and not app.exception
    workspace = Workspace()
    assert keys.admitted(workspace, text) is not None
    app = app.run()
    assert not app.code and "Agenda" in said(app) and text not in said(app)
    app = next(b for b in app.button if b.label == "Revogar a chave").click().run()
    assert "não vale mais" in said(app) and keys.admitted(workspace, text) is None
    app = next(b for b in app.button if b.label == "Fazer a chave").click().run()
    assert app.error and "Revogar a chave" not in labels(app)


def test_the_api_is_called_beside_the_app_with_a_key_and_never_with_a_cookie(served: Any) -> None:
    """Without users the pages are open on this machine, and the API is not."""
    text = keys.make(Workspace(), "Agenda", [keys.KeyScope.READ]).text
    bearer = {"authorization": f"Bearer {text}"}
    assert ask(served, "/").status == 200
    for path in ("/api/v1/products", "/api/v1/nada", "/ping", "/invocations"):
        told = ask(served, path)
        assert told.status == 401 and told.headers["content-type"] == "application/problem+json"
    told = ask(served, "/api/v1/products", headers=bearer)
    assert told.status == 200 and "no-store" in told.headers["cache-control"]
    assert ask(served, "/api/v1/nada", headers=bearer).status == 404
    assert ask(served, "/api/v1/products", "POST", bearer).status == 405
    assert ask(served, "/api/v1/products", headers=bearer | {"origin": "http://atacante.example"}).status == 403
    assert ask(served, "/api/v1/products", "OPTIONS", {"origin": f"http://{HERE}"}).status == 401
    assert ask(served, "/ping", headers=bearer).status == 403  # of another scope, and no page of the app
    assert ask(served, "/_stcore/host-config", headers=bearer, client="192.168.0.7").status == 403  # a key is no login


def test_the_documentation_opens_for_whoever_is_in(served: Any) -> None:
    page = ask(served, "/api/docs")
    assert page.status == 200 and "Enviar registros" in page.body and "<script" not in page.body
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert ask(served, "/api").headers["location"] == "/api/docs"
    assert ask(served, "/api/openapi.json").status == 200
    assert ask(served, "/api/docs", client="192.168.0.7").status == 403


def test_the_app_starts_without_the_library_of_the_api() -> None:
    begins = "import sys\nfrom dashboard import gatehouse\ngatehouse.api_routes()"
    told = "print(sorted({'fastapi', 'pydantic'} & set(sys.modules)))"
    command = [sys.executable, "-c", f"{begins}\n{told}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]"
