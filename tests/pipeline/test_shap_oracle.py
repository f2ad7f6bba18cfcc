"""Our explanations against shap's own TreeExplainer on trained models of both products;
and what an analyst is given.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import pipeline
from pipeline import services
from pipeline.insight.scoring import score
from pipeline.modeling.bundle import bundle
from pipeline.modeling.model import TrainedModel
from tests.conftest import ROOT
from tests.pipeline.test_kept_workspace import KEPT, SAID

MODELS = {"no_show": SAID["list"]["model"], "satisfaction": SAID["voice"]["model"]}
ROWS = 80


@pytest.fixture(params=sorted(MODELS), scope="module")
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path, Path]:
    """Key of a product, a trained model, a file of its sample's upcoming rows."""
    folder = tmp_path_factory.mktemp(request.param)
    with zipfile.ZipFile(KEPT) as kept:
        model = Path(kept.extract(f"models/{MODELS[request.param]}.zip", folder))
    data = folder / "linhas.csv"
    services.write_sample(request.param, data, ROWS, 5, future=True)
    return request.param, model, data


def _by_shap(model: TrainedModel, features: pd.DataFrame, factors: list[str]) -> np.ndarray:
    """Mean tree SHAP of the boosters by shap's own code, scaled as the model is and summed by factor."""
    table = pd.DataFrame(features[list(model.columns)].to_numpy(np.float64), columns=list(model.columns))
    values = np.mean([_positive(own_explainer(booster).shap_values(table)) for booster in model.boosters], axis=0)
    frame = pd.DataFrame(model.slope * values, columns=[model.factor_of[c] for c in model.columns])
    return frame.T.groupby(level=0).sum().T.reindex(columns=factors).to_numpy()


def own_explainer(booster: Any) -> Any:
    """shap would ask LightGBM itself (`pred_contrib`), and we would be held against ourselves:
    its own C++ is made to.
    """
    import shap  # here: it loads matplotlib, in each worker

    explainer = shap.TreeExplainer(booster)
    explainer.model.model_type = "internal"
    return explainer


def _positive(values: Any) -> np.ndarray:
    """shap gives one array, or one a class with the event's last."""
    return np.asarray(values[-1] if isinstance(values, list) else values, dtype=np.float64)


def test_values_are_those_of_shap_and_add_up(case: tuple[str, Path, Path]) -> None:
    key, path, data = case
    declared = services.product(key)
    model, rows = bundle.load(path, declared), services.load(key, data).rows
    scored = score.score(rows, declared, model)
    told = ~np.isnan(scored.risk)
    assert told.sum() > ROWS / 2

    found = pipeline.explain(path, data)
    log_odds = np.log(scored.risk[told] / (1 - scored.risk[told]))
    assert found.values.sum(axis=1) + found.base_values == pytest.approx(log_odds, abs=1e-9)

    factors = [str(name) for name in scored.points.columns]
    trees = [i for i, factor in enumerate(factors) if factor in set(model.factor_of.values())]
    theirs = _by_shap(model, scored.features[told], [factors[i] for i in trees])
    assert np.abs(theirs).max() > 0.01
    assert found.values[:, trees] == pytest.approx(theirs, abs=1e-6)
    if model.reader is not None:  # what the words say stands beside the trees, and nothing else does
        assert len(trees) == len(factors) - 1


def test_an_analyst_gets_what_shaps_plots_take(case: tuple[str, Path, Path]) -> None:
    key, path, data = case
    found = pipeline.explain(path, data)
    labels = {spec.label for spec in services.product(key).features}
    import shap

    assert isinstance(found, shap.Explanation) and set(found.feature_names) <= labels
    assert found.values.shape == found.data.shape == (len(found.base_values), len(found.feature_names))
    assert np.isfinite(found.values).all()
    first = found[0]
    assert first.values.shape == (len(found.feature_names),)
    weights = found.abs.mean(0)
    assert weights.values.shape == (len(found.feature_names),) and (weights.values >= 0).all()


def test_the_readme_tells_of_it() -> None:
    assert "pipeline.explain(" in (ROOT / "README.md").read_text("utf-8")
