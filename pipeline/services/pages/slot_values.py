"""What slots of a series are worth and contacts cost: examples of the product, until the clinic edits them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.action import money
from pipeline.contract import Product, Role
from pipeline.errors import PresencaError
from pipeline.records.effects import Worth
from pipeline.services import catalog
from pipeline.services.data import bookings, series_settings
from pipeline.services.session import Permission, Session, needs

__all__ = ["of", "with_values"]


@needs(Permission.READ_AGGREGATES)
def of(session: Session, series_id: str) -> Worth:
    """What the clinic said, and the product's examples for the rest. PresencaError for a product without contacts."""
    rules = _declared(session, series_id).contacts
    if rules is None:
        raise PresencaError("contacts.no_agenda", product=_declared(session, series_id).title)
    kept = series_settings.of(session, series_id).money
    edited = {} if kept is None else kept.values
    call, message = rules.costs if kept is None else (kept.call, kept.message)
    return Worth(money.values(dict(rules.values), edited), money.costs(call, message, example=kept is None))


@needs(Permission.READ_LISTS)
def with_values(
    session: Session, dataset_id: str, frame: pd.DataFrame, of_all: Sequence[Sequence[str]] = ()
) -> pd.DataFrame:
    """The lines of a list with what the clinic itself said that each one's slot is worth (`bookings.VALUE`, NaN
    elsewhere); as they are where it said nothing of any of them. `of_all`: procedures and types of the whole list, of
    which the lines are a part.
    """
    series_id = session.workspace.dataset(dataset_id).series
    if not series_id or series_settings.of(session, series_id).money is None:
        return frame
    declared, table = _declared(session, series_id), of(session, series_id).values
    names = (bookings.texts(frame, declared, role).tolist() for role in (Role.PROCEDURE, Role.TYPE))
    value = money.edited_of_rows(table, *names)
    if not (np.isfinite(value).any() or any(np.isfinite(money.edited_of_rows(table, some)).any() for some in of_all)):
        return frame
    return frame.copy().assign(**{bookings.VALUE: value})  # copied: a list has many columns


def _declared(session: Session, series_id: str) -> Product:
    return catalog.product(session.workspace.one_series(series_id).product)
