"""The measures of a list before anybody came: what they will be if its risks are right.

Confidence-based estimation (Białek, Kuberski, Perrakis & Bifet 2024, arXiv 2401.08348): each row counts as an event
with its risk p and as a non-event with 1 − p. So E[Brier] = mean p(1 − p); the expected reach is the sum of p over the
riskiest tenth, over the sum of all p; AUC is Σᵢ Σⱼ pᵢ (1 − pⱼ) [pᵢ > pⱼ, ties a half] / Σᵢ Σⱼ pᵢ (1 − pⱼ), i ≠ j. It
holds as far as the risks are calibrated: it is no test of them. The intervals draw the outcomes from the risks, and so
hold chance alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from pipeline import per_row
from pipeline.records import ExpectedSkill, Interval

DRAWS = 100
_LEAST = 50  # rows
_TOGETHER = 1 << 15  # rows whose numbers fit a core's cache
_EVENTS, _TENTH = "events", 0.1


@dataclass(frozen=True)
class _Ranked:
    """n risks from the highest on; of each how many are lower, and how many are not higher."""

    risk: np.ndarray
    below: np.ndarray
    within: np.ndarray

    @staticmethod
    def of(risk: np.ndarray) -> _Ranked:
        """Of risks in any order."""
        size = len(risk)
        falls = all((risk[b][1:] <= risk[b][:-1]).all() and (risk[b][:1] <= risk[:1]).all() for b in _pairs(size))
        falling = risk if falls else np.sort(risk)[::-1]
        rising = per_row.made(size, np.float64, lambda block: falling[::-1][block])
        return _Ranked(
            falling,
            per_row.made(size, np.int64, lambda block: np.searchsorted(rising, falling[block], side="left")),
            per_row.made(size, np.int64, lambda block: np.searchsorted(rising, falling[block], side="right")),
        )


def _pairs(size: int) -> Iterator[slice]:
    """Blocks of rows, each with the last of the one before."""
    return (slice(max(0, block.start - 1), block.stop) for block in per_row.blocks(size))


def expected_skill(risk: np.ndarray, *, seed: int = 7, draws: int = DRAWS) -> ExpectedSkill | None:
    """The expected measures of n calibrated risks with 95 % intervals; None under 50 rows. Of all rows no more than a
    block is in hand, if they fall already.
    """
    if len(risk) < _LEAST:
        return None
    rng, ranked = np.random.default_rng(seed), _Ranked.of(risk)
    drawn = _drawn(ranked, rng, draws)

    def held(value: float, name: str) -> Interval:
        values = drawn[name][np.isfinite(drawn[name])]
        return Interval(value, *np.percentile(values, [2.5, 97.5]).tolist()) if len(values) else Interval(value)

    return ExpectedSkill(
        rows=len(risk),
        events=Interval(float(risk.sum()), *np.percentile(drawn[_EVENTS], [2.5, 97.5]).tolist()),
        auc=held(_auc(ranked), "auc"),
        brier=held(_total(ranked.risk, lambda some: some * (1 - some)) / len(risk), "brier"),
        recall_at_10pct=held(_reach(ranked.risk), "recall_at_10pct"),
    )


def _drawn(ranked: _Ranked, rng: np.random.Generator, draws: int) -> dict[str, np.ndarray]:
    """The measures of outcomes drawn from the risks, and how many events each draw has; NaN where all are alike.

    Each is a sum over the rows that are events: of their ranks (AUC, as Mann and Whitney count it), of p (Brier: of all
    rows p², of events 1 − 2p more), and of the share of the row that lies in the riskiest tenth.
    """
    risk, size = ranked.risk, len(ranked.risk)
    rank = per_row.made(size, np.float64, lambda block: (ranked.below[block] + ranked.within[block] + 1) / 2)
    tenth, sums = _in_tenth(ranked), np.zeros((draws, 4))
    for draw in range(draws):
        for first in range(0, size, _TOGETHER):
            some = slice(first, min(first + _TOGETHER, size))
            came = rng.random(some.stop - first) < risk[some]
            one = came.astype(np.float64)
            reached = tenth[some]  # empty below the tenth
            sums[draw] += np.count_nonzero(came), _dot(rank[some], one), _dot(risk[some], one), _dot(reached, one)
    events, ranks, risks, reach = sums.T
    others = size - events
    with np.errstate(invalid="ignore", divide="ignore"):
        measures = {
            "auc": (ranks - events * (events + 1) / 2) / (events * others),
            "brier": (_total(risk, lambda some: some**2) + events - 2 * risks) / size,
            "recall_at_10pct": reach / events,
        }
    told = (events > 0) & (others > 0)
    return {_EVENTS: events, **{name: np.where(told, values, np.nan) for name, values in measures.items()}}


def _dot(weights: np.ndarray, came: np.ndarray) -> float:
    """Not by BLAS, whose threads cost more than so few numbers do."""
    return float(np.einsum("i,i->", weights, came[: len(weights)]))


def _in_tenth(ranked: _Ranked) -> np.ndarray:
    """Of the first rows, how much of each lies in the riskiest tenth: risks that are alike share what is left of it."""
    size = len(ranked.risk)
    last = int(np.ceil(_TENTH * size)) - 1
    first, end = size - int(ranked.within[last]), size - int(ranked.below[last])
    share = per_row.made(end, np.float64, lambda block: np.ones(block.stop - block.start))
    share[first:] = (_TENTH * size - first) / (end - first)
    return share


def expected_auc(risk: np.ndarray) -> float:
    """The AUC that calibrated risks promise (see the module); 0.5 where they are all alike."""
    return _auc(_Ranked.of(risk))


def _auc(ranked: _Ranked) -> float:
    risk, size = ranked.risk, len(ranked.risk)
    others = per_row.empty(size + 1, np.float64)  # of the k lowest, how many come to nothing
    others[0] = 0.0
    for block in per_row.blocks(size):
        others[block.start + 1 : block.stop + 1] = others[block.start] + np.cumsum(1 - risk[::-1][block])
    alone = _total(risk, lambda some: some * (1 - some))  # a row is never paired with itself
    pairs = _total(risk, lambda some: some) * float(others[-1]) - alone
    won = -alone / 2
    for block in per_row.blocks(size):
        won += float(risk[block] @ (others[ranked.below[block]] + others[ranked.within[block]])) / 2
    return float(won / pairs) if pairs > 0 else 0.5


def _total(values: np.ndarray, of: Callable[[np.ndarray], np.ndarray]) -> float:
    return float(sum(float(of(values[block]).sum()) for block in per_row.blocks(len(values))))


def _reach(falling: np.ndarray) -> float:
    """Share of the risk that lies in the riskiest tenth of rows."""
    tenth = _TENTH * len(falling)
    whole = int(tenth)
    inside = falling[:whole].sum() + (tenth - whole) * falling[min(whole, len(falling) - 1)]
    return float(inside / max(falling.sum(), 1e-12))
