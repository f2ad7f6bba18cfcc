"""The reader that ships with a product: it answers while a clinic has no model of its own, marked as what it is."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from pipeline.modeling.bundle import bundle
from pipeline.modeling.model import TrainedModel
from pipeline.records import STARTER_NAME, ModelInfo, dump_kept
from pipeline.services import catalog, clock
from pipeline.services.session import Permission, Session, needs
from pipeline.workspace.repositories.models import Origin


def shipped(product_key: str) -> TrainedModel | None:
    """The reader, checked as any bundle; None where the product ships none."""
    path = catalog.starter_file(product_key)
    return None if path is None else _load(path, product_key)


@lru_cache(maxsize=2)
def _load(path: Path, product_key: str) -> TrainedModel:
    return bundle.load(path, catalog.product(product_key), clock.today())


@needs(Permission.OPEN)
def info(session: Session, product_key: str) -> ModelInfo | None:
    """The reader as the workspace keeps it; it is put there when it is first asked for, and when a newer one ships."""
    path = catalog.starter_file(product_key)
    if path is None:
        return None
    data = path.read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    kept = session.workspace.starters(product_key)
    for old in kept:
        if old.sha256 == sha256:
            return old
    model = shipped(product_key)
    assert model is not None
    origin = Origin(
        product=product_key,
        dataset_id=None,
        dataset_name=STARTER_NAME,
        card_json=dump_kept(model.card),
        trained_until=None,
        auc_ahead=None,
    )
    made = session.workspace.add_model(data, origin)
    for old in kept:  # what an older reader read is read again by the new one
        session.workspace.delete_model(old.id)
    session.audit("starter_reader_added", model=made.id, product=product_key)
    return made
