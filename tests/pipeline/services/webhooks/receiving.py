"""A receiver on this machine that checks signatures with the library's own verifier."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
from standardwebhooks import Webhook as Verifier

from pipeline.records.webhooks import CHOSEN, MadeWebhook, WebhookEvent
from pipeline.services.session import Actor, Session
from pipeline.services.webhooks import managing
from pipeline.workspace.store import Workspace

ABROAD = "93.184.216.34"
ADDRESS = "https://sistema.exemplo.com.br/presenca"


def added(
    workspace: Workspace, url: str = ADDRESS, events: tuple[WebhookEvent, ...] = CHOSEN, **more: Any
) -> MadeWebhook:
    """A webhook whose name leads abroad."""
    asked = managing.Asked(url, events, **more)
    return managing.add(Session(workspace, Actor.COMMAND_LINE), asked, resolve=lambda name, port: (ABROAD,))


@dataclass
class Receiver:
    """What came, and what is answered to it."""

    url: str = ""
    status: int = 200
    answer: bytes = b""
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def told(self, secret: str) -> list[dict[str, Any]]:
        """The bodies, each verified."""
        return [Verifier(secret).verify(body, headers) for headers, body in self.came]


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A server on 127.0.0.1."""
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            found.came.append((dict(self.headers.items()), body))
            self.send_response(found.status)
            self.send_header("location", "http://127.0.0.1:1/")
            self.send_header("content-length", str(len(found.answer)))
            self.end_headers()
            self.wfile.write(found.answer)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_address[1]}/presenca"
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Stream(httpx.AsyncByteStream):
    def __init__(self, content: bytes) -> None:
        self.content = content

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self.content


def unread(answer: httpx.Response) -> httpx.Response:
    """An answer as it comes by the network: not read yet."""
    return httpx.Response(answer.status_code, stream=_Stream(answer.content))
