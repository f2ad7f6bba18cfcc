"""The API put together: its routes, what becomes of refusals, its OpenAPI, its limits."""

from __future__ import annotations

import logging
import traceback
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from pipeline.access.gate import App, Receive, Send
from pipeline.access.request import Scope
from pipeline.api import documentation, problems, routes
from pipeline.api.dependencies import NoKey, language
from pipeline.api.limiting import A_MINUTE, Limited
from pipeline.api.tagging import Tagged
from pipeline.errors import PresencaError
from pipeline.records import Note, note

_OF_STATUS = {404: "api.not_found", 405: "api.method", 415: "api.media_type", 400: "api.malformed"}


def build(most_a_minute: int = A_MINUTE) -> App:
    """The whole API, as ASGI. It has no gate of its own: whoever serves it puts one before it."""
    return Limited(Tagged(Walled(web())), most_a_minute)


class Walled:
    """The last wall. Of an unexpected fault frames only go to the log: its text may quote a patient's data, and the
    server would write it there.
    """

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request through; the caller was answered already where it failed."""
        try:
            await self.app(scope, receive, send)
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing of its text leaves here
            frames = "".join(traceback.format_tb(error.__traceback__))
            logging.getLogger("presenca").error("%s%s", frames, type(error).__name__)


def web() -> FastAPI:
    """The application with its routes, without limits."""
    app = FastAPI(title="Presença", openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    for router in routes.ALL:
        app.include_router(router, prefix=routes.ROOT)
    for router in routes.AT_ROOT:
        app.include_router(router)
    app.include_router(documentation.router)
    app.openapi = lambda: documentation.openapi(app)  # type: ignore[method-assign]
    app.add_exception_handler(PresencaError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _fault)
    return app


def _answer(request: Request, status: int, said: Note | str, **more: Any) -> Response:
    body = problems.body(status, said, language(request), **more)
    headers = {"www-authenticate": 'Bearer realm="presenca"'} if status == HTTPStatus.UNAUTHORIZED else None
    return Response(body, status, headers, problems.CONTENT_TYPE)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, PresencaError)
    return _answer(request, 401 if isinstance(error, NoKey) else problems.status_of(error), error.note)


def _invalid(request: Request, error: Exception) -> Response:
    """Where the values stand that don't serve; never the values, which may be a patient's."""
    assert isinstance(error, RequestValidationError)
    where = list(dict.fromkeys(".".join(map(str, one["loc"])) for one in error.errors()))[:20]
    if any(one["type"] == "json_invalid" for one in error.errors()):
        return _answer(request, 400, "api.malformed")
    return _answer(request, 422, note("api.unprocessable", where=where), where=where)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _answer(request, error.status_code, _OF_STATUS.get(error.status_code, "api.malformed"))


def _fault(request: Request, error: Exception) -> Response:
    return _answer(request, 500, "api.fault")
