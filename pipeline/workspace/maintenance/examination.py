"""A workspace is examined without being changed, and what can be put in order is put in order."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from pipeline.records import Examination, Finding
from pipeline.workspace.engine.schema import RISKS
from pipeline.workspace.maintenance import files_check, records_check, store_check
from pipeline.workspace.storage import atomic_files, shelf
from pipeline.workspace.store import Workspace


def examine(home: Path) -> Examination:
    """All that is not as it should be. OSError where the folder can't be read."""
    found = records_check.of_place(home)
    if found:
        return Examination(tuple(found), unseen=records_check.unseen(home) if home.is_dir() else ())
    with records_check.reading(home) as records:
        found += records_check.of_version(records)
        key, about_key = records_check.of_key(home, records)
        found += about_key
        if not _is_older(found):  # its files are asked by the columns that today's records have
            found += files_check.of_files(home, records, key)
        datasets, models = (len(records.ask(f"SELECT id FROM {kind}")) for kind in shelf.KINDS)  # names of ours
    return Examination(tuple(found), datasets, models, unseen=records_check.unseen(home))


def _is_older(found: list[Finding]) -> bool:
    return any(one.what.code == "doctor.older" for one in found)


def close_to_others(home: Path) -> None:
    """Makes everything its owner's only; needs no key."""
    for path in files_check.open_to_others(home) if home.is_dir() else ():
        path.chmod(0o700 if path.is_dir() else 0o600)


def drop_altered(home: Path) -> None:
    """Takes out of a cache what is not as it was fetched, before anybody reads it: it is fetched again."""
    with records_check.reading(home) as records:
        rows = records.ask("SELECT * FROM blobs WHERE state = 'there'")
    for path in store_check.altered(home, {str(row.path): row for row in rows}):
        path.unlink(missing_ok=True)


def mend(workspace: Workspace) -> None:
    """Puts in order what opening the workspace has not put in order yet."""
    with records_check.reading(workspace.home) as records:
        parts = records_check.missing_parts(records)
        in_folder = not workspace.blobs.is_remote  # else the opening has swept what no record knows
        risks = files_check.missing_risks(workspace.home, records) if in_folder else []
        folders = files_check.orphaned_folders(workspace.home, records) if in_folder else []
        folders += files_check.damaged_columns(workspace.home, records)
    with workspace.database.write() as connection:
        for statement in (one for part in parts for one in part.statements):
            connection.execute(sa.text(statement))
        connection.execute(RISKS.delete().where(RISKS.c.id.in_(risks)))
    with atomic_files.explained("doing.tidy"):
        for folder in folders:
            atomic_files.discard(folder, workspace.staging)
