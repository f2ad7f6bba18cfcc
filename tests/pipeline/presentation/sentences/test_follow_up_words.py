"""Deadlines, headlines, histories and measures as a person reads them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from pipeline.presentation.locale import names, numbers
from pipeline.presentation.sentences import follow_up_words as words
from pipeline.records import AnswerMeasure, FollowUp, FollowUpCounts, FollowUpEvent, FollowUpState, Interval

ZONE = dt.timezone(dt.timedelta(hours=-3))
NOW = dt.datetime(2026, 11, 28, 12, tzinfo=ZONE)
DUE = dt.datetime(2026, 11, 28, 19, tzinfo=dt.UTC)  # 16:00 in São Paulo
ONE = FollowUp("a", FollowUpState.NEW, "", NOW, DUE)


@pytest.mark.parametrize(
    ("found", "now", "said"),
    [
        (ONE, NOW, "responder até 28/11 16:00"),
        (ONE, NOW.replace(hour=19, minute=30), "atrasado há 3\u00a0horas"),
        (ONE, NOW.replace(hour=16, minute=40), "atrasado há 40\u00a0minutos"),
        (ONE, NOW + dt.timedelta(days=40), "atrasado há 39\u00a0dias"),
        (replace(ONE, due=DUE.replace(year=2027)), NOW, "responder até 28/11/2027 16:00"),
        (replace(ONE, due=None), NOW, ""),
        (replace(ONE, state=FollowUpState.UNREACHED), NOW + dt.timedelta(days=9), ""),
        (replace(ONE, answered=NOW), NOW, "respondido em 28/11 12:00"),
        (replace(ONE, answered=NOW.replace(hour=17)), NOW, "respondido em 28/11 17:00, depois do prazo"),
    ],
)
def test_deadlines(found: FollowUp, now: dt.datetime, said: str) -> None:
    assert words.deadline(found, now) == said


def test_what_has_no_deadline_is_counted_and_told_why() -> None:
    counts = FollowUpCounts(9, (), (), 7, 1, 4)
    assert words.headline(counts) == "7 a responder, 1 atrasado, 4 sem prazo"
    assert words.undue(90) == "Sem prazo: já tinha mais de 90\u00a0dias quando a clínica o enviou."


@pytest.mark.parametrize(
    ("open_", "overdue", "said"),
    [
        (12, 3, "12 a responder, 3 atrasados"),
        (1, 1, "1 a responder, 1 atrasado"),
        (1204, 0, "1.204 a responder"),
        (0, 0, "Nada a responder"),
    ],
)
def test_the_headline(open_: int, overdue: int, said: str) -> None:
    assert words.headline(FollowUpCounts(2_000, (), (), open_, overdue)) == said


def test_a_history_says_who_did_what() -> None:
    done = FollowUpEvent(NOW, "person", "Bia", "state", "new", "answering")
    assert words.event(done, NOW) == "28/11 12:00 · Bia · de novo a em resposta"
    assert words.event(replace(done, who="", what="owner", after=""), NOW).endswith(
        "alguém · responsável: sem responsável"
    )
    assert words.event(replace(done, what="note", note="*oi*"), NOW).endswith("Bia · anotou: *oi*")


def test_measures_come_with_their_n_and_interval() -> None:
    found = AnswerMeasure("Centro", 20, 12, 5.5, 12, Interval(0.8333, 0.552, 0.953), 3, 1)
    assert words.measure(found) == (
        "Metade respondida em até 5\u00a0horas (n 12); 83,3% no prazo (IC 55,2–95,3%, n 12); 3 ainda no prazo; 1 sem "
        "contato"
    )
    assert words.measure(AnswerMeasure("", 4, 0, None, 0, None, 0, 0)) == "Nada respondido ainda, de 4\u00a0comentários"


def test_every_state_and_tone_has_its_name() -> None:
    assert [names.follow_up_state(state) for state in FollowUpState] == [
        "novo",
        "em resposta",
        "respondido",
        "resolvido",
        "sem contato",
    ]
    assert [names.reply_tone(tone) for tone in ("formal", "close")] == ["formal", "próximo"]
    assert numbers.duration(0.2) == "12\u00a0minutos"
