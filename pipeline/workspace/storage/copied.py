"""What is copied beside the database, kind by kind: what people did about events, and how a series is set.

Who is calling whom right now is not: it runs out by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from pipeline.records import FollowUpState
from pipeline.records.contacts import Channel, ContactOutcome, NeverKind
from pipeline.records.slots import OfferState
from pipeline.workspace.engine.contact_tables import (
    CALL_LIST_ENTRIES,
    CALL_LISTS,
    CONTACTS,
    NEVER_CALL,
    RISK_OVERRIDES,
)
from pipeline.workspace.engine.schema import (
    FOLLOW_UP_EVENTS,
    FOLLOW_UPS,
    OFFERS,
    SETTINGS,
    WAITING_ENTRIES,
    WAITING_LISTS,
)

SERIES_SETTINGS = "series_settings:"  # begins the name of a series' settings; its id follows
WHOLE = "all"  # the one file of a kind that isn't parted


@dataclass(frozen=True)
class Parts:
    """The rows that belong to one of a kind: their table, its column with the owner's id, what a copy calls them, and
    the order in which they are read.
    """

    table: sa.Table
    owner: str
    label: str
    order: str = "id"


@dataclass(frozen=True)
class Kind:
    """One kind of what is copied, in a folder of its own.

    `same`: the columns that tell two of a series apart; `by`: the column by whose first `digits` the files of a series
    are parted, so that a change rewrites little ("": one file); `version`: the column that counts changes, below which
    the copy is older; `order`: the column by which they are read; `states`: the texts that a column may hold;
    `series`: the column that names the series, after a `prefix`.
    """

    folder: str
    table: sa.Table
    same: tuple[str, ...]
    by: str = ""
    digits: int = 2
    version: str = ""
    parts: Parts | None = None
    order: str = ""
    states: Mapping[str, frozenset[str]] = field(default_factory=dict)
    series: str = "series_id"
    prefix: str = ""

    def of_series(self, series_id: str) -> sa.ColumnElement[bool]:
        """The rows of a series."""
        return self.table.c[self.series] == self.prefix + series_id

    def id_of(self, owner: str) -> str:
        """The series that the column `series` names."""
        return owner.removeprefix(self.prefix)

    def file(self, value: str) -> str:
        """The name, without its ending, of the file that holds what has this value in the column `by`."""
        return value[: self.digits] if self.by else WHOLE


FOLLOW_UPS_KIND = Kind(
    "follow_ups",
    FOLLOW_UPS,
    ("id",),
    by="event_key",
    version="version",
    parts=Parts(FOLLOW_UP_EVENTS, "follow_up_id", "events"),
    order="event_key",
    states={"state": frozenset(FollowUpState)},
)
CONTACTS_KIND = Kind(
    "contacts",
    CONTACTS,
    ("identity",),
    by="event_key",
    digits=1,  # a file of outcomes brings thousands at once: few files to be sure of
    order="id",
    states={"channel": frozenset(Channel), "outcome": frozenset(ContactOutcome)},
)
CALL_LISTS_KIND = Kind(
    "call_lists",
    CALL_LISTS,
    ("id",),
    by="id",
    digits=12,
    parts=Parts(CALL_LIST_ENTRIES, "list_id", "entries"),
    order="made_at",
)
NEVER_KIND = Kind("never_call", NEVER_CALL, ("kind", "value"), order="value", states={"kind": frozenset(NeverKind)})
OVERRIDES_KIND = Kind("risk_overrides", RISK_OVERRIDES, ("reason",), by="event_key", order="id")
WAITING_KIND = Kind("waiting_lists", WAITING_LISTS, (), parts=Parts(WAITING_ENTRIES, "list_id", "entries", "key"))
OFFERS_KIND = Kind(
    "offers",
    OFFERS,
    ("id",),
    by="slot_key",
    version="version",
    order="rowid",
    states={"state": frozenset(OfferState)},
)
SETTINGS_KIND = Kind("series_settings", SETTINGS, (), series="key", prefix=SERIES_SETTINGS)

CONTACT_KINDS = (CONTACTS_KIND, CALL_LISTS_KIND, NEVER_KIND, OVERRIDES_KIND)
KINDS = (FOLLOW_UPS_KIND, *CONTACT_KINDS, WAITING_KIND, OFFERS_KIND, SETTINGS_KIND)
