"""Past rows by group: observed rate with its interval, predicted risk, and why a group differs from all rows.

Risks of past rows come from models that had not seen them (PastRisks); a row without one counts for the
observed rate only.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from pipeline.contract import DETRACTOR_MAX, PROMOTER_MIN, Dimension, Product, Role
from pipeline.insight.tally import (
    NO_DATE,
    Filters,
    Selection,
    days,
    has_value,
    places,
    select,
    tally,
    wilson_many,
)
from pipeline.modeling.model import PastRisks
from pipeline.records import (
    Contribution,
    GroupExplanation,
    GroupRow,
    HeatCell,
    Interval,
    PeriodRate,
    RiskOverview,
)
from pipeline.statistics import mean_interval, wilson

__all__ = ["LEAD_BUCKETS", "WEEKDAYS", "Filters", "overview", "rows_of", "values_of", "why"]

WEEKDAYS = ("seg", "ter", "qua", "qui", "sex", "sáb", "dom")
FEW = 30  # outcomes; with fewer a group is "unclear"
LEAD_BUCKETS = (("0", 0), ("1–3", 1), ("4–7", 4), ("8–15", 8), ("16–30", 16), ("31–60", 31), ("61+", 61))
REFERENCE = "reference"
REFERENCE_TEXT = "Diferença entre os modelos de cada período"
_THURSDAY = 3  # 1 January 1970 was one


def overview(rows: pd.DataFrame, past: PastRisks | None, product: Product, filters: Filters) -> RiskOverview:
    """The risk page under one choice of filters; `rows` are all typed rows of a data set.

    Of their columns only the product's date fields, dimensions and filters, `row` and `outcome` are needed;
    `absent` speaks of those that are there.
    """
    chosen = select(rows, past, product, filters)
    outcomes, events = int(chosen.known.sum()), int(chosen.event.sum())
    scored = int(chosen.scored.sum())
    rate = wilson(events, outcomes)
    dated = chosen.day[chosen.day > NO_DATE]
    months, predicted_by_month = _by_month(chosen)
    return RiskOverview(
        rows=len(chosen), outcomes=outcomes, events=events, rate=rate,
        predicted=float(chosen.risk.sum() / scored) if scored else None, predicted_rows=scored,
        first_date=_date(dated.min()) if len(dated) else None, last_date=_date(dated.max()) if len(dated) else None,
        groups=tuple((d.column, _groups(rows, product, d, chosen, rate.value if rate else None))
                     for d in product.dimensions),
        months=months, predicted_by_month=predicted_by_month, heat=_heat(rows, product, chosen),
        absent=(*(f.key for f in product.fields if f.key in rows.columns and _is_absent(rows, f.key)),
                *(d.column for d in product.dimensions if d.part and _is_absent(rows, d.column))),
        **_stars(rows, product, chosen),
    )


def _stars(rows: pd.DataFrame, product: Product, chosen: Selection) -> dict[str, Interval | None]:
    """Mean stars and balance of the selection, where the target is a rating."""
    if not product.has_stars:
        return {}
    rated = rows[product.target.key].to_numpy(dtype=np.float64)[chosen.positions]
    known = rated[~np.isnan(rated)]
    return {"stars": mean_interval(known), "balance": mean_interval(_sides(known))}


def _sides(rated: np.ndarray) -> np.ndarray:
    """−1 for a detractor, 1 for a promoter, 0 between them."""
    return np.select([rated <= DETRACTOR_MAX, rated >= PROMOTER_MIN], [-1.0, 1.0], 0.0)


def why(rows: pd.DataFrame, past: PastRisks, product: Product, field: str, value: str,
        filters: Filters) -> GroupExplanation | None:
    """Why the group's predicted risk differs from that of all rows under the filters.

    Both means are over the rows that have a risk (`rows` of the answer counts the group's); None if the group
    has none. Contributions sum to predicted − predicted_overall; the last is the difference of the references
    of the models that made the risks.
    """
    chosen = select(rows, past, product, filters)
    member = has_value(rows[field], (value,))[chosen.positions]
    scored = chosen.scored > 0
    everyone, group = chosen.place[scored], chosen.place[scored & member]
    if not len(group):
        return None
    points = past.points.to_numpy()
    predicted, overall = float(past.risk[group].mean()), float(past.risk[everyone].mean())
    shifts = points[group].mean(axis=0, dtype=np.float64) - points[everyone].mean(axis=0, dtype=np.float64)
    reference = float(past.reference[group].mean() - past.reference[everyone].mean())
    if len(shifts):  # points are stored as float32: their residue goes to the largest, so that the sum ties
        shifts[np.abs(shifts).argmax()] += predicted - overall - reference - shifts.sum()
    else:
        reference = predicted - overall
    contributions = [Contribution(str(key), product.feature(str(key)).label, float(shift))
                     for key, shift in zip(past.points.columns, shifts, strict=True)]
    contributions.sort(key=lambda c: -abs(c.points))
    known, event = chosen.known, chosen.event
    return GroupExplanation(
        value=value, rows=len(group),
        observed=wilson(int(event[member].sum()), int(known[member].sum())),
        observed_overall=wilson(int(event.sum()), int(known.sum())),
        predicted=predicted, predicted_overall=overall,
        contributions=(*contributions, Contribution(REFERENCE, REFERENCE_TEXT, reference)),
    )


def rows_of(rows: pd.DataFrame, past: PastRisks | None, product: Product, field: str, value: str,
            filters: Filters) -> pd.DataFrame:
    """The typed rows behind a group, latest first, with `risk` (NaN where the row has none)."""
    chosen = select(rows, past, product, filters)
    positions = chosen.positions[has_value(rows[field], (value,))[chosen.positions]]
    found = rows.iloc[positions].copy()
    place = places(rows, past)[positions]
    risk = np.full(len(place), np.nan)
    if past is not None:
        risk[place >= 0] = past.risk[place[place >= 0]]
    found["risk"] = risk
    return found.sort_values(product.time.key, ascending=False, kind="stable").reset_index(drop=True)


def values_of(column: pd.Series) -> tuple[str, ...]:
    """The values of a field that occur, most frequent first."""
    counts = np.bincount(column.cat.codes.to_numpy().astype(np.int64) + 1, minlength=len(column.cat.categories) + 1)[1:]
    names = [str(name) for name in column.cat.categories]
    return tuple(names[i] for i in np.argsort(-counts, kind="stable") if counts[i])


def _groups(rows: pd.DataFrame, product: Product, dimension: Dimension, chosen: Selection,
            overall: float | None) -> tuple[GroupRow, ...]:
    """One row for each value that occurs, highest rate first; those with few outcomes come after, those with none last.

    A rate of a handful of rows says little however far it lies from the others': it leads no list and no finding.
    """
    column = rows[dimension.column]
    names = [str(name) for name in column.cat.categories]
    codes = column.cat.codes.to_numpy()[chosen.positions]
    sums = tally(chosen, codes, len(names))
    details = _details(rows, product, dimension, chosen, codes, len(names))
    present = np.flatnonzero(sums.rows)
    rates = sums.events[present] / np.maximum(sums.known[present], 1)
    rank = np.searchsorted([1, FEW], sums.known[present], side="right")  # none, few, enough
    order = present[np.lexsort((-sums.rows[present], -rates, -rank))]
    intervals = wilson_many(sums.events[order], sums.known[order])
    mean = sums.risk[order] / np.maximum(sums.scored[order], 1)
    stars, balances = _means(rows, product, chosen, codes, len(names))
    return tuple(
        GroupRow(names[code], details[code] if details else "", n, int(known), int(events), interval,
                 risk if scored else None, _against(interval if known >= FEW else None, overall), stars[code], balances[code])
        for code, n, known, events, interval, risk, scored in zip(
            order.tolist(), sums.rows[order].tolist(), sums.known[order].tolist(), sums.events[order].tolist(),
            intervals, mean.tolist(), sums.scored[order].tolist(), strict=True)
    )


def _means(rows: pd.DataFrame, product: Product, chosen: Selection, codes: np.ndarray,
           size: int) -> tuple[list[Interval | None], list[Interval | None]]:
    """Mean stars and balance by code; None throughout where the target is no rating."""
    if not product.has_stars:
        return [None] * size, [None] * size
    rated = rows[product.target.key].to_numpy(dtype=np.float64)[chosen.positions]
    usable = ~np.isnan(rated) & (codes >= 0)
    order = np.argsort(codes[usable], kind="stable")
    values, ends = rated[usable][order], np.searchsorted(codes[usable][order], np.arange(size + 1))
    parts = [values[a:b] for a, b in zip(ends[:-1], ends[1:], strict=True)]
    return [mean_interval(part) for part in parts], [mean_interval(_sides(part)) for part in parts]


def _details(rows: pd.DataFrame, product: Product, dimension: Dimension, chosen: Selection, codes: np.ndarray,
             size: int) -> list[str] | None:
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
    counts = np.bincount(pairs, minlength=size * len(names)).reshape(size, len(names))
    best = counts.argmax(axis=1)
    return [names[b] if counts[i, b] else "" for i, b in enumerate(best.tolist())]


def _against(interval: object, overall: float | None) -> str:
    low, high = getattr(interval, "low", None), getattr(interval, "high", None)
    if overall is None or low is None or high is None:
        return "unclear"
    return "above" if low > overall else "below" if high < overall else "unclear"


def _by_month(chosen: Selection) -> tuple[tuple[PeriodRate, ...], tuple[tuple[str, float], ...]]:
    dated = chosen.day > NO_DATE
    if not dated.any():
        return (), ()
    first = int(chosen.day[dated].min())
    calendar = np.arange(first, int(chosen.day[dated].max()) + 1).astype("datetime64[D]").astype("datetime64[M]")
    month_of_day = (calendar - calendar[0]).astype(np.int64)
    codes = np.where(dated, month_of_day[np.where(dated, chosen.day - first, 0)], -1)
    sums = tally(chosen, codes, int(month_of_day[-1]) + 1)
    names = [str(calendar[0] + month) for month in range(len(sums.rows))]
    intervals = wilson_many(sums.events, sums.known)
    months = tuple(PeriodRate(name, int(n), int(known), int(events), interval) for name, n, known, events, interval
                   in zip(names, sums.rows, sums.known, sums.events, intervals, strict=True) if n)
    predicted = tuple((name, float(risk / scored)) for name, risk, scored
                      in zip(names, sums.risk, sums.scored, strict=True) if scored)
    return months, predicted


def _heat(rows: pd.DataFrame, product: Product, chosen: Selection) -> tuple[HeatCell, ...]:
    """Weekday × days between contact and event; `rows` of a cell counts those with an outcome, the n of its rate.

    Weekdays on which nothing lies are left out. Empty without contact dates.
    """
    contact = product.by_role(Role.CONTACT)
    if contact is None or _is_absent(rows, contact.key):
        return ()
    booked = days(rows[contact.key])[chosen.positions]
    usable = (booked > NO_DATE) & (chosen.day > NO_DATE)
    bounds = np.array([low for _, low in LEAD_BUCKETS])
    lead = np.where(usable, chosen.day - booked, 0)
    bucket = np.searchsorted(bounds, lead, side="right") - 1
    weekday = (chosen.day + _THURSDAY) % 7
    codes = np.where(usable & (bucket >= 0), weekday * len(bounds) + bucket, -1)
    sums = tally(chosen, codes, 7 * len(bounds))
    intervals = wilson_many(sums.events, sums.known)
    busy = sums.rows.reshape(7, -1).sum(axis=1) > 0
    return tuple(HeatCell(WEEKDAYS[i // len(bounds)], LEAD_BUCKETS[i % len(bounds)][0], int(sums.known[i]), interval)
                 for i, interval in enumerate(intervals) if busy[i // len(bounds)])


def _is_absent(rows: pd.DataFrame, key: str) -> bool:
    column = rows[key]
    if isinstance(column.dtype, pd.CategoricalDtype):
        return not len(column) or int(column.cat.codes.max()) < 0
    return not bool(column.notna().any())


def _date(day: np.integer) -> dt.date:
    return dt.date(1970, 1, 1) + dt.timedelta(days=int(day))
