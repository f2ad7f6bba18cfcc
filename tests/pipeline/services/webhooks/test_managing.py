"""A webhook is added with a secret that is shown once and rests sealed; who may, what is refused, what goes when."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

import pytest

from pipeline.errors import PresencaError, WorkspaceError
from pipeline.presentation.sentences import webhook_words as words
from pipeline.records import Role, User
from pipeline.records.integration import ApiKey, KeyScope
from pipeline.records.webhooks import DeliveryState, WebhookEvent, WebhookState
from pipeline.services.data import retention
from pipeline.services.people import keys
from pipeline.services.session import Actor, Session
from pipeline.services.webhooks import managing
from pipeline.services.webhooks.managing import Asked
from pipeline.workspace.audit import entries
from pipeline.workspace.engine.webhook_tables import WEBHOOK_DELIVERIES
from pipeline.workspace.repositories.webhooks import Tried
from pipeline.workspace.store import Workspace
from tests.pipeline.services.webhooks.receiving import ABROAD, ADDRESS, added
from tests.refusals import refused

ONLY = (WebhookEvent.LIST_READY,)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "home")


def test_address_and_secret_rest_sealed_and_the_log_of_deeds_holds_neither(workspace: Workspace) -> None:
    made = added(workspace, ADDRESS + "?token=segredo", ONLY)
    assert made.secret.startswith("whsec_") and workspace.webhook_secret(made.webhook.id) == made.secret
    assert managing.listed(workspace) == (made.webhook,)
    workspace.close()
    for path in (p for p in workspace.home.rglob("*") if p.is_file()):
        content = path.read_bytes()
        assert made.secret[6:].encode() not in content and b"exemplo.com.br" not in content, path.name
    (entry,) = [e for e in entries(workspace) if e.action == "webhook_added"]
    told = {"webhook": made.webhook.id, "events": ["list_ready"], "private": False, "key": None}
    assert entry.facts == told | {"actor": "command_line"}


def test_a_webhook_of_another_row_does_not_open(workspace: Workspace) -> None:
    one, other = added(workspace).webhook.id, added(workspace).webhook.id
    with sqlite3.connect(workspace.home / "presenca.sqlite") as connection:
        connection.execute("UPDATE webhooks SET sealed = (SELECT sealed FROM webhooks WHERE id = ?)", (other,))
    assert workspace.webhook(other).id == other
    with pytest.raises(WorkspaceError):
        workspace.webhook(one)


def test_what_is_not_allowed_is_refused_in_words(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    person = Session(workspace)

    def add(asked: Asked, found: str = ABROAD) -> None:
        managing.add(person, asked, resolve=lambda name, port: (found,))

    with refused(PresencaError, match="ao menos um"):
        add(Asked(ADDRESS, (WebhookEvent.TEST,)))
    with refused(PresencaError, match="rede interna.*--private"):
        add(Asked(ADDRESS, ONLY), "10.0.0.1")
    with refused(PresencaError, match="linha de comando"):
        add(Asked(ADDRESS, ONLY, private=True))
    with refused(PresencaError, match="usuário nem senha"):
        add(Asked("https://a:b@exemplo.com.br", ONLY))
    writes = keys.make(person, "Agenda", [KeyScope.SEND]).key
    with refused(PresencaError, match="escopo Ler"):
        add(Asked(ADDRESS, ONLY, writes.id))
    moment = time.time()
    of_a_unit = ApiKey("0" * 12, "U", "prs_x", (KeyScope.READ,), "p", moment, moment + 900, units=("Centro",))
    workspace.add_api_key(of_a_unit, "0" * 64)
    with refused(PresencaError, match="algumas unidades"):
        add(Asked(ADDRESS, ONLY, of_a_unit.id))
    monkeypatch.setattr(managing, "MOST", 0)
    with refused(PresencaError, match="Apague um"):
        add(Asked(ADDRESS, ONLY))
    assert managing.listed(workspace) == ()


def test_only_an_admin_and_no_key_takes_care_of_them(workspace: Workspace) -> None:
    made = added(workspace)
    moment = time.time()
    every = ApiKey("0" * 12, "K", "prs_x", tuple(KeyScope), "p", moment, moment + 900)
    sessions = [Session(workspace, user=User("1" * 12, "a", "A", role)) for role in Role if role is not Role.ADMIN]
    for session in (*sessions, Session(workspace, Actor.SYSTEM, key=every)):
        for case in (managing.listed, managing.log):
            with pytest.raises(PresencaError):
                case(session)
        with pytest.raises(PresencaError):
            managing.test(session, made.webhook.id)
    assert managing.log(workspace) == ()


def test_paused_resumed_tested_and_taken_away_with_its_log(workspace: Workspace) -> None:
    made = added(workspace, events=ONLY)
    own = made.webhook.id
    sent = managing.test(workspace, own)
    assert managing.pause(workspace, own).state is WebhookState.PAUSED
    assert not workspace.has_due_deliveries(time.time() + 1)
    assert not workspace.tell(WebhookEvent.LIST_READY, {}, remember=("told", 1)) and workspace.setting("told") is None
    for deed in (lambda: managing.test(workspace, own), lambda: managing.redeliver(workspace, sent.id)):
        with refused(PresencaError, match="parado"):
            deed()
    managing.resume(workspace, own)
    assert workspace.has_due_deliveries(time.time() + 1)
    assert not workspace.tell(WebhookEvent.JOB_ENDED, {}, remember=("told", 1))  # it did not ask for that
    managing.delete(workspace, own)
    assert managing.listed(workspace) == () and managing.log(workspace) == ()
    for deed in (lambda: managing.resume(workspace, own), lambda: managing.redeliver(workspace, sent.id)):
        with pytest.raises(WorkspaceError):
            deed()
    done = {"webhook_added", "webhook_tested", "webhook_paused", "webhook_resumed", "webhook_deleted"}
    assert done == {e.action for e in entries(workspace) if e.action.startswith("webhook")}


def test_what_was_asked_for_is_awaited_until_it_was_tried_or_a_server_is_not_there(workspace: Workspace) -> None:
    made = added(workspace, events=ONLY)
    assert not managing.is_awaited(workspace)
    sent = managing.test(workspace, made.webhook.id)
    assert managing.is_awaited(workspace) and words.outcome(sent) == "na fila"
    workspace.tried_delivery(Tried(sent.id, time.time(), DeliveryState.WAITING, time.time() + 5, 503, "status"))
    assert not managing.is_awaited(workspace) and "503" in words.outcome(workspace.delivery(sent.id))
    again = managing.redeliver(workspace, sent.id)
    assert managing.is_awaited(workspace) and words.outcome(again) == "na fila"
    workspace.deliver_again(sent.id, time.time() - 60)  # no server sends
    assert not managing.is_awaited(workspace)


def test_what_is_out_of_the_ordinary_is_said(workspace: Workspace) -> None:
    key = keys.make(Session(workspace, Actor.COMMAND_LINE), "Ouvidoria", [KeyScope.READ]).key
    plain = added(workspace, events=ONLY).webhook
    named = added(workspace, events=ONLY, key_id=key.id, private=True).webhook
    now = time.time()
    assert words.allowed(plain, None, now) == ""
    assert words.allowed(named, key, now) == "na rede interna; com as chaves dos eventos (Ouvidoria)"
    assert "não vale mais" in words.allowed(named, key, key.until + 1)


def test_the_log_goes_after_thirty_days(workspace: Workspace) -> None:
    made = added(workspace)
    old, new = managing.test(workspace, made.webhook.id), managing.test(workspace, made.webhook.id)
    with workspace.database.write() as connection:
        of_it = WEBHOOK_DELIVERIES.update().where(WEBHOOK_DELIVERIES.c.id == old.id)
        connection.execute(of_it.values(created=time.time() - 31 * 86_400))
    done = retention.retain(Session(workspace, Actor.HOUSE))
    assert [(str(one.kind), one.count) for one in done] == [("deliveries", 1)]
    assert [one.id for one in managing.log(workspace)] == [new.id]
