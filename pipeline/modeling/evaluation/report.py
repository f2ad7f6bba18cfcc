"""The honest test of a model on rows that it did not learn from, put together as one record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from pipeline.modeling.evaluation import skill, splits
from pipeline.modeling.evaluation.expected import expected_skill
from pipeline.modeling.evaluation.metrics import calibration_bins
from pipeline.modeling.evaluation.skill import Judged
from pipeline.records import Note, SkillReport

_LEAST_OF_EACH = 10  # outcomes, for measures of the rows booked ahead


@dataclass(frozen=True)
class Context:
    """What stands beside n judged rows: their span, which were booked ahead (None: not known), the ways to split them,
    what references say of them, and which rows were left out with the reason.
    """

    period: tuple[dt.date, dt.date] | None
    ahead: np.ndarray | None = None
    columns: Sequence[splits.Column] = ()
    references: Mapping[str, np.ndarray] = field(default_factory=dict)
    left_out: tuple[tuple[Note, int], ...] = ()


def report(rows: Judged, context: Context, *, seed: int, resamples: int = skill.MOST) -> SkillReport:
    """The whole of it. Both outcomes must be among the rows (see Judged.measurable).

    Calibration, references and groups are of the rows booked ahead where those can be told: the headline's rows.
    """
    ahead = _ahead(rows, context.ahead)
    every = rows.resamples(seed, resamples)
    of = np.ones(len(rows.risk), dtype=bool) if ahead is None else ahead
    chosen, weights = (rows, every) if ahead is None else (rows.taken(of), every[:, of])
    fewer = weights[: splits.GROUP_RESAMPLES + 1]
    made = [splits.split(chosen, column.taken(of), fewer) for column in context.columns]
    return SkillReport(
        period=context.period,
        all=skill.skill(rows, every),
        ahead=None if ahead is None else skill.skill(chosen, weights),
        calibration=calibration_bins(chosen.risk, chosen.outcome),
        references=skill.beside(chosen, {key: risk[of] for key, risk in context.references.items()}, weights),
        splits=tuple(found for found in made if len(found.groups) > 1),
        expected=expected_skill(chosen.risk, seed=seed),
        left_out=context.left_out,
    )


def _ahead(rows: Judged, ahead: np.ndarray | None) -> np.ndarray | None:
    """The rows booked ahead, where they can be told, are not all, and hold both outcomes."""
    if ahead is None or ahead.all():
        return None
    events = rows.outcome[ahead].sum()
    return ahead if min(events, ahead.sum() - events) >= _LEAST_OF_EACH else None
