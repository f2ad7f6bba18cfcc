"""How factors weigh on the rows of the risk page: the spread of their points, and points against a factor's values."""

from __future__ import annotations

import pandas as pd

from pipeline.contract import Product
from pipeline.insight.groups import weights
from pipeline.insight.groups.overview import Filters
from pipeline.records import Dependence, WeightSpread
from pipeline.services import catalog
from pipeline.services.pages import risk
from pipeline.services.session import Permission, Session, needs


@needs(Permission.READ_RISKS)
def spread(session: Session, dataset_id: str, model_id: str, filters: Filters) -> WeightSpread | None:
    """The spread of the strongest factors under the filters; None where too few rows have a risk."""
    past = risk.past_risks(session, dataset_id, model_id)
    if past is None:
        return None
    rows, product = _rows(session, dataset_id)
    return weights.spread(rows, past, product, filters)


@needs(Permission.READ_RISKS)
def dependence(session: Session, dataset_id: str, model_id: str, factor: str, filters: Filters) -> Dependence | None:
    """A factor's points against its values under the filters; None where they can't be seen."""
    past = risk.past_risks(session, dataset_id, model_id)
    if past is None:
        return None
    rows, product = _rows(session, dataset_id)
    return weights.dependence(rows, past, product, factor, filters)


def _rows(session: Session, dataset_id: str) -> tuple[pd.DataFrame, Product]:
    product = catalog.product(session.workspace.dataset(dataset_id).product)
    viewed = risk.columns(session, dataset_id, product, risk.view_columns(product))
    more = [name for name in weights.columns(product) if name not in viewed]
    told = session.workspace.rows(dataset_id, [], if_there=more)
    return pd.concat([viewed, told], axis=1), product
