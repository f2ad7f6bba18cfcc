"""All that is said of a model, in one record: on what it was trained, how good it is, what weighs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipeline.records.giveaways import GiveawayTest
from pipeline.records.learning import LearningCurve
from pipeline.records.modeling import Evaluation, Importance, Tier, WordWeight
from pipeline.records.network import NewUnitTest
from pipeline.records.note import Note
from pipeline.records.skill import SkillReport


@dataclass(frozen=True)
class ModelCard:
    """All that is said of a model; it travels in the bundle and holds no patient.

    `timed`: whether a later period tested it; else texts and people that it had not seen did, and days may be unknown.
    """

    product: str
    created: str  # ISO date-time
    effort: str
    seed: int
    data_name: str
    data_sha256: str
    rows_trained: int
    events_trained: int
    trained_from: dt.date | None
    trained_until: dt.date | None
    absent_fields: tuple[str, ...]
    test: Evaluation
    test_ahead: Evaluation | None
    tiers: tuple[Tier, ...]
    importance: tuple[Importance, ...]
    notes: tuple[Note, ...]  # refit, fields absent, first block without risk, …
    words: tuple[WordWeight, ...] = ()  # where comments are read
    timed: bool = True
    test_frozen: Evaluation | None = None  # the test's first week by one list, beside lists made day by day
    levelled_on: str = ""  # the data whose rate it was brought to, where that is not what it learnt from
    levelled_until: dt.date | None = None  # the last day of these: rows up to it are no test of the level
    reads_sense: bool = False  # beside the words of comments
    skill: SkillReport | None = None  # the honest test, by group; models of older versions lack it
    giveaways: GiveawayTest | None = None  # what tells the answer; None where it was not sought, as in older versions
    new_unit: NewUnitTest | None = None  # units left out in turn; None where not measured, as in older versions
    learning: LearningCurve | None = None  # what more rows bring; None where not measured, as in older versions
    rows_available: int | None = None  # with an outcome, of which a part was drawn to learn from; None: all taught
