"""Slots in words: who will come, extra bookings and whom they burden, offers and their chance."""

from __future__ import annotations

import datetime as dt

from pipeline.contract import Product
from pipeline.presentation.locale.messages import say
from pipeline.presentation.locale.numbers import agree, date, interval, listed, number, percent, plural
from pipeline.records import Note
from pipeline.records.slots import (
    Attendance,
    Coverage,
    EmptiedSlot,
    GroupBurden,
    LateComing,
    OfferCounts,
    OfferPlan,
    OfferState,
    OverbookingPlan,
    SessionPlan,
    SlotBoard,
    SlotStanding,
    WaitingChange,
    WaitingEntry,
    WaitingList,
)


def state(found: OfferState) -> str:
    """`aceita`."""
    return say(Note(f"offer_state.{found}"))


def attendance(found: Attendance) -> str:
    """`De 18 marcados, espera-se que venham 13 (entre 9 e 16, com 95 %); mais de 16 vêm com chance de 1,9%.`"""
    low, high = found.inside95
    come = round(found.mean)
    return (
        f"De {plural(found.booked, 'marcado', 'marcados')}, "
        f"espera-se que {agree(come, 'venha', 'venham')} {number(come)} "
        f"(entre {number(low)} e {number(high)}, em 95 de 100 dias assim); mais de {number(found.capacity)} vêm com "
        f"chance de {_chance(found.over)}."
    )


def _chance(share: float) -> str:
    """A chance that is too small for a decimal is small, and not none."""
    return "menos de 0,1%" if 0 < share < 0.0005 else percent(share)


def extra(found: SessionPlan) -> str:
    """How many extra bookings a session takes, what they cost, and what holds them there."""
    if not found.slots:
        return f"Nenhum encaixe: {say(Note(f'extra_why.{found.why}'))}."
    count, queue = len(found.slots), found.queue
    return (
        f"{plural(count, 'encaixe', 'encaixes')}: chance de {_chance(found.attendance.over)} de vir mais gente do que "
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
        f"Os encaixes fazem cada pessoa esperar em média {minutes(found.mean)} a mais; quem mais espera é {label}, "
        f"com {minutes(worst.minutes)} ({number(round(worst.people))} pessoas). O limite é {percent(bound)} acima da "
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


def changed(found: WaitingChange) -> str:
    """A list against the one before it."""
    if not found.new and not found.gone:
        return f"Nada mudou em relação à lista anterior: {plural(found.same, 'pedido continua', 'pedidos continuam')}."
    return (
        f"Em relação à lista anterior: {plural(found.new, 'pedido novo', 'pedidos novos')}, "
        f"{plural(found.gone, 'saiu', 'saíram')} e {plural(found.same, 'continua', 'continuam')}."
    )


def minutes(value: float) -> str:
    """`4 min`, `0,5 min`."""
    return f"{number(value, 0 if value >= 10 else 1)} min"


def slot(found: EmptiedSlot) -> str:
    """`04/05/2026 às 09:30 · Ultrassom · Centro`; texts of the file, to be escaped where they are shown."""
    when = date(found.day) + (f" às {_clock(found.hour)}" if found.hour is not None else "")
    return " · ".join(part for part in (when, found.procedure, found.professional, found.unit) if part)


def _clock(hour: float) -> str:
    return (dt.datetime.min + dt.timedelta(minutes=round(hour * 60))).strftime("%H:%M")


def waited(since: dt.date | None, today: dt.date) -> str:
    """How long somebody waits."""
    return "" if since is None else f"espera há {plural((today - since).days, 'dia', 'dias')}"


def waits_of(found: tuple[WaitingEntry, ...], today: dt.date) -> str:
    """How many wait, and since when."""
    if not found:
        return "Ninguém espera nesta lista."
    first = min(entry.since for entry in found)
    return (
        f"{plural(len({entry.patient for entry in found}), 'paciente espera', 'pacientes esperam')}, em "
        f"{plural(len(found), 'pedido', 'pedidos')}; o mais antigo é de {date(first)} ({waited(first, today)})."
    )


def needed(found: SlotStanding, *, at_once: bool) -> str:
    """What a slot needs, by how many may be asked."""
    if not found.fitting:
        return "Quem serve nesta vaga já recebeu a oferta." if found.open else "Ninguém da fila espera por esta vaga."
    people = plural(found.fitting, "pessoa da fila serve", "pessoas da fila servem")
    return f"{people}. {offers_needed(found.plan, at_once=at_once)}"


def unawaited(count: int) -> str:
    """Slots that nothing can be done about with this waiting list."""
    return f"{plural(count, 'vaga', 'vagas')} por que ninguém da fila espera"


def headline(slots: int, opened: int, waiting_now: int | None) -> tuple[str, str]:
    """What the page says first."""
    lead = (
        f"{plural(slots, 'vaga esvaziada', 'vagas esvaziadas')} a preencher." if slots else "Nenhuma vaga a preencher."
    )
    if waiting_now is None:
        return lead, "Envie a fila de espera para saber a quem oferecer."
    return lead, (
        f"{plural(waiting_now, 'pedido', 'pedidos')} na fila, {plural(opened, 'oferta', 'ofertas')} à espera de "
        "resposta."
    )


def late_coming(found: LateComing) -> str:
    """How many bookings of the coming days are likely to be given up late, with n and interval."""
    if not found.bookings:
        return f"Não há agendamentos de pé nos próximos {plural(found.days, 'dia', 'dias')}."
    low, high = found.expected.low or 0.0, found.expected.high or 0.0
    return (
        f"De {plural(found.bookings, 'agendamento', 'agendamentos')} dos próximos {plural(found.days, 'dia', 'dias')}, "
        f"espera-se que {number(found.expected.value, 1)} (IC {number(low, 1)}–{number(high, 1)}) sejam desmarcados "
        f"até {plural(found.within, 'dia', 'dias')} antes. Pelo que houve em {number(found.rows)} desta série "
        f"({number(found.late)} desmarcados assim), conforme a antecedência. Faltas não entram nesta conta."
    )


def coverage(found: Coverage | None) -> str:
    """How well attendances were told on rows that the model had not seen."""
    if found is None or found.inside95 is None:
        return "Não conferido no período de teste: não há riscos guardados de linhas que o modelo não conhecia."
    return (
        f"Conferido no período de teste: em {number(found.groups)} agendas ({number(found.bookings)} agendamentos), "
        f"o número de quem veio ficou no intervalo de 95% em {percent(found.inside95.value)} delas "
        f"(IC {interval(found.inside95)}; o intervalo promete {percent(found.promised95)})."
    )


def group(found: str, product: Product) -> str:
    """A group of burden in words: `Sexo: Feminino`; text of the file, to be escaped where it is shown."""
    key, _, value = found.partition("=")
    labels = {field.key: field.label for field in product.fields}
    return f"{labels.get(key, 'Idade')}: {value}"


def place(unit: str, day: str, by: str) -> str:
    """A session's name."""
    return " · ".join(part for part in (date(dt.date.fromisoformat(day)), by, unit) if part)


def left_out(found: WaitingList, product: Product) -> list[str]:
    """Why rows of a list were left out, and the fields that it doesn't have."""
    titles = {rule.code: rule.title for rule in product.rules}
    labels = {field.key: field.label for field in product.fields}
    lines = [f"{titles.get(code, code)}: {plural(count, 'linha', 'linhas')}" for code, count in found.left_out]
    return lines + ([f"Sem coluna: {listed([labels.get(key, key) for key in found.missing])}"] if found.missing else [])


def refill_first(found: SlotBoard) -> str:
    """That emptied slots are filled before anybody is booked beyond the slots."""
    slots, opened = plural(found.slots, "vaga esvaziada", "vagas esvaziadas"), plural(found.opened, "oferta", "ofertas")
    return (
        f"Primeiro a fila: há {slots} a preencher e {opened} à espera de resposta. Onde ainda há quem chamar, nenhum "
        "encaixe é proposto."
    )


def extra_in_all(found: OverbookingPlan) -> str:
    """How many extra bookings a list takes."""
    sessions = plural(len(found.sessions), "agenda", "agendas")
    if not found.extra:
        return f"Nenhum encaixe cabe em {sessions}"
    return f"{plural(found.extra, 'encaixe cabe', 'encaixes cabem')} em {sessions}"
