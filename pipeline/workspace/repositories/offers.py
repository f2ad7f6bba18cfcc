"""Waiting lists and offers of a series. Patients are pseudonyms; the sheet as it was sent rests sealed."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pipeline.errors import WorkspaceError
from pipeline.records import from_plain, to_plain
from pipeline.records.slots import Offer, OfferState, WaitingEntry, WaitingList
from pipeline.workspace.base import Base
from pipeline.workspace.engine import statements
from pipeline.workspace.engine.database import now
from pipeline.workspace.engine.schema import OFFERS, WAITING_ENTRIES, WAITING_LISTS
from pipeline.workspace.storage import vault
from pipeline.workspace.storage.copied import OFFERS_KIND, WAITING_KIND
from pipeline.workspace.storage.ids import checked, new_id

Sheet = tuple[pa.Table, np.ndarray | Sequence[int] | None]  # the cells, and the row of each line
Made = Callable[[tuple[Offer, ...]], tuple[Offer, ...]]
Change = Callable[[Offer, tuple[Offer, ...]], Offer]


class Offers(Base):
    """The part of the workspace that keeps waiting lists and offers."""

    def put_waiting_list(
        self, series_id: str, found: WaitingList, entries: Sequence[WaitingEntry], sheet: Sheet, today: dt.date
    ) -> WaitingList:
        """Keeps a list in place of the series' former one, in one step; offers stay. `found` gets its id here."""
        list_id, until = new_id(), vault.kept_until(None, today)
        made = replace(found, id=list_id, created=now(), vault_until=until)
        lines = [
            {"list_id": list_id, "key": entry.key, "patient": entry.patient, "entry": json.dumps(to_plain(entry))}
            for entry in entries
        ]
        with self.database.write() as connection:
            connection.execute(WAITING_LISTS.delete().where(WAITING_LISTS.c.series_id == checked(series_id)))
            connection.execute(
                WAITING_LISTS.insert().values(
                    id=list_id,
                    series_id=series_id,
                    created=made.created,
                    facts=json.dumps(to_plain(made)),
                    raw=vault.pack(*sheet, self.key, list_id),
                    vault_until=until.isoformat(),
                )
            )
            if lines:
                connection.execute(WAITING_ENTRIES.insert(), lines)
            self.copy(connection, WAITING_KIND, series_id)
        return made

    def waiting_list(self, series_id: str) -> WaitingList | None:
        """The series' list, if one was sent."""
        row = self._list(series_id)
        if row is None:
            return None
        until = None if row.vault_until is None else dt.date.fromisoformat(row.vault_until)
        return replace(from_plain(WaitingList, json.loads(row.facts)), vault_until=until)

    def waiting_entries(self, series_id: str) -> tuple[WaitingEntry, ...]:
        """Who waits, in the order of the sheet."""
        query = (
            sa.select(WAITING_ENTRIES.c.entry)
            .join(WAITING_LISTS, WAITING_LISTS.c.id == WAITING_ENTRIES.c.list_id)
            .where(WAITING_LISTS.c.series_id == checked(series_id))
        )
        with self.database.read() as connection:
            found = [from_plain(WaitingEntry, json.loads(row.entry)) for row in connection.execute(query)]
        return tuple(sorted(found, key=lambda entry: entry.row))

    def waiting_sheet(self, series_id: str) -> tuple[pa.Table, np.ndarray] | None:
        """The sheet as it was sent, all text, and the row of each line; None once it is erased."""
        row = self._list(series_id)
        return None if row is None or row.raw is None else vault.unpack(row.raw, self.key, row.id)

    def delete_waiting_list(self, series_id: str) -> None:
        """Deletes the list, its sheet and its entries; offers stay."""
        with self.database.write() as connection:
            connection.execute(WAITING_LISTS.delete().where(WAITING_LISTS.c.series_id == checked(series_id)))
            self.copy(connection, WAITING_KIND, series_id)

    def expire_waiting_sheets(self, today: dt.date) -> int:
        """Erases the sheets whose last day has passed; how many there were."""
        over = WAITING_LISTS.c.vault_until < today.isoformat()
        with self.database.write() as connection:
            named = connection.execute(sa.select(WAITING_LISTS.c.series_id).where(over)).scalars().all()
            connection.execute(WAITING_LISTS.update().where(over).values(raw=None, vault_until=None))
            for series_id in named:
                self.copy(connection, WAITING_KIND, series_id)
        return len(named)

    def offers(self, series_id: str) -> tuple[Offer, ...]:
        """All offers of a series, oldest first."""
        with self.database.read() as connection:
            return _offers(connection, series_id)

    def add_offers(self, series_id: str, made: Made, actor: str) -> tuple[Offer, ...]:
        """Adds offers in one step: `made` is handed those that are kept, and gives the new ones; each gets its id."""
        with self.database.write() as connection:
            new = tuple(replace(offer, id=new_id()) for offer in made(_offers(connection, series_id)))
            for offer in new:
                connection.execute(OFFERS.insert().values(series_id=checked(series_id), **_columns(offer, actor)))
            for key in {offer.slot.key for offer in new}:
                self.copy(connection, OFFERS_KIND, series_id, key)
        return new

    def change_offer(
        self, series_id: str, offer_id: str, change: Change, *, actor: str, expected: int | None = None
    ) -> Offer:
        """Changes an offer in one step: `change` is handed it and the other offers of its series, as they are kept.

        WorkspaceError where there is none with this id, where its version is not the `expected` one (somebody else
        changed it), and where somebody else has accepted its slot.
        """
        try:
            with self.database.write() as connection:
                every = _offers(connection, series_id)
                found = next((offer for offer in every if offer.id == offer_id), None)
                if found is None:
                    raise WorkspaceError("offer.gone")
                if expected is not None and found.version != expected:
                    raise WorkspaceError("offer.changed_elsewhere", state=str(found.state))
                made = change(found, tuple(offer for offer in every if offer.id != offer_id))
                if made != found:
                    here = OFFERS.c.id == offer_id
                    connection.execute(OFFERS.update().where(here).values(**_columns(made, actor)))
                    self.copy(connection, OFFERS_KIND, series_id, made.slot.key)
                return made
        except IntegrityError:  # the index of acceptances: no change of ours lets two have a slot
            raise WorkspaceError("offer.slot_taken") from None

    def rekey_offers(self, series_id: str, keys: Mapping[str, str], into: str | None = None) -> None:
        """An offer stays with its slot when the key of the slot's event becomes another (old → new), or when it goes to
        the series `into`. One that was accepted stays where it is if another was accepted under the new key.
        """
        target = series_id if into is None else into
        with self.database.write() as connection:
            there = {o.slot.key for o in _offers(connection, target) if o.state is OfferState.ACCEPTED}
            taken = there - set(keys) if target == series_id else there
            moved = [
                offer
                for offer in _offers(connection, series_id)
                if offer.slot.key in keys and not (offer.state is OfferState.ACCEPTED and keys[offer.slot.key] in taken)
            ]
            for offer in moved:  # aside first: a key may take another's place whose own goes elsewhere
                here = OFFERS.c.id == offer.id
                connection.execute(OFFERS.update().where(here).values(slot_key=f"~{offer.slot.key}"))
            for offer in moved:
                made = replace(offer, slot=replace(offer.slot, key=keys[offer.slot.key]))
                values = {"series_id": checked(target), "slot_key": made.slot.key, "offer": json.dumps(to_plain(made))}
                connection.execute(OFFERS.update().where(OFFERS.c.id == offer.id).values(**values))
            for changed in {series_id, target} if moved else ():
                self.copy(connection, OFFERS_KIND, changed)

    def offered_slots(self, series_id: str) -> set[str]:
        """The keys of the events whose slots were offered."""
        return {offer.slot.key for offer in self.offers(series_id)}

    def _list(self, series_id: str) -> Any:
        query = sa.select(WAITING_LISTS).where(WAITING_LISTS.c.series_id == checked(series_id))
        with self.database.read() as connection:
            return connection.execute(query).first()


def _offers(connection: sa.Connection, series_id: str) -> tuple[Offer, ...]:
    query = sa.select(OFFERS.c.offer).where(OFFERS.c.series_id == checked(series_id))
    rows = connection.execute(query.order_by(statements.ARRIVAL))
    found = [from_plain(Offer, json.loads(row.offer)) for row in rows]
    return tuple(sorted(found, key=lambda offer: offer.made))  # those that a copy gave back are the last rows


def _columns(offer: Offer, actor: str) -> dict[str, Any]:
    return {
        "id": offer.id,
        "slot_key": offer.slot.key,
        "patient": offer.patient,
        "state": str(OfferState(offer.state)),
        "version": offer.version,
        "offer": json.dumps(to_plain(offer)),
        "actor": actor,
    }
