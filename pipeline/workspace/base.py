"""The folder of a workspace, its database and its key: what all parts of the store stand on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from pipeline.errors import LostRecords, WorkspaceError
from pipeline.privacy import fingerprint
from pipeline.workspace.engine.audit_chain import AuditChain
from pipeline.workspace.engine.database import Database
from pipeline.workspace.engine.schema import DATASETS, MODELS, SETTINGS
from pipeline.workspace.secrets import keys
from pipeline.workspace.storage import atomic_files, shelf, sidecars
from pipeline.workspace.storage.follow_up_copies import Copies
from pipeline.workspace.storage.ids import checked

READY = "ready"
DELETING = "deleting"
_FINGERPRINT = "key_fingerprint"
_FOLDERS = ("datasets", "models", "jobs", "backups", "tmp")


class Base:
    """One clinic's workspace, open. `home`: PRESENCA_HOME or the system's data folder; `key`: 32 bytes.

    WorkspaceError if it can't be opened: no permission, a newer format, or data sealed with another key; LostRecords
    where the folders are full and the records empty, unless `recovering`.
    """

    def __init__(self, home: Path | None = None, key: bytes | None = None, *, recovering: bool = False) -> None:
        self.home = (home or keys.default_home()).absolute()
        self.key_was_given = key is not None
        with atomic_files.explained("doing.open_workspace"):
            atomic_files.private_folder(self.home)
            for name in _FOLDERS:
                atomic_files.private_folder(self.home / name)
        path = self.home / "presenca.sqlite"
        if not recovering and not (path.exists() and path.stat().st_size):
            self._refuse_lost(shelf.held(self.home))
        self.database = Database(path, self.home / "backups")
        if not recovering and not any(self.recorded().values()):
            self._refuse_lost(shelf.held(self.home, settled=True))
        self.key = self._right_key(key)
        self.audit_chain = AuditChain(self.database, self.home, self.staging, self.key)
        self.audit_chain.adopt()
        self._tidy()

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
            _keep(connection, key, value)

    def dataset_folder(self, dataset_id: str) -> Path:
        """The folder of a data set, there or not. WorkspaceError for what is no id."""
        return self.home / "datasets" / checked(dataset_id)

    def bundle_file(self, model_id: str) -> Path:
        """The bundle of a model, there or not. WorkspaceError for what is no id."""
        return self.home / "models" / f"{checked(model_id)}.zip"

    def job_log(self, job_id: str) -> Path:
        """What a job's process prints, there or not. WorkspaceError for what is no id."""
        return self.home / "jobs" / f"{checked(job_id)}.log"

    @property
    def staging(self) -> Path:
        """Where files are written before they are moved into place; what a crash left there is swept."""
        return self.home / "tmp"

    def _right_key(self, given: bytes | None) -> bytes:
        """The key, once it is sure that the data here were sealed with it."""
        with self.database.read() as connection:
            holds_data = connection.execute(sa.select(DATASETS.c.id).limit(1)).first() is not None or any(
                shelf.held(self.home).values()
            )
        key = given or keys.load_key(self.home, may_create=not holds_data)
        current = fingerprint(key)
        known = self.setting(_FINGERPRINT)
        if known != current:
            if known and holds_data:
                raise WorkspaceError("key.of_others", known=known, current=current, variable=keys.HOME_VARIABLE)
            self.set_setting(_FINGERPRINT, current)
        return key

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

    def _tidy(self) -> None:
        """Ends deletions that a crash cut short, sweeps what was left half written, puts aside what no record knows."""
        with self.database.read() as connection:
            deleting = connection.execute(sa.select(DATASETS.c.id).where(DATASETS.c.state == DELETING)).scalars().all()
        with atomic_files.explained("doing.tidy"):
            for dataset_id in deleting:
                self._remove_dataset(dataset_id)
            known = self.recorded()
            shelf.end_deletions(self.home, known["models"])
            atomic_files.sweep(self.staging)
            shelf.put_aside(self.home, known)
            self.copies.take_back(self.database)
        self.keep_records()

    def keep_records(self) -> None:
        """Writes beside the files what the records say of them."""
        sidecars.refresh(self.database, self.home, fingerprint(self.key), self.staging)
        with atomic_files.explained("doing.save_follow_up"):
            self.copies.write_all(self.database)

    @property
    def copies(self) -> Copies:
        """What is done about events, beside the database."""
        return Copies(self.home, self.staging, fingerprint(self.key))

    def _remove_dataset(self, dataset_id: str) -> None:
        raise NotImplementedError


def _keep(connection: sa.Connection, key: str, value: Any) -> None:
    plain = json.dumps(value, ensure_ascii=False)
    insert = sqlite.insert(SETTINGS).values(key=key, value=plain)
    connection.execute(insert.on_conflict_do_update(index_elements=["key"], set_={"value": plain}))
