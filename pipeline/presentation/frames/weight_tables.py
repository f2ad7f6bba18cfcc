"""How factors weigh, in tables: points of each factor, of each of its values, and of pairs of factors."""

from __future__ import annotations

import pandas as pd

from pipeline.contract import Product
from pipeline.presentation.charts.dependence import value_name
from pipeline.presentation.locale import names
from pipeline.presentation.locale.numbers import decimal, number, points
from pipeline.records import Dependence, JointWeights, WeightSpread

_PAIRS = 12


def spread(found: WeightSpread, product: Product) -> pd.DataFrame:
    """A line a factor: mean size of its points and the middle 80 % of them."""
    return pd.DataFrame(
        {
            "Fator": [names.factor(product, item.factor) for item in found.factors],
            "Peso médio (pontos)": [decimal(100 * item.mean_abs, 1) for item in found.factors],
            "80% das linhas": [f"{points(item.low, 1)} a {points(item.high, 1)}" for item in found.factors],
            "n": [number(found.rows)] * len(found.factors),
        }
    )


def dependence(found: Dependence) -> pd.DataFrame:
    """A line a value, or span of values."""
    bins = [*found.bins, *([found.missing] if found.missing else [])]
    return pd.DataFrame(
        {
            "Valor": [value_name(found, item) for item in bins],
            "Pontos em média": [points(item.mean, 1) for item in bins],
            "80% das linhas": [f"{points(item.p10, 1)} a {points(item.p90, 1)}" for item in bins],
            "n": [number(item.rows) for item in bins],
        }
    )


def together(found: JointWeights, product: Product) -> pd.DataFrame:
    """A line a pair: what both do together, and what the second weighs where the first raises the risk or lowers it."""
    pairs = found.pairs[:_PAIRS]
    both = [f"{names.factor(product, pair.first)} e {names.factor_within(product, pair.second)}" for pair in pairs]
    return pd.DataFrame(
        {
            "Fatores": both,
            "Juntos (pontos)": [decimal(100 * pair.mean_abs, 1) for pair in pairs],
            "80% das linhas": [f"{points(pair.low, 1)} a {points(pair.high, 1)}" for pair in pairs],
            "O segundo, onde o primeiro aumenta o risco": [decimal(100 * pair.where_raised, 1) for pair in pairs],
            "O segundo, onde o primeiro o diminui": [decimal(100 * pair.where_lowered, 1) for pair in pairs],
            "n": [number(found.rows)] * len(pairs),
        }
    )
