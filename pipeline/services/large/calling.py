"""The rows that a list to call may hold, scored by shards: the very lines that the file scored whole would have."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd

from pipeline.contract import Product, Role
from pipeline.executing import Kept, Task
from pipeline.ingestion.dataset import Dataset, RowsInParts
from pipeline.ingestion.event_id import EVENT_ID, UNTOLD, record_keys, with_event_ids
from pipeline.insight.calls import call_list, expected
from pipeline.insight.calls.expected import Tally
from pipeline.insight.groups import late
from pipeline.insight.scoring import score
from pipeline.services.large import score_shard, scoring
from pipeline.services.large.score_shard import Wanted
from pipeline.services.large.spread import Doing
from pipeline.shards import store

KEY = "event_key"
_COUNTED, _SCORED = 0.3, 0.9  # shares of the work


def dated(dataset: Dataset, declared: Product) -> pd.DataFrame:
    """The days and states of all rows, without the rest of them: `row`, `state`, and the columns of dates that lists
    ask for.
    """
    parts = RowsInParts.of(dataset)
    fields = [declared.by_role(role) for role in (Role.CONTACT, Role.CANCELLED)]
    keys = [declared.time.key, *(field.key for field in fields if field is not None and field.key in parts)]
    return pd.DataFrame(
        {"row": parts.sheet.rows[parts.usable], "state": parts.state(), **{key: parts.column(key) for key in keys}}
    )


def days_known(history: Dataset, declared: Product) -> pd.DataFrame:
    """The states of a history's rows and the days of their events, each pair once: what tells the day of a list."""
    key = declared.time.key
    pairs = [block[["state", key]].drop_duplicates() for block in RowsInParts.of(history).blocks({key})]
    return pd.concat(pairs, ignore_index=True).drop_duplicates(ignore_index=True)


def late_of(history: Dataset, declared: Product, day: dt.date) -> Tally:
    """The bookings of a history that are over, and those of them that were given up late (see `expected.tally`)."""
    fields = [declared.by_role(role) for role in (Role.CONTACT, Role.CANCELLED)]
    keys = {declared.time.key, *(field.key for field in fields if field is not None)}
    blocks = RowsInParts.of(history).blocks(keys)
    first, *rest = (expected.tally(block, declared, day, late.USUAL) for block in blocks)
    return sum(rest, first)


def keys_of(dataset: Dataset, declared: Product, kept: Kept) -> np.ndarray:
    """As `event_id.record_keys` of all rows, in the order of the file; their shards were written."""
    shards = store.opened(str(kept.place("rows")))
    assert shards is not None, "they are written first"
    read = [shards.read(shard, ["row", EVENT_ID]) for shard in range(shards.number)]
    whole = pd.concat(read).sort_values("row")
    keys = whole[EVENT_ID].to_numpy("uint64").copy()
    untold = np.flatnonzero(keys == UNTOLD)
    if len(untold):
        keys[untold] = record_keys(with_event_ids(RowsInParts.of(dataset).some(untold), declared), declared)
    return keys


def frame_of(
    asked: scoring.ToScore, material: score_shard.Material, wanted: Wanted, keys: np.ndarray, doing: Doing
) -> pd.DataFrame:
    """The typed rows that a list may hold, with what scoring says of them and the KEY of their event, in the order of
    `call_list.call_list` of all rows.
    """
    part = scoring.surveyed(asked, material, doing, asked.others())
    found, agreed = _scored(asked, material, part, wanted, doing)
    if not agreed:
        found, _ = _scored(asked, material, replace(part, trusted=False), wanted, doing)
    parts = RowsInParts.of(asked.dataset)
    places = np.searchsorted(parts.sheet.rows[parts.usable], found["row"].to_numpy())
    rows = parts.some(places)
    rows = rows.assign(**{KEY: keys[places], **call_list.place_columns(rows, asked.declared)})
    return call_list.in_order(pd.concat([rows, found.drop(columns=["row", EVENT_ID])], axis=1))


def _scored(
    asked: scoring.ToScore, material: score_shard.Material, part: score.Part, wanted: Wanted, doing: Doing
) -> tuple[pd.DataFrame, bool]:
    tasks = [Task(score_shard.list_shard, (material, part, wanted, shard)) for shard in range(asked.number)]
    found = list(doing.all(tasks, "large.scoring", _COUNTED, _SCORED))
    rows = pd.concat([table for table, _ in found]).sort_values("row").reset_index(drop=True)
    return rows, all(agreed for _, agreed in found)
