"""Two models on the same rows in words: which is better, by how much, how many rows change tier."""

from __future__ import annotations

from pipeline.contract import Product, feminine
from pipeline.presentation.escaping import shorten
from pipeline.presentation.locale.numbers import decimal, number, percent, period, plural
from pipeline.presentation.sentences.findings import Finding
from pipeline.presentation.sentences.skill_words import above, below, left_out, level, measures, slope
from pipeline.records import Interval, ModelComparison

_NAME = 40
_FIRST, _SECOND = "o primeiro modelo", "o segundo modelo"


def compared(found: ModelComparison, product: Product) -> Finding:
    """Which of two models is better, in one sentence; then by how much, and how many rows change tier."""
    return Finding(
        better(found),
        f"Segundo menos primeiro, nas mesmas linhas: AUC {gap(found.auc_gap, 3)}; Brier {gap(found.brier_gap, 4)}; "
        f"log-loss {gap(found.log_loss_gap, 4)}. {changed_tier(found, product, 'segundo')}",
    )


def changed_tier(found: ModelComparison, product: Product, second: str) -> str:
    """How many rows lie in another tier with the second model."""
    words = product.words
    if not found.tiers_changed:
        return f"Com o {second} nenhum risco muda de faixa."
    share = percent(found.tiers_changed / found.first.rows, 0)
    return (
        f"Com o {second} mudam de faixa {plural(found.tiers_changed, words.row, words.rows)} ({share}, "
        f"{number(found.raised)} para cima)."
    )


def better(found: ModelComparison, first: str = _FIRST, second: str = _SECOND) -> str:
    """Which of two models, as they are called, is better, or that nobody can tell: by order and by size of error."""
    order = above(found.auc_gap) - below(found.auc_gap)
    error = below(found.brier_gap) - above(found.brier_gap)
    which = {1: second, -1: first}
    if order * error < 0:
        return f"Não dá para dizer qual é melhor: {which[order]} ordena melhor, e o outro erra menos."
    if order and error:
        return _begun(f"{which[order]} é melhor: ordena melhor e erra menos.")
    if order:
        return _begun(f"{which[order]} ordena melhor; no tamanho do erro não há diferença clara.")
    if error:
        return _begun(f"{which[error]} erra menos; na ordem não há diferença clara.")
    return "Não dá para dizer qual é melhor: as diferenças cabem no acaso."


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]


def gap(item: Interval, decimals: int) -> str:
    """`+0,012 (IC +0,004 a +0,020)`."""
    return f"{_sign(item.value, decimals)} (IC {_sign(item.low, decimals)} a {_sign(item.high, decimals)})"


def _sign(value: float | None, decimals: int) -> str:
    text = decimal(value, decimals)
    return f"+{text}" if value is not None and value > 0 and text.strip("0,") else text


def comparison_lines(
    found: ModelComparison, ahead: ModelComparison | None, product: Product, named: tuple[str, str]
) -> list[str]:
    """Two models as lines: which is better, then each; of the rows not booked on the day first, where these can be
    told, then of all; what was left out last.
    """
    sides = [found] if ahead is None else [ahead, found]
    return [*(line for side in sides for line in _side_lines(side, product, named)), *left_out(found.left_out)]


def _side_lines(found: ModelComparison, product: Product, named: tuple[str, str]) -> list[str]:
    said = [compared(found, product).text, _judged_on(found, product)]
    for place, name, skill in (
        ("Primeiro", named[0], found.first),
        ("Segundo", named[1], found.second),
    ):
        said.append(f"{place} ({shorten(name, _NAME)}): {measures(skill)} {level(skill, product)} {slope(skill.slope)}")
    return said


def _judged_on(found: ModelComparison, product: Product) -> str:
    """`9.210 agendamentos não marcados no próprio dia, de …, com que nenhum dos dois aprendeu: 2.110 faltas.`"""
    words = product.words
    made = "marcadas" if feminine(words.row) else "marcados"
    which = f" não {made} no próprio dia" if found.ahead else ""
    when = f", de {period(*found.period)}" if found.period else ""
    return (
        f"{plural(found.first.rows, words.row, words.rows)}{which}{when}, com que nenhum dos dois aprendeu: "
        f"{plural(found.first.events, words.event, words.events)}."
    )
