"""Two people never call the same patient; what was done is never changed, told twice it counts once, and it goes with
the data that it belongs to.
"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from pipeline.records.contacts import (
    Barrier,
    Caller,
    CallList,
    Channel,
    Contact,
    ContactOutcome,
    ListEntry,
    Mute,
    Never,
    NeverKind,
    Offered,
    QueueSettings,
    RiskOverride,
)
from pipeline.workspace.engine.contact_tables import CONTACTS
from pipeline.workspace.store import Workspace
from tests import stores
from tests.pipeline.workspace import made

AT = dt.datetime(2026, 11, 28, 12, tzinfo=dt.timezone(dt.timedelta(hours=-3)))
KEYS = tuple(f"{n:016x}" for n in (1, 2**63, 2**64 - 1))
SECRET = "a filha contou que doeu"
ANA, BIA = Caller("x", "Ana"), Caller("y", "Bia")


def contact(key: str = KEYS[0], call: str = "call1", patient: str = "p1") -> Contact:
    return Contact(
        key, patient, AT, Channel.CALL, ContactOutcome.CONFIRMED, call, Barrier.WORK, Offered.REMOTE, "Ana", SECRET,
        "l" * 12, actor="person",
    )  # fmt: skip


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return made.workspace(tmp_path)


@pytest.fixture
def series(space: Workspace) -> str:
    series = space.add_series("toy", "Clínica A").id
    made.add(space, series=series)
    return series


def call_list(space: Workspace, series: str, list_id: str = "0123456789ab") -> CallList:
    settings = QueueSettings(people=2, mute=Mute(3, (("Sul", 1),)), control_share=0.1)
    found = CallList(list_id, series, space.datasets()[0].id, "0" * 12, AT.date(), AT, settings, ("Norte",))
    entries = [
        ListEntry(key, f"p{n}", "contact", 0.5, AT.date(), "Norte", "Amil", 4, 80.0) for n, key in enumerate(KEYS)
    ]
    space.add_call_list(found, entries)
    assert space.call_list_entries(list_id) == tuple(entries)
    return found


def test_contacts_and_lists_come_back_as_they_were_and_notes_are_sealed(space: Workspace, series: str) -> None:
    told = [contact(), replace(contact(KEYS[1]), note="", barrier=None, offered=None)]
    assert space.add_contacts(series, told) == 2 and space.contacts(series) == tuple(told)
    assert space.add_contacts(series, told) == 0 and len(space.contacts(series)) == 2  # told again, counted once
    kept = call_list(space, series)
    assert space.call_lists(series) == (kept,)
    space.add_override(series, RiskOverride(KEYS[0], 0.1, SECRET, AT, "Ana"))
    assert space.risk_overrides(series) == (RiskOverride(KEYS[0], 0.1, SECRET, AT, "Ana"),)
    assert not [name for name, text in made.at_rest(space.home).items() if SECRET in text]


def test_what_was_done_is_not_changed(space: Workspace, series: str) -> None:
    space.add_contacts(series, [contact()])
    for change in ({"outcome": "refused"}, {"who": "Outra"}, {"note": b"x"}):
        with pytest.raises(IntegrityError, match="not changed"), space.database.write() as connection:
            connection.execute(CONTACTS.update().values(**change))
    assert space.erase_contact_notes(series, KEYS) == 1 and space.contacts(series)[0].note == ""


def test_no_two_callers_get_the_same_patient(space: Workspace, series: str) -> None:
    patients = [f"p{n}" for n in range(40)]

    def work(name: str) -> list[str]:
        caller, got = Caller(name, name), []
        while (lease := space.take_lease(series, patients, caller, AT, seen=space.contacts_seen(series))) is not None:
            got.append(lease.patient)
            told = contact(f"{len(got):08x}{abs(hash(name)) % 16**8:08x}", f"{name}{len(got)}", lease.patient)
            space.add_contacts(series, [replace(told, note="")], release=caller.holder)
            done.add(lease.patient)
            patients_left = [p for p in patients if p not in done]
            patients[:] = patients_left
        return got

    done: set[str] = set()
    with ThreadPoolExecutor(4) as people:
        got = [name for names in people.map(work, ("Ana", "Bia", "Caio", "Davi")) for name in names]
    assert sorted(got) == sorted(f"p{n}" for n in range(40))  # everybody once


PROCESS = """
import datetime as dt, sys
from pathlib import Path
from pipeline.records.contacts import Caller
from tests.pipeline.workspace import made

space = made.workspace(Path(sys.argv[1]).parent)
print("open", flush=True)
for n in range(15):
    caller = Caller(f"b{n}")
    print(space.take_lease(sys.argv[3], PATIENTS, caller, dt.datetime.fromisoformat(sys.argv[2]), seen=0).patient)
""".replace("PATIENTS", repr([f"p{n}" for n in range(60)]))


@stores.IN_THE_FOLDER
def test_no_two_processes_get_the_same_patient(space: Workspace, series: str) -> None:
    command = [sys.executable, "-c", PROCESS, str(space.home), AT.isoformat(), series]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None and other.stdout.readline() == "open\n"
        patients = [f"p{n}" for n in range(60)]
        mine = [space.take_lease(series, patients, Caller(f"a{n}"), AT, seen=0) for n in range(15)]
        theirs = other.stdout.read().split()
    assert len({*theirs, *(one.patient for one in mine if one is not None)}) == 30


def test_a_lease_runs_out_is_renewed_and_ends_with_what_is_written_down(space: Workspace, series: str) -> None:
    def take(who: Caller, minutes: int = 0, seen: int = 0):  # type: ignore[no-untyped-def]
        found = space.take_lease(series, ["p1", "p2"], who, AT + dt.timedelta(minutes=minutes), seen=seen)
        return found.patient if found else None

    assert take(ANA) == "p1" and take(BIA) == "p2" and take(Caller("z")) is None
    assert [one.who for one in space.leases(series, AT)] == ["Ana", "Bia"]
    assert space.renew_lease(series, "p1", ANA, AT + dt.timedelta(minutes=9)) is not None
    assert take(BIA, 11) == "p2" and take(BIA, 20) == "p1"  # Ana's ran out after all
    assert space.renew_lease(series, "p1", ANA, AT + dt.timedelta(minutes=21)) is None
    assert take(ANA, 21) == "p2"
    space.add_contacts(series, [contact(patient="p2")], release=ANA.holder)
    assert [one.patient for one in space.leases(series, AT + dt.timedelta(minutes=21))] == ["p1"]
    assert take(Caller("z"), 21, seen=0) is None  # its list was made before p2 was called
    assert take(Caller("z"), 21, seen=space.contacts_seen(series)) == "p2"
    space.release_leases(series, "z")
    assert take(Caller("w"), 21, seen=space.contacts_seen(series)) == "p2"


def test_who_is_never_called_can_be_called_again(space: Workspace, series: str) -> None:
    one = Never(NeverKind.UNIT, "Sul")
    space.set_never(series, one, never=True)
    space.set_never(series, one, never=True)
    assert space.never_called(series) == {one}
    space.set_never(series, one, never=False)
    assert space.never_called(series) == frozenset()


def test_all_of_it_goes_with_the_data_it_belongs_to(space: Workspace, series: str) -> None:
    space.add_contacts(series, [contact(key) for key in KEYS])
    call_list(space, series)
    for name in ("p1", "p9"):
        space.set_never(series, Never(NeverKind.PATIENT, name), never=True)
    space.add_override(series, RiskOverride(KEYS[2], 0.1, "Sim.", AT))
    space.delete_dataset(space.datasets()[0].id, {KEYS[0]}, {"p9"})
    assert [one.key for one in space.contacts(series)] == [KEYS[0]] and space.risk_overrides(series) == ()
    assert [one.key for one in space.call_list_entries("0123456789ab")] == [KEYS[0]]
    assert space.never_called(series) == {Never(NeverKind.PATIENT, "p9")}
    space.drop_series_if_empty(series)
    assert space.contacts(series) == () and space.call_lists(series) == () and space.never_called(series) == frozenset()


def test_it_follows_its_event_to_another_key_and_another_series(space: Workspace, series: str) -> None:
    space.add_contacts(series, [contact(key) for key in KEYS[:2]])
    call_list(space, series)
    swapped = {KEYS[0]: KEYS[1], KEYS[1]: KEYS[0]}
    space.rekey_contacts(series, swapped)
    assert [one.key for one in space.contacts(series)] == [KEYS[1], KEYS[0]] and space.contacts(series)[
        0
    ].note == SECRET
    assert [one.key for one in space.call_list_entries("0123456789ab")] == [KEYS[1], KEYS[0], KEYS[2]]
    other = space.add_series("toy", "Clínica B").id
    space.rekey_contacts(series, {key: key for key in KEYS}, into=other)
    space.place_dataset(space.datasets()[0].id, other)
    assert len(space.contacts(other)) == 2 and space.contacts(series) == () and len(space.call_lists(other)) == 1
