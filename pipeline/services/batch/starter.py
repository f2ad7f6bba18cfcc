"""How the reader that ships with a product is made: from invented comments alone, the same each time."""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
from pathlib import Path

from pipeline.contract import Starter
from pipeline.errors import PresencaError
from pipeline.ingestion.intake import ingest
from pipeline.modeling.bundle import bundle
from pipeline.modeling.training import train
from pipeline.presentation import spreadsheets
from pipeline.records import STARTER_NAME, ModelCard
from pipeline.services import catalog
from pipeline.services.data.loading import Report
from pipeline.services.data.reading import read

_TODAY = dt.date(2026, 1, 1)  # nothing of it is dated: the same file whenever it is made


def texts_sha256(starter: Starter) -> str:
    """SHA-256 of what a starter learns from: its card says it, so that a stale one is found."""
    table = starter.texts(starter.seed)
    digest = hashlib.sha256()
    for column in table.columns:
        digest.update("\0".join(column.to_pylist()).encode())
    return digest.hexdigest()


def starter_of(product_key: str) -> Path:
    """The bundle of the reader that ships with a product. PresencaError where it ships none."""
    path = catalog.starter_file(product_key)
    if path is None:
        raise PresencaError("starter.none", product=catalog.product(product_key).title)
    return path


def make_starter(product_key: str, path: Path, progress: Report | None = None) -> ModelCard:
    """Makes the reader of a product, writes its bundle to `path` and gives its card.

    PresencaError where the product ships no reader.
    """
    starter_of(product_key)
    declared = catalog.product(product_key)
    starter = declared.starter
    assert starter is not None
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"{STARTER_NAME}.csv"
        source.write_bytes(spreadsheets.csv_bytes(starter.texts(starter.seed)))
        rows = ingest(read(source), declared, today=_TODAY).rows
    run = train.TrainingRun("fast", starter.seed, STARTER_NAME, texts_sha256(starter))
    model, _ = train.train(rows, declared, run, progress=progress)
    bundle.save(model, path)
    return model.card
