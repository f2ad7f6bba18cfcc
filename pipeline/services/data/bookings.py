"""The appointments of a scored table as the rules of call lists read them, and the lines that a list is kept as."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.action.contacts.planning import Bookings, Plan, names_of
from pipeline.action.effects import control
from pipeline.contract import Product, Role
from pipeline.ingestion.event_id import RECORD_KEY
from pipeline.modeling.features.holidays import holiday_days
from pipeline.modeling.features.prediction_time import contact_days, event_days, to_date
from pipeline.records.contacts import FIRST_WAY, Compared, ListEntry
from pipeline.services.data import event_keys
from pipeline.services.session import Permission, Session, needs

CONTACT, CONTROL = "contact", "control"
VALUE = "slot_value"  # column of a list: R$ that the clinic said; absent where all is still an example


def arms(
    patients: np.ndarray, risk: np.ndarray, share: float, seed: int, known: Mapping[str, str] | None = None
) -> np.ndarray:
    """ "contact" or "control" for each patient (one place each), drawn in each quarter of risk; `known`: those whose
    group an earlier list set.
    """
    kept = {name: arm == CONTROL for name, arm in (known or {}).items()}
    apart, _ = control.control([str(name) for name in patients], risk, share, seed, known=kept)
    return np.where(apart, CONTROL, CONTACT).astype(object)


def ways(
    plan: Plan, arms: np.ndarray, compared: Compared | None, seed: int, known: Mapping[str, int] | None = None
) -> np.ndarray:
    """Which of the compared ways each patient of a list is contacted by (int, FIRST_WAY or SECOND_WAY), drawn in each
    quarter of risk; 0 for the control group, or where nothing is compared. `known`: those drawn before for the same.
    """
    found = np.zeros(len(arms), dtype=np.int64)
    own = arms == CONTACT
    if compared is None or not own.any():
        return found
    kept = {name: way - FIRST_WAY for name, way in (known or {}).items()}
    names, shares = [str(name) for name in plan.names[own]], (1 - compared.share, compared.share)
    drawn = control.draw(names, plan.risk[own], shares, seed, salt="\0".join(compared.name), known=kept)
    found[own] = drawn.arm + FIRST_WAY
    return found


def entries_of(own: Bookings, plan: Plan, arms: np.ndarray, ways: np.ndarray) -> list[ListEntry]:
    """The lines of a list: one a booking, in its order."""
    strata = plan.strata
    return [
        ListEntry(
            event_keys.written(int(own.keys[at])),
            str(plan.names[patient]),
            str(arms[patient]),
            float(own.risk[at]),
            own.days[at].astype("datetime64[D]").item(),
            str(own.units[at]),
            str(own.plans[at]),
            int(strata[patient]),
            None if own.value is None or np.isnan(own.value[at]) else float(own.value[at]),
            int(ways[patient]),
        )
        for at, patient in zip(plan.at.tolist(), plan.patient.tolist(), strict=True)
    ]


def keys_of(held: event_keys.EventKeys, rows: np.ndarray) -> np.ndarray:
    """uint64 per row number: the key of its event."""
    order = np.argsort(held.rows, kind="stable")
    return held.keys[order[np.searchsorted(held.rows, rows, sorter=order)]]


@needs(Permission.SEE_RISK)
def keys_of_lines(session: Session, dataset_id: str, frame: pd.DataFrame) -> np.ndarray:
    """uint64 per line of a list of a data set: the key of its event. Lines that hold it are asked for nothing else."""
    if RECORD_KEY in frame:
        return frame[RECORD_KEY].to_numpy(np.uint64)
    return keys_of(event_keys.of(session, dataset_id), frame["row"].to_numpy(np.int64))


def columns_of(declared: Product) -> list[str]:
    """The columns of a list that `of_frame` reads, and that tell what slots are worth."""
    roles = (Role.PATIENT, Role.UNIT, Role.PROCEDURE, Role.TYPE, Role.UF, Role.PLAN, Role.CONTACT)
    fields = [field.key for role in roles if (field := declared.by_role(role)) is not None]
    return ["row", "state", "risk", RECORD_KEY, declared.time.key, *dict.fromkeys(fields)]


def of_frame(
    frame: pd.DataFrame, declared: Product, keys: np.ndarray, gain: Mapping[str, float] | None = None
) -> Bookings:
    """The same of any scored frame (see `insight.calls.call_list`) and the keys of its events."""
    day, booked = event_days(frame, declared), contact_days(frame, declared)
    told = {
        role: texts(frame, declared, role) for role in (Role.PATIENT, Role.UNIT, Role.PROCEDURE, Role.UF, Role.PLAN)
    }
    known = None if gain is None else [gain.get(event_keys.written(key), np.nan) for key in keys.tolist()]
    return Bookings(
        keys,
        told[Role.PATIENT],
        frame[declared.time.key].to_numpy("datetime64[D]"),
        frame["risk"].to_numpy(dtype=np.float64),
        told[Role.UNIT],
        told[Role.PROCEDURE],
        told[Role.UF],
        told[Role.PLAN],
        booked == day,
        None if known is None else np.array(known, dtype=np.float64),
        frame[VALUE].to_numpy(dtype=np.float64) if VALUE in frame else None,
    )


def texts(frame: pd.DataFrame, declared: Product, role: Role) -> np.ndarray:
    """The values of a field as text, "" where it is missing."""
    field = declared.by_role(role)
    if field is None or field.key not in frame:
        return np.full(len(frame), "", dtype=object)
    column = frame[field.key].astype("object")
    return np.array([str(value) for value in column.where(column.notna(), "")], dtype=object)


def categories(procedure: np.ndarray, kind: np.ndarray) -> np.ndarray:
    """By what an effect may differ: the type of an appointment, or its procedure where no type is told."""
    return np.where(kind.astype(str) != "", kind, procedure).astype(str)


def holidays(own: Bookings) -> dict[str, frozenset[dt.date]]:
    """The holidays of the UFs of these bookings in their years; "" for those without a UF."""
    dated = own.days[~np.isnat(own.days)]
    if not len(dated):
        return {}
    years = dated.min().item().year - 1, dated.max().item().year
    ufs = {"", *own.ufs.tolist()}
    return {uf: frozenset(to_date(int(day)) for day in _holiday_days(uf, years)) for uf in ufs}


def _holiday_days(uf: str, years: tuple[int, int]) -> np.ndarray:
    try:
        return holiday_days(uf, *years)
    except NotImplementedError:  # a text that is no UF
        return holiday_days("", *years)


def units_of(own: Bookings) -> dict[str, str]:
    """The unit of each patient, as lists name them: that of their last booking here."""
    names = names_of(own.patients, own.keys)
    return dict(zip(names.tolist(), own.units.tolist(), strict=True))
