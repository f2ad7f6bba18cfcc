"""What the patient did before and what else the patient has booked, as known at each row's moment."""

from __future__ import annotations

import numpy as np

from pipeline.modeling.features.day_counts import DayCounts
from pipeline.modeling.features.prediction_time import NO_DAY, made_days
from pipeline.modeling.features.timeline import Timeline
from pipeline.modeling.features.window_counter import WindowCounter, pair

PRIOR_WEIGHT = 2.0  # outcomes of the overall rate mixed into a patient's own


def history_columns(line: Timeline, window: int, everyone: DayCounts) -> dict[str, np.ndarray]:
    """Known outcomes of the patient in [moment − window, moment); NaN while none of anybody is known (`everyone`: known
    outcomes and events by day).

    The rate is counted from the overall one: that one moves with time, and trees would learn the date from it.
    """
    n, moment = line.n, line.moment
    observed = days_observed(line.moment, window, everyone)
    columns = {"days_observed": np.where(observed > 0, observed, np.nan)}
    names = ("outcomes", "events", "rate", "last_outcome", "days_since_last", "streak", "days_since_event")
    patients = line.patients
    if patients is None:
        return columns | {name: np.full(n, np.nan) for name in names}
    own = patients[:n]
    when = np.where(line.known, line.event_day, NO_DAY)
    seen, missed = WindowCounter(patients, when), WindowCounter(patients, when, np.nan_to_num(line.outcome))
    events_only = WindowCounter(patients, np.where(line.outcome == 1, when, NO_DAY))
    outcomes, events = seen.total(own, moment - window, moment), missed.total(own, moment - window, moment)
    prior = overall_rate(moment, window, everyone)
    last_day, last_outcome = missed.last(own, moment)
    recent = last_day >= moment - window
    event_day, _ = events_only.last(own, moment)
    made = {
        "outcomes": outcomes,
        "events": events,
        "rate": (events + PRIOR_WEIGHT * prior) / (outcomes + PRIOR_WEIGHT) - prior,
        "last_outcome": np.where(recent, last_outcome, np.nan),
        "days_since_last": np.where(recent, moment - last_day, np.nan),
        "streak": _streak(missed, own, moment, window),
        "days_since_event": np.where(event_day >= moment - window, moment - event_day, np.nan),
    }
    knowable = (own >= 0) & (observed > 0)
    return columns | {name: np.where(knowable, values, np.nan) for name, values in made.items()}


def _streak(missed: WindowCounter, own: np.ndarray, moment: np.ndarray, window: int) -> np.ndarray:
    """How many of the last three known outcomes were events (NaN without any)."""
    total, any_known = np.zeros(len(own)), np.zeros(len(own), dtype=bool)
    for back in (1, 2, 3):
        day, outcome = missed.last(own, moment, back)
        usable = day >= moment - window
        total += np.where(usable, np.nan_to_num(outcome), 0.0)
        any_known |= usable
    return np.where(any_known, total, np.nan)


def days_observed(moment: np.ndarray, window: int, everyone: DayCounts) -> np.ndarray:
    """Days within the window from the first to the last outcome of anybody before the moment (0 where none).

    The last one before the moment, not of the file: that there are later ones is not known yet.
    """
    if not len(everyone.day):
        return np.zeros(len(moment))
    place = np.searchsorted(everyone.day, moment) - 1
    last = everyone.day[np.maximum(place, 0)]
    since = np.maximum(moment - window, everyone.day[0])
    return np.where(place >= 0, np.maximum(last + 1 - since, 0), 0).astype(np.float64)


def overall_rate(moment: np.ndarray, window: int, everyone: DayCounts) -> np.ndarray:
    """Events of anybody per outcome known within the window before the moment; NaN where none is."""
    _, outcomes, events = everyone.within(np.zeros(len(moment), dtype=np.int64), moment - window, moment)
    return np.where(outcomes > 0, events / np.maximum(outcomes, 1), np.nan)


def other_booking_columns(line: Timeline) -> dict[str, np.ndarray]:
    """The patient's other bookings with contact < moment: same day, still to come, lately made, made together.

    NaN without a contact date of the row's own: when it was made is then unknown, and so is what else was known.
    """
    n, moment = line.n, line.moment
    names = ("same_day", "to_come", "made_30_days", "past_60_days", "made_together", "days_to_nearest")
    patients = line.patients
    contact, event = line.contact_day, line.event_day
    if patients is None:
        return {name: np.full(n, np.nan) for name in names}
    own = patients[:n]
    made_at = made_days(event, contact)
    self_known = (made_at[:n] < moment).astype(np.float64)
    ever = np.full(n, NO_DAY + 1)
    by_contact, by_event = WindowCounter(patients, made_at), WindowCounter(patients, event)
    day_codes, contact_codes = (day_codes_of(values) for values in (event, made_at))
    on_day = WindowCounter(pair(patients, day_codes), made_at)
    together = WindowCounter(pair(patients, contact_codes), made_at)
    past = by_event.total(own, ever, moment)
    columns = {
        "same_day": on_day.total(pair(patients, day_codes)[:n], ever, moment) - self_known,
        "to_come": by_contact.total(own, ever, moment) - past - self_known,
        "made_30_days": by_contact.total(own, moment - 30, moment) - self_known * (made_at[:n] >= moment - 30),
        "past_60_days": by_event.total(own, moment - 60, moment),
        "made_together": np.where(
            self_known > 0, together.total(pair(patients, contact_codes)[:n], ever, moment) - 1, np.nan
        ),
        "days_to_nearest": _days_to_earlier(by_event, own, event[:n], moment),
    }
    knowable = (own >= 0) & (contact[:n] > NO_DAY)
    return {name: np.where(knowable, values, np.nan) for name, values in columns.items()}


def _days_to_earlier(by_event: WindowCounter, own: np.ndarray, event: np.ndarray, moment: np.ndarray) -> np.ndarray:
    """Days from the patient's last booking that had already taken place at the moment to this one."""
    day, _ = by_event.last(own, moment)
    return event - day


def day_codes_of(values: np.ndarray) -> np.ndarray:
    """Codes of day numbers; −1 where missing."""
    distinct, codes = np.unique(values, return_inverse=True)
    return np.where(values > NO_DAY, codes, -1) if len(distinct) else codes
