"""How often a key may call: a moving window of a minute, counted in this process."""

from __future__ import annotations

import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from pipeline.access.gate import CALLER, App, Message, Receive, Send
from pipeline.access.request import Scope
from pipeline.api import problems
from pipeline.presentation.sentences import languages
from pipeline.records import note
from pipeline.services import Session

A_MINUTE = 6_000


class Limited:
    """Counts each call of a key before it is carried out; says in each answer what is left."""

    def __init__(self, app: App, most: int = A_MINUTE) -> None:
        self.app = app
        self.most = most
        self._item = RateLimitItemPerMinute(most)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a call through, or answers 429."""
        who = scope.get(CALLER)
        if not isinstance(who, Session) or who.key is None:
            await self.app(scope, receive, send)
            return
        allowed = self._limiter.hit(self._item, who.key.id)
        reset, left = self._limiter.get_window_stats(self._item, who.key.id)
        seconds = max(1, int(reset - time.time()) + 1)
        told = [
            (b"ratelimit-policy", f'"key";q={self.most};w=60'.encode()),
            (b"ratelimit", f'"key";r={left};t={seconds}'.encode()),
        ]
        if allowed:
            await self.app(scope, receive, _with(send, told))
        else:
            await _refuse(scope, send, seconds, told)


def _with(send: Send, told: list[tuple[bytes, bytes]]) -> Send:
    async def forward(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *told]}
        await send(message)

    return forward


async def _refuse(scope: Scope, send: Send, seconds: int, told: list[tuple[bytes, bytes]]) -> None:
    wanted = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"accept-language"), "")
    body = problems.body(429, note("api.too_many", seconds=seconds), languages.asked_for(wanted))
    headers = [
        (b"content-type", problems.CONTENT_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"retry-after", str(seconds).encode()),
        *told,
    ]
    await send({"type": "http.response.start", "status": 429, "headers": headers})
    await send({"type": "http.response.body", "body": body})
