"""Words that cards of earlier versions were kept with, and the keys that stand for them today."""

from __future__ import annotations

REFERENCES = {
    "Modelo": "model",
    "Antecedência apenas": "lead_time",
    "Taxa média": "overall_rate",
    "Regressão logística": "logistic_regression",
    "TF-IDF e logística": "tf_idf",
}
