"""A model after its training: how good it stayed, what moved, and what to do about it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipeline.records.skill import CarryOver, Skill, SkillSplit

KEEP, WATCH, SET_LEVEL, TRAIN_AGAIN = "keep", "watch", "set_level", "train_again"  # what to do, gentlest first


@dataclass(frozen=True)
class FieldShift:
    """How far a field (by its key; the lead time by its factor's) moved from the rows that a model learnt from.

    `moved`: total variation, 0 to 1, beyond what chance alone brings; `weight`: the share of the model's points that
    rest on it; `never_seen`: share of the rows, among those that have it, in values that the model never met, the
    commonest of which are `strangers`.
    """

    field: str
    moved: float
    weight: float
    never_seen: float = 0.0
    strangers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Watched:
    """A model on what became known after its training. `rows` later rows; `contacted`: of those with an outcome, how
    many were left out as somebody had been contacted before; `skill`, `months`, `carries`: None with too few outcomes;
    `fields`: what moved most first; `why`: the rules that led to the `advice`.
    """

    since: dt.date
    rows: int
    contacted: int
    skill: Skill | None
    ahead: bool
    months: SkillSplit | None
    carries: CarryOver | None
    fields: tuple[FieldShift, ...]
    advice: str
    why: tuple[str, ...]
