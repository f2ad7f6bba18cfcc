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
from pipeline.records import to_plain
from pipeline.records.effects import CameTo, EffectChannel, PayingCalls, Worth
from pipeline.services.data import bookings as bookings_of
from pipeline.services.data import event_keys, series_settings
from pipeline.services.pages import agenda, call_queue, effects, slot_values
from pipeline.services.pages.agenda import Agenda
from pipeline.services.pages.keeping import Kept, State, files_of
from pipeline.services.session import Permission, Session, needs

LEAST_OWN = 30  # judged appointments in each arm from which the clinic's own groups have something to say
_QUARTERS = (0.25, 0.5, 0.75)
_Z95 = 1.959963984540054


@needs(Permission.READ_LISTS)
def of(session: Session, found: Agenda) -> Mapping[str, float] | None:
    """R$ that a call is expected to gain, before its cost, by the key of its event; None where risk alone is known."""
    declared, series = agenda.declared(session, found.dataset_id), session.workspace.dataset(found.dataset_id).series
    if declared.contacts is None or not series:
        return None
    worth, own = slot_values.of(session, series), effects.cases(session, series)
    if worth.costs.example and not _says_something(own):
        return None
    keys, gained = _by_event(session, found, own, worth)
    return dict(zip(keys, gained[0].tolist(), strict=True))


@needs(Permission.READ_LISTS)
def paying(session: Session, found: Agenda) -> PayingCalls | None:
    """From which call of today on the next one costs more than it gains, over all who could be called; None where
    nobody could, or a product's patients are not contacted. Worked out once for what is known.
    """
    declared, series = agenda.declared(session, found.dataset_id), session.workspace.dataset(found.dataset_id).series
    if declared.contacts is None or not series:
        return None
    worth = slot_values.of(session, series)
    state = _state(session, found, series, worth)
    kept = Kept(session, "paying_calls", series, PayingCalls)
    return kept.worked_out(found.dataset_id, state, lambda: _paying(session, found, series, worth))


def _state(session: Session, found: Agenda, series: str, worth: Worth) -> State:
    """All that the answer is made of."""
    space = session.workspace
    return [
        [found.dataset_id, found.model_id, str(found.as_of)],
        [space.contacts_seen(series), len(space.risk_overrides(series)), len(space.never_called(series))],
        *files_of(session, series),
        [to_plain(worth), to_plain(series_settings.calls(session, series))],
    ]


def _paying(session: Session, found: Agenda, series: str, worth: Worth) -> PayingCalls | None:
    asked = call_queue.callable_now(session, found)
    if not asked:
        return None
    own = effects.cases(session, series)
    keys, gained = _by_event(session, found, own, worth)
    place = {key: at for at, key in enumerate(keys)}
    rows = np.array([place[key] for key, _ in asked], dtype=np.int64)
    _, patient = np.unique([name for _, name in asked], return_inverse=True)
    expected, weak, strong = (np.bincount(patient, weights=side[rows]) for side in gained)
    own_says, cost = _says_something(own), worth.costs.call
    return money.paying_calls(expected, weak, strong, cost, own=own_says, example=worth.example)


def _says_something(own: Cases) -> bool:
    """Whether both arms of the clinic's own lists have outcomes enough to differ from the trials."""
    judged = np.isin(own.came, (CameTo.EVENT, CameTo.NON_EVENT))
    arms = [int((judged & (own.contacted == arm)).sum()) for arm in (True, False)]
    return min(arms) >= LEAST_OWN


def _by_event(
    session: Session, found: Agenda, own: Cases, worth: Worth
) -> tuple[tuple[str, ...], tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """The events of an agenda, and what a call about each gains: as expected, and at the weak and the strong end."""
    declared = agenda.declared(session, found.dataset_id)
    frame = agenda.standing(session, found, columns=[*bookings_of.columns_of(declared), "tier"])
    keys = bookings_of.keys_of_lines(session, found.dataset_id, frame)
    return tuple(map(event_keys.written, keys.tolist())), _gains(frame, declared, uplift.fit(own), worth)


def _gains(
    frame: pd.DataFrame, declared: Product, model: UpliftModel, worth: Worth
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Per row, with the 95 % interval of the effect: its error is taken as one for all rows, which share its source."""
    risk = np.nan_to_num(frame["risk"].to_numpy(dtype=np.float64))
    procedure, kind = (bookings_of.texts(frame, declared, role) for role in (Role.PROCEDURE, Role.TYPE))
    value, _ = money.of_rows(worth.values, procedure.tolist(), kind.tolist())
    quarter = 1 + np.searchsorted(np.quantile(risk, _QUARTERS) if len(risk) else [], risk, side="right")
    call = np.full(len(risk), str(EffectChannel.CALL))
    mean, error = model.log_ratio(call, risk, quarter, bookings_of.categories(procedure, kind))
    expected, weak, strong = (order.gain(risk, 1 - np.exp(mean + side * error), value) for side in (0, _Z95, -_Z95))
    return expected, weak, strong
