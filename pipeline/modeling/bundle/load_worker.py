"""Loads model texts for the first time, in a process that may die of it.

Called through `sandbox.call`: whatever LightGBM does with the texts (abort, hang, ask for all memory) happens there,
under limits, and not to the one who asks. Of LightGBM only what reads a text and predicts is imported, so that it
starts quickly.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

from pipeline import sandbox_child

UNNEEDED = ("sklearn", "pandas", "pyarrow", "matplotlib", "graphviz", "dask")
"""What LightGBM imports if it is there and does without if not: four fifths of the time that its import takes."""


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """`request`: texts, columns, rows (None for missing), and how many texts each question has, in order (`questions`).
    Gives the mean margin of each row for each question (`margins`: rows × questions), the largest gap between a margin
    and its SHAP sum (`gap`), and the columns the texts name (`columns`)."""
    if sandbox_child.is_child():
        make_ready()
    import lightgbm as lgb
    import numpy as np

    boosters = [lgb.Booster(model_str=text) for text in request["texts"]]
    rows = np.array(request["rows"], dtype=np.float64).reshape(-1, len(request["columns"]))
    question = [place for place, count in enumerate(request["questions"]) for _ in range(count)]
    margins = np.zeros((len(rows), len(request["questions"])))
    gap = 0.0
    for place, booster in zip(question, boosters, strict=True):
        raw = np.asarray(booster.predict(rows, raw_score=True, num_threads=1))
        contributions = np.asarray(booster.predict(rows, pred_contrib=True, num_threads=1))
        gap = max(gap, float(np.abs(contributions.sum(axis=1) - raw).max(initial=0.0)))
        margins[:, place] += raw / question.count(place)
    return {"margins": margins.tolist(), "gap": gap, "columns": [b.feature_name() for b in boosters]}


def make_ready() -> None:
    """Loads LightGBM as if what it does without weren't there: only for a process of its own."""
    hidden = [name for name in UNNEEDED if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    importlib.import_module("lightgbm")
    for name in hidden:  # others in this process may need it
        del sys.modules[name]
