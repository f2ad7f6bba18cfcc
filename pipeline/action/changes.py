"""What may be done about an event next, and what it leaves behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace

from pipeline.errors import PresencaError
from pipeline.records import FollowUp, FollowUpChange, FollowUpEvent, FollowUpState

_NEW, _ANSWERING, _ANSWERED, _RESOLVED, _UNREACHED = FollowUpState
# from a closed state to "answering": the patient wrote again; back to "new": it was a mistake, nothing was answered
ALLOWED: Mapping[FollowUpState, tuple[FollowUpState, ...]] = {
    _NEW: (_ANSWERING, _ANSWERED, _RESOLVED, _UNREACHED),
    _ANSWERING: (_ANSWERED, _RESOLVED, _UNREACHED, _NEW),
    _ANSWERED: (_RESOLVED, _ANSWERING, _UNREACHED, _NEW),
    _RESOLVED: (_ANSWERING, _NEW),
    _UNREACHED: (_ANSWERING, _ANSWERED, _RESOLVED, _NEW),
}
ANSWERS = (_ANSWERED, _RESOLVED)  # the first of these is the answer, by whose moment the clinic is measured


def changed(
    found: FollowUp, change: FollowUpChange, now: dt.datetime, actor: str
) -> tuple[FollowUp, tuple[FollowUpEvent, ...]]:
    """The follow-up after a change, and what was done, one event a thing; no event where nothing is new.

    PresencaError for a state that does not follow from the present one.
    """
    state, owner = change.state or found.state, found.owner if change.owner is None else change.owner
    if state != found.state and state not in ALLOWED[found.state]:
        raise PresencaError("follow_up.not_next", before=str(found.state), after=str(state))
    done = tuple(_events(found, replace(change, state=state, owner=owner), now, actor))
    if not done:
        return found, ()
    first = found.answered or (now if state in ANSWERS else None)
    return (
        replace(
            found,
            state=state,
            owner=owner,
            answered=None if state is _NEW else first,
            updated=now,
            version=found.version + 1,
            notes=found.notes + bool(change.note),
        ),
        done,
    )


def only_adds(change: FollowUpChange) -> bool:
    """Whether it is a note alone: one that can contradict nobody's change."""
    return change.state is None and change.owner is None


def _events(found: FollowUp, change: FollowUpChange, now: dt.datetime, actor: str) -> Iterator[FollowUpEvent]:
    made = FollowUpEvent(now, actor, change.who, "")
    if change.state is not None and change.state != found.state:
        yield replace(made, what="state", before=str(found.state), after=str(change.state))
    if change.owner is not None and change.owner != found.owner:
        yield replace(made, what="owner", before=found.owner, after=change.owner)
    if change.note:
        yield replace(made, what="note", note=change.note)
