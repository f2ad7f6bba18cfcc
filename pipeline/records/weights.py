"""How factors weigh on a set of rows: the spread of their points, the points against a factor's values, and what two
factors do together.

Only aggregates: no cell, bin or value stands for fewer than `LEAST_SHOWN` rows.
"""

from __future__ import annotations

from dataclasses import dataclass

LEAST_SHOWN = 5
LOW, MIDDLE, HIGH, NO_BAND = 0, 1, 2, -1  # thirds of a factor's values; NO_BAND where they have no order or are few


@dataclass(frozen=True)
class SpreadCell:
    """Rows with about the same points of a factor whose values lie in the same third."""

    points: float
    band: int
    rows: int


@dataclass(frozen=True)
class FactorSpread:
    """A factor's points over the rows: mean of their size, the middle 80 % of them, and the cells they fall into."""

    factor: str
    mean_abs: float
    low: float
    high: float
    cells: tuple[SpreadCell, ...]


@dataclass(frozen=True)
class WeightSpread:
    """The factors that weigh most on `rows` rows, strongest first; `left_out`: of all dots, those of too few rows;
    `valued`: the factors whose points can be seen against their values.
    """

    rows: int
    width: float  # of a cell, in points
    factors: tuple[FactorSpread, ...]
    left_out: int
    valued: tuple[str, ...]


@dataclass(frozen=True)
class DependenceBin:
    """Rows with about the same value: `low` and `high` its ends where values are numbers, else `value`; mean points,
    and the middle 80 % of them.
    """

    low: float | None
    high: float | None
    value: str
    rows: int
    mean: float
    p10: float
    p90: float
    middle: float | None = None  # mean of the values, where they are numbers


@dataclass(frozen=True)
class Dependence:
    """A factor's points against its values, in order of value or, where they have none, of points.

    `unit` tells what the numbers are (`days`, `hour`, `weekday`), "" where values are text; `missing`: rows without a
    value, None under LEAST_SHOWN; `left_out`: rows of values that too few share.
    """

    factor: str
    unit: str
    bins: tuple[DependenceBin, ...]
    missing: DependenceBin | None
    left_out: int


@dataclass(frozen=True)
class FactorPair:
    """Two factors, the heavier first: what they do together beyond what each does alone, in points of risk.

    `mean_abs`: mean of its size; `low`, `high`: its middle 80 %; `where_raised`, `where_lowered`: what the second
    weighs, alone and with the first, in the third of rows where the first raises the risk most, or lowers it most.
    """

    first: str
    second: str
    mean_abs: float
    low: float
    high: float
    where_raised: float
    where_lowered: float

    def partner(self, factor: str) -> str:
        """The other of the two; "" for a factor that is neither."""
        return {self.first: self.second, self.second: self.first}.get(factor, "")


@dataclass(frozen=True)
class JointWeights:
    """Which factors act together, on `rows` rows that were drawn from those under the filters; strongest pair first.

    `rows` alone, without pairs, where they are too few to tell, or where no two factors act together.
    """

    rows: int
    pairs: tuple[FactorPair, ...]
