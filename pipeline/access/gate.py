"""The gate: an ASGI middleware before every route and websocket of the app, whatever serves it.

It knows no file and no page. Who is in and what the login page says it asks its doorman, in a thread, since a
password takes its time.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from http.cookies import CookieError, SimpleCookie
from typing import Any, Protocol
from urllib.parse import parse_qsl, quote

from pipeline.access import hosts, logins
from pipeline.access.hosts import Here

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

COOKIE, PENDING_COOKIE = "presenca_sessao", "presenca_oidc"
LOGIN, LOGOUT, INVITATION = "/entrar", "/sair", "/convite/"
PROVIDER, PROVIDER_BACK = "/entrar/oidc", "/entrar/oidc/volta"  # to the organisation's provider, and back from it
PENDING_LIFE = 600  # seconds
LARGEST_FORM, SLOWEST_FORM = 8 * 1024, 10.0  # bytes, seconds
SLOWEST_PROVIDER, _FAR_AT_ONCE = 30.0, 4  # seconds, threads
CLOSED = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check")  # nobody's, whoever asks
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
_LONGEST_WAY, _LONGEST_PENDING = 500, 3000

# What a page of Streamlit needs: its own scripts, those within the page by their hashes, styles in the markup, Plotly's
# drawings as blobs. Nothing elsewhere, and no script that is made of text.
POLICY = (
    "default-src 'self'; script-src 'self' {scripts} blob:; style-src 'self' 'unsafe-inline'; "
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
    """A request for one of the gate's own pages. `address`: of whoever asks; `way`: the page to go on to; `origin`:
    scheme and host that the browser asked; `pending`: what it carries of a login by the provider.
    """

    method: str
    path: str
    form: dict[str, str] = field(default_factory=dict)
    token: str = ""
    address: str = ""
    way: str = "/"
    query: dict[str, str] = field(default_factory=dict)
    origin: str = ""
    pending: str = ""


@dataclass(frozen=True)
class Answer:
    """What the doorman gives back: a page, or an address to go to; a token to put into the cookie, "" to end it;
    `pending` likewise, for the cookie of a login by the provider.
    """

    status: int
    page: str = ""
    location: str = ""
    token: str | None = None
    pending: str | None = None


class Doorman(Protocol):
    """Who knows the persons and says the words. Each method may block: it is called in a thread."""

    def verdict(self, token: str) -> Verdict:
        """What is to become of a request with this token ("" for none)."""

    def answer(self, asked: Asked) -> Answer:
        """One of the gate's own pages."""

    def refusal(self, code: str) -> str:
        """The page for somebody who is refused: "host" | "origin" | "open" | "shut" | "closed" | "large" | "far"."""


class Gate:
    """Stands before `app`. `here`: what it listens on; `prefix`: the path under which it is served, "" for the root;
    `scripts`: what a policy calls the scripts that may stand in a page (hashes).
    """

    def __init__(
        self, app: App, doorman: Doorman, here: Here | None = None, prefix: str = "", scripts: Iterable[str] = ()
    ) -> None:
        self.app = app
        self.doorman = doorman
        self.here = here or Here()
        self.scripts = " ".join(scripts)
        self.prefix = f"/{prefix.strip('/')}" if prefix.strip("/") else ""
        # a provider that is slow to answer takes no thread from those who are in
        self._far = ThreadPoolExecutor(_FAR_AT_ONCE, thread_name_prefix="provider")

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
        elif not hosts.from_here(request.kind, request.method, request.headers, request.host):
            await self._refuse(request, send, 403, "origin")
        elif request.path.startswith(CLOSED):
            await self._refuse(request, send, 403, "closed")
        elif request.is_own and request.kind == "http":
            await self._own(request, receive, send)
        else:
            await self._through(request, scope, receive, send)

    async def _through(self, request: _Request, scope: Scope, receive: Receive, send: Send) -> None:
        verdict = await asyncio.to_thread(self.doorman.verdict, request.token)
        local = request.is_local
        if verdict is Verdict.IN or (verdict in (Verdict.NOBODY_YET, Verdict.SHUT) and local):
            await self.app(
                scope, receive, send if request.kind == "websocket" else _guarded(send, request, self.scripts)
            )
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
        far = request.path in (PROVIDER, PROVIDER_BACK)
        if request.method not in (("GET",) if far else ("GET", "HEAD", "POST")):
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
        own = (request.query, request.origin, request.pending)
        asked = Asked(request.method, request.path, form, request.token, request.address, way, *own)
        if not far:
            await _send_answer(await asyncio.to_thread(self.doorman.answer, asked), request, send)
            return
        answering = asyncio.get_running_loop().run_in_executor(self._far, self.doorman.answer, asked)
        try:
            await _send_answer(await asyncio.wait_for(answering, SLOWEST_PROVIDER), request, send)
        except TimeoutError:
            await self._refuse(request, send, 503, "far")

    async def _refuse(self, request: _Request, send: Send, status: int, code: str) -> None:
        """403 to a websocket before it is accepted; a page to whoever reads one; else JSON."""
        if request.kind == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
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
    pending: str = ""

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
            token=token if logins.is_token(token := _cookie(headers.get("cookie", ""), COOKIE)) else "",
            # a proxy on this machine brings others here: the name they asked for tells, whatever it says of them
            is_local=not forwarded and all(hosts.is_loopback(one) for one in (*ends, *asked)),
            is_https=scope.get("scheme") in ("https", "wss"),
            prefix=prefix,
            pending=_cookie(headers.get("cookie", ""), PENDING_COOKIE)[:_LONGEST_PENDING],
        )

    @property
    def is_own(self) -> bool:
        """Whether it asks for a page of the gate."""
        return self.path in (LOGIN, LOGOUT, PROVIDER, PROVIDER_BACK) or self.path.startswith(INVITATION)

    @property
    def origin(self) -> str:
        """Scheme and host, as the browser asked for them."""
        return f"{'https' if self.is_https else 'http'}://{self.host}"

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


def _cookie(cookies: str, name: str) -> str:
    """The value of a cookie; "" where there is none, or none that can be read."""
    try:
        found = SimpleCookie(cookies[:8192]).get(name)
    except CookieError:
        return ""
    return found.value if found is not None else ""


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


def pending_cookie(sealed: str, *, secure: bool, prefix: str = "") -> str:
    """The Set-Cookie header of a login by the provider, sent to its own pages alone; "" ends it. Lax: the way back is
    a link from another site.
    """
    life = f"Max-Age={PENDING_LIFE if sealed else 0}; Path={prefix}{PROVIDER}; HttpOnly; SameSite=Lax"
    return f"{PENDING_COOKIE}={sealed}; {life}" + ("; Secure" if secure else "")


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
    if answer.pending is not None:
        told = pending_cookie(answer.pending, secure=request.is_https, prefix=request.prefix)
        headers.append((b"set-cookie", told.encode()))
    await _send(send, answer.status, answer.page.encode(), headers)


async def _send(send: Send, status: int, body: bytes, headers: Iterable[tuple[bytes, bytes]]) -> None:
    held = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": held})
    await send({"type": "http.response.body", "body": body})


def _guarded(send: Send, request: _Request, scripts: str) -> Send:
    """`send` that adds to each answer what a browser is to keep it from."""
    sockets = f"{'wss' if request.is_https else 'ws'}://{request.host}"
    policy = POLICY.format(sockets=sockets, scripts=scripts)
    added = [(b"content-security-policy", policy.encode("ascii", "ignore")), *_ALWAYS]
    if request.path.startswith("/media"):
        added.append((b"cache-control", b"no-store"))  # a file for one person stays out of the disk's cache
    names = _REPLACED | {name for name, _ in added}

    async def forward(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = [pair for pair in message.get("headers", ()) if pair[0].lower() not in names]
            message = {**message, "headers": [*own, *added]}
        await send(message)

    return forward
