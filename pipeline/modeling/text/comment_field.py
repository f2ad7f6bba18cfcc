"""Where a product's comments are, and which factors they are."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.contract import FeatureKind, Product


def comments_of(rows: pd.DataFrame, product: Product) -> np.ndarray | None:
    """The comment of each row ("" where there is none); None where the product's model reads none."""
    spec = text_factor(product)
    if spec is None:
        return None
    column = rows[product.feature(spec).fields[0]]
    return column.astype("object").where(column.notna(), "").to_numpy()


def text_factor(product: Product) -> str | None:
    """The factor that the words of comments are, or None."""
    return _factor(product, FeatureKind.TEXT)


def sense_factor(product: Product) -> str | None:
    """The factor that the sense of comments is, or None."""
    return _factor(product, FeatureKind.SENSE)


def _factor(product: Product, kind: FeatureKind) -> str | None:
    return next((s.key for s in product.features if s.kind is kind), None)
