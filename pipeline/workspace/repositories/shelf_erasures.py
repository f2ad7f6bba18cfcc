"""Looking for one patient in what was put aside, and erasing them there.

No record knows these folders, so nothing is revised: a folder without the patient is put aside beside the old one, on
the same day, and the old one goes. A process that is killed in between leaves both; the erasure is ended at the next
start. Risks and vectors in it are left out: they are computed again once the folder is taken back.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.errors import PresencaError, WorkspaceError
from pipeline.privacy import open_sealed, seal
from pipeline.records.privacy import PatientTarget
from pipeline.workspace.repositories import datasets as files
from pipeline.workspace.repositories.dataset_rows import canonical
from pipeline.workspace.repositories.erased_texts import (
    Lost,
    only_theirs,
    recipe_without,
    retold,
    rows_without,
    steps_without,
)
from pipeline.workspace.repositories.recovery import ERASED, Recovery, revision_folder, revision_of
from pipeline.workspace.storage import atomic_files, frames, shelf, sidecars, vault
from pipeline.workspace.storage.sidecars import DATASETS_FOLDER, RECORD


@dataclass(frozen=True)
class SetAside:
    """What a folder that was put aside holds: its frames by name, its sheet, its report, and what the records said of
    it ({} where nothing tells).
    """

    item: shelf.Item
    frames: dict[str, pd.DataFrame]
    sheet: tuple[pa.Table, np.ndarray] | None
    report: dict[str, Any]
    record: dict[str, Any]

    @property
    def name(self) -> str:
        """As the file was called; "" where nothing tells."""
        return str(self.record.get("row", {}).get("name") or self.report.get("file", {}).get("name") or "")

    def rows_with(self, codes: Collection[str]) -> np.ndarray:
        """The spreadsheet rows (int64) that say one of these pseudonyms, whatever their column."""
        found = [np.array([], dtype=np.int64)]
        for frame in self.frames.values():
            text = frame.select_dtypes(["str", "category"])
            if "row" in frame:
                found.append(frame.loc[text.isin(list(codes)).any(axis=1), "row"].to_numpy(np.int64))
        return np.unique(np.concatenate(found))

    def holds(self, rows: Collection[int]) -> bool:
        """Whether any of these rows is in it still."""
        framed = any(frame["row"].isin(rows).any() for frame in self.frames.values() if "row" in frame)
        return framed or (self.sheet is not None and bool(np.isin(self.sheet[1], list(rows)).any()))


class ShelfErasures(Recovery):
    """The part of the workspace that looks into what was put aside, and erases one patient there."""

    def open_aside(self, item: shelf.Item) -> SetAside:
        """What a data set that was put aside holds. WorkspaceError where it is sealed with another key, or damaged."""
        self.check_key(item)
        record = sidecars.read(item.record) or {}
        folder = _contents(item, record)
        try:
            held = {one: frames.read_frame(folder, one) for one in files.FRAMES if _there(folder, one)}
            path = folder / files.REPORT
            report = json.loads(path.read_text("utf-8")) if path.exists() else {}
            sealed = item.path / files.VAULT
            sheet = vault.unpack(sealed.read_bytes(), self.key, item.id) if sealed.exists() else None
        except WorkspaceError:
            raise
        except (OSError, ValueError, PresencaError) as error:
            raise WorkspaceError("dataset.rows_damaged") from error
        return SetAside(item, held, sheet, report, record)

    def _erase_aside(self, target: PatientTarget, at: str) -> None:
        """Erases the rows of each folder put aside, and what copies of what people did say of the patient."""
        wanted = {part.of: frozenset(part.rows) for part in target.shelved}
        for item in self.shelved():
            if item.kind == DATASETS_FOLDER and item.id in wanted:
                held = self.open_aside(item)
                if held.holds(wanted[item.id]):
                    self._put_aside_without(held, wanted[item.id], at)
                self._erase_leftovers(item)
        told = {*target.pseudonyms, *(key for _, keys in target.events for key in keys)}
        with atomic_files.explained("doing.erase_patient"):
            self.copies.erase_mentions(told, self._series_ids())
            for path in self.damaged_copies():
                if any(name.encode() in path.read_bytes() for name in told):
                    atomic_files.remove(path)
            shelf.tidy(self.home)

    def _series_ids(self) -> frozenset[str]:
        raise NotImplementedError

    def _put_aside_without(self, held: SetAside, rows: frozenset[int], at: str) -> None:
        item = held.item
        typed = held.frames.get(files.ROWS, pd.DataFrame({"row": pd.Series([], dtype="int64")}))
        lost = Lost(rows, only_theirs(typed, held.sheet, rows), at)
        with atomic_files.explained("doing.erase_patient"):
            above = shelf.free_folder(self.home, item)
            with atomic_files.new_folder(above / item.path.name, self.staging) as draft:
                self._write(held, lost, draft)
            atomic_files.discard(item.path, self.staging)

    def _write(self, held: SetAside, lost: Lost, draft: Path) -> None:
        """The folder as it was, without the rows."""
        old = _contents(held.item, held.record)
        folder = draft / old.relative_to(held.item.path)
        atomic_files.private_folders(draft, folder)
        for name, frame in held.frames.items():
            frames.write_frame(lost.without(frame), folder, name)
        if held.report:
            atomic_files.write_new(folder / files.REPORT, retold(held.report, lost).encode())
        if (old / files.RECIPE).exists():
            whole = json.loads(open_sealed((old / files.RECIPE).read_bytes(), self.key, held.item.id) or b"{}")
            sealed = seal(recipe_without(whole, lost).encode(), self.key, held.item.id)
            atomic_files.write_new(folder / files.RECIPE, sealed)
        if held.sheet is not None:
            table, numbers = rows_without(*held.sheet, lost.rows)
            atomic_files.write_new(draft / files.VAULT, vault.pack(table, numbers, self.key, held.item.id))
        if held.record:
            atomic_files.write_new(draft / RECORD, json.dumps(_record(held, lost), ensure_ascii=False).encode())

    def _erase_leftovers(self, item: shelf.Item) -> None:
        """Of a folder that holds the rows no more: older revisions, risks and vectors, which may."""
        if not item.path.is_dir():
            return
        present = _contents(item, sidecars.read(item.record) or {})
        with atomic_files.explained("doing.erase_patient"):
            for entry in [entry for entry in item.path.iterdir() if entry.is_dir() and entry != present]:
                shutil.rmtree(entry)
            if present != item.path:
                for name in ("rows", "left_out", "faults"):
                    for ending in (".parquet", ".categories.parquet"):
                        atomic_files.remove(item.path / f"{name}{ending}")
                for name in (files.REPORT, files.RECIPE):
                    atomic_files.remove(item.path / name)
            atomic_files.remove(item.path / files.SENSE)


def _contents(item: shelf.Item, record: dict[str, Any]) -> Path:
    """Where the revision lies that would be taken back."""
    return revision_folder(item.path, revision_of(item.path, record.get("row", {}).get("revision")))


def _there(folder: Path, name: str) -> bool:
    return (folder / f"{name}.parquet").exists()


def _record(held: SetAside, lost: Lost) -> dict[str, Any]:
    """What the records said, with fewer rows, and those that are to stay away when it is taken back."""
    row = dict(held.record["row"])
    if files.ROWS in held.frames:
        row["rows"] = len(lost.without(held.frames[files.ROWS]))
    mapping = json.loads(row.get("mapping") or "{}")
    if "recipe" in mapping:
        plain = json.dumps(mapping | {"recipe": steps_without(mapping["recipe"], lost)}, ensure_ascii=False)
        row["mapping"] = canonical(plain)
    before = held.record.get(ERASED, [])
    return held.record | {"row": row, ERASED: [*before, *([one, lost.at] for one in sorted(lost.rows))]}
