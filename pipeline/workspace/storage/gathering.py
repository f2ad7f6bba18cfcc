"""Frames that rest mapped, made of others: the lines of several in any order, laid out as one.

Of all lines no more than a block is in hand, and of texts that no two parts share none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import atomic, per_row
from pipeline.workspace.storage.mapped import Kind, MappedFrame, codes_for, write_facts, write_texts

BLOCK = 1 << 16  # lines


@dataclass(frozen=True)
class Derived:
    """A column of what is gathered that follows from another: `values` at the places that `source` (whole numbers)
    names, or, without a source, a value a line.
    """

    values: np.ndarray
    source: str = ""


def gathered(
    parts: Sequence[MappedFrame],
    order: np.ndarray,
    folder: Path,
    facts: Mapping[str, Any],
    derived: Mapping[str, Derived] | None = None,
    told: Callable[[float], None] = lambda _: None,
    apart: Collection[str] = (),
) -> None:
    """Writes the lines of several frames of the same columns as one, into a folder of its own; `order` names them,
    those of the second frame counted on from the first's. `derived`: columns beside theirs. `told` hears the share that
    is done. `apart`: columns no text of which is in two frames. Of all lines no more than a block is in hand.
    """
    if any(one.names != parts[0].names for one in parts):
        raise ValueError("parts of one frame have the same columns")
    begin = np.concatenate([[0], np.cumsum([one.rows for one in parts])])
    sinks, kinds = _sinks(parts, derived or {}, apart)
    with ExitStack() as stack:
        files = [stack.enter_context(atomic.create(folder / f"{at:03d}.npy")) for at in range(len(sinks))]
        for file, sink in zip(files, sinks, strict=True):
            shape = (len(order), *sink.beside)
            np.lib.format.write_array_header_1_0(
                file, {"descr": np.lib.format.dtype_to_descr(sink.dtype), "fortran_order": False, "shape": shape}
            )
        for start in range(0, len(order), BLOCK):
            some = _Block.of(order[start : start + BLOCK], begin)
            for file, sink in zip(files, sinks, strict=True):
                _put(file, sink.taken(parts, some, start))
            told(min(1.0, (start + BLOCK) / len(order)))
        for file in files:
            atomic.settle(file)
    for at, sink in enumerate(sinks):
        if sink.texts is not None:
            write_texts(sink.texts, folder / f"{at:03d}.arrow")
    write_facts(folder, len(order), kinds, facts)


def _put(file: BinaryIO, values: np.ndarray) -> None:
    file.write(np.ascontiguousarray(values).view(np.uint8).data if values.size else b"")


@dataclass(frozen=True)
class _Block:
    """Some lines of the whole: by part (`bounds`), where in the part they lie (`at`), and their place in the block."""

    at: np.ndarray
    place: np.ndarray
    bounds: np.ndarray

    @staticmethod
    def of(order: np.ndarray, begin: np.ndarray) -> _Block:
        place = np.argsort(order, kind="stable")
        whole = order[place]
        bounds = np.searchsorted(whole, begin)
        part = np.searchsorted(begin, whole, side="right") - 1
        return _Block(whole - begin[part], place, bounds)


@dataclass(frozen=True)
class _Sink:
    """An array to be written: of which column of the parts (its first, of a block), or what derives from one."""

    name: str
    dtype: np.dtype[Any]
    beside: tuple[int, ...] = ()
    texts: pa.Array | None = None
    recoded: tuple[np.ndarray, ...] = ()  # by part: the code of each of its own, the last of none
    moved: tuple[int, ...] = ()  # by part: where its own begin
    derived: Derived | None = None

    def taken(self, parts: Sequence[MappedFrame], some: _Block, start: int) -> np.ndarray:
        if self.derived is not None and not self.derived.source:
            return self.derived.values[start : start + len(some.at)]
        out = np.empty((len(some.at), *self.beside), dtype=self.dtype)
        for number, part in enumerate(parts):
            here = slice(some.bounds[number], some.bounds[number + 1])
            if here.stop > here.start:
                name = self.derived.source if self.derived is not None else self.name
                array = part.stored(part.kinds[name]["file"])
                values = array[some.at[here]]
                if self.recoded:
                    values = self.recoded[number][values]
                elif self.moved:
                    values = np.where(values < 0, -1, values.astype(np.int64) + self.moved[number])
                out[some.place[here]] = values if self.derived is None else self.derived.values[values]
        return out


def _sinks(
    parts: Sequence[MappedFrame], derived: Mapping[str, Derived], apart: Collection[str]
) -> tuple[list[_Sink], dict[str, Kind]]:
    first = parts[0]
    sinks: list[_Sink] = []
    kinds: dict[str, Kind] = {}
    of_block: dict[int, int] = {}
    for name, kind in first.kinds.items():
        if "at" in kind:
            if kind["file"] not in of_block:
                of_block[kind["file"]] = len(sinks)
                array = first.stored(kind["file"])
                sinks.append(_Sink(name, array.dtype, array.shape[1:]))
            kinds[name] = {**kind, "file": of_block[kind["file"]]}
            continue
        kinds[name] = {**kind, "file": len(sinks)}
        if not first.has_texts(name):
            sinks.append(_Sink(name, first.array(name).dtype))
        else:
            sinks.append((_beside if name in apart else _joined)(parts, name))
    for name, one in derived.items():
        kinds[name] = {"dtype": str(one.values.dtype), "file": len(sinks)}
        sinks.append(_Sink(name, one.values.dtype, derived=one))
    return sinks, kinds


def _joined(parts: Sequence[MappedFrame], name: str) -> _Sink:
    """A column of texts: those of all parts, in the order in which the parts name them."""
    own = [part.texts(name) for part in parts]
    if all(one.equals(own[0]) for one in own[1:]):
        return _Sink(name, codes_for(len(own[0])), texts=own[0])
    coded = pc.dictionary_encode(pa.concat_arrays(own))  # all at once: to look part by part is to count all each time
    dtype = codes_for(len(coded.dictionary))
    codes = np.split(coded.indices.to_numpy(), np.cumsum([len(one) for one in own])[:-1])
    return _Sink(name, dtype, texts=coded.dictionary, recoded=tuple(np.append(one, -1).astype(dtype) for one in codes))


def _beside(parts: Sequence[MappedFrame], name: str) -> _Sink:
    """The same where no text is in two parts: millions of them are laid end to end, and no list of them is in hand."""
    own = [part.texts(name) for part in parts]
    begin = np.cumsum([0, *(len(one) for one in own)]).tolist()
    return _Sink(name, codes_for(begin[-1]), texts=_end_to_end(own), moved=tuple(begin[:-1]))


def _end_to_end(arrays: Sequence[pa.Array]) -> pa.Array:
    """Texts, none of them missing, as one array that lies in files where it is large."""
    arrays = [one for one in arrays if len(one)]
    ends = [np.frombuffer(one.buffers()[1], np.int32)[one.offset : one.offset + len(one) + 1] for one in arrays]
    sizes = [int(one[-1] - one[0]) for one in ends]
    if sum(sizes) > np.iinfo(np.int32).max:
        raise pa.ArrowCapacityError(f"{sum(sizes)} bytes of text in one array")
    offsets = per_row.empty(sum(len(one) for one in arrays) + 1, np.int32)
    letters = per_row.empty(sum(sizes), np.uint8)
    offsets[0], line, byte = 0, 0, 0
    for one, end, size in zip(arrays, ends, sizes, strict=True):
        offsets[line + 1 : line + 1 + len(one)] = end[1:] - end[0] + byte
        if size:
            letters[byte : byte + size] = np.frombuffer(one.buffers()[2], np.uint8)[end[0] : end[-1]]
        line, byte = line + len(one), byte + size
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(letters)]
    return pa.Array.from_buffers(pa.string(), line, buffers)
