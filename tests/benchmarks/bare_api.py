"""What `bench_api` compares with: a FastAPI that calls `booster.predict` on ready columns, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import lightgbm as lgb
import numpy as np
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel


class Ready(BaseModel):
    """Rows of numbers, in the order of the boosters' columns."""

    rows: list[list[float | None]]


def write_boosters(home: str, model_id: str, folder: str) -> int:
    """Writes a model's boosters as LightGBM's own files (fresh process); gives the number of their columns."""
    os.environ["PRESENCA_HOME"] = home
    from pipeline import services
    from pipeline.services.models import models

    boosters = models.load(services.open_workspace(), model_id).boosters
    for number, booster in enumerate(boosters):
        booster.save_model(str(Path(folder) / f"{number}.txt"))
    return int(boosters[0].num_feature())


def application(folder: str) -> FastAPI:
    """The service over those files."""
    boosters = [lgb.Booster(model_file=str(path)) for path in sorted(Path(folder).glob("*.txt"))]
    app = FastAPI()

    @app.post("/predict")
    def predict(ready: Ready) -> list[float]:
        matrix = np.array(ready.rows, dtype=float)
        found = [np.asarray(booster.predict(matrix, num_threads=1)) for booster in boosters]
        return list(map(float, np.mean(found, axis=0)))

    return app


if __name__ == "__main__":
    import sys

    uvicorn.run(application(sys.argv[1]), host="127.0.0.1", port=int(sys.argv[2]), log_level="warning")
