"""Which shard a row lies in: the hash of its patient's text, so that a patient's past is whole within a shard.

A row that names nobody goes by its own number, and where a product has no patients by its event, so that an event told
twice is met in one place. Which shard it is never shows in a result: any number of shards gives the same bytes.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.contract import Product, Role

EVENT_ID = "event_id"  # as ingestion names it
ROWS_OF_A_SHARD = 80_000  # at most about: a worker has some 5 kB in hand for each, its columns and reasons counted
ONE_SHARD = 20_000  # rows that are not worth more than one shard
_OF_PAST = 8  # rows of a past take about as much as one whose risk is made
_NAMES = 1 << 16  # of patients, that are hashed at once: as objects they are many times as large
_TOGETHER = 4  # two or four workers end together


def number_for(rows: int, past: int = 0) -> int:
    """How many shards suit so many rows, and those of their `past`: so many that workers share them out evenly, and
    whatever the workers are, so that what is finished serves a second run on others.

    More rows a shard would be slower, a row: what is made of them no longer fits the processor's caches, which two
    processes share.
    """
    rows += past // _OF_PAST
    return 1 if rows <= ONE_SHARD else _TOGETHER * -(-rows // (_TOGETHER * ROWS_OF_A_SHARD))


def shard_of(rows: pd.DataFrame, product: Product, number: int) -> np.ndarray:
    """The shard (int64, 0…number-1) of each typed row; the same row always goes to the same one.

    KeyError for rows of a product without patients that lack their `event_id`.
    """
    field = product.by_role(Role.PATIENT)
    own = _of_numbers(rows["row"])
    if field is None:
        event = rows[EVENT_ID].to_numpy("uint64")
        return _spread(np.where(event == 0, own, event), number)
    if field.key not in rows:
        return _spread(own, number)
    return _spread(_of_texts(rows[field.key], own), number)


def shard_of_numbers(patients: np.ndarray, rows: np.ndarray, number: int) -> np.ndarray:
    """The shard (int64, 0…number-1) of each row whose patient is a number (-1: nobody's); `rows`: its own number."""
    own, theirs = (pd.util.hash_array(numbers.astype("int64")) for numbers in (rows, patients))
    return _spread(np.where(patients < 0, own, theirs), number)


def _of_numbers(numbers: pd.Series) -> np.ndarray:
    return np.asarray(pd.util.hash_array(numbers.to_numpy("int64")))


def _of_texts(column: pd.Series, otherwise: np.ndarray) -> np.ndarray:
    """uint64 per row: the hash of its text; where it is missing that of the row."""
    coded = column if isinstance(column.dtype, pd.CategoricalDtype) else column.astype("category")
    names, hashes = coded.cat.categories, np.zeros(len(coded.cat.categories) + 1, np.uint64)
    for start in range(0, len(names), _NAMES):
        some = np.array([str(name) for name in names[start : start + _NAMES]], dtype=object)
        hashes[start : start + len(some)] = pd.util.hash_array(some, categorize=False)
    codes = coded.cat.codes.to_numpy()
    return np.where(codes < 0, otherwise, hashes[codes])


def _spread(hashes: np.ndarray, number: int) -> np.ndarray:
    """0…number-1 of each hash, by bits that have nothing to do with how a shard's own tables hash."""
    mixed = (hashes ^ (hashes >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    return ((mixed >> np.uint64(32)) % np.uint64(number)).astype(np.int64)
