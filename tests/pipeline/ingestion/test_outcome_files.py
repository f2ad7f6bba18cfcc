"""Files of outcomes: what clinics write is understood, what nobody knows is left open, and no cell holds anybody up."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from pipeline.errors import PresencaError
from pipeline.folding import fold
from pipeline.ingestion import outcome_vocabulary as words
from pipeline.ingestion.outcome_files import OutcomeLine, outcome_lines
from pipeline.ingestion.reading.reader import read
from pipeline.records.contacts import Barrier, Channel, ContactOutcome, Offered

ZONE = dt.timezone(dt.timedelta(hours=-3))


def lines(text: str) -> tuple[OutcomeLine, ...]:
    return outcome_lines(read(text.encode(), "retorno.csv"), ZONE, 2027)


def test_every_cell_is_read_by_its_words() -> None:
    (one, other) = lines(
        "Evento;Resultado do contato;Canal;Contatado em;Barreira;Oferta;Quem ligou;Anotação\n"
        "00000000000000FF;NÃO ATENDEU;Telefone;23/11/2026 14:30;Já resolvido;Outro horário;Ana;Ligar à tarde\n"
        "ff;Confirmado;Zap;23/11/2026;;;;\n"
    )
    assert one.key == other.key == "00000000000000ff" and (one.line, other.line) == (2, 3)
    assert (one.outcome, one.channel, one.barrier, one.offered) == (
        ContactOutcome.NO_ANSWER,
        Channel.CALL,
        Barrier.SOLVED,
        Offered.OTHER_TIME,
    )
    assert one.at == dt.datetime(2026, 11, 23, 14, 30, tzinfo=ZONE) and one.who == "Ana"
    assert other.at == dt.datetime(2026, 11, 23, 12, tzinfo=ZONE) and other.channel is Channel.WHATSAPP


def test_a_value_that_nobody_knows_is_left_open() -> None:
    (one,) = lines("paciente;data;resultado\nP1;31/02/2026;talvez\n")
    assert one.outcome is None and one.asked == "talvez" and one.day is None and one.key == ""


@pytest.mark.parametrize(
    "text", ["evento;canal\n1;sms\n", "resultado;canal\nsim;sms\n", "resultado;paciente\nsim;P1\n"]
)
def test_a_file_without_its_columns_is_refused(text: str) -> None:
    with pytest.raises(PresencaError):
        lines(text)


def test_all_words_are_folded_and_each_means_one_thing() -> None:
    for known in (words.COLUMNS, words.OUTCOMES, words.CHANNELS, words.BARRIERS, words.OFFERED):
        every = [word for names in known.values() for word in names]
        assert every == [fold(word) for word in every] and len(every) == len(set(every))
    assert set(words.OUTCOMES) == set(ContactOutcome) and set(words.CHANNELS) == set(Channel)
    assert set(words.BARRIERS) == set(Barrier) and set(words.OFFERED) == set(Offered)


@pytest.mark.parametrize("unit", ["9", "1/", "ção "])
def test_a_long_cell_holds_nobody_up(unit: str) -> None:
    cell, begun = unit * (100_000 // len(unit)), time.monotonic()
    assert len(lines(f"evento;resultado;contatado em\n{cell};{cell};{cell}\n")) <= 1
    assert time.monotonic() - begun < 2
