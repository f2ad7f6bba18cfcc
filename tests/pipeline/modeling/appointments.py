"""Typed rows full of coincidences: few patients, few units, few days, gaps everywhere."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.contract import FieldKind
from pipeline.products.no_show import PRODUCT

STATES = ["event", "non_event", "pending", "excluded", "unknown"]
FIRST = np.datetime64("2026-01-05")


def crowded(n: int, seed: int, days: int = 30) -> pd.DataFrame:
    """`n` rows of six patients and three units within `days`, with missing ids, contacts, units and outcomes."""
    rng = np.random.default_rng(seed)
    event = rng.integers(0, days, n)
    contact = event - rng.integers(0, 12, n)
    state = rng.choice(STATES, n, p=[0.3, 0.45, 0.1, 0.05, 0.1])
    frame: dict[str, object] = {"row": np.arange(2, n + 2)}
    for field in PRODUCT.fields:
        if field.kind is FieldKind.DATE:
            frame[field.key] = np.full(n, np.datetime64("NaT", "us"))
        else:
            frame[field.key] = pd.Categorical([None] * n, categories=pd.Index([], dtype="str"))
        if field.keeps_time:
            frame[field.hour_column] = rng.choice([8.0, 14.0, np.nan], n).astype("float32")
    frame["patient_id"] = _some(rng, [f"P{i}" for i in range(6)], n)
    frame["unit"], frame["health_plan"] = _some(rng, ["Sé", "SÉ", "Norte"], n), _some(rng, ["SUS", "Amil"], n)
    frame["uf"], frame["procedure"] = _some(rng, ["SP", "PE"], n), _some(rng, ["Consulta", "Raio-X"], n)
    frame["sex"] = pd.Categorical(rng.choice(["Masculino", "Feminino"], n), ["Masculino", "Feminino", "Indefinido"])
    frame["scheduled_date"] = (FIRST + event).astype("datetime64[us]")
    frame["contact_date"] = np.where(rng.random(n) < 0.1, np.datetime64("NaT"), FIRST + contact).astype(
        "datetime64[us]"
    )
    frame["age"] = rng.integers(0, 90, n).astype("float32")
    frame["state"] = pd.Categorical(state, STATES)
    frame["outcome"] = np.select([state == "event", state == "non_event"], [1.0, 0.0], np.nan).astype("float32")
    return pd.DataFrame(frame)


def _some(rng: np.random.Generator, values: list[str], n: int) -> pd.Categorical:
    return pd.Categorical.from_codes(rng.integers(-1, len(values), n), pd.Index(values, dtype="str"))


def with_outcomes(rows: pd.DataFrame, where: np.ndarray, states: np.ndarray) -> pd.DataFrame:
    """The rows with other states, and the outcomes that belong to them, where `where` says so."""
    state = np.where(where, states, rows["state"].astype("object").to_numpy())
    outcome = np.select([state == "event", state == "non_event"], [1.0, 0.0], np.nan).astype("float32")
    return rows.assign(state=pd.Categorical(state, STATES), outcome=outcome)
