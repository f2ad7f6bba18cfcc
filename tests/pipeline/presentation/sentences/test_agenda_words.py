"""What the agenda says: one number written one way, and every row of the file in its place."""

import datetime as dt
from dataclasses import replace

from pipeline.presentation.locale.numbers import NBSP
from pipeline.presentation.sentences import agenda_words as words
from pipeline.products.no_show import PRODUCT as NO_SHOW
from pipeline.records import CameOf, Cancelling, Expected, Interval, Level, ListCounts
from tests.pipeline.presentation import examples as ex

MONDAY = dt.date(2016, 5, 30)


def _expected(value: float, rows: int) -> Expected:
    return Expected(rows, value / 0.9, Interval(value, value - 2, value + 2), 0.1)


def test_an_expected_number_is_written_one_way() -> None:
    assert [words.count(x) for x in (2.84, 9.94, 18.2, 4351.6)] == ["2,8", "9,9", "18", "4.352"]
    said = words.finding(12, 2.84, _expected(18.2, 60), 47, MONDAY, ex.PRODUCT)
    assert said.lead == "Avisar os 12 primeiros alcança 2,8 dos 18 abandonos esperados."
    assert (
        said.rest == f"47{NBSP}pacientes com 60{NBSP}reservas em 30/05/2016 (segunda-feira), do maior risco ao menor."
    )
    assert words.between(_expected(18.2, 60)) == "16–20"


def test_a_list_of_none_or_few() -> None:
    assert words.finding(0, 0.0, Expected(0, 0.0, Interval(0.0), 0.0), 0, None, ex.PRODUCT).lead.startswith(
        "Não há reservas"
    )
    few = words.finding(1, 0.2, _expected(0.4, 1), 1, None, ex.PRODUCT)
    assert "Avisar" not in few.text and "0,4" in few.text and few.lead == f"1{NBSP}reserva, do maior risco ao menor."


def test_rows_are_accounted_for() -> None:
    found = ListCounts(1_907, listed=400, passed=63, known=1_400, excluded=41, left_out=3)
    assert words.accounted(found, NO_SHOW, looks_back=False) == (
        f"1.907{NBSP}linhas no arquivo: 400 para contatar; 63 já passaram e ainda não têm resultado (envie o "
        "arquivo atualizado); "
        "1.400 com resultado; 41 fora da conta (“Cancelado” ou “Remarcado”); 3 deixadas de fora na conferência."
    )


def test_the_risk_is_of_those_who_do_not_cancel() -> None:
    said = words.of_those_who_keep(_expected(90, 300), Cancelling(2_000, 200, ()), Level(0.02, 0.08, 6), NO_SHOW)
    assert said.startswith(
        "O risco é de quem não termina como “Cancelado” ou “Remarcado”. As faltas esperadas já descontam 10,0%"
    )
    assert "n 2.000" in said and "sem esse desconto seriam 100." in said and "88 a 92 faltas" in said
    alike = replace(_expected(90, 300), risk=90.4)
    assert "seriam" not in words.of_those_who_keep(alike, Cancelling(2_000, 200, ()), Level(0.02, 0.08, 6), NO_SHOW)
    none = words.of_those_who_keep(_expected(90, 300), Cancelling(2_000, 0, ()), Level(0.02, 0.1, 0), NO_SHOW)
    assert f"Em 2.000{NBSP}agendamentos que já passaram não há nenhum assim" in none and "10%" in none


def test_how_it_would_have_been() -> None:
    came = CameOf(60, 18, 40, 2, 7)
    said = words.finding_back(12, came, 47, None, MONDAY, NO_SHOW)
    assert said.lead == "Como teria sido: os 12 primeiros da lista tinham 7 das 18 faltas que houve (39%)."
    assert said.rest.endswith("O risco é o que se sabia em 30/05/2016.")
    assert "18 com falta" in words.came_of(came, NO_SHOW) and "2 fora da conta" in words.came_of(came, NO_SHOW)
