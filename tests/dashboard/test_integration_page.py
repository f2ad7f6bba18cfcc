"""The page of keys, and the API beside the app: a key is made, shown once, used, revoked; a cookie calls nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.runtime import Runtime
from streamlit.testing.v1 import AppTest

from dashboard import gatehouse, house
from pipeline.records import note
from pipeline.records.folder import FolderFile, FolderState
from pipeline.services import Workspace
from pipeline.services.data import folder_log
from pipeline.services.people import keys
from tests.asgi import HERE, ask
from tests.conftest import ROOT
from tests.dashboard.pages import labels, opened, said

PAGE, MORNING = "views/integration.py", "2026-11-23T06:50:11-03:00"


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


def test_a_folder_is_set_told_of_and_left_again(workspace_home: Path, tmp_path: Path) -> None:
    app = opened(PAGE)
    assert "Nenhuma pasta é vigiada." in said(app)
    _folder(app, tmp_path / "nada", is_on=True)
    assert "não existe" in app.error[0].value and "Nenhuma pasta" in said(app)
    folder = tmp_path / "entrada"
    folder.mkdir()
    _folder(app, folder, is_on=True)
    found, workspace = folder_log.settings(Workspace()), Workspace()
    assert found.is_on and found.path == str(folder) and found.lists and not found.identified and not found.retrain
    why = note("folder.which_product")
    folder_log.note_file(workspace, FolderFile("a*b*.csv", "1", MORNING, FolderState.REFUSED, note=why))
    app = app.run()
    assert not app.exception and "a*b*.csv chegou pela pasta em 23/11/2026, às 06:50 e foi recusado." in (
        next(one.value for one in app.markdown if "pela pasta" in one.value).replace("\\", "").replace("\u00a0", " ")
    )
    folder.rename(tmp_path / "fora")
    assert "não existe" in " ".join(one.value for one in app.run().warning)
    _folder(app, folder, is_on=False)
    assert "Nenhuma pasta é vigiada." in said(app) and not folder_log.settings(workspace).is_on


def _folder(app: AppTest, folder: Path, *, is_on: bool) -> None:
    next(one for one in app.text_input if one.label == "Pasta").set_value(str(folder))
    next(one for one in app.checkbox if one.label == "Vigiar a pasta").set_value(is_on)
    next(one for one in app.button if one.label == "Guardar").click().run()


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


@pytest.mark.slow  # imports: the last test of tests/pipeline/test_cli_integration.py
def test_the_app_starts_without_the_library_of_the_api() -> None:
    begins = "import sys\nfrom dashboard import gatehouse\ngatehouse.api_routes()"
    told = "print(sorted({'fastapi', 'pydantic'} & set(sys.modules)))"
    command = [sys.executable, "-c", f"{begins}\n{told}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]"
