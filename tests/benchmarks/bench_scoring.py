"""Scoring with reasons against LightGBM's own `pred_contrib` on the same rows and boosters, one thread each."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from tests.benchmarks import material
from tests.benchmarks.harness import Result, fresh, seconds_of, written

TITLE = "pontuar"
LIMIT = 1 / 12
HERE = "tests.benchmarks.bench_scoring"
REPEATS = 2
FEWEST = 0.9  # of the rows get a risk


def measure(quick: bool = False) -> list[Result]:
    """Features, risks, points and reasons in words, over `pred_contrib` alone; best of `REPEATS`, in turn."""
    rows = material.QUICK if quick else material.HUNDRED_THOUSAND
    home, _, model = material.workspace(rows)
    answer = fresh(
        f"{HERE}:both",
        str(home),
        model,
        str(material.sample(rows, True)),
        str(material.sample(rows)),
        threads=1,
        timeout=3600,
    ).answer
    ours, theirs = min(answer["ours"]), min(answer["theirs"])
    detail = (
        f"{written(ours)} s contra {written(theirs)} s; {answer['trees']} árvores, {written(rows)} linhas de passado; "
        f"primeira vez {written(answer['ours'][0])} s"
    )
    return [
        Result(
            f"{written(rows)} linhas com motivos",
            ours / theirs,
            None if quick else LIMIT,
            reference="pred_contrib, uma thread",
            detail=detail,
        )
    ]


def both(home: str, model_id: str, future: str, past: str) -> dict[str, object]:
    """Seconds of both, in turn (fresh process, one thread)."""
    os.environ["PRESENCA_HOME"] = home
    from pipeline import services
    from pipeline.insight.scoring import score
    from pipeline.services.models import models

    declared = services.product(material.PRODUCT)
    model = models.load(services.open_workspace(), model_id)
    rows = services.load(declared.key, Path(future)).rows
    history = services.load(declared.key, Path(past)).rows
    matrix = score.score(rows.iloc[:10], declared, model, history=history).features[list(model.columns)]

    def ours() -> None:
        nonlocal matrix
        scored = score.score(rows, declared, model, history=history, threads=1)
        has_risk = ~np.isnan(scored.risk)
        refused = sum(count for _, count in scored.summary.not_scored)  # cancelled beforehand: a known few
        answered = scored.summary.scored + refused == len(rows) and has_risk.mean() > FEWEST
        if not answered or not score.reasons(scored, rows, declared)[0].notes.any():
            raise RuntimeError("nem todas as linhas receberam risco e motivos")
        matrix = scored.features.loc[has_risk, list(model.columns)]

    def theirs() -> None:
        table = matrix.to_numpy()
        for booster in model.boosters:
            booster.predict(table, pred_contrib=True, num_threads=1)

    pairs = [(seconds_of(ours), seconds_of(theirs)) for _ in range(REPEATS)]
    trees = sum(booster.num_trees() for booster in model.boosters)
    return {"ours": [a for a, _ in pairs], "theirs": [b for _, b in pairs], "trees": trees}
