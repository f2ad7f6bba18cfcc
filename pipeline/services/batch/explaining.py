"""Explanations for an analyst: the risks of a file as a `shap.Explanation`, for shap's own plots in a notebook."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.insight.scoring import score
from pipeline.modeling.text import sentence_encoder
from pipeline.services.batch import bundles
from pipeline.services.data.loading import ingest
from pipeline.services.data.reading import read

if TYPE_CHECKING:
    import shap

    from pipeline.contract import Product
    from pipeline.modeling.model import TrainedModel

OUTPUT = "log-odds"


def explain(
    model: Path | str, data: Path | str, *, history: Path | str | None = None, as_of: dt.date | None = None
) -> shap.Explanation:
    """The exact SHAP values of a file's risks by a trained model, for `shap.plots` in a notebook.

    `model`: a bundle (.zip); `data` and `history`: files as `score` takes them. Of the n rows that can be scored and
    the model's m factors: `values` (n × m) in calibrated log-odds, which with `base_values` (n) sum to the log-odds
    of each risk; `data` (n × m), the first model column of each factor, NaN where it is a comment or missing;
    `feature_names`, the factors' labels in Portuguese. Raises what reading a file and opening a bundle raise
    (`pipeline.errors`).
    """
    import shap  # numba and all: only for those who ask for it

    declared, trained = bundles.opened(Path(model))
    past = None if history is None else ingest(declared, read(Path(history))).rows
    rows, encoder = ingest(declared, read(Path(data))).rows, sentence_encoder.installed()
    scored = score.score(rows, declared, trained, history=past, as_of=as_of, encoder=encoder)
    told = ~np.isnan(scored.risk)
    factors = [str(name) for name in scored.points.columns]
    reference = float(scored.reference)
    base = _log_odds(np.array(reference))
    return shap.Explanation(
        values=_contributions(scored.risk[told], reference, scored.points.to_numpy()[told]),
        base_values=np.full(int(told.sum()), base),
        data=_data(scored.features[told], factors, trained),
        feature_names=[_label(declared, factor) for factor in factors],
        output_names=OUTPUT,
    )


def _contributions(risk: np.ndarray, reference: float, points: np.ndarray) -> np.ndarray:
    """Log-odds behind points: both are shares of one gap, in risk and in log-odds (see modeling.explanation)."""
    gap = risk - reference
    steep = risk * (1 - risk)  # the limit where a row is at the reference
    near = np.abs(gap) < 1e-9
    rate = np.where(near, 1 / steep, (_log_odds(risk) - _log_odds(np.array(reference))) / np.where(near, 1.0, gap))
    return points * rate[:, None]


def _log_odds(risk: np.ndarray) -> np.ndarray:
    return np.log(risk) - np.log1p(-risk)


def _data(features: pd.DataFrame, factors: list[str], model: TrainedModel) -> np.ndarray:
    first: dict[str, str] = {}
    for column in model.columns:
        first.setdefault(model.factor_of[column], column)
    blank = np.full(len(features), np.nan)
    return np.column_stack([features[first[f]].to_numpy(np.float64) if f in first else blank for f in factors])


def _label(declared: Product, factor: str) -> str:
    return declared.feature(factor).label
