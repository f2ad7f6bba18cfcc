"""The use cases of taking a list to whoever calls or writes elsewhere: a call centre, a tool that sends messages. Who
the patients are stands in the files only where somebody asked for it, and that is on record.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.action.contacts import queueing, scripts
from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.presentation import spreadsheets
from pipeline.presentation.frames import call_cards, contact_files
from pipeline.presentation.frames.call_list_files import OUTCOMES
from pipeline.presentation.frames.contact_files import ToContact
from pipeline.presentation.locale.messages import say
from pipeline.presentation.spreadsheets.call_list import call_list_xlsx
from pipeline.records import FileUse, Note
from pipeline.records.contacts import Channel, Compared, QueueEntry, QueueState
from pipeline.services.data import masking, seen
from pipeline.services.pages import agenda, call_files, call_queue, call_scripts
from pipeline.services.pages.agenda import Agenda
from pipeline.services.pages.call_queue import Queue
from pipeline.services.session import Permission, Session, needs

__all__ = ["center_csv", "center_xlsx", "messages_csv"]

_ASKED = (*queueing.FREE, QueueState.LATER)


@needs(Permission.PLAN_CALLS)
def center_csv(session: Session, found: Queue, *, identified: bool = False) -> bytes:
    """The patients still to be called as CSV; `identified`: with the clinic's own id and phone."""
    return spreadsheets.csv_bytes(_center(session, found, identified=identified))


@needs(Permission.PLAN_CALLS)
def center_xlsx(session: Session, found: Queue, *, identified: bool = False) -> bytes:
    """The same as a workbook, with a list to choose outcomes from."""
    frame = _center(session, found, identified=identified)
    return call_list_xlsx(frame, say(Note("call_list.sheet")), contact_files.RESULT, OUTCOMES)


@needs(Permission.PLAN_CALLS)
def messages_csv(session: Session, found: Queue, *, identified: bool = False) -> bytes:
    """Phone, first name and text of each patient still to be reached, for a tool that sends messages. PresencaError
    where the file has no phone, or is no longer kept as it came.
    """
    named, scored = masking.is_identified(session, FileUse.CALLS, identified), _agenda(session, found)
    told = _to_contact(session, found, scored, call_scripts.WRITTEN, written=True)
    rows = told.lines["row"].to_numpy()
    own, phones = call_files.phones_of(session, scored, rows)
    if own is None or not phones:
        raise PresencaError("contacts.no_phone")
    seen.taken(session, scored.dataset_id, "messages", len(rows), identified=named)
    if named:
        call_files.on_record(session, scored, len(rows))
    return spreadsheets.csv_bytes(contact_files.messages(told, own, phones, identified=named))


def _center(session: Session, found: Queue, *, identified: bool) -> pd.DataFrame:
    named, scored = masking.is_identified(session, FileUse.CALLS, identified), _agenda(session, found)
    told = _to_contact(session, found, scored, call_scripts.SPOKEN)
    seen.taken(session, scored.dataset_id, "call_center", len(told.lines), identified=named)
    own = call_files.identities(session, scored, told.lines["row"].to_numpy()) if named else None
    return contact_files.center(told, own)


def _agenda(session: Session, found: Queue) -> Agenda:
    return agenda.score(session, found.made.dataset_id, found.made.model_id, found.made.as_of)


def _to_contact(session: Session, found: Queue, scored: Agenda, way: str, *, written: bool = False) -> ToContact:
    """Everybody who is still to be called, in the order of the queue, with what to say or write. `written`: without
    those whom chance gave a channel of another kind.
    """
    compared = found.made.settings.compared
    declared = agenda.declared(session, scored.dataset_id)
    frame, keys, names = call_queue.named_lines(session, scored)
    own, place = call_scripts.scripts(session, found.made.series), {key: at for at, key in enumerate(keys)}
    clinic = call_scripts.speaker(session, found.made.series)
    waiting = [one for one in found.entries if one.state in _ASKED and one.keys[0] in place]
    asked = [one for one in waiting if not written or _drawn(one, compared) in (None, *call_scripts.WRITTEN_CHANNELS)]
    drawn = [_drawn(one, compared) for one in asked]
    texts = ["" if compared is None else compared.text(one.way) for one in asked]
    at = [place[one.keys[0]] for one in asked]
    lines = frame.iloc[at]
    return ToContact(
        lines,
        tuple(one.keys[0] for one in asked),
        tuple(_others(frame, names, at, declared)),
        tuple(call_cards.circumstances(lines, call_scripts.rules_of(declared))),
        tuple(
            scripts.filled(call_scripts.text_of(lines.iloc[[n]], declared, own, way, text), clinic)
            for n, text in enumerate(texts)
        ),
        declared,
        tuple(None if one is None else str(one) for one in drawn) if any(drawn) else (),
    )


def _drawn(one: QueueEntry, compared: Compared | None) -> Channel | None:
    """The channel that chance gave a patient."""
    return None if compared is None else compared.channel(one.way)


def _others(frame: pd.DataFrame, names: np.ndarray, first: Sequence[int], declared: Product) -> list[str]:
    """The other appointments of each patient, one a line of text."""
    chosen = np.flatnonzero(np.isin(names.astype(str), names[list(first)].astype(str)))
    said = call_cards.appointments(frame.iloc[chosen], [""] * len(chosen), {}, declared)
    held: defaultdict[str, dict[int, str]] = defaultdict(dict)
    for at, one in zip(chosen.tolist(), said, strict=True):
        held[names[at]][at] = f"{one.when} · {one.what}"
    return ["\n".join(text for at, text in held[names[own]].items() if at != own) for own in first]
