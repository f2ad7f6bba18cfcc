"""Data sets that grow by what is sent: a sheet gets rows at its end, and keeps the numbers of its own."""

from __future__ import annotations

import datetime as dt

import numpy as np
import sqlalchemy as sa

from pipeline.records import DatasetInfo
from pipeline.workspace.engine.privacy_tables import ERASED_ROWS
from pipeline.workspace.repositories.dataset_rows import Facts
from pipeline.workspace.repositories.datasets import VAULT, Contents, Datasets, Source
from pipeline.workspace.storage import atomic_files, vault


class Growing(Datasets):
    """The part of the workspace that lets data sets grow."""

    def next_row(self, dataset_id: str, numbers: np.ndarray) -> int:
        """The number of the next row of a sheet with these: no row that was erased gives its own to another."""
        query = sa.select(sa.func.max(ERASED_ROWS.c.row)).where(ERASED_ROWS.c.dataset_id == dataset_id)
        with self.database.read() as connection:
            erased = connection.execute(query).scalar() or 0
        return max(int(numbers.max(initial=1)), int(erased)) + 1

    def extend_dataset(
        self, dataset_id: str, source: Source, contents: Contents, facts: Facts, today: dt.date
    ) -> DatasetInfo:
        """Puts a longer sheet, and what was read of it, in place of what was there. WorkspaceError as `revise_dataset`.

        The sheet is written first: cut short there, it has rows at its end that nobody has read yet.
        """
        info = self.dataset(dataset_id)
        with self.database.write() as connection:  # before anything is written: what is refused changes nothing
            self._refuse_running(connection, info.id, "dataset.training_before_fixing")
        until = vault.kept_until(facts.last_date, today)
        with atomic_files.explained("doing.save_dataset"):
            sealed = vault.pack(source.raw, source.row_numbers, self.key, info.id)
            self.blobs.put(sealed, self.dataset_place(info.id) / VAULT)
        also = {"sha256": source.sha256, "vault_until": until.isoformat()}
        return self.revise_dataset(info.id, contents, facts, also)
