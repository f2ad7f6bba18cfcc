"""What a training found to give the answer away, and how good the model is without it."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.records.note import Note
from pipeline.records.numbers import Interval


@dataclass(frozen=True)
class Giveaway:
    """A factor, or two together, that tell what came; `auc`: what they reach by themselves on `rows` that a small tree
    had not seen.
    """

    factors: tuple[str, ...]
    why: Note
    auc: float
    rows: int


@dataclass(frozen=True)
class GiveawayTest:
    """What gives the answer away; `auc` and `reach` of the model on its tested rows, `_without`: of one that does not
    know these factors, None where nothing was found or nothing else is left. Intervals of 95 % resample patients.

    `reach`: share of the events in the riskiest tenth.
    """

    found: tuple[Giveaway, ...]
    auc: Interval
    reach: Interval
    auc_without: Interval | None = None
    reach_without: Interval | None = None

    @property
    def factors(self) -> tuple[str, ...]:
        """The factors that were found, each once."""
        return tuple(dict.fromkeys(factor for item in self.found for factor in item.factors))
