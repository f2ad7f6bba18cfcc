"""What happened and the telling of it are kept together or not at all; nothing of a person is ever in a body."""

from __future__ import annotations

import datetime as dt
import io
import json
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipeline.errors import PresencaError
from pipeline.records.contacts import CallList, ListEntry, QueueSettings
from pipeline.records.integration import ArrivalKind, KeyScope
from pipeline.records.watching import KEEP, TRAIN_AGAIN, Watched
from pipeline.records.webhooks import Delivery, WebhookEvent
from pipeline.services.arrivals import receiving, working
from pipeline.services.data import datasets, severe
from pipeline.services.data.placing import Into
from pipeline.services.pages import advising, watching
from pipeline.services.people import keys
from pipeline.services.session import Actor, Session
from pipeline.services.webhooks import sending
from pipeline.workspace.engine.schema import JOBS
from pipeline.workspace.jobs import job_records
from pipeline.workspace.repositories import outbox
from pipeline.workspace.store import Workspace
from tests.pipeline.services.webhooks.receiving import added
from tests.pipeline.workspace import made

CPF, NAME = "529.982.247-25", "Zuleika Anunciada"


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("PRESENCA_TODAY", "2026-11-29")
    return Workspace(tmp_path / "home")


def log(workspace: Workspace) -> list[Delivery]:
    """What is told, the oldest first."""
    return list(reversed(workspace.deliveries(limit=1_000)))


def job(workspace: Workspace) -> str:
    dataset = made.add(workspace)
    record = {
        "id": "0" * 12, "kind": "train", "product": "toy", "dataset_id": dataset.id, "options": "{}",
        "state": "running", "created": "", "heartbeat": 0.0, "cancel_requested": False, "progress": "{}", "message": "",
    }  # fmt: skip
    with workspace.database.write() as connection:
        connection.execute(JOBS.insert().values(**record))
    return dataset.id


def test_the_end_of_a_job_is_told_once(workspace: Workspace) -> None:
    added(workspace)
    added(workspace, events=(WebhookEvent.LIST_READY,))
    dataset = job(workspace)
    assert job_records.end(workspace, "0" * 12, "done", None, model_id="1" * 12)
    assert not job_records.end(workspace, "0" * 12, "failed", None)
    (told,) = log(workspace)
    about = {"job": "0" * 12, "kind": "train", "product": "toy", "dataset": dataset}
    assert told.event is WebhookEvent.JOB_ENDED and told.data == about | {"state": "done", "model": "1" * 12}


def test_what_was_rolled_back_was_never_told(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    added(workspace)
    job(workspace)
    tell = outbox.tell

    def tells_and_dies(*args: object, **more: object) -> int:
        tell(*args, **more)  # type: ignore[arg-type]
        raise Killed

    monkeypatch.setattr(outbox, "tell", tells_and_dies)
    with pytest.raises(Killed):
        job_records.end(workspace, "0" * 12, "done", None)
    assert log(workspace) == [] and job_records.get(workspace, "0" * 12).state == "running"
    with pytest.raises(Killed):
        workspace.add_call_list(*a_list(workspace))
    assert log(workspace) == [] and workspace.call_lists("5" * 12) == ()


def a_list(workspace: Workspace) -> tuple[CallList, list[ListEntry]]:
    at = dt.datetime(2026, 11, 29, 7, tzinfo=dt.UTC)
    found = CallList("a" * 12, "5" * 12, "d" * 12, "e" * 12, at.date(), at, QueueSettings(), (NAME,))
    entry = ListEntry("00000000000000ab", CPF, "contact", 0.5, at.date(), NAME, NAME, "", 1.0)
    return found, [entry, ListEntry("00000000000000ac", CPF, "contact", 0.4, at.date(), NAME, NAME, "", 1.0)]


def test_a_list_is_told_by_ids_and_counts_alone(workspace: Workspace) -> None:
    key = keys.make(Session(workspace, Actor.COMMAND_LINE), "Agenda", [KeyScope.READ]).key
    added(workspace, key_id=key.id)
    workspace.add_call_list(*a_list(workspace))
    (told,) = log(workspace)
    body = sending.body(told, named=True)
    assert told.event is WebhookEvent.LIST_READY
    assert {"appointments": 2, "patients": 1, "day": "2026-11-29"}.items() <= json.loads(body)["data"].items()
    assert CPF not in body and NAME not in body and "00000000000000ab" not in body


def comment(patient: str, text: str, day: int = 1) -> dict[str, str]:
    return {
        "patient_id": patient, "rating": "1", "comment": text, "unit": NAME, "event_date": f"{day:02d}/11/2026",
    }  # fmt: skip


def send(workspace: Workspace, *records: dict[str, str]) -> None:
    sending_ = receiving.Sending("satisfaction", ArrivalKind.JSON)
    receiving.receive(Session(workspace, Actor.COMMAND_LINE), sending_, io.BytesIO(json.dumps(records).encode()))
    assert working.read_waiting(workspace) == 1


GRAVE = f"Falei com {NAME}, CPF {CPF}: meu pai morreu por erro médico nesta unidade"


def test_a_comment_that_may_not_wait_is_told_once_and_without_its_words(workspace: Workspace) -> None:
    session = Session(workspace, Actor.COMMAND_LINE)
    send(workspace, comment("P0", GRAVE, 2))  # before anybody asked
    key = keys.make(session, "Ouvidoria", [KeyScope.READ]).key
    with workspace.database.write() as connection:  # what came in the second of the asking counts as asked for
        connection.execute(sa.text("UPDATE datasets SET created = '2026-11-01T00:00:00-03:00'"))
    added(workspace, events=(WebhookEvent.COMMENTS_SEVERE, WebhookEvent.JOB_ENDED), key_id=key.id)
    send(workspace, comment("P1", GRAVE, 3), comment("P2", "Tudo bem, obrigado", 4))
    severe_, ended = log(workspace)
    assert severe_.event is WebhookEvent.COMMENTS_SEVERE and severe_.data["comments"] == 1
    assert len(severe_.keys) == 1 and severe_.data["gravest"]
    assert {"kind": "arrival", "state": "done", "rows": 2, "left_out": 0}.items() <= ended.data.items()
    for told in (severe_, ended):
        body = sending.body(told, named=True)
        assert all(word not in body for word in (CPF, "52998224725", NAME, "Zuleika", "morreu", "P1", "pai"))
    (dataset,) = workspace.datasets()
    assert severe.tell(session, dataset.id) == 0  # read again, nothing is new
    send(workspace, comment("P1", GRAVE, 3))
    assert [one.event for one in log(workspace)[2:]] == [WebhookEvent.JOB_ENDED]
    send(workspace, comment("P3", GRAVE, 5))
    assert log(workspace)[-2].event is WebhookEvent.COMMENTS_SEVERE
    assert log(workspace)[-2].keys != severe_.keys
    with workspace.database.write() as connection:
        outbox.forget_keys(connection)
    assert all(one.keys == () for one in log(workspace))


def test_a_file_that_is_taken_in_is_told_of_before_anybody_opens_a_page_and_a_sample_is_not(
    workspace: Workspace,
) -> None:
    added(workspace, events=(WebhookEvent.COMMENTS_SEVERE,))
    session = Session(workspace, Actor.COMMAND_LINE)
    one = comment("P1", GRAVE, 3)
    sheet = "\n".join(";".join(f'"{cell}"' for cell in line) for line in (one.keys(), one.values())).encode()
    datasets.keep(session, "satisfaction", sheet, "exemplo.csv", into=Into(is_sample=True))
    assert log(workspace) == []
    kept = datasets.keep(session, "satisfaction", sheet, "novembro.csv")
    (told,) = log(workspace)
    assert told.data["dataset"] == kept.id and told.data["comments"] == 1 and told.keys == ()


def test_what_is_refused_is_told_by_its_code(workspace: Workspace) -> None:
    added(workspace)
    receiving.receive(
        Session(workspace, Actor.COMMAND_LINE),
        receiving.Sending("satisfaction", ArrivalKind.JSON),
        io.BytesIO(json.dumps([{NAME: CPF}]).encode()),
    )
    assert working.read_waiting(workspace) == 1
    (told,) = log(workspace)
    assert told.data["state"] == "refused" and told.data["code"]
    assert CPF not in sending.body(told, named=True) and NAME not in sending.body(told, named=True)


def test_a_new_advice_is_told_once_and_again_when_it_changes(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.add(workspace)
    info = workspace.model(made.add_model(workspace, None))
    session = Session(workspace, Actor.HOUSE)

    def advised(advice: str, *why: str) -> None:
        found = Watched(dt.date(2026, 11, 20), 300, 0, None, False, None, None, (), advice, why)
        monkeypatch.setattr(watching, "_watched", lambda session, info: found)
        assert watching._told_to_others(session, info) == found

    advised(TRAIN_AGAIN, "order_lost")  # nobody asked yet, so nobody was told
    added(workspace)
    for advice in (KEEP, TRAIN_AGAIN, TRAIN_AGAIN, KEEP, KEEP, TRAIN_AGAIN):
        advised(advice, "order_lost")
    told = log(workspace)
    assert [one.event for one in told] == [WebhookEvent.MODEL_DRIFT] * 2
    assert told[0].data["advice"] == TRAIN_AGAIN and told[0].data["why"] == ["order_lost"]


def test_advice_is_looked_at_where_somebody_asked_though_nobody_opens_a_page(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def watch(session: Session, model_id: str) -> None:
        seen.append(model_id)
        raise PresencaError(
            "webhooks.gone"
        )  # as a bundle that can't be opened does: the next is looked at all the same

    monkeypatch.setattr(watching, "watched", watch)
    for name, sample in (("Norte", False), ("Sul", False), ("Exemplo", True)):
        placed = workspace.add_series("no_show", name, is_sample=sample)
        workspace.use_model(placed.id, made.add_model(workspace, None))
    advising.look(workspace)
    assert seen == []
    added(workspace, events=(WebhookEvent.MODEL_DRIFT,))
    own = [one.model_id for one in workspace.series("no_show") if not one.is_sample]
    advising.look(workspace)
    assert sorted(seen) == sorted(own) and len(own) == 2
    assert workspace.hold_lease("advice", "another", time.time(), 20.0)
    advising.look(workspace)
    assert len(seen) == 2  # another process looks
