"""`/series/{id}/…`: who is to be called, as the list of a series stands now, and what came of contacts."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from pipeline.api import paging
from pipeline.api.dependencies import Needs
from pipeline.api.paging import Cursor, Limit, Page
from pipeline.api.routes.jobs import RejectedOut
from pipeline.presentation.sentences import languages
from pipeline.presentation.sentences.languages import Language
from pipeline.records import Note
from pipeline.records.contacts import (
    Barrier,
    Caller,
    CallTold,
    Channel,
    ContactOutcome,
    Offered,
    QueueEntry,
    Unmatched,
)
from pipeline.services import Session
from pipeline.services.data import series as series_
from pipeline.services.pages import call_queue, contacts

router = APIRouter(prefix="/series", tags=["lists"])
Reader = Annotated[Session, Depends(Needs(call_queue.queue))]
Teller = Annotated[Session, Depends(Needs(contacts.take_in))]


class EntryOut(BaseModel):
    """A patient to contact (by pseudonym), with the keys of all their appointments to come, soonest first; the highest
    risk of these, the day of the first, and where the patient stands.
    """

    patient: str
    keys: list[str]
    risk: float
    day: dt.date
    unit: str
    state: str
    attempts: int
    again_at: dt.datetime | None


class ListOut(Page[EntryOut]):
    """A part of a list, in the order in which it is called. `id`: null, and nothing in it, where none was made."""

    id: str | None
    dataset: str | None
    made_at: dt.datetime | None
    patients: int


class OutcomeIn(BaseModel):
    """What came of a contact for one appointment."""

    key: str = Field(pattern="^[0-9a-f]{16}$", examples=["00a1b2c3d4e5f607"])
    outcome: ContactOutcome


class ContactIn(BaseModel):
    """A contact with a patient. `name`: the sender's own name for it, under which it counts once however often it is
    sent.
    """

    name: str = Field(pattern="^[0-9a-z]{1,28}$", examples=["ligacao20261123a"])
    patient: str = Field(min_length=1, max_length=100)
    outcomes: list[OutcomeIn] = Field(min_length=1, max_length=50)
    channel: Channel = Channel.CALL
    barrier: Barrier | None = None
    offered: Offered | None = None
    note: str = Field(default="", max_length=contacts.LONGEST_NOTE)
    list_id: str = Field(default="", max_length=12, pattern="^[0-9a-f]*$")


class ContactOut(BaseModel):
    """What was written down: of how many appointments it was new (0 where this contact had been told before), and what
    of `outcomes` was not, by its place in it.
    """

    name: str
    new: int
    rejected: list[RejectedOut] = []


@router.get("/{series}/lists/current", operation_id="get_list")
def get_list(series: str, caller: Reader, cursor: Cursor = "", limit: Limit = 50) -> ListOut:
    """The newest list of a series as it stands now."""
    series_.one(caller, series)
    found = call_queue.queue(caller, series)
    if found is None:
        paging.page((), str, cursor, limit)  # no cursor is of a list that was never made
        return ListOut(items=[], id=None, dataset=None, made_at=None, patients=0)
    shown, more = paging.page(found.entries, lambda one: one.patient, cursor, limit)
    made = found.made
    return ListOut(
        items=[_entry(one) for one in shown],
        next=more,
        id=made.id,
        dataset=made.dataset_id,
        made_at=made.made_at,
        patients=len(found.entries),
    )


def _entry(one: QueueEntry) -> EntryOut:
    return EntryOut(
        patient=one.patient,
        keys=list(one.keys),
        risk=one.risk,
        day=one.day,
        unit=one.unit,
        state=str(one.state),
        attempts=one.attempts,
        again_at=one.again_at,
    )


@router.post("/{series}/contacts", operation_id="send_contact")
def send_contact(series: str, told: ContactIn, caller: Teller) -> ContactOut:
    """Writes a contact down, once; what is about an appointment that is not in the data is told, and left out."""
    series_.one(caller, series)
    key = caller.key
    of_key, who = (key.id, key.name) if key is not None else ("0" * 12, caller.who)
    call = CallTold(
        patient=told.patient,
        outcomes=tuple((one.key, one.outcome) for one in told.outcomes),
        call=f"{of_key}{told.name}",
        channel=told.channel,
        barrier=told.barrier,
        offered=told.offered,
        note=told.note,
        list_id=told.list_id,
    )
    taken = contacts.take_in(caller, series, call, Caller(of_key, who))
    return ContactOut(name=told.name, new=taken.new, rejected=[_rejected(one) for one in taken.unmatched])


def _rejected(one: Unmatched) -> RejectedOut:
    why = f"contacts.{one.why}"
    said = {str(language): languages.told(Note(why), language) for language in Language}
    return RejectedOut(row=one.line, code=why, field="key", message=said)
