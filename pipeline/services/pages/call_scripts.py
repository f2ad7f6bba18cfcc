"""The use cases of what a caller is told: the circumstances of a booking, and what to say, as the series has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.action.contacts import scripts as rules
from pipeline.contact_declarations import LONGEST_SCRIPT, SPOKEN, WRITTEN, unknown_blanks
from pipeline.contract import ContactRules, Product, Script
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import visible
from pipeline.presentation.frames import call_cards
from pipeline.presentation.frames.call_cards import Appointment
from pipeline.privacy import short
from pipeline.records.contacts import ALONE
from pipeline.services import catalog
from pipeline.services.pages import agenda, call_queue
from pipeline.services.pages.agenda import Agenda
from pipeline.services.session import Permission, Session, needs

__all__ = [
    "LONGEST_SCRIPT",
    "SPOKEN",
    "WRITTEN",
    "CallCard",
    "card",
    "change_script",
    "has_contacts",
    "rules_of",
    "scripts",
    "shown_name",
    "text_of",
]

_SETTING = "call_scripts:"  # of a series; its id follows


@dataclass(frozen=True)
class CallCard:
    """What a caller sees of a patient. `rows`: of the appointments in their file; `script`: what to say."""

    patient: str
    appointments: tuple[Appointment, ...]
    rows: tuple[int, ...]
    circumstances: tuple[str, ...]
    script: str


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
def card(session: Session, series_id: str, found: Agenda, patient: str, *, who: str = "") -> CallCard | None:
    """The card of a patient of the agenda; None where it holds no appointment of theirs. `who`: the caller's name."""
    declared = agenda.declared(session, found.dataset_id)
    lines, keys = call_queue.appointments(session, found, patient)
    if not len(lines):
        return None
    told, riskiest = call_queue.told_of(session, series_id, keys), _riskiest(lines)
    return CallCard(
        patient,
        call_cards.appointments(lines, keys, told, declared),
        tuple(lines["row"].tolist()),
        call_cards.circumstances(riskiest, rules_of(declared))[0],
        rules.filled(
            text_of(lines.iloc[:1], declared, scripts(session, series_id), SPOKEN), _speaker(session, series_id, who)
        ),
    )


def _speaker(session: Session, series_id: str, who: str) -> dict[str, str]:
    """What fills the blanks of whoever speaks; a series of samples is no clinic."""
    series = session.workspace.one_series(series_id)
    return {"atendente": visible(who), "clinica": "" if series.is_sample else series.name}


def _riskiest(lines: pd.DataFrame) -> pd.DataFrame:
    return lines.sort_values("risk", ascending=False, kind="stable").iloc[:1]


def text_of(line: pd.DataFrame, declared: Product, own: Sequence[Script], way: str) -> str:
    """What to say or write about one line, its blanks filled; "" where nothing is declared."""
    told, why = call_cards.procedure_words(line, declared), call_cards.factors(line)[0]
    found = rules.chosen(own, way, told, why)
    return "" if found is None else rules.filled(found.text, call_cards.blanks(line, declared))


@needs(Permission.READ_LISTS)
def scripts(session: Session, series_id: str) -> tuple[Script, ...]:
    """The scripts of a series: the product's, with the texts that the clinic changed."""
    declared = catalog.product(session.workspace.one_series(series_id).product)
    own = session.workspace.setting(_SETTING + series_id, {})
    return tuple(replace(one, text=own.get(one.key, one.text)) for one in rules_of(declared).scripts)


@needs(Permission.PLAN_CALLS)
def change_script(session: Session, series_id: str, key: str, text: str) -> None:
    """Gives a script another text; an empty one brings the product's back. PresencaError for one that is too long, or
    has a blank that nobody fills.
    """
    if len(text) > LONGEST_SCRIPT or (odd := unknown_blanks(text)):
        raise PresencaError(
            "contacts.odd_script", most=LONGEST_SCRIPT, blanks=odd if len(text) <= LONGEST_SCRIPT else ()
        )
    own = dict(session.workspace.setting(_SETTING + series_id, {}))
    own.pop(key, None)
    if text.strip():
        own[key] = text.strip()
    session.workspace.set_setting(_SETTING + series_id, own)
    session.audit("call_script_changed", series=series_id, script=key)
