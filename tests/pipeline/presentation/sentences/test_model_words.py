"""A model in words: what it reaches beside simpler ways, where it exaggerates, what its figures are called."""

from __future__ import annotations

import dataclasses

from pipeline.presentation.locale import numbers
from pipeline.presentation.sentences import model_words
from pipeline.records import CalibrationBin, Difference, Interval
from pipeline.statistics import wilson
from tests.pipeline.presentation import examples as ex


def test_model_is_compared_only_where_the_interval_allows() -> None:
    test = ex.CARD.test
    said = model_words.against_references(test)
    assert "Ordena melhor e erra menos que a referência “antecedência apenas”." in said
    assert "Ordena melhor que a referência “regressão logística”, sem diferença clara no tamanho do erro." in said
    worse = dataclasses.replace(
        test, differences=(Difference("Sorte", Interval(0.0, -0.1, 0.1), Interval(0.0, -0.1, 0.1)),)
    )
    assert (
        model_words.against_references(worse) == "Não há diferença clara a favor do modelo contra a referência “sorte”."
    )


def test_metric_values() -> None:
    assert model_words.metric_value("auc", Interval(0.742, 0.733, 0.751)) == "0,742 (0,733 a 0,751)"
    assert model_words.metric_value("recall_at_10pct", Interval(0.24, 0.23, 0.25)) == "24,0% (23,0–25,0%)"
    assert model_words.metric_value("auc", Interval(0.742)) == "0,742"


def test_test_line_says_which_rows_and_makes_the_auc_a_count_of_pairs() -> None:
    line = model_words.test_line(ex.CARD, ex.PRODUCT).replace(numbers.NBSP, " ")
    test, words = ex.CARD.test_ahead or ex.CARD.test, ex.PRODUCT.words
    assert "no próprio dia" in line and f"{round(100 * test.model.auc.value)}." in line
    assert f"uma {words.event}" in line or f"um {words.event}" in line
    whole = model_words.test_line(dataclasses.replace(ex.CARD, test_ahead=None), ex.PRODUCT)
    assert "próprio dia" not in whole
    names = [name for name, _ in model_words.measures(ex.PRODUCT)]
    assert "AUC" in names and all("{" not in meaning for _, meaning in model_words.measures(ex.PRODUCT))


def card_with(reach: Interval, other: Interval, gap: Interval | None):
    """The example's card where the model and the logistic regression reach so much."""
    test = ex.evaluation()
    references = (test.references[0], dataclasses.replace(test.references[1], recall_at_10pct=other))
    differences = (test.differences[0], dataclasses.replace(test.differences[1], recall_at_10pct=gap))
    told = dataclasses.replace(
        test,
        model=dataclasses.replace(test.model, recall_at_10pct=reach),
        references=references,
        differences=differences,
    )
    return dataclasses.replace(ex.CARD, test_ahead=told)


def test_the_headline_does_not_praise_what_a_simple_regression_reaches() -> None:
    begin = "Ligar para os 10% de reservas com maior risco alcança 25 de cada 100 abandonos"
    reach, near = Interval(0.25, 0.24, 0.26), Interval(0.248, 0.235, 0.26)
    lead = model_words.finding(card_with(reach, near, None), ex.PRODUCT).lead
    assert lead == f"{begin} (ao acaso, 10); uma regressão logística simples alcança o mesmo."
    more = model_words.finding(
        card_with(reach, Interval(0.27, 0.26, 0.28), Interval(-0.02, -0.03, -0.01)), ex.PRODUCT
    ).lead
    assert more.endswith("uma regressão logística simples alcança mais: 27.")
    unclear = model_words.finding(
        card_with(reach, Interval(0.23, 0.2, 0.26), Interval(0.02, -0.01, 0.05)), ex.PRODUCT
    ).lead
    assert unclear.endswith("uma regressão logística simples alcança 23, sem diferença clara.")
    paired = model_words.finding(card_with(reach, near, Interval(0.01, 0.002, 0.02)), ex.PRODUCT).lead
    assert paired == f"{begin}; ao acaso, seriam 10."


def test_the_top_group_says_where_the_model_exaggerates() -> None:
    test = ex.evaluation()

    def said(predicted: float) -> str:
        seen = wilson(576, 1_200)
        assert seen is not None
        return model_words.top_group(
            dataclasses.replace(
                test, rows=12_000, calibration=(*test.calibration[:2], CalibrationBin(predicted, seen, 1_200))
            ),
            ex.PRODUCT,
        )

    begin = "Nos 10% de maior risco o modelo prevê 59% de abandonos e vieram 48% (IC 45–51%, n 1.200): lá ele exagera"
    assert said(0.59).startswith(begin)
    assert "lá o previsto se confirma." in said(0.47)
    assert "lá ele diz menos do que vem" in said(0.4)


def test_key_figures_are_words_and_fit_their_cards() -> None:
    shown = model_words.figures(ex.CARD, ex.PRODUCT)
    assert [name for name, _, _ in shown] == [
        "Abandonos alcançados",
        "Acerta a ordem",
        "Previsto no topo",
        "Observado no topo",
    ]
    assert shown[1][1:] == ("74 de 100", "IC 73–75")
    assert all(len(value) <= 9 and len(below) <= 14 for _, value, below in shown)
    assert "AUC" not in model_words.figures_line(ex.PRODUCT)
