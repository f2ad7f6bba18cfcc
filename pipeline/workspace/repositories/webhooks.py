"""The addresses that other systems are told at, sealed, and the log of what they were told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from pipeline.errors import WorkspaceError
from pipeline.privacy import open_sealed, seal
from pipeline.records.webhooks import Delivery, DeliveryState, Webhook, WebhookEvent, WebhookState
from pipeline.workspace.base import Base, keep_setting
from pipeline.workspace.engine import statements
from pipeline.workspace.engine.webhook_tables import WEBHOOK_DELIVERIES, WEBHOOKS
from pipeline.workspace.repositories import outbox
from pipeline.workspace.storage.ids import checked

_WAITING = WEBHOOK_DELIVERIES.c.state == str(DeliveryState.WAITING)
_ACTIVE = WEBHOOKS.c.state == str(WebhookState.ACTIVE)


@dataclass(frozen=True)
class Tried:
    """What came of one attempt: where the telling stands now and when it is due again, and what the webhook is now
    (None: as it was).
    """

    delivery_id: str
    at: float
    state: DeliveryState
    due: float
    status: int = 0
    problem: str = ""
    answer: str = ""
    webhook: WebhookState | None = None


class Webhooks(Base):
    """The part of the workspace that keeps webhooks and their log."""

    def add_webhook(self, webhook: Webhook, secret: str) -> None:
        """Keeps a new one; address and secret can be read back only with the workspace's key."""
        plain = json.dumps({"url": webhook.url, "secret": secret}).encode()
        row = {
            "id": checked(webhook.id), "sealed": seal(plain, self.key, webhook.id),
            "events": json.dumps(list(map(str, webhook.events))), "state": str(webhook.state),
            "private": webhook.private, "key_id": webhook.key_id, "made_by": webhook.made_by,
            "created": webhook.created, "arrived": webhook.arrived,
        }  # fmt: skip
        with self.database.write() as connection:
            connection.execute(WEBHOOKS.insert().values(**row))

    def webhooks(self) -> tuple[Webhook, ...]:
        """All of them, the oldest first."""
        query = sa.select(WEBHOOKS).order_by(WEBHOOKS.c.created, WEBHOOKS.c.id)
        with self.database.read() as connection:
            return tuple(self._webhook(row) for row in connection.execute(query))

    def webhook(self, webhook_id: str) -> Webhook:
        """WorkspaceError if there is none with this id."""
        return self._webhook(self._webhook_row(webhook_id))

    def webhook_secret(self, webhook_id: str) -> str:
        """What its tellings are signed with. WorkspaceError if there is none with this id."""
        return str(self._unsealed(self._webhook_row(webhook_id))["secret"])

    def set_webhook_state(self, webhook_id: str, state: WebhookState) -> Webhook:
        """Pauses it or takes it up again. WorkspaceError if there is none with this id."""
        with self.database.write() as connection:
            connection.execute(WEBHOOKS.update().where(WEBHOOKS.c.id == checked(webhook_id)).values(state=str(state)))
        return self.webhook(webhook_id)

    def delete_webhook(self, webhook_id: str) -> None:
        """Takes it and its log away; nothing that waits is told any more."""
        with self.database.write() as connection:
            connection.execute(WEBHOOKS.delete().where(WEBHOOKS.c.id == checked(webhook_id)))

    def hooked_since(self, event: WebhookEvent) -> float | None:
        """When the first webhook was made that is active and asked for an event; None where nobody does."""
        query = sa.select(WEBHOOKS.c.events, WEBHOOKS.c.created).where(_ACTIVE)
        with self.database.read() as connection:
            asked = [row.created for row in connection.execute(query) if str(event) in json.loads(row.events)]
        return min(asked, default=None)

    def tell(
        self,
        event: WebhookEvent,
        data: Mapping[str, outbox.Plain],
        keys: tuple[str, ...] = (),
        *,
        remember: tuple[str, Any],
    ) -> int:
        """As `outbox.tell`, of what is worked out; the setting (name and value) by which it is not told again is
        written in the same step, if anybody was told.
        """
        with self.database.write() as connection:
            told = outbox.tell(connection, event, data, keys)
            if told:
                keep_setting(connection, remember[0], json.dumps(remember[1]))
        return told

    def tell_one(self, webhook_id: str, event: WebhookEvent, data: Mapping[str, outbox.Plain]) -> Delivery:
        """Writes an event for one webhook, whatever it asked for."""
        with self.database.write() as connection:
            return outbox.write(connection, event, checked(webhook_id), data)

    def has_due_deliveries(self, moment: float) -> bool:
        """Whether anything is to be sent at this moment."""
        with self.database.read() as connection:
            return connection.execute(_due(moment).limit(1)).first() is not None

    def due_deliveries(self, webhook_id: str, moment: float, most: int) -> tuple[Delivery, ...]:
        """What is to be sent now to one webhook that is active, what waits longest first."""
        query = _due(moment).where(WEBHOOKS.c.id == webhook_id).order_by(WEBHOOK_DELIVERIES.c.due).limit(most)
        with self.database.read() as connection:
            return tuple(_delivery(row) for row in connection.execute(query))

    def deliveries(self, webhook_id: str = "", limit: int = 100) -> tuple[Delivery, ...]:
        """The log, the latest first; of one webhook, or of all."""
        query = sa.select(WEBHOOK_DELIVERIES).order_by(statements.ARRIVAL.desc()).limit(limit)
        if webhook_id:
            query = query.where(WEBHOOK_DELIVERIES.c.webhook_id == checked(webhook_id))
        with self.database.read() as connection:
            return tuple(_delivery(row) for row in connection.execute(query))

    def delivery(self, delivery_id: str) -> Delivery:
        """WorkspaceError if there is none with this id."""
        query = sa.select(WEBHOOK_DELIVERIES).where(WEBHOOK_DELIVERIES.c.id == checked(delivery_id))
        with self.database.read() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise WorkspaceError("webhooks.delivery_gone")
        return _delivery(row)

    def tried_delivery(self, tried: Tried) -> None:
        """Notes an attempt, and what it makes of the webhook, in one step."""
        values: dict[str, Any] = {
            "state": str(tried.state), "due": tried.due, "tried": tried.at, "status": tried.status,
            "problem": tried.problem, "answer": tried.answer,
            "attempts": WEBHOOK_DELIVERIES.c.attempts + 1, "tries": WEBHOOK_DELIVERIES.c.tries + 1,
        }  # fmt: skip
        own = WEBHOOK_DELIVERIES.c.id == checked(tried.delivery_id)
        of_it = WEBHOOKS.c.id == sa.select(WEBHOOK_DELIVERIES.c.webhook_id).where(own).scalar_subquery()
        with self.database.write() as connection:
            connection.execute(WEBHOOK_DELIVERIES.update().where(own).values(**values))
            if tried.state is DeliveryState.DELIVERED:
                connection.execute(WEBHOOKS.update().where(of_it).values(arrived=tried.at))
            if tried.webhook is not None:
                connection.execute(WEBHOOKS.update().where(of_it, _ACTIVE).values(state=str(tried.webhook)))

    def deliver_again(self, delivery_id: str, moment: float) -> Delivery:
        """Has a telling sent at `moment` once more, under its id. WorkspaceError if there is none with this id."""
        own = WEBHOOK_DELIVERIES.c.id == checked(delivery_id)
        values = {"state": str(DeliveryState.WAITING), "attempts": 0, "due": moment}
        with self.database.write() as connection:
            connection.execute(WEBHOOK_DELIVERIES.update().where(own).values(**values))
        return self.delivery(delivery_id)

    def sweep_deliveries(self, created_before: float) -> int:
        """Forgets what happened before a moment, sent or not; how much that was."""
        with self.database.write() as connection:
            old = WEBHOOK_DELIVERIES.c.created < created_before
            return int(connection.execute(WEBHOOK_DELIVERIES.delete().where(old)).rowcount)

    def _webhook_row(self, webhook_id: str) -> Any:
        with self.database.read() as connection:
            row = connection.execute(sa.select(WEBHOOKS).where(WEBHOOKS.c.id == checked(webhook_id))).first()
        if row is None:
            raise WorkspaceError("webhooks.gone")
        return row

    def _unsealed(self, row: Any) -> dict[str, str]:
        return dict(json.loads(open_sealed(row.sealed, self.key, row.id)))

    def _webhook(self, row: Any) -> Webhook:
        return Webhook(
            id=row.id,
            url=self._unsealed(row)["url"],
            events=tuple(map(WebhookEvent, json.loads(row.events))),
            state=WebhookState(row.state),
            private=row.private,
            key_id=row.key_id,
            made_by=row.made_by,
            created=row.created,
            arrived=row.arrived,
        )


def _due(moment: float) -> sa.Select[Any]:
    joined = sa.select(WEBHOOK_DELIVERIES).join(WEBHOOKS, WEBHOOKS.c.id == WEBHOOK_DELIVERIES.c.webhook_id)
    return joined.where(_ACTIVE, _WAITING, WEBHOOK_DELIVERIES.c.due <= moment)


def _delivery(row: Any) -> Delivery:
    return Delivery(
        id=row.id,
        webhook_id=row.webhook_id,
        event=WebhookEvent(row.event),
        created=row.created,
        data=json.loads(row.data),
        keys=tuple(json.loads(row._mapping["keys"])),
        state=DeliveryState(row.state),
        attempts=row.attempts,
        tries=row.tries,
        due=row.due,
        tried=row.tried,
        status=row.status,
        problem=row.problem,
        answer=row.answer,
    )
