"""The vault of a data set: the raw table as Arrow, compressed and sealed; and how long it is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.ipc

from pipeline.errors import WorkspaceError
from pipeline.privacy import open_sealed, seal

DAYS_KEPT = 30
LONGEST_DAYS = 400  # a mistyped year (3025) must not keep identities for a thousand years
_LARGEST = 2**31 - 1024  # AES-GCM of the library takes less than 2 GiB at once


def kept_until(last_date: dt.date | None, today: dt.date) -> dt.date:
    """The last day on which the raw table is kept:
    30 days after the last date or after today, whichever comes later.
    """
    latest = today if last_date is None else max(last_date, today)
    return min(latest + dt.timedelta(days=DAYS_KEPT), today + dt.timedelta(days=LONGEST_DAYS))


def pack(raw: pa.Table, row_numbers: Sequence[int] | np.ndarray | None, key: bytes, dataset_id: str) -> bytes:
    """The table and its spreadsheet rows (default: 2, 3, …, the header being row 1), sealed for this data set."""
    numbers = np.arange(2, raw.num_rows + 2) if row_numbers is None else np.asarray(row_numbers, dtype=np.int64)
    if len(numbers) != raw.num_rows:
        raise WorkspaceError("vault.rows_differ")
    table = raw.append_column("", pa.array(numbers, pa.int64()))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(table)
    content = sink.getvalue()
    if content.size > _LARGEST:
        raise WorkspaceError("vault.too_large")
    return seal(content.to_pybytes(), key, dataset_id)


def unpack(sealed: bytes, key: bytes, dataset_id: str) -> tuple[pa.Table, np.ndarray]:
    """The table as it was sent and the spreadsheet rows (int64). WorkspaceError if it was tampered with."""
    with pa.ipc.open_stream(open_sealed(sealed, key, dataset_id)) as reader:
        table = reader.read_all()
    last = table.num_columns - 1
    return table.remove_column(last), table.column(last).to_numpy()
