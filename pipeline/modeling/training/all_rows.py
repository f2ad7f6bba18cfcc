"""All rows with an outcome, on disk: what the last boosters of a training learn from where they are too many to hold.

Folds, search and test are of a part that was drawn (see modeling.drawing), in hand. The recipe that they found is then
grown on all rows: LightGBM reads them block by block (`lightgbm.Sequence`) and keeps a byte or so of each value.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

import lightgbm as lgb
import numpy as np
import pandas as pd

from pipeline import memory, per_row, scratch
from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.modeling import columns_on_disk, drawing
from pipeline.modeling.features.prediction_time import event_days
from pipeline.modeling.file_rows import FileRows, Making
from pipeline.modeling.training.boosting import Part
from pipeline.modeling.training.hiding import Columns, Hiding
from pipeline.modeling.training_set import Labelled, days_ahead, patients_of

# what growing on them takes, LightGBM's own included: of each row and value, and of each value of the rows by which the
# bounds of bins are found (measured: 166 MB for 400,000 rows of 40 columns, 391 MB of 120)
BYTES_OF_ROW, BYTES_OF_CELL, BYTES_OF_SAMPLE, SAMPLE = 120, 1.25, 16, 200_000


@dataclass(frozen=True)
class AllRows:
    """The rows with an outcome that may teach, in the file's order: columns (rows x columns, mapped from disk), as they
    are and as lists saw them that were made some days earlier; outcomes, days, numbers in the file, patients' codes.
    """

    columns: Columns
    product: Product
    table: np.ndarray
    replayed: np.ndarray | None
    outcome: np.ndarray
    day: np.ndarray
    row: np.ndarray
    patients: np.ndarray

    def hidden(self, seed: int) -> Part:
        """What a booster learns from, without what the seed hides (see training.hiding)."""
        hiding = Hiding.drawn(self.patients, self.product, self.columns, seed, replays=self.replayed is not None)
        return Part(_Blocks(self, hiding), self.outcome, names=list(self.columns.names))

    def part(self, size: int) -> tuple[np.ndarray, pd.DataFrame]:
        """The places among them of a part of `size` rows, with the shares of each day and outcome, and its columns."""
        places = np.flatnonzero(drawing.part(self.day, self.outcome, self.row, size))
        return places, pd.DataFrame(self.table[places], columns=list(self.columns.names), copy=False)


class _Blocks(lgb.Sequence):
    """The rows as LightGBM asks for them: some in rising order for the bounds of its bins, then all, block by block."""

    batch_size = columns_on_disk.BLOCK

    def __init__(self, rows: AllRows, hiding: Hiding) -> None:
        self._rows, self._hiding = rows, hiding
        self._start, self._held = -1, np.zeros((0, 0), dtype=np.float32)

    def __len__(self) -> int:
        return len(self._rows.outcome)

    def __getitem__(self, idx: int | slice | list[int]) -> np.ndarray:
        if isinstance(idx, slice):
            return self._block(idx.start, idx.stop)
        if isinstance(idx, list):
            raise TypeError("rows are read one by one or in stretches")
        start = int(idx) // self.batch_size * self.batch_size
        if start != self._start:
            self._start, self._held = start, self._block(start, min(start + self.batch_size, len(self)))
        return self._held[int(idx) - start].astype(np.float64)

    def _block(self, start: int, stop: int) -> np.ndarray:
        rows, hiding = self._rows, self._hiding
        values = np.array(rows.table[start:stop])
        if rows.replayed is not None:
            early = hiding.replaying(start, stop - start)
            values[early] = rows.replayed[start:stop][early]
        hiding.hide(values, start)
        return values


@contextlib.contextmanager
def gathered(file: FileRows, data: Labelled, product: Product) -> Iterator[AllRows | None]:
    """All rows that may teach, for the length of a block, where the training set is a part of them that says so
    (`Rest.teaches`), else None. PresencaError where disk or memory have no room for what growing on them takes.
    """
    if data.rest is None or not data.rest.teaches:
        yield None
        return
    assert data.around is not None, "what is counted of all rows goes with those that teach"
    places, names = np.union1d(data.places, data.rest.place), tuple(data.table.columns)
    _check_memory(len(places), len(names))
    chosen, asked = np.zeros(len(file), dtype=bool), Making(product, data.around)
    chosen[places] = True
    with scratch.folder() as folder:
        columns_on_disk.check_room(folder, len(places) * len(names) * (2 if data.replayed is None else 3))
        table = columns_on_disk.gathered(file.parts(asked, chosen), places, names, folder / "columns")
        replayed = None
        if data.replayed is not None:
            seen = file.parts(asked, chosen, days_ahead(len(file)))
            replayed = columns_on_disk.gathered(seen, places, names, folder / "replayed")
        yield AllRows(
            columns=Columns(names, data.factor_of),
            product=product,
            table=table,
            replayed=replayed,
            outcome=per_row.filed(file["outcome"].to_numpy(dtype=np.float64)[places]),
            day=per_row.filed(event_days(file, product)[places]),
            row=per_row.filed(file["row"].to_numpy()[places]),
            patients=per_row.filed(patients_of(file, product)[places]),
        )


def _check_memory(rows: int, columns: int) -> None:
    held = rows * (BYTES_OF_ROW + BYTES_OF_CELL * columns) + min(rows, SAMPLE) * columns * BYTES_OF_SAMPLE
    needed, there = int(held), memory.budget()
    if needed > there:
        raise PresencaError("training.too_much_memory", rows=rows, needed=needed, free=there)
