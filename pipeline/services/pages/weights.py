"""How factors weigh on past rows: the spread of their points, points against a factor's values, and which factors act
together: this is made once and kept as long as the past risks are the same.
"""

from __future__ import annotations

import pandas as pd

from pipeline.contract import Product
from pipeline.insight.groups import pairs, weights
from pipeline.insight.groups.overview import Filters
from pipeline.insight.scoring import together as drawing
from pipeline.modeling.model import OutOfFoldPredictions
from pipeline.records import Dependence, JointWeights, ModelInfo, WeightSpread
from pipeline.services import catalog
from pipeline.services.data import coded, senses, series
from pipeline.services.data.own_units import OwnRows
from pipeline.services.models import models
from pipeline.services.pages import risk
from pipeline.services.session import Permission, Session, needs

MOST = coded.MOST_WHOLE
FEW_TOGETHER = pairs.FEW  # rows of a sample: fewer do not tell which factors act together


@needs(Permission.OPEN)
def can_tell(session: Session, dataset_id: str) -> bool:
    """Whether a data set has no more rows (MOST) than those of which all points are looked at."""
    return coded.is_whole(session, dataset_id)


@needs(Permission.READ_AGGREGATES, by_unit=True)
def spread(session: Session, dataset_id: str, model_id: str, filters: Filters) -> WeightSpread | None:
    """The spread of the strongest factors under the filters; None where too few rows have a risk."""
    past = risk.past_risks(session, dataset_id, model_id)
    if past is None:
        return None
    rows, product = _rows(session, dataset_id)
    return weights.spread(rows, past, product, filters)


@needs(Permission.READ_AGGREGATES, by_unit=True)
def dependence(session: Session, dataset_id: str, model_id: str, factor: str, filters: Filters) -> Dependence | None:
    """A factor's points against its values under the filters; None where they can't be seen."""
    past = risk.past_risks(session, dataset_id, model_id)
    if past is None:
        return None
    rows, product = _rows(session, dataset_id)
    return weights.dependence(rows, past, product, factor, filters)


@needs(Permission.READ_AGGREGATES, by_unit=True)
def together(session: Session, dataset_id: str, model_id: str, filters: Filters) -> JointWeights | None:
    """Which factors act together under the filters, on a sample of the rows; None where no row has a risk."""
    past = risk.past_risks(session, dataset_id, model_id)
    if past is None:
        return None
    sample = _sample(session, dataset_id, model_id, past)
    product = catalog.product(session.workspace.dataset(dataset_id).product)
    rows = risk.columns(session, dataset_id, product, risk.view_columns(product))
    return pairs.together(sample, rows, product, filters)


@needs(Permission.OPEN)
def learnt_from(session: Session, info: ModelInfo) -> str | None:
    """The data set whose rows a model learnt from and told the risk of before it did; None where it is not kept."""
    if info.dataset_id is None or session.workspace.past_risks_meta(info.id, info.dataset_id) is None:
        return None
    return info.dataset_id


def _sample(session: Session, dataset_id: str, model_id: str, past: OutOfFoldPredictions) -> pd.DataFrame:
    of = session.workspace.past_risks_id(model_id, dataset_id)
    kept = session.workspace.pairs(model_id, dataset_id, of)
    if kept is None:
        model, rows = models.load(session, model_id), session.workspace.rows(dataset_id)
        product = catalog.product(model.product_key)
        history = series.rows_of(session, risk.known_past(session, dataset_id, model_id), product)
        encoder = senses.encoder_of(session, dataset_id, model)
        kept = drawing.drawn(rows, past, product, model, history=history, encoder=encoder)
        session.workspace.save_pairs(model_id, dataset_id, kept, of)
    return kept


def _rows(session: Session, dataset_id: str) -> tuple[pd.DataFrame, Product]:
    product = catalog.product(session.workspace.dataset(dataset_id).product)
    viewed = risk.columns(session, dataset_id, product, risk.view_columns(product))
    more = [name for name in weights.columns(product) if name not in viewed]
    told = OwnRows(session).rows(dataset_id, [], if_there=more)
    return pd.concat([viewed, told], axis=1), product
