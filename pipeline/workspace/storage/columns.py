"""Columns beside rows: arrays that are mapped from disk, so that what reads some of their rows holds no others.

They can be made again of the rows and are never the only place of anything.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from pipeline import atomic
from pipeline.workspace.storage import atomic_files

FOLDER = "columns"
_FACTS = "facts.json"
FORMAT = 1  # of these folders: another is made again


def write_columns(arrays: Mapping[str, np.ndarray], facts: Mapping[str, Any], above: Path, staging: Path) -> None:
    """Keeps arrays and facts about them (JSON) as a folder within `above`, whole or not at all. What another process
    kept there meanwhile stays.
    """
    stale = above / FOLDER
    if stale.exists() and read_columns(above) is None:
        atomic_files.remove(stale)
    try:
        with atomic_files.new_folder(above / FOLDER, staging) as draft:
            for number, array in enumerate(arrays.values()):
                with atomic.create(draft / f"{number:03d}.npy") as file:
                    np.save(file, array)
                    atomic.settle(file)
            plain = {"format": FORMAT, "arrays": list(arrays), "facts": dict(facts)}
            atomic_files.write_new(draft / _FACTS, json.dumps(plain, ensure_ascii=False).encode())
    except OSError:
        if read_columns(above) is None:
            raise


def read_columns(above: Path) -> tuple[dict[str, np.ndarray], dict[str, Any]] | None:
    """What `write_columns` kept, mapped; None where there is nothing, or nothing that can be opened."""
    folder = above / FOLDER
    try:
        plain = json.loads((folder / _FACTS).read_text("utf-8"))
        if plain["format"] != FORMAT:
            return None
        paths = {name: folder / f"{number:03d}.npy" for number, name in enumerate(plain["arrays"])}
        return {name: _mapped(path) for name, path in paths.items()}, plain["facts"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _mapped(path: Path) -> np.ndarray:
    """An array as it lies on disk; no mapping of one without values, which no system allows."""
    found: np.ndarray = np.load(path, mmap_mode="r", allow_pickle=False)
    return found.view(np.ndarray)
