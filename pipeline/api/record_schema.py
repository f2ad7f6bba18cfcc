"""The records of a product as JSON Schema 2020-12, made from its declaration alone, in the source's own words."""

from __future__ import annotations

from typing import Any

from pipeline.contract import Field, FieldKind, Product
from pipeline.presentation.spreadsheets.dictionary import how_to_write, required

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def of_product(product: Product) -> dict[str, Any]:
    """The schema of one record. A field may also come under another header that clinics use for it."""
    return {
        "$schema": DIALECT,
        "title": product.title,
        "description": product.description,
        "type": "object",
        "properties": {field.key: of_field(field, product) for field in product.fields},
        "required": [field.key for field in product.fields if field.required],
        "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
        "examples": [example(product)],
    }


def of_field(field: Field, product: Product) -> dict[str, Any]:
    """The schema of one value: what it is, how it is written, which values there are where they are a closed set.

    Cells are read as clinics write them, so that the listed values are known ones and not the only ones.
    """
    told: dict[str, Any] = {
        "title": field.label,
        "description": f"{field.source}. {how_to_write(field)}.".replace("..", "."),
        "type": ["number", "string", "null"] if _is_number(field) else ["string", "null"],
        "examples": list(field.examples),
        "x-required": required(field, product),
        "x-kind": str(field.kind),
        "x-role": str(field.role),
        "x-headers": [field.label, *field.synonyms],
    }
    if field.values:
        told["x-values"] = [{"value": value.label, "also": list(value.synonyms)} for value in field.values]
        told["examples"] = [value.label for value in field.values]
    if field.if_missing:
        told["x-if-missing"] = field.if_missing
    if field.personal:
        told["x-personal"] = True
    return told


def _is_number(field: Field) -> bool:
    return field.kind is FieldKind.RATING or field.accepts_age


def example(product: Product) -> dict[str, Any]:
    """A record as a clinic's system would send it."""
    return {field.key: field.examples[0] for field in product.fields}
