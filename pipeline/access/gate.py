"""The gate: an ASGI middleware before every route and websocket of the app, whatever serves it.

It knows no file and no page. Who is in and what the login page says it asks its doorman, in a thread, since a
password takes its time. What other systems call asks for a key instead of a cookie, and is never let in by one.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol
from urllib.parse import parse_qsl, quote

from pipeline.access import hosts, logins
from pipeline.access.hosts import Here
from pipeline.access.request import (
    BY_EITHER,
    COOKIE,
    LOGIN,
    PENDING_COOKIE,
    PROVIDER,
    PROVIDER_BACK,
    Request,
    Scope,
    safe_way,
)
from pipeline.errors import PresencaError

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

PENDING_LIFE = 600  # seconds
CALLER = "presenca.caller"  # where a request says who calls, as the doorman told it
LARGEST_FORM, SLOWEST_FORM = 8 * 1024, 10.0  # bytes, seconds
SLOWEST_PROVIDER, _FAR_AT_ONCE = 30.0, 4  # seconds, threads
CLOSED = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check")  # nobody's, whoever asks

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

    def caller(self, key: str) -> object | None:
        """Who calls with this key, for the app to know; None for nobody. PresencaError where that can't be told now."""

    def problem(self, status: int, code: str, languages: str) -> bytes:
        """What a system that is refused reads, as JSON of RFC 9457. `languages`: as the request asks for them."""

    def refusal(self, code: str) -> str:
        """The page for somebody who is refused: "host" | "origin" | "open" | "shut" | "closed" | "large" | "far"."""


class Gate:
    """Stands before `app`. `here`: what it listens on; `prefix`: the path under which it is served, "" for the root;
    `scripts`: what a policy calls the scripts that may stand in a page (hashes); `keys_only`: nothing of it has a page,
    all of it is called.
    """

    def __init__(
        self,
        app: App,
        doorman: Doorman,
        here: Here | None = None,
        prefix: str = "",
        scripts: Iterable[str] = (),
        *,
        keys_only: bool = False,
    ) -> None:
        self.app = app
        self.keys_only = keys_only
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
            await self._ask(Request.of(scope, self.prefix), scope, receive, send)

    async def _ask(self, request: Request, scope: Scope, receive: Receive, send: Send) -> None:
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

    def _is_call(self, request: Request) -> bool:
        return request.kind == "http" and (self.keys_only or request.is_call)

    async def _called(self, request: Request, scope: Scope, receive: Receive, send: Send) -> None:
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
            await self.app({**scope, CALLER: who}, receive, _guarded(send, request, self.scripts))

    async def _problem(self, request: Request, send: Send, status: int, code: str) -> None:
        languages = request.headers.get("accept-language", "")
        body = await asyncio.to_thread(self.doorman.problem, status, code, languages)
        more = [(b"www-authenticate", b'Bearer realm="presenca"')] if status == 401 else []
        await _send(send, status, body, [(b"content-type", b"application/problem+json"), *more, *_own_headers()])

    async def _through(self, request: Request, scope: Scope, receive: Receive, send: Send) -> None:
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

    async def _own(self, request: Request, receive: Receive, send: Send) -> None:
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

    async def _refuse(self, request: Request, send: Send, status: int, code: str) -> None:
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


async def _send_answer(answer: Answer, request: Request, send: Send) -> None:
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


def _guarded(send: Send, request: Request, scripts: str) -> Send:
    """`send` that adds to each answer what a browser is to keep it from."""
    sockets = f"{'wss' if request.is_https else 'ws'}://{request.host}"
    is_api = request.is_call or request.path.startswith(BY_EITHER)  # its pages hold no script
    policy = OWN_POLICY if is_api else POLICY.format(sockets=sockets, scripts=scripts)
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
