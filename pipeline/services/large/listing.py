"""A list of a data set's rows made by shards: the very lines that `agenda` makes of them whole, laid out to be read.

The lines that the list holds come first, by day, those of a day in the list's order; the others follow. What is said of
the list as a whole is counted shard by shard, or of single columns in the order in which the whole would be summed.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline import per_row
from pipeline.contract import Product, Role
from pipeline.executing import Kept, Task
from pipeline.insight import evaluation
from pipeline.insight.calls import call_list, expected, first_day
from pipeline.insight.calls.expected import BUCKET, CHANCE, LATE, Tally
from pipeline.insight.groups import late
from pipeline.insight.scoring import score
from pipeline.modeling.features.prediction_time import days, to_date
from pipeline.modeling.model import TrainedModel
from pipeline.records import (
    AgendaSummary,
    Cancelling,
    ExpectedSkill,
    ListCounts,
    Progress,
    Skill,
    note,
    unpack,
)
from pipeline.services.large import laying, score_shard, scoring
from pipeline.services.large.laying import HELD, Laid
from pipeline.services.large.score_shard import Material
from pipeline.services.large.spread import Doing
from pipeline.shards.store import ShardedRows
from pipeline.workspace.storage.gathering import Derived, gathered
from pipeline.workspace.storage.mapped import MappedFrame, write_mapped

PLACE = "list_place"  # column: a line's place in the order of the list
LISTED, DAYS, BEGIN = "listed", "days", "begin"  # facts: how many lines the list holds, its days, where each begins
BLOCKS = (call_list.POINTS, call_list.FEATURE)
_COUNTED, _SCORED, _WRITTEN = 0.3, 0.85, 0.97  # shares of the work


@dataclass(frozen=True)
class ToList:
    """What a list is made of: rows in shards by a model, on a day. `past`: of their history, which serves the scoring
    where it is in the material, too.
    """

    declared: Product
    model: TrainedModel
    material: Material
    past: ShardedRows | None
    day: dt.date
    looks_back: bool

    @property
    def number(self) -> int:
        """How many shards there are."""
        return self.material.rows.number

    @property
    def as_of(self) -> dt.date:
        """The day by which the surroundings are read."""
        return self.day


@dataclass(frozen=True)
class ListPart:
    """What a shard says of its lines, which lie in a folder: how many are in which part of `ListCounts`, why some have
    no risk (packed), its bookings that are over, and those that tell of late ones; days and units that the list has
    here, and what `first_day.first_days` tells.
    """

    parts: Counter[str]
    refused: Counter[str]
    tallies: tuple[tuple[Tally, Tally], ...]
    days: frozenset[dt.date]
    units: frozenset[str]
    opens: tuple[int | None, int | None]
    agreed: bool


@dataclass(frozen=True)
class MadeList:
    """What is said of a list as a whole; its lines lie in the folder that was asked for."""

    summary: AgendaSummary
    cancelling: Cancelling
    counts: ListCounts
    days: tuple[dt.date, ...]
    units: tuple[str, ...]
    opening: dt.date | None
    promised: ExpectedSkill | None
    came: Skill | None

    def counts_with(self, left_out: int) -> ListCounts:
        """With the rows that validation left out, they are the file's."""
        return replace(self.counts, rows=self.counts.rows + left_out, left_out=left_out)


def list_part(asked: ToList, part: score.Part, folder: Path, shard: int) -> ListPart:
    """The lines of a shard, written into a folder in the order of the whole, and what they say."""
    declared, model = score_shard.opened(asked.material)
    rows, stood, past = score_shard.rows_of(asked.material, shard)
    scored = score.score_part(stood, declared, model, part, history=past)
    frame = call_list.call_list(scored, rows, declared)
    frame = frame.assign(**{BUCKET: expected.buckets(frame, declared, asked.day, standing=not asked.looks_back)})
    names = call_list.parts(frame, declared, asked.day, looks_back=asked.looks_back)
    held = [rows] if asked.past is None else [rows, asked.past.read(shard)]
    listed = frame.loc[names == "listed"]
    folder.mkdir(mode=0o700, exist_ok=True)
    order = np.lexsort((days(frame[call_list.DAY]), names != "listed"))
    write_mapped(frame.iloc[order].assign(**{HELD: (names == "listed")[order]}), folder, blocks=BLOCKS)
    return ListPart(
        Counter(names.tolist()),
        Counter({score_shard.packed(why): count for why, count in scored.summary.not_scored}),
        tuple((expected.tally(one, declared, asked.day), _late(one, asked)) for one in held),
        frozenset(call_list.days_of(listed)),
        frozenset(call_list.units_of(listed)),
        first_day.first_days(listed, declared, asked.day),
        scored.agreed,
    )


def _late(frame: pd.DataFrame, asked: ToList) -> Tally:
    return expected.tally(frame, asked.declared, asked.day, late.USUAL)


def made(asked: ToList, kept: Kept, doing: Doing, folder: Path) -> MadeList:
    """Makes the list into a folder. Cancelled, and what an executor refuses with (see executing)."""
    part = scoring.surveyed(asked, asked.material, doing)
    found, places = _scored(asked, part, kept, doing)
    if not all(one.agreed for one in found):
        found, places = _scored(asked, replace(part, trusted=False), kept, doing)
    parts = [MappedFrame.opened(place) for place in places]
    cancelling, late_ = _rates(found)
    derived = {CHANCE: Derived(expected.chances(cancelling), BUCKET)}
    if late_ is not None and late_.rows:
        derived[LATE] = Derived(expected.chances(late_), BUCKET)
    laid = laying.laid(parts)
    derived[PLACE] = Derived(per_row.spread(laid.place, laid.order))

    def tell(done: float) -> None:
        share = _SCORED + (_WRITTEN - _SCORED) * done
        doing.tell(Progress(share, note("large.laying"), doing.rows))

    patient = asked.declared.by_role(Role.PATIENT)
    apart = [patient.key] if patient is not None else []  # a patient's rows are in one shard
    gathered(parts, laid.order, folder, _facts(laid), derived, tell, apart)
    return _told(asked, found, cancelling, parts, laid)


def _facts(laid: Laid) -> dict[str, Any]:
    return {LISTED: laid.listed, DAYS: [to_date(day).isoformat() for day in laid.days], BEGIN: list(laid.begin)}


def _scored(asked: ToList, part: score.Part, kept: Kept, doing: Doing) -> tuple[list[ListPart], list[Path]]:
    kind = "list" if part.trusted else "plain"
    places = [kept.place(f"{kind}-{shard + 1:04d}") for shard in range(asked.number)]
    tasks = [Task(list_part, (asked, part, place, shard)) for shard, place in enumerate(places)]
    return list(doing.all(tasks, "large.scoring", _COUNTED, _SCORED)), places


def _rates(found: Sequence[ListPart]) -> tuple[Cancelling, Cancelling | None]:
    """The rates of cancelling, and those of late cancelling where a file tells them: each file's, over all shards."""
    files = list(zip(*(one.tallies for one in found), strict=True))
    sums = [tuple(sum((pair[at] for pair in file[1:]), file[0][at]) for at in (0, 1)) for file in files]
    return expected.cancelling_of([one[0] for one in sums]), expected.late_of([one[1] for one in sums])


def _told(
    asked: ToList, found: Sequence[ListPart], cancelling: Cancelling, parts: Sequence[MappedFrame], laid: Laid
) -> MadeList:
    refused: Counter[str] = sum((one.refused for one in found), Counter())
    told = sorted(sorted(refused.items()), key=lambda pair: -pair[1])
    risk, held = laying.joined(parts, "risk"), laying.joined(parts, HELD)
    known = _known(risk, laying.joined(parts, "row"))
    summary = AgendaSummary(
        asked.day, len(risk), len(known), float(known.sum()), tuple((unpack(why), rows) for why, rows in told)
    )
    names: Counter[str] = sum((one.parts for one in found), Counter())
    of_list = per_row.chosen(laid.ranked, held)
    outcome = per_row.spread(laying.joined(parts, "outcome"), of_list)
    promised, came = evaluation.of_list(
        pd.DataFrame({"risk": per_row.spread(risk, of_list), "outcome": outcome}, copy=False)
    )
    return MadeList(
        summary,
        cancelling,
        ListCounts(rows=len(risk), **names),
        tuple(sorted(frozenset().union(*(one.days for one in found)))),
        tuple(sorted(frozenset().union(*(one.units for one in found)))),
        first_day.opening_of([one.opens for one in found]),
        promised,
        came,
    )


def _known(risk: np.ndarray, row: np.ndarray) -> np.ndarray:
    """The risks that there are, in the order of the file: their sum is the whole list's to the last bit."""
    there = per_row.made(len(risk), bool, lambda block: ~np.isnan(risk[block]))
    return per_row.spread(risk, per_row.chosen(per_row.ordered(row, row), there))
