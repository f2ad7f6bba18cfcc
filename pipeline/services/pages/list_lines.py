"""The lines of a scored list one by one, as another system takes them: each under the key of its event, with the
risk as it stands now and what it is made of.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.action.contacts import planning
from pipeline.contract import Product, Role
from pipeline.ingestion.event_id import RECORD_KEY
from pipeline.insight.calls import call_list
from pipeline.insight.calls.call_list import ListFilters
from pipeline.presentation.sentences import reason_words
from pipeline.services.data import bookings as bookings_of
from pipeline.services.data import event_keys
from pipeline.services.pages import agenda
from pipeline.services.pages.agenda import Agenda
from pipeline.services.session import Permission, Session, needs

__all__ = ["ListLine", "keys", "of"]

_KEYED = ["row", "risk", "tier", RECORD_KEY]  # columns by which lines are named, in their order


@dataclass(frozen=True)
class ListLine:
    """An appointment of a list. `patient`: whom a call about it reaches, by pseudonym; `points` by factor sum with the
    reference and `told` to the risk; `told`: what a contact, or a hand, changed since the list was made.
    """

    key: str
    patient: str
    row: int
    day: dt.date | None
    unit: str
    procedure: str
    risk: float
    tier: str
    reference: float
    points: dict[str, float]
    told: float
    reasons: tuple[str, ...]


@needs(Permission.SEE_RISK)
def keys(session: Session, found: Agenda, filters: ListFilters) -> tuple[str, ...]:
    """The events of a list under `filters`, highest risk first."""
    chosen = agenda.standing(session, found, filters, [*_KEYED, call_list.DAY, call_list.UNIT])
    return _keys(session, found, chosen)


@needs(Permission.SEE_RISK)
def of(session: Session, found: Agenda, wanted: Sequence[str]) -> tuple[ListLine, ...]:
    """The lines of these events of a list, in its order."""
    held = agenda.lines(session, found)
    rows = agenda.standing(session, found, columns=_KEYED)
    some = rows.loc[np.isin(_keys(session, found, rows), wanted), "row"].tolist()
    whole = held.of_rows(some)
    every = _keys(session, found, whole)
    is_asked = np.isin(every, wanted)
    lines, product = whole.loc[is_asked], agenda.declared(session, found.dataset_id)
    return _told([key for key, asked in zip(every, is_asked, strict=True) if asked], lines, product)


def _keys(session: Session, found: Agenda, lines: pd.DataFrame) -> tuple[str, ...]:
    own = bookings_of.keys_of_lines(session, found.dataset_id, lines)
    return tuple(map(event_keys.written, own.tolist()))


def _told(own: Sequence[str], lines: pd.DataFrame, product: Product) -> tuple[ListLine, ...]:
    names = planning.names_of(
        bookings_of.texts(lines, product, Role.PATIENT), np.array([int(key, 16) for key in own], np.uint64)
    )
    procedures = bookings_of.texts(lines, product, Role.PROCEDURE)
    factors = [name for name in lines.columns if name.startswith(call_list.POINTS)]
    points = lines[factors].to_numpy(np.float64)
    reasons = [
        reason_words.reasons(lines[f"reason_{n}"], lines[f"reason_{n}_points"].to_numpy())
        for n in range(1, call_list.REASONS + 1)
    ]
    told = lines[call_list.TOLD].fillna(0.0).tolist() if call_list.TOLD in lines else [0.0] * len(lines)
    named = [name.removeprefix(call_list.POINTS) for name in factors]
    return tuple(
        ListLine(
            key=own[at],
            patient=str(names[at]),
            row=int(line.row),
            day=None if pd.isna(line.list_day) else line.list_day.date(),
            unit=_text(line.list_unit),
            procedure=_text(procedures[at]),
            risk=float(line.risk),
            tier=_text(line.tier),
            reference=float(line.reference),
            points=dict(zip(named, points[at].tolist(), strict=True)),
            told=float(told[at]),
            reasons=tuple(str(said[at]) for said in reasons if said[at]),
        )
        for at, line in enumerate(lines.itertuples())
    )


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value)
