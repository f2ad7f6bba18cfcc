"""The use cases of what a caller is told: the circumstances of a booking, and what to say, as the series has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.action.contacts import scripts as rules
from pipeline.contact_declarations import LONGEST_SCRIPT, SPOKEN, WRITTEN
from pipeline.contract import ContactRules, Product, Script
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import visible
from pipeline.presentation.frames import call_cards
from pipeline.presentation.frames.call_cards import Appointment
from pipeline.presentation.locale.messages import say
from pipeline.privacy import short
from pipeline.records import Note
from pipeline.records.contacts import ALONE, Channel, Compared, QueueEntry
from pipeline.services import catalog
from pipeline.services.data import series_settings
from pipeline.services.pages import agenda, call_queue
from pipeline.services.pages.agenda import Agenda
from pipeline.services.session import Permission, Session, needs

__all__ = [
    "LONGEST_SCRIPT",
    "SPOKEN",
    "WRITTEN",
    "WRITTEN_CHANNELS",
    "CallCard",
    "card",
    "change_script",
    "has_contacts",
    "rules_of",
    "scripts",
    "shown_name",
    "speaker",
    "text_of",
]

WRITTEN_CHANNELS = (Channel.WHATSAPP, Channel.SMS, Channel.EMAIL)


@dataclass(frozen=True)
class CallCard:
    """What a caller sees of a patient. `rows`: of the appointments in their file; `script`: what to say or to write;
    `channel`: that chance gave the patient, None where channels are not compared.
    """

    patient: str
    appointments: tuple[Appointment, ...]
    rows: tuple[int, ...]
    circumstances: tuple[str, ...]
    script: str
    channel: Channel | None = None


def has_contacts(product: Product) -> bool:
    """Whether a product's patients are contacted before their appointment."""
    return product.contacts is not None


def shown_name(patient: str) -> str:
    """A patient as the screen names them: a short pseudonym; "" for a booking that names nobody."""
    return "" if patient.startswith(ALONE) else short(patient)


def rules_of(product: Product) -> ContactRules:
    """How a product's patients are contacted; PresencaError where they are not."""
    if product.contacts is None:
        raise PresencaError("contacts.no_appointment")
    return product.contacts


@needs(Permission.CALL_PATIENTS)
def card(
    session: Session, series_id: str, found: Agenda, one: QueueEntry, compared: Compared | None = None, *, who: str = ""
) -> CallCard | None:
    """The card of a patient of a queue, of the agenda; None where that holds no appointment of theirs. `compared`: the
    two ways of which the patient was drawn for one; `who`: the caller's name.
    """
    declared = agenda.declared(session, found.dataset_id)
    lines, keys = call_queue.appointments(session, found, one.patient)
    if not len(lines):
        return None
    told, riskiest = call_queue.told_of(session, series_id, keys), _riskiest(lines)
    channel = None if compared is None else compared.channel(one.way)
    instead = "" if compared is None else compared.text(one.way)
    way = WRITTEN if channel in WRITTEN_CHANNELS else SPOKEN
    return CallCard(
        one.patient,
        call_cards.appointments(lines, keys, told, declared),
        tuple(lines["row"].tolist()),
        call_cards.circumstances(riskiest, rules_of(declared))[0],
        rules.filled(
            text_of(lines.iloc[:1], declared, scripts(session, series_id), way, instead),
            speaker(session, series_id, who),
        ),
        channel,
    )


@needs(Permission.READ_LISTS)
def speaker(session: Session, series_id: str, who: str = "") -> dict[str, str]:
    """What fills the blanks of whoever speaks, so that a caller has a name to say and no blank to read out."""
    return {
        "atendente": visible(who) or say(Note("script.your_name")),
        "clinica": visible(session.workspace.one_series(series_id).name),
    }


def _riskiest(lines: pd.DataFrame) -> pd.DataFrame:
    return lines.sort_values("risk", ascending=False, kind="stable").iloc[:1]


def text_of(line: pd.DataFrame, declared: Product, own: Sequence[Script], way: str, instead: str = "") -> str:
    """What to say or write about one line, its blanks filled; "" where nothing is declared. `instead`: a text that
    chance gave the patient in place of the scripts'.
    """
    if instead:
        return rules.filled(instead, call_cards.blanks(line, declared))
    told, why = call_cards.procedure_words(line, declared), call_cards.factors(line)[0]
    found = rules.chosen(own, way, told, why)
    return "" if found is None else rules.filled(found.text, call_cards.blanks(line, declared))


@needs(Permission.READ_LISTS)
def scripts(session: Session, series_id: str) -> tuple[Script, ...]:
    """The scripts of a series: the product's, with the texts that the clinic changed."""
    declared = catalog.product(session.workspace.one_series(series_id).product)
    own = series_settings.of(session, series_id).scripts
    return tuple(replace(one, text=own.get(one.key, one.text)) for one in rules_of(declared).scripts)


@needs(Permission.PLAN_CALLS)
def change_script(session: Session, series_id: str, key: str, text: str) -> None:
    """Gives a script another text; an empty one brings the product's back. PresencaError for one that is too long, or
    has a blank that nobody fills.
    """
    series_settings.set_script(session, series_id, key, text.strip())
