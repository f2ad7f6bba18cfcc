"""Which rows' patients somebody sought before their day: what came of them may be what the contact brought about."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.action.contacts import standing
from pipeline.contract import Product
from pipeline.modeling.contacted import CONTACTED, contacted_before
from pipeline.services import catalog
from pipeline.services.data import event_keys
from pipeline.services.session import Permission, Session, needs


@needs(Permission.READ_DATA)
def first(session: Session, series_id: str) -> dict[str, np.datetime64]:
    """The day on which somebody first answered each event's comment, or sought its patient, by its key."""
    answered = {
        key: one.answered for key, one in session.workspace.follow_ups(series_id).items() if one.answered is not None
    }
    called = standing.sought_first(session.workspace.contacts(series_id))
    moments = {
        key: min(found for found in (answered.get(key), called.get(key)) if found is not None)
        for key in {**answered, **called}
    }
    return {key: np.datetime64(moment.date()) for key, moment in moments.items()}


@needs(Permission.READ_DATA)
def mask(session: Session, dataset_id: str, rows: pd.DataFrame, declared: Product) -> np.ndarray:
    """Which of a data set's rows (bool, n) were answered or sought before their event's day, as the app recorded it or
    the file tells.

    An answer or a call on the day itself or after it changes nothing of what came.
    """
    sought = first(session, session.workspace.dataset(dataset_id).series)
    found = np.zeros(len(rows), dtype=bool)
    if sought:
        keys, held = sorted(sought), event_keys.of(session, dataset_id).keys  # as many hex digits each: as numbers sort
        numbers, moments = np.array([int(key, 16) for key in keys], np.uint64), np.array([sought[key] for key in keys])
        at = np.minimum(np.searchsorted(numbers, held), len(numbers) - 1)
        found = (numbers[at] == held) & (moments[at] < rows[declared.time.key].to_numpy("datetime64[D]"))
    return found | contacted_before(rows, declared)


@needs(Permission.READ_DATA)
def rows(session: Session, dataset_id: str) -> pd.DataFrame:
    """The typed rows of a data set, those whose patient was sought marked where there are any."""
    found = session.workspace.rows(dataset_id)
    sought = mask(session, dataset_id, found, catalog.product(session.workspace.dataset(dataset_id).product))
    return found.assign(**{CONTACTED: sought}) if sought.any() else found
