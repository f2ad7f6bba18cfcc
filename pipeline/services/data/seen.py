"""Putting on record that somebody saw, or took out, cells as they came or rows of patients."""

from __future__ import annotations

import datetime as dt
from weakref import WeakKeyDictionary

from pipeline.services.session import Permission, Session, needs
from pipeline.workspace.store import Workspace

# a page is drawn again at each press: looking at a file is one entry an actor and hour. Ids alone, nothing of anybody
_LATELY: WeakKeyDictionary[Workspace, set[tuple[str, str, dt.datetime]]] = WeakKeyDictionary()


@needs(Permission.READ_DATA)
def cells(session: Session, dataset_id: str) -> None:
    """Raw cells of a data set are shown to this actor: on record once an hour."""
    hour = session.now().replace(minute=0, second=0, microsecond=0)
    asked, lately = (str(session.actor), dataset_id, hour), _LATELY.setdefault(session.workspace, set())
    if asked not in lately:
        lately.add(asked)
        session.audit("raw_cells_shown", dataset=dataset_id)


@needs(Permission.READ_DATA)
def taken(session: Session, dataset_id: str, what: str, rows: int = 0, *, identified: bool = False) -> None:
    """A file with cells as they came, or with rows of patients, was made for somebody; `what`: a key word;
    `identified`: it says who the patients are.
    """
    session.audit("file_taken", dataset=dataset_id, what=what, rows=rows, identified=identified)
