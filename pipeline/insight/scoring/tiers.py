"""Risks → tiers: by the cuts that a product declares, else by the bands that its model's past risks gave."""

from __future__ import annotations

import numpy as np

from pipeline.contract import Product
from pipeline.records import Tier


def tiers_in(product: Product, tiers: tuple[Tier, ...]) -> tuple[Tier, ...]:
    """The tiers that hold for a product, `tiers` being those of a model's card.

    A card of a version that knew no declared cuts has other bands: what was observed in those holds for none of these.
    """
    if not product.tier_cuts:
        return tiers
    lows, highs = (0.0, *product.tier_cuts), (*product.tier_cuts, 1.0)
    if [(t.low, t.high) for t in tiers] == list(zip(lows, highs, strict=True)):
        return tiers
    return tuple(Tier(t.key, low, high, 0, None) for t, low, high in zip(tiers, lows, highs, strict=False))


def tiers_of(risk: np.ndarray, tiers: tuple[Tier, ...]) -> np.ndarray:
    """Tier.key of each risk (object array, None where the risk is NaN)."""
    keys = np.array([*(tier.key for tier in tiers), None], dtype=object)
    place = np.searchsorted([tier.low for tier in tiers], risk, side="right") - 1
    return keys[np.where(np.isnan(risk), len(tiers), place.clip(min=0))]
