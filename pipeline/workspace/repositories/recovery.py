"""Taking back what the records don't know: under the key it was sealed with, once, with its series."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pipeline.errors import PresencaError, WorkspaceError
from pipeline.privacy import fingerprint, open_sealed
from pipeline.workspace.base import READY, Base
from pipeline.workspace.engine import statements
from pipeline.workspace.engine.database import now
from pipeline.workspace.engine.privacy_tables import ERASED_ROWS
from pipeline.workspace.engine.schema import DATASETS, MODELS, SERIES
from pipeline.workspace.storage import atomic_files, shelf, sidecars, vault
from pipeline.workspace.storage.sidecars import DATASETS_FOLDER, MODELS_FOLDER

_SEALED = ("recipe.sealed", "raw.sealed")
_REVISION = "revision-"
ERASED = "erased"  # in the record of a folder put aside: [row, when] of each that was erased while it lay there


class Recovery(Base):
    """The part of the workspace that takes back, or erases, what was put aside."""

    def shelved(self) -> tuple[shelf.Item, ...]:
        """What lies in the folder and is in no record."""
        return shelf.items(self.home)

    def damaged_copies(self) -> tuple[Path, ...]:
        """The copies of what people did that were cut short, and put aside."""
        return shelf.damaged_copies(self.home)

    def erase_damaged_copies(self) -> None:
        """Erases them for good."""
        with atomic_files.explained("doing.erase_shelved"):
            for path in self.damaged_copies():
                atomic_files.remove(path)
            shelf.tidy(self.home)

    def shelve(self) -> None:
        """Puts aside what no record knows; where there is no record at all, even what was just written."""
        known = self.recorded()
        if not self.blobs.is_remote:  # a cache holds what is elsewhere, too
            shelf.put_aside(self.home, known, settled=any(known.values()))

    def check_key(self, item: shelf.Item) -> None:
        """WorkspaceError if the files were sealed with another key than this workspace's."""
        said = sidecars.read(item.record)
        if said is not None and said.get("key") not in (None, fingerprint(self.key)):
            raise WorkspaceError("recovery.other_key")
        if item.kind == DATASETS_FOLDER:
            for path in sorted(p for name in _SEALED[:1] for p in item.path.rglob(name)) or [item.path / _SEALED[1]]:
                if path.exists():
                    _open(path, self.key, item.id)

    def take_back(self, item: shelf.Item, record: dict[str, Any]) -> None:
        """Puts the files back and their record into the database. WorkspaceError where the same is there already."""
        if self.blobs.is_remote:
            raise WorkspaceError("store.no_taking_back")
        self.check_key(item)
        row = self._row(item, sidecars.fitting(item.kind, record["row"]))
        with atomic_files.explained("doing.take_back"):
            try:
                shelf.back(item, self.home)
            except FileExistsError as error:
                raise WorkspaceError("recovery.already_kept") from error
        try:
            with self.database.write() as connection:
                _insert(connection, item.kind, row, record.get("series"))
                _mark_erased(connection, item.id, record.get(ERASED, []))
        except (IntegrityError, sa.exc.StatementError, sa.exc.CompileError) as error:
            shelf.put_aside(self.home, self.recorded(), settled=False)
            raise WorkspaceError(
                "recovery.already_kept" if isinstance(error, IntegrityError) else "recovery.record_damaged"
            ) from error
        with atomic_files.explained("doing.take_back"):
            self.copies.take_back(self.database)
        sidecars.refresh(self.database, self.home, fingerprint(self.key), self.staging)

    def erase_shelved(self, item: shelf.Item) -> None:
        """Erases for good what was put aside; with the last of its series, what was done about its events."""
        placed = _series_of(item)
        with atomic_files.explained("doing.erase_shelved"):
            atomic_files.discard(item.path, self.staging)
            atomic_files.remove(item.record)
            shelf.tidy(self.home)
            if placed and not self._known_series(placed) and placed not in map(_series_of, self.shelved()):
                self.copies.forget(placed)

    def _known_series(self, series_id: str) -> bool:
        with self.database.read() as connection:
            return connection.execute(sa.select(SERIES.c.id).where(SERIES.c.id == series_id)).first() is not None

    def expire_shelved(self, day: str) -> int:
        """Erases originals that lie aside after their last day, which being aside does not prolong; gives how many."""
        gone = 0
        for item in self.shelved():
            said = sidecars.read(item.record) or {"row": {}}
            if item.kind == DATASETS_FOLDER and str(said["row"].get("vault_until") or _last_day(item)) < day:
                for path in (p for name in _SEALED for p in item.path.rglob(name)):
                    atomic_files.remove(path)
                    gone += 1
        return gone

    def lost_files(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Ids of data sets and of models that the records know and whose files are gone."""
        known, there = self.recorded(ready=True), self.blobs.held()
        return tuple(sorted(known[DATASETS_FOLDER] - there[DATASETS_FOLDER])), tuple(
            sorted(known[MODELS_FOLDER] - there[MODELS_FOLDER])
        )

    def _row(self, item: shelf.Item, row: dict[str, Any]) -> dict[str, Any]:
        """The row as it is true now: the revision whose files are there, no vault where it was erased."""
        if item.kind == MODELS_FOLDER:
            here = {*self.recorded(ready=True)[DATASETS_FOLDER], None}
            gone = {} if row.get("dataset_id") in here else {"dataset_id": None, "dataset_deleted": True}
            return {**row, "id": item.id, **gone}
        until = row.get("vault_until") if (item.path / _SEALED[1]).exists() else None
        return {
            **row,
            "id": item.id,
            "state": READY,
            "revision": revision_of(item.path, row.get("revision")),
            "vault_until": until,
        }


def revision_of(folder: Path, said: int | None = None) -> int:
    """The revision whose files are there: the one the record names, or else the last."""
    there = [0] if (folder / "report.json").exists() else []
    there += [
        int(p.name.removeprefix(_REVISION))
        for p in folder.glob(f"{_REVISION}*")
        if p.name.removeprefix(_REVISION).isdecimal()
    ]
    return said if said in there and said is not None else max(there, default=0)


def revision_folder(folder: Path, revision: int) -> Path:
    """Where the files of a revision lie."""
    return folder / f"{_REVISION}{revision}" if revision else folder


def _series_of(item: shelf.Item) -> str:
    """The series that what lies aside belonged to; "" where nothing tells."""
    return str((sidecars.read(item.record) or {"row": {}})["row"].get("series_id") or "")


def _last_day(item: shelf.Item) -> str:
    """For a folder without a record: as if it had been sent on the day on which it was put aside."""
    return vault.kept_until(None, dt.date.fromisoformat(item.day)).isoformat()


def _open(path: Path, key: bytes, dataset_id: str) -> None:
    try:
        open_sealed(path.read_bytes(), key, dataset_id)
    except PresencaError as error:
        raise WorkspaceError("recovery.other_key") from error


def _mark_erased(connection: sa.Connection, dataset_id: str, told: list[list[Any]]) -> None:
    """Rows that were erased while their folder lay aside stay away when the same file is sent again."""
    for row, at in told:
        connection.execute(ERASED_ROWS.insert().values(dataset_id=dataset_id, row=int(row), at=str(at)))


def _insert(connection: sa.Connection, kind: str, row: dict[str, Any], series: dict[str, Any] | None) -> None:
    if isinstance(series, dict) and series.get("id") == row.get("series_id"):
        plain = {key: value for key, value in series.items() if key in SERIES.c}
        statements.add_if_new(connection, SERIES, plain)
    elif row.get("series_id"):
        known = connection.execute(sa.select(SERIES.c.id).where(SERIES.c.id == row["series_id"])).first()
        row = row if known else {**row, "series_id": ""}
    table = DATASETS if kind == DATASETS_FOLDER else MODELS
    connection.execute(table.insert().values(**{"created": now(), **row}))
