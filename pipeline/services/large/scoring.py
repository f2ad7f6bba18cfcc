"""A file scored by shards: its rows cut by patient, each part scored by a worker, the answers put beside its cells.

What comes out has the very bytes that scoring the whole file in memory gives: whatever looks at how many rows there are
is decided by all of them (`score.Part`), and sums run in the order of the file.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Protocol, cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import per_row
from pipeline.contract import Product, Theme
from pipeline.errors import PresencaError
from pipeline.executing import Kept, Task
from pipeline.ingestion.dataset import Dataset, RowsInParts
from pipeline.insight import fit
from pipeline.insight.scoring import eligibility, score
from pipeline.modeling.features import surroundings
from pipeline.modeling.features.surroundings import Surroundings
from pipeline.modeling.model import TrainedModel
from pipeline.records import AgendaSummary, Fit, Progress, note, unpack
from pipeline.services import clock
from pipeline.services.large import risk_columns, score_shard, sharding
from pipeline.services.large.sharding import ToCut
from pipeline.services.large.spread import Doing
from pipeline.shards.layout import number_for

MODULES = (score_shard.__name__, "woodelf")  # what the tasks of workers need
_TOGETHER = 8  # blocks of a history whose counts are added up at a time
_HELD, _MOST_HELD = 1 << 18, 1 << 14  # scored rows in hand while they are written: of all shards, of one
_READ, _COUNTED, _SCORED = 0.15, 0.3, 0.85  # shares of the work, when reading, counting and scoring are done


@dataclass(frozen=True)
class ToScore:
    """What is scored: a file, by a model, with the past of its patients; `shards` of them."""

    dataset: Dataset
    declared: Product
    model: TrainedModel
    history: Dataset | None
    as_of: dt.date | None
    active: tuple[Theme, ...]
    shards: int | None = None

    @property
    def rows(self) -> int:
        """How many usable rows the file has."""
        return int(self.dataset.checked.usable.sum())

    @property
    def number(self) -> int:
        """How many shards there are."""
        return self.shards or number_for(self.rows, sum(map(len, self.cut[1:])))

    @cached_property
    def cut(self) -> tuple[ToCut, ...]:
        """What is cut: the rows, and those of the history that tell of their patients, if there is one."""
        files = [self.dataset, *([self.history] if self.history is not None else [])]
        rows, *past = sharding.to_cut(files, self.declared)
        return (rows, *(sharding.of_patients(one, rows) for one in past))

    def others(self) -> list[Surroundings]:
        """What the rest of the history counts for, of which no shard has anything in hand."""
        if len(self.cut) < 2 or self.cut[1].chosen is None:
            return []
        parts, kept = RowsInParts.of(self.cut[1].dataset), self.model.aggregates
        rest = per_row.made(len(parts.usable), np.bool_, lambda block: np.ones(block.stop - block.start, np.bool_))
        rest[self.cut[1].chosen] = False
        found: list[Surroundings] = []
        for block in parts.blocks(surroundings.counted_fields(self.declared, kept), rest):
            found.append(Surroundings.of_others(block, self.declared, kept))
            if len(found) == _TOGETHER:
                found = [Surroundings.merged(found)]
        return found


@dataclass(frozen=True)
class ScoredShards:
    """Scored shards, finished: a file each, and what they say together; `ready`: those that an earlier run left."""

    asked: ToScore
    parts: tuple[Path, ...]
    as_of: dt.date
    ready: int = 0

    def summary(self) -> AgendaSummary:
        """As `score.score` of all rows gives it."""
        facts = [score_shard.facts_of(path) for path in self.parts]
        refused: Counter[str] = Counter()
        for one in facts:
            refused.update(dict(one.refused))
        told = sorted(sorted(refused.items()), key=lambda pair: -pair[1])
        risk = self._risks()
        return AgendaSummary(
            self.as_of,
            sum(one.rows for one in facts),
            sum(one.scored for one in facts),
            float(risk[~np.isnan(risk)].sum()),
            tuple((unpack(why), rows) for why, rows in told),
        )

    def fit(self) -> Fit:
        """As `fit.judged` of all rows gives it."""
        rows = RowsInParts.of(self.asked.dataset)
        told = (self._risks(), rows.outcomes.astype(np.float64))
        return fit.judged(cast(pd.DataFrame, rows), self.asked.declared, self.asked.model, told)

    def _risks(self) -> np.ndarray:
        """Of all usable rows, in the order of the file."""
        read = [pq.read_table(path, columns=[risk_columns.ROW, "risco"]) for path in self.parts]
        rows, risks = (np.concatenate([one.column(place).to_numpy() for one in read]) for place in (0, 1))
        return np.asarray(risks[np.argsort(rows)])

    def blocks(self, size: int) -> Iterator[pa.Table]:
        """The file's cells with the columns of risk, `size` rows at a time (one block of none for an empty file)."""
        raw, numbers = self.asked.dataset.raw, self.asked.dataset.raw.rows
        left = risk_columns.LeftOut.of(self.asked.dataset, self.asked.declared)
        with contextlib.ExitStack() as stack:
            held = min(_MOST_HELD, max(1, _HELD // len(self.parts)))
            readers = [score_shard.PartReader(path, held) for path in self.parts]
            for reader in readers:
                stack.callback(reader.close)
            for start in range(0, max(len(numbers), 1), size):
                some = numbers[start : start + size]
                yield risk_columns.appended(raw.table.slice(start, size), some, _next(readers, some), left)


def _next(readers: Sequence[score_shard.PartReader], numbers: np.ndarray) -> pa.Table:
    """The rows of all parts up to the last of the numbers, in the order of the file."""
    last = int(numbers[-1]) if len(numbers) else -1
    batches = [batch for reader in readers for batch in reader.until(last)]
    table = pa.Table.from_batches([one.replace_schema_metadata(None) for one in batches], readers[0].schema)
    order = np.argsort(table.column(risk_columns.ROW).to_numpy())
    return table.take(order)


def score_shards(asked: ToScore, kept: Kept, doing: Doing, model_bytes: bytes) -> ScoredShards:
    """Scores every shard that is not finished yet. Cancelled, and what an executor refuses with (see executing)."""
    ready = kept.count("scored-*")
    material = material_of(asked, kept, doing, model_bytes)
    part = surveyed(asked, material, doing, asked.others())
    found = _scored(material, part, asked.number, kept, doing)
    if not all(score_shard.facts_of(path).agreed for path in found):
        found = _scored(material, replace(part, trusted=False), asked.number, kept, doing)
    return ScoredShards(asked, tuple(found), part.as_of, ready)


class Surveyed(Protocol):
    """What is scored by shards, as far as their counts are concerned."""

    @property
    def number(self) -> int:
        """How many shards there are."""

    @property
    def model(self) -> TrainedModel:
        """By which."""

    @property
    def as_of(self) -> dt.date | None:
        """As known on which day; None: the default one."""


def surveyed(
    asked: Surveyed, material: score_shard.Material, doing: Doing, others: Sequence[Surroundings] = ()
) -> score.Part:
    """What each shard is told of all of them, once every one was counted; `others`: counts of what lies in none."""
    tasks = [Task(score_shard.survey, (material, shard)) for shard in range(asked.number)]
    surveys = list(doing.all(tasks, "large.counting", _READ, _COUNTED))
    around = Surroundings.merged([*(one.around for one in surveys), *others])
    as_of = asked.as_of or around.as_of(eligibility.day_after(asked.model.card.trained_until))
    return score.Part(as_of, around, sum(one.scorable for one in surveys))


def material_of(asked: ToScore, kept: Kept, doing: Doing, model_bytes: bytes) -> score_shard.Material:
    """The rows and their past in shards, and the model's file, where the workers find them. PresencaError where they
    do not see the folder.
    """
    if not doing.executor.sees(kept.folder):
        raise PresencaError("executing.not_shared", name=kept.folder.name)
    doing.tell(Progress(0.05, note("large.cutting", count=asked.number), doing.rows))
    cut = [
        sharding.in_shards(kept, name, one, asked.declared, asked.number)
        for name, one in zip(("rows", "past"), asked.cut, strict=False)
    ]
    digest = hashlib.sha256(model_bytes).hexdigest()
    model = f"model-{digest[:16]}.zip"
    if not kept.has(model):
        with kept.writing(model) as file:
            file.write_bytes(model_bytes)
    return score_shard.Material(
        cut[0],
        cut[1] if len(cut) > 1 else None,
        asked.declared.key,
        kept.place(model),
        digest,
        clock.today(),
        asked.active,
    )


def _scored(material: score_shard.Material, part: score.Part, number: int, kept: Kept, doing: Doing) -> list[Path]:
    kind = "scored" if part.trusted else "plain"
    names = [f"{kind}-{shard + 1:04d}-of-{number:04d}.parquet" for shard in range(number)]
    todo = [(shard, name) for shard, name in enumerate(names) if not kept.has(name)]
    if len(todo) < number:
        doing.tell(Progress(_COUNTED, note("large.went_on", done=number - len(todo), of=number), doing.rows))
    tasks = [Task(score_shard.score_shard, (material, part, shard, kept, name)) for shard, name in todo]
    for _ in doing.all(tasks, "large.scoring", _COUNTED, _SCORED):
        pass
    return [kept.place(name) for name in names]
