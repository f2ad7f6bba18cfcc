"""Whether a model knows the data that it is used on."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.records.numbers import Interval

LEAST_KNOWN = 0.5  # of the rows, in values that the model met: below, it is another place's model


@dataclass(frozen=True)
class KnownShare:
    """How many of the rows that have a field lie in values that the model met in training."""

    field: str
    rows: int
    known: int
    strangers: tuple[str, ...] = ()  # the commonest values that it never met

    @property
    def share(self) -> float:
        """Known rows among those that have the field, 0..1; 0 where none has it."""
        return self.known / self.rows if self.rows else 0.0


@dataclass(frozen=True)
class Fit:
    """One judgement for every page and for `score`.

    `same_series`: both belong to one clinic's run of files (None: not known, outside a workspace). `places`: of the
    field that says where, or of all fields whose rates the model learnt where there is none. `lacking`: fields that
    the model learnt from and the data lack. `predicted`, `observed`: mean risk and rate on the `outcomes` rows that
    have both, None without enough.
    """

    same_series: bool | None
    sample_mismatch: bool = False
    places: KnownShare | None = None
    lacking: tuple[str, ...] = ()
    predicted: float | None = None
    observed: Interval | None = None
    outcomes: int = 0
    level_off: bool = False
    words_known: float | None = None  # share of the words of comments that the model met; None where it reads none

    @property
    def places_known(self) -> bool:
        """Whether the model met the values of at least LEAST_KNOWN of the rows, or there are none to tell by."""
        return self.places is None or self.places.rows == 0 or self.places.share >= LEAST_KNOWN

    @property
    def knows(self) -> bool:
        """Whether the model may be used here without a word."""
        return self.same_series is not False and not self.sample_mismatch and self.places_known and not self.level_off
