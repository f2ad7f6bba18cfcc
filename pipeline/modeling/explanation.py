"""Why a risk is what it is: exact SHAP values of the boosters, turned into points of risk.

A model is `z = intercept + slope · f`, with `f` the mean raw margin of its boosters, and `p = sigmoid(z)`.
SHAP values φ of `f` sum to `f − f₀`; the points of a factor are `slope · φ · (p − p₀) / (z − z₀)` (limit
`p(1 − p)` where z = z₀), so that they sum to `p − p₀` exactly. φ is tree-path-dependent SHAP (Lundberg et
al. 2020): LightGBM's own for few rows, woodelf's for many, which gives the same values in a fraction of the
time. woodelf is young, so a sample of its rows is compared with LightGBM's in each run. What is many, and which rows
are compared, goes by the whole work (`Whole`) and never by the rows in hand: a row has the same bits in any part of it.
Where comments are heard,
`f` is the boosters' margin plus the log-odds that words and sense give: they are factors of their own.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import lightgbm as lgb
import numpy as np
import pandas as pd

from pipeline.errors import IncompatibleBundle
from pipeline.modeling.model import TrainedModel
from pipeline.modeling.text.contributions import TextContribution
from pipeline.modeling.text.sense import made_up

_LOG = logging.getLogger(__name__)

MANY_ROWS = 3_000  # from here on woodelf takes less of a processor
CHUNK_ROWS = 250_000  # bounds the memory of one pass, whose start costs as much as some 25 thousand rows
SAMPLE_ROWS = 50  # rows of each run on which woodelf is compared with LightGBM
TOLERANCE = 1e-4  # in log-odds


@dataclass(frozen=True)
class Whole:
    """The work of which the rows in hand are all or a part: how many `rows` it has, and the number of each in hand.

    `trusted`: whether woodelf may be used; a part that found it wrong has the others done again without it. `threads`
    bounds LightGBM's.
    """

    rows: int
    numbers: np.ndarray
    trusted: bool = True
    threads: int | None = None

    @staticmethod
    def of(rows: int, threads: int | None = None) -> Whole:
        """So many rows, all of them in hand."""
        return Whole(rows, np.arange(rows), threads=threads)

    @property
    def many(self) -> bool:
        """Whether woodelf is worth its start."""
        return self.trusted and self.rows >= MANY_ROWS

    @property
    def compared(self) -> np.ndarray:
        """The places in hand of the rows that are compared: some `SAMPLE_ROWS` of the whole, by their numbers."""
        return np.flatnonzero(self.numbers % max(1, self.rows // SAMPLE_ROWS) == 0)


@dataclass(frozen=True)
class Explained:
    """Risks of n rows and what made them.

    `risk`: float64 (n); `reference`: the model's p₀; `points`: n × factors, float64, each row summing to
    `risk − reference`, in the order in which the factors' columns come. `rate` (n): points per log-odds. `agreed`:
    false where woodelf was found wrong, and LightGBM's own values stand for all of these rows.
    """

    risk: np.ndarray
    reference: float
    points: pd.DataFrame
    rate: np.ndarray
    agreed: bool = True


def predict(
    boosters: Sequence[lgb.Booster],
    table: pd.DataFrame | np.ndarray,
    slope: float,
    intercept: float,
    *,
    threads: int | None = None,
) -> np.ndarray:
    """Risks (n, float64) of the rows of `table`; see the module for the formula.

    Raises IncompatibleBundle when `table` lacks a column of the model.
    """
    frame = aligned(boosters[0], table)
    return _sigmoid(intercept + slope * raw_margin(boosters, frame, threads))


def explain(
    boosters: Sequence[lgb.Booster],
    table: pd.DataFrame | np.ndarray,
    factor_of: Mapping[str, str],
    slope: float,
    intercept: float,
    *,
    heard: Sequence[TextContribution] = (),
    whole: Whole | None = None,
) -> Explained:
    """Risks with their points by factor (`factor_of`: model column ->
    factor key; `heard`: what the rows' comments say; `whole`: of what the rows are a part, without it they are all).

    Raises IncompatibleBundle when `table` lacks a column of the model.
    """
    frame = aligned(boosters[0], table)
    factors = list(dict.fromkeys(factor_of[str(name)] for name in frame.columns))
    places = [factors.index(factor_of[str(name)]) for name in frame.columns]
    base = float(np.mean([_expected(booster, frame) for booster in boosters]))
    whole = whole or Whole.of(len(frame))
    margin = raw_margin(boosters, frame, whole.threads)
    phi = _factor_phi(boosters, frame, places, whole) if whole.many else None
    agreed = phi is not None or not whole.many
    if phi is None:
        phi = _factor_phi(boosters, frame, places, replace(whole, trusted=False))
    assert phi is not None, "LightGBM's own values are not compared"
    phi *= slope / len(boosters)
    for said in heard:
        factors, phi = [*factors, said.factor], np.column_stack([phi, slope * (said.log_odds - said.reference)])
        margin, base = margin + said.log_odds, base + said.reference
    z, z0 = intercept + slope * margin, intercept + slope * base
    risk, reference = _sigmoid(z), float(_sigmoid(np.array(z0)))
    rate = _rate(z, z0)
    points = pd.DataFrame(_as_points(phi, rate, risk - reference), columns=factors)
    return Explained(risk, reference, points, rate, agreed)


def self_test_risks(model: TrainedModel) -> np.ndarray:
    """Rows × questions: the answers to the rows of the self-test, the risk first."""
    table = pd.DataFrame(list(model.self_test.rows), columns=list(model.columns), dtype="float64")
    margins = [
        raw_margin(boosters, aligned(model.boosters[0], table), 1) if boosters else np.zeros(len(table))
        for boosters in (model.boosters, *(a.boosters for a in model.chain))
    ]
    return answers(model, np.column_stack(margins), model.self_test.comments)


def answers(model: TrainedModel, margins: np.ndarray, comments: Sequence[str]) -> np.ndarray:
    """Probabilities (rows × questions) of boosters' margins and what the comments of the self-test say.

    Their sense is made up: the answers must be the same on a machine without the encoder.
    """
    said = np.zeros_like(margins)
    if model.reader is not None:
        said = model.reader.log_odds(comments, made_up(len(comments)))
    scales = [(model.slope, model.intercept), *((a.slope, a.intercept) for a in model.chain)]
    return np.column_stack(
        [_sigmoid(intercept + slope * (margins[:, k] + said[:, k])) for k, (slope, intercept) in enumerate(scales)]
    )


def chain_answers(
    model: TrainedModel, table: pd.DataFrame, said: np.ndarray | None, threads: int | None = None
) -> np.ndarray:
    """Probabilities (rows × questions) of the questions after the risk; `said`: log-odds (rows × all questions)."""
    found = np.empty((len(table), len(model.chain)))
    for k, answer in enumerate(model.chain):
        margin = (
            raw_margin(answer.boosters, aligned(model.boosters[0], table), threads)
            if answer.boosters
            else np.zeros(len(table))
        )
        found[:, k] = _sigmoid(answer.intercept + answer.slope * (margin + (0.0 if said is None else said[:, k + 1])))
    return found


def _rate(z: np.ndarray, z0: float) -> np.ndarray:
    """Points per log-odds on the way from the reference to each row."""
    p, p0 = _sigmoid(z), float(_sigmoid(np.array(z0)))
    gap = z - z0
    near = np.abs(gap) < 1e-6
    return np.where(near, p * (1 - p), (p - p0) / np.where(near, 1.0, gap))


def _as_points(phi: np.ndarray, rate: np.ndarray, gap: np.ndarray) -> np.ndarray:
    """Log-odds contributions as points that sum to `gap` (p − p₀); float residue goes to the largest of each row."""
    points = phi * rate[:, None]
    if points.shape[1]:
        largest = np.abs(points).argmax(axis=1)
        points[np.arange(len(points)), largest] += gap - points.sum(axis=1)
    return points


def _factor_phi(
    boosters: Sequence[lgb.Booster], frame: pd.DataFrame, places: Sequence[int], whole: Whole
) -> np.ndarray | None:
    """φ by factor (rows × factors), summed over boosters; `places`: of each column, its factor. None where woodelf is
    to give them and errs. Columns are added one after the other: a product of matrices sums in an order of its own
    for each number of rows.
    """
    phi = np.zeros((max(places, default=-1) + 1, len(frame)))  # a factor lies in one piece while it is added to
    for booster in boosters:
        for start in range(0, len(frame), CHUNK_ROWS):
            part = slice(start, start + CHUNK_ROWS)
            values = _shap_values(booster, frame.iloc[part], replace(whole, numbers=whole.numbers[part]))
            if values is None:
                return None
            for column, place in zip(frame.columns, places, strict=True):
                if column in values:
                    phi[place, part] += values[column].to_numpy()
    return np.ascontiguousarray(phi.T)


def _shap_values(booster: lgb.Booster, frame: pd.DataFrame, whole: Whole) -> pd.DataFrame | None:
    """φ in log-odds (rows × those columns that may have any); None where woodelf is to give them and errs on those that
    are compared.
    """
    if not whole.many:
        return _own_shap(booster, frame, whole.threads)
    sample = frame.iloc[whole.compared]
    compared = pd.concat([sample, _with_gaps(sample)])
    fast = _woodelf_shap(booster, pd.concat([frame, compared], ignore_index=True))
    if fast is None:
        return None
    if len(compared):
        theirs = _own_shap(booster, compared, whole.threads)
        ours = fast.iloc[len(frame) :].reindex(columns=theirs.columns, fill_value=0.0)
        difference = np.abs(ours.to_numpy(dtype=np.float64) - theirs.to_numpy()).max()
        if difference > TOLERANCE:
            _LOG.warning("woodelf differs from pred_contrib by %.2g: using pred_contrib", difference)
            return None
    return fast.iloc[: len(frame)]


def _with_gaps(sample: pd.DataFrame) -> pd.DataFrame:
    """The same rows as they would be if every other column were unknown: ways through the trees that few rows take."""
    values = sample.to_numpy(copy=True)
    values[:, ::2] = np.nan
    return pd.DataFrame(values, columns=sample.columns)


def _own_shap(booster: lgb.Booster, frame: pd.DataFrame, threads: int | None) -> pd.DataFrame:
    values = booster.predict(frame, pred_contrib=True, validate_features=True, **_threads(threads))
    return pd.DataFrame(np.asarray(values, dtype=np.float64)[:, :-1], columns=frame.columns)


def _woodelf_shap(booster: lgb.Booster, frame: pd.DataFrame) -> pd.DataFrame | None:
    """woodelf's φ of the columns that the trees ask, or None where it can't read the booster."""
    from woodelf import WoodelfExplainer  # imports treelite: not needed for few rows

    try:
        # a table of all columns would be laid out, and copied, thrice
        return WoodelfExplainer(booster).shap_values(
            frame, verbose=False, as_df=True, exclude_zero_contribution_features=True
        )
    except Exception:  # noqa: BLE001 - whatever it is, the exact values can be had the slow way
        _LOG.exception("woodelf failed: using pred_contrib")
        return None


def raw_margin(boosters: Sequence[lgb.Booster], frame: pd.DataFrame, threads: int | None) -> np.ndarray:
    """The mean of the boosters' margins (n, log-odds) on rows with exactly their columns."""
    if not len(frame):
        return np.zeros(0)
    # a frame lies column by column: read so, each row is gathered from all over the memory, the slower the more rows
    names = boosters[0].feature_name()
    values = np.empty((len(frame), len(names)))
    for place, name in enumerate(names):
        values[:, place] = frame[name].to_numpy(dtype=np.float64)
    raw = [b.predict(values, raw_score=True, **_threads(threads)) for b in boosters]
    return np.asarray(sum(np.asarray(one, dtype=np.float64) for one in raw) / len(raw))


def _expected(booster: lgb.Booster, frame: pd.DataFrame) -> float:
    """f₀: the mean margin by the trees' own counts; the same whatever the row."""
    blank = pd.DataFrame(np.zeros((1, frame.shape[1])), columns=frame.columns)
    return float(np.asarray(booster.predict(blank, pred_contrib=True, num_threads=1))[0, -1])


def aligned(booster: lgb.Booster, table: pd.DataFrame | np.ndarray) -> pd.DataFrame:
    """`table` as float64 with exactly the booster's columns: LightGBM itself ignores names at predict."""
    names = booster.feature_name()
    if not isinstance(table, pd.DataFrame):
        table = pd.DataFrame(np.asarray(table), columns=names)
    missing = [name for name in names if name not in table.columns]
    if missing:
        raise IncompatibleBundle("bundle.columns_unknown", count=len(missing), example=missing[0])
    # column by column, since all of them at once would be copied, and the copy laid out anew
    columns = {name: table[name].to_numpy(dtype=np.float64) for name in names}
    return pd.DataFrame(columns, index=pd.RangeIndex(len(table)), columns=names, copy=False)


def grouped(columns: Sequence[str], factor_of: Mapping[str, str]) -> tuple[list[str], np.ndarray]:
    """Factor keys in order of appearance and the 0/1 matrix (columns × factors) that sums columns into them."""
    factors = list(dict.fromkeys(factor_of[name] for name in columns))
    grouping = np.zeros((len(columns), len(factors)))
    for i, name in enumerate(columns):
        grouping[i, factors.index(factor_of[name])] = 1.0
    return factors, grouping


def _threads(threads: int | None) -> dict[str, Any]:
    return {} if threads is None else {"num_threads": threads}


def _sigmoid(z: np.ndarray) -> np.ndarray:
    return np.where(z >= 0, 1.0, np.exp(-np.abs(z))) / (1.0 + np.exp(-np.abs(z)))
