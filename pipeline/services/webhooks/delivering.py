"""Who sends what is to be told: one thread of one process at a time, whichever serves the workspace.

An attempt is noted after it was made. Whoever is killed in between is followed by one that sends the same again, under
the same `webhook-id`, by which the receiver knows it.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from pipeline.records.webhooks import NAMING_SCOPE, Delivery, DeliveryState, Webhook, WebhookState
from pipeline.services import leasing
from pipeline.services.session import Actor, Session
from pipeline.services.webhooks import addresses, sending
from pipeline.services.webhooks.sending import Sent
from pipeline.services.workers import Worker
from pipeline.workspace.repositories.webhooks import Tried
from pipeline.workspace.store import Workspace

# seconds between attempts, as Standard Webhooks advises: the last is three days after the first
DELAYS = (5.0, 300.0, 1_800.0, 7_200.0, 18_000.0, 36_000.0, 50_400.0, 72_000.0, 86_400.0)
JITTER = 0.1  # a delay is longer by up to this share, so that those who failed together don't come back together
_NAME, _LOOKS_EVERY = "webhooks", 2.0
_MOST, _ROUND = 20, 10.0  # tellings of one webhook in a round, and the seconds after which none is begun


@dataclass(frozen=True)
class Way:
    """By which clock, names and network it is sent; tests have their own."""

    clock: Callable[[], float] = time.time
    resolve: addresses.Resolve = addresses.resolve
    transport: httpx.AsyncBaseTransport | None = None
    draw: Callable[[], float] = random.random


def deliver(workspace: Workspace, way: Way | None = None, *, patience: float = 0.0) -> tuple[int, int]:
    """Sends what is due, to all webhooks at once; how many were taken, and how many not. (0, 0) while another process
    sends, after so many seconds of patience.
    """
    lease = leasing.Lease(workspace, _NAME)
    if not lease.take(patience):
        return 0, 0
    with lease.kept():
        told = asyncio.run(_round(workspace, way or Way()))
    return sum(told), len(told) - sum(told)


async def _round(workspace: Workspace, way: Way) -> list[bool]:
    active = [one for one in workspace.webhooks() if one.state is WebhookState.ACTIVE]
    told = await asyncio.gather(*(_all_of(workspace, one, way) for one in active), return_exceptions=True)
    for each in told:  # what could not be noted is sent again; the others were not to be cut short by it
        if isinstance(each, BaseException):
            raise each
    return [taken for each in told if not isinstance(each, BaseException) for taken in each]


async def _all_of(workspace: Workspace, webhook: Webhook, way: Way) -> list[bool]:
    """What is due to one webhook, in its order. One that does not take something is left alone until the next round."""
    told: list[bool] = []
    until = time.monotonic() + _ROUND
    for delivery in workspace.due_deliveries(webhook.id, way.clock(), _MOST):
        told.append(await _one(workspace, webhook, delivery, way))
        if not told[-1] or time.monotonic() > until:
            break
    return told


async def _one(workspace: Workspace, webhook: Webhook, delivery: Delivery, way: Way) -> bool:
    content = sending.body(delivery, named=_may_name(workspace, webhook, way.clock()))
    headers = sending.signed(delivery, workspace.webhook_secret(webhook.id), content, way.clock())
    sent = await sending.send(webhook, content, headers, resolve=way.resolve, transport=way.transport)
    tried = judged(delivery, webhook, sent, way.clock(), way.draw())
    workspace.tried_delivery(tried)
    if tried.webhook is not None:
        house = Session(workspace, Actor.HOUSE)
        house.audit("webhook_disabled", webhook=webhook.id, state=str(tried.webhook), delivery=delivery.id)
    return not sent.problem


def _may_name(workspace: Workspace, webhook: Webhook, moment: float) -> bool:
    """Whether the key of a webhook holds now, and its scope opens what the keys of events lead to."""
    found = next((key for key in workspace.api_keys() if key.id == webhook.key_id), None)
    return found is not None and found.holds(moment) and NAMING_SCOPE in found.scopes and not found.units


def judged(delivery: Delivery, webhook: Webhook, sent: Sent, moment: float, drawn: float) -> Tried:
    """What an attempt makes of a telling and of its webhook. `drawn`: 0 to 1, for the jitter."""
    told = (sent.status, sent.problem, sent.answer)
    if not sent.problem:
        return Tried(delivery.id, moment, DeliveryState.DELIVERED, moment, *told)
    if sent.status == sending.GONE:
        return Tried(delivery.id, moment, DeliveryState.FAILED, moment, *told, WebhookState.GONE)
    if delivery.attempts < len(DELAYS):
        due = moment + DELAYS[delivery.attempts] * (1 + JITTER * drawn)
        return Tried(delivery.id, moment, DeliveryState.WAITING, due, *told)
    silent = webhook.arrived is None or webhook.arrived < delivery.created
    return Tried(delivery.id, moment, DeliveryState.FAILED, moment, *told, WebhookState.FAILING if silent else None)


def start(workspace: Callable[[], Workspace]) -> Worker:
    """A worker that looks from now on."""
    return Worker.every(_LOOKS_EVERY, _NAME, workspace, _look)


def _look(workspace: Workspace) -> None:
    if workspace.has_due_deliveries(time.time()):
        deliver(workspace)
