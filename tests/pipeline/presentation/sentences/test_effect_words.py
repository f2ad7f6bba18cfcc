"""What contacts did, in words that a manager reads once: signs, units, and never more than is known."""

from __future__ import annotations

import re

import numpy as np
import pytest

from pipeline.action.effects import effect, priors
from pipeline.presentation.sentences import effect_words
from pipeline.products.no_show import PRODUCT
from pipeline.records import Interval, Note
from pipeline.records.effects import (
    CallsThatPay,
    CameTo,
    EffectCell,
    EffectChannel,
    OrderJudged,
    PayingCalls,
    Power,
    Qini,
)


def report(contact: float, control: float) -> effect.EffectReport:
    """2,000 appointments in each arm with these rates, and a late cancellation in each tenth row."""
    contacted = np.repeat([True, False], 2000)
    place = np.tile(np.arange(2000) / 2000, 2)
    came = np.where(place < np.where(contacted, contact, control), CameTo.EVENT, CameTo.NON_EVENT)
    came[::10] = CameTo.LATE_CANCELLED
    made = effect.Listed(contacted, came, np.arange(4000), np.zeros(4000, int), value=np.full(4000, 80.0))
    return effect.report(made, groups={"unit": np.full(4000, "Clínica [X](y)")}, expected_ratio=0.7)


@pytest.mark.parametrize(
    ("contact", "control", "lead"),
    [
        (0.1, 0.2, "O contato funcionou: menos faltas."),
        (0.2, 0.1, "Com o contato houve mais faltas."),
        (0.2, 0.2, "Não se vê efeito do contato: a diferença cabe no acaso."),
    ],
)
def test_the_verdict_is_the_intervals(contact: float, control: float, lead: str) -> None:
    assert effect_words.verdict(report(contact, control), PRODUCT).lead == lead


def test_all_is_said_with_n_and_intervals() -> None:
    said = "\n".join(effect_words.lines(report(0.1, 0.2), PRODUCT)).replace("\u00a0", " ")
    assert "10,0% de falta (IC 8,7–11,5%, n 1.800) com contato" in said
    assert "Diferença de −10,0 (IC −12,3 a −7,7) pontos; risco relativo 0,50 (IC 0,42 a 0,59)" in said
    assert "180 (IC 138 a 222) faltas evitadas." in said and "R$ 14.400 (IC R$ 11.069 a R$ 17.731)" in said
    assert "Desmarcação tardia não é falta: é contada à parte. 200 com contato, 200 no grupo de controle." in said
    assert "Por unidade:\n  Clínica [X](y): −10,0" in said and "menos, além do acaso" in said
    assert "Já há agendamentos bastantes" in said


def test_what_may_be_a_loss_is_never_told_as_a_gain() -> None:
    none = report(0.195, 0.2)
    said = "\n".join(effect_words.lines(none, PRODUCT)).replace("\u00a0", " ")
    assert "Não se vê efeito" in effect_words.verdict(none, PRODUCT).lead
    assert re.search(r"faltas evitadas: de −\d+ a \+\d+\.", said) and not re.search(r"\d faltas evitadas", said)
    assert re.search(r"Recuperado em vagas: de R\$ −[\d.]+ a R\$ \+[\d.]+ \(IC 95%\),", said)


def test_each_trial_is_named_with_its_size() -> None:
    said = [effect_words.trial(trial) for trial in priors.TRIALS]
    assert said[0] == (
        "ligação, ligações aos 35% de maior risco: risco relativo 0,74 (IC 0,55 a 0,99; largura nossa, o estudo não a "
        "dá), Aij 2023"
    )
    assert "n 158.669" in said[4] and all("risco relativo" in one for one in said)


def test_when_it_can_be_told() -> None:
    assert "faltam cerca de 12\u00a0semanas" in effect_words.when(Power(1200, 12, 12, 100.0, 0.1, 0.7))
    assert "falta cerca de 1\u00a0semana:" in effect_words.when(Power(1200, 1, 1, 100.0, 0.1, 0.7))
    assert effect_words.when(None) == ""
    assert "nunca se saberá" in effect_words.share_costs(0.0, 0.0, 0.0, PRODUCT)
    assert "3,2 faltas não evitadas, R$\u00a0320" in effect_words.share_costs(3.2, 320.0, 0.1, PRODUCT)
    for few, said in ((0.9, "0,9 falta não evitada"), (1.8, "1,8 falta não evitada"), (2.0, "2,0 faltas não evitadas")):
        assert f"cerca de {said}" in effect_words.share_costs(few, 0.0, 0.1, PRODUCT)


def test_cells_orders_and_calls() -> None:
    one = EffectCell(EffectChannel.CALL, 2, "", Interval(0.61, 0.5, 0.74), 900, 100, "both")
    assert effect_words.cell(one) == (
        "ligação, risco médio-baixo: −39% (IC −50 a −26%), de estudos e daqui, n 900 e 100"
    )
    better, nothing = Interval(0.004, 0.001, 0.007), Interval(0.0, -0.1, 0.1)
    said = effect_words.order(OrderJudged(Qini(Interval(0.01, 0.006, 0.013), 900), better, 800, 100), PRODUCT)
    assert said[0].startswith("Sim:") and "evita 10,0 (IC 6,0 a 13,0) faltas a mais em 1.000" in said[1]
    assert "É melhor que a ordem só pelo risco" in said[2] and "n 800 de contato e 100 de controle" in said[3]
    said = effect_words.order(OrderJudged(Qini(nothing, 900), nothing, 800, 100), PRODUCT)
    assert said[0].startswith("Ainda não se sabe") and said[2].startswith("Não é, além do acaso, melhor nem pior que")
    worse = Interval(-0.01, -0.02, -0.001)
    assert effect_words.order(OrderJudged(Qini(worse, 900), worse, 800, 100), PRODUCT)[0].startswith("Não:")
    why = Note("effect.order_too_few", {"least": 100, "contacted": 1, "control": 12})
    assert (
        "1\u00a0resultado com contato e 12 no grupo"
        in effect_words.order(OrderJudged(None, None, 1, 12, why), PRODUCT)[0]
    )
    assert effect_words.money(report(0.1, 0.2).whole, example=True).endswith("os da clínica.")
    assert "medido aqui" in effect_words.a_month(Interval(1.0, 0.0, 2.0), measured=True)


def paying(calls: int, listed: int, next_gain: float | None, ends: tuple[int, int]) -> PayingCalls:
    pays = CallsThatPay(calls, calls, listed, next_gain, 100.0)
    return PayingCalls(pays, Interval(calls, *ends), 4.0, False, True, ())


def test_from_which_call_on_the_next_one_no_longer_pays() -> None:
    found = " ".join(effect_words.calls(paying(83, 312, 3.5, (60, 110)), 120)).replace("\u00a0", " ")
    assert "A partir da 84ª ligação do dia, a próxima custa mais do que devolve: R$ 3,50 contra R$ 4,00" in found
    assert "n 312 pacientes" in found and "Do plano de 120 ligações, 37 custam mais do que devolvem." in found
    assert found.endswith("Pelo intervalo de 95% do efeito (dos estudos), compensam de 60 a 110 ligações.")
    assert "compensa inteiro" in effect_words.calls(paying(83, 312, 3.5, (60, 110)), 83)[0]
    one = effect_words.calls(paying(83, 312, 3.5, (83, 83)), 84)
    assert len(one) == 1 and "1\u00a0custa mais do que devolve." in one[0]
    assert effect_words.calls(paying(0, 1, 1.0, (0, 1)), 9)[0].endswith("de 1\u00a0paciente que se pode ligar hoje.")
    assert effect_words.calls(paying(9, 9, None, (9, 9)), 9) == [
        "Todas as ligações possíveis devolvem mais do que custam (R$\u00a04,00 cada), a 9\u00a0pacientes que se podem "
        "ligar hoje."
    ]
