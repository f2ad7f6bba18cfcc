"""The keys under which the events of a data set are noted: what carries follow-ups from one file of a series to the
next, through repairs and to another series, and says which of them go when a data set goes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from pipeline.contract import Product, Role
from pipeline.ingestion.event_id import EVENT_ID, said
from pipeline.records import DatasetInfo
from pipeline.services import catalog
from pipeline.services.data import event_columns
from pipeline.services.data.event_columns import KEPT, EventKeys, keys_of
from pipeline.services.session import Permission, Session, needs
from pipeline.workspace.store import Workspace

# by data set and revision, while the workspace is open: a page asks at each drawing. Hashes alone, nothing of anybody
_HELD: WeakKeyDictionary[Workspace, dict[tuple[str, int], EventKeys]] = WeakKeyDictionary()
_SAID: WeakKeyDictionary[Workspace, dict[tuple[str, int], np.ndarray]] = WeakKeyDictionary()


@needs(Permission.READ_DATA)
def of(session: Session, dataset_id: str) -> EventKeys:
    """The keys of a data set, as it is read now."""
    workspace = session.workspace
    large = event_columns.opened(session, dataset_id)
    if large is not None:
        return large.keys
    held, asked = _HELD.setdefault(workspace, {}), (dataset_id, workspace.revision(dataset_id))
    if asked not in held:
        declared = catalog.product(workspace.dataset(dataset_id).product)
        rows = workspace.rows(dataset_id, ["row", declared.time.key], if_there=KEPT)
        held[asked] = keys_of(rows if set(KEPT) <= set(rows) else workspace.rows(dataset_id), declared)
    return held[asked]


@needs(Permission.READ_DATA)
def words(session: Session, dataset_id: str) -> np.ndarray:
    """uint64 per row of a data set, in the order of its file: alike where two rows say the same."""
    workspace = session.workspace
    held, asked = _SAID.setdefault(workspace, {}), (dataset_id, workspace.revision(dataset_id))
    if asked not in held:
        declared = catalog.product(workspace.dataset(dataset_id).product)
        told = workspace.rows(dataset_id, ["row"], if_there=[field.key for field in declared.asked])
        held[asked] = said(told, declared)
    return held[asked]


@needs(Permission.READ_DATA)
def telling(session: Session, dataset_id: str, columns: Sequence[str]) -> pd.DataFrame:
    """The typed rows with their numbers, those of these columns that are there, and what tells of which event each is;
    rows that an earlier version kept without that come whole.
    """
    there = session.workspace.columns_of_rows(dataset_id)
    if EVENT_ID not in there:
        return session.workspace.rows(dataset_id)
    return session.workspace.rows(dataset_id, [name for name in there if name in {"row", EVENT_ID, *columns}])


@needs(Permission.READ_DATA)
def named(session: Session, dataset_id: str, rows: Collection[int] | None = None) -> dict[int, str]:
    """The number of each row (or of these alone) with the key of its event, as 16 hex digits."""
    found = of(session, dataset_id)
    own = np.ones(len(found.rows), bool) if rows is None else np.isin(found.rows, list(rows))
    return dict(zip(found.rows[own].tolist(), map(written, found.keys[own].tolist()), strict=True))


def of_frame(rows: pd.DataFrame, declared: Product, own: Collection[int]) -> tuple[str, ...]:
    """The keys, as `named` writes them, of some rows (by number) of a frame that no record knows."""
    found = keys_of(rows, declared)
    return tuple(map(written, found.keys[np.isin(found.rows, list(own))].tolist()))


def written(key: int) -> str:
    """A key as it is kept and shown to programs."""
    return f"{key:016x}"


@needs(Permission.READ_DATA)
def others(session: Session, product_key: str, series: str, but: str = "") -> Sequence[DatasetInfo]:
    """The data sets of a series, newest first; all `but` one."""
    return [d for d in session.workspace.datasets(product_key) if d.series == series and d.id != but]


def _others(session: Session, info: DatasetInfo) -> Sequence[DatasetInfo]:
    return others(session, info.product, info.series, info.id)


@needs(Permission.READ_DATA)
def first_taken_in(session: Session, infos: Sequence[DatasetInfo], keys: np.ndarray) -> np.ndarray:
    """datetime64[us] (UTC) per key (uint64): when the first of these data sets that tell of the event was sent; NaT
    where none does.
    """
    found = np.full(len(keys), np.datetime64("NaT", "us"))
    for info in infos:
        held = of(session, info.id)
        at = held.places(keys)
        own = held.since[at[at >= 0]]
        found[at >= 0] = np.fmin(found[at >= 0], np.where(np.isnat(own), _utc(info.created), own))
    return found


def _utc(moment: str) -> np.datetime64:
    return np.datetime64(dt.datetime.fromisoformat(moment).astimezone(dt.UTC).replace(tzinfo=None), "us")


@needs(Permission.READ_DATA)
def taken_in(session: Session, dataset_id: str, keys: Collection[str]) -> dict[str, dt.datetime]:
    """When the clinic first sent each of these events, in this file or in an older one of the series; those that the
    data set doesn't hold are left out.
    """
    info = session.workspace.dataset(dataset_id)
    asked = np.array([int(key, 16) for key in keys], np.uint64)
    asked = asked[of(session, dataset_id).places(asked) >= 0]
    older = [other for other in _others(session, info) if other.created <= info.created]
    zone = dt.datetime.fromisoformat(info.created).tzinfo
    moments = first_taken_in(session, [info, *older], asked).tolist()
    told = [moment.replace(tzinfo=dt.UTC).astimezone(zone) for moment in moments]
    return dict(zip(map(written, asked.tolist()), told, strict=True))


@needs(Permission.READ_DATA)
def days(session: Session, dataset_id: str, keys: Collection[str]) -> dict[str, dt.date]:
    """The day of each of these events; those without one, or that the data set doesn't hold, are left out."""
    held = of(session, dataset_id)
    at = held.places(np.array([int(key, 16) for key in keys], np.uint64))
    found = zip(keys, held.days[at].tolist(), at.tolist(), strict=True) if len(held.days) else ()
    return {key: day for key, day, place in found if place >= 0 and day is not None}


@needs(Permission.READ_DATA)
def alike(session: Session, dataset_id: str, keys: Collection[str], among: Collection[str]) -> dict[str, str]:
    """Of rows without a date (by the keys of their events): the name of a file of the series with a row that says just
    the same, and whose key is one of `among`. Rows that are like none of them are left out.
    """
    info, held = session.workspace.dataset(dataset_id), of(session, dataset_id)
    wanted = np.array([int(key, 16) for key in among], np.uint64)
    at = held.places(np.array([int(key, 16) for key in keys if key not in among], np.uint64))
    at = at[(at >= 0) & held.undated[at]]
    found: dict[str, str] = {}
    for other in (*_others(session, info), info) if len(at) else ():
        theirs = of(session, other.id)
        like = theirs.undated & np.isin(theirs.keys, wanted)
        if like.any():
            equal = at[np.isin(words(session, dataset_id)[at], words(session, other.id)[like])]
            found.update(dict.fromkeys(map(written, held.keys[equal].tolist()), other.name))
    return found


@needs(Permission.READ_DATA)
def held_elsewhere(session: Session, dataset_id: str) -> set[str] | None:
    """The keys of all events that other data sets of the series hold; None where nothing was done about any event."""
    info = session.workspace.dataset(dataset_id)
    if not _done(session, info.series):
        return None
    return {written(key) for other in _others(session, info) for key in of(session, other.id).keys.tolist()}


def _done(session: Session, series: str) -> set[str]:
    """The keys of all events about which something was done."""
    space = session.workspace
    return set(space.follow_ups(series)) | space.contacted_events(series) | space.offered_slots(series)


@needs(Permission.READ_DATA)
def only_here(session: Session, dataset_id: str) -> tuple[str, ...]:
    """The keys of those follow-ups that would go with a data set: no other of its series holds their event."""
    return _only_here(session, dataset_id, session.workspace.follow_ups(session.workspace.dataset(dataset_id).series))


@needs(Permission.READ_DATA)
def contacted_only_here(session: Session, dataset_id: str) -> tuple[str, ...]:
    """The keys of those events with contacts, or in a call list, that no other data set of the series holds."""
    series = session.workspace.dataset(dataset_id).series
    return _only_here(session, dataset_id, sorted(session.workspace.contacted_events(series)))


@needs(Permission.READ_DATA)
def offered_only_here(session: Session, dataset_id: str) -> tuple[str, ...]:
    """The keys of those events whose slots were offered, and that no other data set of the series holds."""
    series = session.workspace.dataset(dataset_id).series
    return _only_here(session, dataset_id, sorted(session.workspace.offered_slots(series)))


def _only_here(session: Session, dataset_id: str, keys: Collection[str]) -> tuple[str, ...]:
    asked = np.array([int(key, 16) for key in keys], np.uint64)
    elsewhere = np.zeros(len(asked), dtype=bool)
    for other in _others(session, session.workspace.dataset(dataset_id)) if len(asked) else ():
        elsewhere |= of(session, other.id).places(asked) >= 0
    return tuple(key for key, there in zip(keys, elsewhere.tolist(), strict=True) if not there)


@needs(Permission.READ_DATA)
def patients_elsewhere(session: Session, dataset_id: str) -> set[str]:
    """The patients (pseudonyms) whom other data sets of the series hold."""
    info = session.workspace.dataset(dataset_id)
    patient = catalog.product(info.product).by_role(Role.PATIENT)
    if patient is None:
        return set()
    frames = (session.workspace.rows(other.id, [patient.key]) for other in _others(session, info))
    return {str(name) for frame in frames for name in frame[patient.key].dropna().unique()}


@needs(Permission.READ_DATA)
def noted(session: Session, dataset_id: str) -> dict[int, str]:
    """As `named`, of the rows about whose event something was done: what `carry` asks for."""
    kept = _done(session, session.workspace.dataset(dataset_id).series)
    return {row: key for row, key in named(session, dataset_id).items() if key in kept} if kept else {}


@needs(Permission.CHANGE_DATA)
def carry(session: Session, dataset_id: str, before: Mapping[int, str]) -> None:
    """After a data set was read again: what was done about a row stays with it. `before`: as `noted` told then."""
    if before:
        now, placed = named(session, dataset_id), session.workspace.dataset(dataset_id).series
        keys = {key: now[row] for row, key in before.items() if row in now}
        session.workspace.rekey_follow_ups(placed, keys)
        session.workspace.rekey_contacts(placed, keys)
        session.workspace.rekey_offers(placed, keys)
