"""Past rows by group: observed rate with its interval, predicted risk, and why a group differs from all rows.

Risks of past rows come from models that had not seen them (OutOfFoldPredictions); a row without one counts for the
observed rate only.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.contract import DETRACTOR_MAX, PROMOTER_MIN, Dimension, Product, Role
from pipeline.insight.groups import heat, periods
from pipeline.insight.groups.counts import (
    POINT,
    UNIT,
    Filters,
    Selection,
    Tally,
    Weighed,
    as_date,
    has_value,
    in_parts,
    places,
    select,
    tally,
)
from pipeline.modeling.model import OutOfFoldPredictions
from pipeline.records import (
    Contribution,
    GroupExplanation,
    GroupRow,
    Interval,
    RiskOverview,
    note,
)
from pipeline.statistics import mean_interval, wilson, wilson_many

__all__ = ["Filters", "overview", "rows_of", "values_of", "why"]

FEW = 30  # outcomes; with fewer a group is "unclear"
REFERENCE = "reference"


def overview(rows: pd.DataFrame, past: OutOfFoldPredictions | None, product: Product, filters: Filters) -> RiskOverview:
    """The risk page under one choice of filters; `rows` are all typed rows of a data set.

    Of their columns only the product's date fields, dimensions and filters, `row` and `outcome` are needed;
    `absent` speaks of those that are there.
    """
    chosen = select(rows, past, product, filters)
    outcomes, events = int(chosen.known.sum()), int(chosen.event.sum())
    scored = int(chosen.scored.sum())
    rate = wilson(events, outcomes)
    range_ = periods.bulk(chosen.day)
    observed, predicted = periods.by_period(chosen, range_)
    stars, balance = _stars(rows, product, chosen)
    return RiskOverview(
        rows=len(chosen),
        outcomes=outcomes,
        events=events,
        rate=rate,
        predicted=float(chosen.risk.sum() / scored) if scored else None,
        predicted_rows=scored,
        first_date=as_date(range_[0]) if range_ else None,
        last_date=as_date(range_[1]) if range_ else None,
        groups=tuple(
            (d.column, _groups(rows, product, d, chosen, rate.value if rate else None))
            for d in product.dimensions
            if d.column in rows
        ),
        periods=observed,
        predicted_by_period=predicted,
        heat=heat.cells(rows, product, chosen),
        absent=(
            *(f.key for f in product.fields if f.key in rows.columns and _is_absent(rows, f.key)),
            *(d.column for d in product.dimensions if d.part and _is_absent(rows, d.column)),
        ),
        outside=periods.outside(chosen, range_),
        before=periods.before(rows, product, filters),
        stars=stars,
        balance=balance,
    )


def _stars(rows: pd.DataFrame, product: Product, chosen: Selection) -> tuple[Interval | None, Interval | None]:
    """Mean stars and balance of the selection, where the target is a rating."""
    if not product.has_stars:
        return None, None
    rated = rows[product.target.key].to_numpy(dtype=np.float64)[chosen.positions]
    known = rated[~np.isnan(rated)]
    return mean_interval(known), mean_interval(_sides(known))


def _sides(rated: np.ndarray) -> np.ndarray:
    """−1 for a detractor, 1 for a promoter, 0 between them."""
    return np.select([rated <= DETRACTOR_MAX, rated >= PROMOTER_MIN], [-1.0, 1.0], 0.0)


def why(
    rows: pd.DataFrame, past: OutOfFoldPredictions, product: Product, field: str, value: str, filters: Filters
) -> GroupExplanation | None:
    """Why the group's predicted risk differs from that of all rows under the filters.

    Both means are over the rows that have a risk (`rows` of the answer counts the group's); None if the group
    has none. Contributions sum to predicted − predicted_overall; the factor that is the group itself comes after
    the others, and last the difference of the references of the models that made the risks.
    """
    chosen = select(rows, past, product, filters)
    member = has_value(rows[field], (value,))[chosen.positions]
    scored = chosen.scored > 0
    everyone, group = chosen.place[scored], chosen.place[scored & member]
    if not len(group):
        return None
    inside, everybody = _weighed(past, group), _weighed(past, everyone)
    known, event = chosen.known, chosen.event
    observed = wilson(int(event[member].sum()), int(known[member].sum()))
    factors = [str(key) for key in past.points.columns]
    overall = wilson(int(event.sum()), int(known.sum()))
    return explained(product, (field, value), factors, (inside, everybody), (observed, overall))


def _weighed(past: OutOfFoldPredictions, places_: np.ndarray) -> Weighed:
    return Weighed(
        len(places_),
        float(in_parts(past.risk[places_], UNIT).sum()),
        float(in_parts(past.reference[places_], UNIT).sum()),
        np.array([in_parts(past.points[key].to_numpy()[places_], POINT).sum() for key in past.points.columns]),
    )


def explained(
    product: Product,
    group: tuple[str, str],
    factors: Sequence[str],
    sums: tuple[Weighed, Weighed],
    observed: tuple[Interval | None, Interval | None],
) -> GroupExplanation:
    """Why a group (field, value) differs, by the sums over its rows and over all; the same of what was observed."""
    field, value = group
    (predicted, shifts, reference), (overall, all_shifts, all_references) = map(_mean, sums)
    shifts, reference = shifts - all_shifts, reference - all_references
    if len(shifts):  # points are stored as float32: their residue goes to the largest, so that the sum ties
        shifts[np.abs(shifts).argmax()] += predicted - overall - reference - shifts.sum()
    else:
        reference = predicted - overall
    contributions = [
        Contribution(key, note("factor.named", label=product.feature(key).label), float(shift))
        for key, shift in zip(factors, shifts, strict=True)
    ]
    own = _own_factor(product, field)
    contributions.sort(key=lambda c: (c.factor == own, -abs(c.points)))
    return GroupExplanation(
        value=value,
        rows=sums[0].rows,
        observed=observed[0],
        observed_overall=observed[1],
        predicted=predicted,
        predicted_overall=overall,
        contributions=(*contributions, Contribution(REFERENCE, note("factors.references"), reference)),
        field=field,
        own=own,
    )


def _mean(sums: Weighed) -> tuple[float, np.ndarray, float]:
    return sums.risk / sums.rows, sums.points / sums.rows, sums.reference / sums.rows


def _own_factor(product: Product, column: str) -> str:
    """The factor that is the dimension itself: that a unit is above because of what it is explains nothing."""
    fields = next(((d.field,) for d in product.dimensions if d.column == column), (column,))
    return next((spec.key for spec in product.features if spec.fields == fields), "")


def rows_of(
    rows: pd.DataFrame, past: OutOfFoldPredictions | None, product: Product, field: str, value: str, filters: Filters
) -> pd.DataFrame:
    """The typed rows behind a group or a cell of the heat map,
    latest first, with `risk` (NaN where the row has none).
    """
    chosen = select(rows, past, product, filters)
    inside = (
        heat.members(rows, product, chosen, value)
        if field == heat.CELL
        else has_value(rows[field], (value,))[chosen.positions]
    )
    positions = chosen.positions[inside]
    found = rows.iloc[positions].copy()
    place = places(rows, past)[positions]
    risk = np.full(len(place), np.nan)
    if past is not None:
        risk[place >= 0] = in_parts(past.risk[place[place >= 0]], UNIT)
    found["risk"] = risk
    return found.sort_values(product.time.key, ascending=False, kind="stable").reset_index(drop=True)


def values_of(column: pd.Series) -> tuple[str, ...]:
    """The values of a field that occur, most frequent first."""
    counts = np.bincount(column.cat.codes.to_numpy().astype(np.int64) + 1, minlength=len(column.cat.categories) + 1)[1:]
    return by_frequency([str(name) for name in column.cat.categories], counts)


def by_frequency(names: Sequence[str], counts: np.ndarray) -> tuple[str, ...]:
    """The names that occur, most frequent first."""
    return tuple(names[i] for i in np.argsort(-counts, kind="stable") if counts[i])


def _groups(
    rows: pd.DataFrame, product: Product, dimension: Dimension, chosen: Selection, overall: float | None
) -> tuple[GroupRow, ...]:
    column = rows[dimension.column]
    names = [str(name) for name in column.cat.categories]
    codes = column.cat.codes.to_numpy()[chosen.positions]
    sums = tally(chosen, codes, len(names))
    details = _details(rows, product, dimension, chosen, codes, len(names))
    return group_rows(names, sums, details, overall, _means(rows, product, chosen, codes, len(names)))


def group_rows(
    names: Sequence[str],
    sums: Tally,
    details: Sequence[str] | None,
    overall: float | None,
    means: tuple[Sequence[Interval | None], Sequence[Interval | None]],
) -> tuple[GroupRow, ...]:
    """One row for each value that occurs, highest rate first; those with few outcomes come after, those with none last.

    A rate of a handful of rows says little however far it lies from the others': it leads no list and no finding.
    All by code: `names`, `sums`, `details` (what stands beside a name), `means` (stars and balances).
    """
    present = np.flatnonzero(sums.rows)
    rates = sums.events[present] / np.maximum(sums.known[present], 1)
    rank = np.searchsorted([1, FEW], sums.known[present], side="right")  # none, few, enough
    order = present[np.lexsort((-sums.rows[present], -rates, -rank))]
    intervals = wilson_many(sums.events[order], sums.known[order])
    mean = sums.risk[order] / np.maximum(sums.scored[order], 1)
    stars, balances = means
    return tuple(
        GroupRow(
            names[code],
            details[code] if details else "",
            n,
            int(known),
            int(events),
            interval,
            risk if scored else None,
            _against(interval if known >= FEW else None, overall),
            stars[code],
            balances[code],
        )
        for code, n, known, events, interval, risk, scored in zip(
            order.tolist(),
            sums.rows[order].tolist(),
            sums.known[order].tolist(),
            sums.events[order].tolist(),
            intervals,
            mean.tolist(),
            sums.scored[order].tolist(),
            strict=True,
        )
    )


def _means(
    rows: pd.DataFrame, product: Product, chosen: Selection, codes: np.ndarray, size: int
) -> tuple[list[Interval | None], list[Interval | None]]:
    """Mean stars and balance by code; None throughout where the target is no rating."""
    if not product.has_stars:
        return [None] * size, [None] * size
    rated = rows[product.target.key].to_numpy(dtype=np.float64)[chosen.positions]
    usable = ~np.isnan(rated) & (codes >= 0)
    order = np.argsort(codes[usable], kind="stable")
    values, ends = rated[usable][order], np.searchsorted(codes[usable][order], np.arange(size + 1))
    parts = [values[a:b] for a, b in zip(ends[:-1], ends[1:], strict=True)]
    return [mean_interval(part) for part in parts], [mean_interval(_sides(part)) for part in parts]


def _details(
    rows: pd.DataFrame, product: Product, dimension: Dimension, chosen: Selection, codes: np.ndarray, size: int
) -> list[str] | None:
    """The UF in which a unit lies most often; None for other dimensions."""
    uf = product.by_role(Role.UF)
    if uf is None or product.field(dimension.field).role is not Role.UNIT:
        return None
    names = [str(name) for name in rows[uf.key].cat.categories]
    if not names:
        return None
    where = rows[uf.key].cat.codes.to_numpy()[chosen.positions]
    both = (codes >= 0) & (where >= 0)
    pairs = codes[both].astype(np.int64) * len(names) + where[both]
    return most_often(np.bincount(pairs, minlength=size * len(names)).reshape(size, len(names)), names)


def most_often(counts: np.ndarray, names: Sequence[str]) -> list[str]:
    """For each line of counts the name of its greatest; "" where it has none."""
    best = counts.argmax(axis=1)
    return [names[b] if counts[i, b] else "" for i, b in enumerate(best.tolist())]


def _against(interval: object, overall: float | None) -> str:
    low, high = getattr(interval, "low", None), getattr(interval, "high", None)
    if overall is None or low is None or high is None:
        return "unclear"
    return "above" if low > overall else "below" if high < overall else "unclear"


def _is_absent(rows: pd.DataFrame, key: str) -> bool:
    column = rows[key]
    if isinstance(column.dtype, pd.CategoricalDtype):
        return not len(column) or int(column.cat.codes.max()) < 0
    return not bool(column.notna().any())
