"""What people did and set comes back once from its copies: to a lost database, and to an older one."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import shutil
from pathlib import Path

import pyarrow as pa

from pipeline.records.contacts import (
    CallList,
    Channel,
    Contact,
    ContactOutcome,
    ListEntry,
    Never,
    NeverKind,
    QueueSettings,
    RiskOverride,
)
from pipeline.records.slots import EmptiedSlot, Offer, OfferState, WaitingEntry, WaitingList
from pipeline.workspace.storage import sidecars
from pipeline.workspace.storage.copied import KINDS
from pipeline.workspace.store import Workspace
from tests import stores
from tests.pipeline.workspace import made

AT = dt.datetime(2026, 11, 28, 12, tzinfo=dt.timezone(dt.timedelta(hours=-3)))
DAY = dt.date(2026, 11, 30)
KEYS = tuple(f"{n:016x}" for n in (1, 2**63, 2**64 - 1))
SECRET = "a filha contou que doeu"
NOBODY = WaitingList("", "fila.csv", "", 2, 2, 0, 0, (), (), 0)


def contact(key: str, call: str, note: str = SECRET) -> Contact:
    return Contact(
        key, f"p{key[-3:]}", AT, Channel.CALL, ContactOutcome.CONFIRMED, call, who="Bia", note=note, list_id="0" * 12
    )


def call_list(series: str, list_id: str, hour: int) -> CallList:
    at = AT.replace(hour=hour)
    return CallList(list_id, series, "0" * 12, "1" * 12, DAY, at, QueueSettings(control_share=0.5))


def entries(*keys: str) -> list[ListEntry]:
    arms = ("contact", "control")
    return [ListEntry(key, f"p{key[-3:]}", arms[at % 2], 0.5 - at / 10, DAY, "Norte") for at, key in enumerate(keys)]


def waits(space: Workspace, series: str, *names: str) -> None:
    wait = [WaitingEntry(name, f"p{name}", DAY, row=at) for at, name in enumerate(names)]
    space.put_waiting_list(series, NOBODY, wait, (pa.table({"Nome": [made.NAME]}), [2]), made.TODAY)


def offer(space: Workspace, series: str, key: str, who: str) -> Offer:
    new = Offer("", EmptiedSlot(key, DAY), who, f"p{who}", AT, None)
    return space.add_offers(series, lambda _: (new,), "Bia")[0]


def answer(space: Workspace, series: str, found: Offer, state: OfferState) -> None:
    changed = dataclasses.replace(found, state=state, version=found.version + 1)
    space.change_offer(series, found.id, lambda *_: changed, actor="Bia")


def filled(folder: Path) -> tuple[Workspace, str]:
    space = made.workspace(folder)
    series = space.add_series("toy", "Clínica A").id
    made.add(space, series=series)
    space.add_contacts(series, [contact(key, f"call{at}") for at, key in enumerate(KEYS)])
    space.add_call_list(call_list(series, "a" * 12, 8), entries(*KEYS))
    space.set_never(series, Never(NeverKind.UNIT, "Sul"), never=True)
    space.add_override(series, RiskOverride(KEYS[0], 0.9, SECRET, AT, "Bia"))
    waits(space, series, "ana", "bia")
    answer(space, series, offer(space, series, KEYS[0], "ana"), OfferState.ACCEPTED)
    return space, series


def told(space: Workspace, series: str) -> object:
    """All that is copied, as the parts of the program read it."""
    sheet = space.waiting_sheet(series)
    lists = space.call_lists(series)
    return (
        space.contacts(series),
        [(one, space.call_list_entries(one.id)) for one in lists],
        space.entries_since(series, DAY),
        space.never_called(series),
        space.risk_overrides(series),
        (space.waiting_list(series), space.waiting_entries(series), None if sheet is None else sheet[0].to_pydict()),
        space.offers(series),
    )


def without_database(space: Workspace) -> None:
    space.close()
    made.lose_records(space.home)


@stores.IN_THE_FOLDER
def test_a_lost_database_loses_nothing_that_was_done(tmp_path: Path) -> None:
    space, series = filled(tmp_path)
    before = told(space, series)
    without_database(space)
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
def test_an_older_database_is_brought_up_to_date(tmp_path: Path) -> None:
    """New things, changed ones, what changed its event's key, what took another's place, and what was erased."""
    space, series = filled(tmp_path)
    put_back = made.older_records(space, tmp_path / "older.sqlite")
    space.add_contacts(series, [contact(KEYS[0], "call9", "")])
    space.add_call_list(call_list(series, "b" * 12, 9), entries(*KEYS[1:]))
    space.set_never(series, Never(NeverKind.PROCEDURE, "Raio X"), never=True)
    space.add_override(series, RiskOverride(KEYS[0], None, "ligou", AT, "Bia"))
    waits(space, series, "bia", "clara", "duda")
    (accepted,) = space.offers(series)
    second = offer(space, series, KEYS[0], "bia")
    answer(space, series, accepted, OfferState.WITHDRAWN)
    answer(space, series, second, OfferState.ACCEPTED)
    swapped = {KEYS[1]: KEYS[2], KEYS[2]: KEYS[1], KEYS[0]: f"{5:016x}"}
    space.rekey_contacts(series, swapped)
    space.rekey_offers(series, swapped)
    assert space.erase_contact_notes(series, [KEYS[1]]) == 1
    after = told(space, series)
    space.close()
    put_back()
    assert told(made.workspace(tmp_path), series) == after


@stores.WITHOUT_COPIES
def test_a_copy_cut_short_is_set_aside_and_said(tmp_path: Path) -> None:
    space, series = filled(tmp_path)
    before = told(space, series)
    space.close()
    broken = [next((space.home / kind.folder / series).glob("*.json"), None) for kind in KINDS]
    cut = [path for path in broken if path is not None]
    for path in cut:
        path.write_bytes(path.read_bytes()[:-20])
    odd = space.home / "offers" / series / "zz.json"
    odd.write_text(json.dumps({"key": space.copies.fingerprint, "items": [{"row": {"state": "unheard of"}}]}))
    again = made.workspace(tmp_path)
    assert len(cut) == 6 and len(again.damaged_copies()) == 7
    assert told(again, series) == before  # the database had it all
    assert all(path.exists() for path in cut) and not odd.exists()
    again.close()
    assert len(made.workspace(tmp_path).damaged_copies()) == 7  # they are said until somebody has seen them


@stores.WITHOUT_COPIES
def test_what_a_lost_copy_held_stays_in_the_database_and_is_copied_again(tmp_path: Path) -> None:
    space, series = filled(tmp_path)
    before = told(space, series)
    space.close()
    for kind in KINDS:
        shutil.rmtree(space.home / kind.folder, ignore_errors=True)
    again = made.workspace(tmp_path)
    assert told(again, series) == before and (again.home / "contacts" / series / "0.json").exists()


def test_nothing_sealed_is_open_in_a_copy(tmp_path: Path) -> None:
    space, _ = filled(tmp_path)
    for text in made.at_rest(space.home).values():
        assert SECRET not in text and SECRET.encode().hex() not in text and made.NAME not in text


@stores.WITHOUT_COPIES
def test_what_is_erased_is_erased_from_the_copies(tmp_path: Path) -> None:
    space, series = filled(tmp_path)
    (info,) = space.datasets()
    space.delete_dataset(info.id, {KEYS[0]})
    assert [path.name for path in (space.home / "contacts" / series).iterdir()] == ["0.json"]
    kept = json.loads((space.home / "call_lists" / series / f"{'a' * 12}.json").read_text())
    assert [entry["event_key"] for entry in kept["items"][0]["entries"]] == [KEYS[0]]
    assert space.expire_waiting_sheets(dt.date(2099, 1, 1)) == 1
    assert '"raw": null' in (space.home / "waiting_lists" / series / "all.json").read_text()
    space.delete_waiting_list(series)
    assert not list((space.home / "waiting_lists" / series).iterdir())
    space.drop_series_if_empty(series)
    assert not any((space.home / kind.folder / series).exists() for kind in KINDS)
