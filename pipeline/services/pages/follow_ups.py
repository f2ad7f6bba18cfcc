"""The use cases of closing the loop: what is done about each comment, by whom and until when; how well that goes; and a
reply to copy.

What is written down belongs to the event within its series: it is there in every file of the series that holds it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from pipeline.action import changes, counting, deadlines, measures, replies
from pipeline.comment_declarations import TONES
from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.ingestion.parsing.comments import read_comments
from pipeline.presentation.escaping import visible
from pipeline.presentation.frames import follow_ups as tables
from pipeline.records import (
    AnswerMeasure,
    Asked,
    FollowUp,
    FollowUpChange,
    FollowUpCounts,
    FollowUpEvent,
    FollowUpFilter,
    FollowUpState,
)
from pipeline.services import catalog
from pipeline.services.data import event_keys
from pipeline.services.data.own_units import OwnRows
from pipeline.services.session import Permission, Session, needs

__all__ = [
    "BACKLOG_DAYS",
    "LONGEST_NAME",
    "LONGEST_NOTE",
    "OPEN",
    "TONES",
    "alike",
    "asked",
    "change",
    "chosen",
    "counts",
    "history",
    "measured",
    "next_states",
    "notes",
    "open_by",
    "of",
    "overdue",
    "suggested",
    "with_columns",
]

OPEN, BACKLOG_DAYS = deadlines.OPEN, deadlines.BACKLOG_DAYS
LONGEST_NOTE, LONGEST_NAME = 2_000, 60  # characters


@needs(Permission.READ_COMMENTS, by_unit=True)
def asked(
    session: Session, dataset_id: str, groups: Mapping[int, str], alerts: Mapping[int, Collection[str]] | None = None
) -> tuple[Asked, ...]:
    """The events of rows (by their number) with the hours within which each asks for an answer: by its alerts (keys or
    codes), or else by its group ("detractor", …). In the order of `groups`. PresencaError for a row of another unit.
    """
    OwnRows(session).refuse_rows(dataset_id, groups)
    declared, keys = _declared(session, dataset_id), event_keys.named(session, dataset_id, groups)
    told = alerts or {}
    return tuple(
        Asked(keys[row], row, deadlines.answer_hours(declared, group, told.get(row, ())))
        for row, group in groups.items()
        if row in keys
    )


@needs(Permission.READ_COMMENTS, by_unit=True)
def of(session: Session, dataset_id: str, events: Sequence[Asked]) -> dict[str, FollowUp]:
    """The follow-up of each event, by its key: as it is written down, or a new one where nobody has done anything.
    Events of other units than theirs are left out.
    """
    series = _series(session, dataset_id)
    kept, keys = session.workspace.follow_ups(series), OwnRows(session).keys(series, (one.key for one in events))
    taken_in, days = event_keys.taken_in(session, dataset_id, keys), event_keys.days(session, dataset_id, keys)
    return {
        one.key: kept.get(one.key) or _unwritten(one, taken_in[one.key], days.get(one.key))
        for one in events
        if one.key in taken_in
    }


@needs(Permission.READ_COMMENTS, by_unit=True)
def alike(session: Session, dataset_id: str, events: Sequence[Asked]) -> dict[str, str]:
    """Of events without a date about which nothing was done, by their keys: the name of a file in which a row that says
    just the same was answered. Equal words are no proof that it is the same comment, so it is asked again, and said.
    """
    series, own = _series(session, dataset_id), OwnRows(session)
    kept = session.workspace.follow_ups(series)
    closed = own.keys(series, (key for key, one in kept.items() if one.state in changes.ANSWERS))
    keys = own.keys(series, (one.key for one in events if one.key not in kept))
    return event_keys.alike(session, dataset_id, keys, closed) if closed else {}


def _unwritten(one: Asked, taken_in: dt.datetime, day: dt.date | None) -> FollowUp:
    return FollowUp(one.key, FollowUpState.NEW, "", taken_in, deadlines.due(taken_in, one.hours, day))


@needs(Permission.ANSWER_COMMENTS, by_unit=True)
def change(session: Session, dataset_id: str, one: Asked, wanted: FollowUpChange, *, expected_version: int) -> FollowUp:
    """Writes a change down, with who did it and when; gives the follow-up as it is then.

    Identities are taken out of notes as out of comments. WorkspaceError, and nothing is changed, where somebody else
    changed it since `expected_version`; a note alone contradicts nobody and is always taken. PresencaError for a state
    that does not follow, or an event that the data set doesn't hold, or that is of another unit.
    """
    OwnRows(session).refuse_events(_series(session, dataset_id), [one.key])
    taken_in = event_keys.taken_in(session, dataset_id, [one.key])
    if one.key not in taken_in:
        raise PresencaError("follow_up.no_event")
    clean, now = _clean(wanted), session.now().replace(microsecond=0)
    day = event_keys.days(session, dataset_id, [one.key]).get(one.key)
    made, done = session.workspace.change_follow_up(
        _series(session, dataset_id),
        _unwritten(one, taken_in[one.key], day),
        lambda found: changes.changed(found, clean, now, session.who),
        expected=None if changes.only_adds(clean) else expected_version,
    )
    if done:
        session.audit("follow_up_changed", dataset=dataset_id, state=str(made.state), did=tuple(e.what for e in done))
    return made


def _clean(wanted: FollowUpChange) -> FollowUpChange:
    """Names on one line, nothing hidden in them; notes without what identifies a patient."""
    note = read_comments([wanted.note[:LONGEST_NOTE].strip()]).texts[0]
    owner = None if wanted.owner is None else visible(wanted.owner)[:LONGEST_NAME]
    return replace(wanted, note=note, owner=owner, who=visible(wanted.who)[:LONGEST_NAME])


def next_states(found: FollowUp) -> tuple[FollowUpState, ...]:
    """The states that may follow, the usual ones first."""
    return changes.ALLOWED[found.state]


def overdue(found: FollowUp, now: dt.datetime) -> bool:
    """Whether an answer was due and has not come."""
    return deadlines.is_overdue(found, now)


@needs(Permission.READ_COMMENTS, by_unit=True)
def history(session: Session, dataset_id: str, key: str) -> tuple[FollowUpEvent, ...]:
    """What was done about an event, oldest first. PresencaError for one of another unit."""
    OwnRows(session).refuse_events(_series(session, dataset_id), [key])
    return session.workspace.follow_up_events(_series(session, dataset_id), [key]).get(key, ())


@needs(Permission.READ_COMMENTS, by_unit=True)
def notes(session: Session, dataset_id: str, keys: Collection[str]) -> dict[str, tuple[FollowUpEvent, ...]]:
    """The notes on events, oldest first; events without any are not there."""
    series = _series(session, dataset_id)
    found = session.workspace.follow_up_events(series, OwnRows(session).keys(series, keys))
    told = {key: tuple(event for event in events if event.note) for key, events in found.items()}
    return {key: events for key, events in told.items() if events}


@needs(Permission.READ_AGGREGATES, by_unit=True)
def counts(session: Session, dataset_id: str, events: Sequence[Asked]) -> FollowUpCounts:
    """How many of the events are in each state, of each owner, open and overdue."""
    return counting.counts(of(session, dataset_id, events).values(), session.now())


@needs(Permission.READ_COMMENTS, by_unit=True)
def chosen(session: Session, dataset_id: str, events: Sequence[Asked], filters: FollowUpFilter) -> tuple[Asked, ...]:
    """Those of the events whose follow-up passes the filters, in their order."""
    found, now = of(session, dataset_id, events), session.now()
    return tuple(one for one in events if one.key in found and counting.passes(found[one.key], filters, now))


@needs(Permission.READ_AGGREGATES, by_unit=True)
def measured(session: Session, dataset_id: str, events: Sequence[Asked], column: str = "") -> tuple[AnswerMeasure, ...]:
    """Time to answer and share answered in time: of all together, or by a column of the rows (unit, sector, …), the
    largest group first. PresencaError for a column that the data set doesn't have.
    """
    found, now = of(session, dataset_id, events), session.now()
    own = [one for one in events if one.key in found]
    kept = [found[one.key] for one in own]
    if not column:
        return (measures.measure(kept, now),)
    return measures.by_group(kept, _values(session, dataset_id, column, [one.row for one in own]), now)


@needs(Permission.READ_COMMENTS, by_unit=True)
def open_by(session: Session, dataset_id: str, events: Sequence[Asked], column: str) -> tuple[tuple[str, int], ...]:
    """How many of the events are open by the value of a column, most first; without those that have none.
    PresencaError as `measured`.
    """
    found, now = of(session, dataset_id, events), session.now()
    own = [one for one in events if one.key in found]
    held: Counter[str] = Counter()
    for one, value in zip(own, _values(session, dataset_id, column, [one.row for one in own]), strict=True):
        held[value] += counting.counts([found[one.key]], now).open if value else 0
    return tuple((value, n) for value, n in held.most_common() if n)


def _values(session: Session, dataset_id: str, column: str, rows: Sequence[int]) -> list[str]:
    """What stands in a column in these rows; "" where nothing does."""
    declared = _declared(session, dataset_id)
    if column not in {f.key for f in declared.fields} | {d.column for d in declared.dimensions}:
        raise PresencaError("follow_up.no_column", column=column)
    frame = session.workspace.rows(dataset_id, ["row"], if_there=[column])
    if column not in frame:  # a field that the file does not bring
        return [""] * len(rows)
    values = pd.Series(frame[column].to_numpy(dtype=object), index=frame["row"]).reindex(rows)
    return ["" if pd.isna(value) else str(value) for value in values]


@needs(Permission.READ_COMMENTS, by_unit=True)
def with_columns(
    session: Session, dataset_id: str, frame: pd.DataFrame, events: Sequence[Asked], *, with_notes: bool = False
) -> pd.DataFrame:
    """A list for a download (its column "row" or "linha" tells each line's row) with what was done about each line;
    lines that are not among `events` stay empty. Notes only where they are asked for.
    """
    found, keys = of(session, dataset_id, events), {one.row: one.key for one in events}
    own = [found.get(keys.get(row, "")) for row in frame["row" if "row" in frame else "linha"].tolist()]
    said = notes(session, dataset_id, [one.key for one in own if one and one.notes]) if with_notes else None
    return tables.with_follow_ups(frame, own, said)


@needs(Permission.READ_COMMENTS, by_unit=True)
def suggested(
    session: Session,
    dataset_id: str,
    tone: str,
    *,
    themes: Sequence[str] = (),
    alerts: Collection[str] = (),
    praise: bool = False,
) -> str:
    """A reply to copy, in one of TONES; "" where the product declares none. See `action.replies.suggested`."""
    return replies.suggested(_declared(session, dataset_id), tone, themes=themes, alerts=alerts, praise=praise)


def _series(session: Session, dataset_id: str) -> str:
    return session.workspace.dataset(dataset_id).series


def _declared(session: Session, dataset_id: str) -> Product:
    return catalog.product(session.workspace.dataset(dataset_id).product)
