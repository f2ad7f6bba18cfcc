"""LightGBM models small enough to be trained in a test, on made-up columns with gaps."""

from __future__ import annotations

import lightgbm as lgb
import numpy as np
import pandas as pd

COLUMNS = ("lead_days", "unit_rate", "noise", "lead_log")
FACTOR_OF = {"lead_days": "lead_time", "unit_rate": "unit", "noise": "noise", "lead_log": "lead_time"}


def table_of(n: int, seed: int = 0) -> pd.DataFrame:
    """n × columns, with missing values, whole numbers and fractions."""
    rng = np.random.default_rng(seed)
    lead = rng.integers(0, 60, n).astype(float)
    lead[rng.random(n) < 0.1] = np.nan
    table = pd.DataFrame({"lead_days": lead, "unit_rate": rng.beta(2, 8, n), "noise": rng.normal(size=n)})
    return table.assign(lead_log=np.log1p(lead)).astype("float32")


def boosters_of(count: int, rounds: int = 25) -> tuple[lgb.Booster, ...]:
    """Boosters that differ by seed."""
    table = table_of(3000, seed=99)
    rng = np.random.default_rng(1)
    margin = -2 + 0.03 * table["lead_days"].fillna(10) + 3 * table["unit_rate"]
    label = (rng.random(len(table)) < 1 / (1 + np.exp(-margin))).astype(int)
    return tuple(
        lgb.train(
            {
                "objective": "binary",
                "num_leaves": 15,
                "num_threads": 1,
                "verbose": -1,
                "seed": seed,
                "bagging_fraction": 0.8,
                "bagging_freq": 1,
            },
            lgb.Dataset(table, label),
            rounds,
        )
        for seed in range(count)
    )
