"""Sentences of calling: how far the day is, who stands where, what a list holds, what a file of outcomes brought."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter

from pipeline.presentation.locale import names
from pipeline.presentation.locale.messages import say
from pipeline.presentation.locale.numbers import date, listed, number, percent, plural
from pipeline.presentation.sentences import effect_words
from pipeline.presentation.sentences.findings import Finding
from pipeline.records import Note
from pipeline.records.contacts import (
    CallList,
    Channel,
    Compared,
    ConfirmedRatio,
    Lease,
    OutcomesRead,
    QueueCounts,
    QueueState,
)

_TOLD = (QueueState.LATER, QueueState.DONE, QueueState.UNREACHED, QueueState.MUTED, QueueState.NEVER, QueueState.BELOW,
         QueueState.OVER)  # fmt: skip
_BLANK = re.compile(r"\{[a-z]{1,20}\}")
NOBODY_LEFT = "Ninguém mais a ligar agora"
BLANKS = (
    "{dia}, {hora}, {procedimento}, {unidade}, {clinica} (o nome da série) e {atendente} são preenchidos; {paciente} "
    "fica para quem fala. Um texto vazio traz de volta o que veio com o Presença."
)
EXAMPLE_VALUES = "Com valores de exemplo: troque pelos da clínica em Efeito, Valores e custos."
WHY_COMPARE = (
    "O sorteio dá a cada paciente uma das duas formas, e Efeito diz qual evita mais. Quem já foi sorteado para a mesma "
    "comparação fica na sua."
)
PRIVACY = "Anote o que foi combinado. Fica cifrado; telefones, CPF e e-mails são tirados."


def no_queue(*, may_plan: bool) -> Finding:
    """What is said before a queue is made, to who makes it and to who waits for it."""
    if may_plan:
        return Finding(
            "Para quem ligar hoje, um de cada vez.", "Diga quantas pessoas ligam e até quando ir; a fila vem pronta."
        )
    return Finding(
        "Ainda não há fila de ligações para hoje.", "Quando quem planeja a fizer, vem aqui um paciente de cada vez."
    )


def progress(found: QueueCounts) -> Finding:
    """`12 de 40 ligações feitas hoje.` and where the others stand."""
    waiting = found.of(QueueState.WAITING)
    calling = found.of(QueueState.CALLING)
    left = f"{plural(waiting, 'paciente', 'pacientes')} a ligar"
    if calling:
        left += f", {number(calling)} sendo {'ligado' if calling == 1 else 'ligados'} agora"
    return Finding(f"{number(found.called_today)} de {number(found.today)} ligações feitas hoje.", f"{left}.")


def standing(found: QueueCounts) -> str:
    """`Volta mais tarde: 2 · resolvido: 8`: the patients who are not to be called now; "" where there are none."""
    parts = [f"{names.queue_state(str(state))}: {number(n)}" for state in _TOLD if (n := found.of(state))]
    said = " · ".join(parts)
    return said[:1].upper() + said[1:]


def control(found: QueueCounts) -> str:
    """How many nobody calls so that the effect can be known; "" where there are none."""
    n = found.of(QueueState.CONTROL)
    return f"{plural(n, 'paciente', 'pacientes')} no grupo de controle, para quem ninguém liga." if n else ""


def by_chance(channel: Channel) -> str:
    """How this patient is to be reached, where two channels are compared."""
    return f"Fale por {names.channel(str(channel))}: o sorteio escolheu"


def calling_now(found: tuple[Lease, ...]) -> str:
    """`Sendo ligado agora por Ana e Bia.`; "" where nobody else calls."""
    by = Counter(one.who or "alguém" for one in found)
    said = [who if n == 1 else f"{who} ({n})" for who, n in sorted(by.items())]
    return f"Sendo {'ligado' if len(found) == 1 else 'ligados'} agora por {listed(said)}." if said else ""


def made(found: CallList) -> str:
    """`Lista feita em 23/11/2026 às 08:10, com o que se sabia em 23/11/2026`."""
    when = f"{date(found.made_at.date())} às {found.made_at:%H:%M}"
    return f"Lista feita em {when}, com o que se sabia em {date(found.as_of)}"


def to_call(patients: int) -> str:
    """`40 pacientes a ligar.`"""
    return f"{plural(patients, 'paciente', 'pacientes')} a ligar."


def left_out(found: tuple[tuple[str, int], ...]) -> list[str]:
    """Why appointments are in no list, the most frequent reason first."""
    ordered = sorted(found, key=lambda pair: -pair[1])
    return [f"{plural(n, 'agendamento', 'agendamentos')}: {names.left_out_of_list(code)}" for code, n in ordered]


def uploaded(found: OutcomesRead) -> str:
    """`12 resultados novos; 3 já estavam aqui; 5 linhas sem resultado; 1 linha não entrou.`"""
    parts = [plural(found.new, "resultado novo", "resultados novos")]
    if found.known:
        parts.append(f"{number(found.known)} já {'estava' if found.known == 1 else 'estavam'} aqui")
    if found.empty:
        parts.append(f"{plural(found.empty, 'linha', 'linhas')} sem resultado")
    if found.unmatched:
        not_taken = len(found.unmatched)
        parts.append(f"{plural(not_taken, 'linha não entrou', 'linhas não entraram')}")
    return "; ".join(parts) + "."


def unmatched(found: OutcomesRead) -> list[str]:
    """Why lines were not taken, each reason with its count and its first lines."""
    reasons = Counter(one.why for one in found.unmatched)
    return [
        f"{plural(n, 'linha', 'linhas')}: {names.unmatched(why)} "
        f"({listed([number(one.line) for one in found.unmatched if one.why == why][:3])}{'…' if n > 3 else ''})"
        for why, n in reasons.most_common()
    ]


def confirmed(found: ConfirmedRatio) -> str:
    """What a confirmation makes of a risk, and where that is from."""
    left = f"Quem confirma fica com {percent(found.value, 0)} do risco que tinha"
    if not found.n:
        return f"{left}, pelos estudos (risco relativo de uma ligação, Oikonomidi 2022)."
    between = f"IC {percent(found.low, 0)} a {percent(found.high, 0)}"
    return (
        f"{left}, medido aqui em {plural(found.n, 'agendamento confirmado', 'agendamentos confirmados')} ({between})."
    )


def compared(found: Compared | None) -> str:
    """Which two ways a list draws against each other, and how they are shared out; "" for none."""
    if found is None:
        return ""
    first, second = (effect_words.way(str(found.kind), name) for name in (_plain(found.first), _plain(found.second)))
    return f"Duas formas sorteadas: {first} e, para {percent(found.share, 0)} dos pacientes, {second}."


def _plain(text: str) -> str:
    """A text without the blanks that are filled for each patient."""
    return _BLANK.sub("…", text)


def nobody(found: QueueCounts, again: dt.datetime | None) -> str:
    """Why nobody is to be called now, and when somebody will be."""
    if again is not None:
        return f"Há quem volte à fila às {again:%H:%M}."
    if found.of(QueueState.OVER) == found.patients:
        return "Os agendamentos desta lista já passaram ou não valem mais. Dá para enviar os resultados dos contatos."
    return "A lista foi até o fim."


def of_file(as_of: dt.date, patients: int, apart: int, found: tuple[tuple[str, int], ...]) -> list[str]:
    """What the list of a file holds, and what is in no list."""
    more = f", e {plural(apart, 'paciente', 'pacientes')} no grupo de controle" if apart else ""
    return [f"Lista de {date(as_of)}: {plural(patients, 'paciente', 'pacientes')} a contatar{more}.", *left_out(found)]


def not_used(found: tuple[tuple[Note, int], ...]) -> list[str]:
    """Why rows of a file could be in no list: validation left them out."""
    return [f"{plural(rows, 'linha', 'linhas')} sem risco: {say(why)}" for why, rows in found]


def contacts_of_file(found: int, unmatched: int) -> str:
    """`12 contatos anteriores; 1 linha sem agendamento neste arquivo.`"""
    more = f"; {plural(unmatched, 'linha', 'linhas')} sem agendamento neste arquivo" if unmatched else ""
    return f"{plural(found, 'contato anterior', 'contatos anteriores')}{more}."


def order(by_gain: bool) -> str:
    """By what the patients of a list are ranked."""
    if by_gain:
        return (
            "Ordem: pelo que uma ligação deve render em cada paciente, o efeito dela naquele risco vezes o valor das "
            "vagas. O efeito parte de estudos com sorteio e cede ao que a sua clínica mede."
        )
    return (
        "Ordem: pelo risco. Com os valores das vagas (em Efeito) ou com um grupo de controle já medido, passa a ser "
        "pelo que cada ligação deve render."
    )
