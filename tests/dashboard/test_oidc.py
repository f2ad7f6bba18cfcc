"""The gate with a provider beside it: to it, back from it, and out of both, as a browser asks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from starlette.responses import JSONResponse

from dashboard import gatehouse, house
from dashboard.gatehouse import HouseDoorman
from pipeline.access import passwords
from pipeline.access.gate import Gate
from pipeline.access.hosts import Here
from pipeline.access.oidc import settings
from pipeline.records import Role
from pipeline.services import Session, Workspace
from pipeline.services.people import by_provider, entering, persons
from tests.asgi import HERE, Told, ask
from tests.dashboard.pages import opened, said
from tests.oidc_provider import CLIENT, SECRET, LocalProvider, running

GOOD, EMAIL = "cavalo bateria grampo", "bia@clinica.example"
PAGE, ELSEWHERE = {"accept": "text/html"}, {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
BEGIN, BACK = "/entrar/oidc", "/entrar/oidc/volta"


async def _behind(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ours"})


@pytest.fixture
def provider(workspace_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalProvider]:
    """A provider that knows Bia, a house that knows her too, and its admin, Ana."""
    quick = passwords.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", quick)
    space = Workspace()
    admin = persons.begin(space, "ana", "Ana", GOOD)
    persons.add(Session(space, user=admin), EMAIL, "Bia Lima", Role.READER)
    with running(LocalProvider()) as told:
        named = {settings.ISSUER: told.issuer, settings.CLIENT_ID: CLIENT, settings.SECRET: SECRET}
        for name, value in (named | {settings.NAME: "Hospital <b>"}).items():
            monkeypatch.setenv(name, value)
        yield told
    by_provider._provider.cache_clear()
    house._open.clear()  # type: ignore[attr-defined]


@pytest.fixture
def gate(provider: LocalProvider) -> Gate:
    return Gate(_behind, HouseDoorman())


def _pair(told: Told, name: str) -> str:
    return next(one for one in told.cookies if one.startswith(f"{name}=")).partition(";")[0]


def _back(gate: Gate, provider: LocalProvider, prefix: str = "", **headers: str) -> Told:
    """To the provider and back, as a browser does it from the login page."""
    begun = ask(gate, f"{prefix}{BEGIN}?para={prefix}%2Fvoz%3Fdias%3D7", headers=PAGE | headers)
    assert begun.status == 303 and begun.headers["location"].startswith(f"{provider.issuer}/authorize?")
    held = f"Max-Age=600; Path={prefix}{BEGIN}; HttpOnly; SameSite=Lax"
    assert held in begun.cookies[0] and not begun.body
    back = urlsplit(provider.authorized(begun.headers["location"]))
    sealed = _pair(begun, "presenca_oidc")
    return ask(gate, f"{back.path}?{back.query}", headers=PAGE | ELSEWHERE | headers | {"cookie": sealed})


def test_to_the_provider_and_back_to_the_page_that_was_asked_for(gate: Gate, provider: LocalProvider) -> None:
    form = ask(gate, "/entrar?para=%2Fvoz%3Fdias%3D7", headers=PAGE)
    assert 'href="/entrar/oidc?para=%2Fvoz%3Fdias%3D7">Entrar com Hospital &lt;b&gt;</a>' in form.body
    assert "ou com senha" in form.body
    told = _back(gate, provider)
    assert told.status == 303 and told.headers["location"] == "/voz?dias=7"
    assert "presenca_oidc=; Max-Age=0" in " ".join(told.cookies)
    inside = {"cookie": _pair(told, "presenca_sessao")}
    assert ask(gate, "/x", headers=inside).body == "ours"
    assert ask(gate, BEGIN, headers=PAGE | inside).headers["location"] == "/"
    out = ask(gate, "/sair", "POST", inside | PAGE | {"origin": f"http://{HERE}"})
    assert out.status == 200 and "Sair também de Hospital &lt;b&gt;" in out.body and "Max-Age=0" in out.cookie
    assert f'href="{provider.issuer}/logout?client_id=presenca&amp;post_logout_redirect_uri=' in out.body
    assert ask(gate, "/x", headers=inside).status == 401


def test_below_a_prefix_and_behind_tls(provider: LocalProvider) -> None:
    gate = Gate(_behind, HouseDoorman("/presenca"), Here("127.0.0.1", ("clinica.example",)), "presenca")
    asked = {"host": "clinica.example"}
    begun = ask(gate, f"/presenca{BEGIN}", headers=PAGE | asked, scheme="https")
    query = dict(parse_qsl(urlsplit(begun.headers["location"]).query))
    assert query["redirect_uri"] == f"https://clinica.example/presenca{BACK}"
    assert begun.cookies[0].endswith(f"Path=/presenca{BEGIN}; HttpOnly; SameSite=Lax; Secure")
    told = _back(gate, provider, "/presenca", **asked)
    assert told.headers["location"] == "/presenca/voz?dias=7"


@pytest.mark.parametrize("way", ["//atacante.example", "https://atacante.example", "/\\atacante.example", "/sair"])
def test_the_way_back_leads_nowhere_else(gate: Gate, provider: LocalProvider, way: str) -> None:
    begun = ask(gate, f"{BEGIN}?para={way}", headers=PAGE)
    back = urlsplit(provider.authorized(begun.headers["location"]))
    cookie = {"cookie": _pair(begun, "presenca_oidc")}
    told = ask(gate, f"{back.path}?{back.query}&para={way}", headers=PAGE | cookie)
    assert told.headers["location"] == "/"


def test_without_its_cookie_or_by_another_site_nobody_is_let_in(gate: Gate, provider: LocalProvider) -> None:
    begun = ask(gate, BEGIN, headers=PAGE)
    back = urlsplit(provider.authorized(begun.headers["location"]))
    address, cookie = f"{back.path}?{back.query}", {"cookie": _pair(begun, "presenca_oidc")}
    told = ask(gate, address, headers=PAGE)  # whoever was sent here with the code of another (login CSRF)
    assert told.status == 400 and "começou em outro navegador" in told.body and "presenca_sessao" not in told.cookie
    image = cookie | {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
    assert ask(gate, address, headers=image).status == 403
    for method in ("POST", "HEAD", "PUT"):
        assert ask(gate, address, method, cookie | {"origin": f"http://{HERE}"}).status == 405
    framed = cookie | PAGE | {"origin": "https://provedor.example"}
    assert ask(gate, address, headers=framed).status == 403
    assert ask(gate, address, headers=PAGE | cookie | {"host": "atacante.example"}).status == 403
    assert ask(gate, address, headers=PAGE | cookie).status == 303


def test_who_is_not_added_reads_whom_to_ask(gate: Gate, provider: LocalProvider) -> None:
    provider.person = {"email": "eva@clinica.example", "email_verified": True}
    told = _back(gate, provider)
    assert told.status == 403 and "Peça a quem administra que acrescente você" in told.body
    assert 'href="/entrar/oidc?outra=1">Usar outra conta' in told.body
    again = ask(gate, "/entrar/oidc?outra=1", headers=PAGE).headers["location"]
    assert "prompt=select_account" in again and "prompt" not in ask(gate, BEGIN, headers=PAGE).headers["location"]
    assert "eva@" not in told.body and "presenca_sessao" not in " ".join(told.cookies)


def test_a_provider_that_is_down_is_said_and_passwords_go_on(
    gate: Gate, provider: LocalProvider, caplog: pytest.LogCaptureFixture
) -> None:
    provider.answers = {"/.well-known/openid-configuration": lambda: JSONResponse({}, 503)}
    told = ask(gate, BEGIN, headers=PAGE)
    assert told.status == 503 and "não respondeu como devia" in told.body and 'href="/entrar"' in told.body
    assert "status 503" in caplog.text and "status 503" not in told.body
    form = {"nome": "ana", "senha": GOOD}
    assert ask(gate, "/entrar", "POST", {"origin": f"http://{HERE}"}, form=form).status == 303


def test_the_provider_alone_and_wrong_settings_are_told(
    gate: Gate, provider: LocalProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(settings.ONLY, "1")
    assert "só quem administra: com senha" in ask(gate, "/entrar", headers=PAGE).body
    monkeypatch.setenv(settings.ONLY, "talvez")
    assert "Entrar com" not in ask(gate, "/entrar", headers=PAGE).body
    assert ask(gate, BEGIN, headers=PAGE).status == 403 and settings.ONLY in gatehouse.why_not_open()
    monkeypatch.setenv(settings.ISSUER, "")
    for name in (settings.CLIENT_ID, settings.SECRET, settings.NAME, settings.ONLY):
        monkeypatch.setenv(name, "")
    assert ask(gate, BEGIN, headers=PAGE).status == 404 and gatehouse.why_not_open() == ""


def test_people_are_added_by_e_mail_without_a_link(provider: LocalProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    token = entering.log_in(Workspace(), "ana", GOOD).token
    monkeypatch.setattr("dashboard.who.token", lambda: token)
    page = opened("views/people.py")
    assert "entra por Hospital" in said(page) and "2 pessoas entram, por Hospital" in said(page)
    form = {one.label: one for one in page.text_input}
    form["Nome"].set_value("Caio Reis")
    form["Nome de acesso"].set_value("Caio@Clinica.example")
    next(one for one in page.button if one.label == "Acrescentar").click().run()
    told = said(page).replace("\u2060", "")  # an address in a sentence is made no link
    assert "Caio Reis entra como caio@clinica.example" in told and "/convite/" not in told
    added = next(user for user in Workspace().users() if user.name == "Caio Reis")
    assert (added.login, added.has_password, added.active) == ("caio@clinica.example", False, True)
