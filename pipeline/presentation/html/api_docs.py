"""The API's own page, made from its OpenAPI document: no script, nothing from another host."""

from __future__ import annotations

import json
from typing import Any

from pipeline.presentation.html import page
from pipeline.presentation.sentences import api_words

_METHODS = ("get", "post", "put", "patch", "delete")


def docs_page(openapi: dict[str, Any]) -> str:
    """The document as one HTML page: an operation after the other, then the records."""
    schemas = openapi["components"]["schemas"]
    return page.render(
        "api_docs",
        title="API",
        description=openapi["info"]["description"],
        key=api_words.KEY,
        operations=[_operation(*one) for one in _operations(openapi)],
        records=[_record(name, told) for name, told in schemas.items() if "x-kind" in str(told)],
    )


def _operations(openapi: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method.upper(), path, methods[method])
        for path, methods in openapi["paths"].items()
        for method in _METHODS
        if method in methods
    ]


def _operation(method: str, path: str, told: dict[str, Any]) -> dict[str, Any]:
    content = told.get("requestBody", {}).get("content", {})
    examples = content.get("application/json", {}).get("examples", {})
    return {
        "id": told["operationId"],
        "method": method,
        "path": path,
        "summary": told["summary"],
        "description": told["description"],
        "scopes": ", ".join(told["x-scopes"]),
        "parameters": [
            (one["name"], one["in"], "obrigatório" if one.get("required") else "opcional")
            for one in told.get("parameters", ())
        ],
        "kinds": ", ".join(content),
        "examples": [(one["summary"], _json(one["value"])) for one in examples.values()],
    }


def _record(name: str, told: dict[str, Any]) -> dict[str, Any]:
    lines = [(key, one["title"], one["description"], one["x-required"]) for key, one in told["properties"].items()]
    return {"name": name, "title": told["title"], "description": told["description"], "lines": lines}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
