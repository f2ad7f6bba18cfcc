"""Recipes: every step does what it says, is counted, can be taken back, and is told; proposals and leaks are found."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import PresencaError
from pipeline.ingestion.checking.leakage import rate_auc
from pipeline.ingestion.cleaned_table import clean_table
from pipeline.ingestion.dataset import Dataset
from pipeline.ingestion.parsing.cpf import with_zeros
from pipeline.ingestion.repair.apply_steps import check_steps
from pipeline.presentation.locale.messages import say
from pipeline.products.no_show import PRODUCT
from pipeline.records import Recipe, Step, StepKind, from_plain, to_plain
from tests.pipeline.ingestion.tables import HEADERS, ingested, issues_by_rule, sound, texts
from tests.refusals import refused


def with_steps(columns: dict[str, list[str]], *steps: Step):  # type: ignore[no-untyped-def]
    return ingested(columns, recipe=Recipe(steps=steps))


PLANTED = st.lists(
    st.tuples(st.sampled_from(["scheduled_date", "birth_date", "sex", "status", "uf"]), st.integers(0, 39)),
    max_size=12,
    unique=True,
)
SPOILT = {"scheduled_date": "31/02/2026", "birth_date": "ontem", "sex": "Zz", "status": "Xpto", "uf": "QQ"}
RULES = {
    "scheduled_date": "scheduled_unreadable",
    "birth_date": "birth_unreadable",
    "sex": "sex_unknown",
    "status": "status_unknown",
    "uf": "uf_unknown",
}


@settings(deadline=None, max_examples=8)
@given(PLANTED)
def test_what_is_planted_is_found_and_nothing_else_is_accused(planted: list[tuple[str, int]]) -> None:
    columns = sound(40)
    for key, row in planted:
        columns[key][row] = SPOILT[key]
    faults = ingested(columns).faults
    found = set(zip(faults["rule"].astype(str), faults["row"], strict=True))
    assert found == {(RULES[key], row + 2) for key, row in planted}


@cache
def _meant() -> Dataset:
    return ingested(sound(40))


@settings(deadline=None, max_examples=8)
@given(PLANTED)
def test_mending_what_was_planted_brings_every_row_back(planted: list[tuple[str, int]]) -> None:
    columns, meant = sound(40), sound(40)
    for key, row in planted:
        columns[key][row] = SPOILT[key]
    steps = tuple(Step(StepKind.CELL, key, SPOILT[key], meant[key][row], row + 2) for key, row in planted)
    mended = with_steps(columns, *steps)
    assert not len(mended.faults) and mended.rows.equals(_meant().rows)
    assert sum(cells for _, cells in mended.report.changed) == len(planted)
    taken_back = with_steps(columns)
    assert set(taken_back.faults["row"]) == {row + 2 for _, row in planted}


@settings(deadline=None, max_examples=8)
@given(PLANTED)
def test_a_cell_that_parses_comes_back_unchanged(planted: list[tuple[str, int]]) -> None:
    columns = sound(40)
    for key, row in planted:
        columns[key][row] = SPOILT[key]
    dataset = ingested(columns)
    clean = clean_table(dataset)
    accused = {(int(r), f) for r, f in zip(dataset.faults["row"], dataset.faults["field"].astype(str), strict=True)}
    for key, cells in columns.items():
        kept = [(int(r), cells[int(r) - 2]) for r in dataset.rows["row"]]
        for (row, came), goes in zip(kept, clean[HEADERS[key]].to_pylist(), strict=True):
            assert goes == (None if (row, key) in accused else came)


def test_a_value_is_changed_in_all_rows_and_counted() -> None:
    columns = sound(20)
    columns["status"][3:6] = ["Xpto"] * 3
    (proposal,) = ingested(columns).report.proposals
    assert (proposal.text, proposal.rows, proposal.meant) == ("Xpto", 3, "")
    done = with_steps(columns, Step(StepKind.VALUE, "status", "Xpto", "No Show"))
    assert "status_unknown" not in issues_by_rule(done)
    ((what, cells),) = done.report.changed
    assert (say(what), cells) == ("Status do agendamento: “Xpto” virou “No Show”", 3)


@pytest.mark.parametrize(
    ("text", "meant"),
    [("Realiz", "Realizado"), ("Compareceeu", "Realizado"), ("Cancel", "Cancelado"), ("não faltou", ""), ("Fax", "")],
)
def test_what_a_status_is_proposed_to_mean(text: str, meant: str) -> None:
    columns = sound(20)
    columns["status"][3] = text
    found = [p.meant for p in ingested(columns).report.proposals if p.field == "status"]
    assert found in ([meant], [])  # read at once, or proposed; a negation is never turned round
    if text == "não faltou":
        assert ingested(columns).report.rows_usable == 20 and found == [""]


def test_names_are_offered_for_merging_and_never_merged_unasked() -> None:
    columns = sound(20)
    columns["health_plan"] = ["Bradesco Saúde"] * 15 + ["BRADESCO SAUDE"] * 3 + ["Bradesco"] * 1 + ["Amil"]
    columns["procedure"] = ["Consulta Neurologista"] * 10 + ["Consulta Nefrologista"] * 10
    dataset = ingested(columns)
    merges = {(p.text, p.meant) for p in dataset.report.proposals if p.merge}
    assert merges == {("BRADESCO SAUDE", "Bradesco Saúde"), ("Bradesco", "Bradesco Saúde")}
    assert dataset.rows["health_plan"].nunique() == 4
    joined = with_steps(columns, *(Step(StepKind.VALUE, "health_plan", text, meant) for text, meant in sorted(merges)))
    assert joined.rows["health_plan"].nunique() == 2


def test_swapped_dates_are_suspected_and_put_right_in_one_step() -> None:
    columns = sound(30)
    columns["contact_date"], columns["scheduled_date"] = columns["scheduled_date"], columns["contact_date"]
    report = ingested(columns).report
    assert (
        report.rows_usable == 0
        and report.actions[0].rows == 30
        and "parecem invertidas" in say(report.actions[0].label)
    )
    assert with_steps(columns, *report.actions[0].steps).report.rows_usable == 30
    some = sound(30)
    some["contact_date"][4], some["scheduled_date"][4] = some["scheduled_date"][4], some["contact_date"][4]
    action = ingested(some).report.actions[0]
    assert action.steps[0].kind is StepKind.SWAP and with_steps(some, *action.steps).report.rows_usable == 30


def test_an_order_of_dates_is_proposed_where_it_reads_more_and_can_be_chosen() -> None:
    columns = sound(30)
    columns["scheduled_date"] = [f"{c[3:5]}/{c[:2]}/{c[6:]}" for c in columns["scheduled_date"][:-1]] + ["31/01/2026"]
    columns["contact_date"] = [""] * 30
    report = ingested(columns).report
    action = next(a for a in report.actions if a.steps and a.steps[0].kind is StepKind.DATES)
    assert action.steps[0].after == "mdy"
    assert with_steps(columns, *action.steps).report.rows_usable > report.rows_usable


def test_a_column_that_proves_nothing_is_read_as_the_others() -> None:
    columns = sound(12)
    columns["birth_date"] = ["01/31/1980"] * 12
    columns["contact_date"] = ["01/02/2026"] * 12
    columns["scheduled_date"] = ["02/03/2026"] * 12
    dataset = ingested(columns)
    assert set(dataset.rows["scheduled_date"].dt.strftime("%d/%m")) == {"03/02"}


def test_zeros_of_a_cpf_come_back() -> None:
    cells = texts("1234567890", "01234567890", "52998224725", "abc", "123")
    assert with_zeros(cells).to_pylist() == ["01234567890", "01234567890", "52998224725", "abc", "123"]


def test_an_arrival_stands_for_the_status_only_when_told() -> None:
    columns = sound(20)
    status = columns.pop("status")
    columns["Hora de chegada"] = ["" if s == "No Show" else "08:02" for s in status]
    assert "training" not in ingested(columns).report.usable_for and ingested(columns).rows["outcome"].isna().all()
    told = with_steps(columns, Step(StepKind.ARRIVAL, "status", after="Hora de chegada"))
    assert told.rows["outcome"].tolist() == [1.0 if s == "No Show" else 0.0 for s in status]


def _future() -> dict[str, list[str]]:
    columns = sound(400)
    rng = np.random.default_rng(1)
    missed = rng.random(400) < 0.4
    columns["status"] = ["No Show" if m else "Realizado" for m in missed]
    columns["unit"] = ["" if m else "Clínica X" for m in missed]
    columns["Motivo da falta"] = ["esqueceu" if m else "" for m in missed]
    columns["Data da alta"] = ["28/03/2026"] * 400
    columns["Observação"] = [f"obs {i % 7}" for i in range(400)]
    return columns


def test_columns_that_know_the_future_are_named_and_left_out_unless_somebody_insists() -> None:
    dataset = ingested(_future())
    assert {leak.header for leak in dataset.report.leaks} == {HEADERS["unit"], "Motivo da falta", "Data da alta"}
    assert dataset.rows["unit"].isna().all() and not next(x for x in dataset.report.leaks if x.field == "unit").used
    insisted = with_steps(_future(), Step(StepKind.USE, "unit"))
    assert insisted.rows["unit"].notna().any() and next(x for x in insisted.report.leaks if x.field == "unit").used
    assert not ingested(sound(400)).report.leaks


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=40, max_size=200))
def test_the_area_of_rates_is_that_of_the_pairs(pairs: list[tuple[int, bool]]) -> None:
    codes, event = np.array([c for c, _ in pairs]), np.array([e for _, e in pairs])
    area = rate_auc(codes, event)
    assert 0.0 <= area <= 1.0
    assert area >= 0.5 - 1e-9  # a rate of its own never ranks its own events last


def test_a_recipe_goes_through_json_and_is_refused_where_it_is_another_products() -> None:
    recipe = Recipe(
        "Dados",
        (("sex", None), ("uf", "Estado")),
        (Step(StepKind.CELL, "sex", "a", "b", 4), Step(StepKind.DATES, "birth_date", after="mdy")),
    )
    assert from_plain(Recipe, to_plain(recipe)) == recipe
    assert [s.kind for s in recipe.for_other_files().steps] == [StepKind.DATES]
    for wrong in (
        Recipe(columns=(("estrelas", "x"),)),
        Recipe(steps=(Step(StepKind.DATES, "birth_date", after="xyz"),)),
    ):
        with refused(PresencaError, match="receita"):
            check_steps(wrong, PRODUCT)


def test_what_stands_only_in_a_row_of_totals_is_no_value_to_be_understood() -> None:
    columns = sound(40)
    for key, column in columns.items():
        column[-1] = {"sex": "Total", "uf": "Totais", "unit": "Unidade Centro."}.get(key, "")
    report = ingested({"sex": columns.pop("sex"), **columns}).report  # the first cell that is filled says what it is
    assert "totals_row" in {issue.rule for issue in report.issues}
    assert report.proposals == ()
    columns = sound(40)
    columns["sex"][3] = "Total"  # in a row that counts it is still a value that is not understood
    assert [(p.field, p.text, p.rows) for p in ingested(columns).report.proposals] == [("sex", "Total", 1)]
