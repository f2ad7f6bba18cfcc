"""Mending what is kept: read again with another recipe, remembered, taken back, and nothing of a person in the open."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pytest

from pipeline.errors import PresencaError
from pipeline.presentation.locale.messages import say
from pipeline.records import Recipe, Step, StepKind
from pipeline.services import Workspace, open_workspace
from pipeline.services.batch.validating import accepted
from pipeline.services.data import datasets, fixing, joining, table
from tests.pipeline.ingestion.files import csv_bytes
from tests.pipeline.ingestion.tables import HEADERS, sound
from tests.refusals import refused

CPF = "52998224725"


def _bytes(columns: dict[str, list[str]]) -> bytes:
    return csv_bytes([[HEADERS.get(key, key) for key in columns], *zip(*columns.values(), strict=True)])


def _spoilt() -> dict[str, list[str]]:
    columns = sound(60)
    columns["patient_id"][0] = "1,2E+10"
    columns["status"][1:4] = ["Realiz"] * 3
    columns["scheduled_date"][5:8] = ["31/02/2026"] * 3
    return columns


@pytest.fixture
def space(workspace_home: Path) -> Workspace:
    return open_workspace()


def test_what_is_mended_is_kept_told_remembered_and_can_be_taken_back(space: Workspace) -> None:
    info = datasets.keep(space, "no_show", _bytes(_spoilt()), "marco.csv")
    assert (info.rows, table.view(space, info.id, issue="scheduled_unreadable").total) == (57, 3)
    fixing.apply(space, info.id, accepted(datasets.report(space, info.id).proposals))
    fixing.apply(space, info.id, (Step(StepKind.CELL, "patient_id", "1,2E+10", CPF, 2),))
    fixing.apply(space, info.id, (Step(StepKind.CELL, "scheduled_date", "31/02/2026", "01/03/2026", 7),))
    assert space.dataset(info.id).rows == 58 and space.revision(info.id) == 3
    told = [say(item) for item in fixing.told(space, info.id)]
    assert len(told) == 3 and CPF not in " ".join(told)
    fixing.undo(space, info.id, 2)
    assert space.dataset(info.id).rows == 57
    with refused(PresencaError, match="já foi desfeita"):
        fixing.undo(space, info.id, 9)

    # no id of an event at rest is one that the clinic's own ids would give
    made_of_ids = fixing.read_again(space, info.id).rows["event_id"]
    at_rest = space.rows(info.id)["event_id"]
    assert len(at_rest) == len(made_of_ids) and set(at_rest) & set(made_of_ids) <= {0}

    # at rest: no revision but the present one, and the patient's number nowhere in the open
    folder = space.dataset_folder(info.id)
    assert [p.name for p in folder.iterdir() if p.is_dir()] == ["revision-4"]
    assert not [p for p in space.home.rglob("*") if p.is_file() and CPF.encode() in p.read_bytes()]

    # next month's file with the same headers is read in the same way, but for the single cells
    (known,) = fixing.recipes(space, "no_show")
    assert [s.kind for s in known.recipe.steps] == [StepKind.VALUE]
    april = sound(60)
    april["status"][2] = "Realiz"
    found = datasets.preview(space, "no_show", _bytes(april), "abril.csv").known
    assert (
        found is not None
        and not datasets.report(
            space, datasets.keep(space, "no_show", _bytes(april), "abril.csv", recipe=found.recipe).id
        ).proposals
    )
    fixing.forget(space, known.id)
    assert not fixing.recipes(space, "no_show")


def test_the_workbook_that_comes_back(space: Workspace) -> None:
    info = datasets.keep(space, "no_show", _bytes(_spoilt()), "marco.csv")
    sent = table.annotated_xlsx(space, info.id)
    assert not table.mended(space, info.id, sent, "corrigir.xlsx").steps
    book = openpyxl.load_workbook(io.BytesIO(sent))
    sheet = book["Corrigir"]
    place = next(c.column for c in sheet[1] if c.value == HEADERS["scheduled_date"])
    for row in sheet.iter_rows(min_row=2):
        if row[place - 1].value == "31/02/2026":
            row[place - 1].value = "02/03/2026"
    sheet.append([999_999, "", *["x"] * 13])
    out = io.BytesIO()
    book.save(out)
    back = table.mended(space, info.id, out.getvalue(), "corrigir.xlsx")
    assert len(back.steps) == 3 and back.unknown == 1
    fixing.apply(space, info.id, back.steps)
    assert space.dataset(info.id).rows == 60 and len(table.clean_csv(space, info.id).splitlines()) == 61
    other = datasets.keep(space, "no_show", _bytes(sound(60)), "outro.csv")
    for wrong, words in ((sent, "de outro arquivo"), (b"nada", "não é a planilha")):
        with refused(PresencaError, match=words):
            table.mended(space, other.id, wrong, "corrigir.xlsx")


def test_once_the_original_is_erased_nothing_can_be_mended_and_the_repairs_are_gone_too(space: Workspace) -> None:
    info = datasets.keep(space, "no_show", _bytes(_spoilt()), "marco.csv")
    fixing.apply(
        space,
        info.id,
        (Step(StepKind.CELL, "patient_id", "1,2E+10", CPF, 2), Step(StepKind.DATES, "birth_date", after="dmy")),
    )
    datasets.erase_raw(space, info.id)
    assert [s.kind for s in fixing.recipe(space, info.id).steps] == [StepKind.DATES]
    with refused(PresencaError, match="já foi apagada"):
        table.view(space, info.id)
    assert not list(space.dataset_folder(info.id).rglob("*.sealed"))


def test_twelve_months_become_one_data_set_and_a_month_is_added_or_put_in_place(space: Workspace) -> None:
    whole = sound(60)
    months = [
        ({key: cells[at : at + 20] for key, cells in whole.items()}, f"mes{at}.csv") for at in (0, 10, 20, 30, 40)
    ]
    joined = joining.keep_joined(space, "no_show", [(_bytes(columns), name) for columns, name in months])
    assert joined.rows == 60
    later = sound(80)
    new = datasets.keep(space, "no_show", _bytes({key: cells[50:] for key, cells in later.items()}), "novo.csv")
    assert joining.before(space, new) == (space.dataset(joined.id),)
    found = joining.compare_kept(space, joined.id, new.id)
    assert (found.new, found.repeated) == (20, 10)
    both = joining.add(space, joined.id, new.id)
    assert both.rows == 80 and [d.id for d in datasets.datasets(space, "no_show")] == [both.id]


def test_a_recipe_as_a_file(space: Workspace) -> None:
    recipe = Recipe(columns=(("uf", "Estado"),), steps=(Step(StepKind.VALUE, "sex", "Z", ""),))
    assert fixing.read_recipe("no_show", fixing.recipe_json("no_show", recipe)) == recipe
    assert fixing.read_recipe("no_show", b'{"uf": "Estado"}').choice == {"uf": "Estado"}
    for wrong in (
        b"",
        b"[]",
        b"{}x",
        b'{"columns": 3}',
        b'{"columns": [], "steps": [{"kind": "rm"}]}',
        json.dumps({"nada": "x"}).encode(),
        fixing.recipe_json("satisfaction", Recipe()),
    ):
        with pytest.raises(PresencaError):
            fixing.read_recipe("no_show", wrong)


def test_rows_left_out_stay_out_when_files_are_joined_and_come_back_when_asked(space: Workspace) -> None:
    columns = sound(60)
    columns["procedure"][:6] = ["Retorno"] * 6
    later = {key: list(cells) for key, cells in sound(60).items()}
    later["patient_id"] = [f"Q{i}" for i in range(60)]
    later["scheduled_date"] = ["10/03/2026"] * 60
    later["procedure"][:6] = ["Retorno"] * 6
    first = datasets.keep(space, "no_show", _bytes(columns), "marco.csv")
    fixing.apply(space, first.id, (Step(StepKind.ASIDE, "procedure", "Retorno"),))
    assert space.dataset(first.id).rows == 54 and "Retorno" in say(fixing.told(space, first.id)[0])
    second = datasets.keep(space, "no_show", _bytes(later), "abril.csv")
    assert second.rows == 60  # never unasked
    joined = joining.add(space, first.id, second.id)
    report = datasets.report(space, joined.id)
    assert joined.rows == 114 and [item.rows for item in report.set_aside] == [6]
    fixing.undo(space, joined.id, 0)
    assert space.dataset(joined.id).rows == 120
