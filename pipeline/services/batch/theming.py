"""The themes of a file's comments, without a model and without a workspace."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline import atomic
from pipeline.contract import Product, Theme
from pipeline.errors import PresencaError
from pipeline.ingestion.intake import NOTHING
from pipeline.insight.comments import themes
from pipeline.insight.groups.counts import days
from pipeline.records import Recipe, ThemeOverview
from pipeline.records.plain import to_plain
from pipeline.records.sources import Source
from pipeline.services import catalog
from pipeline.services.data import other_product, theme_sets
from pipeline.services.data.loading import Report, ingest
from pipeline.services.data.reading import read


@dataclass(frozen=True)
class FoundThemes:
    """The themes of a file, and the product that it was read as."""

    product: Product
    overview: ThemeOverview


def themes_of_file(
    source: Source,
    product_key: str | None = None,
    *,
    theme_set: Path | None = None,
    recipe: Recipe = NOTHING,
    progress: Report | None = None,
) -> FoundThemes:
    """What a file's comments speak of, by the product's themes or those of a clinic's exported set. PresencaError for a
    product without comments, a file that rather is one's, or a set that can't be used.
    """
    raw = read(source, sheet=recipe.sheet)
    declared = (
        catalog.product(product_key)
        if product_key
        else other_product.with_comments(raw) or other_product.likeliest(raw)
    )
    if declared.comment is None or not declared.themes:
        raise PresencaError("themes.no_comments", product=declared.title)
    active = of_set(declared, theme_set)
    rows = ingest(declared, raw, recipe=recipe, progress=progress).rows
    said = rows.loc[rows[declared.comment.key].notna()]
    comments = said[declared.comment.key].tolist()
    stars, day = said[declared.target.key].to_numpy(dtype=np.float64), days(said[declared.time.key])
    return FoundThemes(declared, themes.overview(comments, stars, day, active, declared.opinions))


def of_set(declared: Product, theme_set: Path | None) -> tuple[Theme, ...]:
    """The themes of an exported set that are on, or, without one, the product's."""
    return declared.themes if theme_set is None else theme_sets.from_file(declared.key, theme_set)


def write_themes(found: FoundThemes, path: Path) -> None:
    """The overview as JSON: the record as it is, with the product's key."""
    plain = {"product": found.product.key, **to_plain(found.overview)}
    atomic.write(path, json.dumps(plain, ensure_ascii=False, indent=2).encode())
