"""Webhooks: the addresses that are told what happened here, and what became of each telling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pipeline.records.integration import KeyScope


class WebhookEvent(StrEnum):
    """What a system may ask to be told of."""

    JOB_ENDED = "job.ended"  # a training, a reading of sense, or something that was sent
    LIST_READY = "list.ready"
    COMMENTS_SEVERE = "comments.severe"  # comments came that may not wait
    MODEL_DRIFT = "model.drift"  # a model is advised to be watched, levelled or trained again
    TEST = "webhook.test"  # asked for by a person; nobody subscribes to it


CHOSEN = tuple(event for event in WebhookEvent if event is not WebhookEvent.TEST)  # what may be subscribed to
NAMING_SCOPE = KeyScope.READ  # what a key needs for the events' keys to be told


class WebhookState(StrEnum):
    """Whether an address is told anything."""

    ACTIVE = "active"
    PAUSED = "paused"  # by a person
    FAILING = "failing"  # nothing arrived for days
    GONE = "gone"  # it answered 410


class DeliveryState(StrEnum):
    """Where a telling stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True)
class Webhook:
    """An address that is told of `events`. `key_id`: the key whose scope lets bodies name events, "" for none;
    `private`: it may lie in a private range; moments are seconds since 1970; `arrived`: of the last telling that was
    taken, None before. Address and secret rest sealed.
    """

    id: str
    url: str
    events: tuple[WebhookEvent, ...]
    state: WebhookState
    private: bool
    key_id: str
    made_by: str
    created: float
    arrived: float | None = None


@dataclass(frozen=True)
class MadeWebhook:
    """A new webhook and its secret (`whsec_…`), which is told once."""

    webhook: Webhook
    secret: str


@dataclass(frozen=True)
class Delivery:
    """One telling of one event to one webhook. `created`: when it happened; `data`: what every body has; `keys`: of
    the events that it is about, for webhooks whose key allows it; `attempts`: of this round, `tries`: of all; `status`:
    HTTP, 0 without an answer; `problem`: code of why it was not taken; `answer`: the first of what was answered.
    """

    id: str
    webhook_id: str
    event: WebhookEvent
    created: float
    data: Mapping[str, Any] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
    state: DeliveryState = DeliveryState.WAITING
    attempts: int = 0
    tries: int = 0
    due: float = 0.0
    tried: float | None = None
    status: int = 0
    problem: str = ""
    answer: str = ""

    @property
    def is_fresh(self) -> bool:
        """Whether it waits for the first attempt of its round."""
        return self.state is DeliveryState.WAITING and not self.attempts
