"""The audit log takes ids and counts, keeps people out, and can't be rewritten."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipeline.errors import WorkspaceError
from pipeline.workspace.audit import OMITTED, audit, check, entries
from pipeline.workspace.engine import inspection, schema
from pipeline.workspace.store import Workspace
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


TRIGGERS = (
    "audit_is_not_changed",
    "audit_is_not_erased",
    "audit_chain_is_not_changed",
    "audit_chain_is_not_erased",
)


def tampered(home: Path, *statements: str) -> set[str]:
    """What `check` says after somebody dropped the triggers, did this in the file, and put them back."""
    space = Workspace(home, key=made.KEY)
    with space.database.read() as connection:
        parts = {part.name: part for part in inspection.parts(connection, schema.MIGRATIONS[-1].version)}
    space.close()
    with made.records(home) as records:
        for name in TRIGGERS:
            made.drop_trigger(records, name)
        for statement in (*statements, *(one for name in TRIGGERS for one in parts[name].statements)):
            records.execute(statement)
    space = Workspace(home, key=made.KEY)
    return {code for code, _ in check(space).faults}


@pytest.fixture
def logged(tmp_path: Path) -> Path:
    space = made.workspace(tmp_path)
    for rows in range(5):
        audit(space, "dataset_added", rows=rows)
    assert check(space).faults == () and check(space).entries == 6
    space.close()
    return tmp_path / "home"


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (("UPDATE audit SET facts = '{}' WHERE id = 3",), {"altered"}),
        (("UPDATE audit SET at = '2020' WHERE id = 6",), {"altered"}),
        (("DELETE FROM audit WHERE id = 3", "DELETE FROM audit_chain WHERE id = 3"), {"missing", "altered"}),
        (("INSERT INTO audit VALUES (7, 'now', 'invented', '{}')",), {"unsealed", "head"}),
        (
            ("DELETE FROM audit WHERE id > 4", "DELETE FROM audit_chain WHERE id > 4"),
            {"head", "cut_before"},
        ),
    ],
)
def test_what_is_done_past_the_triggers_shows(logged: Path, statements: tuple[str, ...], said: set[str]) -> None:
    found = tampered(logged, *statements)
    assert said <= found | ({"head"} if "cut_before" in found else set()), found


@made.IN_A_FILE
def test_a_tail_cut_with_its_head_rewritten_shows(logged: Path) -> None:
    """Whoever can write the database can write the settings, too: the mark of the head can't be made without the key,
    and the file beside the database tells of entries that are gone.
    """
    assert "cut_before" in tampered(
        logged,
        "DELETE FROM audit WHERE id > 4",
        "DELETE FROM audit_chain WHERE id > 4",
        "UPDATE settings SET value = json_set(value, '$.count', 4, '$.seal', "
        "(SELECT seal FROM audit_chain WHERE id = 4)) WHERE key = 'audit_head'",
    )
    (logged / "audit.head").unlink()
    (logged / "audit.head.lost").unlink()


def test_a_dropped_trigger_shows(logged: Path) -> None:
    with made.records(logged) as records:
        made.drop_trigger(records, "audit_is_not_erased")
    assert check(Workspace(logged, key=made.KEY)).faults == (("trigger", 0),)


@made.IN_A_FILE
def test_what_an_earlier_version_wrote_is_adopted_once(logged: Path) -> None:
    tampered(
        logged,
        "DELETE FROM audit WHERE action = 'audit_chain_started'",
        "DELETE FROM audit_chain",
        "DELETE FROM settings WHERE key = 'audit_head'",
        "UPDATE audit SET id = id - 1",
    )
    state = check(Workspace(logged, key=made.KEY))
    assert state.faults == () and state.started is not None  # and the day on which it starts is told
    assert check(Workspace(logged, key=made.KEY)).entries == state.entries


def test_another_key_confirms_nothing(logged: Path) -> None:
    space = Workspace(logged, key=made.KEY)
    other = replace(space.audit_chain, key=made.OTHER_KEY).check()
    assert len(other.faults) == 6 + 2
