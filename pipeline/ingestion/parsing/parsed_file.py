"""What the checks look at: the parsed columns of a file, row by row, and what earlier checks have emptied."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as _field
from functools import cache

import numpy as np

from pipeline import per_row
from pipeline.contract import DETRACTOR_MAX, FieldKind, Outcome, Product, Role, RuleKind
from pipeline.folding import fold
from pipeline.ingestion.parsing.column import Column

OUTCOMES = tuple(Outcome)
_CODE = {outcome: code for code, outcome in enumerate(OUTCOMES)}
YOUNGEST, OLDEST = 0, 120  # years
_CALENDAR = (np.datetime64("1690-01-01"), np.datetime64("2160-01-01"))  # days that can be read lie within


@dataclass
class Sheet:
    """A file's columns by field key, with `rows` the spreadsheet numbers (int64) and `totals` the rows that
    take no part: of totals, `superseded`, which a later file tells again, and `aside`, which somebody asked to leave
    out; `resources`, by the code of a rule, what reading says is no row.

    `emptied` grows while the checks run: rows whose cell of that field is no longer used.
    """

    product: Product
    columns: Mapping[str, Column]
    rows: np.ndarray
    today: dt.date
    totals: np.ndarray
    superseded: np.ndarray | None = None
    aside: np.ndarray | None = None
    resources: Mapping[str, np.ndarray] = _field(default_factory=dict)
    emptied: dict[str, np.ndarray] = _field(default_factory=dict)
    _canonical: dict[str, np.ndarray] = _field(default_factory=dict)

    @property
    def size(self) -> int:
        """Number of rows, those that take no part too."""
        return len(self.rows)

    def taken(self, rows: np.ndarray) -> Sheet:
        """Some of the rows (positions, rising) as a sheet of their own; what a column is by all rows, it stays."""

        def some(mask: np.ndarray | None) -> np.ndarray | None:
            return None if mask is None else mask[rows]

        return Sheet(
            self.product,
            {key: column.taken(rows) for key, column in self.columns.items()},
            self.rows[rows],
            self.today,
            self.totals[rows],
            some(self.superseded),
            some(self.aside),
            {code: mask[rows] for code, mask in self.resources.items()},
            {key: mask[rows] for key, mask in self.emptied.items()},
        )

    def part(self, rows: slice) -> Sheet:
        """Some of the rows, as views of these: what a column is by all rows, it stays."""

        def some(mask: np.ndarray | None) -> np.ndarray | None:
            return None if mask is None else mask[rows]

        return replace(
            self,
            columns={key: replace(column, codes=column.codes[rows]) for key, column in self.columns.items()},
            rows=self.rows[rows],
            totals=self.totals[rows],
            superseded=some(self.superseded),
            aside=some(self.aside),
            resources={code: mask[rows] for code, mask in self.resources.items()},
            emptied={key: mask[rows] for key, mask in self.emptied.items()},
        )

    def parts(self) -> Iterator[Sheet]:
        """All rows, in blocks that a core's cache can hold."""
        if self.size <= per_row.BLOCK:
            yield self
        else:
            yield from map(self.part, per_row.blocks(self.size))

    def over(self, look: Callable[[Sheet], np.ndarray], dtype: str = "bool") -> np.ndarray:
        """What `look` gives for each row, shape (n,): asked block by block, so that no step of it is made of all."""
        if self.size <= per_row.BLOCK:
            return look(self)
        return per_row.made(self.size, dtype, lambda rows: look(self.part(rows)))

    def timed(self, keep: np.ndarray) -> Sheet:
        """The same sheet, whose columns of dates know whether any of the rows `keep` is told with its time."""
        columns = dict(self.columns)
        for key, column in self.columns.items():
            if column.field.keeps_time:
                told = (column.floats_of_rows(column.hours) > 0) & ~np.isnat(self.days(key))
                columns[key] = replace(column, timed=bool(told[keep].any()))
        return replace(self, columns=columns)

    def none(self) -> np.ndarray:
        """A mask that is true nowhere."""
        return np.zeros(self.size, bool)

    def empty(self, key: str, rows: np.ndarray) -> None:
        """From now on the field counts as empty in these rows."""
        self.emptied[key] = self.emptied[key] | rows if key in self.emptied else rows

    def usable_cells(self, key: str) -> np.ndarray:
        """Rows whose cell of the field is filled, readable and not emptied by a check."""
        column = self.columns[key]
        found = column.where(column.readable)
        return found & ~self.emptied[key] if key in self.emptied else found

    def days(self, key: str) -> np.ndarray:
        """datetime64[D] per row; NaT where there is no usable day."""
        days = self.columns[key].day_of_rows()
        if key in self.emptied:
            days[self.emptied[key]] = np.datetime64("NaT")
        return days

    def day_counts(self, key: str, left_out: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """The distinct usable days of a field (datetime64[D], rising) and how many rows (int64) have each, but for
        those of a mask.
        """
        column, emptied = self.columns[key], self.emptied.get(key)
        if column.days is None or not len(column.days):
            return np.zeros(0, "datetime64[D]"), np.zeros(0, "int64")
        out = emptied if left_out is None else left_out if emptied is None else left_out | emptied
        counts = column.counts(out)
        told = (counts > 0) & ~np.isnat(column.days)
        days, places = np.unique(column.days[told], return_inverse=True)
        return days, np.bincount(places, counts[told], len(days)).astype("int64")

    def period(self) -> tuple[dt.date, dt.date] | None:
        """First and last day of all rows, those that are not used too; None without any."""
        days, _ = self.day_counts(self.product.time.key)
        return (days[0].item(), days[-1].item()) if len(days) else None

    def canonical(self, key: str, rows: np.ndarray | None = None) -> np.ndarray:
        """int64 per row, alike where two cells mean the same; -1 where there is nothing usable. `rows`: positions that
        are asked for, in place of all.
        """
        codes, emptied = self.columns[key].codes, self.emptied.get(key)
        found = per_row.spread(np.append(self.meanings(key), -1), codes if rows is None else codes[rows])
        if emptied is not None:
            found[emptied if rows is None else emptied[rows]] = -1
        return found

    def meanings(self, key: str) -> np.ndarray:
        """int64 per distinct text of a field, alike where two mean the same; -1 where one can't be read."""
        if key not in self._canonical:
            column = self.columns[key]
            if column.field.kind is FieldKind.DATE and column.days is not None and column.ages is None:
                meaning = column.days.astype("int64")
                meaning = np.where(np.isnat(column.days), -1, meaning + 10**7)  # days before 1970 are negative
            elif column.field.kind is FieldKind.OPEN:
                places: dict[str, int] = {}
                meaning = np.array([places.setdefault(fold(t), len(places)) for t in column.texts.to_pylist()], "int64")
            elif column.index is not None:
                meaning = column.index.astype("int64")
            else:
                meaning = np.arange(len(column.texts), dtype="int64")
            self._canonical[key] = np.where(column.readable, meaning, -1)
        return self._canonical[key]

    def reference_days(self, key: str) -> np.ndarray:
        """The days of a field; where it has none, the days of the event."""
        days, event = self.days(key), self.days(self.product.time.key)
        return np.where(np.isnat(days), event, days)

    def ages(self, reference: str | None = None) -> np.ndarray:
        """float32 years at the contact (else the event), impossible ones included; NaN where unknown."""
        birth = self.product.by_role(Role.BIRTH)
        if birth is None:
            return np.full(self.size, np.nan, "float32")
        key, contact = birth.key, self.product.by_role(Role.CONTACT)
        at = reference or (contact.key if contact else self.product.time.key)
        return self.over(lambda part: part.ages_at(key, at), "float32")

    def ages_at(self, birth: str, at: str) -> np.ndarray:
        """The same of a field of births on the days of another."""
        column = self.columns[birth]
        if column.ages is not None:
            ages = column.floats_of_rows(column.ages)
            return np.where(self.usable_cells(birth), ages, np.nan).astype("float32")
        return full_years(self.days(birth), self.reference_days(at))

    def states(self) -> np.ndarray:
        """int8 per row, a place in OUTCOMES: what the target says, or what its absence means on that day."""
        return self.over(lambda part: part.own_states(), "int8")

    def own_states(self) -> np.ndarray:
        """The same of all rows at once."""
        past = self.days(self.product.time.key) < np.datetime64(self.today)
        unsaid = np.where(past | (not self.product.has_agenda), _CODE[Outcome.UNKNOWN], _CODE[Outcome.PENDING])
        said = self.said()
        states = np.where(said >= 0, said, unsaid).astype("int8")
        if not self.product.learns_without_dates:
            # what happened nobody knows when teaches nothing of later days
            undated = np.isnat(self.days(self.product.time.key))
            states[undated & (states <= _CODE[Outcome.NON_EVENT])] = _CODE[Outcome.UNKNOWN]
        if self.drops_future_outcomes():
            states[self.outcome_in_future(states)] = _CODE[Outcome.PENDING]
        return states

    def said(self) -> np.ndarray:
        """int8 per row: the outcome that the target names, a place in OUTCOMES; -1 where it says nothing."""
        column = self.columns[self.product.target.key]
        if column.numbers is not None:
            event = column.numbers <= DETRACTOR_MAX
            meaning = np.where(event, _CODE[Outcome.EVENT], _CODE[Outcome.NON_EVENT])
            meaning = np.where(column.readable, meaning, -1)
        elif column.index is not None:
            outcomes = [_CODE[v.outcome] if v.outcome else -1 for v in column.field.values]
            meaning = np.append(np.array(outcomes, "int8"), np.int8(-1))[column.index]
        else:
            return np.full(self.size, -1, "int8")
        return per_row.spread(np.append(meaning, -1).astype("int8"), column.codes)

    def drops_future_outcomes(self) -> bool:
        """Whether the product has a rule against outcomes of days after today: they count as pending."""
        return any(rule.kind is RuleKind.OUTCOME_IN_FUTURE for rule in self.product.rules)

    def outcome_in_future(self, states: np.ndarray) -> np.ndarray:
        """Rows with an outcome for a day after today."""
        known = (states == _CODE[Outcome.EVENT]) | (states == _CODE[Outcome.NON_EVENT])
        return known & (self.days(self.product.time.key) > np.datetime64(self.today))


@cache
def _calendar() -> np.ndarray:
    """int32 for each day of _CALENDAR: the months since 1970 times 32, and the days of the month before it."""
    days = np.arange(*_CALENDAR)
    months = days.astype("datetime64[M]")
    return (months.astype("int64") * 32 + (days - months).astype("int64")).astype("int32")


def full_years(birth: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Completed years from `birth` to `at` (datetime64[D]) as float32; negative before birth, NaN where unknown."""
    unknown = np.isnat(birth) | np.isnat(at)
    first = _CALENDAR[0].astype("int64")
    born, then = (
        np.take(_calendar(), np.where(unknown, 0, days.astype("datetime64[D]").astype("int64") - first))
        for days in (birth, at)
    )
    months = (then >> 5) - (born >> 5) - ((then & 31) < (born & 31))
    years = np.floor_divide(months, 12).astype("float32")
    years[unknown] = np.nan
    return years
