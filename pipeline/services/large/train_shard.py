"""What a worker does with a shard when a model is trained: counts its rows, and makes columns of those that teach."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.executing import Kept
from pipeline.modeling.features.surroundings import Surroundings
from pipeline.modeling.file_rows import Counting, Making
from pipeline.shards.store import ShardedRows


def count(rows: ShardedRows, shard: int, asked: Counting, only: np.ndarray | None) -> Surroundings:
    """Counts the rows of a shard, or those of a mask over them."""
    return asked.of(rows.read(shard), only)


def make(
    rows: ShardedRows, shard: int, asked: Making, chosen: np.ndarray, ahead: np.ndarray | None, kept: Kept, name: str
) -> None:
    """The columns of the rows of a mask over a shard, in the order of the file, are the result `name`, sealed."""
    made = asked.of(rows.read(shard), chosen, ahead)
    table = pa.table({str(key): pa.array(made[key].to_numpy()) for key in made})  # what is not known stays NaN
    with kept.writing(name) as unfinished:
        pq.write_table(table, unfinished, compression="zstd", use_dictionary=False)
    kept.seal(name)


def made(path: Path) -> pd.DataFrame:
    """What `make` wrote: float32."""
    table = pq.read_table(path)
    return pd.DataFrame({key: table.column(key).to_numpy() for key in table.column_names}, copy=False)
