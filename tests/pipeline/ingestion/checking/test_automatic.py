"""Outcomes that look registered by a machine are found, said, and left out by a step alone; chance is not accused."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from pipeline.errors import PresencaError
from pipeline.ingestion.repair.apply_steps import check_steps
from pipeline.presentation.sentences import report_words
from pipeline.products.no_show import PRODUCT
from pipeline.records import Automatic, Recipe, SetAside, Step, StepKind, from_plain, to_plain
from tests.pipeline.ingestion.tables import ingested, issues_by_rule, sound
from tests.refusals import refused

ROWS = 1_600


def planted() -> dict[str, list[str]]:
    """Chance but for: a category that is always a no-show, a unit that stops registering, a plan whose rate leaps."""
    random = np.random.default_rng(3)
    columns = sound(ROWS)
    days = [dt.datetime.strptime(cell, "%d/%m/%Y").date() for cell in columns["scheduled_date"]]
    columns["unit"] = [("Norte", "Sul", "Leste")[i] for i in random.integers(0, 3, ROWS)]
    columns["uf"] = ["SP"] * ROWS
    columns["health_plan"] = [("Amil", "Unimed", "Bradesco")[i] for i in random.integers(0, 3, ROWS)]
    columns["procedure"] = [f"Exame {i}" for i in random.integers(0, 4, ROWS)]
    event = random.random(ROWS) < 0.2
    columns["procedure"] = [
        "retorno automático" if i % 10 == 0 else name for i, name in enumerate(columns["procedure"])
    ]
    for i in range(ROWS):
        event[i] |= i % 10 == 0
        event[i] &= not (columns["unit"][i] == "Sul" and days[i] >= dt.date(2026, 2, 2) and i % 10)
        if columns["health_plan"][i] == "Unimed" and days[i] >= dt.date(2026, 2, 2) and columns["unit"][i] != "Sul":
            event[i] |= random.random() < 0.7
    columns["procedure"][10] = "RETORNO AUTOMÁTICO"
    columns["status"] = ["No Show" if x else "Realizado" for x in event]
    return columns


def found_in(columns: dict[str, list[str]], *steps: Step) -> dict[str, Automatic]:
    return {item.value: item for item in ingested(columns, recipe=Recipe(steps=steps)).report.automatic}


def test_what_is_registered_automatically_is_found_and_chance_is_not() -> None:
    columns = planted()
    found = found_in(columns)
    always = found["retorno automático"]
    assert (always.code, always.rows, always.events, always.step) == (
        "always",
        160,
        160,
        Step(StepKind.ASIDE, "procedure", "retorno automático"),
    )
    assert set(found) == {"retorno automático", "Unimed", "Sul"}
    found = found_in(columns, always.step)
    assert set(found) == {"Sul", "Unimed"} and found["Unimed"].code == "leap" and found["Sul"].code == "never_while"
    assert dt.date(2026, 2, 1) <= found["Unimed"].first <= dt.date(2026, 2, 3) and found["Sul"].first >= dt.date(
        2026, 1, 26
    )
    sentence = report_words.automatic(always, PRODUCT)
    assert (
        "em 160\u00a0agendamentos com resultado, 160\u00a0faltas; nos outros agendamentos" in sentence
        and "registro automático" in sentence
    )
    assert "nenhuma falta" in report_words.automatic(found["Sul"], PRODUCT)
    assert not ingested(sound(ROWS)).report.automatic


def test_rows_are_left_out_by_a_step_alone_counted_and_taken_back() -> None:
    columns = planted()
    step = Step(StepKind.ASIDE, "procedure", "retorno automático")
    before, dataset = ingested(columns), ingested(columns, recipe=Recipe(steps=(step,)))
    report = dataset.report
    assert before.report.rows_left_out == 0 and report.rows_left_out == 160  # two spellings, one value
    assert report.left_out == (("set_aside", 160),) and len(dataset.left_out) == 160
    assert (
        report.set_aside == (SetAside("procedure", "Nome do procedimento", "retorno automático", "", 160),)
        and report.changed == ()
    )
    assert (
        report.event_rate is not None
        and before.report.event_rate is not None
        and report.event_rate.value < before.report.event_rate.value
    )
    issue = issues_by_rule(dataset)["set_aside"]
    assert (issue.severity, issue.cost, issue.rows) == ("note", "aside", 160) and not [
        a for a in report.actions if a.issue == "set_aside"
    ]
    assert report.quality is not None and report.quality.rows("lost") == 0 and report.quality.rows("aside") == 160


def test_days_of_a_value_alone_can_be_left_out() -> None:
    columns = planted()
    whole = ingested(columns, recipe=Recipe(steps=(Step(StepKind.ASIDE, "unit", "SUL"),))).report.rows_left_out
    some = ingested(
        columns, recipe=Recipe(steps=(Step(StepKind.ASIDE, "unit", "Sul", "2026-02-02/2026-02-10"),))
    ).report
    assert 0 < some.rows_left_out < whole == columns["unit"].count("Sul")
    assert report_words.left_out(some.set_aside[0], PRODUCT) == "Unidade: Sul, de 02/02/2026 a 10/02/2026"


@pytest.mark.parametrize(
    "step",
    [
        Step(StepKind.ASIDE, "unit", "Sul", "2026-02-31/2026-03-01"),
        Step(StepKind.ASIDE, "patient_id", "P00001"),
        Step(StepKind.ASIDE, "status", "No Show"),
        Step(StepKind.ASIDE, "unit"),
    ],
)
def test_a_recipe_that_leaves_out_what_can_not_be_is_refused(step: Step) -> None:
    with refused(PresencaError, match="receita"):
        check_steps(from_plain(Recipe, to_plain(Recipe(steps=(step,)))), PRODUCT)
