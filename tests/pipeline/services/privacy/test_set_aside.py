"""A patient in a folder that was put aside: found, counted, erased to the last byte, and away when it comes back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.presentation.sentences import privacy_words
from pipeline.privacy import open_sealed, seal
from pipeline.records.privacy import Source
from pipeline.services.data import datasets, erasing, recovery
from pipeline.services.data.placing import Into
from pipeline.services.privacy import patients
from pipeline.services.session import Session
from pipeline.workspace.storage import shelf
from tests.pipeline.services.privacy.test_patients import CPF, NO_SHOW, assert_gone, everything, session, sheet

__all__ = ["session"]


def put_aside(session: Session) -> shelf.Item:
    """As if the database had been replaced by one from before the file came."""
    space = session.workspace
    with space.database.write() as connection:
        for table in ("datasets", "contacts", "risk_overrides", "never_call", "series"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    space.shelve()
    space.database.settle()
    (item,) = space.shelved()
    return item


def test_who_lies_in_a_folder_put_aside_is_counted_and_erased_and_stays_away(session: Session) -> None:
    before = session.workspace.datasets()[0]
    item = put_aside(session)
    found = patients.find(session, CPF)
    assert [(part.source, part.place, part.count) for part in found.parts if part.source is Source.SHELVED] == [
        (Source.SHELVED, before.name, 3)
    ]
    assert found.unread == () and found.target.found
    copied = list(session.workspace.home.glob("contacts/*/*.json"))
    assert copied  # of a series that no record knows
    patients.erase(session, found)
    assert_gone(session)
    assert [(one.id, one.day) for one in session.workspace.shelved()] == [(item.id, item.day)]
    assert patients.find(session, CPF).parts == ()
    assert recovery.take_back(session).refused == ()
    assert len(session.workspace.rows(before.id)) == before.rows - 2
    assert [rows for _, rows in patients.erased_rows(session, before.id)] == [3]
    datasets.erase_raw(session, before.id)
    again = datasets.keep(session, NO_SHOW, sheet(), "marco.csv", into=Into(series=before.series))
    assert again.id == before.id and again.vault_until is not None  # sent again, it brings nobody back
    session.workspace.database.settle()
    assert_gone(session)


def test_the_copies_of_others_in_a_series_that_no_record_knows_stay(session: Session) -> None:
    item = put_aside(session)
    (path,) = (p for p in session.workspace.home.glob("never_call/*/*.json"))
    held = json.loads(path.read_text())
    another = {"row": held["items"][0]["row"] | {"value": "another"}}
    path.write_text(json.dumps(held | {"items": [*held["items"], another]}))
    patients.erase(session, patients.find(session, CPF))
    assert [one["row"]["value"] for one in json.loads(path.read_text())["items"]] == ["another"] and item.id


@pytest.mark.parametrize("harm", ["key", "damage"])
def test_what_can_not_be_opened_is_named_with_a_way_out(session: Session, harm: str) -> None:
    item = put_aside(session)
    if harm == "key":
        sealed = item.path / "raw.sealed"
        sealed.write_bytes(seal(open_sealed(sealed.read_bytes(), session.workspace.key, item.id), b"x" * 32, item.id))
        item.record.unlink()
        for path in item.path.rglob("recipe.sealed"):
            path.unlink()
    else:
        (item.path / "rows.parquet").write_bytes(b"PAR1")
    found = patients.find(session, CPF)
    assert found.unread == (f"set_aside/{item.day}/datasets/{item.id}",) and found.target.shelved == ()
    assert "não abre e não foi olhada" in privacy_words.unread(found.unread) and item.id in str(found.unread)
    recovery.erase(session, recovery.shelved(session))
    assert patients.find(session, CPF).unread == () and privacy_words.unread(()) == ""


def test_a_kill_between_the_two_folders_is_ended_at_the_next_start(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:

    from pipeline.workspace.repositories import shelf_erasures

    class Killed(BaseException):
        """What ends a process from outside."""

    def killed(*_: object) -> None:
        raise Killed

    put_aside(session)
    with monkeypatch.context() as patch:
        patch.setattr(shelf_erasures.atomic_files, "discard", killed)
        with pytest.raises(Killed):
            patients.erase(session, patients.find(session, CPF))
    assert len(session.workspace.shelved()) == 2
    erasing.resume(session)
    assert_gone(session)
    assert len(session.workspace.shelved()) == 2 and CPF.encode() not in everything(Path(session.workspace.home))
