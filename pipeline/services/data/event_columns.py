"""Large data sets as events, one by one: the keys of their rows and what pages ask of single bookings, as narrow
columns beside the rows: made once, mapped from disk, shared by all who ask.

A data set of fewer rows (`coded.LARGE`) is read as a frame; what is told of it is the same.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from pipeline.contract import Product, Role
from pipeline.ingestion.event_id import EVENT_ID, RECORD_KEY, TAKEN_IN, UNTOLD, event_ids, record_keys
from pipeline.services import catalog
from pipeline.services.data import coded
from pipeline.services.session import Permission, Session, needs
from pipeline.workspace.storage.narrow import Narrow, NarrowRows
from pipeline.workspace.store import Workspace

BLOCK = 1 << 20  # rows that are looked at together
KEPT = (EVENT_ID, RECORD_KEY, TAKEN_IN)
_RANKED, _ORDER, _UNDATED = "ranked", "order", "undated"
_ROLES = (
    Role.CONTACT,
    Role.CANCELLED,
    Role.PATIENT,
    Role.UNIT,
    Role.PROCEDURE,
    Role.PROFESSIONAL,
)
_MOST_HELD = 8
_Mark = tuple[int, tuple[int, int] | None]


@dataclass(frozen=True)
class EventKeys:
    """Of a data set's rows, in the order of its file: their numbers, the keys of their events (uint64), whether the key
    is the row's own because its event's id can't be told, when the clinic first sent it (datetime64, UTC; NaT: with
    this data set), and its event's day (datetime64; NaT where it has none).
    """

    rows: np.ndarray
    keys: np.ndarray
    undated: np.ndarray
    since: np.ndarray | Narrow
    days: np.ndarray | Narrow
    order: np.ndarray  # the places of the keys, by size
    ranked: np.ndarray  # the keys, by size

    def places(self, asked: np.ndarray) -> np.ndarray:
        """int per key (uint64): the place of the row that has it; -1 where none has."""
        if not len(self.order):
            return np.full(len(asked), -1)
        at = np.minimum(np.searchsorted(self.ranked, asked), len(self.order) - 1)
        return np.where(self.ranked[at] == asked, self.order[at].astype(np.int64), -1)


@dataclass(frozen=True, eq=False)  # itself alone: what is counted of it is held as long as it is open
class EventColumns:
    """A large data set's rows as events: the typed columns that pages ask for singly, and their keys."""

    rows: NarrowRows
    keys: EventKeys


class _Held:
    """What is open of one workspace: mapped columns."""

    def __init__(self) -> None:
        self.making = threading.RLock()  # two who ask first wait for one making
        self.open: OrderedDict[str, tuple[_Mark, EventColumns]] = OrderedDict()


_HELD: WeakKeyDictionary[Workspace, _Held] = WeakKeyDictionary()


def keys_of(rows: pd.DataFrame, declared: Product) -> EventKeys:
    """The keys of typed rows. Those that an earlier version kept have no key of their own, and no moment."""
    keys = rows[RECORD_KEY].to_numpy(np.uint64) if RECORD_KEY in rows else record_keys(rows, declared)
    nowhen = np.full(len(rows), np.datetime64("NaT", "us"))
    since = rows[TAKEN_IN].to_numpy("datetime64[us]") if TAKEN_IN in rows else nowhen
    undated = event_ids(rows, declared) == UNTOLD
    days = rows[declared.time.key].to_numpy("datetime64[D]")
    order = np.argsort(keys)
    return EventKeys(rows["row"].to_numpy(np.int64), keys, undated, since, days, order, keys[order])


@needs(Permission.OPEN)
def is_large(session: Session, dataset_id: str) -> bool:
    """Whether a data set has so many rows that its events are read from columns."""
    return session.workspace.dataset(dataset_id).rows >= coded.LARGE


@needs(Permission.OPEN)
def is_ready(session: Session, dataset_id: str, model_id: str = "") -> bool:
    """Whether nothing is to be made before pages can tell of a data set, with the past risks of a model if it has any;
    of few rows nothing ever is.
    """
    space = session.workspace
    if not is_large(session, dataset_id):
        return True
    if space.event_columns_stamp(dataset_id) is None:
        return False
    if not coded.is_large(session, dataset_id):
        return True
    scored = bool(model_id) and bool(space.past_risks_id(model_id, dataset_id))
    past = not scored or space.past_columns_stamp(model_id, dataset_id) is not None
    return past and space.row_columns_stamp(dataset_id) is not None


@needs(Permission.OPEN)
def prepare(session: Session, dataset_id: str, model_id: str = "") -> None:
    """Makes what pages read of a data set of many rows, so that none who opens one waits for it. Nothing is given."""
    whole = replace(session, user=None)  # what is made is of all units; who may read of it is asked by who reads
    opened(whole, dataset_id)
    if coded.is_large(session, dataset_id):
        coded.opened(whole, dataset_id, model_id or None)


@needs(Permission.READ_DATA)
def opened(session: Session, dataset_id: str) -> EventColumns | None:
    """The events of a large data set; None for one of fewer rows, which is read as a frame."""
    space = session.workspace
    if not is_large(session, dataset_id):
        return None
    held, revision = _HELD.setdefault(space, _Held()), space.revision(dataset_id)
    with held.making:
        known = held.open.get(dataset_id)
        if known is not None and known[0] == (revision, space.event_columns_stamp(dataset_id)):
            held.open.move_to_end(dataset_id)
            return known[1]
        found = space.event_columns(dataset_id)
        if found is None:
            _make(session, dataset_id)
            found = space.event_columns(dataset_id)
        assert found is not None, "it was kept just now"
        made = EventColumns(found, _keys(found, catalog.product(space.dataset(dataset_id).product)))
        held.open[dataset_id] = (revision, space.event_columns_stamp(dataset_id)), made
        while len(held.open) > _MOST_HELD:
            held.open.popitem(last=False)
    return made


def _keys(rows: NarrowRows, declared: Product) -> EventKeys:
    return EventKeys(
        rows.plain("row"),
        rows.plain(RECORD_KEY),
        rows.plain(_UNDATED),
        rows.narrow(TAKEN_IN, "datetime64[us]"),
        rows.narrow(declared.time.key, "datetime64[D]"),
        rows.plain(_ORDER),
        rows.plain(_RANKED),
    )


def _make(session: Session, dataset_id: str) -> None:
    space = session.workspace
    declared, there = catalog.product(space.dataset(dataset_id).product), space.columns_of_rows(dataset_id)
    fields = [field.key for role in _ROLES if (field := declared.by_role(role)) is not None]
    wanted = ["row", "state", "outcome", declared.time.key, declared.time.hour_column, *fields]
    names = [name for name in dict.fromkeys(wanted) if name in there]
    space.save_event_columns(dataset_id, names, _made(session, dataset_id, declared, set(KEPT) <= set(there)))


def _made(session: Session, dataset_id: str, declared: Product, has_keys: bool) -> Iterator[tuple[str, pd.Series]]:
    """What is made of the rows, one after the other: no more than three columns are in hand."""
    space = session.workspace
    if has_keys:
        keys = space.rows(dataset_id, [RECORD_KEY])[RECORD_KEY].to_numpy(np.uint64)
        yield TAKEN_IN, space.rows(dataset_id, [TAKEN_IN])[TAKEN_IN].astype("datetime64[us]")
        yield _UNDATED, space.rows(dataset_id, [EVENT_ID])[EVENT_ID] == UNTOLD
    else:
        whole = keys_of(space.rows(dataset_id), declared)
        keys = whole.keys
        yield TAKEN_IN, pd.Series(np.asarray(whole.since))
        yield _UNDATED, pd.Series(whole.undated)
    yield RECORD_KEY, pd.Series(keys)
    order = np.argsort(keys)
    yield _ORDER, pd.Series(order)
    yield _RANKED, pd.Series(keys[order])


@needs(Permission.READ_DATA)
def some(session: Session, dataset_id: str, places: np.ndarray, columns: Sequence[str]) -> pd.DataFrame:
    """Columns of the typed rows at some places of the file, in this order, with a RangeIndex; those that are not there
    are left out. Of a large data set no others are read.
    """
    held, there = opened(session, dataset_id), session.workspace.columns_of_rows(dataset_id)
    names = [name for name in columns if name in there]
    if held is not None and all(name in held.rows for name in names):
        return held.rows.some(places, names)
    return session.workspace.rows(dataset_id, names).iloc[places].reset_index(drop=True)


@needs(Permission.READ_DATA)
def blocks(session: Session, dataset_id: str, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
    """Columns of the typed rows, as `some` gives them, of all rows one block after the other; a small file is one."""
    held, there = opened(session, dataset_id), session.workspace.columns_of_rows(dataset_id)
    names = [name for name in columns if name in there]
    if held is None or not all(name in held.rows for name in names):
        yield session.workspace.rows(dataset_id, names)
        return
    for start in range(0, max(1, len(held.keys.rows)), BLOCK):
        yield held.rows.some(slice(start, start + BLOCK), names)


@needs(Permission.READ_DATA)
def where(session: Session, dataset_id: str, column: str, values: Collection[str]) -> np.ndarray:
    """bool per row of a data set, in the order of its file: whether a column has one of these values; of one that is
    not there none has.
    """
    held = opened(session, dataset_id)
    if held is not None and column in held.rows:
        return held.rows.where(column, lambda known: known.isin(list(values)))
    found = session.workspace.rows(dataset_id, ["row"], if_there=[column])
    return found[column].isin(list(values)).to_numpy() if column in found else np.zeros(len(found), dtype=bool)
