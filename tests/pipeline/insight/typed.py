"""Typed rows as ingestion would give them, small and made up, for the tests of insight."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.contract import FieldKind, Product
from pipeline.modeling.model import OutOfFoldPredictions
from pipeline.products.no_show import PRODUCT

UNITS = ("Clínica Boa Viagem", "Clínica Sé", "Hospital do Norte", "Unidade *Leste*")
UFS = ("PE", "SP", "PA", "SP")
PLANS = ("Amil", "Bradesco", "Particular", "SUS")
PROCEDURES = ("Consulta Urologista", "Ressonância de Pelve", "Tomografia de Tórax")


def typed_rows(n: int = 600, seed: int = 0, product: Product = PRODUCT, first: str = "2026-01-05") -> pd.DataFrame:
    """`n` appointments over 120 days, about a third of a day's worth cancelled, pending or without status."""
    rng = np.random.default_rng(seed)
    scheduled = pd.Timestamp(first) + pd.to_timedelta(np.sort(rng.integers(0, 120, n)), unit="D")
    lead = rng.integers(0, 70, n)
    unit = rng.integers(0, len(UNITS), n)
    event = rng.random(n) < 0.1 + 0.004 * lead + 0.05 * (unit == 2)
    state = np.where(rng.random(n) < 0.05, "unknown", np.where(event, "event", "non_event"))
    frame: dict[str, object] = {
        "row": np.arange(2, n + 2),
        "patient_id": pd.Categorical([f"P{i:04d}" for i in rng.integers(0, max(n // 3, 1), n)]),
        "birth_date": (pd.Timestamp("1980-01-01") + pd.to_timedelta(rng.integers(-9000, 9000, n), unit="D")),
        "sex": pd.Categorical(rng.choice(["Masculino", "Feminino"], n), ["Masculino", "Feminino", "Indefinido"]),
        "contact_date": scheduled - pd.to_timedelta(lead, unit="D"),
        "scheduled_date": scheduled,
        "status": pd.Categorical(np.where(state == "event", "No Show", "Realizado")),
        "booking_channel": pd.Categorical(rng.choice(["Call Center", "Presencial"], n)),
        "appointment_type": pd.Categorical(["Consulta"] * n),
        "exam_category": pd.Categorical([None] * n, categories=pd.Index([], dtype="str")),
        "procedure": pd.Categorical(rng.choice(PROCEDURES, n)),
        "unit": pd.Categorical.from_codes(unit, UNITS),
        "uf": pd.Categorical(np.array(UFS)[unit]),
        "health_plan": pd.Categorical.from_codes(rng.integers(-1, len(PLANS), n), PLANS),
    }
    for field in product.fields:
        if field.kind is FieldKind.DATE and field.key in frame:
            frame[field.key] = pd.Series(frame[field.key]).astype("datetime64[us]").to_numpy()
        if field.keeps_time:
            frame[field.hour_column] = rng.choice([7.0, 14.5, np.nan], n).astype("float32")
    frame["age"] = rng.integers(0, 95, n).astype("float32")
    frame["state"] = pd.Categorical(state, ["event", "non_event", "pending", "excluded", "unknown"])
    frame["outcome"] = np.select([state == "event", state == "non_event"], [1.0, 0.0], np.nan).astype("float32")
    return pd.DataFrame(frame)


def past_risks(rows: pd.DataFrame, seed: int = 0, skip: int = 100) -> OutOfFoldPredictions:
    """Made-up risks for all rows but the first `skip`, in an order that is not the rows'."""
    rng = np.random.default_rng(seed)
    number = rng.permutation(rows["row"].to_numpy()[skip:])
    points = pd.DataFrame(rng.normal(0, 0.03, (len(number), 3)).astype("float32"), columns=["lead_time", "unit", "age"])
    reference = np.where(number % 2 == 0, 0.2, 0.22)
    risk = reference + points.to_numpy(dtype=np.float64).sum(axis=1)
    return OutOfFoldPredictions(row=number, risk=risk, reference=reference, points=points)
