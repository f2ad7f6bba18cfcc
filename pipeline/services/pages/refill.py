"""The use cases of refilling: slots that were emptied, who is offered them, and what comes of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter, OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from pipeline.action.contacts import standing
from pipeline.action.slots import offers as action
from pipeline.action.slots import refill
from pipeline.contract import Outcome, Product, Role
from pipeline.errors import PresencaError, WorkspaceError
from pipeline.records import DatasetInfo
from pipeline.records.slots import EmptiedSlot, Offer, OfferCounts, OfferPlan, OfferState, WaitingEntry
from pipeline.services import catalog
from pipeline.services.data import bookings, event_columns, event_keys, series
from pipeline.services.data.own_units import OwnRows
from pipeline.services.pages import moved
from pipeline.services.pages.emptied_slots import PLACE, Known, SlotTable, ahead, found_in
from pipeline.services.session import Permission, Session, needs

__all__ = ["answer", "awaited", "candidates", "counts", "emptied", "make", "offers", "plan", "table"]

# of files of many rows, as they are read now: a page asks at each drawing. Places and moments, and keys of events alone
_MOST_TABLES = 3
_TABLES: WeakKeyDictionary[event_columns.EventColumns, OrderedDict[tuple[Hashable, ...], SlotTable]] = (
    WeakKeyDictionary()
)
FLOOR = 0.8  # of its share of the waiting list, below which no group's share of offers falls
MOST_EMPTIED = 100_000  # slots that are looked at singly in the server that all share


@needs(Permission.READ_LISTS)
def emptied(
    session: Session, dataset_id: str, since: dt.date | None = None, *, with_taken: bool = False
) -> tuple[EmptiedSlot, ...]:
    """The slots to come (from `since`, or today) that were cancelled, in the file or in a call since, and that the file
    does not show booked again nor (unless `with_taken`) an offer filled; the soonest first.

    An appointment that was moved empties the slot that whoever called saw; where a file sent since tells of it again,
    what this one tells is taken. WorkspaceError where they are too many to look at singly.
    """
    found = table(session, dataset_id, since, with_taken=with_taken)
    if len(found) > MOST_EMPTIED:
        raise WorkspaceError("dataset.too_large_whole", rows=len(found), most=MOST_EMPTIED)
    return found.slots()


@needs(Permission.READ_LISTS)
def table(session: Session, dataset_id: str, since: dt.date | None = None, *, with_taken: bool = False) -> SlotTable:
    """The same however many they are: counted, in order, each named where it is asked for."""
    info, first = session.workspace.dataset(dataset_id), since or session.today()
    told = standing.latest(session.workspace.contacts(info.series))
    again = moved.before(session, info, told)
    left = frozenset(key for key, one in told.items() if one.outcome in standing.LEAVES) - set(again)
    taken = frozenset() if with_taken else action.taken(session.workspace.offers(info.series))
    held, known = event_columns.opened(session, dataset_id), _Told(left, again, taken)
    if held is None:
        return SlotTable.of(_by_row(session, info, first, known))
    if again:  # what other files tell goes into it
        return _by_column(session, info, first, known, held)
    tables, key = _TABLES.setdefault(held, OrderedDict()), (session.units, first, left, taken)
    found = tables.get(key)
    if found is None:
        found = tables[key] = _by_column(session, info, first, known, held)
        while len(tables) > _MOST_TABLES:
            tables.popitem(last=False)
    return found


@dataclass(frozen=True)
class _Told:
    """By key of an event: appointments that a call ended, those that it moved with the file that was seen then, slots
    that an offer filled.
    """

    left: frozenset[str]
    again: Mapping[str, str]
    taken: frozenset[str]


def _by_column(
    session: Session, info: DatasetInfo, first: dt.date, told: _Told, held: event_columns.EventColumns
) -> SlotTable:
    declared, own = catalog.product(info.product), OwnRows(session)
    time = declared.time
    named = {role: field.key for role in PLACE if (field := declared.by_role(role))}
    masks = ahead(held, declared, first, own.mask(info.id))
    at = held.keys.places(np.array([int(key, 16) for key in told.again], np.uint64))
    seen = zip(told.again.items(), (at >= 0) & masks[0][at], strict=True)
    stands = {key: file for (key, file), is_pending in seen if is_pending}
    rows = moved.rows_of(session, stands, ["state", time.key, *named.values()], [time.hour_column])
    slots = (replace(_of(line, declared, named), key=key) for key, line in rows)
    former = tuple(slot for slot in slots if slot.hour is not None and own.has(slot.unit))
    there = {role: key for role, key in named.items() if key in held.rows}
    return found_in(held, declared, there, masks, Known(told.left, former, frozenset(told.again), told.taken))


def _by_row(session: Session, info: DatasetInfo, first: dt.date, told: _Told) -> tuple[EmptiedSlot, ...]:
    declared, own = catalog.product(info.product), OwnRows(session)
    time, left, again = declared.time, told.left, told.again
    named = {role: field.key for role in PLACE if (field := declared.by_role(role))}
    columns = ["row", "state", time.key, *named.values()]
    rows = own.rows(info.id, columns, if_there=[time.hour_column])
    rows = rows.loc[rows[time.key].notna() & (rows[time.key] >= pd.Timestamp(first))]
    pending, excluded = _is(rows, Outcome.PENDING), _is(rows, Outcome.EXCLUDED)
    keys = bookings.keys_of(event_keys.of(session, info.id), rows["row"].to_numpy(np.int64))
    asked = np.isin(keys, np.array([int(key, 16) for key in (*left, *again)], np.uint64))
    given_up = _lines(rows, keys, excluded)
    spoken = _lines(rows, keys, pending & asked)
    on_call = [(key, line) for key, line in spoken if key in left]
    stands = {key: again[key] for key, _ in spoken if key in again}
    former = moved.rows_of(session, stands, columns[1:], [time.hour_column])
    slots = [time.key, *named.values(), *([time.hour_column] if time.hour_column in rows else [])]
    same = _alike(rows[slots], excluded | (pending & asked)) | rows[time.key].isin([one[time.key] for _, one in former])
    held = {_of(line, declared, named) for key, line in _lines(rows, keys, pending & same) if key not in left}
    found: dict[EmptiedSlot, EmptiedSlot] = {}
    for key, line in (*given_up, *on_call, *former):
        slot = _of(line, declared, named)
        known = slot.hour is not None  # at an hour nobody knows, two rows may be two slots
        if key in again and not (known and own.has(slot.unit)):
            continue  # nobody can tell that it isn't where the patient comes now, or it was in another unit
        if key not in told.taken and not (known and slot in held):
            found.setdefault(slot if known else replace(slot, key=key), replace(slot, key=key))
    return tuple(sorted(found.values(), key=lambda slot: (slot.day, slot.hour or 0.0, slot.unit, slot.key)))


def _is(rows: pd.DataFrame, state: Outcome) -> np.ndarray:
    return (rows["state"].astype("category") == str(state)).to_numpy(bool)


def _alike(slots: pd.DataFrame, emptied_: np.ndarray) -> np.ndarray:
    """Bool per row: those that may be of one slot with one that was emptied. Of millions the others are never looked at
    singly.
    """
    if not emptied_.any():
        return emptied_
    moments = pd.util.hash_pandas_object(slots, index=False).to_numpy()
    return np.isin(moments, moments[emptied_])


def _lines(rows: pd.DataFrame, keys: np.ndarray, chosen: np.ndarray) -> list[tuple[str, dict[str, object]]]:
    """The rows of a mask, each with the key of its event."""
    own = rows.loc[chosen].to_dict("records")
    told = map(event_keys.written, keys[chosen].tolist())
    return [(key, {str(name): value for name, value in line.items()}) for key, line in zip(told, own, strict=True)]


def _of(line: Mapping[str, object], declared: Product, named: Mapping[Role, str]) -> EmptiedSlot:
    """The slot of a row, without its key: two rows of one place and moment are of one slot."""
    texts = {role: "" if pd.isna(line[key]) else str(line[key]) for role, key in named.items()}  # type: ignore[call-overload]
    hour, day = line.get(declared.time.hour_column), line[declared.time.key]
    return EmptiedSlot(
        key="",
        day=pd.Timestamp(day).date(),  # type: ignore[arg-type]
        hour=None if hour is None or pd.isna(hour) else float(hour),  # type: ignore[arg-type,call-overload]
        unit=texts.get(Role.UNIT, ""),
        procedure=texts.get(Role.PROCEDURE, ""),
        professional=texts.get(Role.PROFESSIONAL, ""),
    )


@needs(Permission.READ_LISTS)
def awaited(session: Session, dataset_id: str, slots: SlotTable) -> np.ndarray:
    """bool per slot: whether somebody of the waiting list waits for it, asked already or not."""
    return slots.awaited(session.workspace.waiting_entries(session.workspace.dataset(dataset_id).series))


@needs(Permission.READ_LISTS)
def candidates(
    session: Session, dataset_id: str, slot: EmptiedSlot, *, most: int = 50, by: str = "", floor: float = FLOOR
) -> tuple[WaitingEntry, ...]:
    """Who is to be offered a slot, in order: longest wait first, and no group's share of all offers below `floor` of
    its share of those who match. `by`: the column of rows (sex, health plan, …) whose values are the groups.
    """
    series_id = session.workspace.dataset(dataset_id).series
    made = session.workspace.offers(series_id)
    entries = OwnRows(session).waiting(session.workspace.waiting_entries(series_id))
    fitting = [e for e in entries if action.may_be_offered(e, slot, made)]
    groups = _groups(session, series_id, by) if by else {}
    named = [replace(entry, group=groups.get(entry.patient, "")) for entry in fitting]
    return refill.ranked(named, most, floor, Counter(groups.get(offer.patient, "") for offer in made) if by else None)


def _groups(session: Session, series_id: str, column: str) -> dict[str, str]:
    """The value of a column in the latest file that holds each patient."""
    found: dict[str, str] = {}
    own = session.workspace.one_series(series_id)
    patient = catalog.product(own.product).by_role(Role.PATIENT)
    for info in series.members(session, own):
        if patient is None:
            break
        rows = session.workspace.rows(info.id, [patient.key], if_there=[column])
        if column in rows:
            known = rows.dropna().drop_duplicates(patient.key, keep="last")
            values = zip(known[patient.key].astype("str"), known[column].astype("str"), strict=True)
            found = dict(values) | found
    return found


@needs(Permission.READ_LISTS)
def plan(
    session: Session,
    dataset_id: str,
    slot: EmptiedSlot,
    wished: float,
    *,
    at_once: bool = False,
    rounds: int | None = None,
) -> OfferPlan:
    """How many offers a slot needs to be filled with the wished chance, by what was accepted here before."""
    made = session.workspace.offers(session.workspace.dataset(dataset_id).series)
    people = len(candidates(session, dataset_id, slot, most=refill.MOST_OFFERS))
    return refill.offer_plan(refill.acceptance(made)[""], wished, people, at_once=at_once, rounds=rounds)


@needs(Permission.FILL_SLOTS)
def make(
    session: Session,
    dataset_id: str,
    slot: EmptiedSlot,
    entries: Sequence[WaitingEntry],
    until: dt.datetime | None = None,
) -> tuple[Offer, ...]:
    """Offers a slot to those who wait (as `candidates` gives them), until a moment; gives the offers that were made.

    Whoever may not be offered it any more (asked meanwhile by somebody else) is passed over. PresencaError where the
    data set does not hold the slot or it is taken.
    """
    if not table(session, dataset_id).has([slot.key]).all():
        raise PresencaError("offer.slot_taken")
    series_id, now = session.workspace.dataset(dataset_id).series, session.now().replace(microsecond=0)
    asked = {entry.key: entry.group for entry in entries}
    waits = [e for e in OwnRows(session).waiting(session.workspace.waiting_entries(series_id)) if e.key in asked]

    def made(kept: tuple[Offer, ...]) -> tuple[Offer, ...]:
        if slot.key in action.taken(kept):
            raise PresencaError("offer.slot_taken")
        new: list[Offer] = []
        for entry in waits:
            if action.may_be_offered(entry, slot, (*kept, *new)):
                new.append(Offer("", slot, entry.key, entry.patient, now, until, group=asked[entry.key]))
        return tuple(new)

    new = session.workspace.add_offers(series_id, made, session.who)
    session.audit("offers_made", dataset=dataset_id, offers=len(new))
    return new


@needs(Permission.FILL_SLOTS)
def answer(session: Session, dataset_id: str, offer_id: str, state: OfferState, *, expected_version: int) -> Offer:
    """Writes down what became of an offer. A slot that is accepted ends the others' open offers of it: withdrawn.

    WorkspaceError, and nothing is changed, where somebody else changed it since; PresencaError for a state that doesn't
    follow, and where the slot or the patient's time is taken.
    """
    series_id, now = session.workspace.dataset(dataset_id).series, session.now().replace(microsecond=0)
    if all(one.id != offer_id for one in offers(session, dataset_id)) and session.units is not None:
        raise PresencaError("session.other_unit")
    actor = session.who
    made = session.workspace.change_offer(
        series_id,
        offer_id,
        lambda found, others: action.changed(found, state, now, others),
        actor=actor,
        expected=expected_version,
    )
    session.audit("offer_changed", dataset=dataset_id, state=str(made.state))
    if made.state is OfferState.ACCEPTED:
        for other in session.workspace.offers(series_id):
            if other.id != made.id and other.slot.key == made.slot.key and other.state is OfferState.OPEN:
                _end(session, series_id, other, OfferState.WITHDRAWN)
    return made


@needs(Permission.READ_LISTS)
def offers(session: Session, dataset_id: str) -> tuple[Offer, ...]:
    """All offers of the series, oldest first; those whose time has passed are expired now."""
    series_id = session.workspace.dataset(dataset_id).series
    over = action.expired(session.workspace.offers(series_id), session.now())
    for offer in over:
        _end(session, series_id, offer, OfferState.EXPIRED)
    return tuple(one for one in session.workspace.offers(series_id) if OwnRows(session).has(one.slot.unit))


def _end(session: Session, series_id: str, offer: Offer, state: OfferState) -> None:
    """Ends an open offer; one that got its answer meanwhile stays as it is."""
    now = session.now().replace(microsecond=0)

    def ended(found: Offer, others: tuple[Offer, ...]) -> Offer:
        return action.changed(found, state, now, others) if found.state is OfferState.OPEN else found

    session.workspace.change_offer(series_id, offer.id, ended, actor=session.who)


@needs(Permission.READ_LISTS)
def counts(session: Session, dataset_id: str) -> OfferCounts:
    """How many offers are in each state, and what part is accepted."""
    return action.counts(offers(session, dataset_id))
