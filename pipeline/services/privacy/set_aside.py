"""One patient in what was put aside: which no record knows, and whoever holds the key can read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from pipeline.contract import Role
from pipeline.errors import PresencaError
from pipeline.records.privacy import KeptPart, PatientRows, Source
from pipeline.services import catalog
from pipeline.services.data import event_keys
from pipeline.services.privacy import sheet_search
from pipeline.services.session import Permission, Session, needs
from pipeline.workspace.repositories.datasets import ROWS
from pipeline.workspace.repositories.shelf_erasures import SetAside
from pipeline.workspace.storage.sidecars import DATASETS_FOLDER


@dataclass(frozen=True)
class FoundAside:
    """What folders that were put aside hold of a patient; `events`: (series, keys); `unopened`: names of those that
    nobody can look into.
    """

    rows: tuple[PatientRows, ...]
    parts: tuple[KeptPart, ...]
    events: tuple[tuple[str, tuple[str, ...]], ...]
    unopened: tuple[str, ...]


@needs(Permission.DELETE_DATA)
def look(session: Session, names: Collection[str], codes: Collection[str]) -> FoundAside:
    """Looks for a patient in all data sets that were put aside, by names as sheets say them and by pseudonyms."""
    rows: defaultdict[str, set[int]] = defaultdict(set)
    parts: list[KeptPart] = []
    events: defaultdict[str, set[str]] = defaultdict(set)
    unopened: list[str] = []
    for item in session.workspace.shelved():
        if item.kind != DATASETS_FOLDER:
            continue
        try:
            held = session.workspace.open_aside(item)
        except PresencaError:
            unopened.append(item.path.relative_to(session.workspace.home).as_posix())
            continue
        own = _rows(held, names, codes)
        if len(own):
            rows[item.id].update(own.tolist())
            parts.append(KeptPart(Source.SHELVED, held.name, len(own)))
            events[_series(held)].update(_keys(held, own))
    return FoundAside(
        tuple(PatientRows(one, tuple(sorted(own))) for one, own in rows.items()),
        tuple(parts),
        tuple((series, tuple(sorted(keys))) for series, keys in sorted(events.items()) if series and keys),
        tuple(unopened),
    )


def _rows(held: SetAside, names: Collection[str], codes: Collection[str]) -> np.ndarray:
    """Rows under a pseudonym, and of the sheet those that say a name: also rows that were left out."""
    typed = held.rows_with(codes)
    if held.sheet is None:
        return typed
    return np.union1d(typed, sheet_search.rows_saying(held.sheet, names, _headers_of_patient(held)))


def _headers_of_patient(held: SetAside) -> list[str]:
    """The headers that were read as the patient's; none where the folder does not tell of which product it is."""
    try:
        patient = catalog.product(str(held.report.get("product"))).by_role(Role.PATIENT)
    except (PresencaError, KeyError):
        return []
    columns = held.report.get("columns", [])
    return [str(one["header"]) for one in columns if patient is not None and one.get("field") == patient.key]


def _series(held: SetAside) -> str:
    return str(held.record.get("row", {}).get("series_id") or "")


def _keys(held: SetAside, rows: np.ndarray) -> Collection[str]:
    frame = held.frames.get(ROWS)
    try:
        declared = catalog.product(str(held.report.get("product")))
        return () if frame is None else event_keys.of_frame(frame, declared, rows.tolist())
    except (PresencaError, KeyError):
        return ()
