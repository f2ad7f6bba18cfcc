"""The use case of a model that comes from elsewhere: its level is set from what is known here."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from pipeline.contract import Product
from pipeline.insight.scoring import score
from pipeline.modeling.bundle import bundle
from pipeline.modeling.levelling import Place, levelled
from pipeline.modeling.model import TrainedModel
from pipeline.records import ModelInfo
from pipeline.services import catalog
from pipeline.services.data import senses
from pipeline.services.models import models
from pipeline.services.session import Permission, Session, needs


@needs(Permission.CHANGE_MODELS)
def set_level(
    session: Session, dataset_id: str, model_id: str, *, slope: bool = False, apart: np.ndarray | None = None
) -> ModelInfo:
    """A copy of the model at the level of a data set that it did not learn from, put to use in that data set's series.

    `slope`: whether its slope is set as well; `apart`: mask of rows that are no measure of it, as somebody had reached
    the patient before. The model itself stays as it is. NotEnoughData where too few rows that it can tell a risk of
    have an outcome.
    """
    info = session.workspace.dataset(dataset_id)
    model, declared = models.load(session, model_id), catalog.product(info.product)
    risk, outcome = known_rows(session, dataset_id, declared, model, apart=apart)
    made = levelled(model, risk, outcome, Place(info.name, info.last_date), slope=slope)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.zip"
        bundle.save(made, path, product=declared, key=session.workspace.key)
        known_as = info.name if session.workspace.model(model_id).is_starter else model.card.data_name
        kept = models.add(session, path.read_bytes(), made.card, models.Source(None, known_as, info.series))
    models.use(session, kept.id)
    session.audit("level_set", dataset=dataset_id, model=kept.id, origin=model_id, rows=len(outcome))
    return kept


@needs(Permission.READ_DATA)
def known_rows(
    session: Session,
    dataset_id: str,
    declared: Product,
    model: TrainedModel,
    most: int | None = None,
    apart: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """(risks, outcomes) of the rows with a risk whose outcome is known, but for the mask `apart`; or of `most` of
    them, evenly spread.
    """
    rows = session.workspace.rows(dataset_id)
    told_apart = np.zeros(len(rows), dtype=bool) if apart is None else apart
    known = np.flatnonzero(rows["outcome"].notna().to_numpy() & ~told_apart)
    if most is not None and len(known) > most:
        known = known[np.linspace(0, len(known) - 1, most).astype(int)]
    chosen = rows.iloc[known].reset_index(drop=True)
    if not len(chosen):
        return np.zeros(0), np.zeros(0)
    encoder = senses.encoder_of(session, dataset_id, model)
    risk = score.score(chosen, declared, model, encoder=encoder).risk
    told = ~np.isnan(risk)  # none where the model learnt from the row's own days
    return risk[told], chosen["outcome"].to_numpy(dtype=np.float64)[told]
