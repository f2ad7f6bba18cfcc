"""The app as it is served: every route that Streamlit has, as it stands today, is behind the gate."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Mount, Route, WebSocketRoute
from streamlit import config
from streamlit.runtime import Runtime
from streamlit.testing.v1 import AppTest

from dashboard import gatehouse, house
from dashboard.components import door
from pipeline.access import passwords
from pipeline.access.gate import CLOSED
from pipeline.access.request import COOKIE
from pipeline.errors import WorkspaceError
from pipeline.services import Workspace
from pipeline.services.people import entering, persons
from tests.asgi import HERE, ask
from tests.conftest import ROOT
from tests.dashboard.pages import APP, said

GOOD = "cavalo bateria grampo"
OURS = {"origin": f"http://{HERE}"}
PAGE = {"accept": "text/html"}


@pytest.fixture
def served(workspace_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The Starlette application that `st.App` builds, with all of its routes; its runtime is not started."""
    from dashboard.app import app

    monkeypatch.setattr(gatehouse, "_standing", False)
    monkeypatch.setattr(Runtime, "_instance", None)
    monkeypatch.setattr(app, "_runtime", None)
    quick = passwords.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", quick)
    yield app._build_starlette_app()
    house._open.clear()  # type: ignore[attr-defined]


@pytest.fixture
def inside(served: Any) -> dict[str, str]:
    """The cookie of an admin who is in."""
    persons.begin(Workspace(), "ana", "Ana", GOOD)
    told = ask(served, "/entrar", "POST", OURS, form={"nome": "ana", "senha": GOOD, "para": "/voz"})
    assert told.status == 303 and told.headers["location"] == "/voz"
    return {"cookie": told.cookie.partition(";")[0]}


def _routes(served: Any) -> list[tuple[str, str, str]]:
    """(kind, method, an address) of everything that the app answers."""
    found = []
    for route in served.routes:
        address = re.sub(r"\{[^}]*\}", "x", getattr(route, "path", "")) or "/"
        if isinstance(route, WebSocketRoute):
            found.append(("websocket", "GET", address))
        elif isinstance(route, Route):
            found += [("http", method, address) for method in route.methods or ("GET",)]
        else:
            assert isinstance(route, Mount), route
            found += [("http", "GET", f"{address.rstrip('/')}/{file}") for file in ("", "index.html", "static/js/x.js")]
    return found


def test_every_route_is_closed_without_a_login(served: Any, inside: dict[str, str]) -> None:
    routes = _routes(served)
    assert len({address for _, _, address in routes}) > 10 and {kind for kind, _, _ in routes} == {"http", "websocket"}
    for kind, method, address in routes:
        told = ask(served, address, method, OURS, kind=kind)
        closed = kind == "websocket" or address.startswith(CLOSED)
        assert told.status == (403 if closed else 401), (method, address)
        other = ask(served, address, method, inside | {"origin": "http://atacante.example"}, kind=kind)
        strange = ask(served, address, method, inside | OURS | {"host": "atacante.example:8501"}, kind=kind)
        assert (other.status, strange.status) == (403, 403), (method, address)


def test_whoever_is_in_passes(served: Any, inside: dict[str, str]) -> None:
    told = ask(served, "/", headers=inside | PAGE)
    assert told.status == 200 and int(told.headers["content-length"]) > 1000
    assert ask(served, "/_stcore/host-config", headers=inside).status == 200
    assert ask(served, "/media/x.png", headers=inside).status == 404
    for address in CLOSED:
        assert ask(served, address, headers=inside).status == 403


def test_a_page_leads_to_the_login_and_the_login_back(served: Any, inside: dict[str, str]) -> None:
    told = ask(served, "/voz?dados=1", headers=PAGE)
    assert told.status == 303 and told.headers["location"].startswith("/entrar?para=")
    form = ask(served, told.headers["location"], headers=PAGE)
    assert form.status == 200 and 'value="/voz?dados=1"' in form.body and "<script" not in form.body
    assert ask(served, "/entrar", headers=inside).headers["location"] == "/"
    away = {"nome": "ana", "senha": GOOD, "para": "//atacante.example"}
    assert ask(served, "/entrar", "POST", OURS, form=away).headers["location"] == "/"


def test_a_wrong_password_says_so_and_keeps_nothing_of_it(served: Any, inside: dict[str, str]) -> None:
    said_ = {
        ask(served, "/entrar", "POST", OURS | PAGE, form={"nome": name, "senha": "segredo-errado"}).body.replace(
            name, ""
        )
        for name in ("ana", "outra")
    }
    assert len(said_) == 1 and "não conferem" in said_.pop()
    told = ask(served, "/entrar", "POST", OURS | PAGE, form={"nome": "<script>x</script>", "senha": "segredo-errado"})
    assert told.status == 401 and "<script" not in told.body and "segredo-errado" not in told.body and not told.cookie


def test_the_way_out_asks_and_ends_the_login(served: Any, inside: dict[str, str]) -> None:
    assert "Sair da Presença?" in ask(served, "/sair", headers=inside | PAGE).body
    assert ask(served, "/", headers=inside).status == 200  # looking at the question ended nothing
    assert ask(served, "/sair", "POST", inside | {"origin": "http://atacante.example"}).status == 403
    told = ask(served, "/sair", "POST", inside | OURS)
    assert told.status == 303 and "Max-Age=0" in told.cookie
    assert ask(served, "/", headers=inside).status == 401


def test_an_invitation_is_accepted_in_two_words_alike(served: Any, inside: dict[str, str]) -> None:
    session = entering.inside(Workspace(), inside["cookie"].partition("=")[2])
    assert session is not None
    made = persons.add_invited(session.session, "bia", "Bia <b>Lima</b>", persons.Role.READER)
    address = f"/convite/{made.token}"
    assert "Bia &lt;b&gt;" in ask(served, address, headers=PAGE).body
    assert "não são iguais" in ask(served, address, "POST", OURS, form={"senha": GOOD, "de_novo": "outra"}).body
    told = ask(served, address, "POST", OURS, form={"senha": GOOD, "de_novo": GOOD})
    assert told.status == 303 and told.cookie.startswith(COOKIE)
    assert ask(served, address, headers=PAGE).status == 410 and ask(served, "/convite/x", headers=PAGE).status == 410


def test_without_users_the_door_is_open_here_and_shut_elsewhere(served: Any) -> None:
    assert ask(served, "/", headers=PAGE).status == 200
    assert ask(served, "/entrar", headers=PAGE).headers["location"] == "/"
    told = ask(served, "/", headers=PAGE, client="192.168.0.7")
    assert told.status == 403 and "people add" in told.body


def test_a_workspace_that_does_not_open_lets_nobody_in_from_elsewhere(
    served: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESENCA_KEY", "curta")
    assert ask(served, "/", headers=PAGE).status == 200  # the page says why, on this machine
    assert ask(served, "/", client="192.168.0.7").status == 403
    assert ask(served, "/entrar").status == 503


def test_a_workspace_that_fails_once_it_had_users_asks_for_a_password_all_the_same(
    served: Any, inside: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ask(served, "/media/x", headers=inside).status == 404

    def busy(*_: object) -> None:
        raise WorkspaceError("records.busy")

    monkeypatch.setattr(Workspace, "has_users", busy)
    monkeypatch.setattr(Workspace, "login_of", busy)
    assert ask(served, "/media/x", headers=inside).status == 401 and ask(served, "/media/x").status == 401


def test_a_page_that_is_served_past_the_gate_shows_nothing(
    workspace_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gatehouse, "_standing", False)
    monkeypatch.setattr(door, "_asked_of_a_server", lambda: True)
    text = said(AppTest.from_file(str(APP), default_timeout=60).run())
    assert "Presença está fechada" in text and "porta que confere quem entra" in text and "Início" not in text
    assert not workspace_home.exists()


@pytest.mark.slow
def test_for_other_machines_it_does_not_start_without_users(workspace_home: Path) -> None:
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "dashboard" / "app.py")]
    flags = ["--server.address", "0.0.0.0", "--server.port", "8799", "--server.headless", "true"]
    done = subprocess.run([*command, *flags], capture_output=True, text=True, timeout=120, check=False, cwd=ROOT)
    assert done.returncode == 1 and "people add" in done.stderr and "Traceback" not in done.stderr


def test_with_users_it_would_start_for_other_machines(workspace_home: Path) -> None:
    before = config.get_option("server.address")
    config.set_option("server.address", "0.0.0.0")
    try:
        assert "sem usuários" in gatehouse.why_not_open()
        persons.begin(Workspace(), "ana", "Ana", GOOD)
        assert gatehouse.why_not_open() == ""
    finally:
        config.set_option("server.address", before)
        house._open.clear()  # type: ignore[attr-defined]


def test_a_database_that_is_deleted_opens_no_door(served: Any, inside: dict[str, str]) -> None:
    """The persons come back from beside it: a password is asked for, an old login is over, the new one is theirs."""
    house.workspace().close()
    home = house.workspace().home
    house._open.clear()  # type: ignore[attr-defined]
    for path in home.glob("presenca.sqlite*"):
        path.unlink()
    assert ask(served, "/voz", headers=PAGE).status == 303
    assert ask(served, "/", headers=inside).status == 401 == ask(served, "/_stcore/health").status
    assert ask(served, "/entrar", "POST", OURS, form={"nome": "ana", "senha": "outra senha qualquer"}).status == 401
    assert ask(served, "/entrar", "POST", OURS, form={"nome": "ana", "senha": GOOD}).status == 303
