"""What is done about events, copied beside the database: a lost or older one loses no answer.

Below `follow_ups/`, a folder a series, and in it a file for each beginning of a key (two hex digits), so that a change
rewrites little. Notes are sealed there as they are in the database.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pipeline.records import FollowUpState
from pipeline.workspace.engine.database import Database
from pipeline.workspace.engine.schema import FOLLOW_UP_EVENTS, FOLLOW_UPS, SERIES
from pipeline.workspace.storage import atomic_files
from pipeline.workspace.storage.ids import checked

FOLDER = "follow_ups"
_DIGITS = 2


@dataclass(frozen=True)
class Copies:
    """Where the copies of a workspace lie, and the fingerprint of the key that their notes are sealed with."""

    home: Path
    staging: Path
    fingerprint: str

    def write(self, connection: sa.Connection, series_id: str, only: str = "") -> None:
        """The copies of a series as the connection sees it, within its transaction: what was erased is gone from here
        before the database forgets it. `only`: the one file that holds this key.
        """
        folder, wanted = self._folder(series_id), self._contents(connection, series_id, only[:_DIGITS])
        there = [folder / f"{only[:_DIGITS]}.json"] if only else sorted(folder.glob("*.json"))
        for path in there:
            if path.stem not in wanted:
                atomic_files.remove(path)
        for name, content in wanted.items():
            path = folder / f"{name}.json"
            if not path.exists() or path.read_bytes() != content:
                atomic_files.private_folder(folder.parent)
                atomic_files.private_folder(folder)
                atomic_files.put(content, path, self.staging)

    def _contents(self, connection: sa.Connection, series_id: str, beginning: str) -> dict[str, bytes]:
        mine = sa.and_(FOLLOW_UPS.c.series_id == series_id, FOLLOW_UPS.c.event_key.startswith(beginning))
        kept = [dict(row._mapping) for row in connection.execute(sa.select(FOLLOW_UPS).where(mine))]
        ids = sa.select(FOLLOW_UPS.c.id).where(mine)
        done: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        events = sa.select(FOLLOW_UP_EVENTS).where(FOLLOW_UP_EVENTS.c.follow_up_id.in_(ids))
        for row in connection.execute(events.order_by(FOLLOW_UP_EVENTS.c.id)):
            note = None if row.note is None else row.note.hex()
            done[row.follow_up_id].append(dict(row._mapping) | {"note": note})
        files: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        for one in sorted(kept, key=lambda one: str(one["event_key"])):
            files[one["event_key"][:_DIGITS]].append({"row": one, "events": done[one["id"]]})
        return {name: self._file(items) for name, items in files.items()}

    def _file(self, items: list[dict[str, Any]]) -> bytes:
        return json.dumps({"key": self.fingerprint, "items": items}, ensure_ascii=False, sort_keys=True).encode()

    def write_all(self, database: Database) -> None:
        """The copies of every series of which something is kept."""
        with database.read() as connection:
            noted = connection.execute(sa.select(FOLLOW_UPS.c.series_id).distinct()).scalars().all()
        for series_id in noted:
            with database.write() as connection:  # a change meanwhile would be overwritten by what was before it
                self.write(connection, series_id)

    def forget(self, series_id: str) -> None:
        """Removes the copies of a series."""
        atomic_files.remove(self._folder(series_id))

    def _folder(self, series_id: str) -> Path:
        """WorkspaceError for what is no id: a crafted record must not name a folder elsewhere."""
        return self.home / FOLDER / checked(series_id)

    def take_back(self, database: Database) -> None:
        """Gives the database what the copies of the series that it knows tell beyond it: what it lacks, or has in an
        earlier version.
        """
        if not (self.home / FOLDER).exists():
            return
        with database.write() as connection:
            known = set(connection.execute(sa.select(SERIES.c.id)).scalars())
            for path in sorted((self.home / FOLDER).glob("*/*.json")):
                for item in self._read(path) if path.parent.name in known else ():
                    _take(connection, path.parent.name, item)

    def _read(self, path: Path) -> Iterator[dict[str, Any]]:
        """What a copy holds and makes sense; nothing of one that is damaged, or sealed with another key."""
        try:
            found = json.loads(path.read_text("utf-8"))
            if found["key"] == self.fingerprint:
                yield from (item for item in found["items"] if item["row"]["state"] in set(FollowUpState))
        except (OSError, ValueError, KeyError, TypeError):
            return


def _take(connection: sa.Connection, series_id: str, item: dict[str, Any]) -> None:
    row = _fitting(item["row"], FOLLOW_UPS) | {"series_id": series_id}
    same = sa.and_(FOLLOW_UPS.c.series_id == series_id, FOLLOW_UPS.c.event_key == row["event_key"])
    known = connection.execute(sa.select(FOLLOW_UPS.c.id, FOLLOW_UPS.c.version).where(same)).first()
    if known is not None and (known.id != row["id"] or known.version >= row["version"]):
        return
    connection.execute(FOLLOW_UPS.delete().where(same))
    connection.execute(FOLLOW_UPS.insert().values(**row))
    for event in item["events"]:
        note = None if event["note"] is None else bytes.fromhex(event["note"])
        told = {key: value for key, value in _fitting(event, FOLLOW_UP_EVENTS).items() if key != "id"}
        connection.execute(FOLLOW_UP_EVENTS.insert().values(**told | {"note": note}))


def _fitting(row: dict[str, Any], table: sa.Table) -> dict[str, Any]:
    """A row with the columns that the table has today."""
    return {key: value for key, value in row.items() if key in table.c}
