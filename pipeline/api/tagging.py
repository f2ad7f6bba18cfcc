"""ETag: what was read before and is still the same is not sent again."""

from __future__ import annotations

import hashlib

from pipeline.access.gate import App, Message, Receive, Send
from pipeline.access.request import Scope

_OK, _UNCHANGED = 200, 304
_ASKED = b"if-none-match"


class Tagged:
    """Gives each answer to a GET the tag of its content, and an empty 304 where the caller has it already.

    Answers are whole in memory all the same: lists come in parts.
    """

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands a request on."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        answer = _Answer(scope, send)
        await self.app(scope, receive, answer.take)


class _Answer:
    """An answer that is held until its content is whole."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope, self._send = scope, send
        self._start: Message | None = None
        self._body: list[bytes] = []

    async def take(self, message: Message) -> None:
        """Takes a part in, or hands it on where nothing is tagged."""
        if message["type"] == "http.response.start" and message["status"] == _OK:
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._body.append(message.get("body", b""))
            if not message.get("more_body"):
                await self._end(self._start, b"".join(self._body))

    async def _end(self, start: Message, body: bytes) -> None:
        tag = b'"' + hashlib.sha256(body).hexdigest()[:32].encode() + b'"'
        told = [(b"etag", tag), (b"cache-control", b"private, no-cache"), (b"vary", b"authorization, accept-language")]
        kept = [one for one in start["headers"] if one[0].lower() not in (b"cache-control", b"vary")]
        if _holds(self._scope, tag):
            told += [one for one in kept if one[0].lower() not in (b"content-length", b"content-type")]
            await self._send({**start, "status": _UNCHANGED, "headers": told})
            await self._send({"type": "http.response.body", "body": b""})
        else:
            await self._send({**start, "headers": [*kept, *told]})
            await self._send({"type": "http.response.body", "body": body})


def _holds(scope: Scope, tag: bytes) -> bool:
    """Whether one of the tags of a request is this one; a weak tag says as much where content is only read."""
    asked = next((value for name, value in scope.get("headers", ()) if name.lower() == _ASKED), b"")
    return any(one.strip().removeprefix(b"W/") in (tag, b"*") for one in asked.split(b","))
