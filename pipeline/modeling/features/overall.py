"""What was known of anybody at each row's moment: what the rates of patients and values are counted from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.modeling.features.day_counts import DayCounts


@dataclass(frozen=True, eq=False)
class Overall:
    """Of each row (n), within the window before its moment: known outcomes of anybody, those that were events, and the
    days from the first to the last of them (0 where there is none).
    """

    outcomes: np.ndarray
    events: np.ndarray
    observed: np.ndarray

    @classmethod
    def at(cls, moment: np.ndarray, window: int, everyone: DayCounts) -> Overall:
        """At the rows' moments; `everyone`: known outcomes and events by day."""
        nobody = np.zeros(len(moment), dtype=np.int64)
        _, outcomes, events = everyone.within(nobody, moment - window, moment)
        return cls(outcomes, events, _days_observed(moment, window, everyone.day))

    @property
    def rate(self) -> np.ndarray:
        """Events per outcome (n); NaN where none is known."""
        return np.where(self.outcomes > 0, self.events / np.maximum(self.outcomes, 1), np.nan)


def _days_observed(moment: np.ndarray, window: int, day: np.ndarray) -> np.ndarray:
    """The last one before the moment, not of the file: that there are later ones is not known yet."""
    if not len(day):
        return np.zeros(len(moment))
    place = np.searchsorted(day, moment) - 1
    since = np.maximum(moment - window, day[0])
    return np.where(place >= 0, np.maximum(day[np.maximum(place, 0)] + 1 - since, 0), 0).astype(np.float64)
