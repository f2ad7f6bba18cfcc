"""A small OpenID Connect provider of our own on 127.0.0.1: right in all, and wrong in whatever a test tells it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import threading
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import uvicorn
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "presenca", "segredo-do-cliente"


def code_challenge(verifier: str) -> str:
    """RFC 7636, 4.2."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


@dataclass
class LocalProvider:
    """`person`: claims of whoever sits there; `change`: what a test does to an ID token's claims; `sign`: how it is
    signed, in place of the provider's own way; `answers`: a path and what is answered there instead.
    """

    issuer: str = ""
    person: dict[str, Any] = field(default_factory=lambda: {"email": "bia@clinica.example", "email_verified": True})
    about: dict[str, Any] = field(default_factory=dict)
    change: Callable[[dict[str, Any]], None] = lambda claims: None
    sign: Callable[[dict[str, Any]], str] | None = None
    answers: dict[str, Callable[[], Response]] = field(default_factory=dict)
    secret: str = SECRET
    key: ECKey | RSAKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "one", "alg": "ES256"}))
    more: dict[str, Any] = field(default_factory=dict)  # claims that userinfo alone tells
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    given: int = 0  # codes
    page: bool = False  # whether a person presses a button there

    def rotate(self, kid: str = "two") -> None:
        """Another key, and the last one is gone."""
        self.key = ECKey.generate_key("P-256", {"kid": kid, "alg": "ES256"})

    @property
    def app(self) -> Starlette:
        """What uvicorn serves."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._answer(self._discovery)),
                Route("/authorize", self._answer(self._authorize)),
                Route("/token", self._answer(self._token), methods=["POST"]),
                Route("/jwks", self._answer(self._jwks)),
                Route("/userinfo", self._answer(self._userinfo)),
                Route("/logout", self._answer(lambda request: HTMLResponse("<h1>Saiu do provedor</h1>"))),
            ]
        )

    def _answer(self, usual: Callable[..., Any]) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            self.asked.append(request.url.path)
            if request.url.path in self.answers:
                return self.answers[request.url.path]()
            told = usual(request)
            return await told if asyncio.iscoroutine(told) else told

        return answer

    def _discovery(self, request: Request) -> Response:
        told: dict[str, Any] = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "end_session_endpoint": f"{self.issuer}/logout",
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none"],
        }
        return JSONResponse(told | self.about)

    def _authorize(self, request: Request) -> Response:
        to = self.authorized(str(request.url))
        if self.page:
            return HTMLResponse(f'<h1>Provedor local</h1><a id="yes" href="{to}">Sou eu</a>')
        return RedirectResponse(to, 302)

    def authorized(self, address: str) -> str:
        """Where a browser that came to `address` is sent back to, once its person said yes."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert asked["client_id"] == CLIENT and asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256" and "openid" in asked["scope"].split()
        self.given += 1
        code = f"code-{self.given}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    async def _token(self, request: Request) -> Response:
        told = dict(parse_qsl((await request.body()).decode()))
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        named = b64decode(given).decode() if kind == "Basic" else f"{told.get('client_id')}:{told.get('client_secret')}"
        if named != f"{CLIENT}:{self.secret}":
            return JSONResponse({"error": "invalid_client"}, 401)
        asked = self.codes.pop(told["code"], None)  # once
        good = asked is not None and code_challenge(told["code_verifier"]) == asked["code_challenge"]
        if asked is None or not good or told["redirect_uri"] != asked["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse({"access_token": "at", "token_type": "Bearer", "id_token": self.id_token(asked["nonce"])})

    def id_token(self, nonce: str) -> str:
        """Signed by the key of today, unless `sign` says otherwise."""
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": "7", "iat": now, "exp": now + 300, "nonce": nonce}
        claims |= self.person
        self.change(claims)
        if self.sign is not None:
            return self.sign(claims)
        algorithm = str(self.key.get("alg"))
        return jwt.encode({"alg": algorithm, "kid": self.key.kid}, claims, self.key, algorithms=[algorithm])

    def _jwks(self, request: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    def _userinfo(self, request: Request) -> Response:
        assert request.headers["authorization"] == "Bearer at"
        return JSONResponse({"sub": "7"} | self.more)


@contextmanager
def running(provider: LocalProvider) -> Iterator[LocalProvider]:
    """Serves it on a free port of this machine, and tells it its issuer."""
    server = uvicorn.Server(uvicorn.Config(provider.app, port=0, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    provider.issuer = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield provider
    finally:
        server.should_exit = True
        thread.join()


def _plain(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def unsigned(claims: dict[str, Any]) -> str:
    """An ID token that says it needs no signature."""
    return ".".join(_plain(json.dumps(one).encode()) for one in ({"alg": "none", "kid": "one"}, claims)) + "."


def shared(claims: dict[str, Any], public: bytes) -> str:
    """An ID token signed by HS256 with a key that everybody knows; joserfc itself refuses to."""
    head = ".".join(_plain(json.dumps(one).encode()) for one in ({"alg": "HS256", "kid": "one"}, claims))
    return f"{head}.{_plain(hmac.digest(public, head.encode(), 'sha256'))}"
