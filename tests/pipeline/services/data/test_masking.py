"""Masked files come back: the same patients and events, no cell mended that nobody touched; pages are masked, too."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from pipeline.errors import PresencaError
from pipeline.presentation.locale.messages import say
from pipeline.privacy import code, pseudonym
from pipeline.records import FileUse, Role, User
from pipeline.services import open_workspace
from pipeline.services.data import datasets, masking, table
from pipeline.services.data.masking import Offered
from pipeline.services.session import Actor, Session
from tests.pipeline.ingestion.files import csv_bytes
from tests.pipeline.ingestion.tables import HEADERS, sound
from tests.refusals import refused

CPF, NAME = "529.982.247-25", "Zuleika Prado"


@pytest.fixture
def whole(workspace_home: Path) -> Session:
    return Session(open_workspace())


def _of(whole: Session, role: Role) -> Session:
    return replace(whole, user=User("0" * 12, "a", "A", role))


def _keep(whole: Session) -> str:
    columns = sound(60) | {"Nome": [NAME] * 60}
    columns["patient_id"][:2] = [CPF, CPF]
    columns["scheduled_date"][5:8] = ["31/02/2026"] * 3
    rows = zip(*columns.values(), strict=True)
    sheet = csv_bytes([[HEADERS.get(key, key) for key in columns], *rows])
    return datasets.keep(whole, "no_show", sheet, "a.csv").id


def test_a_masked_file_that_comes_back_is_of_the_same_patients_and_events(whole: Session) -> None:
    first = _keep(whole)
    told = table.clean_csv(_of(whole, Role.MANAGER), first)
    assert NAME not in told.decode() and CPF not in told.decode()
    again = datasets.keep(whole, "no_show", told, "de_volta.csv").id
    before, after = (whole.workspace.rows(one) for one in (first, again))
    assert before["patient_id"].tolist() == after["patient_id"].tolist()
    assert before["event_id"].tolist() == after["event_id"].tolist()
    assert datasets.datasets(whole, "no_show")[0].series == whole.workspace.dataset(first).series
    (note,) = [n for n in datasets.report(whole, again).file.notes if n.code == "checking.patient_codes"]
    assert say(note).startswith(f"{after['patient_id'].nunique()}\N{NO-BREAK SPACE}pacientes vêm como códigos")
    assert "patient_codes" not in str(datasets.report(whole, first).file.notes)


def test_a_masked_workbook_mends_only_what_was_mended_in_it(whole: Session) -> None:
    key, analyst = _keep(whole), _of(whole, Role.ANALYST)
    made = table.annotated_xlsx(analyst, key)
    assert table.mended(analyst, key, made, "corrigir.xlsx").steps == ()
    book = openpyxl.load_workbook(io.BytesIO(made))
    sheet = book["Corrigir"]
    place = next(cell.column for cell in sheet[1] if cell.value == HEADERS["scheduled_date"])
    next(row[place - 1] for row in sheet.rows if row[place - 1].value == "31/02/2026").value = "01/03/2026"
    target = io.BytesIO()
    book.save(target)
    (step,) = table.mended(whole, key, target.getvalue(), "corrigir.xlsx").steps
    assert (step.field, step.before, step.after) == ("scheduled_date", "31/02/2026", "01/03/2026")


def test_rows_on_a_page_are_masked_for_whoever_may_not_see_who_it_is(whole: Session) -> None:
    key = _keep(whole)
    seen, all_of_it = table.view(_of(whole, Role.ANALYST), key), table.view(whole, key)
    assert NAME not in str(seen) and CPF not in str(seen) and NAME in str(all_of_it) and CPF in str(all_of_it)
    assert code(pseudonym(CPF, whole.workspace.key)) in str(seen) and seen.total == all_of_it.total
    assert NAME in str(table.view(_of(whole, Role.MANAGER), key))


def test_what_is_offered(whole: Session) -> None:
    assert masking.offered(whole, FileUse.OTHER) is Offered.WHOLE and masking.is_identified(whole, FileUse.OTHER)
    assert masking.offered(whole, FileUse.CALLS) is Offered.CHOICE and not masking.is_identified(whole, FileUse.CALLS)
    assert not masking.is_identified(whole, FileUse.OTHER, wanted=False)
    assert masking.is_identified(replace(whole, actor=Actor.COMMAND_LINE), FileUse.OTHER)
    of = {role: [masking.offered(_of(whole, role), use) for use in FileUse] for role in Role}
    choice, masked = Offered.CHOICE, Offered.MASKED
    assert of == {
        Role.ADMIN: [choice, choice],
        Role.MANAGER: [choice, choice],
        Role.ANALYST: [masked, masked],
        Role.ATTENDANT: [choice, masked],
        Role.READER: [masked, masked],
    }
    lent = replace(_of(whole, Role.ANALYST), lent=True)
    for wanted in (FileUse.CALLS, FileUse.OTHER):
        with refused(PresencaError, match="não tem permissão"):
            masking.is_identified(lent, wanted, wanted=True)
