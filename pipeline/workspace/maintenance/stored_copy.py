"""The files of a copy that is taken back, sent to the store in which they are to rest from now on."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pipeline.errors import WorkspaceError
from pipeline.workspace.base import DATABASE
from pipeline.workspace.engine.blob_tables import BLOBS, THERE
from pipeline.workspace.engine.places import Place
from pipeline.workspace.engine.schema import SETTINGS
from pipeline.workspace.engine.transfer import HOME_ID
from pipeline.workspace.storage import columns, stored_files
from pipeline.workspace.storage.blobs import FOLDERS
from pipeline.workspace.storage.object_store import ObjectStore
from pipeline.workspace.storage.sidecars import DATASETS_FOLDER, RECORD


@contextlib.contextmanager
def sent(staged: Path, place: Place) -> Iterator[None]:
    """Sends the files of a copy to the store of `place`, if it has one, and lists them in the copy's records, which
    knew of another store, or none. What was sent is erased if the block does not come to its end.
    """
    rows: list[dict[str, Any]] = []
    store = place.store
    try:
        if store is not None:
            for path in _files(staged):
                rows.append(_row(path, staged))
                store.send(path, rows[-1]["object"])
                stored_files.mark(path, rows[-1]["object"])
        _list(staged / DATABASE, rows)
        yield
    except BaseException:
        if store is not None:
            _take_out(store, rows)
        raise


def _take_out(store: ObjectStore, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        with contextlib.suppress(WorkspaceError):  # the store is away: a second try needs an empty place
            store.erase(row["object"])


def _files(staged: Path) -> Iterator[Path]:
    """What rests in a store; records beside data sets and models do not."""
    for kind in FOLDERS:
        for path in sorted((staged / kind).rglob("*")):
            is_record = path.name == RECORD if kind == DATASETS_FOLDER else path.suffix == ".json"
            if path.is_file() and not is_record and path.parent.name not in columns.FOLDERS:
                yield path


def _row(path: Path, staged: Path) -> dict[str, Any]:
    name = path.relative_to(staged).as_posix()
    facts = {"sha256": stored_files.sha256(path), "size": path.stat().st_size}
    return {"object": stored_files.new_name(name), "path": name, "state": THERE, "since": time.time(), **facts}


def _list(records: Path, rows: list[dict[str, Any]]) -> None:
    """Into the copy's records: a SQLite file, wherever they go from there."""
    engine = sa.create_engine(f"sqlite:///{records}", poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        connection.execute(BLOBS.delete())
        connection.execute(SETTINGS.delete().where(SETTINGS.c.key == HOME_ID))
        if rows:
            connection.execute(BLOBS.insert(), rows)
    engine.dispose()
