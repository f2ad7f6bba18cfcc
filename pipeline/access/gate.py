"""The gate: an ASGI middleware before every route and websocket of the app, whatever serves it.

It knows no file and no page. Who is in and what the login page says it asks its doorman, in a thread, since a
password takes its time. What other systems call asks for a key instead of a cookie, and is never let in by one.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass, field
from enum import StrEnum
from http.cookies import CookieError, SimpleCookie
from typing import Any, Protocol
from urllib.parse import parse_qsl, quote

from pipeline.access import hosts, logins
from pipeline.access.hosts import Here
from pipeline.errors import PresencaError

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

COOKIE = "presenca_sessao"
LOGIN, LOGOUT, INVITATION = "/entrar", "/sair", "/convite/"
CALLED = ("/api/v1", "/invocations", "/ping")  # what other systems call, and all below: with a key alone
CALLER = "presenca.caller"  # where a request says who calls, as the doorman told it
_BY_EITHER = "/api/"  # the API's own pages: for whoever is in, and for a key
LARGEST_FORM, SLOWEST_FORM = 8 * 1024, 10.0  # bytes, seconds
CLOSED = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check")  # nobody's, whoever asks
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
_LONGEST_WAY = 500

# What a page of Streamlit needs: its own scripts, styles in the markup, Plotly's drawings as blobs. Nothing elsewhere.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' blob:; "
    "connect-src 'self' {sockets} blob: data:; "
    "worker-src 'self' blob:; frame-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)
OWN_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_ALWAYS = (
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
)
_REPLACED = frozenset(
    {name for name, _ in _ALWAYS} | {b"content-security-policy", b"access-control-allow-origin", b"server"}
)


class Verdict(StrEnum):
    """What the doorman says of whoever asks."""

    NOBODY_YET = "nobody_yet"  # the workspace has no users
    IN = "in"
    OUT = "out"
    SHUT = "shut"  # the workspace can't be opened


@dataclass(frozen=True)
class Asked:
    """A request for one of the gate's own pages. `address`: of whoever asks; `way`: the page to go on to."""

    method: str
    path: str
    form: dict[str, str] = field(default_factory=dict)
    token: str = ""
    address: str = ""
    way: str = "/"


@dataclass(frozen=True)
class Answer:
    """What the doorman gives back: a page, or an address to go to; a token to put into the cookie, "" to end it."""

    status: int
    page: str = ""
    location: str = ""
    token: str | None = None


class Doorman(Protocol):
    """Who knows the persons and says the words. Each method may block: it is called in a thread."""

    def verdict(self, token: str) -> Verdict:
        """What is to become of a request with this token ("" for none)."""

    def answer(self, asked: Asked) -> Answer:
        """One of the gate's own pages."""

    def caller(self, key: str) -> object | None:
        """Who calls with this key, for the app to know; None for nobody. PresencaError where that can't be told now."""

    def problem(self, status: int, code: str, languages: str) -> bytes:
        """What a system that is refused reads, as JSON of RFC 9457. `languages`: as the request asks for them."""

    def refusal(self, code: str) -> str:
        """The page for somebody who is refused: "host" | "origin" | "open" | "shut" | "closed" | "large"."""


class Gate:
    """Stands before `app`. `here`: what it listens on; `prefix`: the path under which it is served, "" for the root;
    `keys_only`: nothing of it has a page, all of it is called.
    """

    def __init__(
        self, app: App, doorman: Doorman, here: Here | None = None, prefix: str = "", *, keys_only: bool = False
    ) -> None:
        self.app = app
        self.keys_only = keys_only
        self.doorman = doorman
        self.here = here or Here()
        self.prefix = f"/{prefix.strip('/')}" if prefix.strip("/") else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request through, or answers it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] in ("http", "websocket"):
            await self._ask(_Request.of(scope, self.prefix), scope, receive, send)

    async def _ask(self, request: _Request, scope: Scope, receive: Receive, send: Send) -> None:
        if request.host is None or not hosts.knows(request.host, self.here, request.port):
            await self._refuse(request, send, 403, "host")
        elif self._is_call(request):
            await self._called(request, scope, receive, send)
        elif not hosts.from_here(request.kind, request.method, request.headers, request.host):
            await self._refuse(request, send, 403, "origin")
        elif request.path.startswith(CLOSED):
            await self._refuse(request, send, 403, "closed")
        elif request.is_own and request.kind == "http":
            await self._own(request, receive, send)
        else:
            await self._through(request, scope, receive, send)

    def _is_call(self, request: _Request) -> bool:
        return request.kind == "http" and (self.keys_only or request.is_call)

    async def _called(self, request: _Request, scope: Scope, receive: Receive, send: Send) -> None:
        """By its key, and by nothing that a browser adds by itself. A page of another site is refused all the same."""
        origin, who, status, code = request.headers.get("origin"), None, 401, "key"
        if origin is not None and not hosts.same_origin(origin, request.host or ""):
            status, code = 403, "origin"
        elif request.key:
            try:
                who = await asyncio.to_thread(self.doorman.caller, request.key)
            except PresencaError:
                status, code = 503, "shut"
        if who is None:
            await self._problem(request, send, status, code)
        else:
            await self.app({**scope, CALLER: who}, receive, _guarded(send, request))

    async def _problem(self, request: _Request, send: Send, status: int, code: str) -> None:
        languages = request.headers.get("accept-language", "")
        body = await asyncio.to_thread(self.doorman.problem, status, code, languages)
        more = [(b"www-authenticate", b'Bearer realm="presenca"')] if status == 401 else []
        await _send(send, status, body, [(b"content-type", b"application/problem+json"), *more, *_own_headers()])

    async def _through(self, request: _Request, scope: Scope, receive: Receive, send: Send) -> None:
        verdict = await asyncio.to_thread(self.doorman.verdict, request.token)
        local = request.is_local
        if verdict is Verdict.IN or (verdict in (Verdict.NOBODY_YET, Verdict.SHUT) and local):
            await self.app(scope, receive, send if request.kind == "websocket" else _guarded(send, request))
        elif verdict is Verdict.NOBODY_YET:
            await self._refuse(request, send, 403, "open")
        elif verdict is Verdict.SHUT:
            await self._refuse(request, send, 403, "shut")
        elif request.is_page:
            way = quote(request.whole, safe="/?=&%:-._~")
            to = f"{self.prefix}{LOGIN}" + (f"?para={quote(way, safe='')}" if request.whole != "/" else "")
            await _send_answer(Answer(303, location=to), request, send)
        else:
            await self._refuse(request, send, 401, "login")

    async def _own(self, request: _Request, receive: Receive, send: Send) -> None:
        """The pages of the gate itself: the way in and the way out."""
        if request.method not in ("GET", "HEAD", "POST"):
            await self._refuse(request, send, 405, "closed")
            return
        form: dict[str, str] | None = {}
        if request.method == "POST":
            form = await _form(receive)
        if form is None:
            await self._refuse(request, send, 413, "large")
            return
        if not request.is_local and await asyncio.to_thread(self.doorman.verdict, "") is Verdict.NOBODY_YET:
            await self._refuse(request, send, 403, "open")
            return
        way = safe_way(form.get("para") or request.query.get("para", ""))
        asked = Asked(request.method, request.path, form, request.token, request.address, way)
        await _send_answer(await asyncio.to_thread(self.doorman.answer, asked), request, send)

    async def _refuse(self, request: _Request, send: Send, status: int, code: str) -> None:
        """403 to a websocket before it is accepted; a page to whoever reads one; else JSON."""
        if request.kind == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
        elif self._is_call(request):
            await self._problem(request, send, status, code)
        elif request.is_page:
            page = await asyncio.to_thread(self.doorman.refusal, code)
            await _send_answer(Answer(status, page=page), request, send)
        else:
            body = json.dumps({"error": code}).encode()
            await _send(send, status, body, [(b"content-type", b"application/json"), *_own_headers()])


@dataclass(frozen=True)
class _Request:
    """What the gate reads of a scope."""

    kind: str
    method: str
    path: str  # below the prefix
    whole: str  # the same with its query, as a browser may be sent to it again
    query: dict[str, str]
    headers: dict[str, str]
    host: str | None  # None where there is none, or more than one
    port: int | None
    address: str
    token: str
    is_local: bool
    is_https: bool
    prefix: str = ""

    @classmethod
    def of(cls, scope: Scope, prefix: str) -> _Request:
        pairs = [(k.decode("latin-1").lower(), v.decode("latin-1")) for k, v in scope.get("headers", ())]
        headers = dict(pairs)
        named = [value for name, value in pairs if name == "host"]
        server, client = scope.get("server") or ("", None), scope.get("client") or ("", None)
        full = str(scope["path"])
        path = (full[len(prefix) :] or "/") if prefix and (f"{full}/").startswith(f"{prefix}/") else full
        raw = (scope.get("query_string") or b"").decode("latin-1")
        forwarded = any(name in headers for name in _FORWARDED)
        asked = [found[0] if (found := hosts.parted(one)) is not None else "" for one in named]
        ends = [str(place[0]) for place in (server, client) if place[0]]
        return cls(
            kind=scope["type"],
            method=scope.get("method", "GET"),
            path=path,
            whole=full + (f"?{raw}" if raw else ""),
            query=dict(parse_qsl(raw, max_num_fields=50)) if raw.count("&") < 50 else {},
            headers=headers,
            host=named[0] if len(named) == 1 else None,
            port=server[1],
            address=str(client[0]),
            token=_token(headers.get("cookie", "")),
            # a proxy on this machine brings others here: the name they asked for tells, whatever it says of them
            is_local=not forwarded and all(hosts.is_loopback(one) for one in (*ends, *asked)),
            is_https=scope.get("scheme") in ("https", "wss"),
            prefix=prefix,
        )

    @property
    def is_own(self) -> bool:
        """Whether it asks for a page of the gate."""
        return self.path in (LOGIN, LOGOUT) or self.path.startswith(INVITATION)

    @property
    def is_call(self) -> bool:
        """Whether another system calls: what is called by a key alone, and the API's pages where a key is brought."""
        called = any(f"{self.path}/".startswith(f"{root}/") for root in CALLED)
        return called or (self.path.startswith(_BY_EITHER) and "authorization" in self.headers)

    @property
    def key(self) -> str:
        """The key that was brought; "" for none."""
        scheme, _, told = self.headers.get("authorization", "").partition(" ")
        return told.strip() if scheme.lower() == "bearer" else ""

    @property
    def is_page(self) -> bool:
        """Whether a person's browser opens a page, and reads what it gets."""
        accepts = "text/html" in self.headers.get("accept", "")
        goes = self.headers.get("sec-fetch-mode", "navigate") == "navigate"
        return self.kind == "http" and self.method in ("GET", "HEAD", "POST") and accepts and goes


def safe_way(way: str) -> str:
    """A page of ours to go on to after the login; the root for anything that could lead elsewhere."""
    plain = way.startswith("/") and not way.startswith(("//", "/\\")) and len(way) <= _LONGEST_WAY
    harmless = all("!" <= char <= "~" and char not in '\\"<>' for char in way)
    return way if plain and harmless and not way.startswith(("/_stcore", "/media", LOGOUT)) else "/"


def _token(cookies: str) -> str:
    """The token in the cookie; "" where there is none that could be one."""
    try:
        found = SimpleCookie(cookies[:8192]).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found is not None and logins.is_token(found.value) else ""


async def _form(receive: Receive) -> dict[str, str] | None:
    """The fields of a form; None where it is too large or takes too long."""
    try:
        body = await asyncio.wait_for(_body(receive), SLOWEST_FORM)
    except (TimeoutError, OverflowError):
        return None
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=20)
    except ValueError:  # not UTF-8 is one too, and too many fields
        return {}
    return dict(pairs)


async def _body(receive: Receive) -> bytes:
    """All of it; OverflowError beyond `LARGEST_FORM`."""
    found = b""
    while True:
        message = await receive()
        found += message.get("body", b"")
        if len(found) > LARGEST_FORM:
            raise OverflowError
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return found


def cookie(token: str, *, secure: bool, path: str = "/") -> str:
    """The Set-Cookie header of a token; "" ends it. Lax, so that a link in a message finds its reader logged in."""
    life = f"Max-Age={int(logins.LONGEST)}" if token else "Max-Age=0"
    return f"{COOKIE}={token}; {life}; Path={path}; HttpOnly; SameSite=Lax" + ("; Secure" if secure else "")


def _own_headers() -> list[tuple[bytes, bytes]]:
    # with "no-referrer" a browser sends a form's Origin as "null", which is anybody's
    always = [pair for pair in _ALWAYS if pair[0] != b"referrer-policy"]
    own = [(b"content-security-policy", OWN_POLICY.encode()), (b"referrer-policy", b"same-origin")]
    return [*own, (b"cache-control", b"no-store"), *always]


async def _send_answer(answer: Answer, request: _Request, send: Send) -> None:
    headers = [(b"content-type", b"text/html; charset=utf-8"), *_own_headers()]
    if answer.location:
        headers.append((b"location", answer.location.encode("ascii", "ignore")))
    if answer.token is not None:
        told = cookie(answer.token, secure=request.is_https, path=request.prefix or "/")
        headers.append((b"set-cookie", told.encode()))
    await _send(send, answer.status, answer.page.encode(), headers)


async def _send(send: Send, status: int, body: bytes, headers: Iterable[tuple[bytes, bytes]]) -> None:
    held = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": held})
    await send({"type": "http.response.body", "body": body})


def _guarded(send: Send, request: _Request) -> Send:
    """`send` that adds to each answer what a browser is to keep it from."""
    sockets = f"{'wss' if request.is_https else 'ws'}://{request.host}"
    is_api = request.is_call or request.path.startswith(_BY_EITHER)  # its pages hold no script
    policy = OWN_POLICY if is_api else POLICY.format(sockets=sockets)
    added = [(b"content-security-policy", policy.encode("ascii", "ignore")), *_ALWAYS]
    if request.path.startswith("/media") or is_api:
        added.append((b"cache-control", b"no-store"))  # a file for one person stays out of the disk's cache
    names = _REPLACED | {name for name, _ in added}

    async def forward(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = [pair for pair in message.get("headers", ()) if pair[0].lower() not in names]
            message = {**message, "headers": [*own, *added]}
        await send(message)

    return forward
