"""What is told arrives signed, once it can; whoever is killed is followed by one that sends the same again."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from standardwebhooks import Webhook as Verifier

from pipeline.records.integration import KeyScope
from pipeline.records.webhooks import Delivery, DeliveryState, WebhookEvent, WebhookState
from pipeline.services.people import keys
from pipeline.services.session import Actor, Session
from pipeline.services.webhooks import addresses, delivering, managing
from pipeline.services.webhooks.delivering import DELAYS, Way, deliver
from pipeline.workspace.audit import entries
from pipeline.workspace.repositories.webhooks import Webhooks
from pipeline.workspace.store import Workspace
from tests.pipeline.services.webhooks.receiving import ABROAD, ADDRESS, added, receiver, unread

KEYS = ("00000000000000ab", "00000000000000cd")
DAY = 86_400.0


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "home")


def tell(workspace: Workspace, event: WebhookEvent = WebhookEvent.COMMENTS_SEVERE) -> Delivery:
    assert workspace.tell(event, {"comments": 2}, KEYS, remember=("told", True))
    return workspace.deliveries(limit=1)[0]


def way(answer: Callable[[httpx.Request], httpx.Response], moment: float = 0.0, **more: object) -> Way:
    """A network that answers so, `moment` seconds after now."""
    begun = time.time() + moment
    settings = {"clock": lambda: begun, "resolve": lambda name, port: (ABROAD,), "draw": lambda: 0.5, **more}
    late = httpx.MockTransport(lambda request: unread(answer(request)))
    return Way(transport=late, **settings)  # type: ignore[arg-type]


def status(code: int) -> Callable[[httpx.Request], httpx.Response]:
    return lambda request: httpx.Response(code)


def test_a_receiver_verifies_what_comes_by_the_network(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with receiver() as other:
        made = added(workspace, other.url + "?token=segredo", private=True)
        other.answer = b"<b>ok</b>\x00 529.982.247-25 " + b"x" * 5_000
        told = tell(workspace)
        assert deliver(workspace) == (1, 0)
        (body,) = other.told(made.secret)
        headers = {name.lower(): value for name, value in other.came[0][0].items()}
    assert body["type"] == "comments.severe" and body["data"] == {"comments": 2}
    assert headers["webhook-id"] == f"msg_{told.id}" and headers["content-type"] == "application/json"
    (sent,) = managing.log(workspace)
    assert sent.state is DeliveryState.DELIVERED and sent.status == 200 and len(sent.answer) <= 200
    assert "529" not in sent.answer and "\x00" not in sent.answer
    assert "token" not in caplog.text and "whsec" not in caplog.text and made.secret[6:] not in caplog.text


def test_a_redirect_is_not_followed_and_the_inside_not_reached_unless_allowed(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiver() as other:
        monkeypatch.setenv(addresses.PRIVATE_VARIABLE, "1")
        added(workspace, other.url)
        monkeypatch.setattr(managing.addresses, "private_allowed", lambda: True)
        other.status = 307
        tell(workspace)
        assert deliver(workspace) == (0, 1) and len(other.came) == 1
        assert managing.log(workspace)[0].problem == "redirect"
        monkeypatch.setattr(managing.addresses, "private_allowed", lambda: False)
        tell(workspace)
        assert deliver(workspace) == (0, 1) and len(other.came) == 1
    assert managing.log(workspace)[0].problem == "private"


def test_the_address_that_was_judged_is_the_one_that_is_called(workspace: Workspace) -> None:
    """A name that leads inside when it is asked again; certificate and Host are the name's."""
    added(workspace)
    asked: list[str] = []
    seen: list[httpx.Request] = []

    def rebinding(name: str, port: int) -> tuple[str, ...]:
        asked.append(name)
        return (ABROAD,) if len(asked) == 1 else ("127.0.0.1",)

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(500)

    tell(workspace)
    assert deliver(workspace, way(answer, resolve=rebinding)) == (0, 1)
    assert asked == ["sistema.exemplo.com.br"] and len(seen) == 1
    assert seen[0].url.host == ABROAD and seen[0].headers["host"] == "sistema.exemplo.com.br"
    assert seen[0].extensions["sni_hostname"] == "sistema.exemplo.com.br"
    assert deliver(workspace, way(answer, 6.0, resolve=rebinding)) == (0, 1) and len(seen) == 1
    assert managing.log(workspace)[0].problem == "private"


def test_the_next_address_of_a_name_is_tried_where_one_takes_no_connection(workspace: Workspace) -> None:
    added(workspace)
    tell(workspace)

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == ABROAD:
            raise httpx.ConnectError("no route")
        return httpx.Response(200)

    both = way(answer, resolve=lambda name, port: (ABROAD, "93.184.216.35"))
    assert deliver(workspace, both) == (1, 0)


def test_it_is_tried_again_as_the_standard_advises_then_given_up_and_said(workspace: Workspace) -> None:
    made, told = added(workspace), None
    tell(workspace)
    moment, waited, ids = 0.0, [], set()

    def answer(request: httpx.Request) -> httpx.Response:
        ids.add(request.headers["webhook-id"])
        return httpx.Response(503, text="depois")

    for _ in range(len(DELAYS) + 1):
        assert deliver(workspace, way(answer, moment)) == (0, 1)
        assert deliver(workspace, way(answer, moment + 1)) == (0, 0)
        (told,) = managing.log(workspace)
        assert told.tried is not None
        waited.append(told.due - told.tried)
        moment += waited[-1] + 1
    assert waited[:-1] == pytest.approx([delay * 1.05 for delay in DELAYS], rel=1e-6) and waited[-1] == 0
    assert told is not None and told.state is DeliveryState.FAILED and told.tries == 10 and len(ids) == 1
    assert moment > 3 * DAY and managing.listed(workspace)[0].state is WebhookState.FAILING
    assert [e.facts["state"] for e in entries(workspace) if e.action == "webhook_disabled"] == ["failing"]
    assert not workspace.tell(WebhookEvent.LIST_READY, {}, remember=("told", True))  # nothing more is written
    managing.resume(workspace, made.webhook.id)
    again = managing.redeliver(workspace, told.id)
    assert again.id == told.id and deliver(workspace, way(status(200), moment)) == (1, 0)


def test_one_that_is_given_up_leaves_an_address_that_takes_others_alone(workspace: Workspace) -> None:
    made = added(workspace)
    sent = tell(workspace)
    late = Delivery(sent.id, made.webhook.id, sent.event, sent.created, attempts=len(DELAYS))
    sure = managing.listed(workspace)[0]
    assert delivering.judged(late, sure, delivering.Sent(500, "status"), 1.0, 0.0).webhook is WebhookState.FAILING
    assert deliver(workspace, way(status(200), 5.0)) == (1, 0)
    held = managing.listed(workspace)[0]
    assert delivering.judged(late, held, delivering.Sent(500, "status"), 1.0, 0.0).webhook is None


def test_an_address_that_is_gone_is_not_called_again(workspace: Workspace) -> None:
    added(workspace)
    tell(workspace)
    tell(workspace)
    assert deliver(workspace, way(status(410))) == (0, 1)
    assert managing.listed(workspace)[0].state is WebhookState.GONE
    assert deliver(workspace, way(status(200), DAY)) == (0, 0)


def test_whoever_is_killed_before_noting_is_followed_by_the_same_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = added(workspace)
    told = tell(workspace)
    came: list[tuple[str, bytes]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        came.append((request.headers["webhook-id"], request.content))
        Verifier(made.secret).verify(request.content, dict(request.headers))
        return httpx.Response(200)

    with monkeypatch.context() as patch:

        def dies(*_: object) -> None:
            raise Killed

        patch.setattr(Webhooks, "tried_delivery", dies)
        with pytest.raises(Killed):
            deliver(workspace, way(answer))
    assert managing.log(workspace)[0].state is DeliveryState.WAITING
    assert deliver(workspace, way(answer)) == (1, 0) and deliver(workspace, way(answer, DAY)) == (0, 0)
    assert len(came) == 2 and len(set(came)) == 1 and came[0][0] == f"msg_{told.id}"


def test_one_slow_or_broken_address_holds_up_no_other(workspace: Workspace) -> None:
    added(workspace, "https://quebrado.exemplo/a")
    added(workspace)
    for _ in range(3):
        tell(workspace)

    def answer(request: httpx.Request) -> httpx.Response:
        if request.headers["host"] == "quebrado.exemplo":
            raise httpx.ReadTimeout("slow")
        return httpx.Response(200)

    assert deliver(workspace, way(answer)) == (3, 1)
    assert {one.problem for one in managing.log(workspace)} == {"", "timeout"}


@pytest.mark.parametrize(
    ("scopes", "ends", "named"),
    [((KeyScope.READ,), False, True), ((KeyScope.READ,), True, False), (None, False, False)],
)
def test_keys_of_events_are_told_while_a_key_allows_it_alone(
    workspace: Workspace, scopes: tuple[KeyScope, ...] | None, ends: bool, named: bool
) -> None:
    session = Session(workspace, Actor.COMMAND_LINE)
    key = keys.make(session, "Ouvidoria", scopes).key if scopes else None
    added(workspace, key_id=key.id if key else "")
    told = tell(workspace)
    assert (told.keys == KEYS) is (key is not None)
    if key is not None and ends:
        keys.revoke(session, key.id)
    bodies: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        bodies.append(request.content)
        return httpx.Response(200)

    assert deliver(workspace, way(answer)) == (1, 0)
    assert (KEYS[0].encode() in bodies[0]) is named


def test_another_process_that_sends_is_not_doubled(workspace: Workspace) -> None:
    added(workspace)
    tell(workspace)
    assert workspace.hold_lease("webhooks", "somebody", time.time(), 60.0)
    assert deliver(workspace, way(status(200))) == (0, 0)
    workspace.end_lease("webhooks", "somebody")
    assert deliver(workspace, way(status(200))) == (1, 0)


def test_a_server_sends_by_itself_and_ends(workspace: Workspace) -> None:
    with receiver() as other:
        made = added(workspace, other.url, private=True)
        managing.test(workspace, made.webhook.id)
        worker = delivering.start(lambda: workspace)
        until = time.monotonic() + 20
        while not other.came and time.monotonic() < until:
            threading.Event().wait(0.02)
        worker.stop()
        assert other.told(made.secret)[0]["type"] == "webhook.test"
    assert ADDRESS not in repr(managing.log(workspace))
