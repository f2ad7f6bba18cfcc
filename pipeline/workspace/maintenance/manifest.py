"""The manifest of a store, made again where its table was lost or emptied: from the store's listing, by what the other
records say.

What is lost with the table is the state of each object: `coming`, `there`, `going`. An object alone does not tell, and
what was going holds, as often as not, a patient who was erased. So the records decide what may come back, and the
listing only where it lies:

- An object comes back where a record speaks of its path today: the present revision of a data set, risks that are
  kept, a model, an arrival that waits. An erasure writes a new revision and new risks, under new paths, and changes
  the record before the old ones go: these are spoken of by nobody. A data set that is being deleted is none.
- The original, and the repairs of its cells, come back only while the record gives the original a last day. Who erases
  it says so there first (`Erasures.erase_raw`).
- The few files that are replaced under their own path (the original, the vectors of comments, a piece of scores) may
  lie there twice: what was there, and what had replaced it or was about to. The newest alone comes back: the older
  one may hold who was erased from the newer. Where a store's clock does not tell which is the newest, none does.
- A patient's erasure is on record as ended only once all that was going, or unknown, is gone from the store. Hence
  what an ended one erased can't lie there; one that is still open is done again, on what came back, at the opening.
- A part of the table may be left, or written since the loss: a data set or model is taken for lost where the manifest
  knows nothing at its present path, in any state; of what it knows, nothing is changed.

All else in the store is unknown: told, not taken in, and gone after a while (`StoredFiles.erase_unknown`), which does
not happen while anything is lost. Servers that write meanwhile would not know their own objects: stop them before.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pipeline.workspace.engine import inspection, schema
from pipeline.workspace.engine.blob_tables import BLOBS, THERE
from pipeline.workspace.engine.database import Database
from pipeline.workspace.engine.places import Place
from pipeline.workspace.engine.transfer import HOME_ID
from pipeline.workspace.maintenance import records_check
from pipeline.workspace.maintenance.records_check import Reading
from pipeline.workspace.repositories import arrivals
from pipeline.workspace.repositories.dataset_rows import revision_name
from pipeline.workspace.repositories.datasets import LEFT_OUT, RECIPE, REPORT, ROWS, SENSE, VAULT
from pipeline.workspace.storage.object_store import Listed, ObjectStore
from pipeline.workspace.storage.sidecars import DATASETS_FOLDER, MODELS_FOLDER

_MARK = re.compile(r"[0-9a-f]{16}")  # which one of a path's objects it is, after its last dot


@dataclass(frozen=True)
class Lacking:
    """What the manifest lacks: how many data sets and models it lost, and the objects (by their paths) that these, and
    arrivals beside them, are to have again.
    """

    lost: int
    objects: Mapping[str, str]


@dataclass(frozen=True)
class _Spoken:
    """What the records speak of: data sets and models by their ids, ids of risks by data set, and ids of arrivals that
    wait, and of those whose scores are kept.
    """

    datasets: Mapping[str, Any]
    models: Mapping[str, str]
    risks: Mapping[str, Collection[str]]
    waiting: Collection[str]
    scored: Collection[str]

    def of(self, path: str) -> bool:
        """Whether a record speaks of a file."""
        kind, _, rest = path.partition("/")
        if kind == MODELS_FOLDER:
            return rest.removesuffix(".zip") in self.models
        if kind == arrivals.FOLDER:
            owner, is_piece, _ = rest.removesuffix(".sealed").partition(".")
            return owner in (self.scored if is_piece else self.waiting)
        name, *inner = rest.split("/")
        return kind == DATASETS_FOLDER and name in self.datasets and self._of_dataset(self.datasets[name], inner)

    def _of_dataset(self, row: Any, inner: Sequence[str]) -> bool:
        if not inner or (inner[-1] in (VAULT, RECIPE) and row.vault_until is None):
            return False
        if inner[0] in (VAULT, SENSE) or (len(inner) > 1 and inner[0] in self.risks.get(row.id, ())):
            return True
        return list(inner[:-1]) == ([revision_name(int(row.revision))] if row.revision else [])

    def sign(self, path: str) -> str:
        """The path by which the manifest is asked whether it knows what a file belongs to."""
        kind, name, *_ = path.split("/")
        return _report(self.datasets[name]) if kind == DATASETS_FOLDER else path

    def lost(self, known: Collection[str]) -> int:
        """How many data sets and models a manifest with these paths has lost."""
        signs = [_report(row) for row in self.datasets.values()]
        signs += [f"{MODELS_FOLDER}/{one}.zip" for one in self.models]
        return sum(sign not in known for sign in signs)


def rows(records: Reading) -> Sequence[Any]:
    """The manifest as it is; nothing where its table is gone."""
    there = BLOBS.name in inspection.names(records.connection)
    return records.ask("SELECT * FROM blobs") if there else ()


def lacking(records: Reading, listed: Mapping[str, Listed]) -> Lacking:
    """What the manifest lacks, of a store with these objects."""
    spoken, known = _spoken(records), {str(row.path) for row in rows(records)}
    lost = spoken.lost(known)
    by_path: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)
    for name, one in listed.items() if lost else ():
        path, _, mark = name.rpartition(".")
        if path and _MARK.fullmatch(mark) and spoken.of(path) and not known & {path, spoken.sign(path)}:
            by_path[path].append((one.written, name))
    newest = ((path, _newest(found)) for path, found in by_path.items())
    return Lacking(lost, {path: name for path, name in newest if name is not None})


def can_be_made(home: Path, records: Reading) -> bool:
    """Whether the store says that it belongs to these records."""
    place = Place.of(home)
    kept = records.ask("SELECT value FROM settings WHERE key = :key", key=HOME_ID)
    return place.store is not None and bool(kept) and place.store.id() == json.loads(kept[0][0])


def make(home: Path) -> int:
    """Makes the table where it is gone, and lists what it lacks; gives how many objects these were. WorkspaceError
    where the store does not answer: nothing has changed then.
    """
    place = Place.of(home)
    with records_check.reading(home) as records:
        store = place.store if can_be_made(home, records) else None
        found = lacking(records, store.listing()).objects if store is not None else {}
        models = _spoken(records).models
        parts = [one for one in inspection.parts(records.connection, schema.MIGRATIONS[-1].version) if _is_ours(one)]
        missing = [one for one in parts if one.name not in inspection.names(records.connection)]
    made = [_row(store, path, name, models) for path, name in found.items()] if store is not None else []
    database = place.unbound()
    try:
        return _listed(database, missing, made)
    finally:
        database.close()


def _is_ours(part: inspection.Part) -> bool:
    return part.name in {BLOBS.name, "blobs_of_a_path", "one_object_of_a_path"}


def _listed(database: Database, missing: Sequence[inspection.Part], made: Sequence[dict[str, Any]]) -> int:
    moment = database.moment()
    with database.write() as connection:
        for statement in (one for part in missing for one in part.statements):
            connection.execute(sa.text(statement))
        known = set(connection.execute(sa.select(BLOBS.c.path)).scalars())
        new = [row | {"since": moment} for row in made if row["path"] not in known]
        if new:
            connection.execute(BLOBS.insert(), new)
    return len(new)


def _row(store: ObjectStore, path: str, name: str, models: Mapping[str, str]) -> dict[str, Any]:
    """What is listed of an object: of a model, the checksum that its own record has; else, that of what lies there."""
    sha256, size = store.summed(name)
    kind, _, rest = path.partition("/")
    told = models[rest.removesuffix(".zip")] if kind == MODELS_FOLDER else sha256
    return {"object": name, "path": path, "state": THERE, "sha256": told, "size": size}


def _newest(found: Sequence[tuple[float, str]]) -> str | None:
    """The object that was written last; None where the store's clock does not tell."""
    last, name = max(found)
    return name if sum(written == last for written, _ in found) == 1 else None


def _report(row: Any) -> str:
    """The path of a file that every data set has, of the present revision."""
    inner = f"{revision_name(int(row.revision))}/" if row.revision else ""
    return f"{DATASETS_FOLDER}/{row.id}/{inner}{REPORT}"


def needed(row: Any) -> tuple[str, ...]:
    """The paths without which a data set, by its record, is not whole."""
    above = _report(row).removesuffix(REPORT)
    return tuple(f"{above}{name}" for name in (f"{ROWS}.parquet", f"{LEFT_OUT}.parquet", REPORT))


def _spoken(records: Reading) -> _Spoken:
    risks: defaultdict[str, set[str]] = defaultdict(set)
    for row in records.ask("SELECT id, dataset_id FROM risks"):
        risks[str(row.dataset_id)].add(str(row.id))
    sent = records.ask("SELECT id, state, scoring FROM arrivals")
    return _Spoken(
        {str(row.id): row for row in records.ask("SELECT * FROM datasets WHERE state = 'ready'")},
        {str(row.id): str(row.sha256) for row in records.ask("SELECT id, sha256 FROM models")},
        risks,
        {str(row.id) for row in sent if row.state in arrivals.OPEN},
        {str(row.id) for row in sent if row.scoring},
    )
