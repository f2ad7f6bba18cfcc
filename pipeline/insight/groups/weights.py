"""How factors weigh on past rows: points spread as a swarm, and points against a factor's values.

Points are those of models that had not seen the rows. A factor's values are what the typed rows say (days of lead time,
hour, weekday, unit, plan); what is made of a patient's past, or of a day's load, is not kept with the rows. Protected
factors have their spread and never their values.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipeline.contract import UF_PART, FeatureKind, FeatureSpec, Product, part
from pipeline.insight.groups.counts import NO_DATE, Filters, Selection, days, select
from pipeline.modeling.model import OutOfFoldPredictions
from pipeline.records import Dependence, DependenceBin, FactorSpread, SpreadCell, WeightSpread
from pipeline.records.weights import HIGH, LEAST_SHOWN, LOW, MIDDLE, NO_BAND

FEW = 50  # rows with a risk: fewer have no spread
MOST = 10  # factors
CELLS = 48  # between the ends of what is drawn
ENDS = (0.5, 99.5)  # percentiles beyond which points fall into the last cell
NUMBERS = 24  # bins of a factor whose values are numbers
NAMES = 15  # values of a factor whose values are text
_THURSDAY = 3  # 1 January 1970
_TEXTS = frozenset({FeatureKind.CODE, FeatureKind.RATE, FeatureKind.VALUES, FeatureKind.POSTCODE})


@dataclass(frozen=True)
class _Values:
    """A factor's value in each row: numbers (NaN where missing) with their unit, or codes (−1) into names."""

    numbers: np.ndarray
    unit: str = ""
    names: tuple[str, ...] = ()


def columns(product: Product) -> list[str]:
    """The columns of typed rows that tell factors' values, some of which a file may lack."""
    hours = [f.hour_column for f in product.fields if f.keeps_time]
    fields = [key for spec in product.features if not spec.protected for key in spec.fields]
    parts = [part(s.fields[0], UF_PART) for s in product.features if s.kind is FeatureKind.POSTCODE]
    return list(dict.fromkeys([*fields, *hours, *parts]))


def spread(rows: pd.DataFrame, past: OutOfFoldPredictions, product: Product, filters: Filters) -> WeightSpread | None:
    """The spread of the strongest factors on the rows under the filters; None where too few have a risk."""
    chosen, inside = _scored(rows, past, product, filters)
    if inside.sum() < FEW or not len(past.points.columns):
        return None
    points = past.points.iloc[chosen.place[inside]]
    strongest = points.abs().mean().sort_values(ascending=False).head(MOST)
    shown = points[list(strongest.index)].to_numpy(dtype=np.float64)
    low, high = np.percentile(shown, ENDS)
    width = max(float(high - low) / CELLS, 1e-6)
    given = rows.iloc[chosen.positions[inside]]
    known = {spec.key: spec for spec in product.features}
    made, left_out = [], 0
    for place, key in enumerate(map(str, strongest.index)):
        bands = _bands(_values(known.get(key), product, given), len(given))
        cells = _cells(np.clip(shown[:, place], low, high), bands, float(low), width)
        left_out += len(given) - sum(cell.rows for cell in cells)
        ends = np.percentile(shown[:, place], [10, 90])
        made.append(FactorSpread(key, float(strongest.iloc[place]), float(ends[0]), float(ends[1]), tuple(cells)))
    valued = tuple(item.factor for item in made if _values(known.get(item.factor), product, given) is not None)
    return WeightSpread(len(given), width, tuple(made), left_out, valued)


def dependence(
    rows: pd.DataFrame, past: OutOfFoldPredictions, product: Product, factor: str, filters: Filters
) -> Dependence | None:
    """A factor's points against its values; None where its values are not kept, or too few rows have a risk."""
    chosen, inside = _scored(rows, past, product, filters)
    spec = next((s for s in product.features if s.key == factor), None)
    values = _values(spec, product, rows.iloc[chosen.positions[inside]])
    if inside.sum() < FEW or values is None or factor not in past.points:
        return None
    points = past.points[factor].to_numpy(dtype=np.float64)[chosen.place[inside]]
    absent = np.isnan(values.numbers) if not values.names else values.numbers < 0
    bins, left_out = (_named if values.names else _numbered)(values, points, ~absent)
    missing = _bin(points[absent]) if absent.sum() >= LEAST_SHOWN else None
    hidden = left_out + (int(absent.sum()) if missing is None else 0)
    return Dependence(factor, values.unit, tuple(bins), missing, hidden)


def _scored(
    rows: pd.DataFrame, past: OutOfFoldPredictions, product: Product, filters: Filters
) -> tuple[Selection, np.ndarray]:
    chosen = select(rows, past, product, filters)
    return chosen, chosen.scored > 0


def _values(spec: FeatureSpec | None, product: Product, rows: pd.DataFrame) -> _Values | None:
    """What the rows say of a factor; None where they do not, or where it is protected."""
    if spec is None or spec.protected:
        return None
    if spec.kind is FeatureKind.LEAD_TIME and set(spec.fields[:2]) <= set(rows):
        contact, event = (days(rows[key]) for key in spec.fields[:2])
        known = (contact > NO_DATE) & (event > NO_DATE)
        return _Values(np.where(known, event - contact, np.nan).astype(np.float64), "days")
    if spec.kind is FeatureKind.CALENDAR and spec.fields[0] in rows:
        day = days(rows[spec.fields[0]])
        return _Values(np.where(day > NO_DATE, (day + _THURSDAY) % 7, np.nan).astype(np.float64), "weekday")
    if spec.kind is FeatureKind.HOUR and (hour := product.field(spec.fields[0]).hour_column) in rows:
        return _Values(np.floor(rows[hour].to_numpy(dtype=np.float64)), "hour")
    if spec.kind in _TEXTS:
        return _texts(rows, part(spec.fields[0], UF_PART) if spec.kind is FeatureKind.POSTCODE else spec.fields[0])
    return None


def _texts(rows: pd.DataFrame, key: str) -> _Values | None:
    if key not in rows or not isinstance(rows[key].dtype, pd.CategoricalDtype):
        return None
    names = tuple(str(name) for name in rows[key].cat.categories)
    return _Values(rows[key].cat.codes.to_numpy().astype(np.int64), names=names) if names else None


def _bands(values: _Values | None, size: int) -> np.ndarray:
    """The third in which each row's value lies; NO_BAND where values have no order."""
    if values is None or values.names or values.unit == "weekday":
        return np.full(size, NO_BAND)
    known = ~np.isnan(values.numbers)
    if not known.any():
        return np.full(size, NO_BAND)
    first, second = np.percentile(values.numbers[known], [100 / 3, 200 / 3])
    band = np.select([values.numbers <= first, values.numbers <= second], [LOW, MIDDLE], HIGH)
    return np.where(known, band, NO_BAND)


def _cells(points: np.ndarray, bands: np.ndarray, start: float, width: float) -> list[SpreadCell]:
    """Rows by cell and third; a third of too few rows joins the cell's others, and too few of these are left out."""
    place = np.minimum(((points - start) / width).astype(np.int64), CELLS - 1)
    counts = np.zeros((CELLS, 4), dtype=np.int64)
    np.add.at(counts, (place, bands), 1)  # NO_BAND is the last column
    small = (counts[:, :3] < LEAST_SHOWN) & (counts[:, :3] > 0)
    counts[:, 3] += np.where(small, counts[:, :3], 0).sum(axis=1)
    counts[:, :3][small] = 0
    counts[counts < LEAST_SHOWN] = 0
    return [
        SpreadCell(start + (at + 0.5) * width, band if band < 3 else NO_BAND, int(counts[at, band]))
        for at, band in zip(*np.nonzero(counts), strict=True)
    ]


def _numbered(values: _Values, points: np.ndarray, known: np.ndarray) -> tuple[list[DependenceBin], int]:
    """Bins of about equal rows, a value never split between two; bins of too few rows are left out."""
    numbers, told = values.numbers[known], points[known]
    distinct = np.unique(numbers)
    if len(distinct) > NUMBERS:
        edges = np.unique(np.quantile(numbers, np.linspace(0, 1, NUMBERS + 1), method="lower"))
        place = np.clip(np.searchsorted(edges, numbers, side="right") - 1, 0, None)
    else:
        place = np.searchsorted(distinct, numbers)
    made, left_out = [], 0
    for at in np.unique(place):
        inside = place == at
        if inside.sum() < LEAST_SHOWN:
            left_out += int(inside.sum())
            continue
        held = numbers[inside]
        found = _bin(told[inside], float(held.min()), float(held.max()))
        made.append(replace(found, middle=float(held.mean())))
    return made, left_out


def _named(values: _Values, points: np.ndarray, known: np.ndarray) -> tuple[list[DependenceBin], int]:
    """The commonest values, by their mean points; the others, and those that too few share, are left out."""
    codes = values.numbers[known].astype(np.int64)
    counts = np.bincount(codes, minlength=len(values.names))
    common = [int(code) for code in np.argsort(-counts, kind="stable")[:NAMES] if counts[code] >= LEAST_SHOWN]
    made = [_bin(points[known][codes == code], value=values.names[code]) for code in common]
    return sorted(made, key=lambda item: -item.mean), int(len(codes) - counts[common].sum())


def _bin(points: np.ndarray, low: float | None = None, high: float | None = None, value: str = "") -> DependenceBin:
    p10, p90 = np.percentile(points, [10, 90])
    return DependenceBin(low, high, value, len(points), float(points.mean()), float(p10), float(p90))
