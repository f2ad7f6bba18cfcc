"""What the checks look at: the parsed columns of a file, row by row, and what earlier checks have emptied."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as _field

import numpy as np

from pipeline.contract import DETRACTOR_MAX, FieldKind, Outcome, Product, Role, RuleKind
from pipeline.folding import fold
from pipeline.ingestion.parsing.column import Column

OUTCOMES = tuple(Outcome)
_CODE = {outcome: code for code, outcome in enumerate(OUTCOMES)}
YOUNGEST, OLDEST = 0, 120  # years


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

    def period(self) -> tuple[dt.date, dt.date] | None:
        """First and last day of all rows, those that are not used too; None without any."""
        days = self.days(self.product.time.key)
        known = days[~np.isnat(days)]
        return (known.min().item(), known.max().item()) if len(known) else None

    def canonical(self, key: str) -> np.ndarray:
        """int64 per row, alike where two cells mean the same; -1 where there is nothing usable."""
        codes: np.ndarray = np.append(self._meaning(key), -1)[self.columns[key].codes]
        codes[~self.usable_cells(key)] = -1
        return codes

    def _meaning(self, key: str) -> np.ndarray:
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
            self._canonical[key] = meaning
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
        column = self.columns[birth.key]
        if column.ages is not None:
            ages = column.floats_of_rows(column.ages)
            return np.where(self.usable_cells(birth.key), ages, np.nan).astype("float32")
        contact = self.product.by_role(Role.CONTACT)
        at = reference or (contact.key if contact else self.product.time.key)
        return full_years(self.days(birth.key), self.reference_days(at))

    def states(self) -> np.ndarray:
        """int8 per row, a place in OUTCOMES: what the target says, or what its absence means on that day."""
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
        return np.append(meaning, -1).astype("int8")[column.codes]

    def drops_future_outcomes(self) -> bool:
        """Whether the product has a rule against outcomes of days after today: they count as pending."""
        return any(rule.kind is RuleKind.OUTCOME_IN_FUTURE for rule in self.product.rules)

    def outcome_in_future(self, states: np.ndarray) -> np.ndarray:
        """Rows with an outcome for a day after today."""
        known = (states == _CODE[Outcome.EVENT]) | (states == _CODE[Outcome.NON_EVENT])
        return known & (self.days(self.product.time.key) > np.datetime64(self.today))


def full_years(birth: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Completed years from `birth` to `at` (datetime64[D]) as float32; negative before birth, NaN where unknown."""
    birth_month, at_month = birth.astype("datetime64[M]"), at.astype("datetime64[M]")
    not_yet = (at - at_month.astype("datetime64[D]")) < (birth - birth_month.astype("datetime64[D]"))
    unknown = np.isnat(birth) | np.isnat(at)
    months = np.where(unknown, 0, (at_month - birth_month).astype("int64")) - not_yet
    years = np.floor_divide(months, 12).astype("float32")
    years[unknown] = np.nan
    return years
