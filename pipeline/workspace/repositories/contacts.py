"""Contacts about the appointments of a series, who is being called right now, and who never is. Notes rest sealed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from pipeline.privacy import open_sealed, seal
from pipeline.records.contacts import (
    Barrier,
    Caller,
    Channel,
    Contact,
    ContactOutcome,
    Lease,
    Never,
    NeverKind,
    Offered,
    RiskOverride,
)
from pipeline.workspace.base import Base
from pipeline.workspace.engine import statements
from pipeline.workspace.engine.contact_tables import (
    CALL_LEASES,
    CALL_LIST_ENTRIES,
    CALL_LISTS,
    CONTACTS,
    NEVER_CALL,
    RISK_OVERRIDES,
)
from pipeline.workspace.repositories.follow_ups import portions
from pipeline.workspace.storage.copied import CONTACT_KINDS, CONTACTS_KIND, NEVER_KIND, OVERRIDES_KIND

LEASE_MINUTES = 10
_APART = 4  # files of copies; as many or more are made of one reading of the table


class Contacts(Base):
    """The part of the workspace that keeps contacts."""

    def contacts(self, series_id: str) -> tuple[Contact, ...]:
        """All that is written down in a series, oldest first, with what takes some of it back; notes opened."""
        query = sa.select(CONTACTS).where(CONTACTS.c.series_id == series_id).order_by(CONTACTS.c.id)
        with self.database.read() as connection:
            return tuple(self._contact(row) for row in connection.execute(query))

    def contacts_seen(self, series_id: str) -> int:
        """The number of the last contact of a series; 0 before the first: what `take_lease` is told."""
        with self.database.read() as connection:
            return _last(connection, series_id)

    def add_contacts(self, series_id: str, told: Sequence[Contact], *, release: str = "") -> int:
        """Writes contacts down, all or none, and gives how many were new: what is told again counts once (the same
        call about the same appointment). `release`: the holder whose leases on these patients end with it.
        """
        new = 0
        with self.database.write() as connection:
            for one in told:
                identity = f"{one.call}:{one.key}"
                note = seal(one.note.encode(), self.key, identity) if one.note else None
                values = _values(one) | {"series_id": series_id, "identity": identity, "note": note}
                new += statements.add_if_new(connection, CONTACTS, values)
            for patient in {one.patient for one in told} if release else ():
                mine = _own_lease(series_id, patient), CALL_LEASES.c.holder == release
                connection.execute(CALL_LEASES.delete().where(*mine))
            files = sorted({CONTACTS_KIND.file(one.key) for one in told}) if new else []
            for beginning in files if len(files) < _APART else [""]:
                self.copy(connection, CONTACTS_KIND, series_id, beginning)
        return new

    def _contact(self, row: Any) -> Contact:
        return Contact(
            row.event_key,
            row.patient,
            dt.datetime.fromisoformat(row.at),
            Channel(row.channel),
            ContactOutcome(row.outcome),
            row.call,
            Barrier(row.barrier) if row.barrier else None,
            Offered(row.offered) if row.offered else None,
            row.who,
            open_sealed(row.note, self.key, row.identity).decode() if row.note else "",
            row.list_id,
            row.undoes,
            row.actor,
        )

    def take_lease(
        self, series_id: str, patients: Iterable[str], caller: Caller, now: dt.datetime, *, seen: int
    ) -> Lease | None:
        """The first of these patients whom nobody is calling, for `caller` alone until LEASE_MINUTES from `now`; None
        where all are taken. All of the caller's other leases in the series end with it.

        One transaction decides: two callers never get the same patient. A patient about whom something was written
        down after the contact number `seen` is passed over: the caller's list was made before.
        """
        until = now + dt.timedelta(minutes=LEASE_MINUTES)
        with self.database.write() as connection:
            taken = _taken(connection, series_id, caller, now) | _told_since(connection, series_id, seen)
            found = next((patient for patient in patients if patient not in taken), None)
            mine = CALL_LEASES.c.series_id == series_id, CALL_LEASES.c.holder == caller.holder
            connection.execute(CALL_LEASES.delete().where(*mine))
            if found is None:
                return None
            connection.execute(CALL_LEASES.delete().where(_own_lease(series_id, found)))
            connection.execute(
                CALL_LEASES.insert().values(
                    series_id=series_id, patient=found, holder=caller.holder, who=caller.who, until=_utc(until)
                )
            )
        return Lease(found, caller.who, until, caller.holder)

    def renew_lease(self, series_id: str, patient: str, caller: Caller, now: dt.datetime) -> Lease | None:
        """A lease goes on for another LEASE_MINUTES, also one that ran out and that nobody else took; None where
        somebody else is calling.
        """
        return self.take_lease(series_id, [patient], caller, now, seen=self.contacts_seen(series_id))

    def release_leases(self, series_id: str, holder: str) -> None:
        """Whoever this is calls nobody now."""
        with self.database.write() as connection:
            mine = CALL_LEASES.c.series_id == series_id, CALL_LEASES.c.holder == holder
            connection.execute(CALL_LEASES.delete().where(*mine))

    def leases(self, series_id: str, now: dt.datetime) -> tuple[Lease, ...]:
        """Who is being called at this moment."""
        query = sa.select(CALL_LEASES).where(CALL_LEASES.c.series_id == series_id, CALL_LEASES.c.until > _utc(now))
        with self.database.read() as connection:
            return tuple(
                Lease(row.patient, row.who, dt.datetime.fromisoformat(row.until), row.holder)
                for row in connection.execute(query.order_by(CALL_LEASES.c.until, CALL_LEASES.c.patient))
            )

    def never_called(self, series_id: str) -> frozenset[Never]:
        """Whom and what nobody calls in a series."""
        with self.database.read() as connection:
            found = connection.execute(sa.select(NEVER_CALL).where(NEVER_CALL.c.series_id == series_id))
            return frozenset(Never(NeverKind(row.kind), row.value) for row in found)

    def set_never(self, series_id: str, one: Never, *, never: bool) -> None:
        """Puts one on the list of what is never called, or takes it off."""
        values = {"series_id": series_id, "kind": str(one.kind), "value": one.value}
        with self.database.write() as connection:
            if never:
                statements.add_if_new(connection, NEVER_CALL, values)
            else:
                same = [NEVER_CALL.c[name] == value for name, value in values.items()]
                connection.execute(NEVER_CALL.delete().where(*same))
            self.copy(connection, NEVER_KIND, series_id)

    def risk_overrides(self, series_id: str) -> tuple[RiskOverride, ...]:
        """All risks that somebody set, oldest first."""
        query = sa.select(RISK_OVERRIDES).where(RISK_OVERRIDES.c.series_id == series_id).order_by(RISK_OVERRIDES.c.id)
        with self.database.read() as connection:
            return tuple(
                RiskOverride(
                    row.event_key,
                    row.risk,
                    open_sealed(row.reason, self.key, _OVERRIDE).decode(),
                    dt.datetime.fromisoformat(row.at),
                    row.who,
                )
                for row in connection.execute(query)
            )

    def add_override(self, series_id: str, one: RiskOverride) -> None:
        """Writes down a risk that somebody set, with the reason sealed."""
        values = {
            "series_id": series_id,
            "event_key": one.key,
            "risk": one.risk,
            "reason": seal(one.reason.encode(), self.key, _OVERRIDE),
            "at": one.at.isoformat(timespec="seconds"),
            "who": one.who,
        }
        with self.database.write() as connection:
            connection.execute(RISK_OVERRIDES.insert().values(**values))
            self.copy(connection, OVERRIDES_KIND, series_id, one.key)

    def contacted_events(self, series_id: str) -> set[str]:
        """The keys of all events of which contacts, lists or risks set by hand tell."""
        listed = (
            sa.select(CALL_LIST_ENTRIES.c.event_key)
            .join(CALL_LISTS, CALL_LISTS.c.id == CALL_LIST_ENTRIES.c.list_id)
            .where(CALL_LISTS.c.series_id == series_id)
        )
        queries = [listed, *(sa.select(t.c.event_key).where(t.c.series_id == series_id) for t in _BY_SERIES)]
        with self.database.read() as connection:
            return {key for query in queries for key in connection.execute(query.distinct()).scalars()}

    def rekey_contacts(self, series_id: str, keys: Mapping[str, str], into: str | None = None) -> None:
        """What was done about an event stays with it when its key becomes another (old → new), or when it goes to the
        series `into`; a list goes with the data set that it was made of.
        """
        target = series_id if into is None else into
        moved = {old: new for old, new in keys.items() if (old, series_id) != (new, target)}
        if not moved:
            return
        with self.database.write() as connection:
            for table in _BY_SERIES:  # aside first: a key may take another's place whose own goes elsewhere
                for old in moved:
                    _rename(connection, table, (series_id, old), (series_id, f"~{old}"))
                for old, new in moved.items():
                    _rename(connection, table, (series_id, f"~{old}"), (target, new))
            _rekey_entries(connection, series_id, moved)
            for changed in {series_id, target}:
                self._copy_contacts(connection, changed)

    def _copy_contacts(self, connection: sa.Connection, series_id: str) -> None:
        for kind in CONTACT_KINDS:
            self.copy(connection, kind, series_id)

    def erase_contacts(
        self, connection: sa.Connection, series_id: str, kept: Collection[str], patients: Collection[str]
    ) -> None:
        """Erases, within a transaction of the caller, all of a series that belongs to events not among `kept`, and to
        patients not among `patients`.
        """
        for table in _BY_SERIES:
            own = table.c.series_id == series_id
            gone = set(connection.execute(sa.select(table.c.event_key).where(own)).scalars()) - set(kept)
            for some in portions(gone):
                connection.execute(table.delete().where(own, table.c.event_key.in_(some)))
        lists = sa.select(CALL_LISTS.c.id).where(CALL_LISTS.c.series_id == series_id)
        inside = CALL_LIST_ENTRIES.c.list_id.in_(lists)
        listed = set(connection.execute(sa.select(CALL_LIST_ENTRIES.c.event_key).where(inside)).scalars()) - set(kept)
        for some in portions(listed):
            connection.execute(CALL_LIST_ENTRIES.delete().where(inside, CALL_LIST_ENTRIES.c.event_key.in_(some)))
        connection.execute(CALL_LEASES.delete().where(CALL_LEASES.c.series_id == series_id))
        named = NEVER_CALL.c.series_id == series_id, NEVER_CALL.c.kind == str(NeverKind.PATIENT)
        strangers = set(connection.execute(sa.select(NEVER_CALL.c.value).where(*named)).scalars()) - set(patients)
        for some in portions(strangers):
            connection.execute(NEVER_CALL.delete().where(*named, NEVER_CALL.c.value.in_(some)))
        self._copy_contacts(connection, series_id)

    @staticmethod
    def forget_contacts(connection: sa.Connection, series_id: str) -> None:
        """Erases, within a transaction of the caller, all that is kept here of a series."""
        for table in (*_BY_SERIES, CALL_LISTS, CALL_LEASES, NEVER_CALL):
            connection.execute(table.delete().where(table.c.series_id == series_id))

    def erase_contact_notes(self, series_id: str, keys: Collection[str]) -> int:
        """Erases the notes on these events, which may quote patients; what came of each call stays. Gives how many."""
        gone = 0
        with self.database.write() as connection:
            for some in portions(keys):
                own = CONTACTS.c.series_id == series_id, CONTACTS.c.event_key.in_(some), CONTACTS.c.note.is_not(None)
                gone += connection.execute(CONTACTS.update().where(*own).values(note=None)).rowcount
            if gone:
                self.copy(connection, CONTACTS_KIND, series_id)
        return gone


_BY_SERIES = (CONTACTS, RISK_OVERRIDES)
_OVERRIDE = "risk_override"  # what reasons are sealed under: their event's key may change


def _own_lease(series_id: str, patient: str) -> Any:
    return sa.and_(CALL_LEASES.c.series_id == series_id, CALL_LEASES.c.patient == patient)


def _last(connection: sa.Connection, series_id: str) -> int:
    newest = sa.select(sa.func.max(CONTACTS.c.id)).where(CONTACTS.c.series_id == series_id)
    return connection.execute(newest).scalar() or 0


def _told_since(connection: sa.Connection, series_id: str, seen: int) -> set[str]:
    newer = sa.select(CONTACTS.c.patient).where(CONTACTS.c.series_id == series_id, CONTACTS.c.id > seen)
    return set(connection.execute(newer).scalars())


def _taken(connection: sa.Connection, series_id: str, caller: Caller, now: dt.datetime) -> set[str]:
    """The patients whom somebody else is calling now."""
    others = (
        CALL_LEASES.c.series_id == series_id,
        CALL_LEASES.c.holder != caller.holder,
        CALL_LEASES.c.until > _utc(now),
    )
    return set(connection.execute(sa.select(CALL_LEASES.c.patient).where(*others)).scalars())


def _rename(connection: sa.Connection, table: sa.Table, old: tuple[str, str], new: tuple[str, str]) -> None:
    here = table.c.series_id == old[0], table.c.event_key == old[1]
    connection.execute(table.update().where(*here).values(series_id=new[0], event_key=new[1]))


def _rekey_entries(connection: sa.Connection, series_id: str, keys: Mapping[str, str]) -> None:
    lists = sa.select(CALL_LISTS.c.id).where(CALL_LISTS.c.series_id == series_id)
    inside = CALL_LIST_ENTRIES.c.list_id.in_(lists)
    aside = {old: f"~{old}" for old in keys}
    for before, after in (*aside.items(), *((aside[old], new) for old, new in keys.items())):
        here = inside, CALL_LIST_ENTRIES.c.event_key == before
        connection.execute(CALL_LIST_ENTRIES.update().where(*here).values(event_key=after))


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds")


def _values(one: Contact) -> dict[str, Any]:
    return {
        "event_key": one.key,
        "patient": one.patient,
        "call": one.call,
        "at": one.at.isoformat(timespec="seconds"),
        "channel": str(one.channel),
        "outcome": str(one.outcome),
        "barrier": str(one.barrier or ""),
        "offered": str(one.offered or ""),
        "who": one.who,
        "actor": one.actor,
        "list_id": one.list_id,
        "undoes": one.undoes,
    }
