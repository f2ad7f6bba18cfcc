"""What the risk page says: one count and one rounding for page and export, and what is not shown, in words."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from pipeline.contract import feminine
from pipeline.presentation.locale import numbers
from pipeline.presentation.sentences import risk_gaps, risk_words
from pipeline.records import Contribution, EarlierPeriod, ModelInfo, said
from pipeline.statistics import wilson
from tests.pipeline.presentation import examples as ex


@pytest.mark.parametrize(
    ("rate", "sentence"),
    [
        (0.198, "Uma em cada cinco reservas é abandonada: 19,8%."),
        (0.5, "Uma em cada dois reservas é abandonada: 50,0%."),
        (0.29, "De cada 100 reservas, 29 são abandonadas: 29,0%."),
        (0.0, "De cada 100 reservas, 0,0 são abandonadas: 0,0%."),
        (0.012, "De cada 100 reservas, 1,2 são abandonadas: 1,2%."),
    ],
)
def test_rate_sentence(rate: float, sentence: str) -> None:
    assert risk_words.rate_sentence(rate, ex.PRODUCT) == sentence


def test_groups_above_are_named_highest_first() -> None:
    said = risk_words.groups_above(ex.VIEW, ex.PRODUCT).replace(numbers.NBSP, " ")
    assert said.startswith("Filial Ponta Negra, <script>") and said.endswith(
        "e mais 1 filial têm taxa observada claramente acima da média."
    )
    one = dataclasses.replace(ex.VIEW, groups=(("branch", ex.GROUPS[:2]),))
    assert (
        risk_words.groups_above(one, ex.PRODUCT) == "Filial Ponta Negra tem taxa observada claramente acima da média."
    )
    none = dataclasses.replace(ex.VIEW, groups=(("branch", (ex.GROUPS[0], ex.GROUPS[4])),))
    assert risk_words.groups_above(none, ex.PRODUCT) == "Nenhuma taxa observada claramente acima da média, por filial."


def test_findings_are_escaped_for_their_page() -> None:
    finding = risk_words.finding(ex.VIEW, ex.PRODUCT)
    assert "<script>" in finding.text and "<script>" not in finding.markdown()
    assert "\\<script\\>" in finding.markdown() and finding.markdown().startswith("**Uma")


def test_an_empty_view_says_what_to_do() -> None:
    empty = dataclasses.replace(ex.VIEW, rows=0, rate=None)
    assert risk_words.finding(empty, ex.PRODUCT).rest == "Retire um filtro ou amplie o período."
    pending = dataclasses.replace(ex.VIEW, rate=None)
    assert "84.000" in risk_words.finding(pending, ex.PRODUCT).lead


def test_figures_fit_their_cards_and_say_of_how_many() -> None:
    shown = risk_words.figures(dataclasses.replace(ex.VIEW, outcomes=1_154, rows=1_191), ex.PRODUCT)
    assert ("Com resultado", "1.154", "de 1.191") in shown
    assert shown[-1] == ("Filiais acima", "3 de 6", "no observado")
    assert all(len(value) <= 9 and len(below) <= 16 for _, value, below in shown)


def test_the_period_before_stands_beside_the_rate() -> None:
    rate = wilson(855, 4_012)
    assert rate is not None
    earlier = EarlierPeriod(dt.date(2024, 1, 2), dt.date(2024, 12, 30), 4_012, rate)
    said = risk_words.figures_line(dataclasses.replace(ex.VIEW, before=earlier), ex.PRODUCT)
    assert said == "Taxa de abandono: 19,8% · antes, de 02/01/2024 a 30/12/2024: 21,3% (IC 20,1–22,6%, n 4.012)."
    assert risk_words.figures_line(ex.VIEW, ex.PRODUCT) == ""


def test_the_group_itself_is_no_reason() -> None:
    item = dataclasses.replace(
        ex.WHY,
        value="Savassi",
        field="branch",
        own="branch",
        contributions=(*ex.WHY.contributions, Contribution("branch", said("Filial"), 0.027)),
    )
    assert risk_words.why_title(item) == "Por que o risco previsto de Savassi está 6,4 pontos acima"
    near = dataclasses.replace(item, predicted=item.predicted_overall + 0.001)
    assert risk_words.why_title(near).endswith(" está 0,1 ponto acima")
    same = dataclasses.replace(item, predicted=item.predicted_overall - 0.0002)
    assert risk_words.why_title(same) == "O que se compensa no risco previsto de Savassi, igual ao de todos"
    assert risk_words.own_factor(item, ex.PRODUCT) == "O próprio histórico da filial"
    assert "não é um motivo" in risk_words.own_hint(item, ex.PRODUCT)
    assert risk_words.own_hint(ex.WHY, ex.PRODUCT) == ""


def test_a_dimension_of_one_value_or_none_is_a_sentence() -> None:
    one = ex.group("ES", "", 83_412, 0.2, 0.2)
    view = dataclasses.replace(ex.VIEW, rows=83_412, groups=(("branch", ()), ("uf", (one,))), absent=("branch",))
    assert [risk_gaps.charted(view, d) for d in ex.PRODUCT.dimensions] == [False, False]
    said = risk_gaps.not_charted(view, ex.PRODUCT)
    assert said == "Todas as linhas são de ES. O arquivo não traz Filial: por isso não há esse quadro."
    assert risk_gaps.not_charted(dataclasses.replace(view, rows=90_000), ex.PRODUCT).startswith(
        "As 83.412 linhas com UF são de ES."
    )
    both = dataclasses.replace(
        view, groups=(("branch", (ex.group("Sé", "", 83_412, 0.2, 0.2),)), ("uf", (one,))), absent=()
    )
    assert risk_gaps.not_charted(both, ex.PRODUCT) == "Todas as linhas têm a mesma filial (Sé) e a mesma UF (ES)."
    assert risk_gaps.not_charted(both, ex.PRODUCT, ["branch"]) == "Todas as linhas são de ES."
    assert risk_gaps.not_charted(ex.VIEW, ex.PRODUCT) == ""


def test_times_say_their_step_and_what_lies_outside() -> None:
    weeks = tuple(dataclasses.replace(m, period=f"2026-03-{2 + 7 * i:02d}") for i, m in enumerate(ex.MONTHS[:3]))
    assert "segunda-feira" in risk_gaps.times_line(dataclasses.replace(ex.VIEW, periods=weeks))
    assert risk_gaps.times_line(ex.VIEW).startswith("Por mês")
    assert "uma semana só" in risk_gaps.times_not_charted(dataclasses.replace(ex.VIEW, periods=weeks[:1]), heat=True)
    few = dataclasses.replace(
        ex.VIEW, periods=tuple(dataclasses.replace(m, outcomes=5) for m in weeks), heat=ex.HEAT[:1]
    )
    assert risk_gaps.times_not_charted(few, heat=True).count("Poucos resultados") == 2
    assert risk_gaps.times_not_charted(ex.VIEW, heat=True) == ""
    said = risk_gaps.outside(dataclasses.replace(ex.VIEW, outside=1), ex.PRODUCT).replace(numbers.NBSP, " ")
    assert said.startswith("1 reserva tem data longe das outras (fora de 02/01/2025 a 30/12/2025)")
    assert risk_gaps.outside(ex.VIEW, ex.PRODUCT) == ""


@pytest.mark.parametrize(
    ("noun", "expected"),
    [
        ("Origem do agendamento", True),
        ("região", True),
        ("UF", True),
        ("unidade", True),
        ("sistema", False),
        ("dia", False),
        ("convênio", False),
    ],
)
def test_agreement_goes_by_the_noun(noun: str, expected: bool) -> None:
    assert feminine(noun) is expected


def test_rows_without_a_risk_agree_with_their_count() -> None:
    lone, two = (dataclasses.replace(ex.VIEW, predicted_rows=ex.VIEW.outcomes - n) for n in (1, 2))
    said = risk_words.without_past(lone, ex.PRODUCT).replace(numbers.NBSP, " ")
    assert said.startswith("1 reserva do início não tem risco") and "que não a tivesse visto" in said
    said = risk_words.without_past(two, ex.PRODUCT).replace(numbers.NBSP, " ")
    assert said.startswith("2 reservas do início não têm risco") and "que não as tivesse visto" in said


def test_a_file_that_the_model_never_saw_is_not_said_to_have_taught_it() -> None:
    model = ModelInfo("m" * 12, "no_show", "", "d" * 12, "a.csv", dt.date(2026, 5, 31), 0.7, "")
    assert "aprendeu com este arquivo" in risk_words.without_any(model, "d" * 12)
    other = risk_words.without_any(model, "e" * 12)
    assert "com dados até 31/05/2026" in other and "este arquivo" not in other and "estas linhas" not in other
    assert "sem datas" in risk_words.without_any(dataclasses.replace(model, trained_until=None), "e" * 12)
