"""The use cases of who will come: of a list to come, the sessions of each unit, day and professional or procedure, how
many will come to each, how many extra bookings it takes, and how well that was told on rows whose outcome is known.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipeline.action.slots import attendance, overbooking
from pipeline.action.slots.offers import matches, taken, unanswered
from pipeline.action.slots.refill import acceptance, filled
from pipeline.contract import AGE_PART, Product, Role, part
from pipeline.insight.calls import call_list, expected
from pipeline.records.series_settings import EXAMPLE_MINUTES
from pipeline.records.slots import (
    ClinicSession,
    Coverage,
    EmptiedSlot,
    GroupBurden,
    Offer,
    OverbookingPlan,
    OverbookingPolicy,
    WaitingEntry,
)
from pipeline.services.data.own_units import OwnRows
from pipeline.services.models import models
from pipeline.services.pages import agenda, refill
from pipeline.services.pages.agenda import Agenda
from pipeline.services.session import Permission, Session, needs

_GROUPS = (Role.SEX, Role.UF, Role.PLAN)


@dataclass(frozen=True)
class Place:
    """Whose session it is: unit, day and professional or procedure; "" where the file doesn't say."""

    unit: str
    day: str
    by: str


@dataclass(frozen=True)
class Overbooked:
    """The sessions of a list, and the extra bookings that each may take, in the same order."""

    places: tuple[Place, ...]
    plan: OverbookingPlan
    spread: float  # of the log-odds that a session's bookings share


@needs(Permission.READ_LISTS)
def plan(
    session: Session,
    found: Agenda,
    policy: OverbookingPolicy,
    *,
    by: str | None = None,
    minutes: float = EXAMPLE_MINUTES,
    borne: Mapping[str, GroupBurden] | None = None,
) -> Overbooked:
    """How many extra bookings each session of a list may take, and in which slots; those that were emptied are refilled
    first. `by`: the column that parts a unit's day into sessions; None: by professional where the file says who, else
    by procedure; "": the day is one. Waits are of one who attends: of a day that several share, only overflow holds.
    """
    declared = agenda.declared(session, found.dataset_id)
    lines = agenda.standing(session, found)
    lines = lines.loc[lines["risk"].notna()]
    waits = _Waits.of(session, found.dataset_id, found.as_of)
    made = [
        (place, _session(place, own, declared, waits, minutes)) for place, own in _by_place(lines, _by(declared, by))
    ]
    spread = _spread(session, found, lines, by)
    chosen = overbooking.plan([one for _, one in made], policy, spread, borne)
    return Overbooked(tuple(place for place, _ in made), chosen, spread)


@needs(Permission.READ_LISTS)
def checked(
    session: Session, model_id: str, dataset_id: str, spread: float = 0.0, *, by: str | None = None
) -> Coverage | None:
    """How often what came lay inside the intervals, on rows whose risk is of a model that had not seen them; None where
    no such risks are kept.
    """
    past = _past(session, model_id, dataset_id, by)
    return None if past is None else attendance.coverage(*past, spread)


def _past(
    session: Session, model_id: str, dataset_id: str, by: str | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """(risk, session, outcome) of the rows with an outcome that a model which had not seen them gave a risk."""
    kept = session.workspace.past_risks(model_id, dataset_id)
    if kept is None:
        return None
    declared = agenda.declared(session, dataset_id)
    unit = declared.by_role(Role.UNIT)
    columns = [name for name in (unit.key if unit else "", _by(declared, by)) if name]
    rows = OwnRows(session).rows(dataset_id, ["row", "outcome", declared.time.key, *columns])
    past = models.unpack(kept[0])
    risks = pd.Series(past.risk, index=past.row).reindex(rows["row"]).to_numpy()
    outcome = rows["outcome"].to_numpy(dtype=float)
    usable = ~np.isnan(risks) & ~np.isnan(outcome)
    some = rows.loc[usable, [declared.time.key, *columns]]
    groups = some.groupby([some[name] for name in some], dropna=False, observed=True, sort=False).ngroup().to_numpy()
    return risks[usable], groups, outcome[usable]


def _spread(session: Session, found: Agenda, lines: pd.DataFrame, by: str | None) -> float:
    """What a session's bookings share, on log-odds: how far the level may be off, or by how much sessions of the past
    differed beyond chance, whichever is more. The latter holds the former's drift, so that they are not added.
    """
    level = attendance.level_spread(lines["risk"].to_numpy(dtype=float), found.level)
    learnt_from = session.workspace.model(found.model_id).dataset_id
    past = _past(replace(session, user=None), found.model_id, learnt_from, by) if learnt_from else None  # of all units
    return level if past is None else max(level, attendance.day_spread(*past))


@dataclass(frozen=True)
class _Waits:
    """What is to be refilled: emptied slots, who waits, what was offered."""

    slots: tuple[EmptiedSlot, ...]
    entries: tuple[WaitingEntry, ...]
    offers: tuple[Offer, ...]

    @classmethod
    def of(cls, session: Session, dataset_id: str, day: dt.date) -> _Waits:
        series = session.workspace.dataset(dataset_id).series
        entries = session.workspace.waiting_entries(series)
        return cls(refill.emptied(session, dataset_id, day, with_taken=True), entries, session.workspace.offers(series))

    def chance(self, slot: EmptiedSlot) -> float:
        """That somebody accepts it, of all who wait for such a slot; sure, once somebody has."""
        if slot.key in taken(self.offers):
            return 1.0
        asked = sum(matches(entry, slot) for entry in self.entries)
        return float(filled(acceptance(self.offers)[""], asked))


def _by(declared: Product, asked: str | None) -> str:
    """The column that parts a unit's day; "" for none."""
    usual = declared.by_role(Role.PROFESSIONAL) or declared.by_role(Role.PROCEDURE)
    return asked if asked is not None else usual.key if usual else ""


def _by_place(lines: pd.DataFrame, by: str) -> list[tuple[Place, pd.DataFrame]]:
    """The lines of each session, by unit, day and the column `by`."""
    told = pd.DataFrame(
        {
            "unit": lines[call_list.UNIT].astype("object").fillna("").astype("str").to_numpy(),
            "day": pd.to_datetime(lines[call_list.DAY]).dt.date.astype("str").to_numpy(),
            "by": lines[by].astype("object").fillna("").astype("str").to_numpy() if by else "",
        }
    )
    groups = told.groupby(["unit", "day", "by"], sort=True).indices
    return [(Place(*(str(name) for name in names)), lines.iloc[at]) for names, at in groups.items()]  # type: ignore[misc]


def _session(place: Place, lines: pd.DataFrame, declared: Product, waits: _Waits, minutes: float) -> ClinicSession:
    """A session in the order of its hours; emptied slots stand at theirs, with their chance of being filled."""
    hours = lines[declared.time.hour_column].to_numpy(dtype=float)
    come = (1 - lines["risk"].to_numpy(dtype=float)) * (1 - np.nan_to_num(lines[expected.CHANCE].to_numpy(dtype=float)))
    groups = _groups(lines, declared)
    own = [slot for slot in waits.slots if _is_of(slot, place)]
    slots = [
        *((hour, chance, 0.0, names) for hour, chance, names in zip(hours, come, groups, strict=True)),
        *((np.nan if s.hour is None else s.hour, 0.0, float(come.mean()) * waits.chance(s), ()) for s in own),
    ]
    ordered = sorted(slots, key=lambda slot: (np.isnan(slot[0]), slot[0]))
    return ClinicSession(
        key="\x1f".join((place.unit, place.day, place.by)),
        come=tuple(float(slot[1]) for slot in ordered),
        refill=tuple(float(slot[2]) for slot in ordered),
        groups=tuple(slot[3] for slot in ordered),
        minutes=minutes,
        unanswered=sum(unanswered(waits.entries, slot, waits.offers) for slot in own),
    )


def _is_of(slot: EmptiedSlot, place: Place) -> bool:
    return (slot.unit, slot.day.isoformat()) == (place.unit, place.day) and place.by in (
        slot.professional or slot.procedure,
        "",
    )


def _groups(lines: pd.DataFrame, declared: Product) -> Sequence[tuple[str, ...]]:
    """Of each line, the groups whose burden is bounded: age band, sex, UF, health plan, as far as the file says."""
    birth = declared.by_role(Role.BIRTH)
    keys = [field.key for role in _GROUPS if (field := declared.by_role(role))]
    keys += [part(birth.key, AGE_PART)] if birth else []
    columns = [(key, lines[key].astype("object").tolist()) for key in keys if key in lines]
    return [
        tuple(f"{key}={cells[place]}" for key, cells in columns if not pd.isna(cells[place]))
        for place in range(len(lines))
    ]
