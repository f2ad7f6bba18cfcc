"""Requests to an ASGI app without a network, as a server hands them over."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

HERE = "127.0.0.1:8501"


@dataclass(frozen=True)
class Told:
    """What an app answered: a status (for a websocket 101 or 403), headers in small letters, the body; `cookies`:
    all that it sets, where `headers` holds the last.
    """

    status: int
    headers: dict[str, str]
    body: str
    cookies: tuple[str, ...] = ()

    @property
    def cookie(self) -> str:
        return self.headers.get("set-cookie", "")


def ask(app: Any, path: str, method: str = "GET", headers: dict[str, str] | None = None, **more: Any) -> Told:
    """`asked`, for those who wait for one answer at a time."""
    with ThreadPoolExecutor(1) as apart:  # beside Playwright's own loop, where one runs in this process
        return apart.submit(lambda: asyncio.run(asked(app, path, method, headers, **more))).result()


async def asked(
    app: Any,
    path: str,
    method: str = "GET",
    headers: dict[str, str] | None = None,
    *,
    form: dict[str, str] | bytes | None = None,
    kind: str = "http",
    client: str = "127.0.0.1",
    server: str = "127.0.0.1",
    scheme: str = "http",
) -> Told:
    """One request; `headers` join a Host of our own, unless they name another ("" for none)."""
    bare, _, query = path.partition("?")
    named = {"host": HERE} | {name.lower(): value for name, value in (headers or {}).items()}
    body = form if isinstance(form, bytes) else urlencode(form or {}).encode()
    scope = {
        "type": kind,
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": scheme,
        "path": bare,
        "raw_path": bare.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in named.items() if value],
        "client": (client, 50_000),
        "server": (server, 8501),
        "subprotocols": [],
        "state": {},
    }
    sent: list[Any] = []
    inbox = [{"type": "websocket.connect"}, {"type": "websocket.disconnect", "code": 1000}]
    if kind == "http":
        inbox = [{"type": "http.request", "body": body, "more_body": False}, {"type": "http.disconnect"}]

    async def receive() -> Any:
        return inbox.pop(0) if len(inbox) > 1 else inbox[0]

    async def send(message: Any) -> None:
        sent.append(message)

    await asyncio.wait_for(app(scope, receive, send), 20)
    if kind == "websocket":
        return Told(403 if sent[0]["type"] == "websocket.close" else 101, {}, "")
    held = [(k.decode().lower(), v.decode()) for k, v in sent[0]["headers"]]
    text = b"".join(message.get("body", b"") for message in sent[1:]).decode("utf-8", "replace")
    return Told(sent[0]["status"], dict(held), text, tuple(value for name, value in held if name == "set-cookie"))
