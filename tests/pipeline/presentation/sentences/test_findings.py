"""Sentences: right numbers, plurals and order."""

from __future__ import annotations

import dataclasses

import pytest

from pipeline.errors import NotEnoughData
from pipeline.presentation.locale import messages
from pipeline.presentation.sentences import findings
from pipeline.records import Quality, note, said
from tests.pipeline.presentation import examples as ex

NBSP = "\u00a0"


def test_report_headline() -> None:
    assert findings.report_headline(ex.REPORT).replace(NBSP, " ") == (
        "83.412 de 84.076 linhas podem ser usadas. Dois problemas deixam 664 linhas de fora; "
        "2 grupos parecem de registro automático; um ponto pede atenção antes do treino."
    )


@pytest.mark.parametrize(
    ("read", "usable", "start"),
    [
        (0, 0, "O arquivo não tem nenhuma linha"),
        (5, 0, "Nenhuma das 5 linhas pode"),
        (5, 5, "Todas as 5 linhas podem"),
        (1, 1, "A única linha pode"),
        (5, 1, "1 de 5 linhas pode ser usada."),
    ],
)
def test_report_headline_at_the_edges(read: int, usable: int, start: str) -> None:
    report = dataclasses.replace(ex.REPORT, rows_read=read, rows_usable=usable, rows_left_out=read - usable, issues=())
    assert findings.report_headline(report).replace(NBSP, " ").startswith(start)


def test_only_warnings() -> None:
    report = dataclasses.replace(
        ex.REPORT,
        rows_usable=84_076,
        rows_left_out=0,
        issues=ex.REPORT.issues[2:],
        usable_for=("scoring",),
        quality=Quality(()),
        automatic=(),
    )
    assert findings.report_finding(report).rest == "Um ponto pede atenção."


def test_data_that_do_not_suffice_say_why_and_what_to_do() -> None:
    why = (said("São 20 linhas com resultado; o treino pede 500."), note("training.one_outcome"))
    refusal = NotEnoughData("training.unsuitable", why=why)
    assert messages.message(refusal).startswith("São 20 linhas com resultado; o treino pede 500. Um dos períodos")
    assert messages.hint(refusal).startswith("Envie um período maior")
    assert messages.message(NotEnoughData("training.unsuitable", why=())).startswith("Este arquivo não pode")
