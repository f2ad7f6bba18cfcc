"""What the columns of a row need to know of all rows that are not its patient's: a few small tables of counts.

All of it is whole numbers by value and day, so a file in any number of parts gives the same tables as the file in one
piece: each part is counted by itself (`Surroundings.of`), the counts are added up (`Surroundings.merged`), and given to
every part. What else a row's columns look at, its patient's other rows, lies in its own part (see pipeline.shards).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.contract import Product, Role
from pipeline.ingestion.event_id import EVENT_ID, UNTOLD
from pipeline.modeling.features.aggregates import Aggregates
from pipeline.modeling.features.day_counts import DayCounts
from pipeline.modeling.features.feature_types import type_of
from pipeline.modeling.features.frequent_values import folded_counts
from pipeline.modeling.features.prediction_time import NO_DAY, after_the_last, first_day, made_days
from pipeline.modeling.features.timeline import Timeline, timeline


@dataclass(frozen=True, eq=False)
class Surroundings:
    """Counts of some rows and their history, without what the history tells again; of a part, or of the whole.

    `rows`: how many (the history's are not counted here); `patients`: whether any of them says whose it is;
    `last_known`, `first_day`: day of the last outcome that they or the history know, and of the first of the rows
    (NO_DAY where there is none); `everyone`: outcomes and events by day, of one value ""; `rates`: the same by folded
    value, for each column whose values have rates; `loads`: bookings by value and day of the event, and how many of
    them were made earlier than the lead before it; `values`: rows by folded value, for each factor whose values have
    columns of their own.
    """

    rows: int
    patients: bool
    last_known: int
    first_day: int
    everyone: DayCounts
    rates: Mapping[str, DayCounts]
    loads: Mapping[str, DayCounts]
    values: Mapping[str, Mapping[str, int]]

    @classmethod
    def of(
        cls, rows: pd.DataFrame, history: pd.DataFrame | None, product: Product, kept: Aggregates | None = None
    ) -> Surroundings:
        """Counts typed rows and their history, of a part or of all. What a model keeps (`kept`) needs no table of its
        own: such counts serve `build` with these aggregates alone.
        """
        return surroundings(timeline(rows, history, product, None), kept)

    @classmethod
    def of_others(cls, history: pd.DataFrame, product: Product, kept: Aggregates | None = None) -> Surroundings:
        """Counts of a history of other patients than those of the rows: it tells no event of theirs again. Of its
        columns those of `counted_fields` are looked at, `state` and `outcome`.
        """
        told = history.assign(**{EVENT_ID: np.uint64(UNTOLD)})
        return cls.of(told.iloc[:0], told, product, kept)

    @classmethod
    def merged(cls, parts: Sequence[Surroundings]) -> Surroundings:
        """The counts of several parts together; their order does not matter. ValueError without any."""
        days = [part.first_day for part in parts if part.first_day > NO_DAY]
        return cls(
            sum(part.rows for part in parts),
            any(part.patients for part in parts),
            max((part.last_known for part in parts), default=NO_DAY),
            min(days, default=NO_DAY),
            DayCounts.merged([part.everyone for part in parts]),
            {key: DayCounts.merged([part.rates[key] for part in parts]) for key in parts[0].rates},
            {key: DayCounts.merged([part.loads[key] for part in parts]) for key in parts[0].loads},
            {key: _added([part.values[key] for part in parts]) for key in parts[0].values},
        )

    def as_of(self, otherwise: dt.date) -> dt.date:
        """As `prediction_time.default_as_of` of all the rows."""
        return after_the_last(self.last_known, self.first_day, otherwise)


def counted_fields(product: Product, kept: Aggregates | None = None) -> frozenset[str]:
    """The fields whose columns are counted, patients apart."""
    specs = [(spec, type_of(spec)) for spec in product.features]
    valued = {s.fields[0] for s, kind in specs if kind.rated and (kept is None or s.key not in kept.rates)}
    contact = product.by_role(Role.CONTACT)
    booked = {product.time.key, *([contact.key] if contact is not None else [])}
    loaded = {s.fields[0] for s, kind in specs if kind.loads}
    return frozenset(valued | booked | loaded | {s.fields[0] for s, kind in specs if kind.indicated and kept is None})


def surroundings(line: Timeline, kept: Aggregates | None = None) -> Surroundings:
    """The surroundings of a timeline's own rows. What a model keeps (`kept`) needs no table of its own."""
    ones, events = np.ones(len(line.event_day)), np.nan_to_num(line.outcome)
    when = np.where(line.known, line.event_day, NO_DAY)
    specs = [(spec, type_of(spec)) for spec in line.product.features]
    rated = {
        kind.rated_column(s): None for s, kind in specs if kind.rated and (kept is None or s.key not in kept.rates)
    }
    loaded = {spec.fields[0]: None for spec, kind in specs if kind.loads}
    return Surroundings(
        rows=line.n,
        patients=line.knows_patients,
        last_known=line.last_known,
        first_day=first_day(line.event_day[: line.n]),
        everyone=DayCounts.of(("",), np.zeros(len(when), dtype=np.int64), when, ones, events),
        rates={column: DayCounts.of(*line.named(column), when, ones, events) for column in rated},
        loads={column: DayCounts.of(*line.named(column), line.event_day, ones, _made_ahead(line)) for column in loaded},
        values={
            spec.key: folded_counts(line.rows[kind.rated_column(spec)])
            for spec, kind in specs
            if kind.indicated and kept is None
        },
    )


def _made_ahead(line: Timeline) -> np.ndarray:
    """1.0 for each booking that was made earlier than one lead before its day."""
    made_at = made_days(line.event_day, line.contact_day)
    return (made_at < line.event_day - line.product.lead_days).astype(np.float64)


def _added(parts: Sequence[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for part in parts:
        total.update(part)
    return dict(sorted(total.items()))
