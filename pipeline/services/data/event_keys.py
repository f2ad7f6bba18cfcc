"""The keys under which the events of a data set are noted: what carries follow-ups from one file of a series to the
next, through repairs and to another series, and says which of them go when a data set goes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from pipeline.ingestion.event_id import record_keys
from pipeline.records import DatasetInfo
from pipeline.services import catalog
from pipeline.services.session import Permission, Session, needs
from pipeline.workspace.store import Workspace


@dataclass(frozen=True)
class EventKeys:
    """Of a data set's rows, in the order of its file: their numbers (int64), and the keys of their events (uint64)."""

    rows: np.ndarray
    keys: np.ndarray
    ordered: np.ndarray  # the keys again, by size

    def hold(self, asked: np.ndarray) -> np.ndarray:
        """bool per key (uint64): whether one of the rows has it."""
        if not len(self.ordered):
            return np.zeros(len(asked), bool)
        places = np.searchsorted(self.ordered, asked)
        return self.ordered[np.minimum(places, len(self.ordered) - 1)] == asked


# by data set and revision, while the workspace is open: a page asks at each drawing. Hashes alone, nothing of anybody
_HELD: WeakKeyDictionary[Workspace, dict[tuple[str, int], EventKeys]] = WeakKeyDictionary()


@needs(Permission.READ_DATA)
def of(session: Session, dataset_id: str) -> EventKeys:
    """The keys of a data set, as it is read now."""
    workspace = session.workspace
    held, asked = _HELD.setdefault(workspace, {}), (dataset_id, workspace.revision(dataset_id))
    if asked not in held:
        declared, rows = catalog.product(workspace.dataset(dataset_id).product), workspace.rows(dataset_id)
        keys = record_keys(rows, declared)
        held[asked] = EventKeys(rows["row"].to_numpy(np.int64), keys, np.sort(keys))
    return held[asked]


@needs(Permission.READ_DATA)
def named(session: Session, dataset_id: str, rows: Collection[int] | None = None) -> dict[int, str]:
    """The number of each row (or of these alone) with the key of its event, as 16 hex digits."""
    found = of(session, dataset_id)
    own = np.ones(len(found.rows), bool) if rows is None else np.isin(found.rows, list(rows))
    return dict(zip(found.rows[own].tolist(), map(written, found.keys[own].tolist()), strict=True))


def written(key: int) -> str:
    """A key as it is kept and shown to programs."""
    return f"{key:016x}"


def _others(session: Session, info: DatasetInfo) -> Sequence[DatasetInfo]:
    """The other data sets of the same series, newest first."""
    return [d for d in session.workspace.datasets(info.product) if d.series == info.series and d.id != info.id]


@needs(Permission.READ_DATA)
def taken_in(session: Session, dataset_id: str, keys: Collection[str]) -> dict[str, dt.datetime]:
    """When the clinic first sent each of these events, in this file or in an older one of the series; those that the
    data set doesn't hold are left out.
    """
    info = session.workspace.dataset(dataset_id)
    asked = np.array([int(key, 16) for key in keys], np.uint64)
    asked = asked[of(session, dataset_id).hold(asked)]
    found = dict.fromkeys(map(written, asked.tolist()), dt.datetime.fromisoformat(info.created))
    for older in _others(session, info):
        if older.created <= info.created:
            known = asked[of(session, older.id).hold(asked)]
            found.update(dict.fromkeys(map(written, known.tolist()), dt.datetime.fromisoformat(older.created)))
    return found


@needs(Permission.READ_DATA)
def held_elsewhere(session: Session, dataset_id: str) -> set[str] | None:
    """The keys of all events that other data sets of the series hold; None where the series has no follow-up."""
    info = session.workspace.dataset(dataset_id)
    if not session.workspace.follow_ups(info.series):
        return None
    return {written(key) for other in _others(session, info) for key in of(session, other.id).keys.tolist()}


@needs(Permission.READ_DATA)
def only_here(session: Session, dataset_id: str) -> tuple[str, ...]:
    """The keys of those follow-ups that would go with a data set: no other of its series holds their event."""
    elsewhere = held_elsewhere(session, dataset_id)
    if elsewhere is None:
        return ()
    kept = session.workspace.follow_ups(session.workspace.dataset(dataset_id).series)
    return tuple(key for key in kept if key not in elsewhere)


@needs(Permission.READ_DATA)
def noted(session: Session, dataset_id: str) -> dict[int, str]:
    """As `named`, of the rows about whose event something was done: what `carry` asks for."""
    kept = session.workspace.follow_ups(session.workspace.dataset(dataset_id).series)
    return {row: key for row, key in named(session, dataset_id).items() if key in kept} if kept else {}


@needs(Permission.CHANGE_DATA)
def carry(session: Session, dataset_id: str, before: Mapping[int, str]) -> None:
    """After a data set was read again: what was done about a row stays with it. `before`: as `noted` told then."""
    if before:
        now, placed = named(session, dataset_id), session.workspace.dataset(dataset_id).series
        session.workspace.rekey_follow_ups(placed, {key: now[row] for row, key in before.items() if row in now})
