"""`python -m pipeline serve`: the API alone, without a page, behind the same gate."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline import services
from pipeline.access.gate import App, Gate, Receive, Send
from pipeline.access.hosts import Here
from pipeline.access.request import Scope
from pipeline.api.doorkeeping import KeyDoorman
from pipeline.api.mounting import Mounted, reading
from pipeline.services import Workspace

PORT = 8502


class Alone:
    """The API with its own lifespan."""

    def __init__(self, workspace: Callable[[], Workspace]) -> None:
        self._api, self._workspace = Mounted(), workspace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers the server's lifespan, and hands requests on."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._api(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        async with reading(self._workspace):
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})


def application(workspace: Workspace, address: str = "127.0.0.1", names: Sequence[str] = ()) -> App:
    """The API behind its gate. `names`: those by which it may be called, besides its address."""
    return Gate(Alone(lambda: workspace), KeyDoorman(lambda: workspace), Here(address, tuple(names)), keys_only=True)


def serve(address: str, port: int, names: Sequence[str] = ()) -> None:
    """Serves until it is ended."""
    import uvicorn

    workspace = services.open_session(services.Actor.HOUSE).workspace
    uvicorn.run(
        application(workspace, address, names),
        host=address,
        port=port,
        log_level="warning",
        access_log=False,  # addresses of requests are nobody's to keep
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=30,
        h11_max_incomplete_event_size=32_768,
    )
