"""The products: one folder of data each, found by its name. A new product is one new folder."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from pipeline.contract import Product


@cache
def all_products() -> tuple[Product, ...]:
    """Every product, in the order of their keys; each folder offers PRODUCT."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg)
    return tuple(importlib.import_module(f"{__name__}.{name}").PRODUCT for name in names)
