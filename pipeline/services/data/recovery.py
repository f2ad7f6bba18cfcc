"""The use cases of a folder whose records were lost or are older than its files:
see what lies aside, take it back, erase it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import PresencaError
from pipeline.modeling.bundle import bundle
from pipeline.privacy import open_sealed
from pipeline.records import Note, Recipe, Recovered, Shelved, ValidationReport, dump_kept, from_kept, note
from pipeline.services import catalog, clock
from pipeline.services.data import fixing, opening, placing
from pipeline.services.session import Actor, Permission, Session, needs
from pipeline.workspace.repositories.recovery import revision_folder, revision_of
from pipeline.workspace.storage import sidecars, vault
from pipeline.workspace.storage.shelf import Item
from pipeline.workspace.store import Workspace

_DATASETS = sidecars.DATASETS_FOLDER


@dataclass(frozen=True)
class Lost:
    """Records whose files are gone: (id, name)."""

    datasets: tuple[tuple[str, str], ...]
    models: tuple[tuple[str, str], ...]


@needs(Permission.MAINTAIN)
def repairs(session: Session) -> tuple[Note, ...]:
    """What was put in order when the workspace was opened, or tended last, and a weak key; until somebody has read it.

    Each is a sentence by itself.
    """
    weak = (note("key.weak_in_use"),) if session.workspace.key_is_weak else ()
    return (*session.workspace.repairs, *weak)


@needs(Permission.MAINTAIN)
def repairs_read(session: Session) -> None:
    """Somebody has read what was put in order, and that the key is weak."""
    session.workspace.repairs = ()
    session.workspace.key_is_weak = False


@needs(Permission.MAINTAIN)
def shelved(session: Session) -> tuple[Shelved, ...]:
    """What lay in the folder and not in the records, and was put aside."""
    return tuple(_shown(item) for item in session.workspace.shelved())


def _shown(item: Item) -> Shelved:
    """What can be said at little cost: a bundle without its record is opened only when it is taken back."""
    row = (sidecars.read(item.record) or {"row": {}})["row"]
    day, name, rows = (
        dt.date.fromisoformat(item.day),
        str(row.get("name") or row.get("dataset_name") or ""),
        int(row.get("rows") or 0),
    )
    if item.kind != _DATASETS:
        return Shelved(item.kind, item.id, day, name)
    report = None if row else _report(item)
    if report is not None:
        name, rows = report.file.name, report.rows_usable
    return Shelved(item.kind, item.id, day, name, rows, _has_rows(item) and bool(row or report))


@needs(Permission.MAINTAIN)
def take_back(session: Session, only: Sequence[Shelved] | None = None) -> Recovered:
    """Takes back what was put aside, data sets first; what can't be stays aside, with the reason."""
    wanted = None if only is None else {(s.kind, s.id) for s in only}
    taken, refused = [], []
    for item in session.workspace.shelved():
        if wanted is not None and (item.kind, item.id) not in wanted:
            continue
        record = _record(session, item)
        try:
            if record is None:
                raise PresencaError("recovery.incomplete")
            session.workspace.take_back(item, record)
            taken.append(item.kind)
        except PresencaError as error:
            refused.append((_shown(item).name or item.id, error.note))
    placing.adopt(session)
    session.workspace.keep_records()
    datasets = taken.count(_DATASETS)
    session.audit("taken_back", datasets=datasets, models=len(taken) - datasets, refused=len(refused))
    return Recovered(datasets, len(taken) - datasets, tuple(refused))


@needs(Permission.MAINTAIN)
def erase(session: Session, only: Sequence[Shelved]) -> None:
    """Erases for good what lies aside."""
    wanted = {(s.kind, s.id) for s in only}
    for item in session.workspace.shelved():
        if (item.kind, item.id) in wanted:
            session.workspace.erase_shelved(item)
            session.audit("shelved_erased", kind=item.kind, id=item.id)


@needs(Permission.MAINTAIN)
def damaged_copies(session: Session) -> tuple[dt.date, ...]:
    """Of each copy of what people did that was cut short, and put aside: the day of that."""
    return tuple(dt.date.fromisoformat(path.parent.parent.name[:10]) for path in session.workspace.damaged_copies())


@needs(Permission.MAINTAIN)
def erase_damaged_copies(session: Session) -> None:
    """Erases them for good."""
    gone = len(session.workspace.damaged_copies())
    session.workspace.erase_damaged_copies()
    session.audit("damaged_copies_erased", copies=gone)


def rebuild(home: Path | None = None) -> Recovered:
    """Makes the records again from the folders. WorkspaceError, before anything is changed, if the key is another's."""
    workspace = Workspace(home, recovering=True)
    try:
        workspace.shelve()
        for item in workspace.shelved():
            workspace.check_key(item)
        found = take_back(Session(workspace, Actor.HOUSE))
    finally:
        workspace.close()
    opening.open_workspace(home).close()
    return found


@needs(Permission.MAINTAIN)
def lost(session: Session) -> Lost:
    """What the records know and whose files are gone: it can only be forgotten."""
    datasets, models = session.workspace.lost_files()
    return Lost(
        tuple((one, session.workspace.dataset(one).name) for one in datasets),
        tuple((one, session.workspace.model(one).dataset_name) for one in models),
    )


@needs(Permission.MAINTAIN)
def forget(session: Session, gone: Lost) -> None:
    """Forgets records whose files are gone."""
    for model_id, _ in gone.models:
        session.workspace.delete_model(model_id)
    for dataset_id, _ in gone.datasets:
        session.workspace.delete_dataset(dataset_id)
    session.audit("lost_forgotten", datasets=len(gone.datasets), models=len(gone.models))


# ---------------------------------------------------------------- what an earlier version kept without a record beside
# it


def _record(session: Session, item: Item) -> dict[str, Any] | None:
    """What the database said of it, as it was written beside it,
    or else as its own files tell; None where they don't.
    """
    if item.kind == _DATASETS and not _has_rows(item):
        return None
    beside = sidecars.read(item.record)
    if beside is not None:
        return beside
    row = _dataset_row(session, item) if item.kind == _DATASETS else _model_row(session, item)
    return {"row": row} if row else None


def _has_rows(item: Item) -> bool:
    return (revision_folder(item.path, revision_of(item.path)) / "rows.parquet").exists()


def _report(item: Item) -> ValidationReport | None:
    try:
        plain = json.loads((revision_folder(item.path, revision_of(item.path)) / "report.json").read_text("utf-8"))
        return from_kept(ValidationReport, plain)
    except (OSError, KeyError, TypeError, ValueError):
        return None


def _dataset_row(session: Session, item: Item) -> dict[str, Any] | None:
    """The row of a data set, from its report and its recipe."""
    report = _report(item)
    if report is None:
        return None
    folder = revision_folder(item.path, revision_of(item.path))
    facts, sent = fixing.facts(report), _changed(folder / "report.json")
    samples = {name for _, name in catalog.product(report.product).sample.files}
    return {
        "id": item.id,
        "product": report.product,
        "name": report.file.name,
        "created": sent.isoformat(timespec="seconds"),
        "rows": report.rows_usable,
        "is_sample": report.file.name in samples,
        "purpose": facts.purpose,
        "first_date": _iso(report.first_date),
        "last_date": _iso(report.last_date),
        "usable_for": json.dumps(list(report.usable_for)),
        "vault_until": vault.kept_until(report.last_date, sent.date()).isoformat(),
        "sha256": report.file.sha256,
        "mapping": _mapping(session, folder, item.id),
        "revision": revision_of(item.path),
        "series_id": "",
    }


def _changed(path: Path) -> dt.datetime:
    return dt.datetime.fromtimestamp(path.stat().st_mtime, clock.ZONE)


def _mapping(session: Session, folder: Path, dataset_id: str) -> str:
    """How the file was read, which is sealed beside it while its original is kept."""
    path = folder / "recipe.sealed"
    if not path.exists():
        return "{}"
    whole = json.loads(open_sealed(path.read_bytes(), session.workspace.key, dataset_id).decode() or "{}")
    return fixing.mapping_json(from_kept(Recipe, whole["recipe"])) if "recipe" in whole else "{}"


def _model_row(session: Session, item: Item) -> dict[str, Any]:
    """The row of a model, from its bundle, after every check."""
    card = bundle.load(item.path, catalog.product(bundle.peek(item.path)), session.today()).card
    source = next((d for d in session.workspace.datasets(card.product) if d.sha256 == card.data_sha256), None)
    headline = card.test_ahead or card.test
    return {
        "id": item.id,
        "product": card.product,
        "created": _changed(item.path).isoformat(timespec="seconds"),
        "dataset_id": source.id if source else None,
        "dataset_deleted": False,
        "dataset_name": card.data_name,
        "trained_until": card.trained_until.isoformat() if card.trained_until else "",
        "auc_ahead": headline.model.auc.value,
        "sha256": hashlib.sha256(item.path.read_bytes()).hexdigest(),
        "card": dump_kept(card),
        "series_id": source.series if source else "",
    }


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
