"""What the patient did before and what else the patient has booked, as known at each row's moment."""

from __future__ import annotations

import numpy as np

from pipeline.modeling.features.overall import Overall
from pipeline.modeling.features.prediction_time import NO_DAY, made_days
from pipeline.modeling.features.timeline import Timeline
from pipeline.modeling.features.window_counter import WindowCounter, pair

PRIOR_WEIGHT = 2.0  # outcomes of the overall rate mixed into a patient's own
_OF_OUTCOMES = ("outcomes", "events", "rate", "last_outcome", "days_since_last", "streak", "days_since_event")
_OF_BOOKINGS = ("same_day", "to_come", "made_30_days", "past_60_days", "made_together", "days_to_nearest")


def history_columns(line: Timeline, window: int, overall: Overall) -> dict[str, np.ndarray]:
    """Known outcomes of the patient in [moment − window, moment); NaN while none of anybody is known.

    The rate is counted from the overall one: that one moves with time, and trees would learn the date from it.
    """
    observed = np.where(overall.observed > 0, overall.observed, np.nan)
    if line.patients is None:
        return {"days_observed": observed} | {name: np.full(line.n, np.nan) for name in _OF_OUTCOMES}
    order, patients = line.by_patient, line.patients
    own, moment, prior = patients[order], line.moment[order], overall.rate[order]
    when = np.where(line.known, line.event_day, NO_DAY)
    known = WindowCounter(patients, when, line.outcome == 1)
    first, end = known.place(own, moment - window), known.place(own, moment)
    outcomes, events = np.maximum(end - first, 0).astype(np.float64), known.marked(first, end)
    last_day, last_outcome = known.entry(own, end - 1)
    recent = last_day >= moment - window
    event_day, _ = known.entry(own, known.last_marked()[end])
    made = {
        "outcomes": outcomes,
        "events": events,
        "rate": (events + PRIOR_WEIGHT * prior) / (outcomes + PRIOR_WEIGHT) - prior,
        "last_outcome": np.where(recent, last_outcome, np.nan),
        "days_since_last": np.where(recent, moment - last_day, np.nan),
        "streak": _streak(known, own, end, moment - window),
        "days_since_event": np.where(event_day >= moment - window, moment - event_day, np.nan),
    }
    knowable = (own >= 0) & (overall.observed[order] > 0)
    return {"days_observed": observed} | _in_place(made, knowable, order)


def _in_place(made: dict[str, np.ndarray], knowable: np.ndarray, order: np.ndarray) -> dict[str, np.ndarray]:
    """Columns of rows in another order, in the rows' own; NaN where they can't be known."""
    columns = {}
    for name, values in made.items():
        columns[name] = np.empty(len(order))
        columns[name][order] = np.where(knowable, values, np.nan)
    return columns


def _streak(known: WindowCounter, own: np.ndarray, end: np.ndarray, since: np.ndarray) -> np.ndarray:
    """How many of the last three known outcomes were events (NaN without any)."""
    total, any_known = np.zeros(len(own)), np.zeros(len(own), dtype=bool)
    for back in (1, 2, 3):
        day, outcome = known.entry(own, end - back)
        usable = day >= since
        total += np.where(usable, np.nan_to_num(outcome), 0.0)
        any_known |= usable
    return np.where(any_known, total, np.nan)


def other_booking_columns(line: Timeline) -> dict[str, np.ndarray]:
    """The patient's other bookings with contact < moment: same day, still to come, lately made, made together.

    NaN without a contact date of the row's own: when it was made is then unknown, and so is what else was known.
    """
    if line.patients is None:
        return {name: np.full(line.n, np.nan) for name in _OF_BOOKINGS}
    order, patients, event = line.by_patient, line.patients, line.event_day
    made_at = made_days(event, line.contact_day)
    own, moment, made, ever = patients[order], line.moment[order], made_at[order], np.full(line.n, NO_DAY + 1)
    by_made, by_event = WindowCounter(patients, made_at), WindowCounter(patients, event)
    of_day = pair(patients, day_codes_of(event))
    self_known = (made < moment).astype(np.float64)
    past = by_event.between(own, ever, moment)
    nearest, _ = by_event.entry(own, by_event.place(own, moment) - 1)  # that had already taken place at the moment
    columns = {
        "same_day": WindowCounter(of_day, made_at).between(of_day[order], ever, moment) - self_known,
        "to_come": by_made.between(own, ever, moment) - past - self_known,
        "made_30_days": by_made.between(own, moment - 30, moment) - self_known * (made >= moment - 30),
        "past_60_days": by_event.between(own, moment - 60, moment),
        "made_together": np.where(self_known > 0, by_made.between(own, made, made + 1) - 1, np.nan),
        "days_to_nearest": event[order] - nearest,
    }
    return _in_place(columns, (own >= 0) & (line.contact_day[order] > NO_DAY), order)


def day_codes_of(values: np.ndarray) -> np.ndarray:
    """Codes of day numbers, from the first; −1 where missing."""
    known = values > NO_DAY
    first = int(values.min(where=known, initial=np.iinfo(np.int64).max))
    return np.where(known, values - first, -1) if known.any() else np.full(len(values), -1)
