"""What lies in the folder of a workspace, held against its records: there, whole, its owner's only."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from pipeline import scratch
from pipeline.errors import PresencaError
from pipeline.privacy import open_sealed
from pipeline.records import Finding, note
from pipeline.workspace.engine import inspection
from pipeline.workspace.engine.places import Place
from pipeline.workspace.jobs import job_owners
from pipeline.workspace.maintenance import store_check
from pipeline.workspace.maintenance.records_check import Reading
from pipeline.workspace.repositories.dataset_rows import revision_name
from pipeline.workspace.repositories.datasets import FRAMES, RECIPE, REPORT, SENSE, VAULT
from pipeline.workspace.storage import atomic_files, columns, frames, people_copy, shelf
from pipeline.workspace.storage.ids import is_id
from pipeline.workspace.storage.sidecars import DATASETS_FOLDER, MODELS_FOLDER

_PART = 1 << 20


def of_files(home: Path, records: Reading, key: bytes | None) -> Iterator[Finding]:
    """Everything that can be found out from the files."""
    yield from _modes(home)
    yield from _people(home, records)
    store = Place.of(home).store
    yield from _of_folder(home, records, key) if store is None else store_check.of_store(home, records, store)
    yield from _columns(home, records)
    yield from _unfinished(home, records)
    yield from _jobs(home, records)


def _of_folder(home: Path, records: Reading, key: bytes | None) -> Iterator[Finding]:
    """Of files that rest in the folder alone."""
    for row in records.ask("SELECT * FROM datasets WHERE state = 'ready' ORDER BY created"):
        yield from _dataset(home / DATASETS_FOLDER / row.id, dict(row._mapping), key)
    for row in records.ask("SELECT id, dataset_name, sha256 FROM models ORDER BY created"):
        yield from _model(home / MODELS_FOLDER / f"{row.id}.zip", str(row.dataset_name), str(row.sha256))
    yield from _risks(home, records)
    yield from _unknown(home, records)


def _modes(home: Path) -> Iterator[Finding]:
    loose = open_to_others(home)
    if loose:
        yield Finding(note("doctor.open_to_others", count=len(loose)), note("doctor.close_to_others"))


def open_to_others(home: Path) -> list[Path]:
    """Folders and files that others than their owner can read or change; on Windows the folder above sees to it."""
    if os.name != "posix":
        return []
    return [path for path in (home, *home.rglob("*")) if not path.is_symlink() and path.stat().st_mode & 0o077]


def _people(home: Path, records: Reading) -> Iterator[Finding]:
    """The copy of persons; where there are any, what opens the workspace writes it anew."""
    if "users" in inspection.names(records.connection):
        wanted = people_copy.content([dict(row._mapping) for row in records.ask("SELECT * FROM users ORDER BY id")])
        if wanted and people_copy.differs(home, wanted):
            yield Finding(note("doctor.people_copy"), note("doctor.copy_people"))


def _dataset(folder: Path, row: dict[str, object], key: bytes | None) -> Iterator[Finding]:
    name = str(row["name"])
    if not folder.is_dir():
        yield Finding(note("doctor.dataset_gone", name=name), is_loss=True)
        return
    inner = folder / revision_name(int(str(row["revision"]))) if row["revision"] else folder
    for frame in FRAMES:
        if frame != "faults" or (inner / f"{frame}.parquet").exists():  # an earlier version kept none
            yield from _told(_reads(inner, frame), "doctor.dataset_damaged", name)
    yield from _told(_whole_json(inner / REPORT), "doctor.report_damaged", name)
    if row["vault_until"] is not None and not (folder / VAULT).exists():
        yield Finding(note("doctor.erasure_cut", name=name), note("doctor.end_erasure"))
    for path in (folder / VAULT, inner / RECIPE, folder / SENSE):
        if key is not None and path.exists():
            yield from _told(_opens(path, key, str(row["id"])), "doctor.sealed_damaged", name)


def _told(is_whole: bool, code: str, name: str) -> Iterator[Finding]:
    if not is_whole:
        yield Finding(note(code, name=name), is_loss=True)


def _reads(folder: Path, name: str) -> bool:
    try:
        frames.read_frame(folder, name)
    except (PresencaError, OSError, ValueError, KeyError):
        return False
    return True


def _whole_json(path: Path) -> bool:
    try:
        return path.read_text("utf-8").rstrip().endswith("}")
    except (OSError, ValueError):
        return False


def _opens(path: Path, key: bytes, dataset_id: str) -> bool:
    try:
        open_sealed(path.read_bytes(), key, dataset_id)
    except (PresencaError, OSError):
        return False
    return True


def _model(bundle: Path, name: str, sha256: str) -> Iterator[Finding]:
    if not bundle.exists():
        yield Finding(note("doctor.model_gone", name=name), is_loss=True)
    elif _sha256(bundle) != sha256:
        yield Finding(note("doctor.model_changed", name=name), is_loss=True)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(_PART):
            digest.update(part)
    return digest.hexdigest()


def _risks(home: Path, records: Reading) -> Iterator[Finding]:
    gone = missing_risks(home, records)
    if gone:
        yield Finding(note("doctor.risks_gone", count=len(gone)), note("doctor.forget_risks"))


def missing_risks(home: Path, records: Reading) -> list[str]:
    """Ids of kept risks whose rows are gone; they are computed again once no record speaks of them."""
    kept = records.ask("SELECT r.id, r.dataset_id FROM risks r JOIN datasets d ON d.id = r.dataset_id")
    return [str(one) for one, above in kept if not (home / DATASETS_FOLDER / str(above) / str(one)).is_dir()]


def _columns(home: Path, records: Reading) -> Iterator[Finding]:
    damaged = damaged_columns(home, records)
    if damaged:
        yield Finding(note("doctor.columns_damaged", count=len(damaged)), note("doctor.remove_columns"))


def damaged_columns(home: Path, records: Reading) -> list[Path]:
    """Folders of columns that are not what was written; made again of the rows once they are gone."""
    ready = records.ask("SELECT id FROM datasets WHERE state = 'ready' ORDER BY created")
    folders = (home / DATASETS_FOLDER / str(row.id) for row in ready)
    found = (path for folder in folders for name in sorted(columns.FOLDERS) for path in sorted(folder.rglob(name)))
    return [path for path in found if path.is_dir() and columns.is_damaged(path)]


def _unfinished(home: Path, records: Reading) -> Iterator[Finding]:
    """What a crash left: deletions, half-written files."""
    cut = {str(row[0]) for row in records.ask("SELECT id FROM datasets WHERE state = 'deleting'")}
    models = {str(row[0]) for row in records.ask("SELECT id FROM models")}
    cut |= set(shelf.emptied_datasets(home)) | (shelf.marked_models(home) - models)
    if cut:
        yield Finding(note("doctor.deletions_cut", count=len(cut)), note("doctor.end_deletions"))
    left = leftovers(home)
    if left:
        yield Finding(note("doctor.leftovers", count=len(left)), note("doctor.sweep"))


def leftovers(home: Path) -> list[Path]:
    """What was half written and nobody has touched for an hour, or was to be removed."""
    found = []
    for path in (home / "tmp").iterdir() if (home / "tmp").is_dir() else ():
        with contextlib.suppress(FileNotFoundError):
            is_old = time.time() - path.stat().st_mtime > atomic_files.LEFTOVER_SECONDS
            is_old &= not scratch.is_named(path.name)  # swept when its process is gone
            found += [path] if is_old or path.name.startswith(atomic_files.REMOVED) else []
    return found


def _unknown(home: Path, records: Reading) -> Iterator[Finding]:
    """What no record knows: whole data sets and models, and folders within a data set's."""
    aside = len(shelf.items(home))
    if aside:
        yield Finding(note("doctor.aside", count=aside))
    known = {kind: {str(row[0]) for row in records.ask(f"SELECT id FROM {kind}")} for kind in shelf.KINDS}  # our names
    held = shelf.held(home, settled=True)
    strangers = sum(one not in known[kind] for kind in shelf.KINDS for one in held[kind])
    if strangers:
        yield Finding(note("doctor.unknown", count=strangers), note("doctor.put_aside"))
    orphans = orphaned_folders(home, records)
    if orphans:
        yield Finding(note("doctor.old_rows", count=len(orphans)), note("doctor.remove_old_rows"))


def orphaned_folders(home: Path, records: Reading) -> list[Path]:
    """Folders within data sets' that neither are the present revision nor hold kept risks, and are not just written."""
    risks = {str(row[0]) for row in records.ask("SELECT id FROM risks")}
    found: list[Path] = []
    for row in records.ask("SELECT id, revision FROM datasets WHERE state = 'ready'"):
        above = home / DATASETS_FOLDER / str(row.id)
        for entry in above.iterdir() if above.is_dir() else ():
            is_revision = entry.name.startswith("revision-") and entry.name != revision_name(int(row.revision))
            is_risk = is_id(entry.name) and entry.name not in risks
            is_beside = entry.name in columns.FOLDERS and int(row.revision) > 0  # columns of the first revision
            if entry.is_dir() and (is_revision or is_risk or is_beside) and _is_settled(entry):
                found.append(entry)
    return found


def _is_settled(path: Path) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return time.time() - path.stat().st_mtime > atomic_files.LEFTOVER_SECONDS
    return False


def _jobs(home: Path, records: Reading) -> Iterator[Finding]:
    active = records.ask("SELECT id, pid, heartbeat, options FROM jobs WHERE state IN ('queued', 'running')")
    gone = [row for row in active if job_owners.is_gone(home, row, time.time())]
    if gone:
        yield Finding(note("doctor.jobs_gone", count=len(gone)), note("doctor.end_jobs"))
