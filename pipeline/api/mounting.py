"""The API as an ASGI application to be mounted or served: light until it is called."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from pipeline.access.gate import App, Receive, Send
from pipeline.access.request import Scope
from pipeline.services import Workspace

PATHS = ("/api", "/api/{rest:path}", "/invocations", "/ping")  # what the API answers, wherever it is mounted


class Mounted:
    """Builds the API with the first call. `prefix`: the path under which it is served, "" for the root."""

    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix
        self._built: App | None = None
        self._lock = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands a request on."""
        app = await self._application()
        await app({**scope, "root_path": self.prefix}, receive, send)

    async def _application(self) -> App:
        async with self._lock:
            if self._built is None:
                self._built = await asyncio.to_thread(_build)
        return self._built


def _build() -> App:
    from pipeline.api import application

    return application.build()


@asynccontextmanager
async def reading(workspace: Callable[[], Workspace]) -> AsyncIterator[dict[str, Any]]:
    """While a server runs: threads that read what other systems sent, watch the folder, tell others what happened,
    look at the advice about models, take up the jobs of servers that are gone, and drop from a cache what was erased
    elsewhere.
    """
    from pipeline.services.arrivals import working
    from pipeline.services.data import caches
    from pipeline.services.folder import working as watching
    from pipeline.services.models import taking_up
    from pipeline.services.pages import advising
    from pipeline.services.webhooks import delivering

    rooms = (working, watching, delivering, advising, taking_up, caches)
    workers = [room.start(workspace) for room in rooms]
    try:
        yield {}
    finally:
        await asyncio.gather(*(asyncio.to_thread(worker.stop) for worker in workers))  # one that works delays no other
