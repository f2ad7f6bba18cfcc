"""What a training hides of the rows that it learns from, so that the model can do without: drawn once for all of them,
laid over any block of them.

A model that never saw a gap takes it for the least of all values: no contact date would pass for a booking of the same
day, and its risk for a low one. Half of the rows are shown as a list saw them that was made up to a week earlier.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.contract import Product
from pipeline.modeling.features.feature_types import type_of

# shares of patients and of rows
HIDDEN_PATIENTS, HIDDEN_CONTACTS, HIDDEN_FACTORS = 0.1, 0.05, 0.02
REPLAYED = 0.5  # of the rows that each booster sees as an earlier list saw them


@dataclass(frozen=True)
class Columns:
    """The model columns of a table, in order, and the factor of each."""

    names: tuple[str, ...]
    factor_of: Mapping[str, str]

    def of(self, factors: Sequence[str]) -> np.ndarray:
        """The places of the columns of factors."""
        places = [place for place, name in enumerate(self.names) if self.factor_of[name] in factors]
        return np.array(places, dtype=np.int64)


@dataclass(frozen=True)
class Hiding:
    """Which rows lack which columns, and which are seen as an earlier list saw them: a bit a row (numpy.packbits)."""

    gaps: tuple[tuple[np.ndarray, np.ndarray], ...]
    early: np.ndarray | None

    @staticmethod
    def drawn(patients: np.ndarray, product: Product, columns: Columns, seed: int, *, replays: bool) -> Hiding:
        """Of rows whose patients have these codes (n; the last ones serve -1). The same seed hides the same."""
        rng, rows = np.random.default_rng(seed), len(patients)
        strangers = rng.random(int(patients.max(initial=0)) + 2)[patients] < HIDDEN_PATIENTS
        gaps = [(np.packbits(strangers), columns.of([s.key for s in product.features if type_of(s).of_patient]))]
        contacts = np.packbits(rng.random(rows) < HIDDEN_CONTACTS)
        gaps.append((contacts, columns.of([s.key for s in product.features if type_of(s).of_contact])))
        for spec in product.features:
            gaps.append((np.packbits(rng.random(rows) < HIDDEN_FACTORS), columns.of([spec.key])))
        early = np.packbits(rng.random(rows) < REPLAYED) if replays else None
        return Hiding(tuple(gaps), early)

    def replaying(self, start: int, number: int) -> np.ndarray:
        """Mask (number) of the rows from `start` that are seen as an earlier list saw them."""
        return np.zeros(number, dtype=bool) if self.early is None else _bits(self.early, start, number)

    def hide(self, values: np.ndarray, start: int = 0) -> None:
        """Makes gaps (NaN) in the rows from `start` (n × columns, float32), in place."""
        for packed, places in self.gaps:
            if len(places):
                values[np.ix_(_bits(packed, start, len(values)), places)] = np.nan


def _bits(packed: np.ndarray, start: int, number: int) -> np.ndarray:
    first = start // 8
    bits = np.unpackbits(packed[first : (start + number + 7) // 8])
    return bits[start - 8 * first :][:number].view(bool)
