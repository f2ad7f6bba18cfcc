"""What lies in the folder and not in the records: put aside, never erased, and taken back.

A database that was lost or restored from an older copy knows less than the folder holds. A deletion is not undone by
it:
what is to go leaves its place before it is erased (`atomic_files.discard`), or is marked (`mark_deleting`).
"""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline import atomic
from pipeline.workspace.engine.database import now
from pipeline.workspace.storage import atomic_files, sidecars
from pipeline.workspace.storage.ids import is_id
from pipeline.workspace.storage.sidecars import DATASETS_FOLDER, MODELS_FOLDER

SHELF = "set_aside"
_SETTLED_SECONDS = 120.0  # between its folder and its record, a data set that is just being saved takes less
KINDS = (DATASETS_FOLDER, MODELS_FOLDER)
_COPIES = "copies"


@dataclass(frozen=True)
class Item:
    """A data set's folder or a model's bundle that no record knows; `day` is when it was put aside."""

    kind: str  # "datasets" | "models"
    id: str
    day: str
    path: Path

    @property
    def record(self) -> Path:
        """The file with what the records said of it; it need not be there."""
        return sidecars.place(self.path.parent, self.kind, self.id)


def held(home: Path, *, settled: bool = False) -> dict[str, list[str]]:
    """The ids of the data sets and models whose files are in the folder; `settled`: not of what is just being saved."""
    return {
        kind: [entry.stem for entry in _entries(home / kind, kind) if not settled or _is_settled(entry)]
        for kind in KINDS
    }


def _entries(above: Path, kind: str) -> Iterator[Path]:
    for entry in sorted(above.iterdir()) if above.is_dir() else ():
        if is_id(entry.stem) and (
            entry.is_dir() and not entry.suffix if kind == DATASETS_FOLDER else entry.suffix == ".zip"
        ):
            yield entry


def _is_settled(entry: Path) -> bool:
    try:
        return time.time() - entry.stat().st_mtime > _SETTLED_SECONDS
    except FileNotFoundError:
        return False


def put_aside(home: Path, known: dict[str, set[str]], *, settled: bool = True) -> int:
    """Moves what no record knows out of the way, each in one step; how many there were."""
    moved = 0
    for kind in KINDS:
        for entry in list(_entries(home / kind, kind)):
            if entry.stem not in known[kind] and (not settled or _is_settled(entry)):
                with contextlib.suppress(FileNotFoundError):  # another process does the same
                    _move(entry, kind, _free(home / SHELF, now()[:10], kind, entry.name))
                    moved += 1
    return moved


def _free(shelf: Path, day: str, kind: str, name: str) -> Path:
    """A folder of the day in which there is nothing of this name yet."""
    for number in range(1, 1000):
        above = shelf / (day if number == 1 else f"{day}-{number}") / kind
        if not (above / name).exists():
            break
    for folder in (shelf, above.parent, above):
        atomic_files.private_folder(folder)
    return above


def free_folder(home: Path, item: Item) -> Path:
    """A folder of the day on which it was put aside, in which another of its name has a place."""
    return _free(home / SHELF, item.day, item.kind, item.path.name)


def _move(entry: Path, kind: str, above: Path) -> None:
    """A bundle's record goes first: alone it is nothing."""
    beside = sidecars.place(entry.parent, kind, entry.stem)
    if kind == MODELS_FOLDER and beside.exists():
        beside.replace(above / beside.name)
    entry.rename(above / entry.name)
    atomic.settle_folder(above)
    atomic.settle_folder(entry.parent)


def put_copy_aside(home: Path, path: Path, kind: str) -> None:
    """Moves a copy (`copies`) that was cut short, or makes no sense, out of the way: what it still holds may be read by
    hand.
    """
    name = f"{kind}-{path.parent.name}-{path.name}"
    path.replace(_free(home / SHELF, now()[:10], _COPIES, name) / name)


def damaged_copies(home: Path) -> tuple[Path, ...]:
    """The copies that were put aside, the oldest first."""
    return tuple(sorted((home / SHELF).glob(f"*/{_COPIES}/*.json")))


def items(home: Path) -> tuple[Item, ...]:
    """What was put aside, the latest first; data sets before the models that learnt from them."""
    found = []
    for folder in sorted((home / SHELF).iterdir(), reverse=True) if (home / SHELF).is_dir() else ():
        found += [
            Item(kind, entry.stem, folder.name[:10], entry) for kind in KINDS for entry in _entries(folder / kind, kind)
        ]
    return tuple(sorted(found, key=lambda item: KINDS.index(item.kind)))


def back(item: Item, home: Path) -> Path:
    """Puts files back in their place; gives it. FileExistsError if there is another in it."""
    target = home / item.kind / item.path.name
    if target.exists():
        raise FileExistsError(target)
    if item.kind == DATASETS_FOLDER:
        for entry in item.path.iterdir():
            if is_id(entry.name):  # risks, which no record knows; they are computed again
                shutil.rmtree(entry, ignore_errors=True)
    _move(item.path, item.kind, target.parent)
    tidy(home)
    return target


def tidy(home: Path) -> None:
    """Removes the folders of days of which nothing is left."""
    shelf = home / SHELF
    for folder in (*shelf.glob("*/*"), *shelf.glob("*"), shelf):
        if folder.is_dir() and not is_id(folder.name):
            with contextlib.suppress(OSError):  # not empty
                folder.rmdir()


# ---------------------------------------------------------------- deletions that a crash cuts short


def mark_deleting(home: Path, model_id: str, staging: Path) -> None:
    """Says beside a bundle that it is to go, before its record goes."""
    atomic_files.put(b"", _mark(home, model_id), staging)


def empty_dataset(home: Path, dataset_id: str) -> None:
    """Erases a data set's files where there is no room for a record that it is to go: the empty folder says so."""
    folder, mark = home / DATASETS_FOLDER / dataset_id, _dataset_mark(home, dataset_id)
    if folder.exists():
        folder.rename(mark)
        atomic.settle_folder(mark.parent)
    for entry in list(mark.iterdir()) if mark.is_dir() else ():
        atomic_files.remove(entry)


def emptied_datasets(home: Path) -> list[str]:
    """The ids of data sets whose deletion began with their files and was cut short."""
    return sorted(mark.stem for mark in (home / DATASETS_FOLDER).glob("*.deleting") if is_id(mark.stem))


def forget_dataset(home: Path, dataset_id: str) -> None:
    """Removes the mark, once the record is gone."""
    atomic_files.remove(_dataset_mark(home, dataset_id))


def _dataset_mark(home: Path, dataset_id: str) -> Path:
    return home / DATASETS_FOLDER / f"{dataset_id}.deleting"


def delete_bundle(home: Path, model_id: str) -> None:
    """The bundle, its record and the mark, in this order."""
    bundle = home / MODELS_FOLDER / f"{model_id}.zip"
    for path in (bundle, bundle.with_suffix(".json"), _mark(home, model_id)):
        atomic_files.remove(path)


def end_deletions(home: Path, known_models: set[str]) -> int:
    """Ends deletions of models that a crash cut short, and forgets those that had not begun; how many were ended."""
    ended = 0
    for mark in list((home / MODELS_FOLDER).glob("*.deleting")):
        if mark.stem in known_models:
            atomic_files.remove(mark)
        elif is_id(mark.stem):
            delete_bundle(home, mark.stem)
            ended += 1
    return ended


def marked_models(home: Path) -> set[str]:
    """The ids of models that are marked as to go."""
    return {mark.stem for mark in (home / MODELS_FOLDER).glob("*.deleting") if is_id(mark.stem)}


def _mark(home: Path, model_id: str) -> Path:
    return home / MODELS_FOLDER / f"{model_id}.deleting"
