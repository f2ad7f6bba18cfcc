"""What a caller sees of a patient: the appointments, the circumstances that speak for a call, and what to say.

Frames are lines of the kept list (see `insight.calls.call_list`). Nothing here says a risk or a thing about the person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.contract import ContactRules, Product, Role
from pipeline.folding import fold
from pipeline.presentation.frames import call_list, tables
from pipeline.presentation.locale import names, numbers
from pipeline.presentation.sentences import reason_words
from pipeline.records.contacts import Contact, ContactOutcome

_REASONS = range(1, 6)
_MOST = 3


@dataclass(frozen=True)
class Appointment:
    """An appointment as a card names it: `key` of its event, day and hour, what and where, what was told of it, and
    whether it was cancelled or moved since the file came (`gone`).
    """

    key: str
    when: str
    what: str
    told: str = ""
    gone: bool = False


def appointments(
    lines: pd.DataFrame, keys: Sequence[str], told: Mapping[str, Contact], product: Product
) -> tuple[Appointment, ...]:
    """The appointments of a card, in the order of the lines."""
    days = tables.dates(lines[product.time.key]).tolist()
    hours = [tables.hour(value) for value in lines[product.time.hour_column].tolist()]
    return tuple(
        Appointment(key, f"{day} {hour}".strip(), what, _told(told.get(key)), _gone(told.get(key)))
        for key, day, hour, what in zip(keys, days, hours, call_list.whats(lines, product), strict=True)
    )


def _told(contact: Contact | None) -> str:
    return "" if contact is None else names.contact_outcome(str(contact.outcome))


def _gone(contact: Contact | None) -> bool:
    return contact is not None and contact.outcome in (ContactOutcome.CANCELLED, ContactOutcome.RESCHEDULED)


def circumstances(lines: pd.DataFrame, rules: ContactRules) -> list[tuple[str, ...]]:
    """What speaks for a call, of each line: factors of the booking as they are, of the person in neutral words."""
    neutral = dict(rules.neutral)
    said = [
        [neutral.get(factor, text) for factor, text in row if factor in neutral or factor in rules.circumstances]
        for row in _raising(lines)
    ]
    return [tuple(dict.fromkeys(row))[:_MOST] for row in said]


def factors(lines: pd.DataFrame) -> list[tuple[str, ...]]:
    """The factors that raise the risk of each line, the weightiest first."""
    return [tuple(factor for factor, _ in row) for row in _raising(lines)]


def _raising(lines: pd.DataFrame) -> list[list[tuple[str, str]]]:
    columns = [
        zip(
            call_list.texts(lines[f"reason_{n}_factor"]),
            reason_words.texts(lines[f"reason_{n}"]).tolist(),
            lines[f"reason_{n}_points"].tolist(),
            strict=True,
        )
        for n in _REASONS
    ]
    return [[(f, text) for f, text, points in row if f and text and points > 0] for row in zip(*columns, strict=True)]


def procedure_words(line: pd.DataFrame, product: Product) -> tuple[str, ...]:
    """Procedure, category and type of one line, folded: what its script is chosen by."""
    fields = [product.by_role(role) for role in (Role.PROCEDURE, Role.CATEGORY, Role.TYPE)]
    return tuple(fold(call_list.texts(line[f.key])[0]) for f in fields if f is not None and f.key in line)


def blanks(line: pd.DataFrame, product: Product) -> dict[str, str]:
    """What fills the blanks of a script for one line; "" where the file doesn't say."""
    procedure, unit = product.by_role(Role.PROCEDURE), product.by_role(Role.UNIT)
    day = line[product.time.key].iloc[0]
    return {
        "dia": "" if pd.isna(day) else numbers.date(day.date()),
        "hora": tables.hour(float(line[product.time.hour_column].iloc[0])),
        "procedimento": "" if procedure is None else call_list.texts(line[procedure.key])[0],
        "unidade": "" if unit is None else call_list.texts(line[unit.key])[0],
    }
