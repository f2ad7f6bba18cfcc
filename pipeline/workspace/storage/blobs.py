"""Files of data sets, models and arrivals: in the workspace's folder, or in a store of objects of which it is a cache.

All that is to outlive a server goes through `LocalFiles`, below `datasets/`, `models/` or `arrivals/`; what can be made
again of it (`columns/`) does not, and stays each server's own. With a store (`stored_files.StoredFiles`) the same calls
send, fetch and erase there, too.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.workspace.storage import atomic_files, shelf
from pipeline.workspace.storage.sidecars import DATASETS_FOLDER, MODELS_FOLDER

ARRIVALS_FOLDER = "arrivals"
FOLDERS = (DATASETS_FOLDER, MODELS_FOLDER, ARRIVALS_FOLDER)


@dataclass(frozen=True)
class LocalFiles:
    """Files that rest in the folder `home`, and nowhere else. `staging`: where they are written before they are put."""

    home: Path
    staging: Path

    is_remote = False
    address = ""  # for a process of ours; "" where the folder says it all

    def put(self, content: bytes, target: Path) -> None:
        """Writes `target`, or replaces it, so that a reader sees the old content or the new, never a part."""
        atomic_files.put(content, target, self.staging)

    @contextlib.contextmanager
    def new_folder(self, target: Path) -> Iterator[Path]:
        """A folder to fill, which becomes `target` in one step at the end, or vanishes if filling it fails."""
        with atomic_files.new_folder(target, self.staging) as draft:
            yield draft

    def remove(self, path: Path) -> None:
        """Removes a file or a folder with all in it, if it is there, and waits until it is gone for good."""
        atomic_files.remove(path)

    def discard(self, path: Path) -> None:
        """Removes a folder that must not come back: out of its place in one step, then for good."""
        atomic_files.discard(path, self.staging)

    def fetched(self, path: Path) -> Path:
        """The path, once what is to be there (a file, or a folder with all in it) is there, and nothing else."""
        return path

    def fetch(self, paths: Collection[Path]) -> None:
        """As `fetched`, of several at once."""

    def holds(self, folder: Path) -> bool:
        """Whether a folder is kept, fetched or not."""
        return folder.is_dir()

    def there(self, paths: Collection[Path]) -> set[Path]:
        """Those of these files that are kept."""
        return {path for path in paths if path.exists()}

    def ages(self, folder: Path) -> dict[Path, float]:
        """The files right in a folder, each with the seconds since it was written."""
        found = {}
        for path in folder.iterdir() if folder.is_dir() else ():
            with contextlib.suppress(FileNotFoundError):
                found[path] = time.time() - path.stat().st_mtime
        return found

    def held(self) -> dict[str, set[str]]:
        """The ids of data sets and models of which files are kept, by the name of their folder."""
        return {kind: set(ids) for kind, ids in shelf.held(self.home).items()}

    def drop_stale(self) -> int:
        """Removes from a cache what is kept no more; how many files there were."""
        return 0

    def end_removals(self) -> None:
        """Ends what was to be erased and could not be at once. WorkspaceError where it still can't."""

    def erase_unknown(self, seconds: float = 0.0) -> int:
        """Erases what a store holds and nothing speaks of, if it was written so long ago; how many there were."""
        del seconds
        return 0

    def sweep(self, is_known: Callable[[str], bool]) -> int:
        """Ends what crashes left in a store, and erases what no record knows (by its path); how many there were."""
        del is_known
        return 0
