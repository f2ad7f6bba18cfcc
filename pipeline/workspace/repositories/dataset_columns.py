"""What lies beside a data set's rows, made of them to be read column by column: it is never the only place of anything,
and goes when they go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from pipeline.workspace.base import READY
from pipeline.workspace.engine.schema import DATASETS
from pipeline.workspace.repositories.datasets import ROWS, Datasets
from pipeline.workspace.storage import atomic_files, columns, frames, narrow


class DatasetColumns(Datasets):
    """The part of the workspace that keeps columns beside rows."""

    def rows_at(self, dataset_id: str, places: np.ndarray) -> pd.DataFrame:
        """The typed rows at some places of their file, in this order; of the others no more than a part is held."""
        held, folder = self.event_columns(dataset_id), self._framed(dataset_id, ROWS)
        return frames.read_rows(folder, ROWS, places, lambda name: held.texts(name) if held and name in held else None)

    def save_row_columns(self, dataset_id: str, arrays: Mapping[str, np.ndarray], facts: Mapping[str, Any]) -> None:
        """Keeps what is made of the typed rows of the present revision, beside them: it goes when they go."""
        with atomic_files.explained("doing.save_dataset"):
            folder = self._framed(dataset_id, ROWS)
            columns.write_columns(arrays.items(), facts, folder, self.staging, of=frames.files_of(ROWS))

    def row_columns(self, dataset_id: str) -> tuple[dict[str, np.ndarray], dict[str, Any]] | None:
        """What `save_row_columns` kept, mapped from disk; None where there is none."""
        return columns.read_columns(self._contents(dataset_id), of=frames.files_of(ROWS))

    def row_columns_stamp(self, dataset_id: str) -> tuple[int, int] | None:
        """What changes whenever they are made again; None where there are none."""
        return columns.stamp(self._contents(dataset_id))

    def save_event_columns(
        self, dataset_id: str, names: Sequence[str], more: Iterable[tuple[str, pd.Series]] = ()
    ) -> None:
        """Keeps columns of the typed rows of the present revision, narrow and in their order, and `more` of the same
        rows, beside them: it goes when they go. KeyError for a column that is not there.
        """
        folder, kinds = self._framed(dataset_id, ROWS), dict[str, narrow.Kind]()

        def arrays() -> Iterator[tuple[str, np.ndarray]]:
            for name in names:
                coded = frames.read_coded(folder, ROWS, name)
                column = self._frame(dataset_id, ROWS, [name])[name] if coded is None else coded
                yield from narrow.packed(name, column, kinds)
            for name, values in more:
                yield from narrow.packed(name, values, kinds)

        with atomic_files.explained("doing.save_dataset"):
            of = frames.files_of(ROWS)
            columns.write_columns(arrays(), {"kinds": kinds}, folder, self.staging, name=columns.EVENTS, of=of)

    def event_columns(self, dataset_id: str) -> narrow.NarrowRows | None:
        """What `save_event_columns` kept, mapped from disk; None where there is none."""
        found = columns.read_columns(self._contents(dataset_id), columns.EVENTS, frames.files_of(ROWS))
        return None if found is None else narrow.NarrowRows(found[0], found[1]["kinds"])

    def event_columns_stamp(self, dataset_id: str) -> tuple[int, int] | None:
        """What changes whenever they are made again; None where there are none."""
        return columns.stamp(self._contents(dataset_id), columns.EVENTS)

    def drop_old_columns(self) -> int:
        """Removes columns beside rows of a first revision that is no more: a server of a version that did not know of
        them leaves them there. How many folders there were.
        """
        later = sa.select(DATASETS.c.id).where(DATASETS.c.state == READY, DATASETS.c.revision > 0)
        with self.database.read() as connection:
            ids = connection.execute(later).scalars().all()
        old = [self.dataset_place(one) / name for one in ids for name in sorted(columns.FOLDERS)]
        there = [folder for folder in old if folder.is_dir()]
        for folder in there:
            atomic_files.remove(folder)
        return len(there)
