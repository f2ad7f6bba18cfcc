"""The audit log takes ids and counts, keeps people out, and can't be rewritten."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from pipeline.errors import WorkspaceError
from pipeline.workspace.audit import OMITTED, audit, entries
from tests.pipeline.workspace import made


def test_entries_come_newest_first(tmp_path: Path) -> None:
    space = made.workspace(tmp_path)
    audit(space, "dataset_added", dataset="0123456789ab", rows=84_076, sample=False, day=made.TODAY)
    audit(space, "model_deleted", models=("0123456789ab", "ba9876543210"))
    newest, oldest = entries(space)
    assert oldest.facts == {"dataset": "0123456789ab", "rows": 84076, "sample": False, "day": "2026-11-23"}
    assert newest.action == "model_deleted" and newest.facts == {"models": ["0123456789ab", "ba9876543210"]}
    assert newest.at >= oldest.at and entries(space, 1) == (newest,)


@pytest.mark.parametrize(
    "text", [made.CPF, "52998224725", made.NAME, made.PHONE, "maria@clinica.com.br", "Unidade X.csv"]
)
def test_text_that_could_name_somebody_is_left_out(tmp_path: Path, text: str) -> None:
    space = made.workspace(tmp_path)
    audit(space, "dataset_added", name=text, ids=(text,))
    assert entries(space)[0].facts == {"name": OMITTED, "ids": [OMITTED]}


@pytest.mark.parametrize("statement", ["DELETE FROM audit", "UPDATE audit SET action = 'other'"])
def test_entries_cannot_be_changed(tmp_path: Path, statement: str) -> None:
    space = made.workspace(tmp_path)
    audit(space, "dataset_added", rows=1)
    with pytest.raises((WorkspaceError, sa.exc.IntegrityError)), space.database.write() as connection:
        connection.execute(sa.text(statement))
    assert [e.action for e in entries(space)] == ["dataset_added"]
