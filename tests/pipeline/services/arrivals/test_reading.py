"""However sendings are cut, repeated, read together or interrupted: every event once, as it was told last."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.errors import PresencaError
from pipeline.records.integration import ArrivalKind, ArrivalState
from pipeline.services import Workspace, catalog
from pipeline.services.arrivals import opening, receiving, waking, working
from pipeline.services.arrivals.receiving import Sending
from pipeline.services.data import datasets, retention
from pipeline.services.privacy import patients
from pipeline.services.session import Actor, Session
from pipeline.workspace.engine.database import Database
from pipeline.workspace.storage import atomic_files
from tests.conftest import ROOT
from tests.toy.products import LIBRARY

Event = tuple[int, int]
STATES = ("No prazo", "Atrasado", "")


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture(autouse=True)
def _library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESENCA_TODAY", "2026-11-23")
    monkeypatch.setattr(catalog, "all_products", lambda: (LIBRARY,))


def send(workspace: Workspace, rows: dict[Event, str], key: str = "") -> str:
    """Sends events as a program would; the id of the arrival."""
    records = [
        {"card": f"L{card}", "taken_on": "01/09/2026", "due_on": f"{day:02d}/10/2026", "came_back": state}
        for (card, day), state in rows.items()
    ]
    body = io.BytesIO(json.dumps(records).encode())
    sending = Sending("toy_library", ArrivalKind.JSON, idempotency_key=key)
    return receiving.receive(Session(workspace, Actor.COMMAND_LINE), sending, body).arrival.id


def held(workspace: Workspace) -> dict[str, list[str]]:
    """The states of each event that is kept, by patient and day."""
    found: dict[str, list[str]] = {}
    for info in datasets.datasets(Session(workspace, Actor.HOUSE), "toy_library"):
        rows = workspace.rows(info.id)
        states = rows["came_back"].astype("object").fillna("")
        for card, day, state in zip(rows["card"].astype(str), rows["due_on"].dt.day, states, strict=True):
            found.setdefault(f"{card}/{day}", []).append(str(state))
    return found


def told(workspace: Workspace, sendings: list[dict[Event, str]]) -> dict[str, list[str]]:
    from pipeline.privacy import pseudonym

    last = {event: state for rows in sendings for event, state in rows.items()}
    return {f"{pseudonym(f'L{card}', workspace.key)}/{day}": [state] for (card, day), state in last.items()}


@contextmanager
def killed_at(step: int) -> Iterator[list[int]]:
    """The `step`-th write, of the records or of a file, does not happen: the process ends."""
    count = [0]
    write, put = Database.write, atomic_files.put

    def counted() -> None:
        count[0] += 1
        if count[0] == step:
            raise Killed

    def written(self: Database) -> Any:
        counted()
        return write(self)

    def put_(*args: Any) -> None:
        counted()
        put(*args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "write", written)
        patch.setattr(atomic_files, "put", put_)
        yield count


batches = st.lists(
    st.dictionaries(st.tuples(st.integers(1, 3), st.integers(1, 3)), st.sampled_from(STATES), min_size=1, max_size=4),
    min_size=1,
    max_size=4,
)


@settings(max_examples=6)
@given(batches, st.lists(st.booleans(), min_size=4, max_size=4), st.integers(1, 30))
@example([{(1, 1): ""}, {(1, 1): "Atrasado"}], [True, False, False, False], 8)
def test_every_event_once_as_it_was_told_last(
    tmp_path_factory: pytest.TempPathFactory, sendings: list[dict[Event, str]], reads: list[bool], step: int
) -> None:
    home = tmp_path_factory.mktemp("arrivals") / "home"
    workspace = Workspace(home)
    for rows, reads_now in zip(sendings, reads, strict=False):
        send(workspace, rows)
        if reads_now:
            working.read_waiting(workspace)
    try:
        with killed_at(step):
            working.read_waiting(workspace)
    except Killed:
        workspace.close()
        workspace = Workspace(home)
    working.read_waiting(workspace)
    assert held(workspace) == told(workspace, sendings)
    assert {one.state for one in workspace.arrivals()} == {ArrivalState.DONE} and not workspace.has_waiting()
    assert len(datasets.datasets(Session(workspace, Actor.HOUSE), "toy_library")) == 1
    workspace.close()


@pytest.mark.slow
def test_killed_at_each_write_nothing_is_lost_and_nothing_counts_twice(tmp_path: Path) -> None:
    """The growing of a data set, cut at every write that it makes."""
    sendings: list[dict[Event, str]] = [{(1, 1): "", (2, 2): "No prazo"}, {(1, 1): "Atrasado", (3, 3): ""}]
    step, done = 0, False
    while not done:
        step += 1
        home = tmp_path / str(step)
        workspace = Workspace(home)
        send(workspace, sendings[0])
        working.read_waiting(workspace)
        send(workspace, sendings[1])
        try:
            with killed_at(step) as count:
                working.read_waiting(workspace)
            done = count[0] < step
        except Killed:
            workspace.close()
            workspace = Workspace(home)
        working.read_waiting(workspace)
        assert held(workspace) == told(workspace, sendings), step
        (info,) = datasets.datasets(Session(workspace, Actor.HOUSE), "toy_library")
        sheet = workspace.raw(info.id)
        assert sheet is not None and sheet.num_rows == 4, step
        workspace.close()
    assert step > 8


@settings(max_examples=6)
@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 2)), min_size=1, max_size=6))
def test_an_idempotency_key_stands_for_one_body(
    tmp_path_factory: pytest.TempPathFactory, sent: list[tuple[str, int]]
) -> None:
    workspace = Workspace(tmp_path_factory.mktemp("arrivals") / "home")
    first: dict[str, int] = {}
    for key, body in sent:
        is_other = first.setdefault(key, body) != body
        if is_other:
            with pytest.raises(Exception, match="other_body"):
                send(workspace, {(body, body): ""}, key)
        else:
            send(workspace, {(body, body): ""}, key)
    assert len(workspace.arrivals()) == len(first)
    workspace.close()


def test_what_waits_is_read_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace(tmp_path / "home")
    grown: list[int] = []
    keep = Workspace.add_dataset
    monkeypatch.setattr(Workspace, "add_dataset", lambda self, *a: grown.append(1) or keep(self, *a))
    for card in range(30):
        send(workspace, {(card, 1): "No prazo"})
    assert working.read_waiting(workspace) == 30 and len(grown) == 1 and len(held(workspace)) == 30


def test_one_process_reads_at_a_time_and_a_dead_one_is_waited_for(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "home")
    send(workspace, {(1, 1): ""})
    assert workspace.hold_lease("arrivals", "somebody", time.time(), 0.5)
    assert working.read_waiting(workspace, patience=0.0) == 0
    assert working.read_waiting(workspace, patience=3.0) == 1


def test_whoever_is_seen_to_be_dead_is_not_waited_for(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "home")
    send(workspace, {(1, 1): ""})
    code = "from pipeline.services import leasing\nprint(leasing.holder())"
    dead = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert workspace.hold_lease("arrivals", dead.strip(), time.time(), 3600.0)
    assert working.read_waiting(workspace, patience=0.0) == 1


def test_a_server_reads_by_itself_and_ends(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "home")
    worker = working.start(lambda: workspace)
    send(workspace, {(1, 1): "No prazo"})
    until = time.monotonic() + 20
    while workspace.has_waiting() and time.monotonic() < until:
        threading.Event().wait(0.02)
    worker.stop()
    assert not workspace.has_waiting() and len(held(workspace)) == 1
    waking.wake()


def test_a_sending_that_nobody_foresaw_stops_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace(tmp_path / "home")
    ids = [send(workspace, {(card, 1): ""}) for card in (1, 2, 3)]
    read = opening.raw_of

    def fails(space: Workspace, declared: Any, arrival: Any) -> Any:
        if arrival.id == ids[1]:
            raise ZeroDivisionError
        return read(space, declared, arrival)

    monkeypatch.setattr(opening, "raw_of", fails)
    working.read_waiting(workspace)
    states = {one.id: (str(one.state), one.note.code if one.note else "") for one in workspace.arrivals()}
    assert [states[one] for one in ids] == [("done", ""), ("refused", "arrivals.fault"), ("done", "")]
    assert len(held(workspace)) == 2


def test_what_was_damaged_on_the_disk_is_refused_and_stops_no_other(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "home")
    broken, sound = send(workspace, {(1, 1): STATES[0]}), send(workspace, {(2, 2): STATES[0]})
    path = workspace._arrival_file(broken)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert working.read_waiting(workspace) == 2
    states = {one.id: (str(one.state), one.note.code if one.note else "") for one in workspace.arrivals()}
    assert states == {broken: ("refused", opening.DAMAGED), sound: ("done", "")} and len(held(workspace)) == 1


def test_a_patient_is_found_in_what_waits_and_erased_from_what_grows(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "home")
    session = Session(workspace, Actor.COMMAND_LINE)
    send(workspace, {(111, 1): "No prazo", (222, 1): "No prazo"})
    found = patients.find(session, "L111")
    assert sum(part.count for part in found.parts) == 2 and not workspace.has_waiting()
    patients.erase(session, found)
    send(workspace, {(333, 1): "Atrasado", (222, 1): "Atrasado"})
    working.read_waiting(workspace)
    assert held(workspace) == told(workspace, [{(222, 1): "Atrasado", (333, 1): "Atrasado"}])
    send(workspace, {(444, 1): ""})
    with pytest.MonkeyPatch.context() as patch, pytest.raises(PresencaError, match="still_reading"):
        patch.setattr(working, "read_waiting", lambda _: 0)  # another process is reading
        patients.find(session, "L444")


def test_what_ended_is_forgotten_in_time(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "home")
    done = send(workspace, {(1, 1): "No prazo"})
    working.read_waiting(workspace)
    waiting = send(workspace, {(2, 1): "No prazo"})
    assert workspace.sweep_arrivals("2026-01-01") == 0
    assert workspace.sweep_arrivals("2999-01-01") == 1 and [one.id for one in workspace.arrivals()] == [waiting]
    assert done != waiting and workspace.arrival_content(waiting) is not None
    assert retention.retain(Session(workspace, Actor.HOUSE)) is not None
