"""On whom a contact works: the trials' effect, shrunk to what the clinic's own drawn arms show by channel, quarter of
risk and category.

Events of a cell are counted against the sum E of its predicted risks. Contacted: mean E * exp(level + effect); control:
E * exp(level); variance proportional to the mean. Effect = the trials' prior + channel + its quarter + its category +
both together, all of these drawn from normal distributions about 0 (a Poisson regression with random effects; Breslow &
Clayton 1993, JASA 88: 9), whose widths are those that make the data likeliest (empirical Bayes by Laplace's
approximation; Morris 1983, JASA 78: 47). The channel's own width is the prior's error, so that few rows leave the
trials' word and many replace it; from OWN_FROM judged appointments in each arm on it is not leant on at all.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from pipeline.action.effects.priors import HIGH_RISK, prior
from pipeline.records import Interval
from pipeline.records.effects import CameTo, EffectCell, EffectChannel

OWN_FROM = 1_000  # judged appointments in each arm from which a channel's trials are no longer leant on
LEAST_CONTACTED, LEAST_CONTROL = 60, 30  # judged rows from which a category has an effect of its own
QUARTERS = (1, 2, 3, 4)
_CHANNELS = tuple(EffectChannel)
_FLAT = 3.0  # error of a log ratio that is not leant on: a factor of 20
_LEVEL_ERROR = 0.3  # by how much the model's risks may be off in a quarter or a category
_WIDTHS = (0.05, 0.15, 0.3, 0.6)  # tried for quarters and for categories
_BOTH_WIDTHS = (0.05, 0.3)  # for what is only of a quarter and a category together
_ROUNDS = 30
_CLOSE = 1e-6
_Z95 = 1.959963984540054
_OTHER = ""


@dataclass(frozen=True)
class Cases:
    """Listed appointments with their outcomes, one place each: drawn to be contacted (bool), CameTo (int), patient,
    risk (float), quarter of it (int, 1 to 4), channel by which it is, or would have been, contacted (an EffectChannel),
    category of procedure (str).
    """

    contacted: np.ndarray
    came: np.ndarray
    patient: np.ndarray
    risk: np.ndarray
    quarter: np.ndarray
    channel: np.ndarray
    category: np.ndarray

    def of(self, which: np.ndarray) -> Cases:
        """Those of them that `which` (bool) names."""
        return Cases(*(part[which] for part in vars(self).values()))


@dataclass(frozen=True)
class Term:
    """One term: of the rows that have this channel, quarter and category; "" is any. `kind`: "level" (of both arms), or
    the effect that is of a "channel", a "quarter", a "category", or of "both".
    """

    kind: str
    channel: str = ""
    quarter: str = ""
    category: str = ""

    @property
    def is_effect(self) -> bool:
        """Whether only the contacted have it."""
        return self.kind != "level"


@dataclass(frozen=True)
class UpliftModel:
    """Effects by row: `mean` and `covariance` of its terms; `categories` that have one of their own; judged rows by
    channel, contacted and control; `spare`: variance of a category that it never saw.
    """

    terms: tuple[Term, ...]
    mean: np.ndarray
    covariance: np.ndarray
    categories: tuple[str, ...]
    counts: Mapping[EffectChannel, tuple[int, int]]
    spare: float
    cells: tuple[EffectCell, ...] = field(default=())

    def log_ratio(
        self, channel: np.ndarray, risk: np.ndarray, quarter: np.ndarray, category: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Log risk ratio of a contact and its standard error, per row."""
        first, place = _alike(channel, quarter, category)
        design = _design(self.terms, channel[first], quarter[first], category[first])
        spread = np.einsum("ij,jk,ik->i", design, self.covariance, design)
        spread += self.spare * ~np.isin(category[first].astype(str), self.categories)
        mean, error = _priors(channel, risk)
        untried = ~np.isin(channel[first].astype(str), [str(one) for one in self.counts])
        return mean + (design @ self.mean)[place], np.sqrt(spread[place] + np.where(untried[place], error**2, 0.0))

    def reduction(self, channel: np.ndarray, risk: np.ndarray, quarter: np.ndarray, category: np.ndarray) -> np.ndarray:
        """The share of the risk that a contact takes away, per row; below 0 where it adds to it."""
        return 1 - np.exp(self.log_ratio(channel, risk, quarter, category)[0])


def fit(cases: Cases) -> UpliftModel:
    """The effects that own data and trials let expect together; of no case at all, the trials' own."""
    judged = cases.of(np.isin(cases.came, (CameTo.EVENT, CameTo.NON_EVENT)) & (cases.risk > 0))
    categories = _own_categories(judged)
    counts = _counts(judged)
    terms = _terms(tuple(counts), categories)
    if not len(judged.came):
        return UpliftModel((), np.zeros(0), np.zeros((0, 0)), (), counts, 0.0)
    event = (judged.came == CameTo.EVENT).astype(np.float64)
    cells = _cells(judged, event, terms, categories)
    dispersion = _dispersion(judged, event)
    best = _best(cells, [_errors(terms, counts, widths) for widths in _tried(bool(categories))], dispersion)
    keep = np.flatnonzero([term.is_effect for term in terms])
    model = UpliftModel(
        tuple(terms[i] for i in keep),
        best.mean[keep],
        best.covariance[np.ix_(keep, keep)],
        categories,
        counts,
        _spare(terms, best),
    )
    return UpliftModel(**{**vars(model), "cells": told(model, judged)})


def _tried(categories: bool) -> Iterator[Mapping[str, float]]:
    """Widths by kind of term."""
    for quarter in _WIDTHS:
        for category, both in itertools.product(_WIDTHS, _BOTH_WIDTHS) if categories else [(_WIDTHS[0],) * 2]:
            yield {"quarter": quarter, "category": category, "both": both}


def told(model: UpliftModel, judged: Cases) -> tuple[EffectCell, ...]:
    """The effect of each channel in each quarter of risk, and in each category that has one of its own."""
    found = []
    for channel in model.counts:
        own = judged.channel == str(channel)
        for quarter in QUARTERS:
            found.append(_cell(model, judged, channel, own & (judged.quarter == quarter), quarter))
        for category in model.categories:
            found.append(_cell(model, judged, channel, own & (judged.category == category), 0, category))
    return tuple(cell for cell in found if cell is not None)


def _cell(
    model: UpliftModel, judged: Cases, channel: EffectChannel, own: np.ndarray, quarter: int, category: str = _OTHER
) -> EffectCell | None:
    """The mean effect over the rows of a cell; None where it has none."""
    if not own.any():
        return None
    rows = judged.of(own)
    logs, errors = model.log_ratio(rows.channel, rows.risk, rows.quarter, rows.category)
    mean, error = float(np.average(logs, weights=rows.risk)), float(np.average(errors, weights=rows.risk))
    ratio = Interval(math.exp(mean), math.exp(mean - _Z95 * error), math.exp(mean + _Z95 * error))
    contacted = int(rows.contacted.sum())
    return EffectCell(channel, quarter, category, ratio, contacted, len(rows.came) - contacted, _source(model, channel))


def _source(model: UpliftModel, channel: EffectChannel) -> str:
    least = min(model.counts.get(channel, (0, 0)))
    return "own" if least >= OWN_FROM else "both" if least else "trials"


def _counts(judged: Cases) -> dict[EffectChannel, tuple[int, int]]:
    found = {}
    for channel in _CHANNELS:
        own = judged.channel == str(channel)
        if own.any():
            contacted = int((own & judged.contacted).sum())
            found[channel] = contacted, int(own.sum()) - contacted
    return found


def _own_categories(judged: Cases) -> tuple[str, ...]:
    names = [name for name in np.unique(judged.category).tolist() if name]
    return tuple(
        name
        for name in names
        if (own := judged.category == name).any()
        and (own & judged.contacted).sum() >= LEAST_CONTACTED
        and (own & ~judged.contacted).sum() >= LEAST_CONTROL
    )


def _terms(channels: Sequence[EffectChannel], categories: Sequence[str]) -> tuple[Term, ...]:
    """Levels of both arms, then effects."""
    quarters = [str(quarter) for quarter in QUARTERS]
    return (
        Term("level"),
        *(Term("level", quarter=quarter) for quarter in quarters),
        *(Term("level", category=name) for name in categories),
        *(term for channel in channels for term in _effects(str(channel), quarters, categories)),
    )


def _effects(channel: str, quarters: Sequence[str], categories: Sequence[str]) -> Iterator[Term]:
    yield Term("channel", channel)
    yield from (Term("quarter", channel, quarter) for quarter in quarters)
    yield from (Term("category", channel, category=name) for name in categories)
    yield from (Term("both", channel, *pair) for pair in itertools.product(quarters, categories))


def _design(terms: Sequence[Term], channel: np.ndarray, quarter: np.ndarray, category: np.ndarray) -> np.ndarray:
    """float (rows, terms): which term each row has."""
    values = (channel.astype(str), quarter.astype(str), category.astype(str))
    found = np.ones((len(channel), len(terms)))
    for place, term in enumerate(terms):
        for own, wanted in zip(values, (term.channel, term.quarter, term.category), strict=True):
            if wanted:
                found[:, place] *= own == wanted
    return found


def _priors(channel: np.ndarray, risk: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Log ratio and its error by the trials, per row."""
    mean, error = np.zeros(len(risk)), np.zeros(len(risk))
    for one in _CHANNELS:
        for high in (False, True):
            believed = prior(one, HIGH_RISK if high else 0.0)
            own = (channel == str(one)) & ((risk >= HIGH_RISK) == high)
            mean[own], error[own] = believed.log_ratio, believed.error
    return mean, error


@dataclass(frozen=True)
class _Cells:
    """Rows alike in all that the model knows, added up: events, predicted events times the prior effect, terms."""

    events: np.ndarray
    expected: np.ndarray
    design: np.ndarray


def _cells(judged: Cases, event: np.ndarray, terms: Sequence[Term], categories: Sequence[str]) -> _Cells:
    category = np.where(np.isin(judged.category, categories), judged.category, _OTHER).astype(str)
    first, place = _alike(judged.channel, judged.quarter, category, judged.contacted)
    design = _design(terms, judged.channel[first], judged.quarter[first], category[first])
    design[np.ix_(~judged.contacted[first], np.array([term.is_effect for term in terms]))] = 0.0
    expected = judged.risk * np.where(judged.contacted, np.exp(_priors(judged.channel, judged.risk)[0]), 1.0)
    return _Cells(np.bincount(place, weights=event), np.bincount(place, weights=expected), design)


def _alike(*parts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of rows that are alike in all parts: the first of each kind, and of each row which kind it is."""
    place = np.zeros(len(parts[0]), dtype=np.int64)
    for part in parts:
        names, own = np.unique(part.astype(str) if part.dtype == object else part, return_inverse=True)
        place = place * (len(names) + 1) + own
    _, first, place = np.unique(place, return_index=True, return_inverse=True)
    return first, place


def _dispersion(judged: Cases, event: np.ndarray) -> float:
    """Variance by patient over that of Poisson counts (quasi-likelihood; McCullagh & Nelder 1989, ch. 9): above 1 where
    a patient always does the same, below 1 where risks are high; kept from an accident of few.
    """
    total = np.zeros(len(event))
    for arm in (judged.contacted, ~judged.contacted):
        for quarter in QUARTERS:
            own = arm & (judged.quarter == quarter)
            if own.any():
                total[own] = judged.risk[own] * event[own].sum() / judged.risk[own].sum()
    place = np.unique(judged.patient, return_inverse=True)[1]
    residuals = np.bincount(place, weights=event - total)
    return float(np.clip((residuals**2).sum() / max(total.sum(), 1e-9), 0.5, 20.0))


@dataclass(frozen=True)
class _Fitted:
    mean: np.ndarray
    covariance: np.ndarray
    evidence: float
    errors: np.ndarray


def _best(cells: _Cells, tried: Sequence[np.ndarray], dispersion: float) -> _Fitted:
    """The fit whose widths make the data likeliest; each begins where the one before it ended."""
    best, start = None, np.zeros(cells.design.shape[1])
    for errors in tried:
        found = _fitted(cells, errors, dispersion, start)
        start = found.mean
        if best is None or found.evidence > best.evidence:
            best = found
    assert best is not None
    return best


def _fitted(cells: _Cells, errors: np.ndarray, dispersion: float, start: np.ndarray) -> _Fitted:
    """The likeliest terms (Newton's method) that have these standard deviations about 0, their covariance, and how
    likely the data are.
    """
    precision = np.diag(errors**-2)
    found = start.copy()
    for _ in range(_ROUNDS):
        mean = cells.expected * np.exp(np.clip(cells.design @ found, -10, 10))
        slope = cells.design.T @ (cells.events - mean) / dispersion - precision @ found
        curve = (cells.design.T * mean) @ cells.design / dispersion + precision
        step = np.linalg.solve(curve, slope)
        found = found + step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-12))
        if np.abs(step).max() < _CLOSE:
            break
    linear = np.clip(cells.design @ found, -10, 10)
    likelihood = (cells.events * linear - cells.expected * np.exp(linear)).sum() / dispersion
    evidence = likelihood - (found**2 / errors**2).sum() / 2 - np.log(errors).sum() - np.linalg.slogdet(curve)[1] / 2
    return _Fitted(found, np.linalg.inv(curve), float(evidence), errors)


def _spare(terms: Sequence[Term], best: _Fitted) -> float:
    """Variance of the effect of a category that has none of its own."""
    of = [float(error) for term, error in zip(terms, best.errors, strict=True) if term.kind == "category"]
    return of[0] ** 2 if of else 0.0


def _errors(
    terms: Sequence[Term], counts: Mapping[EffectChannel, tuple[int, int]], widths: Mapping[str, float]
) -> np.ndarray:
    return np.array([_error(term, counts, widths) for term in terms])


def _error(term: Term, counts: Mapping[EffectChannel, tuple[int, int]], widths: Mapping[str, float]) -> float:
    """The standard deviation of a term about 0."""
    if term.kind == "channel":
        channel = EffectChannel(term.channel)
        return _FLAT if min(counts[channel]) >= OWN_FROM else prior(channel, HIGH_RISK).error
    if term.kind == "level":
        return _LEVEL_ERROR if term.quarter or term.category else _FLAT
    return widths[term.kind]
