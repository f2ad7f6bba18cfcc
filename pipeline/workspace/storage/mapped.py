"""Frames at rest whose lines are read by their place: each column is an array that is mapped from disk.

A text is its place in a list of texts, which is mapped as well: some lines of millions are read by touching what they
hold and nothing else. Columns of one kind that are asked for together (`blocks`, by how their names begin) lie line by
line in one array. Values and dtypes come back as they were written.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import atomic
from pipeline.errors import WorkspaceError
from pipeline.workspace.storage import atomic_files
from pipeline.workspace.storage.narrow import Coded

FORMAT = 1
MANY = 1 << 16  # texts of a list, from which on a few lines come with those alone that they have
_BLOCK = 1 << 18  # lines that are looked through at once
_FACTS = "lines.json"
Kind = dict[str, Any]


class MappedWriter:
    """Writes columns, one after the other, into a folder; `end` says that they are all."""

    def __init__(self, folder: Path, rows: int) -> None:
        self._folder, self._rows = folder, rows
        self._kinds: dict[str, Kind] = {}
        self._arrays = 0

    def column(self, name: str, values: pd.Series) -> None:
        """A column with all its values. TypeError for a dtype that is of no fixed width and no text."""
        plain, kind = _plain(values)
        texts = kind.pop("texts", None)
        self._kinds[name] = {**kind, "file": self._written(plain)}
        if texts is not None:
            write_texts(texts, self._folder / f"{self._kinds[name]['file']:03d}.arrow")

    def coded(self, name: str, values: Coded) -> None:
        """A column of categories as it lies in a file: no frame of it is made."""
        file = self._written(values.codes.astype(codes_for(len(values.texts)), copy=False))
        self._kinds[name] = {"dtype": values.dtype, "ordered": values.ordered, "file": file}
        write_texts(_chunk(values.texts), self._folder / f"{file:03d}.arrow")

    def block(self, frame: pd.DataFrame) -> None:
        """Columns of one dtype, line by line."""
        values = frame.to_numpy()
        number = self._written(np.ascontiguousarray(values))
        for at, name in enumerate(frame.columns):
            self._kinds[name] = {"dtype": str(values.dtype), "file": number, "at": at}

    def _written(self, values: np.ndarray) -> int:
        with atomic.create(self._folder / f"{self._arrays:03d}.npy") as file:
            np.save(file, values)
            atomic.settle(file)
        self._arrays += 1
        return self._arrays - 1

    def end(self, facts: Mapping[str, Any]) -> None:
        """With what is to be known of them (JSON)."""
        write_facts(self._folder, self._rows, self._kinds, facts)


def write_facts(folder: Path, rows: int, kinds: Mapping[str, Kind], facts: Mapping[str, Any]) -> None:
    """The last that is written of a frame: how many lines, of which columns, and what is to be known of them (JSON)."""
    told = {"format": FORMAT, "rows": rows, "columns": dict(kinds), "facts": dict(facts)}
    atomic_files.write_new(folder / _FACTS, json.dumps(told, ensure_ascii=False).encode())


def write_mapped(
    frame: pd.DataFrame, folder: Path, facts: Mapping[str, Any] | None = None, blocks: Sequence[str] = ()
) -> None:
    """Writes a frame (columns named by text; the index is not kept) into a folder of its own."""
    writer = MappedWriter(folder, len(frame))
    for names in _together(frame, blocks):
        if len(names) > 1:
            writer.block(frame[names])
        else:
            writer.column(names[0], frame[names[0]])
    writer.end(facts or {})


def _together(frame: pd.DataFrame, blocks: Sequence[str]) -> Iterator[list[str]]:
    """The columns in their order, those of a block side by side."""
    held: list[str] = []
    kind: tuple[str, str] | None = None
    for name in map(str, frame.columns):
        begins = next((one for one in blocks if name.startswith(one)), None)
        own = None if begins is None else (begins, str(frame[name].dtype))
        if held and (own is None or own != kind):
            yield held
            held = []
        held, kind = [*held, name], own
    if held:
        yield held


def _plain(values: pd.Series) -> tuple[np.ndarray, Kind]:
    """A column as an array of fixed width, and how it becomes the column again."""
    dtype = values.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        codes = values.cat.codes.to_numpy()
        texts = pa.Array.from_pandas(dtype.categories)
        kind: Kind = {"dtype": str(dtype.categories.dtype), "ordered": bool(dtype.ordered), "texts": _chunk(texts)}
        return codes.astype(codes_for(len(texts))), kind
    if isinstance(dtype, pd.StringDtype):
        coded = pc.dictionary_encode(_chunk(pa.Array.from_pandas(values)))
        codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        return codes.astype(codes_for(len(coded.dictionary))), {"dtype": str(dtype), "texts": coded.dictionary}
    plain = values.to_numpy()
    if plain.dtype.kind not in "biufM":
        raise TypeError(f"a column of {plain.dtype} has no fixed width")
    return plain, {"dtype": str(plain.dtype)}


def _chunk(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    values = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    return values.cast(pa.string()) if pa.types.is_large_string(values.type) else values


def codes_for(texts: int) -> np.dtype[Any]:
    """The dtype of codes of so many texts, from -1 on."""
    return np.dtype(np.min_scalar_type(-max(texts, 1) - 1))


def write_texts(texts: pa.Array, path: Path) -> None:
    """The texts of a column, in a file that is mapped."""
    table = pa.table({"texts": texts})
    with atomic.create(path) as file:
        with pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table)
        atomic.settle(file)


def is_mapped(folder: Path) -> bool:
    """Whether a folder holds what `write_mapped` or `gathering` wrote."""
    return (folder / _FACTS).exists()


@dataclass(frozen=True)
class MappedFrame:
    """A frame that `write_mapped`, or `gathering`, wrote: `rows` lines, columns in their order, facts about them."""

    folder: Path
    rows: int
    kinds: Mapping[str, Kind]
    facts: Mapping[str, Any]
    _arrays: dict[int, np.ndarray] = field(default_factory=dict, repr=False, compare=False)
    _texts: dict[int, pa.Array] = field(default_factory=dict, repr=False, compare=False)

    @staticmethod
    def opened(folder: Path) -> MappedFrame:
        """WorkspaceError for what is not there or makes no sense."""
        try:
            told = json.loads((folder / _FACTS).read_text("utf-8"))
            if told["format"] != FORMAT:
                raise WorkspaceError("dataset.rows_damaged")
            return MappedFrame(folder, int(told["rows"]), told["columns"], told["facts"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise WorkspaceError("dataset.rows_damaged") from error

    @property
    def names(self) -> tuple[str, ...]:
        """Of the columns, in order."""
        return tuple(self.kinds)

    def array(self, name: str) -> np.ndarray:
        """A column as it lies on disk (rows): values, or places in its `texts`, -1 where it has none. KeyError for one
        that is not there.
        """
        kind = self.kinds[name]
        found = self.stored(kind["file"])
        return found[:, kind["at"]] if "at" in kind else found

    def stored(self, number: int) -> np.ndarray:
        """An array as it lies on disk: a column, or those of a block, line by line. WorkspaceError if it is damaged."""
        if number not in self._arrays:
            try:
                path = self.folder / f"{number:03d}.npy"  # no system maps what has no values
                mapped = np.load(path, mmap_mode="r" if self.rows else None, allow_pickle=False)
            except (OSError, ValueError) as error:
                raise WorkspaceError("dataset.rows_damaged") from error
            if len(mapped) != self.rows:
                raise WorkspaceError("dataset.rows_damaged")
            self._arrays[number] = mapped.view(np.ndarray)
        return self._arrays[number]

    def texts(self, name: str) -> pa.Array:
        """The texts of a column, mapped."""
        number = self.kinds[name]["file"]
        if number not in self._texts:
            try:
                with pa.memory_map(str(self.folder / f"{number:03d}.arrow")) as source:
                    self._texts[number] = _chunk(pa.ipc.open_file(source).read_all().column(0))
            except (OSError, pa.ArrowException) as error:
                raise WorkspaceError("dataset.rows_damaged") from error
        return self._texts[number]

    def has_texts(self, name: str) -> bool:
        """Whether a column's values are places in its texts."""
        return (self.folder / f"{self.kinds[name]['file']:03d}.arrow").exists() and "at" not in self.kinds[name]

    def some(
        self,
        places: np.ndarray,
        columns: Sequence[str] | None = None,
        used: Collection[str] | None = None,
        numbered: Collection[str] = (),
    ) -> pd.DataFrame:
        """The lines at some places, in this order, with a RangeIndex; only `columns`, if given. Categories are all that
        the column has, but for `used` (None: columns with very many): of these those that the lines have. Categories of
        `numbered` are places in their texts: for what asks which are alike, and for no name.
        """
        names = self.names if columns is None else tuple(columns)
        blocks: dict[int, np.ndarray] = {}
        made: dict[str, Any] = {}
        for name in names:
            kind = self.kinds[name]
            if name in numbered and "ordered" in kind:
                known = pd.RangeIndex(len(self.texts(name)))
                made[name] = pd.Categorical.from_codes(self.array(name)[places], known)
                continue
            if "at" not in kind:
                made[name] = self._column(name, self.array(name)[places], used)
                continue
            if kind["file"] not in blocks:
                blocks[kind["file"]] = self.stored(kind["file"])[places]
            made[name] = blocks[kind["file"]][:, kind["at"]]
        return pd.DataFrame(made, index=pd.RangeIndex(len(places)), columns=list(names))

    def of_rows(self, rows: Sequence[int], most: int | None = None) -> np.ndarray:
        """The places of the lines whose `row` is one of these, in order; only among the first `most`."""
        number, last = self.array("row"), self.rows if most is None else most
        parts = [
            start + np.flatnonzero(np.isin(number[start : min(start + _BLOCK, last)], list(rows)))
            for start in range(0, last, _BLOCK)
        ]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)

    def width(self, columns: Sequence[str]) -> int:
        """About how many bytes a line of these columns takes in memory."""
        return sum(self.array(name).itemsize for name in columns)

    def whole(self, most: int | None = None) -> pd.DataFrame:
        """All lines; WorkspaceError where they would take more than `most` bytes."""
        width = max(1, self.width(self.names))
        if most is not None and self.rows * width > most:
            raise WorkspaceError("dataset.too_large_whole", rows=self.rows, most=round(most // width, -5))
        return self.some(np.arange(self.rows), used=())

    def _column(self, name: str, values: np.ndarray, used: Collection[str] | None) -> Any:
        kind = self.kinds[name]
        if not self.has_texts(name):
            return values
        texts = self.texts(name)
        if "ordered" not in kind:
            return pd.array(texts.take(pa.array(values, mask=values < 0)).to_pandas(), dtype=kind["dtype"])
        if (len(texts) > MANY) if used is None else (name in used):
            there, values = np.unique(values, return_inverse=True)
            known = there[there >= 0]
            values = values - (len(there) - len(known))
            texts = texts.take(pa.array(known))
        categories = pd.Index(texts.to_pandas(), dtype=kind["dtype"])
        return pd.Categorical.from_codes(values, dtype=pd.CategoricalDtype(categories, ordered=kind["ordered"]))
