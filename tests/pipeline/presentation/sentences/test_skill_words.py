"""The honest test in words: what is said where a model holds, where it does not, and of whom it errs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.presentation.sentences import card_words, skill_words
from pipeline.records import DOUBTFUL, FAILS, HOLDS, UNKNOWN, CarryOver, Interval, SkillReference
from tests.pipeline.presentation import examples as ex


@pytest.mark.parametrize(
    ("carries", "said"),
    [
        (CarryOver(HOLDS, HOLDS, HOLDS), "O modelo se sustenta aqui."),
        (CarryOver(DOUBTFUL, HOLDS, HOLDS), "O modelo se sustenta aqui, com ressalva."),
        (CarryOver(FAILS, HOLDS, HOLDS), "O modelo não se sustenta aqui: a ordem dos riscos vale, os números não."),
        (CarryOver(FAILS, HOLDS, FAILS), "O modelo não se sustenta aqui: perdeu-se mais de metade da ordem"),
        (CarryOver(UNKNOWN, HOLDS, HOLDS), "Ainda não dá para dizer se o modelo se sustenta aqui."),
    ],
)
def test_the_verdict_comes_first(carries: CarryOver, said: str) -> None:
    found = skill_words.verdict(ex.SKILL, carries, ex.PRODUCT)
    assert found.lead.startswith(said)
    assert "Vieram 93 abandonos para cada 100 previstos (IC 91–95; o desejado é de 95 a 105)." in found.rest


def test_a_slope_says_on_which_side_it_is_off() -> None:
    assert "se afastam demais" in skill_words.slope(Interval(0.7, 0.6, 0.8))
    assert "perto demais" in skill_words.slope(Interval(1.3, 1.2, 1.4))
    assert skill_words.slope(Interval(1.0, 0.9, 1.1)).endswith("de 0,9 a 1,1).")


def _reference(gap: float, half: float = 0.01) -> SkillReference:
    near, wide = Interval(0.15, 0.14, 0.16), Interval(gap, gap - half, gap + half)
    return SkillReference("logistic_regression", near, near, near, wide, wide, wide)


def test_a_reference_that_does_as_well_is_told() -> None:
    assert "tanto quanto o modelo" in skill_words.references_brief([_reference(0.0)], ex.PRODUCT)
    assert "mais que o modelo" in skill_words.references_brief([_reference(-0.05)], ex.PRODUCT)
    assert "nem uma regressão logística alcança tanto" in skill_words.references_brief([_reference(0.05)], ex.PRODUCT)
    assert skill_words.references_brief([], ex.PRODUCT) == ""


def test_of_groups_those_are_named_that_differ() -> None:
    by_branch = ex.SKILL.splits[1]
    said = skill_words.differs(by_branch, ex.PRODUCT)
    assert "(120 por 100) teve mais do que o modelo diz; “Sul” (80 por 100) teve menos." in said
    assert "10% dos abandonos em “Sul”" in said
    even = replace(by_branch, groups=tuple(replace(g, told="") for g in by_branch.groups))
    assert "Nenhum grupo se afasta do conjunto" in skill_words.differs(even, ex.PRODUCT)


def test_a_card_names_its_fields_and_what_was_not_measured() -> None:
    told = dict(card_words.fields(ex.CARD, ex.PRODUCT))
    assert "Id do leitor" in told["Usados:"] and told["O arquivo não trazia:"] == "UF"
    older = replace(ex.CARD, skill=None)
    assert card_words.summary(older, ex.PRODUCT) == []
    assert "não se sabe se o modelo trata todos igual" in card_words.fairness(older, ex.PRODUCT)[0]


def test_the_law_is_cited_by_article_with_its_conditions() -> None:
    told = dict(card_words.law())
    assert list(told) == [
        "LGPD, art. 20, caput e § 1º:",
        "LGPD, arts. 5º, II, e 11:",
        "RDC 657/2022 da Anvisa, art. 1º, § 2º, III:",
        "Passaria dessa linha:",
    ]
    assert "unicamente com base em tratamento automatizado" in told["LGPD, art. 20, caput e § 1º:"]
    assert "exclusivamente" in told["RDC 657/2022 da Anvisa, art. 1º, § 2º, III:"]
    assert "notificação ou registro" in told["Passaria dessa linha:"]
