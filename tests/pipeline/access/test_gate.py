"""The gate alone, before an app that answers everything: who passes, who is refused, and with what headers."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.access import gate
from pipeline.access.gate import Answer, Asked, Gate, Verdict
from pipeline.access.hosts import Here
from pipeline.access.logins import new_token
from pipeline.access.request import COOKIE, PROVIDER, PROVIDER_BACK, safe_way
from tests.asgi import HERE, Told, ask, asked

TOKEN = new_token()
IN = {"cookie": f"{COOKIE}={TOKEN}"}
PAGE = {"accept": "text/html,*/*"}


class Doorman:
    """Knows one token; remembers what it was asked."""

    def __init__(self, yet: bool = True) -> None:
        self.yet = yet
        self.asked: list[Asked] = []

    def verdict(self, token: str) -> Verdict:
        if not self.yet:
            return Verdict.NOBODY_YET
        return Verdict.IN if token == TOKEN else Verdict.OUT

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        return Answer(303, location=asked.way, token=TOKEN)

    def refusal(self, code: str) -> str:
        return f"<p>{code}</p>"


async def everything(scope: Any, receive: Any, send: Any) -> None:
    """Says yes to all."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"Access-Control-Allow-Origin", b"*")]})
    await send({"type": "http.response.body", "body": b"ours"})


def stand(yet: bool = True, **more: Any) -> tuple[Gate, Doorman]:
    doorman = Doorman(yet)
    return Gate(everything, doorman, **more), doorman


def test_without_a_login_nothing_passes_and_with_one_all_does() -> None:
    app, _ = stand()
    assert ask(app, "/media/x").status == 401 and ask(app, "/media/x", headers=IN).body == "ours"
    there = {"origin": f"http://{HERE}"}
    assert ask(app, "/_stcore/stream", headers=there, kind="websocket").status == 403
    assert ask(app, "/_stcore/stream", headers=there | IN, kind="websocket").status == 101
    told = ask(app, "/voz?dados=1&dias=7", headers=PAGE)
    assert told.status == 303 and told.headers["location"] == "/entrar?para=%2Fvoz%3Fdados%3D1%26dias%3D7"


@pytest.mark.parametrize("headers", [{"host": "atacante.example:8501"}, {"host": "127.0.0.1:9000"}, {"host": ""}])
def test_another_name_is_refused_even_to_who_is_in(headers: dict[str, str]) -> None:
    app, _ = stand()
    assert ask(app, "/", headers=headers | IN).status == 403
    assert ask(app, "/entrar", headers=headers).status == 403


@pytest.mark.parametrize("headers", [{"host": "clinica.local"}, {"x-forwarded-proto": "https"}])
def test_what_a_proxy_on_this_machine_brings_is_not_of_this_machine(headers: dict[str, str]) -> None:
    app, _ = stand(yet=False, here=Here("127.0.0.1", ("clinica.local",)))
    assert ask(app, "/x").status == 200 and ask(app, "/x", headers=headers).status == 403
    assert ask(app, "/entrar", headers=headers).status == 403


def test_another_sites_page_is_refused_even_to_who_is_in() -> None:
    app, doorman = stand()
    there = {"origin": "http://atacante.example"}
    assert ask(app, "/_stcore/stream", headers=IN | there, kind="websocket").status == 403
    assert ask(app, "/_stcore/stream", headers=IN, kind="websocket").status == 403
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert ask(app, "/_stcore/upload_file/a/b", method, IN | there).status == 403
        assert ask(app, "/_stcore/upload_file/a/b", method, IN).status == 403
    assert ask(app, "/entrar", "POST", there, form={"nome": "a"}).status == 403 and not doorman.asked


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/mcp", "/_stcore/script-health-check"])
def test_what_is_nobodys_is_closed_to_everybody(path: str) -> None:
    for yet in (True, False):
        assert ask(stand(yet)[0], path, headers=IN).status == 403


def test_without_users_it_is_open_on_this_machine_alone() -> None:
    app, _ = stand(yet=False)
    assert ask(app, "/").body == "ours"
    assert ask(app, "/", client="192.168.0.7").status == 403
    assert ask(app, "/", server="192.168.0.10").status == 403
    for name in ("x-forwarded-for", "forwarded", "x-real-ip", "x-forwarded-host"):
        assert ask(app, "/", headers={name: "10.0.0.1"}).status == 403
    assert "open" in ask(app, "/", headers=PAGE, client="192.168.0.7").body
    assert ask(app, "/entrar", client="192.168.0.7").status == 403


def test_what_passes_carries_what_keeps_a_browser_from_harm() -> None:
    told = ask(stand()[0], "/media/x", headers=IN).headers
    assert told["x-frame-options"] == "DENY" and told["x-content-type-options"] == "nosniff"
    assert told["referrer-policy"] == "no-referrer" and told["cache-control"] == "no-store"
    assert (
        "frame-ancestors 'none'" in told["content-security-policy"] and "http:" not in told["content-security-policy"]
    )
    assert "access-control-allow-origin" not in told


def test_no_script_runs_that_is_not_named() -> None:
    told = ask(stand(scripts=("'sha256-one'", "'sha256-two'"))[0], "/", headers=IN | PAGE).headers
    (scripts,) = (one for one in told["content-security-policy"].split("; ") if one.startswith("script-src"))
    assert scripts == "script-src 'self' 'sha256-one' 'sha256-two' blob:"


def test_a_login_gives_a_cookie_that_scripts_do_not_read() -> None:
    app, doorman = stand()
    told = ask(app, "/entrar", "POST", {"origin": f"http://{HERE}"}, form={"nome": "ana", "para": "/voz"})
    assert told.status == 303 and told.headers["location"] == "/voz" and doorman.asked[0].form["nome"] == "ana"
    assert "HttpOnly" in told.cookie and "SameSite=Lax" in told.cookie and "Secure" not in told.cookie
    assert "script-src" not in told.headers["content-security-policy"]
    safe = ask(app, "/entrar", "POST", {"origin": f"https://{HERE}"}, form={}, scheme="https")
    assert safe.cookie.endswith("; Secure")


def test_a_form_that_is_too_large_is_not_read() -> None:
    app, doorman = stand()
    told = ask(app, "/entrar", "POST", {"origin": f"http://{HERE}"}, form=b"x" * (gate.LARGEST_FORM + 1))
    assert told.status == 413 and not doorman.asked
    assert ask(app, "/entrar", "POST", {"origin": f"http://{HERE}"}, form=b"\xff=\xfe&" * 9).status == 303


def test_under_a_path_it_stands_all_the_same() -> None:
    app, doorman = stand(prefix="presenca", here=Here("0.0.0.0", ("clinica.local",)))
    there = {"host": "clinica.local"}
    assert ask(app, "/presenca/_stcore/metrics", headers=there | IN).status == 403
    assert ask(app, "/presenca/media/x", headers=there).status == 401
    told = ask(app, "/presenca/voz", headers=there | PAGE)
    assert told.headers["location"] == "/presenca/entrar?para=%2Fpresenca%2Fvoz"
    assert ask(app, "/presenca/entrar", headers=there).status == 303 and doorman.asked[0].path == "/entrar"


@pytest.mark.parametrize(
    "cookies", ["presenca_sessao=", "presenca_sessao=x", "=;;;", "a=b; presenca_sessao=" + "A" * 44]
)
def test_a_cookie_that_is_none_opens_nothing(cookies: str) -> None:
    assert ask(stand()[0], "/x", headers={"cookie": cookies}).status == 401


@given(st.text(max_size=40))
def test_the_way_after_a_login_stays_here(way: str) -> None:
    found = safe_way(way)
    assert found.startswith("/") and not found.startswith(("//", "/\\")) and "\n" not in found and ":" not in found[:2]
    assert found in (way, "/")


def test_a_slow_provider_holds_up_nobody_who_is_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "SLOWEST_PROVIDER", 0.2)
    app, doorman = stand()
    over = threading.Event()
    doorman.answer = lambda asked: over.wait(20) and Answer(303)  # type: ignore[method-assign,assignment,return-value]

    async def all_at_once() -> list[Told]:
        waiting = [asyncio.create_task(asked(app, PROVIDER, headers=PAGE)) for _ in range(60)]
        await asyncio.sleep(0.05)
        page = await asyncio.wait_for(asked(app, "/x", headers=IN), 10)
        return [page, *await asyncio.gather(*waiting)]

    try:
        page, *told = asyncio.run(all_at_once())
    finally:
        over.set()
    assert page.body == "ours" and {(one.status, one.body) for one in told} == {(503, "<p>far</p>")}


@pytest.mark.parametrize("method", ["POST", "HEAD", "PUT"])
def test_the_providers_pages_are_only_read(method: str) -> None:
    app, doorman = stand()
    for path in (PROVIDER, PROVIDER_BACK):
        assert ask(app, path, method, {"origin": f"http://{HERE}"}).status == 405
    assert not doorman.asked
