"""What there is to read: groups as *Risco* has them, the list with its risks, whom to contact, what patients say."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.api import serving
from pipeline.products.no_show import PRODUCT
from pipeline.products.satisfaction import PRODUCT as HEARD
from pipeline.records import DatasetInfo
from pipeline.records.contacts import Channel, Contact, ContactOutcome, QueueSettings
from pipeline.records.integration import KeyScope
from pipeline.services import Workspace
from pipeline.services.data import datasets, series_settings
from pipeline.services.models import models
from pipeline.services.pages import agenda, call_queue, comments, risk
from pipeline.services.pages.comments import CommentFilters
from pipeline.services.pages.risk import Filters
from tests.conftest import TEST_KEY
from tests.pipeline.api.calling import Client, key_of
from tests.toy.house import move_in

Clinic = tuple[Workspace, Path]
NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


def file_of(workspace: Workspace, purpose: str, product: str = PRODUCT.key) -> DatasetInfo:
    """The data set that serves for something."""
    return next(d for d in datasets.datasets(workspace, product) if d.purpose == purpose)


def read(client: Client, path: str, **params: Any) -> dict[str, Any]:
    """What a GET gives."""
    told = client.get(path, params=params)
    assert told.status_code == 200, told.text
    found: dict[str, Any] = told.json()
    return found


def test_groups_are_those_of_the_page(clinic: Clinic, client: Client) -> None:
    workspace, past = clinic[0], file_of(clinic[0], "past")
    (model,) = models.models(workspace, PRODUCT.key)
    first, second = risk.options(workspace, past.id).of("unit")[:2]
    where = [f"unit:{first}", f"unit:{second}", "booking_channel:Online"]
    found = read(client, f"/datasets/{past.id}/groups", by="unit", where=where, since="2025-01-01")
    chosen = {"unit": (first, second), "booking_channel": ("Online",)}
    view = risk.overview(workspace, past.id, model.id, Filters(dt.date(2025, 1, 1), None, chosen))
    assert found["model"] == model.id and found["rows"] == view.rows and found["events"] == view.events > 0
    theirs = dict(view.groups)["unit"]
    told = [(one["value"], one["rows"], one["predicted"], one["observed"]["value"]) for one in found["groups"]]
    assert told == [(one.value, one.rows, one.predicted, one.observed.value) for one in theirs if one.observed]
    assert {first, second} == {value for value, *_ in told}
    for bad in ({"by": "segredo"}, {"by": "unit", "where": "patient_id:P1"}):
        refused = client.get(f"/datasets/{past.id}/groups", params=bad)
        assert refused.status_code == 422 and refused.json()["code"] == "api.choice" and "P1" not in refused.text


def test_the_list_comes_in_parts_with_points_that_sum_to_the_risk(clinic: Clinic, client: Client) -> None:
    workspace, ahead = clinic[0], file_of(clinic[0], "future")
    path, cursor, lines = f"/datasets/{ahead.id}/risks", "", []
    while cursor is not None:
        part = read(client, path, cursor=cursor, limit=40)
        lines, cursor = lines + part["items"], part["next"]
    assert len(lines) == part["rows"] == len({one["key"] for one in lines})
    found = agenda.score(workspace, ahead.id, part["model"])
    theirs = agenda.standing(workspace, found)
    assert [(one["row"], one["risk"]) for one in lines] == list(zip(theirs["row"], theirs["risk"], strict=True))
    for one in lines:
        assert one["risk"] == pytest.approx(one["reference"] + sum(one["points"].values()) + one["told"], abs=1e-6)
        assert one["day"] and one["unit"] and one["tier"]
    unit, tier = lines[0]["unit"], lines[0]["tier"]
    some = read(client, path, unit=unit, tier=tier, limit=200)["items"]
    assert some == [one for one in lines if (one["unit"], one["tier"]) == (unit, tier)]
    gone = client.get(path, params={"cursor": "AAAA"})
    assert gone.status_code == 400 and gone.json()["code"] == "api.cursor"
    assert client.get(f"/datasets/{ahead.id}/themes").json()["code"] == "sending.no_comments"


def test_what_is_the_same_is_not_sent_again(clinic: Clinic, client: Client) -> None:
    path = f"/datasets/{file_of(clinic[0], 'future').id}/risks"
    first = client.get(path)
    again = client.get(path, headers={"if-none-match": f'"x", W/{first.headers["etag"]}'})
    assert again.status_code == 304 and again.content == b"" and again.headers["etag"] == first.headers["etag"]
    assert "ratelimit" in again.headers and "content-type" not in again.headers
    other = client.get(path, params={"limit": 1}, headers={"if-none-match": first.headers["etag"]})
    assert other.status_code == 200 and other.headers["etag"] != first.headers["etag"]
    assert "etag" not in client.get("/nada").headers


def test_whom_to_contact_goes_out_and_what_came_of_it_comes_in_once(clinic: Clinic) -> None:
    workspace, ahead = clinic[0], file_of(clinic[0], "future")
    client = Client(serving.application(workspace), key_of(workspace, KeyScope.CONTACTS, name="Discador"))
    path = f"/series/{ahead.series}"
    empty = read(client, f"{path}/lists/current")
    assert empty["items"] == [] and empty["id"] is None
    (model,) = models.models(workspace, PRODUCT.key)
    series_settings.set_calls(workspace, ahead.series, QueueSettings(people=2, calls_a_day=30, days_ahead=30))
    call_queue.make_list(workspace, agenda.score(workspace, ahead.id, model.id))
    found = read(client, f"{path}/lists/current", limit=5)
    first, other = found["items"][:2]
    assert found["patients"] > 5 and found["next"] and first["state"] == "waiting"
    outcomes = [{"key": key, "outcome": "confirmed"} for key in first["keys"]]
    told = {"name": "ligacao1", "patient": first["patient"], "outcomes": outcomes, "note": "CPF 529.982.247-25"}
    assert client.post(f"{path}/contacts", json=told).json() == {
        "name": "ligacao1",
        "new": len(outcomes),
        "rejected": [],
    }
    assert client.post(f"{path}/contacts", json=told).json()["new"] == 0
    (kept,) = {one.call: one for one in workspace.contacts(ahead.series)}.values()
    assert kept.who == "Discador" and "529" not in kept.note and kept.actor == workspace.api_keys()[0].id
    now = {one["patient"]: one for one in read(client, f"{path}/lists/current", limit=200)["items"]}
    assert now[first["patient"]]["state"] != "waiting" and now[other["patient"]]["state"] == "waiting"
    wrong = client.post(f"{path}/contacts", json=told | {"name": "l2", "patient": other["patient"]})
    assert wrong.status_code == 422 and wrong.json()["code"] == "contacts.other_patient"
    assert client.post(f"/series/{'0' * 12}/contacts", json=told).status_code == 404
    assert client.get(f"/datasets/{ahead.id}/groups?by=unit").status_code == 403


def test_a_contact_about_an_appointment_that_no_file_tells_of_is_told_and_the_rest_is_written_down(
    clinic: Clinic,
) -> None:
    workspace, ahead = clinic[0], file_of(clinic[0], "future")
    client = Client(serving.application(workspace), key_of(workspace, name="Mensageiro"))
    line = read(client, f"/datasets/{ahead.id}/risks", limit=1)["items"][0]
    before, path = workspace.contacts(ahead.series), f"/series/{ahead.series}/contacts"
    gone, odd = "0123456789abcdef", "fedcba9876543210"
    key = next(one.id for one in workspace.api_keys() if one.name == "Mensageiro")
    told = {"name": "recado1", "patient": line["patient"], "note": "volta na quarta"}
    of = {name: {"key": name, "outcome": "message_left"} for name in (gone, odd, line["key"])}
    once = Contact(gone, line["patient"], NOON, Channel.CALL, ContactOutcome.MESSAGE_LEFT, f"{key}recado1")
    assert workspace.add_contacts(ahead.series, [once]) == 1  # by the same sender, when a file told of it
    answer = client.post(path, json=told | {"outcomes": list(of.values())}).json()
    (left,) = answer["rejected"]
    assert answer["new"] == 1 and (left["row"], left["code"], left["field"]) == (2, "contacts.unknown_event", "key")
    assert "não está nos dados" in left["message"]["pt-BR"] and "not in the data" in left["message"]["en"]
    assert [one.key for one in workspace.contacts(ahead.series)[len(before) :]] == [gone, line["key"]]
    again = client.post(path, json=told | {"outcomes": [of[gone], of[line["key"]]]}).json()
    assert again == {"name": "recado1", "new": 0, "rejected": []}
    alone = client.post(path, json=told | {"outcomes": [of[odd]], "patient": f"={odd}"}).json()
    assert alone["new"] == 0 and len(alone["rejected"]) == 1
    assert client.post(path, json=told | {"name": "recado2", "outcomes": [of[gone]]}).json()["rejected"]
    assert len(workspace.contacts(ahead.series)) == len(before) + 2


@pytest.fixture(scope="module")
def voice(heard_home: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A copy of a workspace that learnt from comments."""
    home = tmp_path_factory.mktemp("voice") / "home"
    shutil.copytree(heard_home[1], home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRESENCA_KEY", TEST_KEY)
        patch.setenv("PRESENCA_HOME", str(home))
        move_in(patch, heard_home[0], HEARD)
        workspace = Workspace(home)
        yield workspace
        workspace.close()


def test_what_patients_say_is_told_as_on_its_page(voice: Workspace) -> None:
    client, past = Client(serving.application(voice), key_of(voice, KeyScope.READ)), file_of(voice, "past", HEARD.key)
    grave = read(client, f"/datasets/{past.id}/comments", list="alarming", limit=200)
    heard = comments.hear(voice, past.id, grave["model"])
    theirs = comments.listed(voice, heard, CommentFilters(), comments.ALARMING, size=200)
    assert grave["rows"] == theirs.total > 0
    assert [one["row"] for one in grave["items"]] == [one.row for one in theirs.items]
    assert all(one["alerts"] and one["alerts"][0]["text"] in one["comment"] for one in grave["items"])
    first = read(client, f"/datasets/{past.id}/comments", limit=3)
    second = read(client, f"/datasets/{past.id}/comments", limit=3, cursor=first["next"])
    assert not {one["row"] for one in first["items"]} & {one["row"] for one in second["items"]}
    assert client.get(f"/datasets/{past.id}/comments?cursor=99999").json()["code"] == "api.cursor"
    themes = read(client, f"/datasets/{past.id}/themes")
    assert themes["covered"] > 0 and all(
        one["negative"] + one["mixed"] + one["positive"] + one["neutral"] == one["comments"] for one in themes["themes"]
    )
    assert client.get(f"/datasets/{past.id}/risks").json()["code"] == "sending.no_agenda"
