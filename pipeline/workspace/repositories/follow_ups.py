"""Follow-ups: what is done about the events of a series, with who did what and when. Notes rest sealed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from pipeline.errors import WorkspaceError
from pipeline.privacy import open_sealed, seal
from pipeline.records import FollowUp, FollowUpEvent, FollowUpState
from pipeline.workspace.base import Base
from pipeline.workspace.engine.schema import FOLLOW_UP_EVENTS, FOLLOW_UPS
from pipeline.workspace.storage.copied import FOLLOW_UPS_KIND
from pipeline.workspace.storage.ids import new_id

Change = Callable[[FollowUp], tuple[FollowUp, tuple[FollowUpEvent, ...]]]
_AT_ONCE = 500  # keys in one statement: SQLite takes only so many


class FollowUps(Base):
    """The part of the workspace that keeps follow-ups."""

    def follow_ups(self, series_id: str) -> dict[str, FollowUp]:
        """Those of a series about which something was done, by the key of their event."""
        query = sa.select(FOLLOW_UPS).where(FOLLOW_UPS.c.series_id == series_id)
        with self.database.read() as connection:
            return {row.event_key: _follow_up(row) for row in connection.execute(query)}

    def change_follow_up(
        self, series_id: str, unwritten: FollowUp, change: Change, *, expected: int | None
    ) -> tuple[FollowUp, tuple[FollowUpEvent, ...]]:
        """Changes a follow-up in one step with its history: `change` is handed what is kept, or `unwritten` where
        nothing is.

        WorkspaceError, with what is kept left as it is, where its version is not the `expected` one (None: any will
        do): somebody else changed it meanwhile.
        """
        own = sa.and_(FOLLOW_UPS.c.series_id == series_id, FOLLOW_UPS.c.event_key == unwritten.key)
        with self.database.write() as connection:
            row = connection.execute(sa.select(FOLLOW_UPS).where(own)).first()
            found = unwritten if row is None else _follow_up(row)
            if expected is not None and found.version != expected:
                raise WorkspaceError("follow_up.changed_elsewhere", state=str(found.state), owner=found.owner)
            made, done = change(found)
            if done:
                follow_up_id = new_id() if row is None else row.id
                _keep(connection, follow_up_id, series_id, made, is_new=row is None)
                self._add_events(connection, follow_up_id, done)
                self.copy(connection, FOLLOW_UPS_KIND, series_id, made.key)
            return made, done

    def _add_events(self, connection: sa.Connection, follow_up_id: str, done: Collection[FollowUpEvent]) -> None:
        for event in done:
            note = seal(event.note.encode(), self.key, follow_up_id) if event.note else None
            connection.execute(
                FOLLOW_UP_EVENTS.insert().values(
                    follow_up_id=follow_up_id,
                    at=event.at.isoformat(timespec="seconds"),
                    actor=event.actor,
                    who=event.who,
                    what=event.what,
                    said_before=event.before,
                    said_after=event.after,
                    note=note,
                )
            )

    def follow_up_events(self, series_id: str, keys: Collection[str]) -> dict[str, tuple[FollowUpEvent, ...]]:
        """What was done about these events, oldest first, with notes opened."""
        found: dict[str, list[FollowUpEvent]] = {}
        with self.database.read() as connection:
            for some in portions(keys):
                query = (
                    sa.select(FOLLOW_UPS.c.event_key, FOLLOW_UP_EVENTS)
                    .join(FOLLOW_UP_EVENTS, FOLLOW_UP_EVENTS.c.follow_up_id == FOLLOW_UPS.c.id)
                    .where(FOLLOW_UPS.c.series_id == series_id, FOLLOW_UPS.c.event_key.in_(some))
                    .order_by(FOLLOW_UP_EVENTS.c.id)
                )
                for row in connection.execute(query):
                    found.setdefault(row.event_key, []).append(self._event(row))
        return {key: tuple(events) for key, events in found.items()}

    def _event(self, row: Any) -> FollowUpEvent:
        note = open_sealed(row.note, self.key, row.follow_up_id).decode() if row.note else ""
        at = dt.datetime.fromisoformat(row.at)
        return FollowUpEvent(at, row.actor, row.who, row.what, row.said_before, row.said_after, note)

    def erase_follow_up_notes(self, series_id: str, keys: Collection[str]) -> int:
        """Erases the notes on these events, which may quote patients; who did what stays. Gives how many there were."""
        gone = 0
        with self.database.write() as connection:
            for some in portions(keys):
                own = FOLLOW_UPS.c.series_id == series_id, FOLLOW_UPS.c.event_key.in_(some)
                ids = sa.select(FOLLOW_UPS.c.id).where(*own)
                notes = FOLLOW_UP_EVENTS.delete().where(
                    FOLLOW_UP_EVENTS.c.follow_up_id.in_(ids), FOLLOW_UP_EVENTS.c.what == "note"
                )
                gone += connection.execute(notes).rowcount
                connection.execute(FOLLOW_UPS.update().where(*own).values(notes=0))
            if gone:
                self.copy(connection, FOLLOW_UPS_KIND, series_id)
        return gone

    def rekey_follow_ups(self, series_id: str, keys: Mapping[str, str], into: str | None = None) -> None:
        """What was done about an event stays with it when its key becomes another (old → new), or when it goes to the
        series `into`. Where something is kept under the new key already, each stays where it is.
        """
        target = series_id if into is None else into
        with self.database.write() as connection:
            own, theirs = _keys(connection, series_id), _keys(connection, target)
            moved = {old: new for old, new in keys.items() if old in own and (old, series_id) != (new, target)}
            # a place is free where nothing is kept, or where what is kept goes elsewhere in its turn
            while taken := [o for o, n in moved.items() if n in theirs and (target != series_id or n not in moved)]:
                moved = {old: new for old, new in moved.items() if old not in taken}
            for old in moved:  # aside first: a key may take another's place whose own goes elsewhere
                _rename(connection, (series_id, old), (series_id, f"~{old}"))
            for old, new in moved.items():
                _rename(connection, (series_id, f"~{old}"), (target, new))
            for changed in {series_id, target} if moved else ():
                self.copy(connection, FOLLOW_UPS_KIND, changed)

    def erase_follow_ups(self, connection: sa.Connection, series_id: str, kept: Collection[str]) -> None:
        """Erases, within a transaction of the caller, the follow-ups of a series whose events are not among `kept`."""
        query = sa.select(FOLLOW_UPS.c.event_key, FOLLOW_UPS.c.id).where(FOLLOW_UPS.c.series_id == series_id)
        gone = [row.id for row in connection.execute(query) if row.event_key not in kept]
        for some in portions(gone):
            connection.execute(FOLLOW_UPS.delete().where(FOLLOW_UPS.c.id.in_(some)))
        if gone:
            self.copy(connection, FOLLOW_UPS_KIND, series_id)


def portions(keys: Collection[str]) -> Iterator[list[str]]:
    """The keys in parts that fit into one statement."""
    every = list(keys)
    for start in range(0, len(every), _AT_ONCE):
        yield every[start : start + _AT_ONCE]


def _keys(connection: sa.Connection, series_id: str) -> set[str]:
    query = sa.select(FOLLOW_UPS.c.event_key).where(FOLLOW_UPS.c.series_id == series_id)
    return set(connection.execute(query).scalars())


def _rename(connection: sa.Connection, old: tuple[str, str], new: tuple[str, str]) -> None:
    """Series and key of one follow-up."""
    here = FOLLOW_UPS.c.series_id == old[0], FOLLOW_UPS.c.event_key == old[1]
    connection.execute(FOLLOW_UPS.update().where(*here).values(series_id=new[0], event_key=new[1]))


def _keep(connection: sa.Connection, follow_up_id: str, series_id: str, made: FollowUp, *, is_new: bool) -> None:
    values = {
        "state": str(made.state),
        "owner": made.owner,
        "taken_in": _text(made.taken_in),
        "due": _text(made.due),
        "answered": _text(made.answered),
        "updated": _text(made.updated),
        "version": made.version,
        "notes": made.notes,
    }
    if is_new:
        values |= {"id": follow_up_id, "series_id": series_id, "event_key": made.key}
        connection.execute(FOLLOW_UPS.insert().values(**values))
    else:
        connection.execute(FOLLOW_UPS.update().where(FOLLOW_UPS.c.id == follow_up_id).values(**values))


def _text(moment: dt.datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")


def _moment(text: str | None) -> dt.datetime | None:
    return None if text is None else dt.datetime.fromisoformat(text)


def _follow_up(row: Any) -> FollowUp:
    return FollowUp(
        row.event_key,
        FollowUpState(row.state),
        row.owner,
        dt.datetime.fromisoformat(row.taken_in),
        _moment(row.due),
        _moment(row.answered),
        _moment(row.updated),
        row.version,
        row.notes,
    )
