"""Call lists as they were made, with every appointment that a list was made of: also those of the control group."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from pipeline.records import from_plain, to_plain
from pipeline.records.contacts import CallList, ListEntry, QueueSettings
from pipeline.records.webhooks import WebhookEvent
from pipeline.workspace.base import Base
from pipeline.workspace.engine import statements
from pipeline.workspace.engine.contact_tables import CALL_LIST_ENTRIES, CALL_LISTS
from pipeline.workspace.repositories import outbox
from pipeline.workspace.storage.copied import CALL_LISTS_KIND
from pipeline.workspace.storage.ids import checked

_WAY = "/"  # between the arm and the way of contacting that was drawn, where there is one: "contact/2"


class CallLists(Base):
    """The part of the workspace that keeps call lists."""

    def add_call_list(self, made: CallList, entries: Sequence[ListEntry]) -> None:
        """Keeps a list and its entries, in their order; all or nothing."""
        values = {
            "id": checked(made.id),
            "series_id": made.series,
            "dataset_id": made.dataset_id,
            "model_id": made.model_id,
            "as_of": made.as_of.isoformat(),
            "made_at": made.made_at.isoformat(timespec="seconds"),
            "settings": json.dumps(to_plain(made.settings)),
            "units": json.dumps(list(made.units), ensure_ascii=False),
            "seed": made.settings.seed,
            "control_share": made.settings.control_share,
        }
        with self.database.write() as connection:
            connection.execute(CALL_LISTS.insert().values(**values))
            if entries:
                connection.execute(CALL_LIST_ENTRIES.insert(), [_values(made.id, one) for one in entries])
            self.copy(connection, CALL_LISTS_KIND, made.series, made.id)
            outbox.tell(connection, WebhookEvent.LIST_READY, _told(made, entries))

    def call_lists(self, series_id: str) -> tuple[CallList, ...]:
        """The lists of a series, newest first."""
        query = sa.select(CALL_LISTS).where(CALL_LISTS.c.series_id == series_id)
        newest: tuple[Any, ...] = CALL_LISTS.c.made_at.desc(), statements.ARRIVAL.desc()
        with self.database.read() as connection:
            return tuple(_list(row) for row in connection.execute(query.order_by(*newest)))

    def call_list_entries(self, list_id: str) -> tuple[ListEntry, ...]:
        """The entries of a list, in its order."""
        return self._entries(CALL_LIST_ENTRIES.c.list_id == checked(list_id))

    def entries_since(self, series_id: str, day: dt.date) -> tuple[ListEntry, ...]:
        """The entries of all lists of a series whose appointment is on `day` or later, oldest list first."""
        lists = sa.select(CALL_LISTS.c.id).where(CALL_LISTS.c.series_id == series_id)
        return self._entries(CALL_LIST_ENTRIES.c.list_id.in_(lists), CALL_LIST_ENTRIES.c.day >= day)

    def _entries(self, *conditions: Any) -> tuple[ListEntry, ...]:
        query = sa.select(CALL_LIST_ENTRIES).where(*conditions).order_by(CALL_LIST_ENTRIES.c.id)
        with self.database.read() as connection:
            return tuple(_entry(row) for row in connection.execute(query))


def _told(made: CallList, entries: Sequence[ListEntry]) -> dict[str, outbox.Plain]:
    """What other systems are told of a list: ids and counts."""
    return {
        "list": made.id,
        "series": made.series,
        "dataset": made.dataset_id,
        "model": made.model_id,
        "day": made.as_of.isoformat(),
        "appointments": len(entries),
        "patients": len({one.patient for one in entries}),
    }


def _values(list_id: str, one: ListEntry) -> dict[str, Any]:
    return {
        "list_id": list_id,
        "event_key": one.key,
        "patient": one.patient,
        "arm": f"{one.arm}{_WAY}{one.way}" if one.way else one.arm,
        "risk": one.risk,
        "day": one.day,
        "unit": one.unit,
        "plan": one.plan,
        "stratum": one.stratum,
        "value": one.value,
    }


def _entry(row: Any) -> ListEntry:
    arm, _, way = row.arm.partition(_WAY)
    about = (row.risk, row.day, row.unit, row.plan, row.stratum, row.value)
    return ListEntry(row.event_key, row.patient, arm, *about, int(way or 0))


def _list(row: Any) -> CallList:
    return CallList(
        row.id,
        row.series_id,
        row.dataset_id,
        row.model_id,
        dt.date.fromisoformat(row.as_of),
        dt.datetime.fromisoformat(row.made_at),
        from_plain(QueueSettings, json.loads(row.settings)),
        tuple(json.loads(row.units)),
    )
