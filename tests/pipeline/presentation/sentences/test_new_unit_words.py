"""What a new unit can expect, said in one sentence, with the figures behind it."""

from __future__ import annotations

from dataclasses import replace

from pipeline.presentation.frames import skill_tables
from pipeline.presentation.sentences import new_unit_words
from pipeline.records import Interval
from tests.pipeline.presentation import examples as ex

NARROW = "\N{NO-BREAK SPACE}"


def test_one_sentence_says_order_and_level() -> None:
    said = new_unit_words.finding(ex.NEW_UNIT, ex.PRODUCT)
    assert said.lead == (
        "Numa unidade nova, os riscos devem ordenar pior do que nas outras, e para cada 100 abandonos previstos devem "
        "vir de 62 a 141."
    )
    assert said.rest.startswith(
        "Sem conhecer a unidade, AUC 0,610 (IC 0,600 a 0,620); conhecendo, 0,620. A diferença é de −0,010 (IC −0,018 a "
        "−0,002): a perda é clara."
    )
    assert "nas que o modelo conhece, ela vai de 80 a 112" in said.rest and said.rest.endswith("treine de novo.")


def test_a_loss_that_is_not_clear_is_none() -> None:
    even = replace(ex.NEW_UNIT, auc_gap=Interval(-0.002, -0.01, 0.006))
    assert "ordenar tão bem quanto nas outras" in new_unit_words.finding(even, ex.PRODUCT).lead
    assert "sem diferença clara" in new_unit_words.finding(even, ex.PRODUCT).rest
    slight = replace(ex.NEW_UNIT, auc_gap=Interval(-0.002, -0.003, -0.001))
    assert "ordenar tão bem quanto nas outras" in new_unit_words.finding(slight, ex.PRODUCT).lead


def test_without_a_span_the_level_is_left_open() -> None:
    open_ = new_unit_words.finding(replace(ex.NEW_UNIT, level=None, level_known=None), ex.PRODUCT)
    assert (
        open_.lead == "Numa unidade nova, os riscos devem ordenar pior do que nas outras."
        and "São poucas as unidades" in open_.rest
    )


def test_units_stand_with_the_worst_first_and_beside_who_knows_them() -> None:
    table = skill_tables.new_units(ex.NEW_UNIT, ex.PRODUCT)
    assert table.iloc[0, 3].startswith("150") and table.iloc[0, 4].startswith("110")
    assert table.iloc[1, 0] == "Sul" and table.iloc[1, 4] == "–" and table.iloc[2, 0] == "Outros, juntos"
    how = new_unit_words.measured_on(ex.NEW_UNIT, ex.PRODUCT).replace(NARROW, " ")
    assert how.startswith("14 unidades deixadas de fora do aprendizado, em 5 grupos")
