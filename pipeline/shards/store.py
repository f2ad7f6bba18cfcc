"""Typed rows in shards at an address: a Parquet a shard, the categories of the whole file once, and a manifest.

Categories of fields are those of the whole file in the whole file's order. Columns that name patients are the
exception: each shard has its own, since millions of names with every shard would cost more than the work. The manifest
is written last: without it there is nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, BinaryIO

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.contract import FieldKind, Product
from pipeline.errors import PresencaError
from pipeline.shards import addresses, codec

FORMAT = 1
MANIFEST = "manifest.json"
_SHARED = "categories.parquet"


@dataclass(frozen=True)
class Manifest:
    """What lies at an address: of which product and source, how many rows each shard has, which columns.

    `own`: columns whose categories are each shard's own. Rows of a shard keep the order of the file.
    """

    product: str
    source: str
    rows: tuple[int, ...]
    columns: tuple[str, ...]
    own: tuple[str, ...]
    format: int = FORMAT


@dataclass(frozen=True)
class ShardedRows:
    """Rows in shards. Plain to send: a worker opens them by their address alone."""

    address: str
    manifest: Manifest

    @property
    def number(self) -> int:
        """How many shards there are."""
        return len(self.manifest.rows)

    @property
    def total(self) -> int:
        """How many rows all of them have."""
        return sum(self.manifest.rows)

    def read(self, shard: int, columns: list[str] | None = None) -> pd.DataFrame:
        """The rows of a shard (0…number-1) in the order of the file, with a RangeIndex; only `columns`, if given.

        KeyError for a column that is not there; PresencaError where the file is missing or damaged.
        """
        chosen = list(self.manifest.columns) if columns is None else columns
        missing = [key for key in chosen if key not in self.manifest.columns]
        if missing:
            raise KeyError(missing[0])
        name = rows_name(shard, self.number)
        with _reading(self.address, name) as file:
            rows, kinds = codec.told(file.schema_arrow)
            table = file.read(columns=list(dict.fromkeys(chosen)))
        coded = codec.coded(kinds, chosen)
        own = [key for key in coded if key in self.manifest.own]
        known = {key: self._shared[key] for key in coded if key not in own}
        if own:
            with _reading(self.address, _own_name(name)) as file:
                known |= codec.categories_of(file.read(columns=own))
        return codec.decoded(table, kinds, chosen, known, rows)

    @cached_property
    def _shared(self) -> dict[str, pd.Index]:
        if not addresses.exists(addresses.joined(self.address, _SHARED)):
            return {}
        with _reading(self.address, _SHARED) as file:
            return codec.categories_of(file.read())

    def __getstate__(self) -> dict[str, Any]:
        return {"address": self.address, "manifest": self.manifest}  # not the categories, should they be read


def rows_name(shard: int, number: int) -> str:
    """The file of a shard, counted from one."""
    return f"rows-{shard + 1:04d}-of-{number:04d}.parquet"


def _own_name(name: str) -> str:
    return name.replace(".parquet", ".categories.parquet")


def own_columns(product: Product) -> tuple[str, ...]:
    """The columns whose categories each shard has for itself: those that identify somebody."""
    return tuple(field.key for field in product.fields if field.kind is FieldKind.IDENTIFIER)


def opened(address: str) -> ShardedRows | None:
    """The shards at an address; None where none are, or not all of them were written."""
    place = addresses.joined(address, MANIFEST)
    if not addresses.exists(place):
        return None
    with addresses.opened(place) as file:
        told = json.loads(file.read())
    if told.get("format") != FORMAT:
        return None
    lists = {name: tuple(told[name]) for name in ("rows", "columns", "own")}
    return ShardedRows(address, Manifest(**{**told, **lists}))


def written(
    address: str, product: Product, source: str, number: int, frame_of: Callable[[int], pd.DataFrame]
) -> ShardedRows:
    """Writes the shards that `frame_of` gives (rows in the order of the file; every shard has the same columns, and
    the same categories but for those of `own_columns`), and then their manifest. ValueError where shards differ.
    """
    addresses.make_folder(address)
    own, first, sizes = own_columns(product), None, []
    for shard in range(number):
        frame = frame_of(shard)
        sizes.append(len(frame))
        made = codec.encoded(frame)
        kinds = codec.told(made.rows.schema)[1]
        shared = made.categories.drop_columns([key for key in own if key in made.categories.column_names])
        if first is None:
            first = (kinds, shared)
            if shared.num_columns:
                _write(shared, addresses.joined(address, _SHARED))
        elif first[0] != kinds or not first[1].equals(shared):
            raise ValueError("shards of one file have the same columns and categories")
        name = rows_name(shard, number)
        _write(made.rows, addresses.joined(address, name))
        if kept := [key for key in own if key in made.categories.column_names]:
            _write(made.categories.select(kept), addresses.joined(address, _own_name(name)))
    columns = tuple(first[0]) if first is not None else ()
    manifest = Manifest(product.key, source, tuple(sizes), columns, tuple(key for key in own if key in columns))
    _write_manifest(asdict(manifest), address)
    return ShardedRows(address, manifest)


def _write_manifest(told: Mapping[str, Any], address: str) -> None:
    content = json.dumps(told, indent=1).encode()
    addresses.write(addresses.joined(address, MANIFEST), lambda file: file.write(content))


def _write(table: pa.Table, address: str) -> None:
    def fill(file: BinaryIO) -> None:
        pq.write_table(table, file, compression="zstd", write_page_checksum=True)

    addresses.write(address, fill)


class _reading:  # noqa: N801 - used as a block
    """A Parquet that is open for reading; what can't be read is damage, and says which file."""

    def __init__(self, address: str, name: str) -> None:
        self._name, self._place = name, addresses.joined(address, name)

    def __enter__(self) -> pq.ParquetFile:
        try:
            self._stream = addresses.opened(self._place)
            self._file = pq.ParquetFile(self._stream, page_checksum_verification=True)
        except (OSError, pa.ArrowException) as error:
            raise PresencaError("shards.damaged", name=self._name) from error
        return self._file

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        self._file.close()
        self._stream.close()
        if isinstance(error, (OSError, pa.ArrowException)):
            raise PresencaError("shards.damaged", name=self._name) from error
