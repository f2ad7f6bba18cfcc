"""What the API says of itself: OpenAPI 3.1 with the products' own fields and examples, and a page that shows it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from pipeline import services
from pipeline.api import documentation_marks, problems, record_schema, routes
from pipeline.api.dependencies import Needs
from pipeline.presentation.sentences import api_words
from pipeline.records import Permission
from pipeline.services.people import keys

DOCS, OPENAPI = "/api/docs", "/api/openapi.json"

_HIDDEN = {"include_in_schema": False}
router = APIRouter()


@router.get("/api", **_HIDDEN)  # type: ignore[arg-type]
def root(request: Request) -> Response:
    """Leads to the page."""
    return Response(status_code=307, headers={"location": request.scope.get("root_path", "") + DOCS})


@router.get(DOCS, **_HIDDEN)  # type: ignore[arg-type]
def page(request: Request) -> Response:
    """The page: no script, nothing from another host."""
    from pipeline.presentation.html import api_docs

    return Response(api_docs.docs_page(request.app.openapi()), media_type="text/html; charset=utf-8")


@router.get(OPENAPI, **_HIDDEN)  # type: ignore[arg-type]
def document(request: Request) -> dict[str, Any]:
    """The document."""
    return request.app.openapi()


def openapi(app: FastAPI) -> dict[str, Any]:
    """The document of the live application, made once."""
    if app.openapi_schema is None:
        app.openapi_schema = _made(app)
    return app.openapi_schema


def _made(app: FastAPI) -> dict[str, Any]:
    told = get_openapi(
        title=app.title,
        version="1",
        openapi_version="3.1.0",
        description=api_words.DESCRIPTION,
        routes=app.routes,
    )
    parts = told.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = _PROBLEM
    for product in services.products():
        schemas[_name(product.key)] = record_schema.of_product(product)
    parts["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer", "description": api_words.KEY}}
    told["security"] = [{"key": []}]
    for method, path, route in routes.operations():
        _tell(route, told["paths"][path][method.lower()])
    return told


def _tell(route: APIRoute, operation: dict[str, Any]) -> None:
    """What the route doesn't say itself: words, scopes, problems, the records of the products."""
    operation["summary"], operation["description"] = api_words.OPERATIONS[route.operation_id or route.name]
    permission = permission_of(route)
    operation["x-scopes"] = [] if permission is None else list(map(str, keys.scopes_with(permission)))
    responses = operation["responses"]
    responses.pop("422", None)
    if "GET" in (route.methods or ()):
        responses["304"] = {"description": api_words.UNCHANGED}
    responses["default"] = {
        "description": api_words.PROBLEM,
        "content": {problems.CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if kinds := operation.pop(documentation_marks.FRAMES, None):
        operation["requestBody"] = {"required": True, "content": {kind: _frame(kind) for kind in kinds}}
    if kinds := operation.pop(documentation_marks.RECORDS, None):
        operation["requestBody"] = {"required": True, "content": {kind: _content(kind) for kind in kinds}}


def permission_of(route: APIRoute) -> Permission | None:
    """What a caller must be allowed to use a route; None where none is asked for."""
    found = [one.call for one in route.dependant.dependencies if isinstance(one.call, Needs)]
    return found[0].permission if found else None


def _content(kind: str) -> dict[str, Any]:
    """A body of records, with an example of each product."""
    if kind != "application/json":
        return {"schema": {"contentMediaType": kind}}
    refs = [{"$ref": f"#/components/schemas/{_name(p.key)}"} for p in services.products()]
    records = {"type": "array", "items": {"anyOf": refs}, "minItems": 1}
    whole = {"type": "object", "properties": {"records": records}, "required": ["records"]}
    examples = {
        p.key: {"summary": p.title, "value": {"records": [record_schema.example(p)]}} for p in services.products()
    }
    return {"schema": {"anyOf": [records, whole]}, "examples": examples}


def _frame(kind: str) -> dict[str, Any]:
    """A body of MLflow's protocol, with an example of each product."""
    if kind != "application/json":
        return _content(kind)
    examples = {
        p.key: {"summary": p.title, "value": {"dataframe_records": [record_schema.example(p)]}}
        for p in services.products()
    }
    return {"schema": {"oneOf": _FRAMES}, "examples": examples}


def _name(key: str) -> str:
    return f"Record_{key}"


_PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457",
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
    },
    "required": ["type", "title", "status", "detail", "code"],
}

_CELL = {"type": ["string", "number", "boolean", "null"]}
_ROWS = {"type": "array", "minItems": 1, "items": {"type": "object", "additionalProperties": _CELL, "minProperties": 1}}
_SPLIT = {
    "type": "object",
    "properties": {
        "columns": {"type": "array", "items": {"type": "string"}, "uniqueItems": True, "minItems": 1},
        "index": {"type": "array"},
        "data": {"type": "array", "minItems": 1, "items": {"type": "array", "items": _CELL}},
    },
    "required": ["columns", "data"],
}
_COLUMNS = {"type": "object", "minProperties": 1, "additionalProperties": {"type": "array", "items": _CELL}}
_FRAMES = [
    {"type": "object", "properties": {name: told}, "required": [name], "additionalProperties": False}
    for name, told in (
        ("dataframe_split", _SPLIT),
        ("dataframe_records", _ROWS),
        ("instances", _ROWS),
        ("inputs", {"anyOf": [_ROWS, _COLUMNS]}),
    )
]
