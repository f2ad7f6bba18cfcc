"""Erasing data sets and their originals: files and record go together, also where the disk is full or a crash comes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import sqlalchemy as sa

from pipeline.records import ModelInfo
from pipeline.workspace.base import DELETING, READY
from pipeline.workspace.engine.schema import DATASETS, JOBS, MODELS, RECIPES
from pipeline.workspace.repositories import outbox
from pipeline.workspace.repositories.dataset_rows import set_values
from pipeline.workspace.repositories.datasets import RECIPE, VAULT, Datasets
from pipeline.workspace.repositories.models import model_info
from pipeline.workspace.repositories.recipes import release_recipes
from pipeline.workspace.storage import atomic_files, shelf
from pipeline.workspace.storage.sidecars import DATASETS_FOLDER


class Erasures(Datasets):
    """The part of the workspace that erases data sets."""

    def erase_raw(self, dataset_id: str) -> None:
        """Erases the raw table for good. Rows, report, risks and models stay."""
        info = self.dataset(dataset_id)
        if self.blobs.is_remote:  # said where it outlives the manifest: a last day that is over
            with self.database.write() as connection:
                set_values(connection, info.id, vault_until=dt.date.min.isoformat())
        with atomic_files.explained("doing.erase_raw"):
            self.blobs.remove(self.dataset_place(info.id) / VAULT)
            self.blobs.remove(self._contents_place(info.id) / RECIPE)  # repaired cells may name people, too
        with self.database.write() as connection:
            set_values(connection, info.id, vault_until=None)

    def end_erasures(self) -> tuple[str, ...]:
        """Ends erasures of raw tables that were cut short: the table is gone, its record speaks of it; gives ids."""
        kept = sa.select(DATASETS.c.id).where(DATASETS.c.state == READY, DATASETS.c.vault_until.is_not(None))
        with self.database.read() as connection:
            known = connection.execute(kept).scalars().all()
        vaults = {self.dataset_place(one) / VAULT: one for one in known}
        held, there = self.blobs.held()[DATASETS_FOLDER], self.blobs.there(vaults)
        cut = tuple(one for path, one in vaults.items() if one in held and path not in there)
        for dataset_id in cut:
            self.erase_raw(dataset_id)
        return cut

    def expire_vaults(self, today: dt.date) -> tuple[str, ...]:
        """Erases the vaults whose last day has passed; gives their data sets' ids."""
        over = tuple(d.id for d in self.datasets() if d.vault_until is not None and d.vault_until < today)
        for dataset_id in over:
            self.erase_raw(dataset_id)
        return over

    def delete_dataset(
        self,
        dataset_id: str,
        events_kept: Collection[str] | None = None,
        patients_kept: Collection[str] = (),
        *,
        keep_recipes: bool = False,
    ) -> tuple[ModelInfo, ...]:
        """Deletes rows, vault, risks, jobs and remembered recipes of a data set (but with `keep_recipes`), and of its
        series the follow-ups and contacts whose event is not among `events_kept` (None: all stay), and who of the
        patients is never called but for `patients_kept`; gives the models that learnt from it, which stay.

        WorkspaceError while a training runs on it. A full disk does not keep it: the files go before the record then.
        """
        info = self.dataset(dataset_id)

        with self.database.read() as connection:
            self._refuse_running(connection, info.id, "dataset.training_before_deleting")

        def marked() -> list[str]:
            with self.database.write() as connection:
                self._refuse_running(connection, info.id, "dataset.training_before_deleting")
                set_values(connection, info.id, state=DELETING)
                if keep_recipes:
                    release_recipes(connection, info.id)
                if events_kept is not None:
                    self.erase_follow_ups(connection, info.series, events_kept)
                    self.erase_contacts(connection, info.series, events_kept, patients_kept)
                learnt = sa.select(MODELS.c.id).where(MODELS.c.dataset_id == info.id)
                return list(connection.execute(learnt).scalars())

        with atomic_files.explained("doing.delete_dataset"):
            models = atomic_files.erasing(marked, lambda: shelf.empty_dataset(self.home, info.id))
            self._remove_dataset(info.id)
        return tuple(found for one in models if (found := self._learnt(one)))

    def _learnt(self, model_id: str) -> ModelInfo | None:
        with self.database.read() as connection:
            row = connection.execute(sa.select(MODELS).where(MODELS.c.id == model_id)).first()
        return None if row is None else model_info(row)

    def _remove_dataset(self, dataset_id: str) -> None:
        """Files first, record last: a crash in between leaves a record that says what is still to be removed."""
        with self.database.read() as connection:
            jobs = connection.execute(sa.select(JOBS.c.id).where(JOBS.c.dataset_id == dataset_id)).scalars().all()
        for job_id in jobs:
            atomic_files.remove(self.job_log(job_id))
            atomic_files.remove(self.job_log(job_id).with_suffix(".owner"))
        self._drop_work(dataset_id)
        self.blobs.discard(self.dataset_place(dataset_id))
        with self.database.write() as connection:
            connection.execute(MODELS.update().where(MODELS.c.dataset_id == dataset_id).values(dataset_deleted=True))
            connection.execute(RECIPES.delete().where(RECIPES.c.dataset_id == dataset_id))
            connection.execute(DATASETS.delete().where(DATASETS.c.id == dataset_id))
            outbox.forget_keys(connection)
        shelf.forget_dataset(self.home, dataset_id)
