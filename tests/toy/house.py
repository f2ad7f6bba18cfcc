"""The house with other products in it: the one place where tests put a product on the shelf."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from pipeline import services
from pipeline.contract import Product
from pipeline.modeling.bundle import bundle
from pipeline.modeling.model import TrainedModel
from pipeline.modeling.training import boosting
from pipeline.records import SeriesInfo
from pipeline.services import Workspace, catalog, job_process
from pipeline.services.data import datasets, series
from pipeline.services.data.placing import Into
from pipeline.services.models import models
from pipeline.workspace.jobs import processes

TODAY = "2026-11-23"
# a model with everything, soon there; the sense of comments, which takes minutes, has tests of its own
TINY = boosting.Effort(seeds=1, rounds=40, learning_rate=0.1, resamples=60, reads_sense=False)


_ANSWERED: dict[str, dict[str, Any]] = {}
_ask_child = bundle._ask_child


def ask_once(request: dict[str, Any]) -> dict[str, Any]:
    """What the process that loads a model first answers of it. Each test has a copy of one workspace: the same model
    would be asked of a new process in each.
    """
    asked = json.dumps(request)
    if asked not in _ANSWERED:
        _ANSWERED[asked] = _ask_child(request)
    return _ANSWERED[asked]


_LOADED: dict[tuple[str, str, int, dt.date], TrainedModel] = {}
_load = models._load.__wrapped__


def load_once(path: Path, sha256: str, product_key: str, today: dt.date) -> TrainedModel:
    """The model in a bundle, checked once for all copies of a workspace that hold the same bytes."""
    found = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
    same = found, product_key, id(catalog.product(product_key)), today
    if same not in _LOADED:
        _LOADED[same] = _load(path, sha256, product_key, today)
    return _LOADED[same]


def move_in(
    patch: pytest.MonkeyPatch, samples: Path, *products: Product, rows: int = 1_500, upcoming: int = 60
) -> None:
    """Makes `products` the only ones there are, writes their samples (once),
    fixes the day, and makes fast trainings faster.
    """
    patch.setenv("PRESENCA_TODAY", TODAY)
    patch.setattr(catalog, "all_products", lambda: products)
    patch.setattr(catalog, "SAMPLES", samples)
    patch.setitem(boosting.EFFORTS, "fast", TINY)
    patch.setattr(bundle, "_ask_child", ask_once)
    patch.setattr(models, "_load", load_once)
    patch.setattr(os, "cpu_count", lambda: 1)  # threads of LightGBM that wait for each other cost more than they give
    for product in products:
        for role, name in product.sample.files:
            many = upcoming if role == "future" else rows
            if not (samples / name).exists():
                services.write_sample(
                    product.key, samples / name, many, 7, future=role == "future", errors=role == "errors"
                )


def train_here(patch: pytest.MonkeyPatch) -> None:
    """Runs a job in this process, at once: another process would not know products of the tests."""

    def start(command: list[str], **_: Any) -> int:
        job_process.run_job(command[-1])
        return os.getpid()

    patch.setattr(processes, "start", start)


def fill(home: Path, patch: pytest.MonkeyPatch, product_key: str) -> Workspace:
    """A workspace in `home` with the samples of a product and a model that learnt, fast, from the past one."""
    patch.setenv("PRESENCA_HOME", str(home))
    train_here(patch)
    workspace = services.open_workspace()
    kept = datasets.keep_samples(workspace, product_key)
    job = models.start_training(workspace, kept[0].id, effort="fast")
    assert job.state == "done", job.message
    return workspace


def own_clinic(workspace: Workspace, product_key: str, name: str) -> SeriesInfo:
    """A clinic's own series in a workspace that `fill` made: a file of it, and the model that learnt from that one."""
    past = catalog.sample_file(product_key, "past")
    assert past is not None
    info = datasets.keep(workspace, product_key, past, f"{name} agosto.csv", into=Into(name=name))
    learnt = models.models(workspace, product_key)[0]
    source = models.Source(info.id, info.name, info.series)
    content = workspace.bundle_path(learnt.id).read_bytes()
    kept = models.add(workspace, content, models.card(workspace, learnt.id), source)
    own = series.known(workspace, info.series)
    assert own is not None and own.model_id == kept.id
    return own
