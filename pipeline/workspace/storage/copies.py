"""What people did and set, copied beside the database: a lost or older one loses nothing of it.

A folder a kind (`copied.KINDS`), in it a folder a series, and there JSON files that are rewritten with each change,
within its transaction: what was erased is gone from here before the database forgets it, and a copy is never older than
what it was made of. So it is right wherever the two differ; what the copies lack altogether stays as the database has
it. Texts that are sealed there are sealed here, as the same bytes.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pipeline.workspace.engine.database import Database
from pipeline.workspace.engine.schema import SERIES
from pipeline.workspace.storage import atomic_files, shelf
from pipeline.workspace.storage.copied import KINDS, Kind, Parts
from pipeline.workspace.storage.ids import checked, is_id

Item = dict[str, Any]  # {"row": columns, and the label of its parts: their columns}


@dataclass(frozen=True)
class Copies:
    """Where the copies of a workspace lie, and the fingerprint of the key that their texts are sealed with. `is_kept`:
    not where servers share records and each has a folder of its own: its copies would fall behind what others do, and
    bring back what was erased.
    """

    home: Path
    staging: Path
    fingerprint: str
    is_kept: bool = True

    def write(self, connection: sa.Connection, kind: Kind, series_id: str, only: str = "") -> None:
        """The copies of a kind and series as the connection sees them, within its transaction. `only`: the one file
        that holds what has this value in the column by which the files are parted.
        """
        if not self.is_kept:
            return
        folder, wanted = self._folder(kind, series_id), self._contents(connection, kind, series_id, only)
        there = [folder / f"{kind.file(only)}.json"] if only else sorted(folder.glob("*.json"))
        for path in there:
            if path.stem not in wanted:
                atomic_files.remove(path)
        for name, content in wanted.items():
            path = folder / f"{name}.json"
            if not path.exists() or path.read_bytes() != content:
                atomic_files.private_folder(folder.parent)
                atomic_files.private_folder(folder)
                atomic_files.put(content, path, self.staging)

    def _contents(self, connection: sa.Connection, kind: Kind, series_id: str, only: str = "") -> dict[str, bytes]:
        files: defaultdict[str, list[Item]] = defaultdict(list)
        for item in _items(connection, kind, series_id, only):
            files[kind.file(item["row"].get(kind.by, ""))].append(item)
        return {name: self._file(items) for name, items in files.items()}

    def _file(self, items: list[Item]) -> bytes:
        return json.dumps({"key": self.fingerprint, "items": items}, ensure_ascii=False, sort_keys=True).encode()

    def write_all(self, database: Database) -> None:
        """The copies of every kind and series of which something is kept."""
        for kind in KINDS if self.is_kept else ():
            column = kind.table.c[kind.series]
            with database.read() as connection:
                owners = connection.execute(sa.select(column).where(column.startswith(kind.prefix)).distinct())
                named = [kind.id_of(owner) for owner in owners.scalars()]
            for series_id in named:
                with database.write() as connection:  # a change meanwhile would be overwritten by what was before it
                    self.write(connection, kind, series_id)

    def forget(self, series_id: str) -> None:
        """Removes the copies of a series."""
        for kind in KINDS:
            atomic_files.remove(self._folder(kind, series_id))

    def erase_mentions(self, told: Collection[str], but: Collection[str]) -> None:
        """Takes out of the copies of series that no record knows (all `but` these) what mentions one of these names:
        pseudonyms and keys of events. What can't be read and mentions one goes as a whole.
        """
        for kind in KINDS:
            for path in sorted((self.home / kind.folder).glob("*/*.json")):
                if path.parent.name not in but and _mentions(path.read_text("utf-8", "replace"), told):
                    left = _without(path, kind, told)
                    if left is None:
                        atomic_files.remove(path)
                    else:
                        atomic_files.put(left, path, self.staging)

    def _folder(self, kind: Kind, series_id: str) -> Path:
        """WorkspaceError for what is no id: a crafted record must not name a folder elsewhere."""
        return self.home / kind.folder / checked(series_id)

    def take_back(self, database: Database) -> None:
        """Gives the database what the copies of the series that it knows tell beyond it, or otherwise than it. A file
        that was cut short or makes no sense is put aside (`shelf.damaged_copies`).
        """
        if not self.is_kept:
            return
        with database.write() as connection:
            known = set(connection.execute(sa.select(SERIES.c.id)).scalars())
            for kind in KINDS:
                for folder in sorted((self.home / kind.folder).glob("*/")):
                    if is_id(folder.name) and folder.name in known:
                        self._take_back(connection, kind, folder)

    def _take_back(self, connection: sa.Connection, kind: Kind, folder: Path) -> None:
        alike = self._contents(connection, kind, folder.name)
        paths = [path for path in sorted(folder.glob("*.json")) if path.read_bytes() != alike.get(path.stem)]
        told = [item for path in paths for item in self._read(path, kind)]
        if told:
            there = {_identity(kind, item): item for item in _items(connection, kind, folder.name)}
            news = [item for item in told if _is_news(kind, there.get(_identity(kind, item)), item)]
            _take(connection, kind, folder.name, sorted(news, key=lambda item: _place(kind, item)))

    def _read(self, path: Path, kind: Kind) -> list[Item]:
        """What a copy holds; nothing of one that is sealed with another key, or that is damaged, which goes aside."""
        try:
            found = json.loads(path.read_text("utf-8"))
            return [_checked(kind, item) for item in found["items"]] if found["key"] == self.fingerprint else []
        except (ValueError, KeyError, TypeError, AttributeError):
            shelf.put_copy_aside(self.home, path, kind.folder)
            return []


def _mentions(plain: str, told: Collection[str]) -> bool:
    return any(name in plain for name in told)


def _without(path: Path, kind: Kind, told: Collection[str]) -> bytes | None:
    """A copy without the items, and parts of items, that mention a name; None where nothing readable is left. A sheet
    that lies sealed in such an item goes too: it may say the name in words.
    """
    try:
        found = json.loads(path.read_text("utf-8"))
        left = [_item_without(kind, one, told) for one in found["items"] if not _mentions(json.dumps(one["row"]), told)]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return json.dumps(found | {"items": left}, ensure_ascii=False, sort_keys=True).encode() if left else None


def _item_without(kind: Kind, item: Item, told: Collection[str]) -> Item:
    if kind.parts is None:
        return item
    parts = item[kind.parts.label]
    stay = [part for part in parts if not _mentions(json.dumps(part), told)]
    row = item["row"] | {"raw": None} if len(stay) < len(parts) and "raw" in item["row"] else item["row"]
    return item | {"row": row, kind.parts.label: stay}


def _items(connection: sa.Connection, kind: Kind, series_id: str, only: str = "") -> list[Item]:
    """What the database keeps of a kind and series, as JSON holds it."""
    table, mine = kind.table, kind.of_series(series_id)
    if only and kind.by:
        mine = sa.and_(mine, table.c[kind.by].startswith(kind.file(only)))
    query = sa.select(table).where(mine)
    order: list[sa.ColumnElement[Any]] = [sa.literal_column(kind.order)] if kind.order else []
    rows = [_plain(row) for row in connection.execute(query.order_by(*order))]
    if kind.parts is None:
        return [{"row": row} for row in rows]
    belongs = _parts(connection, kind.parts, sa.select(table.c.id).where(mine))
    return [{"row": row, kind.parts.label: belongs[row["id"]]} for row in rows]


def _parts(connection: sa.Connection, parts: Parts, owners: sa.Select[Any]) -> defaultdict[str, list[Item]]:
    owner, found = parts.table.c[parts.owner], defaultdict[str, list[Item]](list)
    for row in connection.execute(sa.select(parts.table).where(owner.in_(owners)).order_by(parts.table.c[parts.order])):
        found[str(row._mapping[parts.owner])].append(_plain(row))
    return found


def _plain(row: sa.Row[Any]) -> Item:
    return {name: _text(value) for name, value in row._mapping.items()}


def _text(value: Any) -> Any:
    """Sealed bytes as hexadecimal digits, days as ISO text, the rest as it is."""
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, dt.date) else value


def _value(column: sa.Column[Any], plain: Any) -> Any:
    """Inverse of `_text`; ValueError or TypeError for what the column can't hold."""
    if not isinstance(plain, str | int | float | None):
        raise TypeError("not a cell")
    if plain is None and not column.nullable:
        raise ValueError("nothing where something must be")
    if isinstance(plain, str) and isinstance(column.type, sa.LargeBinary):
        return bytes.fromhex(plain)
    return dt.date.fromisoformat(plain) if isinstance(plain, str) and isinstance(column.type, sa.Date) else plain


def _values(table: sa.Table, row: Item) -> Item:
    """A row as the table takes it, with the columns that it has today."""
    return {name: _value(table.c[name], plain) for name, plain in row.items() if name in table.c}


def _checked(kind: Kind, item: Item) -> Item:
    """The item; ValueError, KeyError or TypeError where the database could not hold it."""
    row = item["row"]
    _values(kind.table, row)
    if any(row[name] not in allowed for name, allowed in kind.states.items()):
        raise ValueError("no such state")
    if any(name not in row for name in (*kind.same, *([kind.version] if kind.version else ()))):
        raise KeyError("what tells it from others")
    if kind.parts is not None:
        for part in item[kind.parts.label]:
            _values(kind.parts.table, part)
    return item


def _identity(kind: Kind, item: Item) -> tuple[Any, ...]:
    return tuple(item["row"][name] for name in kind.same)


def _place(kind: Kind, item: Item) -> Any:
    """By what items are taken back in their order."""
    return item["row"].get(kind.order, 0)


def _is_news(kind: Kind, known: Item | None, item: Item) -> bool:
    if known is not None and kind.version and known["row"][kind.version] > item["row"][kind.version]:
        return False
    return known != item


def _take(connection: sa.Connection, kind: Kind, series_id: str, items: Sequence[Item]) -> None:
    """Puts these in place of what the database has of them; together, since one may free the place of another. What has
    no place even alone is passed over: the database has something else there.
    """
    try:
        with connection.begin_nested():
            for item in items:
                same = [kind.table.c[name] == _value(kind.table.c[name], item["row"][name]) for name in kind.same]
                mine = () if kind.same == ("id",) else (kind.of_series(series_id),)
                connection.execute(kind.table.delete().where(*mine, *same))
            for item in items:
                _insert(connection, kind, series_id, item)
    except IntegrityError:
        for item in items if len(items) > 1 else ():
            _take(connection, kind, series_id, [item])


def _insert(connection: sa.Connection, kind: Kind, series_id: str, item: Item) -> None:
    row = _values(kind.table, item["row"]) | {kind.series: kind.prefix + series_id}
    connection.execute(kind.table.insert(), _numbered(connection, kind.table, [row]))
    parts = [_values(kind.parts.table, part) for part in item[kind.parts.label]] if kind.parts else []
    if kind.parts and parts:
        connection.execute(kind.parts.table.insert(), _numbered(connection, kind.parts.table, parts))


def _numbered(connection: sa.Connection, table: sa.Table, rows: list[Item]) -> list[Item]:
    """The rows with the numbers that they had, or with none where another row has one of them by now."""
    if "id" not in table.c or not isinstance(table.c.id.type, sa.Integer):
        return rows
    had = [row.get("id", 0) for row in rows]
    within = sa.select(table.c.id).where(table.c.id.between(min(had), max(had))).limit(1)
    is_free = all(had) and len(set(had)) == len(had) and connection.execute(within).first() is None
    return rows if is_free else [{name: value for name, value in row.items() if name != "id"} for row in rows]
