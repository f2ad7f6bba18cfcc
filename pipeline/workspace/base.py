"""The folder of a workspace, its database and its key: what all parts of the store stand on."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pipeline import scratch
from pipeline.errors import LostRecords, WorkspaceError
from pipeline.privacy import fingerprint
from pipeline.records import Note, note
from pipeline.workspace.engine import schema, statements
from pipeline.workspace.engine.audit_chain import AuditChain
from pipeline.workspace.engine.blob_tables import BLOBS
from pipeline.workspace.engine.database import Database, Glance, refuse_newer
from pipeline.workspace.engine.places import BACKUPS, FILE, Place
from pipeline.workspace.engine.privacy_tables import ERASURES
from pipeline.workspace.engine.schema import DATASETS, MODELS, RISKS, SETTINGS
from pipeline.workspace.secrets import keys
from pipeline.workspace.storage import atomic_files, people_copy, shelf, sidecars, spare
from pipeline.workspace.storage.blobs import LocalFiles
from pipeline.workspace.storage.copied import KINDS, Kind
from pipeline.workspace.storage.copies import Copies
from pipeline.workspace.storage.ids import checked
from pipeline.workspace.storage.object_store import STORE_VARIABLE
from pipeline.workspace.storage.stored_files import StoredFiles

READY = "ready"
DELETING = "deleting"
KEY_FINGERPRINT = "key_fingerprint"
DATABASE = FILE
_FOLDERS = ("datasets", "models", "jobs", BACKUPS, "tmp")


class Base:
    """One clinic's workspace, open. `home`: PRESENCA_HOME or the system's data folder; `key`: 32 bytes.

    WorkspaceError if it can't be opened: no permission, a newer format, or data sealed with another key; LostRecords
    where the folders are full and the records empty, unless `recovering`.
    """

    def __init__(self, home: Path | None = None, key: bytes | None = None, *, recovering: bool = False) -> None:
        self.most_bytes: int | None = None  # of one frame that is read: what a server, which many share, sets
        self.home = (home or keys.default_home()).absolute()
        self.key_was_given = key is not None
        place = Place.of(self.home)
        seen = place.glance(KEY_FINGERPRINT)
        if place.is_empty(seen):
            self._refuse_lost_store(place)
            self._refuse_lost({} if recovering else shelf.held(self.home))
        refuse_newer(seen.version)
        self.key = self._right_key(key, seen)
        with atomic_files.explained("doing.open_workspace"):
            atomic_files.private_folder(self.home)
            for name in _FOLDERS:
                atomic_files.private_folder(self.home / name)
        scratch.use(self.staging)
        self.database = self._open_records(place)
        self.blobs = self._files(place)
        self.drop_stale()  # before anything is served
        if not any(self.recorded().values()):
            self._refuse_lost_store(place)
            self._refuse_lost({} if recovering else shelf.held(self.home, settled=True))
        self._keep_fingerprint()
        if not people_copy.take_back(self.database, self.home):
            people_copy.keep_if_room(self.database, self.home, self.staging)
        self.audit_chain = AuditChain(self.database, self.home, self.staging, self.key)
        self.audit_chain.adopt()
        self.repairs: tuple[Note, ...] = self._brought_forward()
        self.tidy()

    def _open_records(self, place: Place) -> Database:
        """The records; on a full disk, in the room that was kept for it, so that something can be erased."""
        try:
            return place.open()
        except WorkspaceError:
            if not spare.release(self.home):
                raise
            return place.open()

    def _files(self, place: Place) -> LocalFiles:
        """Where files rest. WorkspaceError where the records say that they rest in a store, and none is named."""
        if place.store is not None:
            return StoredFiles(self.home, self.staging, self.database, place.store)
        with self.database.read() as connection:
            if connection.execute(sa.select(BLOBS.c.object).limit(1)).first() is None:
                return LocalFiles(self.home, self.staging)
        self.database.close()
        raise WorkspaceError("store.not_told", variable=STORE_VARIABLE)

    @property
    def is_cache(self) -> bool:
        """Whether other servers have a folder of their own: what lies in this one alone is not the last word."""
        return self.blobs.is_remote and self.database.is_shared

    def close(self) -> None:
        """Closes the database's connections; for tests and short commands."""
        self.database.close()

    def setting(self, key: str, default: Any = None) -> Any:
        """A small value kept under a name (JSON), such as the product chosen last."""
        with self.database.read() as connection:
            found = connection.execute(sa.select(SETTINGS.c.value).where(SETTINGS.c.key == key)).scalar()
        return default if found is None else json.loads(found)

    def set_setting(self, key: str, value: Any) -> None:
        """Keeps `value` (anything that JSON can hold) under a name. Never data of a patient."""
        with self.database.write() as connection:
            keep_setting(connection, key, json.dumps(value, ensure_ascii=False))

    def set_setting_once(self, key: str, value: Any) -> bool:
        """`set_setting` where nothing is kept under the name yet; False, and nothing changes, where something is."""
        made = {"key": key, "value": json.dumps(value, ensure_ascii=False)}
        with self.database.write() as connection:
            return statements.add_if_new(connection, SETTINGS, made)

    def dataset_place(self, dataset_id: str) -> Path:
        """Where the folder of a data set lies, there or not. WorkspaceError for what is no id."""
        return self.home / "datasets" / checked(dataset_id)

    def dataset_folder(self, dataset_id: str) -> Path:
        """The folder of a data set with all that is kept of it, there or not. WorkspaceError for what is no id, and
        where the store that keeps it does not answer.
        """
        return self.blobs.fetched(self.dataset_place(dataset_id))

    def bundle_place(self, model_id: str) -> Path:
        """Where the bundle of a model lies, there or not. WorkspaceError for what is no id."""
        return self.home / "models" / f"{checked(model_id)}.zip"

    def bundle_file(self, model_id: str) -> Path:
        """The bundle of a model, there or not. WorkspaceError as `dataset_folder`."""
        return self.blobs.fetched(self.bundle_place(model_id))

    def job_log(self, job_id: str) -> Path:
        """What a job's process prints, there or not. WorkspaceError for what is no id."""
        return self.home / "jobs" / f"{checked(job_id)}.log"

    def work_place(self, dataset_id: str, revision: int) -> Path:
        """Where jobs keep what they have finished on a revision of a data set (see `jobs.job_work`), there or not.
        WorkspaceError for what is no id.
        """
        return self.home / "jobs" / f"{checked(dataset_id)}-{revision}.work"

    def work_places(self, dataset_id: str = "*") -> list[Path]:
        """All that there are, or those of a data set."""
        return sorted((self.home / "jobs").glob(f"{dataset_id}-*.work"))

    def _drop_work(self, dataset_id: str) -> None:
        """What jobs have finished on the rows of a data set goes with them."""
        for folder in self.work_places(checked(dataset_id)):
            atomic_files.remove(folder)

    @property
    def staging(self) -> Path:
        """Where files are written before they are moved into place; what a crash left there is swept."""
        return self.home / "tmp"

    def _right_key(self, given: bytes | None, seen: Glance) -> bytes:
        """The key, once it is sure that the data here were sealed with it; nothing has been written by then."""
        holds_data = seen.holds_data or any(shelf.held(self.home).values())
        loaded = keys.load(self.home, may_create=not holds_data) if given is None else (given, keys.is_weak(given))
        key, self.key_is_weak = loaded
        current = fingerprint(key)
        if seen.key and seen.key != current and holds_data:
            raise WorkspaceError("key.of_others", known=seen.key, current=current, variable=keys.HOME_VARIABLE)
        if seen.key != current and given is None and not holds_data and self.key_is_weak:
            raise WorkspaceError("key.weak", variable=keys.KEY_VARIABLE)
        return key

    def _keep_fingerprint(self) -> None:
        """A lost or changed key is known by it at the next start."""
        current = fingerprint(self.key)
        if self.setting(KEY_FINGERPRINT) != current:
            self.set_setting(KEY_FINGERPRINT, current)

    def _brought_forward(self) -> tuple[Note, ...]:
        found, newest = self.database.migrated_from, schema.MIGRATIONS[-1].version
        return (note("repair.migrated", found=found, newest=newest),) if 0 < found < newest else ()

    @staticmethod
    def _refuse_lost_store(place: Place) -> None:
        """As `_refuse_lost`, of a store: what its objects were is told by the records alone, also in a recovery."""
        if place.store is not None and (count := len(place.store.listing())):
            raise WorkspaceError("store.records_lost", count=count, variable=STORE_VARIABLE)

    @staticmethod
    def _refuse_lost(held: dict[str, list[str]]) -> None:
        """Records that are gone while their files are there are no first start."""
        if any(held.values()):
            raise LostRecords(len(held["datasets"]), len(held["models"]))

    def recorded(self, *, ready: bool = False) -> dict[str, set[str]]:
        """The ids in the records, by the name of the folder that their files lie in."""
        wanted = sa.select(DATASETS.c.id).where(DATASETS.c.state == READY) if ready else sa.select(DATASETS.c.id)
        with self.database.read() as connection:
            return {
                "datasets": set(connection.execute(wanted).scalars()),
                "models": set(connection.execute(sa.select(MODELS.c.id)).scalars()),
            }

    def tidy(self) -> None:
        """Ends deletions that a crash cut short, sweeps what was left half written, puts aside what no record knows.
        At the start and once a day; `repairs` says what was done.
        """
        with self.database.read() as connection:
            deleting = connection.execute(sa.select(DATASETS.c.id).where(DATASETS.c.state == DELETING)).scalars().all()
        with atomic_files.explained("doing.tidy"):
            cut = {*deleting, *shelf.emptied_datasets(self.home)}
            for dataset_id in sorted(cut):
                self._remove_dataset(dataset_id)
            known = self.recorded()
            models = shelf.end_deletions(self.home, known["models"])
            swept = atomic_files.sweep(self.staging) + self.blobs.sweep(self._known_paths())
            aside = 0 if self.blobs.is_remote else shelf.put_aside(self.home, known)
            self.copies.take_back(self.database)
        self.keep_records()
        spare.keep(self.home)
        self.repaired("repair.deletions_ended", len(cut) + models)
        self.repaired("repair.swept", swept)
        self.repaired("repair.put_aside", aside)

    def _known_paths(self) -> Callable[[str], bool]:
        """Tells whether a record speaks of a file (its path below the folder): of its data set or model, and there of
        its present revision, of risks that are kept, or of all revisions.
        """
        with self.database.read() as connection:
            revisions = {
                row.id: row.revision for row in connection.execute(sa.select(DATASETS.c.id, DATASETS.c.revision))
            }
            inner = set(connection.execute(sa.select(RISKS.c.id)).scalars())
            models = set(connection.execute(sa.select(MODELS.c.id)).scalars())

        def known(path: str) -> bool:
            kind, name, *rest = path.split("/")
            if kind != shelf.DATASETS_FOLDER:  # arrivals have a sweep of their own
                return kind != shelf.MODELS_FOLDER or Path(name).stem in models
            return name in revisions and (len(rest) < 2 or rest[0] in {f"revision-{revisions[name]}", *inner})

        return known

    def drop_stale(self) -> None:
        """Takes out of a folder that is a cache what was erased elsewhere, and copies of records that fell behind."""
        self.blobs.drop_stale()
        if self.is_cache:
            for kind in KINDS:  # of a workspace that was restored here
                atomic_files.remove(self.home / kind.folder)
            people_copy.keep_up(self.database, self.home, self.staging)
            self._drop_old_backups()

    def _drop_old_backups(self) -> None:
        """Copies of the records, from before a migration, that are older than the last erasure of a patient, may hold
        who was erased elsewhere.
        """
        with self.database.read() as connection:
            last = connection.execute(sa.select(sa.func.max(ERASURES.c.at))).scalar()
        moment = dt.datetime.fromisoformat(last).timestamp() if last else 0.0
        for path in (self.home / BACKUPS).glob("*.sqlite"):
            if path.stat().st_mtime < moment:
                atomic_files.remove(path)

    def repaired(self, code: str, count: int) -> None:
        """Keeps in mind what was put in order, to be told; nothing where there was nothing."""
        if count:
            self.repairs = (*self.repairs, note(code, count=count))

    def keep_records(self) -> None:
        """Writes beside the files what the records say of them; not in a cache, of which nothing is taken back."""
        if not self.blobs.is_remote:
            sidecars.refresh(self.database, self.home, fingerprint(self.key), self.staging)
        with atomic_files.explained("doing.save_follow_up"):
            self.copies.write_all(self.database)

    @property
    def copies(self) -> Copies:
        """What people did and set, beside the database."""
        return Copies(self.home, self.staging, fingerprint(self.key), is_kept=not self.is_cache)

    def copy(self, connection: sa.Connection, kind: Kind, series_id: str, only: str = "") -> None:
        """Copies what a transaction changed, as its last step. `only`: as `Copies.write` takes it."""
        with atomic_files.explained("doing.save_follow_up"):
            self.copies.write(connection, kind, series_id, only)

    def _remove_dataset(self, dataset_id: str) -> None:
        raise NotImplementedError


def keep_setting(connection: sa.Connection, key: str, plain: str) -> None:
    """Keeps JSON under a name, within a transaction of the caller."""
    statements.put(connection, SETTINGS, {"key": key}, {"value": plain})
