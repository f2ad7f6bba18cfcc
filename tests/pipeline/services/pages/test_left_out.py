"""Rows that the checks leave out are in no list, and a comment of theirs that may not wait is seen all the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.products.satisfaction import PRODUCT
from pipeline.records import LeftOutComments
from pipeline.services import Workspace
from pipeline.services.data import datasets, fixing
from pipeline.services.data.placing import Into
from pipeline.services.pages import left_out
from pipeline.services.session import Session
from pipeline.workspace.storage import frames
from tests.pipeline.workspace.made import at_rest

LINES = (
    "01/03/2099;1;Vou ao Procon, liguem (27) 99876-1234.",
    "01/03/2099;1;Minha mãe morreu na fila.",
    "01/03/2099;5;Gostei muito.",
    "01/03/2099;;",
    "01/03/2026;1;Meu pai morreu na fila.",
)


@pytest.fixture
def session(workspace_home: Path) -> Session:
    return Session(Workspace())


def keep(session: Session) -> str:
    source = "\n".join(["Data;Nota;Comentario", *LINES]).encode()
    return datasets.keep(session, PRODUCT.key, source, "fora.csv", into=Into(name="Clínica A")).id


def test_the_gravest_first_each_with_its_row_and_reason_and_without_identities(session: Session) -> None:
    dataset = keep(session)
    found = left_out.grave(session, dataset)
    told = [(one.row, one.reason, [alert.key for alert in one.alerts]) for one in found.items]
    assert told == [(3, "date_in_future", ["death"]), (2, "date_in_future", ["legal"])] and not found.unread
    assert found.items[1].comment == "Vou ao Procon, liguem [telefone]."
    assert not [path for path, text in at_rest(session.workspace.home).items() if "99876" in text]
    datasets.erase_raw(session, dataset)
    assert left_out.grave(session, dataset) == found
    assert datasets.left_out_csv(session, dataset).decode("utf-8-sig").startswith("linha;motivo")


def test_rows_that_come_back_are_no_longer_told_here(session: Session) -> None:
    dataset = keep(session)
    recipe = json.loads(json.dumps({"columns": [["event_date", None]], "steps": []}))
    fixing.revise(session, dataset, fixing.read_recipe(PRODUCT.key, json.dumps(recipe).encode()))
    assert left_out.grave(session, dataset) == LeftOutComments()
    assert session.workspace.dataset(dataset).rows == len(LINES)


def test_what_an_earlier_version_left_out_is_said_not_to_be_read(session: Session) -> None:
    dataset = keep(session)
    folder = session.workspace.dataset_folder(dataset)
    kept = session.workspace.left_out(dataset)[["row", "reason"]]
    for path in folder.glob("left_out*"):
        path.unlink()
    frames.write_frame(kept, folder, "left_out")
    assert left_out.grave(session, dataset) == LeftOutComments(unread=4)
