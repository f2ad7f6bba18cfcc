"""What is to be said of each appointment of a list, as a RiskAssessment will say it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.contract import Role
from pipeline.presentation.frames import call_list, tables
from pipeline.presentation.frames.call_list_files import ListLines
from pipeline.presentation.sentences import reason_words


@dataclass(frozen=True)
class Assessment:
    """What is said of one appointment. `resource`, `subject`: references as the file had them, "" where it had none;
    `patient`: an id, or a pseudonym; `risk` 0..1, None where there is none: `why` says so; `tier` a key.
    """

    row: int
    risk: float | None
    tier: str = ""
    reasons: tuple[str, ...] = ()
    why: str = ""
    day: dt.date | None = None
    resource: str = ""
    subject: str = ""
    patient: str = ""
    is_pseudonym: bool = False

    def at(self, resource: str, subject: str, patient: str) -> Assessment:
        """The same, of this appointment and patient."""
        return replace(self, resource=resource, subject=subject, patient=patient)


@dataclass(frozen=True)
class Columns:
    """The headers under which the clinic's own columns tell the appointment, the patient's address, and the id."""

    resource: str
    subject: str
    patient: str = ""


def of_list(found: ListLines, own: pd.DataFrame | None, columns: Columns) -> Iterator[Assessment]:
    """One an entry of the list, in its order. `own`: the clinic's own columns; without them patients are pseudonyms."""
    frame, product = found.first, found.product
    field = product.by_role(Role.PATIENT)
    pseudonyms = tables.patient_codes(frame[field.key]).tolist() if field is not None else [""] * len(frame)
    reasons = call_list.reasons_apart(frame, found.untold)
    whys = reason_words.texts(frame["observation"]).tolist()
    days = frame[product.time.key].tolist()
    for place, (row, risk, tier) in enumerate(
        zip(frame["row"].tolist(), frame["risk"].tolist(), frame["tier"].astype("object").tolist(), strict=True)
    ):
        told = [column[place] for column in reasons]
        one = Assessment(
            row,
            None if pd.isna(risk) else risk,
            tier if isinstance(tier, str) else "",
            tuple(f"{text}: {reason_words.points_text(points)}" for text, points in told if text),
            str(whys[place]),
            None if pd.isna(days[place]) else days[place].date(),
        )
        if own is None:
            yield replace(one, patient=pseudonyms[place], is_pseudonym=True)
        else:
            yield one.at(*(_cell(own, row, name) for name in (columns.resource, columns.subject, columns.patient)))


def _cell(own: pd.DataFrame, row: int, name: str) -> str:
    return str(own.at[row, name]) if name in own.columns else ""
