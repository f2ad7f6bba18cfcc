"""What is to be told to other systems, written in the very transaction of what happened: both are there, or neither.

A row for each webhook that asked for the event and is active; with none, nothing is written.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from pipeline.records.webhooks import Delivery, DeliveryState, WebhookEvent, WebhookState
from pipeline.workspace.engine.webhook_tables import WEBHOOK_DELIVERIES, WEBHOOKS
from pipeline.workspace.storage.ids import new_id

Plain = (
    str | int | float | bool | tuple[str, ...] | None
)  # ids of ours, counts, dates, key words: never what a file says
MOST_KEYS = 100


def tell(connection: sa.Connection, event: WebhookEvent, data: Mapping[str, Plain], keys: Sequence[str] = ()) -> int:
    """Writes an event for whoever asked for it; how many did. `keys`: of the events that it is about, kept for a
    webhook with a key alone, the first ones.
    """
    query = sa.select(WEBHOOKS).where(WEBHOOKS.c.state == str(WebhookState.ACTIVE))
    asked = [row for row in connection.execute(query) if str(event) in json.loads(row.events)]
    for row in asked:
        write(connection, event, row.id, data, tuple(keys[:MOST_KEYS]) if row.key_id else ())
    return len(asked)


def write(
    connection: sa.Connection,
    event: WebhookEvent,
    webhook_id: str,
    data: Mapping[str, Plain],
    keys: Sequence[str] = (),
) -> Delivery:
    """Writes an event for one webhook, due at once."""
    at = time.time()
    made = Delivery(new_id(), webhook_id, event, at, data, tuple(keys), due=at)
    values = {
        "id": made.id, "webhook_id": webhook_id, "event": str(event), "created": at, "due": at,
        "data": json.dumps(dict(data)), "keys": json.dumps(list(keys)), "state": str(DeliveryState.WAITING),
        "attempts": 0, "tries": 0, "status": 0, "problem": "", "answer": "",
    }  # fmt: skip
    connection.execute(WEBHOOK_DELIVERIES.insert().values(**values))
    return made


def forget_keys(connection: sa.Connection) -> None:
    """Takes the keys of events out of all that was or is to be told: somebody is erased, who may be among them."""
    connection.execute(WEBHOOK_DELIVERIES.update().values(keys="[]"))
