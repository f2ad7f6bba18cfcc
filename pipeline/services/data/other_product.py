"""Whether a file is another product's: told by how many of whose fields its columns surely are."""

from __future__ import annotations

from pipeline.contract import Product
from pipeline.errors import MissingFields
from pipeline.ingestion.mapping import propose
from pipeline.ingestion.reading.reader import RawTable
from pipeline.records import Note, note
from pipeline.services import catalog

_SURE = 0.8
_MORE = 2  # fields of another product beyond this one's: one alike proves nothing


def other_product(raw: RawTable, declared: Product) -> Product | None:
    """The product whose file this rather is, or None."""
    own = _sure_fields(raw, declared)
    others = [
        (found, product)
        for product in catalog.products()
        if product.key != declared.key and (found := _sure_fields(raw, product)) >= own + _MORE
    ]
    return max(others, key=lambda pair: pair[0])[1] if others else None


def likeliest(raw: RawTable) -> Product:
    """The product whose file this most likely is: the one with the most fields that its columns surely are."""
    return max(catalog.products(), key=lambda product: _sure_fields(raw, product))


def surest(raw: RawTable) -> Product | None:
    """The product whose file this surely is: with more of its fields there than of any other's; None in doubt."""
    ranked = sorted(((_sure_fields(raw, one), one) for one in catalog.products()), key=lambda pair: -pair[0])
    counts = [found for found, _ in ranked] + [0]
    return ranked[0][1] if counts[0] >= counts[1] + _MORE else None


def with_comments(raw: RawTable) -> Product | None:
    """The product as whose comments a file can be read: a column is its comment, and the file is no other's."""
    for product in catalog.products():
        comment = product.comment
        if comment is None or other_product(raw, product) is not None:
            continue
        if any(match.field == comment.key for match in propose.propose(raw, product)):
            return product
    return None


def _sure_fields(raw: RawTable, product: Product) -> int:
    asked = {field.key for field in product.asked}
    return sum(1 for m in propose.propose(raw, product) if m.field in asked and m.confidence >= _SURE)


def looks_like(product: Product) -> Note:
    """What is said of a file that rather is this product's."""
    return note("file.looks_like", what=product.words.looks_like or product.words.rows, product=product.title)


def refusal(error: MissingFields, product: Product) -> MissingFields:
    """The same refusal, with the other product named first."""
    return MissingFields(error.missing, error.found, instead=looks_like(product), more=error.more)
