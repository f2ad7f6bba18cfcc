"""Loads model texts for the first time, in a process that may die of it.

Run as `python -m pipeline.modeling.bundle.load_worker`: a JSON request on stdin, a JSON answer on stdout. Whatever
LightGBM does with the texts (abort, hang, ask for all memory) happens here, under limits, and not to the one who
asks. Imports nothing but LightGBM and `sandbox`, and of LightGBM only what reads a text and predicts, so that it
starts quickly.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from pipeline import sandbox

UNNEEDED = ("sklearn", "pandas", "pyarrow", "matplotlib", "graphviz", "dask")
"""What LightGBM imports if it is there and does without if not: four fifths of the time that its import takes."""


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """`request`: texts, columns, rows (None for missing), and how many texts each question has, in order (`questions`).
    Gives the mean margin of each row for each question (`margins`: rows × questions), the largest gap between a margin
    and its SHAP sum (`gap`), and the columns the texts name (`columns`)."""
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


def make_light() -> None:
    """From here on an import of what is not needed fails, as if it weren't there: only for a process of its own."""
    for name in UNNEEDED:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]


def main() -> int:
    """Reads, answers; exit code 0 only with an answer."""
    sandbox.LOADING.limit_resources()
    make_light()
    # LightGBM writes its warnings to stdout: keep the true one for the answer
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    result = answer(json.loads(sys.stdin.buffer.read()))
    json.dump(result, out)
    out.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
