"""How far the day is, who stands where, and what a file of outcomes brought: one of a thing, and many."""

from __future__ import annotations

import datetime as dt

from pipeline.presentation.sentences import calling_words as words
from pipeline.records.contacts import Compared, ComparedKind, Lease, OutcomesRead, QueueCounts, QueueState, Unmatched

AT = dt.datetime(2026, 11, 23, 14, 30)


def counts(**states: int) -> QueueCounts:
    every = tuple((state, states.get(state.value, 0)) for state in QueueState)
    return QueueCounts(sum(states.values()), every, 12, 40)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_how_far_the_day_is() -> None:
    lead, rest = words.progress(counts(waiting=1, calling=2))
    assert (
        plain(lead) == "12 de 40 ligações feitas hoje." and plain(rest) == "1 paciente a ligar, 2 sendo ligados agora."
    )
    told = plain(words.standing(counts(done=3, later=1, waiting=5)))
    assert told == "Volta mais tarde: 1 · resolvido: 3" and words.standing(counts(waiting=5)) == ""
    assert plain(words.control(counts(control=1))).startswith("1 paciente no grupo de controle")
    assert words.control(counts(waiting=1)) == ""


def test_who_is_being_called() -> None:
    leases = [Lease(f"p{n}", who, AT) for n, who in enumerate(("Ana", "Bia", "Ana", ""))]
    assert words.calling_now(tuple(leases[:1])) == "Sendo ligado agora por Ana."
    assert plain(words.calling_now(tuple(leases))) == "Sendo ligados agora por Ana (2), Bia e alguém."
    assert words.calling_now(()) == ""


def test_why_nobody_is_to_be_called() -> None:
    assert words.nobody(counts(later=1), AT) == "Há quem volte à fila às 14:30."
    assert "já passaram" in words.nobody(counts(over=4), None)
    assert words.nobody(counts(over=1, done=3), None) == "A lista foi até o fim."


def test_what_a_file_brought() -> None:
    found = OutcomesRead(9, 1, 2, 1, tuple(Unmatched(n, "no_event") for n in range(2, 7)))
    assert plain(words.uploaded(found)) == (
        "1 resultado novo; 2 já estavam aqui; 1 linha sem resultado; 5 linhas não entraram."
    )
    (told,) = words.unmatched(found)
    assert plain(told).startswith("5 linhas: falta o evento") and plain(told).endswith("(2, 3 e 4…)")


def test_a_text_that_is_compared_is_named_without_its_blanks() -> None:
    said = words.compared(Compared(ComparedKind.WORDING, "", "Oi da {clinica}: até {dia}", 0.5))
    assert "{" not in said and "Oi da …: até …" in said
