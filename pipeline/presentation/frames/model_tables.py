"""How good a model is, as tables: measures beside the references, tiers, words."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pipeline.contract import Product
from pipeline.presentation.frames.tables import tier_text
from pipeline.presentation.locale import names, numbers
from pipeline.presentation.sentences import model_words
from pipeline.records import (
    Evaluation,
    Interval,
    StarEvaluation,
    Tier,
    WordWeight,
)


def metrics(test: Evaluation) -> pd.DataFrame:
    """The model beside its references, a measure a row with its interval, then the paired differences."""
    sets = (test.model, *test.references)
    differences = {d.reference: d for d in test.differences}
    lines = [
        [name, *(model_words.metric_value(key, getattr(item, key)) for item in sets)]
        for key, name, _ in model_words.METRICS
    ]
    for name, key, places in (("AUC", "auc", 3), ("Brier", "brier", 4)):
        gaps = [
            _measure(getattr(differences[item.key], key), places, signed=True)
            if item.key in differences
            else numbers.NONE
            for item in sets
        ]
        lines.append([f"{name}, modelo menos a referência", *gaps])
    return pd.DataFrame(lines, columns=["Medida", *(names.reference(item.key) for item in sets)])


def _measure(value: Interval, decimals: int, *, signed: bool = False) -> str:
    write = numbers.signed if signed else numbers.decimal
    if value.low is None or value.high is None:
        return write(value.value, decimals)
    return f"{write(value.value, decimals)} ({write(value.low, decimals)} a {write(value.high, decimals)})"


def star_metrics(test: StarEvaluation) -> pd.DataFrame:
    """How well stars are told, beside the references, with the paired difference."""
    records = [
        [names.reference(item.key), *(_star(getattr(item, name)) for name in _STAR_METRICS)]
        for item in (test.model, *test.references)
    ]
    records += [
        [
            f"Modelo menos {names.reference(item.key)}",
            *(_star(getattr(item, name), sign=True) for name in _STAR_METRICS),
        ]
        for item in test.differences
    ]
    return pd.DataFrame(records, columns=["", *_STAR_METRICS.values()])


_STAR_METRICS = {
    "auc_poles": "AUC, 1–2 contra 4–5",
    "accuracy": "Acerto em 5 estrelas",
    "kappa": "Kappa quadrático",
    "log_loss": "Log-loss",
}


def _star(value: Interval, *, sign: bool = False) -> str:
    write = numbers.signed if sign else numbers.decimal
    between = numbers.decimal_interval(value, 3)
    return write(value.value, 3) + (f" ({between})" if between else "")


def tiers(items: Sequence[Tier], product: Product) -> pd.DataFrame:
    """The bands of risk with what was observed in each."""
    records = [
        [
            tier_text(tier.key),
            f"{numbers.percent(tier.low)} a {numbers.percent(tier.high)}",
            numbers.number(tier.rows),
            numbers.percent(tier.observed.value) if tier.observed else numbers.NONE,
            numbers.interval(tier.observed) or numbers.NONE,
        ]
        for tier in items
    ]
    return pd.DataFrame(records, columns=["Faixa", "Risco", "Linhas", product.words.rate + " observada", "IC 95%"])


def words(items: Sequence[WordWeight]) -> pd.DataFrame:
    """Words that weigh, or only name a topic:
    how many comments hold them, the rate among those, the points that they give.
    """
    records = [
        [
            item.word,
            numbers.number(item.comments),
            f"{numbers.percent(item.rate.value)} ({numbers.interval(item.rate)})",
            numbers.points(item.points, 1),
        ]
        for item in items
    ]
    return pd.DataFrame(
        records, columns=["Palavra", "Comentários", "Detratores entre eles (IC 95%)", "Pontos em média"]
    )
