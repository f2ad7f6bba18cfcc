"""Sentences: right numbers, plurals and order."""

from __future__ import annotations

import dataclasses

import pytest

from pipeline.presentation import wording
from pipeline.records import Difference, Interval
from tests.pipeline.presentation import examples as ex

NBSP = "\u00a0"


def test_report_headline() -> None:
    assert wording.report_headline(ex.REPORT).replace(NBSP, " ") == (
        "83.412 de 84.076 linhas podem ser usadas. Dois problemas deixam 664 linhas de fora; um pede atenção antes do treino."
    )


@pytest.mark.parametrize(
    ("read", "usable", "start"),
    [(0, 0, "O arquivo não tem nenhuma linha"), (5, 0, "Nenhuma das 5 linhas pode"), (5, 5, "Todas as 5 linhas podem"), (1, 1, "A única linha pode"), (5, 1, "1 de 5 linhas pode ser usada.")],
)
def test_report_headline_at_the_edges(read: int, usable: int, start: str) -> None:
    report = dataclasses.replace(ex.REPORT, rows_read=read, rows_usable=usable, rows_left_out=read - usable, issues=())
    assert wording.report_headline(report).replace(NBSP, " ").startswith(start)


def test_only_warnings() -> None:
    report = dataclasses.replace(ex.REPORT, rows_usable=84_076, rows_left_out=0, issues=ex.REPORT.issues[2:], usable_for=("scoring",))
    assert wording.report_finding(report).rest == "Um ponto pede atenção."


def test_not_trainable_gives_sentence_and_hint() -> None:
    report = dataclasses.replace(ex.REPORT, usable_why=("São 20 linhas com resultado; o treino pede 500.",))
    sentence, hint = wording.not_trainable(report)
    assert sentence.startswith("São 20") and hint.endswith(".")


@pytest.mark.parametrize(
    ("rate", "sentence"),
    [(0.198, "Uma em cada cinco reservas é abandonada: 19,8%."), (0.5, "Uma em cada dois reservas é abandonada: 50,0%."), (0.29, "De cada 100 reservas, 29 são abandonadas: 29,0%."), (0.0, "De cada 100 reservas, 0,0 são abandonadas: 0,0%."), (0.012, "De cada 100 reservas, 1,2 são abandonadas: 1,2%.")],
)
def test_rate_sentence(rate: float, sentence: str) -> None:
    assert wording.rate_sentence(rate, ex.PRODUCT) == sentence


def test_groups_above_are_named_highest_first() -> None:
    said = wording.groups_above(ex.VIEW, ex.PRODUCT).replace(NBSP, " ")
    assert said.startswith("Filial Ponta Negra, <script>") and said.endswith("e mais 1 filial ficam claramente acima da média.")
    one = dataclasses.replace(ex.VIEW, groups=(("branch", ex.GROUPS[:2]),))
    assert wording.groups_above(one, ex.PRODUCT) == "Filial Ponta Negra fica claramente acima da média."
    none = dataclasses.replace(ex.VIEW, groups=(("branch", (ex.GROUPS[0], ex.GROUPS[4])),))
    assert wording.groups_above(none, ex.PRODUCT) == "Nenhum resultado claramente acima da média, por filial."


def test_findings_are_escaped_for_their_page() -> None:
    finding = wording.risk_finding(ex.VIEW, ex.PRODUCT)
    assert "<script>" in finding.text and "<script>" not in finding.html()
    assert "\\<script\\>" in finding.markdown() and finding.markdown().startswith("**Uma")


def test_an_empty_view_says_what_to_do() -> None:
    empty = dataclasses.replace(ex.VIEW, rows=0, rate=None)
    assert wording.risk_finding(empty, ex.PRODUCT).rest == "Retire um filtro ou amplie o período."
    pending = dataclasses.replace(ex.VIEW, rate=None)
    assert "84.000" in wording.risk_finding(pending, ex.PRODUCT).lead


def test_model_is_compared_only_where_the_interval_allows() -> None:
    test = ex.CARD.test
    said = wording.against_references(test)
    assert "Ordena melhor e erra menos que a referência “antecedência apenas”." in said
    assert "Ordena melhor que a referência “regressão logística”, sem diferença clara no tamanho do erro." in said
    worse = dataclasses.replace(test, differences=(Difference("Sorte", Interval(0.0, -0.1, 0.1), Interval(0.0, -0.1, 0.1)),))
    assert wording.against_references(worse) == "Não há diferença clara a favor do modelo contra a referência “sorte”."


def test_agenda() -> None:
    said = wording.agenda_finding(12, 7.4, 18.2, 60, ex.PRODUCT)
    assert said.lead == "Avisar os 12 primeiros alcança 7 dos 18 abandonos esperados."
    assert said.rest == f"60{NBSP}reservas, do maior risco ao menor."
    assert wording.agenda_finding(0, 0.0, 0.0, 0, ex.PRODUCT).lead.startswith("Não há reservas")
    few = wording.agenda_finding(1, 0.2, 0.4, 1, ex.PRODUCT)
    assert "Avisar" not in few.text and "0,4" in few.text


def test_metric_values() -> None:
    assert wording.metric_value("auc", Interval(0.742, 0.733, 0.751)) == "0,742 (0,733 a 0,751)"
    assert wording.metric_value("reach_top_10", Interval(0.24, 0.23, 0.25)) == "24,0% (23,0–25,0%)"
    assert wording.metric_value("auc", Interval(0.742)) == "0,742"


def test_test_line_says_which_rows_and_makes_the_auc_a_count_of_pairs() -> None:
    line = wording.test_line(ex.CARD, ex.PRODUCT).replace(NBSP, " ")
    test, words = ex.CARD.test_ahead or ex.CARD.test, ex.PRODUCT.words
    assert "no próprio dia" in line and f"{round(100 * test.model.auc.value)}." in line
    assert f"uma {words.event}" in line or f"um {words.event}" in line
    whole = wording.test_line(dataclasses.replace(ex.CARD, test_ahead=None), ex.PRODUCT)
    assert "próprio dia" not in whole
    names = [name for name, _ in wording.measures(ex.PRODUCT)]
    assert "AUC" in names and all("{" not in meaning for _, meaning in wording.measures(ex.PRODUCT))
