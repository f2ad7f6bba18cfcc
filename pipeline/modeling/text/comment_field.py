"""Where a product's comments are, and which factor they are."""

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
    """The factor that comments are, or None."""
    return next((s.key for s in product.features if s.kind is FeatureKind.TEXT), None)
