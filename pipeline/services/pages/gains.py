"""What a call is expected to gain on each appointment of an agenda: the order of a list, once more than risk is known.

The effect of a call on a row is the trials' word, shrunk to what the series' own drawn groups show; the value of its
slot is what the clinic said. While both are nobody's but the examples', gain would order as they do, and risk decides.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.action import money
from pipeline.action.effects import order, uplift
from pipeline.action.effects.uplift import Cases, UpliftModel
from pipeline.contract import Product, Role
from pipeline.records.effects import CameTo, EffectChannel, Worth
from pipeline.services.data import bookings as bookings_of
from pipeline.services.data import event_keys
from pipeline.services.pages import agenda, effects, slot_values
from pipeline.services.pages.agenda import Agenda
from pipeline.services.session import Permission, Session, needs

LEAST_OWN = 30  # judged appointments in each arm from which the clinic's own groups have something to say
_QUARTERS = (0.25, 0.5, 0.75)


@needs(Permission.READ_LISTS)
def of(session: Session, found: Agenda) -> Mapping[str, float] | None:
    """R$ that a call is expected to gain, before its cost, by the key of its event; None where risk alone is known."""
    declared, series = agenda.declared(session, found.dataset_id), session.workspace.dataset(found.dataset_id).series
    if declared.contacts is None or not series:
        return None
    worth, own = slot_values.of(session, series), effects.cases(session, series)
    if worth.costs.example and not _says_something(own):
        return None
    frame = agenda.standing(session, found)
    keys = bookings_of.keys_of(event_keys.of(session, found.dataset_id), frame["row"].to_numpy(np.int64))
    gained = _gains(frame, declared, uplift.fit(own), worth)
    return {event_keys.written(key): gain for key, gain in zip(keys.tolist(), gained.tolist(), strict=True)}


def _says_something(own: Cases) -> bool:
    """Whether both arms of the clinic's own lists have outcomes enough to differ from the trials."""
    judged = np.isin(own.came, (CameTo.EVENT, CameTo.NON_EVENT))
    arms = [int((judged & (own.contacted == arm)).sum()) for arm in (True, False)]
    return min(arms) >= LEAST_OWN


def _gains(frame: pd.DataFrame, declared: Product, model: UpliftModel, worth: Worth) -> np.ndarray:
    risk = np.nan_to_num(frame["risk"].to_numpy(dtype=np.float64))
    procedure, kind = (bookings_of.texts(frame, declared, role) for role in (Role.PROCEDURE, Role.TYPE))
    value, _ = money.of_rows(worth.values, procedure.tolist(), kind.tolist())
    patients = bookings_of.texts(frame, declared, Role.PATIENT)
    cases = Cases(
        np.ones(len(risk), dtype=bool),
        np.full(len(risk), int(CameTo.NOT_JUDGED)),
        patients,
        risk,
        1 + np.searchsorted(np.quantile(risk, _QUARTERS) if len(risk) else [], risk, side="right"),
        np.full(len(risk), str(EffectChannel.CALL)),
        effects.categories(procedure, kind),
    )
    return order.gains_of(model, cases, value)
