"""The use case of the first page: what is to do now in a series, and what changed since yesterday.

Counts alone, of what is written down already: nothing is scored or read for it, so that it is there at once.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

import numpy as np

from pipeline.contract import Outcome, Product, Role
from pipeline.records import (
    DatasetInfo,
    FileTaken,
    FollowUpFilter,
    Today,
    TodayCalls,
    TodayComments,
    TodayList,
    TodaySlots,
)
from pipeline.records.contacts import QueueState
from pipeline.records.slots import OfferState
from pipeline.services import catalog
from pipeline.services.data import event_columns, event_keys, folder_log
from pipeline.services.data.own_units import OwnRows
from pipeline.services.pages import agenda, call_queue, comments, emptied_slots, follow_ups, list_job, refill
from pipeline.services.pages import contacts as told
from pipeline.services.session import Permission, Session, needs

__all__ = ["LATELY", "today"]

LATELY = 30  # days of comments, as their page opens
_TOLD = (str(Outcome.EVENT), str(Outcome.NON_EVENT))


@needs(Permission.OPEN)
def today(session: Session, series_id: str, *, dataset_id: str = "", model_id: str = "") -> Today:
    """What a series asks for now. `dataset_id`: the file whose comments are told of; `model_id`: the model that reads
    them, and by which those to come are listed. Whoever is of some units alone is told of their comments, and of no
    files, which are not parted by unit.
    """
    declared = catalog.product(session.workspace.one_series(series_id).product)
    since = dt.datetime.combine(session.today() - dt.timedelta(days=1), dt.time(), session.now().tzinfo)
    ahead = next(iter(agenda.candidates(session, declared.key, series_id)), None) if declared.has_agenda else None
    has_contacts, whole = declared.contacts is not None, session.units is None
    return Today(
        day=session.today(),
        ahead=_ahead(session, ahead, declared) if ahead is not None else 0,
        calls=_calls(session, series_id) if has_contacts else None,
        slots=_slots(session, series_id, ahead) if has_contacts and ahead is not None else None,
        comments=_comments(session, dataset_id, model_id) if declared.has_comments and dataset_id else None,
        files=_files(session, declared, series_id, since) if whole else (),
        contacts=len({one.call for one in told.contacts(session, series_id) if one.at >= since}) if has_contacts else 0,
        folder=folder_log.since(session, declared.key, series_id, since) if whole else (),
        retrained=whole and folder_log.was_retrained(session, series_id, since.date()),
        call_list=_call_list(session, ahead, model_id) if has_contacts else None,
    )


def _ahead(session: Session, info: DatasetInfo, declared: Product) -> int:
    """Appointments to come that still stand."""
    held = event_columns.opened(session, info.id)
    if held is not None:
        return int(emptied_slots.ahead(held, declared, session.today(), OwnRows(session).mask(info.id))[0].sum())
    rows = OwnRows(session).rows(info.id, ["state", declared.time.key])
    days = rows[declared.time.key].to_numpy("datetime64[D]")
    pending = (rows["state"].astype("str") == str(Outcome.PENDING)).to_numpy()
    return int((pending & (days >= np.datetime64(session.today()))).sum())


def _call_list(session: Session, ahead: DatasetInfo | None, model_id: str) -> TodayList | None:
    return list_job.standing(session, ahead.id, model_id) if ahead is not None and model_id else None


def _calls(session: Session, series_id: str) -> TodayCalls | None:
    found = call_queue.queue(session, series_id)
    if found is None:
        return None
    units = Counter(one.unit for one in found.entries if one.state is QueueState.WAITING and one.unit)
    counts = found.counts
    return TodayCalls(
        counts.of(QueueState.WAITING),
        counts.of(QueueState.LATER),
        counts.called_today,
        counts.today,
        found.made.made_at.astimezone(session.now().tzinfo).date(),
        tuple(units.most_common()),
    )


def _slots(session: Session, series_id: str, info: DatasetInfo) -> TodaySlots:
    """Slots of the newest agenda, however many they are; offers of the whole series."""
    free, now = refill.table(session, info.id), session.now()
    out = [one for one in refill.offers(session, info.id) if one.state is OfferState.OPEN]
    soon = [one for one in out if one.until is not None and one.until.astimezone(now.tzinfo).date() <= now.date()]
    waiting = len(OwnRows(session).waiting(session.workspace.waiting_entries(series_id)))
    first = free.days[0].item() if len(free) else None
    awaited = int(refill.awaited(session, info.id, free).sum()) if waiting else 0
    return TodaySlots(len(free), first, free.by_unit(), len(out), len(soon), waiting, awaited)


def _comments(session: Session, dataset_id: str, model_id: str) -> TodayComments | None:
    """Of comments that were read already: what the page of comments says when it opens."""
    heard = comments.already_heard(session, dataset_id, model_id) if model_id else None
    if heard is None:
        return TodayComments(False, LATELY)
    found = comments.waiting(session, heard, comments.CommentFilters(LATELY))
    grave, every, overdue = found.grave.open, found.every.open, found.every.overdue
    return TodayComments(True, LATELY, grave, every, overdue, *_comment_units(session, heard, dataset_id))


def _comment_units(
    session: Session, heard: comments.HeardComments, dataset_id: str
) -> tuple[tuple[tuple[str, int], ...], tuple[tuple[str, int], ...]]:
    """By unit: comments that may not wait and are open, and answers that are overdue."""
    declared = catalog.product(session.workspace.dataset(dataset_id).product)
    unit, filters = declared.by_role(Role.UNIT), comments.CommentFilters(LATELY)
    if unit is None:
        return (), ()
    grave = comments.events(session, heard, filters, comments.ALARMING)
    asked = {one.key: one for one in (*grave, *comments.events(session, heard, filters, comments.ANSWER))}
    late = follow_ups.chosen(session, dataset_id, tuple(asked.values()), FollowUpFilter(overdue=True))
    by_unit = follow_ups.open_by(session, dataset_id, grave, unit.key)
    return by_unit, follow_ups.open_by(session, dataset_id, late, unit.key)


def _files(session: Session, declared: Product, series_id: str, since: dt.datetime) -> tuple[FileTaken, ...]:
    """The files that were taken in since, each beside those that were there before it."""
    every = event_keys.others(session, declared.key, series_id)
    new = [info for info in every if dt.datetime.fromisoformat(info.created).astimezone(since.tzinfo) >= since]
    return tuple(_taken(session, info, [one for one in every if one.created < info.created]) for info in new)


def _taken(session: Session, info: DatasetInfo, older: Sequence[DatasetInfo]) -> FileTaken:
    if not older:  # all is new: the keys of a file of millions of rows are not made to say so
        return FileTaken(info.id, info.name, info.rows, info.rows, int(_told(session, info).sum()))
    keys = event_keys.of(session, info.id).keys
    told_here, unknown, untold = _told(session, info), np.ones(len(keys), bool), np.ones(len(keys), bool)
    for one in older:
        at = event_keys.of(session, one.id).places(keys)
        there = at >= 0
        unknown &= ~there
        untold[there] &= ~_told(session, one)[at[there]]
    return FileTaken(info.id, info.name, len(keys), int(unknown.sum()), int((told_here & untold).sum()))


def _told(session: Session, info: DatasetInfo) -> np.ndarray:
    """bool per row, in the order of its file: whether its outcome is known."""
    return event_columns.where(session, info.id, "state", _TOLD)
