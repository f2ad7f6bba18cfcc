"""What rows that were scored got, one after the other: never the answers of a large body all at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from pipeline.contract import Product
from pipeline.ingestion.dataset import Dataset
from pipeline.insight.scoring import score
from pipeline.modeling.model import TrainedModel
from pipeline.records import Note
from pipeline.records.note import unpack
from pipeline.records.scores import Reason, RowScore


@dataclass(frozen=True)
class ScoredRows:
    """Rows that a caller brought: what they were read as, by which model they were scored, as which `rows`."""

    declared: Product
    dataset: Dataset
    model: TrainedModel
    rows: pd.DataFrame
    scored: score.Scored


def each(found: ScoredRows) -> Iterator[RowScore]:
    """Every row that came, in the order in which it came; what the check left out says by which rule. Factors that may
    not be a reason are among the points all the same, so that they sum.
    """
    told = _Told.of(found)
    places = {int(row): place for place, row in enumerate(found.scored.row.tolist())}
    left = found.dataset.left_out
    why = dict(zip(left["row"].tolist(), left["reason"].astype("str").tolist(), strict=True))
    for row in found.dataset.raw.rows.tolist():
        place = places.get(row)
        yield _left_out(row, why.get(row, "")) if place is None else told.row(row, place)


@dataclass(frozen=True)
class _Told:
    """Rows that were scored, as arrays, and what is said of them. `said`: a packed note, opened once however often."""

    scored: score.Scored
    factors: Sequence[str]
    points: np.ndarray
    reasons: Sequence[score.Reasons]
    said: Callable[[str], Note]

    @classmethod
    def of(cls, found: ScoredRows) -> _Told:
        scored = found.scored
        reasons = score.reasons(scored, found.rows, found.declared)
        return cls(scored, list(scored.points.columns), scored.points.to_numpy(), reasons, cache(unpack))

    def row(self, row: int, place: int) -> RowScore:
        scored, risk = self.scored, float(self.scored.risk[place])
        note = self.said(str(scored.observation[place])) if scored.observation[place] else None
        if np.isnan(risk):
            return RowScore(row, None, None, {}, (), note)
        return RowScore(
            row=row,
            risk=risk,
            tier=str(scored.tier[place]) if scored.tier[place] else None,
            points=dict(zip(self.factors, self.points[place].tolist(), strict=True)),
            reasons=tuple(self._reasons(place)),
            note=note,
            stars=() if scored.stars is None else tuple(scored.stars[place].tolist()),
        )

    def _reasons(self, place: int) -> Iterator[Reason]:
        for of in self.reasons:
            if of.notes[place]:
                yield Reason(self.said(str(of.notes[place])), float(of.points[place]), str(of.factors[place]))


def _left_out(row: int, code: str) -> RowScore:
    """A record that validation left out: its note is the code of the rule."""
    return RowScore(row, None, None, {}, (), Note(code) if code else None)
