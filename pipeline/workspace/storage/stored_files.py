"""Files in a store of objects: the workspace's folder is this server's cache of them.

The manifest (`blobs` in the records) says what is true. An object has a name of its own and is never overwritten: its
row says `coming` before it is sent, then `there` in one transaction with all that belong to it, and `going` from the
moment in which it is to be erased, for every reader. So whatever a killed process leaves is known by its row. A file of
the cache bears in its time of change which object it is (`_stamp`): what is replaced or erased on another server is
seen at a glance, and dropped before anything is read, at the start, and by each server every few seconds.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import sqlalchemy as sa
from typing_extensions import override

from pipeline import atomic
from pipeline.errors import WorkspaceError
from pipeline.workspace.engine.blob_tables import BLOBS, COMING, GOING, THERE
from pipeline.workspace.engine.database import Database
from pipeline.workspace.engine.schema import DATASETS, MODELS
from pipeline.workspace.storage import atomic_files, columns
from pipeline.workspace.storage.blobs import FOLDERS, LocalFiles
from pipeline.workspace.storage.object_store import STORE_VARIABLE, ObjectStore

UNKNOWN_DAYS = 30  # for which objects stay that no row knows, as of an older copy of the records
_TRIES = 5  # of fetching what others change meanwhile
_PART = 1 << 20
_AT_ONCE = 500  # paths in a query


@dataclass(frozen=True)
class StoredFiles(LocalFiles):
    """Files that rest in `store`, by the manifest in `database`."""

    database: Database
    store: ObjectStore
    _turn: threading.Lock = field(default_factory=threading.Lock)

    is_remote = True

    @property
    def address(self) -> str:  # type: ignore[override]
        """The store's; it may hold a secret."""
        return self.store.address

    # ------------------------------------------------------------ writing

    @override
    def put(self, content: bytes, target: Path) -> None:
        draft = self.staging / f"{target.name}-{os.getpid()}-{time.monotonic_ns()}"
        try:
            atomic_files.write_new(draft, content)
            self._keep({target: draft})
            atomic_files.private_folders(self.home, target.parent)
            draft.replace(target)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        atomic.settle_folder(target.parent)

    @override
    @contextlib.contextmanager
    def new_folder(self, target: Path) -> Iterator[Path]:
        name = f"{target.name}-{os.getpid()}-{time.monotonic_ns()}"
        draft, is_kept = atomic_files.private_folder(self.staging / name), False
        try:
            yield draft
            atomic.settle_folder(draft)
            self._keep({target / path.relative_to(draft): path for path in _files(draft)}, into=target, beat=draft)
            is_kept = True
            atomic_files.private_folders(self.home, target.parent)  # nothing beside it need have been fetched
            _moved(draft, target)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            if is_kept:
                with contextlib.suppress(WorkspaceError):  # what stays is in no record, and is swept
                    self.remove(target)
            raise
        atomic.settle_folder(target.parent)

    def _keep(self, files: Mapping[Path, Path], into: Path | None = None, beat: Path | None = None) -> None:
        """Sends files (where they are to lie, and where they lie now) and lists them, all at once, in the place of what
        was there. `into`: a folder in which there must be nothing yet; `beat`: what shows that we are at work.
        """
        rows = [self._row(target, source) for target, source in files.items()]
        with self.database.write() as connection:
            if rows:
                connection.execute(BLOBS.insert(), rows)
        try:
            for row, source in zip(rows, files.values(), strict=True):
                self.store.send(source, row["object"])
                mark(source, row["object"])
                if beat is not None:
                    os.utime(beat)
            replaced = self._listed(rows, into)
        except BaseException:
            with contextlib.suppress(WorkspaceError):  # else the sweep ends it
                self._end(BLOBS.c.object.in_([row["object"] for row in rows]))
            raise
        with contextlib.suppress(WorkspaceError):  # it is `going`, and is ended by whoever erases or sweeps next
            self._end(BLOBS.c.object.in_(replaced))

    def _row(self, target: Path, source: Path) -> dict[str, Any]:
        path, facts = self._path(target), {"sha256": sha256(source), "size": source.stat().st_size}
        return {"object": new_name(path), "path": path, "state": COMING, "since": self.database.moment(), **facts}

    def _listed(self, rows: Sequence[Mapping[str, Any]], into: Path | None) -> list[str]:
        """Lists what was sent; gives the objects that it replaces."""
        now, sent = self.database.moment(), [row["object"] for row in rows]
        with self.database.write() as connection:
            if into is not None and connection.execute(_query(self._within(into), BLOBS.c.state == THERE)).first():
                raise WorkspaceError("store.changed_elsewhere")
            here = BLOBS.c.path.in_([row["path"] for row in rows]), BLOBS.c.state == THERE
            replaced = list(connection.execute(sa.select(BLOBS.c.object).where(*here)).scalars())
            _set_state(connection, GOING, now, BLOBS.c.object.in_(replaced))
            coming = BLOBS.c.object.in_(sent), BLOBS.c.state == COMING
            if _set_state(connection, THERE, now, *coming) != len(sent):  # erased, or swept, meanwhile
                raise WorkspaceError("store.changed_elsewhere")
        return replaced

    # ------------------------------------------------------------ erasing

    @override
    def remove(self, path: Path) -> None:
        self._forget(path)
        atomic_files.remove(path)

    @override
    def discard(self, path: Path) -> None:
        self._forget(path)
        atomic_files.discard(path, self.staging)

    def _forget(self, path: Path) -> None:
        """From the store and the manifest; cut short, its rows say what is still to be erased."""
        within = self._within(path)
        with self.database.read() as connection:
            if connection.execute(_query(within)).first() is None:
                return
        with self.database.write() as connection:
            _set_state(connection, GOING, self.database.moment(), within)
        self._end(within, BLOBS.c.state == GOING)

    def _end(self, *which: Any) -> None:
        """Erases objects, then their rows."""
        with self.database.read() as connection:
            names = list(connection.execute(sa.select(BLOBS.c.object).where(*which)).scalars())
        for name in names:
            self.store.erase(name)
        if not names:
            return
        with self.database.write() as connection:
            for start in range(0, len(names), _AT_ONCE):
                connection.execute(BLOBS.delete().where(BLOBS.c.object.in_(names[start : start + _AT_ONCE])))

    @override
    def end_removals(self) -> None:
        self._end(BLOBS.c.state == GOING)

    @override
    def sweep(self, is_known: Callable[[str], bool]) -> int:
        long_ago = self.database.moment() - atomic_files.LEFTOVER_SECONDS
        with self.database.write() as connection:
            cut = _set_state(connection, GOING, self.database.moment(), BLOBS.c.state == COMING, _before(long_ago))
            query = sa.select(BLOBS.c.path).where(BLOBS.c.state == THERE, _before(long_ago))
            strange = [path for path in connection.execute(query).scalars() if not is_known(path)]
        for path in strange:
            self.remove(self.home / path)
        self.end_removals()
        with contextlib.suppress(WorkspaceError):  # not every store lets us ask
            self.store.end_cut_uploads(atomic_files.LEFTOVER_SECONDS)
        return cut + len(strange) + (0 if self._lost() else self.erase_unknown(UNKNOWN_DAYS * 86_400.0))

    @override
    def erase_unknown(self, seconds: float = 0.0) -> int:
        """A copy of the records that is older than the store leaves such: what they hold can't be told. WorkspaceError
        where they may be what the manifest has lost.
        """
        found = {name: one for name, one in self.store.listing().items() if time.time() - one.written > seconds}
        unknown, lost = found.keys() - self._named(), self._lost()
        if any(_belongs_to(name) in lost for name in unknown):
            raise WorkspaceError("store.manifest_lost", variable=STORE_VARIABLE)
        for name in sorted(unknown):
            self.store.erase(name)
        return len(unknown)

    def _lost(self) -> set[tuple[str, str]]:
        """The data sets and models (the name of their folder, their id) of which the manifest says nothing at all."""
        with self.database.read() as connection:
            known = {_belongs_to(path) for path in connection.execute(sa.select(BLOBS.c.path)).scalars()}
            ready = sa.select(DATASETS.c.id).where(DATASETS.c.state == "ready")
            spoken = {(FOLDERS[0], one) for one in connection.execute(ready).scalars()}
            spoken |= {(FOLDERS[1], one) for one in connection.execute(sa.select(MODELS.c.id)).scalars()}
        return spoken - known

    def _named(self) -> set[str]:
        """The objects that the manifest knows; asked after the listing: a row is there before its object."""
        with self.database.read() as connection:
            return set(connection.execute(sa.select(BLOBS.c.object)).scalars())

    # ------------------------------------------------------------ reading

    @override
    def fetched(self, path: Path) -> Path:
        self.fetch([path])
        return path

    @override
    def fetch(self, paths: Collection[Path]) -> None:
        if not paths or not self._lacking(paths):
            return
        with self._turn:
            for _ in range(_TRIES):  # what was brought may be erased or replaced by now
                lacking = self._lacking(paths)
                if not lacking:
                    return
                for row in lacking:
                    self._bring(row)
        raise WorkspaceError("store.changed_elsewhere")

    @override
    def holds(self, folder: Path) -> bool:
        with self.database.read() as connection:
            return connection.execute(_query(self._within(folder), BLOBS.c.state == THERE)).first() is not None

    def _lacking(self, paths: Collection[Path]) -> list[Any]:
        """The rows whose files the cache lacks; what it should not have is dropped. Files are looked for before the
        manifest is: what is put meanwhile has its row before its name.
        """
        local = [file for path in paths for file in _files(path)]
        wanted = self._wanted(sa.or_(*(self._within(path) for path in paths)))
        self._drop(local, wanted)
        return [row for where, row in wanted.items() if not is_object(self.home / where, row)]

    def _wanted(self, *which: Any) -> dict[str, Any]:
        with self.database.read() as connection:
            return {row.path: row for row in connection.execute(sa.select(BLOBS).where(BLOBS.c.state == THERE, *which))}

    def _drop(self, local: Sequence[Path], wanted: Mapping[str, Any]) -> int:
        beside = {path.parent for path in local if path.parent.name in columns.FOLDERS}
        made = {folder for folder in beside if self._is_of(folder, wanted)}
        others = [path for path in local if path.parent not in made]
        dropped = [path for path in others if not is_object(path, wanted.get(self._path(path)))]
        for path in dropped:
            path.unlink(missing_ok=True)
        for folder in sorted({path.parent for path in dropped}, reverse=True):
            while folder not in (self.home, *(self.home / kind for kind in FOLDERS)):
                try:
                    folder.rmdir()
                except FileNotFoundError:  # another process was faster
                    pass
                except OSError:  # something is left in it
                    break
                folder = folder.parent
        return len(dropped)

    def _is_of(self, folder: Path, wanted: Mapping[str, Any]) -> bool:
        """Whether columns are made of the rows beside them that the manifest speaks of, fetched or not."""
        above = self._path(folder.parent)
        framed = any(path.endswith(".parquet") and str(PurePosixPath(path).parent) == above for path in wanted)
        told = {f"{above}/{name}": sha256 for name, sha256 in columns.sources(folder).items()}
        return framed and all(path in wanted and wanted[path].sha256 == sha256 for path, sha256 in told.items())

    def _bring(self, row: Any) -> None:
        target = self.home / row.path
        draft = self.staging / f"{target.name}-{os.getpid()}-{time.monotonic_ns()}"
        try:
            came = self.store.bring(row.object, draft)
            if came != row.sha256 or draft.stat().st_size != row.size:
                raise WorkspaceError("store.object_damaged")
            mark(draft, row.object)
            atomic_files.private_folders(self.home, target.parent)
            draft.replace(target)
        except WorkspaceError as error:  # erased while it was being brought: the next look knows
            if error.note.code != "store.object_gone" or row.path in self._wanted(BLOBS.c.object == row.object):
                raise
        finally:
            draft.unlink(missing_ok=True)

    @override
    def there(self, paths: Collection[Path]) -> set[Path]:
        wanted, found = [self._path(path) for path in paths], set[str]()
        with self.database.read() as connection:
            for start in range(0, len(wanted), _AT_ONCE):
                here = BLOBS.c.state == THERE, BLOBS.c.path.in_(wanted[start : start + _AT_ONCE])
                found |= set(connection.execute(sa.select(BLOBS.c.path).where(*here)).scalars())
        return {self.home / path for path in found}

    @override
    def ages(self, folder: Path) -> dict[Path, float]:
        now = self.database.moment()
        found = {self.home / path: now - row.since for path, row in self._wanted(self._within(folder)).items()}
        return {path: age for path, age in found.items() if path.parent == folder}

    @override
    def held(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {kind: set() for kind in FOLDERS[:2]}
        with self.database.read() as connection:
            paths = connection.execute(sa.select(BLOBS.c.path).where(BLOBS.c.state == THERE)).scalars().all()
        for path in paths:
            kind, name = path.split("/")[:2]
            found.setdefault(kind, set()).add(name.split(".")[0])
        return {kind: found[kind] for kind in FOLDERS[:2]}

    @override
    def drop_stale(self) -> int:
        local = [path for kind in FOLDERS for path in _files(self.home / kind)]
        return self._drop(local, self._wanted()) if local else 0

    # ------------------------------------------------------------ paths

    def _path(self, path: Path) -> str:
        return path.relative_to(self.home).as_posix()

    def _within(self, path: Path) -> Any:
        """The rows of a file, or of what lies in a folder ("0" comes next after "/")."""
        own = self._path(path)
        return sa.or_(BLOBS.c.path == own, sa.and_(BLOBS.c.path > f"{own}/", BLOBS.c.path < f"{own}0"))


def _belongs_to(path: str) -> tuple[str, str]:
    """The name of the folder, and the id, of what a path or an object belongs to."""
    kind, _, rest = path.partition("/")
    return kind, rest.split("/")[0].split(".")[0]


def _query(*which: Any) -> sa.Select[Any]:
    return sa.select(BLOBS.c.object).where(*which).limit(1)


def _before(moment: float) -> Any:
    return BLOBS.c.since < moment


def _set_state(connection: sa.Connection, state: str, now: float, *which: Any) -> int:
    return connection.execute(BLOBS.update().where(*which).values(state=state, since=now)).rowcount


def _stamp(name: str) -> int:
    """The time of change (seconds since 1970) that a cached file bears: which object it is, of those of its path."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) >> 1


def new_name(path: str) -> str:
    """The name of an object for a path below the folder, which none has had and none will have."""
    return f"{path}.{secrets.token_hex(8)}"


def mark(path: Path, name: str) -> None:
    """Lets a cached file bear which object it is."""
    os.utime(path, (_stamp(name),) * 2)


def is_object(path: Path, row: Any) -> bool:
    """Whether a cached file is there, and is the object that a row, if there is one, speaks of."""
    if row is None:
        return False
    try:
        facts = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return facts.st_size == row.size and int(facts.st_mtime) == _stamp(row.object)


def _files(path: Path) -> Iterator[Path]:
    """The files below a path, or itself."""
    if not path.is_dir():
        yield from [path] if path.is_file() else []
        return
    for folder, _, names in os.walk(path):  # which passes over what others remove meanwhile
        yield from (Path(folder) / name for name in sorted(names))


def _moved(draft: Path, target: Path) -> None:
    """The draft to its place, unless another process has fetched there what was just listed: the same."""
    try:
        draft.rename(target)
    except OSError:
        if not target.is_dir():
            raise
        shutil.rmtree(draft, ignore_errors=True)


def sha256(path: Path) -> str:
    """Of a file's content, as hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(_PART):
            digest.update(part)
    return digest.hexdigest()
