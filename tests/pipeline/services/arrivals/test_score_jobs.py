"""What is to be scored in the queue of what is to be kept: neither hinders the other; risks go with their record."""

from __future__ import annotations

import io
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import PresencaError, WorkspaceError
from pipeline.records.integration import ArrivalKind, ArrivalState, ScoringAsked
from pipeline.records.webhooks import WebhookEvent
from pipeline.services import Workspace, catalog
from pipeline.services.arrivals import receiving, working
from pipeline.services.arrivals.receiving import Sending, ToScore, _Body, _Meant
from pipeline.services.models import scoring
from pipeline.services.session import Actor, Session
from pipeline.workspace.repositories.arrivals import Ended
from tests.pipeline.services.arrivals.test_reading import held, send
from tests.pipeline.services.webhooks.receiving import added
from tests.toy.products import LIBRARY

GONE = ScoringAsked("0" * 12)


@pytest.fixture
def workspace(workspace_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setenv("PRESENCA_TODAY", "2026-11-23")
    monkeypatch.setattr(catalog, "all_products", lambda: (LIBRARY,))
    workspace = Workspace()
    yield workspace
    workspace.close()


def ask(workspace: Workspace, series: str = "") -> str:
    """A loan that waits to be scored by a model that was deleted since; the id of the arrival."""
    body = io.BytesIO(json.dumps([{"card": "L9", "taken_on": "01/09/2026", "due_on": "01/12/2026"}]).encode())
    session, meant = Session(workspace, Actor.COMMAND_LINE), _Meant(LIBRARY.key, series, GONE)
    return receiving._taken(session, _Body(body, ArrivalKind.JSON, "", ""), lambda: meant).arrival.id


def test_what_is_to_be_kept_and_to_be_scored_take_turns(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    claim = Workspace.claim_arrivals

    def claimed(self: Workspace, batch: str, most: int, *, to_score: bool = False) -> object:
        found = claim(self, batch, most, to_score=to_score)
        order.extend(["score"] * len(found) if to_score else ["keep"] * bool(found))
        if found and len(order) == 2:
            send(self, {(3, 1): "Atrasado"})  # comes while the first is scored
        return found

    monkeypatch.setattr(Workspace, "claim_arrivals", claimed)
    asked = [ask(workspace) for _ in range(3)]
    for card in (1, 2):
        send(workspace, {(card, 1): "No prazo"})
    assert working.read_waiting(workspace) == 6
    assert order == ["keep", "score", "keep", "score", "score"] and len(held(workspace)) == 3
    told = {one.id: (one.state, one.note.code) for one in workspace.arrivals() if one.note is not None}
    assert told == dict.fromkeys(asked, (ArrivalState.REFUSED, "model.gone"))


def test_a_scoring_does_not_say_where_records_go(workspace: Workspace) -> None:
    north, south = (workspace.add_series(LIBRARY.key, name).id for name in ("Norte", "Sul"))
    session, records = Session(workspace, Actor.COMMAND_LINE), io.BytesIO(b'[{"card": "L1"}]')
    receiving.receive(session, Sending(LIBRARY.key, ArrivalKind.JSON, north), records)
    ask(workspace, south)
    again = receiving.receive(session, Sending(LIBRARY.key, ArrivalKind.JSON), records).arrival
    assert again.series == north and [one.scoring for one in workspace.arrivals()] == [None, GONE, None]


def test_what_can_be_done_later_waits(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    waits = ask(workspace)

    def full(*_: object) -> None:
        raise WorkspaceError("records.disk_full")

    monkeypatch.setattr(scoring, "chosen", full)
    with pytest.raises(WorkspaceError, match="disk_full"):
        working.read_waiting(workspace)
    assert workspace.arrival(waits).state is ArrivalState.READING and workspace.arrival_content(waits) is not None


def test_a_model_that_is_not_there_is_refused_at_once(workspace: Workspace) -> None:
    session = Session(workspace, Actor.COMMAND_LINE)
    for model, code in (("0" * 12, "model.gone"), (scoring.CURRENT, "model.none_in_use")):
        with pytest.raises(PresencaError, match=code):
            receiving.receive_to_score(session, ToScore(ArrivalKind.JSON, model), io.BytesIO(b'[{"card": "L1"}]'))
    assert not workspace.arrivals()


def test_risks_are_kept_as_long_as_their_record(workspace: Workspace) -> None:
    done, waits, stranger = ask(workspace), ask(workspace), "f" * 12
    for number in (0, 1):
        workspace.put_score_piece(done, number, b"{}")
    workspace.end_arrivals([Ended(done, rows=1)])
    workspace.put_score_piece(waits, 0, b"{}")  # of a scoring that was cut short
    workspace.put_score_piece(stranger, 0, b"{}")
    folder = workspace.home / "arrivals"
    long_ago = time.time() - 86_400
    for path in folder.iterdir():
        os.utime(path, (long_ago, long_ago))
    assert workspace.sweep_arrivals("2026-01-01") == 0
    left = {f"{done}.0.sealed", f"{done}.1.sealed", f"{waits}.sealed", f"{waits}.0.sealed"}
    assert {path.name for path in folder.iterdir()} == left and workspace.score_piece(done, 1) == b"{}"
    (folder / f"{done}.1.sealed").rename(folder / f"{done}.0.sealed")
    with pytest.raises(WorkspaceError, match=r"vault\.broken"):
        workspace.score_piece(done, 0)  # each opens in its own place alone
    assert workspace.sweep_arrivals("2999-01-01") == 1
    assert {path.name for path in folder.iterdir()} == {f"{waits}.sealed", f"{waits}.0.sealed"}


def test_who_is_told_of_jobs_is_told_of_scorings(workspace: Workspace) -> None:
    added(workspace, events=(WebhookEvent.JOB_ENDED,))
    asked = ask(workspace)
    working.read_waiting(workspace)
    (told,) = workspace.deliveries()
    assert {"job": asked, "kind": "score", "state": "refused", "code": "model.gone"}.items() <= told.data.items()
