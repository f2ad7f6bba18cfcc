"""A model of the first part of made-up rows, and the rows as a file, for tests that judge it on the rest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from pipeline.modeling import explanation
from pipeline.modeling.bundle import bundle
from pipeline.modeling.model import SelfTest, TrainedModel
from pipeline.products.no_show import PRODUCT
from tests.pipeline.insight.trained import trained_on

UNTIL = pd.Timestamp("2026-03-20")


def trained_early(rows: pd.DataFrame, rounds: int, off: float = 0.0) -> TrainedModel:
    """A model of the rows before UNTIL that can be saved and opened, its level `off` by as many log-odds."""
    found = trained_on(rows[rows["scheduled_date"] < UNTIL].reset_index(drop=True), rounds)
    found = replace(found, slope=1.0, intercept=off, self_test=SelfTest(((None,) * len(found.columns),), ()))
    return found.with_self_test(explanation.self_test_risks(found))


def written(rows: pd.DataFrame, path: Path) -> None:
    """The typed rows as a file of the product's own headers."""
    table = pd.DataFrame(
        {
            field.label: rows[field.key].dt.strftime("%d/%m/%Y") if field.key.endswith("_date") else rows[field.key]
            for field in PRODUCT.asked
        }
    )
    table[PRODUCT.target.label] = table[PRODUCT.target.label].astype("object").where(rows["outcome"].notna(), None)
    table.to_csv(path, sep=";", index=False)


def saved(model: TrainedModel, path: Path) -> bytes:
    """The model as a bundle."""
    bundle.save(model, path)
    return path.read_bytes()
