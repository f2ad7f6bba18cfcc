"""What a RiskAssessment says of the model that it comes from."""

from __future__ import annotations

import datetime as dt

from pipeline.contract import Product
from pipeline.presentation.locale.numbers import date


def method(product: Product, made: str, trained_until: dt.date | None) -> str:
    """ "Presença, Modelo de faltas de 2026-11-01T10:00:00 (dados até 31/10/2026)"; `made` is its ISO moment."""
    until = f" (dados até {date(trained_until)})" if trained_until else ""
    return f"Presença, {product.words.model_title} de {made}{until}"
