"""What is done about comments, in words: until when, by whom, how far, how fast."""

from __future__ import annotations

import datetime as dt

from pipeline.presentation.escaping import shorten
from pipeline.presentation.locale import names, numbers
from pipeline.presentation.locale.numbers import agree, duration, number, plural
from pipeline.records import AnswerMeasure, FollowUp, FollowUpCounts, FollowUpEvent

NOBODY = "sem responsável"
_NAME = 40  # characters of a name that are shown


def deadline(found: FollowUp, now: dt.datetime) -> str:
    """`responder até 28/11 16:00`, `atrasado há 3 horas`, `respondido em 28/11 16:00`; "" where no answer is due."""
    if found.answered is not None:
        late = found.due is not None and found.due < found.answered
        return f"respondido em {numbers.moment(found.answered, now)}" + (", depois do prazo" if late else "")
    if found.due is None or found.state == "unreached":
        return ""
    if found.due < now:
        return f"atrasado há {duration((now - found.due).total_seconds() / 3600)}"
    return f"responder até {numbers.moment(found.due, now)}"


def alike(file_name: str) -> str:
    """That an equal row was answered: to be escaped where it is shown."""
    return f"Igual a um já respondido em “{shorten(file_name, _NAME)}”; sem data, não se sabe se é o mesmo."


def headline(counts: FollowUpCounts) -> str:
    """`12 a responder, 3 atrasados, 5 sem prazo`."""
    if not counts.open:
        return "Nada a responder"
    late = f", {number(counts.overdue)} {agree(counts.overdue, 'atrasado', 'atrasados')}" if counts.overdue else ""
    undue = f", {number(counts.undue)} sem prazo" if counts.undue else ""
    return f"{number(counts.open)} a responder{late}{undue}"


def undue(days: int) -> str:
    """Why some have no deadline."""
    return f"Sem prazo: já tinha mais de {plural(days, 'dia', 'dias')} quando a clínica o enviou."


def owner(name: str) -> str:
    """Whoever took it on, as it was typed: to be escaped where it is shown; or that nobody did."""
    return shorten(name, _NAME) or NOBODY


def event(done: FollowUpEvent, now: dt.datetime) -> str:
    """One line of a history, with what was typed as it was typed: to be escaped where it is shown."""
    who = shorten(done.who, _NAME) or "alguém"
    what = {
        "state": f"de {names.follow_up_state(done.before)} a {names.follow_up_state(done.after)}",
        "owner": f"responsável: {owner(done.after)}",
        "note": f"anotou: {done.note}",
    }
    return f"{numbers.moment(done.at, now)} · {who} · {what.get(done.what, done.what)}"


def measure(found: AnswerMeasure) -> str:
    """`Metade respondida em até 5 horas (n 12); 83,3% no prazo (IC 55,2–95,3%, n 12)`."""
    parts = []
    if found.hours is not None:
        parts.append(f"metade respondida em até {duration(found.hours)} (n {number(found.answered)})")
    if found.in_time is not None:
        between = numbers.interval(found.in_time)
        parts.append(f"{numbers.percent(found.in_time.value)} no prazo (IC {between}, n {number(found.judged)})")
    if found.waiting:
        parts.append(f"{number(found.waiting)} ainda no prazo")
    if found.unreached:
        parts.append(f"{number(found.unreached)} sem contato")
    told = "; ".join(parts) or f"nada respondido ainda, de {plural(found.events, 'comentário', 'comentários')}"
    return told[:1].upper() + told[1:]
