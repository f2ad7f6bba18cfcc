"""Two models on the same rows in words: which is better, by how much, how many rows change tier."""

from __future__ import annotations

from pipeline.contract import Product
from pipeline.presentation.escaping import shorten
from pipeline.presentation.locale.numbers import decimal, number, percent, period, plural
from pipeline.presentation.sentences.findings import Finding
from pipeline.presentation.sentences.skill_words import above, below, left_out, level, measures, slope
from pipeline.records import Interval, ModelComparison

_NAME = 40


def compared(found: ModelComparison, product: Product) -> Finding:
    """Which of two models is better, in one sentence; then by how much, and how many rows change tier."""
    words = product.words
    share = percent(found.tiers_changed / found.first.rows, 0) if found.first.rows else ""
    up = f", {number(found.raised)} para cima" if found.tiers_changed else ""
    return Finding(
        _better(found),
        f"Segundo menos primeiro, nas mesmas linhas: AUC {_gap(found.auc_gap, 3)}; Brier {_gap(found.brier_gap, 4)}; "
        f"log-loss {_gap(found.log_loss_gap, 4)}. Com o segundo mudam de faixa "
        f"{plural(found.tiers_changed, words.row, words.rows)} ({share}{up}).",
    )


def _better(found: ModelComparison) -> str:
    order = above(found.auc_gap) - below(found.auc_gap)
    error = below(found.brier_gap) - above(found.brier_gap)
    which = {1: "O segundo modelo", -1: "O primeiro modelo"}
    if order * error < 0:
        return f"Não dá para dizer qual é melhor: {which[order].lower()} ordena melhor, e o outro erra menos."
    if order and error:
        return f"{which[order]} é melhor: ordena melhor e erra menos."
    if order:
        return f"{which[order]} ordena melhor; no tamanho do erro não há diferença clara."
    if error:
        return f"{which[error]} erra menos; na ordem não há diferença clara."
    return "Não dá para dizer qual é melhor: as diferenças cabem no acaso."


def _gap(item: Interval, decimals: int) -> str:
    return f"{_sign(item.value, decimals)} (IC {_sign(item.low, decimals)} a {_sign(item.high, decimals)})"


def _sign(value: float | None, decimals: int) -> str:
    text = decimal(value, decimals)
    return f"+{text}" if value is not None and value > 0 and text.strip("0,") else text


def comparison_lines(found: ModelComparison, product: Product, named: tuple[str, str]) -> list[str]:
    """Two models as lines: which is better, then each, then what was left out."""
    words = product.words
    when = f", de {period(*found.period)}" if found.period else ""
    said = [
        compared(found, product).text,
        f"{plural(found.first.rows, words.row, words.rows)}{when}, com que nenhum dos dois aprendeu: "
        f"{plural(found.first.events, words.event, words.events)}.",
    ]
    for place, name, skill in (
        ("Primeiro", named[0], found.first),
        ("Segundo", named[1], found.second),
    ):
        said.append(f"{place} ({shorten(name, _NAME)}): {measures(skill)} {level(skill, product)} {slope(skill.slope)}")
    return [*said, *left_out(found.left_out)]
