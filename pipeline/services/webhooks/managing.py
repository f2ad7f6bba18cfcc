"""Use cases of webhooks: an address added with its secret told once, paused, taken away; the log, and sending again."""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.errors import PresencaError
from pipeline.records import Permission
from pipeline.records.webhooks import (
    CHOSEN,
    NAMING_SCOPE,
    Delivery,
    MadeWebhook,
    Webhook,
    WebhookEvent,
    WebhookState,
)
from pipeline.services.session import Actor, Session, needs
from pipeline.services.webhooks import addresses
from pipeline.workspace.storage.ids import new_id

MOST = 20  # webhooks of a workspace
LOG = 100  # tellings that a page shows
_SOON = 30.0  # seconds within which a server sends what is asked of it now
_BYTES = 32  # of a secret
_PREFIX = "whsec_"


@dataclass(frozen=True)
class Asked:
    """A webhook as somebody asks for it. `key_id`: the key whose scope lets bodies name events; `private`: it may lie
    in a private range.
    """

    url: str
    events: Sequence[WebhookEvent]
    key_id: str = ""
    private: bool = False


@needs(Permission.MANAGE_PEOPLE, whole=True)
def add(session: Session, asked: Asked, *, resolve: addresses.Resolve = addresses.resolve) -> MadeWebhook:
    """A new webhook, which is told of what happens from now on. PresencaError for an address that may not be told
    anything, without an event, for a key that opens no rows or those of some units alone, or where there are too many.
    """
    chosen = tuple(event for event in CHOSEN if event in asked.events)
    if not chosen:
        raise PresencaError("webhooks.no_event")
    if asked.private and session.actor is not Actor.COMMAND_LINE:
        raise PresencaError("webhooks.private_here")
    if len(session.workspace.webhooks()) >= MOST:
        raise PresencaError("webhooks.too_many", most=MOST)
    _checked_key(session, asked.key_id)
    url = asked.url.strip()
    addresses.judged(url, private=asked.private or addresses.private_allowed(), resolve=resolve)
    secret = _PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode("ascii")
    state, who, moment = WebhookState.ACTIVE, session.who, time.time()
    webhook = Webhook(new_id(), url, chosen, state, asked.private, asked.key_id, who, moment)
    session.workspace.add_webhook(webhook, secret)
    told = tuple(str(event).replace(".", "_") for event in chosen)
    session.audit("webhook_added", webhook=webhook.id, events=told, private=asked.private, key=asked.key_id or None)
    return MadeWebhook(webhook, secret)


def _checked_key(session: Session, key_id: str) -> None:
    if not key_id:
        return
    key = session.workspace.api_key(key_id)
    if not key.holds(time.time()) or NAMING_SCOPE not in key.scopes or key.units:
        raise PresencaError("webhooks.key")


@needs(Permission.MANAGE_PEOPLE, whole=True)
def listed(session: Session) -> tuple[Webhook, ...]:
    """Every webhook, the oldest first."""
    return session.workspace.webhooks()


@needs(Permission.MANAGE_PEOPLE, whole=True)
def pause(session: Session, webhook_id: str) -> Webhook:
    """Nothing is sent until it is resumed, and what happens meanwhile is not written. WorkspaceError for none."""
    found = session.workspace.set_webhook_state(webhook_id, WebhookState.PAUSED)
    session.audit("webhook_paused", webhook=found.id)
    return found


@needs(Permission.MANAGE_PEOPLE, whole=True)
def resume(session: Session, webhook_id: str) -> Webhook:
    """Takes one up again that was paused, failed or was gone; what still waited is sent. WorkspaceError for none."""
    found = session.workspace.set_webhook_state(webhook_id, WebhookState.ACTIVE)
    session.audit("webhook_resumed", webhook=found.id)
    return found


@needs(Permission.MANAGE_PEOPLE, whole=True)
def delete(session: Session, webhook_id: str) -> Webhook:
    """Takes it away with its secret and log. WorkspaceError if there is none with this id."""
    found = session.workspace.webhook(webhook_id)
    session.workspace.delete_webhook(webhook_id)
    session.audit("webhook_deleted", webhook=webhook_id)
    return found


@needs(Permission.MANAGE_PEOPLE, whole=True)
def test(session: Session, webhook_id: str) -> Delivery:
    """Sends an event that tells nothing, to see that it arrives. PresencaError while the webhook is not active."""
    if session.workspace.webhook(webhook_id).state is not WebhookState.ACTIVE:
        raise PresencaError("webhooks.not_active")
    made = session.workspace.tell_one(webhook_id, WebhookEvent.TEST, {})
    session.audit("webhook_tested", webhook=webhook_id, delivery=made.id)
    return made


@needs(Permission.MANAGE_PEOPLE, whole=True)
def log(session: Session, webhook_id: str = "", limit: int = LOG) -> tuple[Delivery, ...]:
    """What was or is to be told, the latest first; of one webhook or of all."""
    return session.workspace.deliveries(webhook_id, limit)


@needs(Permission.MANAGE_PEOPLE, whole=True)
def is_awaited(session: Session) -> bool:
    """Whether something is about to be sent: asked for just now, and not tried yet."""
    active = {one.id for one in session.workspace.webhooks() if one.state is WebhookState.ACTIVE}
    fresh = (one for one in session.workspace.deliveries(limit=LOG) if one.is_fresh and one.webhook_id in active)
    return any(time.time() - one.due < _SOON for one in fresh)


@needs(Permission.MANAGE_PEOPLE, whole=True)
def redeliver(session: Session, delivery_id: str) -> Delivery:
    """Sends something again, under the same `webhook-id`, whatever became of it. WorkspaceError for none;
    PresencaError while its webhook is not active.
    """
    space = session.workspace
    if space.webhook(space.delivery(delivery_id).webhook_id).state is not WebhookState.ACTIVE:
        raise PresencaError("webhooks.not_active")
    again = space.deliver_again(delivery_id, time.time())
    session.audit("webhook_redelivered", webhook=again.webhook_id, delivery=again.id)
    return again
