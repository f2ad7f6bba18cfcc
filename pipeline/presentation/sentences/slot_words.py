"""Slots in words: who will come, extra bookings and whom they burden, offers and their chance."""

from __future__ import annotations

from pipeline.presentation.locale.messages import say
from pipeline.presentation.locale.numbers import agree, number, percent, plural
from pipeline.records import Note
from pipeline.records.slots import (
    Attendance,
    GroupBurden,
    OfferCounts,
    OfferPlan,
    OfferState,
    OverbookingPlan,
    SessionPlan,
    WaitingList,
)


def state(found: OfferState) -> str:
    """`aceita`."""
    return say(Note(f"offer_state.{found}"))


def attendance(found: Attendance) -> str:
    """`De 18 marcados, espera-se que venham 13 (entre 9 e 16, com 95 %); mais de 16 vêm com chance de 1,9%.`"""
    low, high = found.inside95
    return (
        f"De {plural(found.booked, 'marcado', 'marcados')}, espera-se que venham {number(round(found.mean))} "
        f"(entre {number(low)} e {number(high)}, em 95 de 100 dias assim); mais de {number(found.capacity)} vêm com "
        f"chance de {percent(found.over)}."
    )


def extra(found: SessionPlan) -> str:
    """How many extra bookings a session takes, what they cost, and what holds them there."""
    if not found.slots:
        return f"Nenhum encaixe: {say(Note(f'extra_why.{found.why}'))}."
    count, queue = len(found.slots), found.queue
    return (
        f"{plural(count, 'encaixe', 'encaixes')}: chance de {percent(found.attendance.over)} de vir mais gente do que "
        f"vagas; espera média de {minutes(queue.wait)} para os marcados e de {minutes(queue.extra_wait)} para o "
        f"encaixe; {minutes(queue.overtime)} além do horário. Não mais: {say(Note(f'extra_why.{found.why}'))}."
    )


def burden(found: OverbookingPlan, label: str, bound: float) -> str:
    """Whom extra bookings make wait; `label`: the worst-off group in words, to be escaped where it is shown."""
    if not found.extra or not found.groups:
        return "Sem encaixes, ninguém espera mais por causa deles."
    worst: GroupBurden = found.groups[0]
    cost = (
        f" Para isso, {plural(found.dropped, 'encaixe deixou de ser feito', 'encaixes deixaram de ser feitos')}."
        if found.dropped
        else ""
    )
    return (
        f"Os encaixes fazem cada pessoa esperar em média {minutes(found.mean)} a mais; quem mais espera é {label}: "
        f"{minutes(worst.minutes)} ({number(round(worst.people))} pessoas). O limite é {percent(bound)} acima da "
        f"média.{cost}"
    )


def offers_needed(found: OfferPlan, *, at_once: bool) -> str:
    """How many offers a slot needs, and how sure it is filled then."""
    if not found.offers:
        return "Ninguém da fila espera por esta vaga."
    way = "de uma vez" if at_once else "uma depois da outra"
    short = "" if found.enough else " Não há gente ou tempo para mais."
    away = (
        f" Em média, {number(found.turned_away, 1)} dirão sim a uma vaga que já se foi."
        if found.turned_away >= 0.05
        else ""
    )
    return (
        f"Com {plural(found.offers, 'oferta', 'ofertas')}, {way}, a vaga é preenchida com chance de "
        f"{percent(found.filled)}.{short}{away}"
    )


def counts(found: OfferCounts) -> str:
    """`12 ofertas de 4 vagas: 3 aceitas, 5 recusadas, …; 3 vagas preenchidas.`"""
    total = sum(count for _, count in found.states)
    if not total:
        return "Nenhuma oferta feita ainda."
    parts = ", ".join(
        f"{number(count)} {agree(count, state(one), state(one) + 's')}" for one, count in found.states if count
    )
    return (
        f"{plural(total, 'oferta', 'ofertas')} de {plural(found.slots, 'vaga', 'vagas')} ({parts}); "
        f"{plural(found.filled, 'vaga preenchida', 'vagas preenchidas')}."
    )


def waiting(found: WaitingList) -> str:
    """How the rows of a list are accounted for."""
    left = sum(count for _, count in found.left_out)
    return (
        f"{plural(found.rows, 'linha', 'linhas')}: {number(found.waiting)} na fila, {number(found.over)} já sem "
        f"espera, {plural(found.repeated, 'repetida', 'repetidas')}, "
        f"{plural(left, 'deixada', 'deixadas')} de fora."
    )


def minutes(value: float) -> str:
    """`4 min`, `0,5 min`."""
    return f"{number(value, 0 if value >= 10 else 1)} min"
