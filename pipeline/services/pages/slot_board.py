"""The use cases of the page of slots: how each emptied slot stands, what is likely to empty, which file is asked."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.action.slots import offers as action
from pipeline.action.slots.refill import MOST_OFFERS
from pipeline.contract import Outcome, Product, Role
from pipeline.insight.calls import expected
from pipeline.insight.groups import late
from pipeline.records import Cancelling, DatasetInfo
from pipeline.records.slots import EmptiedSlot, LateComing, Offer, OfferState, SlotBoard, SlotStanding
from pipeline.services import catalog
from pipeline.services.data import coded, event_columns, series, waiting
from pipeline.services.data.own_units import OwnRows
from pipeline.services.pages import refill
from pipeline.services.pages.emptied_slots import ahead
from pipeline.services.session import Permission, Session, needs

__all__ = ["Wish", "agenda_file", "board", "dimensions", "late_coming"]

LATE, AHEAD = late.USUAL, 7
LISTED = 50  # slots that nobody waits for, of which a page tells singly
_ASKED = ("future", "mixed")
_GROUPS = (Role.SEX, Role.UF, Role.PLAN)


@dataclass(frozen=True)
class Wish:
    """How slots are to be offered: the chance of being filled, to all at once or one after the other, and the column
    by whose values who is asked is bounded ("": none).
    """

    chance: float = 0.8
    at_once: bool = True
    by: str = ""


@needs(Permission.READ_LISTS)
def agenda_file(session: Session, series_id: str, opened: str = "") -> DatasetInfo | None:
    """The file of a series whose slots are asked: the one that is open where it has rows to come, or the newest."""
    own = session.workspace.one_series(series_id)
    found = [info for info in session.workspace.datasets(own.product) if info.series == series_id]
    ahead = [info for info in found if info.purpose in _ASKED]
    return next((info for info in ahead if info.id == opened), next(iter(ahead), None))


def dimensions(product_key: str) -> tuple[tuple[str, str], ...]:
    """(column, label) of the groups by which offers can be bounded."""
    declared = catalog.product(product_key)
    return tuple((field.key, field.label) for role in _GROUPS if (field := declared.by_role(role)))


@needs(Permission.READ_LISTS)
def board(session: Session, dataset_id: str, wish: Wish, *, number: int = 1, size: int = 6) -> SlotBoard:
    """A page of the emptied slots, the soonest first, each with its offers; offers whose time is over are ended.

    Where there is a waiting list, slots that nobody on it waits for stand apart: nothing can be done about them here.
    """
    made, slots = refill.offers(session, dataset_id), refill.table(session, dataset_id)
    entries = waiting.entries(session, session.workspace.dataset(dataset_id).series)
    offered = {offer.slot.key for offer in made if offer.state is OfferState.OPEN}
    wanted = np.ones(len(slots), dtype=bool)
    if entries:
        wanted = refill.awaited(session, dataset_id, slots) | slots.of_keys(offered)
    listed, rest = np.flatnonzero(wanted), np.flatnonzero(~wanted)
    pages = max(1, -(-len(listed) // size))
    number = min(max(number, 1), pages)
    since = {entry.key: entry.since for entry in entries}
    opened: dict[str, list[Offer]] = defaultdict(list)
    for offer in sorted(made, key=lambda one: since.get(one.entry, dt.date.max)):
        if offer.state is OfferState.OPEN:
            opened[offer.slot.key].append(offer)
    known = dict(zip(opened, slots.has(opened).tolist(), strict=True))
    return SlotBoard(
        len(slots),
        tuple(
            _standing(session, dataset_id, slot, wish, tuple(opened[slot.key]))
            for slot in slots.slots(listed[(number - 1) * size : number * size])
        ),
        tuple(offer for key, some in opened.items() if not known.get(key, False) for offer in some),
        tuple(offer for offer in made if offer.state is OfferState.ACCEPTED and offer.slot.day >= session.today()),
        since,
        action.counts(made),
        number,
        pages,
        slots.slots(rest[:LISTED]),
        len(rest),
    )


def _standing(
    session: Session, dataset_id: str, slot: EmptiedSlot, wish: Wish, opened: tuple[Offer, ...]
) -> SlotStanding:
    """Offers that are open count: only what is missing is still to be made; one at a time, nothing while one is."""
    plan = refill.plan(session, dataset_id, slot, wish.chance, at_once=wish.at_once)
    fitting = refill.candidates(session, dataset_id, slot, most=MOST_OFFERS, by=wish.by)
    wanted = plan.offers if wish.at_once else min(plan.offers, 1)
    return SlotStanding(slot, plan, fitting[: max(wanted - len(opened), 0)], len(fitting), opened)


@needs(Permission.READ_LISTS)
def late_coming(session: Session, dataset_id: str, within: int = LATE, days: int = AHEAD) -> LateComing | None:
    """How many bookings of the next `days` days are likely to be given up at most `within` days before theirs, by what
    the files of the series tell; None where none tells when bookings were given up. Never mixed with the event.
    """
    declared, today = catalog.product(session.workspace.dataset(dataset_id).product), session.today()
    found = _late(session, dataset_id, declared, within)  # what is likely is learnt from all
    if found is None or not found.rows:
        return None
    last = today + dt.timedelta(days=days)
    own = _coming(session, dataset_id, declared, last)  # told is what comes to their units
    lines = expected.with_chances(own, found, declared, today, standing=True)
    return expected.expected_late(lines, found, within, days)


def _late(session: Session, dataset_id: str, declared: Product, within: int) -> Cancelling | None:
    """How often bookings of the series are given up late; of a large file it is counted once a day."""
    others, asked = series.others(session, dataset_id), ["state", *_asked_of_rows(declared)]

    def counted() -> Cancelling | None:
        today = session.today()
        blocks = event_columns.blocks(session, dataset_id, asked)
        first, *rest = (expected.tally(rows, declared, today, within) for rows in blocks)
        past = series.rows_of(session, others, declared, asked)
        more = [] if past is None else [expected.tally(past, declared, today, within)]
        return expected.late_of([sum(rest, first), *more])

    if not event_columns.is_large(session, dataset_id):
        return counted()
    files = tuple((one, session.workspace.revision(one)) for one in (dataset_id, *(other.id for other in others)))
    return coded.kept(session, ("late", files, session.today(), within), counted)


def _coming(session: Session, dataset_id: str, declared: Product, last: dt.date) -> pd.DataFrame:
    """The bookings from today until before a day that still stand, of the units of whoever asks."""
    today, asked = session.today(), ["state", *_asked_of_rows(declared)]
    held, own = event_columns.opened(session, dataset_id), OwnRows(session)
    if held is not None:
        coming = ahead(held, declared, today, own.mask(dataset_id))[0]
        coming &= held.rows.where(declared.time.key, lambda known: known < pd.Timestamp(last))
        return event_columns.some(session, dataset_id, np.flatnonzero(coming), asked)
    rows = session.workspace.rows(dataset_id, ["state"], if_there=asked[1:])
    day = rows[declared.time.key]
    stands = rows["state"].astype("str") == str(Outcome.PENDING)
    return own.lines(rows.loc[stands & (day >= pd.Timestamp(today)) & (day < pd.Timestamp(last))], declared)


def _asked_of_rows(declared: Product) -> list[str]:
    """The columns that tell when bookings were made, are for and were given up, and of which unit they are."""
    fields = (declared.by_role(role) for role in (Role.CONTACT, Role.CANCELLED, Role.UNIT))
    return list(dict.fromkeys([declared.time.key, *(field.key for field in fields if field is not None)]))
