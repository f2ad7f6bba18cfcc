"""What the first page says first, whatever there is, and what it says of nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from pipeline.presentation.sentences import today_words as words
from pipeline.products.no_show import PRODUCT
from pipeline.products.satisfaction import PRODUCT as VOICE
from pipeline.records import FileTaken, Today, TodayCalls, TodayComments, TodayList, TodaySlots

DAY = dt.date(2026, 11, 23)
NOTHING = Today(DAY, 0, None, None, None, (), 0)
CALLS = TodayCalls(waiting=30, later=2, called=25, holds=40, made=DAY, units=(("A", 20), ("B", 5), ("C", 3), ("D", 2)))
SLOTS = TodaySlots(3, DAY, (("A", 2), ("B", 1)), out=4, expiring=1, waiting=9, awaited=3)
EVERYTHING = Today(DAY, 80, CALLS, SLOTS, TodayComments(True, 30, 2, 7, 1), (), 0)
LATER = TodayComments(True, 30, 0, 7, 1)


@pytest.mark.parametrize(
    ("found", "lead"),
    [
        (EVERYTHING, "Primeiro, responda 2 comentários que não podem esperar."),
        (replace(EVERYTHING, comments=LATER), "Primeiro, acompanhe 1 oferta que vence hoje."),
        (
            replace(EVERYTHING, comments=LATER, slots=replace(SLOTS, expiring=0)),
            "Primeiro, ofereça 3 vagas esvaziadas.",
        ),
        (replace(EVERYTHING, comments=LATER, slots=None), "Primeiro, faça as 15 ligações que faltam hoje."),
        (replace(NOTHING, comments=LATER), "Primeiro, responda 1 comentário fora do prazo."),
        (replace(NOTHING, comments=replace(LATER, overdue=0)), "Primeiro, responda 7 comentários."),
        (replace(NOTHING, comments=TodayComments(False, 30)), "Primeiro, leia os comentários do arquivo."),
        (replace(NOTHING, ahead=80), "Primeiro, faça a fila de ligações."),
        (replace(NOTHING, ahead=80, calls=replace(CALLS, waiting=0)), "Nada a fazer agora."),
        (
            replace(NOTHING, ahead=80, calls=replace(CALLS, waiting=0, made=DAY - dt.timedelta(days=3))),
            "Primeiro, faça a fila de ligações.",
        ),
    ],
)
def test_the_first_thing_is_what_waits_least(found: Today, lead: str) -> None:
    assert words.first(found, PRODUCT).lead.replace("\u00a0", " ") == lead


@pytest.mark.parametrize(
    ("one", "lead", "rest", "button"),
    [
        (
            TodayList(DAY),
            "Primeiro, faça a fila de ligações.",
            "já está em Agenda, com o que se sabia em 23/11/2026: a fila sai dela",
            "Fazer a fila",
        ),
        (
            TodayList(DAY, by_job=True, being_made=True),
            "Primeiro, faça a fila de ligações.",
            "já está em Agenda",
            "Fazer a fila",
        ),
        (TodayList(None), "Primeiro, faça a fila de ligações.", "80 agendamentos por vir.", "Fazer a fila"),
        (
            TodayList(None, by_job=True),
            "Primeiro, faça a lista de quem ligar.",
            "Depois, a fila de ligações sai dela.",
            "Fazer a lista",
        ),
        (
            TodayList(None, by_job=True, being_made=True),
            "A lista de quem ligar está sendo feita.",
            "Depois, a fila",
            "Ver em Agenda",
        ),
        (
            TodayList(DAY, may_plan=False),
            "Ainda não há fila de ligações para hoje.",
            "Quem planeja as ligações a faz",
            "Ver em Agenda",
        ),
    ],
)
def test_what_leads_to_a_queue_is_said_as_it_is(one: TodayList, lead: str, rest: str, button: str) -> None:
    found = replace(NOTHING, ahead=80, call_list=one)
    assert words.first(found, PRODUCT).lead == lead and words.way_to_queue(found) == button
    assert rest in words.first(found, PRODUCT).rest.replace("\u00a0", " ")
    assert words.calls(None, found, PRODUCT)[1].startswith("Nenhuma fila ainda")
    old = replace(CALLS, waiting=0, later=0, called=0, made=DAY - dt.timedelta(days=3))
    assert words.first(replace(found, calls=old), PRODUCT).lead == lead
    assert words.first(replace(found, calls=CALLS), PRODUCT).lead.startswith("Primeiro, faça as 15")


def test_slots_that_nobody_waits_for_are_not_the_lead() -> None:
    idle = replace(SLOTS, expiring=0, out=0, awaited=0)
    found = replace(EVERYTHING, comments=None, slots=idle)
    assert words.first(found, PRODUCT).lead.startswith("Primeiro, faça")
    assert words.cards(found, PRODUCT) == ["calls", "slots", "offers"]
    assert words.cards(replace(found, slots=replace(idle, awaited=2)), PRODUCT) == ["slots", "calls", "offers"]
    assert words.cards(replace(found, slots=SLOTS), PRODUCT) == ["offers", "slots", "calls"]
    assert words.cards(EVERYTHING, PRODUCT)[0] == "comments" and words.cards(NOTHING, VOICE) == []
    assert "estas vagas ninguém espera" in words.slots(idle)[1]
    assert "1 destas vagas ninguém espera" in words.slots(replace(idle, awaited=2))[1]


def test_nothing_says_what_would_come_here() -> None:
    assert "as vagas que esvaziarem" in words.first(NOTHING, PRODUCT).rest
    assert "não podem esperar" in words.first(NOTHING, VOICE).rest
    assert "ligações" not in words.first(NOTHING, VOICE).rest
    assert words.changes(NOTHING, PRODUCT) == ["Nenhum arquivo chegou e nenhum contato foi registrado."]


def test_figures_have_their_lines() -> None:
    assert words.calls(CALLS, EVERYTHING, PRODUCT)[0] == "15"
    assert words.units(CALLS.units) == "Por unidade: A (20), B (5), C (3) e mais 1\u00a0unidade."
    assert words.units((("A", 1),)) == ""
    assert words.slots(SLOTS) == ("3", "9\u00a0pessoas na fila de espera. A primeira é em 23/11/2026.")
    assert words.offers(replace(SLOTS, expiring=0)) == ("4", "Nenhuma vence hoje.")
    grown = FileTaken("1", "agenda.csv", 400, 120, 80)
    said = words.changes(replace(NOTHING, files=(grown, replace(grown, new=400, outcomes=0)), contacts=1), PRODUCT)
    assert [one.replace("\u00a0", " ") for one in said] == [
        "agenda.csv: 400 agendamentos, 120 deles novos; 80 resultados novos.",
        "agenda.csv: 400 agendamentos, todos novos; nenhum resultado.",
        "1 contato registrado.",
    ]


def test_overdue_answers_are_told_by_unit() -> None:
    late = replace(LATER, late_units=(("Centro", 3), ("Norte", 1)))
    assert words.late_units(late) == "Fora do prazo por unidade: Centro (3), Norte (1)."
    assert words.late_units(LATER) == ""
