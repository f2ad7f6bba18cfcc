"""Appointments that were moved on the phone within their day, and that a file sent since tells of again.

Such a row keeps its event's key. In the file that whoever called saw, it is the slot that was given up; in one that
came after the call, it is where the patient comes now.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from pipeline.records import DatasetInfo
from pipeline.records.contacts import Contact, ContactOutcome
from pipeline.services.data import event_columns, event_keys
from pipeline.services.session import Permission, Session, needs

__all__ = ["before", "rows_of"]


@needs(Permission.READ_LISTS)
def before(session: Session, info: DatasetInfo, told: Mapping[str, Contact]) -> dict[str, str]:
    """The events (by key) of which the last contact says that they were moved, and that the file came after, with the
    file that was seen at the call ("": it is not known which).

    Files are compared by the order in which they were sent, and no clocks are: what was seen is the file of the list
    that was called. Only of a contact of no list is the moment compared.
    """
    moved = {key: one for key, one in told.items() if one.outcome is ContactOutcome.RESCHEDULED}
    if not moved:
        return {}
    lists = {made.id: made.dataset_id for made in session.workspace.call_lists(info.series)}
    order = {one.id: at for at, one in enumerate(session.workspace.datasets())}  # the newest first
    sent = dt.datetime.fromisoformat(info.created)
    found = {}
    for key, one in moved.items():
        seen = lists.get(one.list_id, "")
        if order[info.id] < order[seen] if seen in order else one.at < sent:
            found[key] = seen if seen in order else ""
    return found


@needs(Permission.READ_LISTS)
def rows_of(
    session: Session, seen: Mapping[str, str], columns: Sequence[str], if_there: Sequence[str]
) -> list[tuple[str, dict[str, object]]]:
    """Each of these events (key, file) with its row in that file, with these columns."""
    files: defaultdict[str, list[str]] = defaultdict(list)
    for key, file in seen.items():
        files[file].append(key)
    found: list[tuple[str, dict[str, object]]] = []
    for file, keys in files.items():
        if file:
            at = event_keys.of(session, file).places(np.array([int(key, 16) for key in keys], np.uint64))
            rows = event_columns.some(session, file, at[at >= 0], [*columns, *if_there])
            told = [key for key, place in zip(keys, at.tolist(), strict=True) if place >= 0]
            found.extend((key, _plain(rows.iloc[place])) for place, key in enumerate(told))
    return found


def _plain(row: pd.Series) -> dict[str, object]:
    return {str(name): value for name, value in row.items()}
