"""Exact tree SHAP for many rows: ours against `shap.TreeExplainer` on the same boosters, and how far they differ."""

from __future__ import annotations

import os
from pathlib import Path

from tests.benchmarks import material
from tests.benchmarks.harness import Result, fresh, seconds_of, written

TITLE = "explicar"
LIMIT = 1.0
CLOSE = 1e-5  # log-odds
HERE = "tests.benchmarks.bench_explaining"


def measure(quick: bool = False) -> list[Result]:
    """Seconds of both over the same table, one thread; the largest difference of a value."""
    rows = material.QUICK if quick else 20_000
    home, _, model = material.workspace(material.QUICK if quick else material.HUNDRED_THOUSAND)
    answer = fresh(f"{HERE}:both", str(home), model, str(material.sample(rows, True)), threads=1, timeout=3600).answer
    if answer["difference"] > CLOSE:
        raise RuntimeError(f"os valores diferem de shap por {answer['difference']:.2g} em log-odds")
    detail = (
        f"{written(answer['ours'])} s contra {written(answer['theirs'])} s; maior diferença {answer['difference']:.1g}"
    )
    ratio = answer["ours"] / answer["theirs"]
    limit = None if quick else LIMIT
    return [Result(f"{written(rows)} linhas", ratio, limit, reference="shap.TreeExplainer, uma thread", detail=detail)]


def both(home: str, model_id: str, future: str) -> dict[str, float]:
    """Seconds of both and the largest difference (fresh process, one thread)."""
    os.environ["PRESENCA_HOME"] = home
    import numpy as np
    import pandas as pd
    import shap

    from pipeline import services
    from pipeline.insight.scoring import score
    from pipeline.modeling import explanation
    from pipeline.services.models import models

    declared = services.product(material.PRODUCT)
    model = models.load(services.open_workspace(), model_id)
    features = score.score(services.load(declared.key, Path(future)).rows, declared, model).features
    table = features[list(model.columns)].astype("float64")
    whole = explanation.Whole.of(len(table), 1)
    found: dict[str, np.ndarray] = {}

    def ours() -> None:
        found["ours"] = np.mean([complete(explanation._shap_values(b, table, whole)) for b in model.boosters], axis=0)

    def complete(values: pd.DataFrame) -> np.ndarray:
        return values.reindex(columns=table.columns, fill_value=0.0).to_numpy()

    def by_shap(booster: object) -> np.ndarray:
        explainer = shap.TreeExplainer(booster)
        explainer.model.model_type = "internal"  # shap's own C++, in place of LightGBM's pred_contrib
        return explainer.shap_values(table)

    def theirs() -> None:
        values = [by_shap(b) for b in model.boosters]
        found["theirs"] = np.mean([v[-1] if isinstance(v, list) else v for v in values], axis=0)

    times = {"ours": seconds_of(ours), "theirs": seconds_of(theirs)}
    return times | {"difference": float(np.abs(found["ours"] - found["theirs"]).max())}
