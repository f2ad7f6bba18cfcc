"""What lies in a store of objects, and in the folder that is a cache of it, held against the manifest."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from pipeline.errors import WorkspaceError
from pipeline.records import Finding, note
from pipeline.workspace.maintenance import manifest
from pipeline.workspace.maintenance.records_check import Reading
from pipeline.workspace.storage import atomic_files, stored_files
from pipeline.workspace.storage.blobs import FOLDERS
from pipeline.workspace.storage.object_store import ObjectStore


def of_store(home: Path, records: Reading, store: ObjectStore) -> Iterator[Finding]:
    """Everything that can be found out without fetching: objects by their size, cached files by their hash."""
    try:
        listed = store.listing()  # first: a row is there before its object
    except WorkspaceError as error:
        yield Finding(error.note, is_loss=True)
        return
    rows = {str(row.object): row for row in manifest.rows(records)}
    lacking = manifest.lacking(records, listed)
    yield from _lost(home, records, lacking)
    there = {name: row for name, row in rows.items() if row.state == "there"}
    gone = set(there) - set(listed)
    if gone:
        yield Finding(note("doctor.objects_missing", count=len(gone)), is_loss=True)
    changed = sum(listed[name].size != row.size for name, row in there.items() if name in listed)
    if changed:
        yield Finding(note("doctor.objects_changed", count=changed), is_loss=True)
    unknown = len(set(listed) - set(rows) - set(lacking.objects.values()))
    if unknown:
        yield Finding(note("doctor.objects_unknown", count=unknown, days=stored_files.UNKNOWN_DAYS))
    yield from _cut(rows)
    yield from _without_files(records, {str(row.path) for row in there.values()} | set(lacking.objects))
    yield from _cache(home, {str(row.path): row for row in there.values()})


def _lost(home: Path, records: Reading, lacking: manifest.Lacking) -> Iterator[Finding]:
    """What the manifest has lost and the store still has; of what neither has, `_without_files` tells."""
    count = len(lacking.objects)
    if count:
        mend = note("doctor.make_manifest") if manifest.can_be_made(home, records) else None
        yield Finding(note("doctor.manifest_lost", count=count), mend, is_loss=mend is None)


def _cut(rows: dict[str, Any]) -> Iterator[Finding]:
    long_ago = time.time() - atomic_files.LEFTOVER_SECONDS
    cut = sum(row.state == "going" or (row.state == "coming" and row.since < long_ago) for row in rows.values())
    if cut:
        yield Finding(note("doctor.objects_cut", count=cut), note("doctor.end_objects"))


def _without_files(records: Reading, paths: Collection[str]) -> Iterator[Finding]:
    """Data sets and models of which the manifest knows nothing, or not all; vaults that were erased and are spoken of
    still. `paths`: of all that is there, or is to be made again.
    """
    held = {"/".join(path.split("/")[:2]) for path in paths}
    for row in records.ask("SELECT * FROM datasets WHERE state = 'ready' ORDER BY created"):
        if f"datasets/{row.id}" not in held:
            yield Finding(note("doctor.dataset_gone", name=str(row.name)), is_loss=True)
            continue
        if not set(manifest.needed(row)) <= set(paths):
            yield Finding(note("doctor.dataset_damaged", name=str(row.name)), is_loss=True)
        if row.vault_until is not None and f"datasets/{row.id}/raw.sealed" not in paths:
            yield Finding(note("doctor.erasure_cut", name=str(row.name)), note("doctor.end_erasure"))
    for row in records.ask("SELECT id, dataset_name, sha256 FROM models ORDER BY created"):
        if f"models/{row.id}.zip" not in held:
            yield Finding(note("doctor.model_gone", name=str(row.dataset_name)), is_loss=True)


def _cache(home: Path, there: dict[str, Any]) -> Iterator[Finding]:
    changed = altered(home, there)
    if changed:
        yield Finding(note("doctor.cache_changed", count=len(changed)), note("doctor.fetch_again"))


def altered(home: Path, there: dict[str, Any]) -> list[Path]:
    """The cached files (of rows by their path) that bear the mark of an object and are not what it is."""
    cached = [(home / path, row) for path, row in there.items() if path.split("/")[0] in FOLDERS]
    return [p for p, row in cached if stored_files.is_object(p, row) and stored_files.sha256(p) != row.sha256]
