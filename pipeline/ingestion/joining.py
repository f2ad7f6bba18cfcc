"""Several files as one, and one file held against another: by the events that their rows tell of (`event_id`)."""

from __future__ import annotations

import dataclasses
import hashlib
import math
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import per_row
from pipeline.contract import FieldKind, Product, Role
from pipeline.errors import PresencaError
from pipeline.ingestion.cleaned_table import as_read
from pipeline.ingestion.dataset import Dataset, RowsInParts
from pipeline.ingestion.event_id import UNTOLD, event_ids, ids_of_parts, told_again, told_in_turn
from pipeline.ingestion.parsing.periods import own_days
from pipeline.ingestion.parsing.quoting import quotable
from pipeline.ingestion.reading.raw_table import RawTable
from pipeline.ingestion.reading.vocabulary import JOINED, OF_THE_FILE, OLDER, ORIGIN, ORIGIN_ROW, SAME, SUPERSEDED
from pipeline.records import Comparison, NewValues, Note, RateShift, Whole, note
from pipeline.statistics import wilson

_LOOKED_AT = (Role.UNIT, Role.PROCEDURE, Role.PLAN, Role.UF, Role.MODE, Role.CATEGORY, Role.CHANNEL)
_VALUES = 8
_LEAST, _SHIFT, _SURE = 100, 0.05, 3.0  # outcomes on each side; difference of rates; standard errors
_MOST_SHIFTS = 8


def _contents(rows: pd.DataFrame, product: Product) -> np.ndarray:
    """uint64 per row over the fields that are asked for: alike where two rows say just the same."""
    return pd.util.hash_pandas_object(rows[[field.key for field in product.asked]], index=False).to_numpy()


# ---------------------------------------------------------------- joining


def join(parts: Sequence[Dataset], product: Product, *, in_turn: bool = False) -> RawTable:
    """The rows of several files under the product's own headers, oldest file first, nothing dropped. `in_turn`: they
    are sendings, each of which may tell of a part of the events of a day.

    A row that a later file tells again is marked in a column of its own, which validation reads: it is left out
    there, counted and with its reason.
    """
    tables = [_under_own_headers(part, product) for part in parts]
    older = _older(parts, product, in_turn=in_turn)
    marked = [table.append_column(SUPERSEDED, mark) for table, mark in zip(tables, older, strict=True)]
    table = pa.concat_tables(marked, promote_options="default")
    table = table.select(
        [n for n in table.column_names if n not in (ORIGIN, ORIGIN_ROW, SUPERSEDED)] + [ORIGIN, ORIGIN_ROW, SUPERSEDED]
    )
    names = list(dict.fromkeys(part.raw.file_name for part in parts))
    again = sum(len(mark) - mark.null_count for mark in older)
    notes = [note("joining.files", count=len(parts), names=names[:12], origin=ORIGIN, origin_row=ORIGIN_ROW)]
    if again:
        notes.append(note("joining.told_again", rows=again))
    sha = hashlib.sha256("".join(part.raw.sha256 for part in parts).encode()).hexdigest()
    return RawTable(
        table,
        range(2, table.num_rows + 2),
        _joined_name(names),
        sha,
        sum(p.raw.size for p in parts),
        JOINED,
        None,
        None,
        None,
        (),
        tuple(notes),
    )


def extend(before: Dataset, parts: Sequence[Dataset], product: Product, first: int) -> RawTable:
    """A table that `join` made, as it was read, and the rows of later files after its own, which keep their numbers;
    the new ones are numbered from `first` on. What a later file tells again is marked, as in `join`.
    """
    marks = _older([before, *parts], product, in_turn=True)
    own = (
        before.raw.table.drop_columns([SUPERSEDED]) if SUPERSEDED in before.raw.table.column_names else before.raw.table
    )
    tables = [own, *(_under_own_headers(part, product) for part in parts)]
    marked = [table.append_column(SUPERSEDED, mark) for table, mark in zip(tables, marks, strict=True)]
    table = pa.concat_tables(marked, promote_options="default")
    added = np.arange(first, first + table.num_rows - own.num_rows)
    sha = hashlib.sha256("".join(one.raw.sha256 for one in (before, *parts)).encode()).hexdigest()
    return dataclasses.replace(
        before.raw,
        table=table,
        row_numbers=np.concatenate([before.raw.rows, added]),
        sha256=sha,
        size=before.raw.size + sum(part.raw.size for part in parts),
    )


def _joined_name(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} e mais {len(names) - 1}"


def _under_own_headers(part: Dataset, product: Product) -> pa.Table:
    """The table as it was read, its columns named by the fields; columns of no field keep their names."""
    own = {product.field(m.field).label for m in part.matches if m.field}
    columns: dict[str, pa.ChunkedArray | pa.Array] = {}
    for place, match in enumerate(part.matches):
        cells = as_read(part, match.field, part.table.column(place)) if match.field else part.table.column(place)
        name = product.field(match.field).label if match.field else part.table.column_names[place]
        if match.field is None and name in (ORIGIN, ORIGIN_ROW, SUPERSEDED):
            columns[name] = cells
            continue
        while match.field is None and (name in own or name in columns):
            name += OF_THE_FILE
        columns[name] = cells
    columns.pop(SUPERSEDED, None)
    size = part.table.num_rows
    columns.setdefault(ORIGIN, pa.repeat(pa.scalar(part.raw.file_name), size))
    columns.setdefault(ORIGIN_ROW, pc.cast(pa.array(part.raw.rows), pa.string()))
    return pa.table({name: cells.cast(pa.string()) for name, cells in columns.items()})


def _marks(table: pa.Table) -> pa.Array | pa.ChunkedArray:
    """What an earlier joining said of the rows."""
    return (
        table[SUPERSEDED].cast(pa.string()) if SUPERSEDED in table.column_names else pa.nulls(len(table), pa.string())
    )


def _older(parts: Sequence[Dataset], product: Product, *, in_turn: bool) -> list[pa.Array | pa.ChunkedArray]:
    """Per part and row of the table: how a later file tells of the same event; null where none does."""
    found = [_marks(part.table) for part in parts]
    told = _told_in_turn(parts, product) if in_turn else [_told(part, product) for part in parts]
    later = _Later()
    for place in range(len(parts) - 1, -1, -1):
        keys, says = told[place]
        known, same = later.know(keys, says)
        at = np.flatnonzero(parts[place].checked.usable)
        for rows, words in ((at[known & same], SAME), (at[known & ~same], OLDER)):
            found[place] = _marked(found[place], rows, words)
        later.add(keys, says)
    return found


def _told(part: Dataset, product: Product) -> tuple[np.ndarray, np.ndarray]:
    """The event of each usable row of a file, and what it says (uint64 both); of its typed rows a block is in hand."""
    rows = RowsInParts.of(part)
    says = per_row.empty(len(rows.usable), "uint64")

    def blocks() -> Iterator[pd.DataFrame]:
        for block in per_row.blocks(len(rows.usable)):
            frame = rows.some(np.arange(block.start, block.stop))
            says[block] = _contents(frame, product)
            yield frame

    return ids_of_parts(blocks(), product, len(says)), says


def _told_in_turn(parts: Sequence[Dataset], product: Product) -> list[tuple[np.ndarray, np.ndarray]]:
    """The same of sendings, which are small."""
    frames = [part.rows for part in parts]
    says = [_contents(frame, product) for frame in frames]
    return list(zip(told_in_turn(frames, product), says, strict=True))


def _marked(marks: pa.Array | pa.ChunkedArray, rows: np.ndarray, words: str) -> pa.Array | pa.ChunkedArray:
    mask = np.zeros(len(marks), bool)
    mask[rows] = True
    return pc.if_else(pa.array(mask), pa.scalar(words), marks)


class _Later:
    """The events that later files tell of, and what the latest of them says first of each."""

    def __init__(self) -> None:
        self._keys, self._says = np.zeros(0, "uint64"), np.zeros(0, "uint64")

    def know(self, keys: np.ndarray, says: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """bool per key: whether a later file tells of it, and whether it says the very same."""
        if not len(self._keys):
            return np.zeros(len(keys), bool), np.zeros(len(keys), bool)
        at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        return (self._keys[at] == keys) & (keys != UNTOLD), self._says[at] == says

    def add(self, keys: np.ndarray, says: np.ndarray) -> None:
        """Events that no file after this one tells of, as this one says them first."""
        own, first = np.unique(keys, return_index=True)
        new = ~np.isin(own, self._keys)
        order = np.argsort(joined := np.concatenate([self._keys, own[new]]), kind="stable")
        self._keys, self._says = joined[order], np.concatenate([self._says, says[first[new]]])[order]


# ---------------------------------------------------------------- comparing


def compare(before: pd.DataFrame, after: pd.DataFrame, product: Product, names: tuple[str, str]) -> Comparison:
    """Two files' typed rows, patients under the same pseudonyms (or none) in both.
    PresencaError where either is empty.
    """
    if not len(before) or not len(after):
        raise PresencaError("joining.nothing_to_compare")
    old, new = event_ids(before, product), event_ids(after, product)
    shifts, values = _shifts(before, after, product), _new_values(before, after, product)
    wholes = _whole(before, product), _whole(after, product)
    if not (old.any() and new.any()):
        return Comparison(*names, len(after), 0, 0, 0, 0, 0, values, shifts, wholes, comparable=False)
    then = pd.Series(np.arange(len(old)), index=old)
    where = then[~then.index.duplicated()].reindex(new).to_numpy()
    known = ~np.isnan(where) & (new != UNTOLD)
    at = where[known].astype(int)
    same = _contents(after[known], product) == _contents(before.iloc[at], product)
    learnt = after["outcome"].to_numpy()[known], before["outcome"].to_numpy()[at]
    days = after[product.time.key]
    inside = (before[product.time.key] >= days.min()) & (before[product.time.key] <= days.max())
    lost = ~told_again(after, before, product)
    gone = int((inside.to_numpy() & lost).sum())
    return Comparison(
        *names,
        len(after),
        int((~known).sum()),
        int((~same).sum()),
        int(same.sum()),
        gone,
        int((~np.isnan(learnt[0]) & np.isnan(learnt[1])).sum()),
        values,
        shifts,
        wholes,
        only_before=int(lost.sum()),
    )


def _whole(rows: pd.DataFrame, product: Product) -> Whole:
    days = rows[product.time.key].to_numpy().astype("datetime64[D]")
    known = days[own_days(days)]
    n = int(rows["outcome"].count())
    first, last = (known.min().item(), known.max().item()) if len(known) else (None, None)
    return Whole(len(rows), first, last, wilson(int(rows["outcome"].sum()), n), n)


def _looked_at(product: Product, before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    return [
        field.key
        for role in _LOOKED_AT
        if (field := product.by_role(role)) is not None
        and not field.personal
        and field.key in before
        and field.key in after
        and field.kind in (FieldKind.OPEN, FieldKind.CLOSED, FieldKind.UF)
    ]


def _new_values(before: pd.DataFrame, after: pd.DataFrame, product: Product) -> tuple[NewValues, ...]:
    found = []
    for key in _looked_at(product, before, after):
        counts = after[key].astype("str").value_counts()
        unseen = counts[
            (counts > 0) & ~counts.index.isin(before[key].dropna().astype("str").unique()) & (counts.index != "nan")
        ]
        if len(unseen) and before[key].notna().any():
            shown = tuple((quotable(str(name)), int(rows)) for name, rows in unseen.head(_VALUES).items())
            found.append(NewValues(key, product.field(key).label, shown, int(unseen.sum())))
    return tuple(found)


def _shifts(before: pd.DataFrame, after: pd.DataFrame, product: Product) -> tuple[RateShift, ...]:
    """The whole file's rate and those of its groups, where they differ by more than chance; the surest first."""
    found = [_shift(note("joining.whole_file"), _tally(before["outcome"]), _tally(after["outcome"]))]
    for key in _looked_at(product, before, after):
        old = before.groupby(before[key].astype("str"))["outcome"].agg(["sum", "count"])
        new = after.groupby(after[key].astype("str"))["outcome"].agg(["sum", "count"])
        for name in old.index.intersection(new.index):
            if str(name) == "nan":
                continue
            label = note("joining.group", field=product.field(key).label, value=quotable(str(name)))
            found.append(
                _shift(
                    label,
                    (int(old.at[name, "sum"]), int(old.at[name, "count"])),
                    (int(new.at[name, "sum"]), int(new.at[name, "count"])),
                )
            )
    kept = sorted((pair for pair in found if pair), key=lambda pair: -pair[0])
    return tuple(shift for _, shift in kept[:_MOST_SHIFTS])


def _tally(outcome: pd.Series) -> tuple[int, int]:
    return int(outcome.sum()), int(outcome.count())


def _shift(what: Note, old: tuple[int, int], new: tuple[int, int]) -> tuple[float, RateShift] | None:
    """(standard errors, shift) where both sides have outcomes enough and the rates differ enough."""
    if min(old[1], new[1]) < _LEAST:
        return None
    rates = old[0] / old[1], new[0] / new[1]
    mean = (old[0] + new[0]) / (old[1] + new[1])
    error = math.sqrt(max(mean * (1 - mean), 1e-9) * (1 / old[1] + 1 / new[1]))
    gap = abs(rates[0] - rates[1])
    before, after = wilson(*old), wilson(*new)
    if gap < _SHIFT or gap < _SURE * error or before is None or after is None:
        return None
    return gap / error, RateShift(what, before, after, old[1], new[1])
