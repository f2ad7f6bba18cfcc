"""What a worker does with a shard when a file is scored: pure functions of addresses and small tables."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.contract import Product, Theme
from pipeline.executing import Kept
from pipeline.ingestion.event_id import EVENT_ID
from pipeline.insight.calls import call_list
from pipeline.insight.scoring import eligibility, score
from pipeline.modeling.bundle import bundle
from pipeline.modeling.features.surroundings import Surroundings
from pipeline.modeling.model import TrainedModel
from pipeline.records import Note, pack
from pipeline.services import catalog
from pipeline.services.large import risk_columns
from pipeline.shards.store import ShardedRows

_FACTS = b"presenca-part"
_SAID = ("risk", "reference", "tier", "observation")


@dataclass(frozen=True)
class Material:
    """What every shard of a piece of work needs: rows and their past, by address, and the model's file."""

    rows: ShardedRows
    past: ShardedRows | None
    product: str
    model: Path
    sha256: str  # of the model's file, as it was checked before any worker got to see it
    today: dt.date
    themes: tuple[Theme, ...] = ()
    stood: dt.date | None = None  # rows that were cancelled from then on are taken as they stood


@dataclass(frozen=True)
class Survey:
    """What a shard says of its rows before any is scored: its counts, and how many of them get a risk."""

    around: Surroundings
    scorable: int


@dataclass(frozen=True)
class PartFacts:
    """What a scored shard says beside its rows: rows, how many have a risk, why others have none (packed), and whether
    the explanation was trusted.
    """

    rows: int
    scored: int
    refused: tuple[tuple[str, int], ...]
    agreed: bool


_read: dict[tuple[str, dt.date], TrainedModel] = {}  # of this process; a worker meets the same model again and again


def opened(material: Material) -> tuple[Product, TrainedModel]:
    """The product and the model, read once by a process."""
    declared, key = catalog.product(material.product), (material.sha256, material.today)
    if key not in _read:
        _read.clear()
        _read[key] = bundle.load_known(material.model, declared, material.sha256, material.today)
    return declared, _read[key]


def rows_of(material: Material, shard: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame | None]:
    """The rows of a shard, the same as they are scored, and their past."""
    rows = material.rows.read(shard)
    past = None if material.past is None else material.past.read(shard)
    if material.stood is None:
        return rows, rows, past
    return rows, call_list.as_it_stood(rows, catalog.product(material.product), material.stood), past


def survey(material: Material, shard: int) -> Survey:
    """Counts a shard."""
    declared, model = opened(material)
    _, rows, past = rows_of(material, shard)
    around = Surroundings.of(rows, past, declared, model.aggregates)
    return Survey(around, int((eligibility.refusals(rows, declared, model) == "").sum()))


def score_shard(material: Material, part: score.Part, shard: int, kept: Kept, name: str) -> None:
    """Scores a shard; its rows' columns, in the order of the file, are the result `name`."""
    declared, model = opened(material)
    _, rows, past = rows_of(material, shard)
    scored = score.score_part(rows, declared, model, part, history=past)
    told = scored.summary
    facts = {
        "rows": told.rows,
        "scored": told.scored,
        "refused": [[packed(why), rows] for why, rows in told.not_scored],
        "agreed": scored.agreed,
    }
    table = risk_columns.of_rows(rows, declared, model, scored, material.themes)
    with kept.writing(name) as unfinished:
        pq.write_table(
            table.replace_schema_metadata({_FACTS: json.dumps(facts).encode()}),
            unfinished,
            compression="zstd",
            row_group_size=1 << 16,
        )


@dataclass(frozen=True)
class Wanted:
    """Which rows of a shard a list may hold: by the list's day, and those that outcomes of contacts name (numbers)."""

    day: dt.date
    looks_back: bool
    named: np.ndarray


def list_shard(material: Material, part: score.Part, wanted: Wanted, shard: int) -> tuple[pd.DataFrame, bool]:
    """The rows of a shard that a list may hold, with `row`, `event_id` and what scoring says of them, in no order; and
    whether the explanation was trusted.
    """
    declared, model = opened(material)
    rows, stood, past = rows_of(material, shard)
    places = call_list.parts(
        rows.assign(risk=0.0, **{call_list.DAY: rows[declared.time.key]}),
        declared,
        wanted.day,
        looks_back=wanted.looks_back,
    )
    only = (places == "listed") | rows["row"].isin(wanted.named).to_numpy()
    scored = score.score_part(stood, declared, model, part, history=past, only=only)
    table = call_list.call_list(scored, rows, declared)
    said = [name for name in table.columns if name in _SAID or name.startswith("reason_")]
    kept = table.loc[table["row"].isin(rows["row"][only]), ["row", EVENT_ID, *said]]
    texts = {name: kept[name].astype("str") for name in said if isinstance(kept[name].dtype, pd.CategoricalDtype)}
    return kept.assign(**texts), scored.agreed


def packed(why: Note | str) -> str:
    """A reason as text."""
    return pack(why) if isinstance(why, Note) else why


def facts_of(path: Path) -> PartFacts:
    """What a scored shard says beside its rows."""
    told = json.loads(pq.read_schema(path).metadata[_FACTS])
    return PartFacts(told["rows"], told["scored"], tuple((why, rows) for why, rows in told["refused"]), told["agreed"])


class PartReader:
    """A scored shard read forwards, a span of row numbers at a time; `held`: how many rows of it are in hand."""

    def __init__(self, path: Path, held: int) -> None:
        self._file = pq.ParquetFile(path)
        self._batches = self._file.iter_batches(batch_size=held)
        self._held: list[pa.RecordBatch] = []
        self.schema = self._file.schema_arrow.remove_metadata()

    def until(self, last: int) -> list[pa.RecordBatch]:
        """The rows not yet given whose number is at most `last`."""
        given: list[pa.RecordBatch] = []
        while True:
            batch = self._held.pop() if self._held else next(self._batches, None)
            if batch is None:
                return given
            inside = int(batch.column(0).to_numpy().searchsorted(last, side="right"))
            if inside:
                given.append(batch.slice(0, inside))
            if inside < batch.num_rows:
                self._held.append(batch.slice(inside))
                return given

    def close(self) -> None:
        """Closes the file."""
        self._file.close()
