"""`/products`: which products there are, and the contract of each in the source's own words."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from pipeline import services
from pipeline.api import record_schema
from pipeline.api.dependencies import Needs
from pipeline.contract import Field, Product
from pipeline.services import Session
from pipeline.services.data import series

router = APIRouter(prefix="/products", tags=["products"])
Caller = Annotated[Session, Depends(Needs(series.listed))]


class ProductLine(BaseModel):
    """A product in a list."""

    key: str
    title: str
    description: str


class ValueOut(BaseModel):
    """A value of a closed set."""

    value: str
    also: list[str]
    outcome: str | None


class FieldOut(BaseModel):
    """A field of a product, as its declaration has it."""

    key: str
    label: str
    kind: str
    role: str
    source: str
    required: bool
    personal: bool
    extra: bool
    examples: list[str]
    headers: list[str]
    values: list[ValueOut]
    if_missing: str


class SeriesOut(BaseModel):
    """A series of a product: the run of files of one clinic. `model`: the one in use; null while there is none."""

    id: str
    name: str
    sample: bool
    model: str | None


class ProductOut(ProductLine):
    """A product with all that its records may hold."""

    event: str
    fields: list[FieldOut]
    one_of: list[str]
    record_schema: dict[str, Any]
    example: dict[str, Any]
    series: list[SeriesOut]


@router.get("", operation_id="list_products")
def list_products(caller: Caller) -> list[ProductLine]:
    """Every product."""
    return [ProductLine(key=p.key, title=p.title, description=p.description) for p in services.products()]


@router.get("/{product}", operation_id="get_product")
def get_product(product: str, caller: Caller) -> ProductOut:
    """One product, and the series that there are of it."""
    declared = services.product(product)
    return ProductOut(
        key=declared.key,
        title=declared.title,
        description=declared.description,
        event=declared.words.event,
        fields=[_field(field) for field in declared.fields],
        one_of=list(declared.one_of),
        record_schema=record_schema.of_product(declared),
        example=record_schema.example(declared),
        series=_series(caller, declared),
    )


def _field(field: Field) -> FieldOut:
    values = [
        ValueOut(value=v.label, also=list(v.synonyms), outcome=str(v.outcome) if v.outcome else None)
        for v in field.values
    ]
    return FieldOut(
        key=field.key,
        label=field.label,
        kind=str(field.kind),
        role=str(field.role),
        source=field.source,
        required=field.required,
        personal=field.personal,
        extra=field.extra,
        examples=list(field.examples),
        headers=[field.label, *field.synonyms],
        values=values,
        if_missing=field.if_missing,
    )


def _series(caller: Session, declared: Product) -> list[SeriesOut]:
    found = series.listed(caller, declared.key)
    return [SeriesOut(id=s.id, name=s.name, sample=s.is_sample, model=s.model_id or None) for s in found]
