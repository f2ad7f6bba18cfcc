"""The key of a row without a date: given when its file is first taken in, kept with the row, and never made of its
words. It is the same again where the row truly is: in the same file however it is read, in a joined one, and in a file
that demonstrably continues another. Equal words in two files are two comments.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.contract import Product
from pipeline.ingestion.event_id import RECORD_KEY, TAKEN_IN, UNTOLD, event_ids, row_keys, said, with_event_ids
from pipeline.ingestion.reading.raw_table import RawTable
from pipeline.records import DatasetInfo, ValidationReport, load_kept
from pipeline.services import catalog
from pipeline.services.data import event_keys
from pipeline.services.session import Permission, Session, needs

_PROOF = 10  # different rows that a file repeats in their order: ten are no accident, one "Péssimo." is
_FIRST_OF_JOINED = 2  # number of a joined table's first row

Finish = Callable[[pd.DataFrame], pd.DataFrame]


@dataclass(frozen=True)
class Part:
    """A file that goes into a joined one, and the data set that it is kept as; "" where it is not kept."""

    raw: RawTable
    dataset_id: str = ""


@needs(Permission.CHANGE_DATA)
def of_new(session: Session, declared: Product, raw: RawTable, series: str, parts: Sequence[Part] = ()) -> Finish:
    """What gives the rows of a file that goes into a series their ids, keys and the moment of taking in.

    `parts`: the files that it was joined of, in their order, whose rows keep their keys.
    """

    def finish(rows: pd.DataFrame) -> pd.DataFrame:
        others = event_keys.others(session, declared.key, series)
        if parts:
            known = _of_parts(session, others, parts)
        else:
            known = _of_same_file(session, others, raw)
            known = _continued(session, others, rows, declared) if known is None else known
        made = _with_keys(rows, declared, raw, known)
        return made.assign(**{TAKEN_IN: event_keys.first_taken_in(session, others, made[RECORD_KEY].to_numpy())})

    return finish


@needs(Permission.CHANGE_DATA)
def of_same(session: Session, dataset_id: str, raw: RawTable) -> Finish:
    """What gives the rows of a kept file that is read again the keys and moments that they have."""
    declared, before = (
        catalog.product(session.workspace.dataset(dataset_id).product),
        event_keys.of(session, dataset_id),
    )

    def finish(rows: pd.DataFrame) -> pd.DataFrame:
        made, since = (
            _with_keys(rows, declared, raw, _undated(before)),
            pd.Series(np.asarray(before.since), np.asarray(before.rows, np.int64)),
        )
        return made.assign(**{TAKEN_IN: since.reindex(rows["row"]).to_numpy()})

    return finish


def _with_keys(rows: pd.DataFrame, declared: Product, raw: RawTable, known: pd.Series | None) -> pd.DataFrame:
    """`known`: keys (uint64) by row number, of rows that have one; a key is given to one row alone."""
    made, numbers = with_event_ids(rows, declared), rows["row"].to_numpy(np.int64)
    ids, keys = event_ids(made, declared), row_keys(raw.sha256, raw.sheet, numbers)
    if known is not None:
        theirs = known.reindex(numbers, fill_value=np.uint64(UNTOLD))
        keys = np.where((theirs != UNTOLD) & ~theirs.duplicated(), theirs, keys)
    return made.assign(**{RECORD_KEY: np.where(ids != UNTOLD, ids, keys)})


def _undated(found: event_keys.EventKeys) -> pd.Series:
    return pd.Series(found.keys[found.undated], found.rows[found.undated])


def _of_same_file(session: Session, others: Sequence[DatasetInfo], raw: RawTable) -> pd.Series | None:
    """The keys of the same file that is kept already, read in another way."""
    for info in others:
        if info.sha256 == raw.sha256:
            facts = load_kept(ValidationReport, session.workspace.report(info.id)).file
            if facts.sheet == raw.sheet:
                return _undated(event_keys.of(session, info.id))
    return None


def _of_parts(session: Session, others: Sequence[DatasetInfo], parts: Sequence[Part]) -> pd.Series:
    """The keys that the rows have in the parts, by their numbers in the joined table: all parts one after the other."""
    keys = [_of_part(session, others, part) for part in parts]
    whole = np.concatenate(keys)
    return pd.Series(whole, np.arange(_FIRST_OF_JOINED, _FIRST_OF_JOINED + len(whole)))


def _of_part(session: Session, others: Sequence[DatasetInfo], part: Part) -> np.ndarray:
    raw = part.raw
    kept = _undated(event_keys.of(session, part.dataset_id)) if part.dataset_id else None
    known = _of_same_file(session, others, raw) if kept is None else kept
    own = row_keys(raw.sha256, raw.sheet, raw.rows)
    if known is None:
        return own
    theirs = known.reindex(raw.rows, fill_value=np.uint64(UNTOLD)).to_numpy()
    return np.where(theirs != UNTOLD, theirs, own)


def _continued(
    session: Session, others: Sequence[DatasetInfo], rows: pd.DataFrame, declared: Product
) -> pd.Series | None:
    """The keys of the longest of the other files whose rows, all of them and in their order, are the first or the last
    of these: an export that grew at its end or at its beginning.
    """
    best: pd.Series | None = None
    if (event_ids(rows, declared) != UNTOLD).all():
        return best
    words, numbers = said(rows, declared), rows["row"].to_numpy(np.int64)
    for info in (one for one in others if one.rows <= len(rows)):
        theirs = event_keys.words(session, info.id)
        at = _place(theirs, words)
        if at is not None and (best is None or len(theirs) > len(best)):
            found = event_keys.of(session, info.id)
            keys = np.where(found.undated, found.keys, np.uint64(UNTOLD))
            best = pd.Series(keys, numbers[at : at + len(theirs)])
    return best


def _place(part: np.ndarray, whole: np.ndarray) -> int | None:
    """Where a part stands at the beginning or the end of a whole; None where it doesn't, or proves too little."""
    if len(part) > len(whole) or len(np.unique(part)) < _PROOF:
        return None
    for at in (0, len(whole) - len(part)):
        if (whole[at : at + len(part)] == part).all():
            return at
    return None
