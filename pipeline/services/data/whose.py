"""Whose an event is: the patients that the files of a series name for it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.contract import Role
from pipeline.records.contacts import ALONE
from pipeline.services import catalog
from pipeline.services.data import event_columns, event_keys
from pipeline.services.session import Permission, Session, needs

__all__ = ["are_known", "is_of"]


@needs(Permission.READ_LISTS)
def is_of(session: Session, series_id: str, patient: str, keys: Sequence[str]) -> bool:
    """Whether each of these events (by key) is of the patient (as lists name them) in a file of the series that holds
    it. Of an event that no file tells of any more nobody can say it, and it is not held against the call.
    """
    asked = np.array([int(key, 16) for key in keys], np.uint64)
    known, own = np.zeros(len(asked), bool), np.array([patient == f"{ALONE}{key}" for key in keys], bool)
    for info in session.workspace.datasets():
        if info.series != series_id or own.all():
            continue
        at = event_keys.of(session, info.id).places(asked)
        field = catalog.product(info.product).by_role(Role.PATIENT)
        if field is None or not (at >= 0).any():
            continue
        here = np.flatnonzero(at >= 0)
        rows = event_columns.some(session, info.id, at[here], [field.key])
        known[here] = True
        if field.key in rows:
            own[here] |= (rows[field.key].astype("object") == patient).to_numpy(bool)
    return bool((own | ~known).all())


@needs(Permission.READ_LISTS)
def are_known(session: Session, series_id: str, keys: Sequence[str]) -> np.ndarray:
    """bool per event (by key): whether a file of the series tells of it."""
    asked = np.array([int(key, 16) for key in keys], np.uint64)
    found = np.zeros(len(asked), bool)
    for info in session.workspace.datasets():
        if info.series == series_id:
            found |= event_keys.of(session, info.id).places(asked) >= 0
    return found
