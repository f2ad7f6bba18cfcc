"""What a unit that the model never saw can expect, in words: the order, the level, and where it went worst."""

from __future__ import annotations

import math
from dataclasses import replace

from pipeline.contract import Product, feminine
from pipeline.presentation.locale.numbers import decimal, number, period, plural
from pipeline.presentation.sentences import skill_words
from pipeline.presentation.sentences.findings import Finding
from pipeline.presentation.sentences.two_models_words import gap
from pipeline.records import GroupSkill, Interval, NewUnitTest, SkillSplit

TITLE = "Numa unidade que o modelo nunca viu"
_HARDLY = 0.005  # of AUC: less is no loss that anybody would notice
_TINY = 1e-9
_ADVICE = "Assim que houver resultados dela, ajuste o nível ou treine de novo."


def finding(test: NewUnitTest, product: Product) -> Finding:
    """In one sentence what a new unit can expect; then the order and the level in figures."""
    return Finding(_lead(test, product), f"{_order(test)} {_level(test)}")


def _lead(test: NewUnitTest, product: Product) -> str:
    """`Numa unidade nova, os riscos devem ordenar tão bem quanto nas outras, e de cada 100 faltas …`"""
    lost = skill_words.below(test.auc_gap) and test.auc_gap.value <= -_HARDLY
    begin = f"Numa unidade nova, os riscos devem ordenar {'pior do que' if lost else 'tão bem quanto'} nas outras"
    if test.level is None:
        return f"{begin}."
    return f"{begin}, e para cada 100 {product.words.events} {_told(product)} devem vir {_span(test.level)}."


def _order(test: NewUnitTest) -> str:
    if skill_words.below(test.auc_gap):
        clear = "a perda é clara"
    else:
        clear = "sem perda" if skill_words.above(test.auc_gap) else "sem diferença clara"
    return (
        f"Sem conhecer a unidade, AUC {skill_words.measure(test.unseen.auc)}; conhecendo, "
        f"{decimal(test.known.auc.value, 3)}. A diferença é de {gap(test.auc_gap, 3)}: {clear}."
    )


def _level(test: NewUnitTest) -> str:
    if test.level is None:
        return f"São poucas as unidades com linhas bastantes para dizer até onde o nível vai. {_ADVICE}"
    known = f"; nas que o modelo conhece, ela vai {_span(test.level_known)}" if test.level_known else ""
    return f"Nessa faixa devem cair 19 de cada 20 unidades novas{known}. {_ADVICE}"


def measured_on(test: NewUnitTest, product: Product) -> str:
    """How it was measured, and on which rows."""
    words = product.words
    made = "marcadas" if feminine(words.row) else "marcados"
    which = f" não {made} no próprio dia" if test.ahead else ""
    when = f", de {period(*test.period)}" if test.period else ""
    return (
        f"{plural(test.units, 'unidade deixada', 'unidades deixadas')} de fora do aprendizado, em "
        f"{plural(test.groups, 'grupo', 'grupos')}: cada um foi previsto por um modelo que não viu linha alguma dele "
        "e, ao lado, por um que viu, feito do mesmo modo. "
        f"{plural(test.unseen.rows, words.row, words.rows)}{which}{when}."
    )


def worst(test: NewUnitTest, product: Product) -> str:
    """Which units fared worst while the model did not know them."""
    return skill_words.differs(test.by_unit, product)


def worst_first(test: NewUnitTest) -> SkillSplit:
    """The units, first those whose level clearly differs, then those whose level lay farthest off; small ones last."""

    def place(group: GroupSkill) -> tuple[bool, bool, float]:
        return not group.value, not group.told, -abs(math.log(max(group.ratio.value, _TINY)))

    return replace(test.by_unit, groups=tuple(sorted(test.by_unit.groups, key=place)))


def lines(test: NewUnitTest, product: Product) -> list[str]:
    """All of it, the sentence that matters first."""
    return [finding(test, product).text, worst(test, product)]


def _told(product: Product) -> str:
    return "previstas" if feminine(product.words.event) else "previstos"


def _span(item: Interval) -> str:
    return f"de {number(100 * (item.low or 0))} a {number(100 * (item.high or 0))}"
