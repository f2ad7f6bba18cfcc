"""What was done about events outlives a database that was lost or is an older copy, and goes for good when erased."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from pipeline.errors import WorkspaceError
from pipeline.records import FollowUp, FollowUpEvent, FollowUpState
from pipeline.workspace.engine.schema import FOLLOW_UP_EVENTS
from pipeline.workspace.storage import sidecars
from pipeline.workspace.store import Workspace
from tests import stores
from tests.pipeline.workspace import made
from tests.refusals import refused

AT = dt.datetime(2026, 11, 28, 12, tzinfo=dt.timezone(dt.timedelta(hours=-3)))
KEYS = tuple(f"{n:016x}" for n in (1, 2**63, 2**64 - 1, 2**63 + 5))
SECRET = "a filha contou que doeu"


def act(
    space: Workspace, series: str, key: str, note: str = SECRET, state: FollowUpState = FollowUpState.ANSWERED
) -> None:
    done = FollowUpEvent(AT, "person", "Bia", "note", note=note)

    def change(found: FollowUp) -> tuple[FollowUp, tuple[FollowUpEvent, ...]]:
        return replace(found, state=state, version=found.version + 1, notes=found.notes + 1, updated=AT), (done,)

    space.change_follow_up(series, FollowUp(key, FollowUpState.NEW, "", AT, None), change, expected=None)


def filled(folder: Path) -> tuple[Workspace, str]:
    space = made.workspace(folder)
    series = space.add_series("toy", "Clínica A").id
    made.add(space, series=series)
    for key in KEYS:
        act(space, series, key)
    return space, series


def told(space: Workspace, series: str) -> object:
    return space.follow_ups(series), space.follow_up_events(series, KEYS)


def test_keys_are_whole_and_notes_sealed(tmp_path: Path) -> None:
    space, series = filled(tmp_path)
    assert set(space.follow_ups(series)) == set(KEYS)
    assert not [
        name for name, text in made.at_rest(space.home).items() if SECRET in text or SECRET.encode().hex() in text
    ]
    with pytest.raises(IntegrityError, match="not changed"), space.database.write() as connection:
        connection.execute(FOLLOW_UP_EVENTS.update().values(who="Outra"))  # the history only grows
    with space.database.read() as connection:
        assert connection.execute(sa.select(FOLLOW_UP_EVENTS.c.who).distinct()).scalars().all() == ["Bia"]


@stores.IN_THE_FOLDER
def test_a_lost_database_loses_no_answer(tmp_path: Path) -> None:
    space, series = filled(tmp_path)
    before = told(space, series)
    space.close()
    made.lose_records(space.home)
    again = Workspace(space.home, key=made.KEY, recovering=True)
    again.shelve()
    for item in again.shelved():
        record = sidecars.read(item.record)
        assert record is not None
        again.take_back(item, record)
    assert told(again, series) == before
    again.close()
    assert told(made.workspace(tmp_path), series) == before  # opening it once more doubles nothing


@stores.WITHOUT_COPIES
def test_an_older_copy_is_brought_up_to_date_and_a_damaged_copy_is_passed_over(tmp_path: Path) -> None:
    space, series = filled(tmp_path)
    put_back = made.older_records(space, tmp_path / "older.sqlite")
    act(space, series, KEYS[0], "Resolvido.", FollowUpState.RESOLVED)
    act(space, series, f"{77:016x}")
    after = told(space, series)
    space.close()
    put_back()
    broken = space.home / "follow_ups" / series / "zz.json"
    broken.write_text('{"key": 1, "items"')
    (broken.parent / "yy.json").write_text(json.dumps({"key": "another", "items": [{"row": {"state": "new"}}]}))
    again = made.workspace(tmp_path)
    assert told(again, series) == after and len(again.follow_ups(series)) == 5
    assert len(again.follow_up_events(series, [KEYS[0]])[KEYS[0]]) == 2


@stores.WITHOUT_COPIES
def test_what_is_erased_is_erased_from_the_copies_too(tmp_path: Path) -> None:
    space, series = filled(tmp_path)
    copies = space.home / "follow_ups" / series
    assert space.erase_follow_up_notes(series, [KEYS[0]]) == 1
    assert space.follow_ups(series)[KEYS[0]].notes == 0
    (info,) = space.datasets()
    space.delete_dataset(info.id, {KEYS[0]})
    assert [path.name for path in copies.iterdir()] == ["00.json"] and '"note": null' not in (
        copies / "00.json"
    ).read_text()
    space.close()
    space = made.workspace(tmp_path)
    assert set(space.follow_ups(series)) == {KEYS[0]} and space.follow_up_events(series, KEYS) == {}
    space.drop_series_if_empty(series)
    assert not copies.exists() and space.follow_ups(series) == {}


def test_two_do_not_overwrite_each_other(tmp_path: Path) -> None:
    space, series = filled(tmp_path)
    with refused(WorkspaceError, match="Outra pessoa mudou"):
        space.change_follow_up(
            series, FollowUp(KEYS[0], FollowUpState.NEW, "", AT, None), lambda found: (found, ()), expected=0
        )


@given(st.permutations(KEYS), st.integers(0, 3))
def test_keys_may_change_places(tmp_path_factory: pytest.TempPathFactory, after: list[str], lost: int) -> None:
    """Whatever the rows become, what was done about each goes with it, and none is lost."""
    space, series = _held(tmp_path_factory.getbasetemp() / "keys")
    notes = {key: events[-1].note for key, events in space.follow_up_events(series, KEYS).items()}
    moved = dict(zip(KEYS, after, strict=True))
    moved.pop(KEYS[lost])
    space.rekey_follow_ups(series, moved)
    now = {key: events[-1].note for key, events in space.follow_up_events(series, KEYS).items()}
    assert sorted(now.values()) == sorted(notes.values())
    taken = moved.get(KEYS[lost]) is None and KEYS[lost] in moved.values()
    if not taken:
        assert all(now[new] == notes[old] for old, new in moved.items())


@cache
def _held(folder: Path) -> tuple[Workspace, str]:
    """One workspace for all examples, each note its own."""
    space, series = filled(folder)
    for key in KEYS:
        act(space, series, key, f"de {key}")
    return space, series
