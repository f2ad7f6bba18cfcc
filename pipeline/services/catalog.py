"""Which products there are, and what is handed out about them before any file arrives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.contract import Product, ResourceTable
from pipeline.errors import PresencaError
from pipeline.paths import PROJECT
from pipeline.products import all_products

SAMPLES = PROJECT / "data_samples"
PRODUCTS = PROJECT / "pipeline" / "products"


def products() -> tuple[Product, ...]:
    """Every product, in a fixed order."""
    return all_products()


def product(key: str) -> Product:
    """The product with this key. PresencaError, naming those that exist, if there is none."""
    found = next((p for p in all_products() if p.key == key), None)
    if found is None:
        raise PresencaError("product.unknown", key=key[:40], known=[p.key for p in all_products()])
    return found


def resource_tables() -> tuple[ResourceTable, ...]:
    """Which resources of FHIR are rows of a product, and in which columns their elements stand."""
    return tuple(table for product in all_products() if (table := product.resource_table))


def template(product_key: str) -> bytes:
    """The workbook that a clinic fills in: headers, examples, lists of values and explanations."""
    from pipeline.presentation import spreadsheets

    return spreadsheets.template_xlsx(product(product_key))


def dictionary(product_key: str, ending: str) -> bytes:
    """The data dictionary of a product as `html` or `xlsx`, made from its declaration."""
    from pipeline.presentation import html, spreadsheets

    declared = product(product_key)
    return spreadsheets.dictionary_xlsx(declared) if ending == "xlsx" else html.dictionary_html(declared).encode()


def sample_chunks(product_key: str, rows: int, seed: int, *, errors: bool, future: bool) -> Iterator[Any]:
    """Invented rows of a product, as tables one after the other. PresencaError for less than one row."""
    if rows < 1:
        raise PresencaError("sample.no_rows")
    return product(product_key).sample.generate(rows, seed, errors=errors, future=future)


def write_sample(
    product_key: str, path: Path, rows: int, seed: int, *, errors: bool = False, future: bool = False
) -> int:
    """Writes synthetic rows as CSV, or as FHIR where the name ends in .ndjson (Bulk Data) or .json (a Bundle), and says
    how many; the same arguments give the same bytes. PresencaError for FHIR where the product has no resource.
    """
    from pipeline import sampling

    declared = product(product_key)
    if path.suffix.lower() in sampling.FHIR_ENDINGS:
        if declared.sample.resources is None:
            raise PresencaError("output.no_resource", product=declared.title)
        chunks = sample_chunks(product_key, rows, seed, errors=errors, future=future)
        return sampling.write_fhir(chunks, declared.sample.resources, path)
    return sampling.write_csv(sample_chunks(product_key, rows, seed, errors=errors, future=future), path)


def starter_file(product_key: str) -> Path | None:
    """The bundle of the reader that ships with a product, or None."""
    starter = product(product_key).starter
    return PRODUCTS / product_key / starter.file if starter else None


def sample_file(product_key: str, role: str) -> Path | None:
    """The ready sample in data_samples/ for a role (past, future, errors), or None."""
    name = product(product_key).sample.file(role)
    path = SAMPLES / name if name else None
    return path if path and path.is_file() else None
