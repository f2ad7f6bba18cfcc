"""Slots in words, as they were agreed."""

from __future__ import annotations

from dataclasses import replace

from pipeline.presentation.sentences import slot_words
from pipeline.records.slots import (
    Attendance,
    GroupBurden,
    OfferCounts,
    OfferPlan,
    OfferState,
    OverbookingPlan,
    QueueOutcome,
    SessionPlan,
    WaitingList,
)

COME = Attendance(18, 13.05, 3.26, (11, 15), (9, 16), 16, 0.0187)
SESSION = SessionPlan("a", (1, 14), COME, QueueOutcome(4.3, 5.1, 12.4, 60.0), "cap")
PLAN = OverbookingPlan((SESSION,), 2.9, (GroupBurden("sex=F", 120.4, 3.4),), 1)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_who_will_come() -> None:
    assert plain(slot_words.attendance(COME)) == (
        "De 18 marcados, espera-se que venham 13 (entre 9 e 16, em 95 de 100 dias assim); mais de 16 vêm com chance "
        "de 1,9%."
    )


def test_extra_bookings_and_what_they_cost() -> None:
    assert plain(slot_words.extra(SESSION)) == (
        "2 encaixes: chance de 1,9% de vir mais gente do que vagas; espera média de 4,3 min para os marcados e de "
        "5,1 min para o encaixe; 12 min além do horário. Não mais: é o máximo de encaixes permitido."
    )
    rare = replace(SESSION, attendance=replace(SESSION.attendance, over=0.00004))
    assert "chance de menos de 0,1% de vir mais gente" in plain(slot_words.extra(rare))
    none = replace(SESSION, slots=(), why="refill_first")
    assert slot_words.extra(none) == "Nenhum encaixe: há vaga esvaziada e gente da fila a chamar: primeiro ela."


def test_whom_they_burden() -> None:
    assert plain(slot_words.burden(PLAN, "Feminino", 0.25)) == (
        "Os encaixes fazem cada pessoa esperar em média 2,9 min a mais; quem mais espera é Feminino, com 3,4 min "
        "(120 pessoas). O limite é 25,0% acima da média. Para isso, 1 encaixe deixou de ser feito."
    )
    nobody = replace(PLAN, sessions=(replace(SESSION, slots=()),))
    assert slot_words.burden(nobody, "", 0.25) == "Sem encaixes, ninguém espera mais por causa deles."


def test_how_many_offers_a_slot_needs() -> None:
    assert plain(slot_words.offers_needed(OfferPlan(26, 0.95, 9.0, 0.0, True), at_once=False)) == (
        "Com 26 ofertas, uma depois da outra, a vaga é preenchida com chance de 95,0%."
    )
    assert plain(slot_words.offers_needed(OfferPlan(3, 0.3, 3.0, 0.06, False), at_once=True)) == (
        "Com 3 ofertas, de uma vez, a vaga é preenchida com chance de 30,0%. Não há gente ou tempo para mais. Em "
        "média, 0,1 dirão sim a uma vaga que já se foi."
    )
    assert slot_words.offers_needed(OfferPlan(0, 0.0, 0.0, 0.0, False), at_once=True) == (
        "Ninguém da fila espera por esta vaga."
    )


def test_what_came_of_offers_and_of_a_list() -> None:
    states = tuple((state, 2 if state is OfferState.ACCEPTED else 0) for state in OfferState)
    assert plain(slot_words.counts(OfferCounts(states, 2, 2, None))) == (
        "2 ofertas de 2 vagas (2 aceitas); 2 vagas preenchidas."
    )
    assert slot_words.counts(OfferCounts((), 0, 0, None)) == "Nenhuma oferta feita ainda."
    told = WaitingList("a", "fila.csv", "", 7, 4, 1, 1, (("patient_missing", 1),), (), 0)
    assert plain(slot_words.waiting(told)) == ("7 linhas: 4 na fila, 1 já sem espera, 1 repetida, 1 deixada de fora.")
    assert [slot_words.state(state) for state in OfferState] == ["aberta", "aceita", "recusada", "vencida", "retirada"]
