"""Calls of the API without a network, by a real client."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx

from pipeline.records.integration import KeyScope
from pipeline.services import Workspace
from pipeline.services.people import keys

BASE = "http://127.0.0.1:8502"
EVERY = tuple(KeyScope)


@dataclass(frozen=True)
class Client:
    """Calls `app` with a key ("" for none)."""

    app: Any
    key: str = ""

    def __call__(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One call; `more`: as httpx takes it."""
        headers = ({"authorization": f"Bearer {self.key}"} if self.key else {}) | more.pop("headers", {})

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, client=("127.0.0.1", 50_000))
            async with httpx.AsyncClient(transport=transport, base_url=BASE, timeout=30) as client:
                return await client.request(method, path, headers=headers, **more)

        with ThreadPoolExecutor(1) as apart:
            return apart.submit(lambda: asyncio.run(ask())).result()

    def get(self, path: str, **more: Any) -> httpx.Response:
        """GET below /api/v1."""
        return self("GET", f"/api/v1{path}", **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        """POST below /api/v1."""
        return self("POST", f"/api/v1{path}", **more)


def key_of(workspace: Workspace, *scopes: KeyScope, name: str = "Agenda") -> str:
    """The text of a new key."""
    return keys.make(workspace, name, scopes or EVERY).text
