"""What survives: processes killed at random moments, disks that fill, many writers at once, and what is found after.

Run as a process of its own (`python -m tests.durability kills 200`), which only imports what its children use: each is
forked from it, so that a kill costs a tenth of a second and not two. Results are JSON on stdout: counts, and problems
as sentences. Used by `run.py bench duravel` in full and by the suite in small.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pipeline.errors import PresencaError
from pipeline.services.data import maintaining, opening
from pipeline.workspace.audit import audit
from pipeline.workspace.jobs import job_launch, job_owners, job_queue, kinds
from pipeline.workspace.storage import atomic_files
from pipeline.workspace.store import Workspace
from tests.conftest import ROOT, TEST_KEY
from tests.pipeline.workspace import made

Ack = Callable[[str], object]
KEPT = ROOT / "tests" / "golden" / "workspace_2026_11_25.zip"
LONGEST, EARLY = 1.2, 0.12  # seconds until a kill: of work, and of what is killed while it starts
BEGUN = "begun"
# what may be found right after: put aside or just written and not yet old; a job's process that lived a moment longer
LEFT = frozenset({"doctor.aside", "doctor.old_rows", "doctor.leftovers", "doctor.jobs_gone"})
STEP = 12_288  # bytes between two disk sizes: 40 of them reach beyond what a save needs


# ---------------------------------------------------------------- children


def in_child(work: Callable[[Ack], None], kill_after: float | None = None) -> list[str]:
    """Runs `work` in a forked process and gives the lines that it acknowledged; killed after so many seconds."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        _be_child(work, writer)
    os.close(writer)
    first = b""
    if kill_after is not None:
        if kill_after > EARLY:  # most are killed at work; the others while they start
            first = os.read(reader, 1)
        time.sleep(kill_after)
        os.kill(pid, signal.SIGKILL)
    with os.fdopen(reader, "rb") as said:
        lines = (first + said.read()).decode("utf-8", "replace").splitlines()
    os.waitpid(pid, 0)
    return [line for line in lines if line != BEGUN]


def _be_child(work: Callable[[Ack], None], writer: int) -> None:
    code = 1
    try:
        work(lambda line: os.write(writer, f"{line}\n".encode()))
        code = 0
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is a problem to be told
        os.write(writer, f"problem {type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(code)


# ---------------------------------------------------------------- kills


def saving(home: Path, ack: Ack, seed: int) -> None:
    """Data sets and models, one after the other."""
    space = opening.open_workspace(home)
    ack(BEGUN)
    for number in range(1_000):
        info = made.add(space, sha256=f"{seed:032x}{number:032x}")
        ack(f"saved {info.id}")
        ack(f"model {made.add_model(space, info.id)}")


def training(home: Path, ack: Ack, seed: int) -> None:
    """Trainings are begun, and end when their process does; with the killed one, its job dies too."""
    space = opening.open_workspace(home)
    ack(BEGUN)
    job_launch._command = lambda _id: [sys.executable, "-S", "-c", "import time; time.sleep(0.05)"]  # type: ignore[assignment]
    info = made.add(space, sha256=f"{seed:064x}")
    ack(f"saved {info.id}")
    while True:
        with contextlib.suppress(PresencaError):  # the one before has not ended yet
            ack(f"job {job_queue.start(space, info.id, kinds.TRAIN).id}")


def migrating(home: Path, ack: Ack, _seed: int) -> None:
    """A workspace of an earlier version is brought forward."""
    ack(BEGUN)
    opening.open_workspace(home)
    ack("migrated")


def erasing(home: Path, ack: Ack, seed: int) -> None:
    """Data sets, originals and models are erased, each after it was saved."""
    space = opening.open_workspace(home)
    ack(BEGUN)
    for number in range(1_000):
        ids = [made.add(space, sha256=f"{seed:032x}{number:031x}{part:x}").id for part in range(3)]
        model = made.add_model(space, ids[2])
        ack(f"saved {ids[2]}")
        space.delete_dataset(ids[0])
        ack(f"deleted {ids[0]}")
        space.erase_raw(ids[1])
        ack(f"erased {ids[1]}")
        space.delete_model(model)
        ack(f"unmodelled {model}")


SCENARIOS: dict[str, Callable[[Path, Ack, int], None]] = {
    "saving": saving,
    "training": training,
    "migrating": migrating,
    "erasing": erasing,
}


def verify(home: Path, lines: list[str], tell: Ack) -> None:
    """After a kill: it opens at once, all that was acknowledged is so, nothing is in part."""
    space = opening.open_workspace(home)
    known, models = {d.id: d for d in space.datasets()}, {m.id for m in space.models()}
    for line in lines:
        what, _, one = line.partition(" ")
        problem = {
            "saved": lambda one=one: one not in known,
            "model": lambda one=one: one not in models,
            "deleted": lambda one=one: one in known or space.dataset_folder(one).exists(),
            "erased": lambda one=one: known[one].vault_until is not None or _sealed(space, one),
            "unmodelled": lambda one=one: one in models or space.bundle_file(one).exists(),
            "job": lambda one=one: not job_queue.job(space, one),
        }.get(what, lambda what=what: what == "problem")
        if problem():
            tell(f"problem {line}")
    for one, info in known.items():
        if len(space.rows(one)) != info.rows or not space.report(one):
            tell(f"problem rows of {one}")
        if info.product == "toy" and info.vault_until is not None and space.raw(one) != made.raw():
            tell(f"problem original of {one}")
    space.close()
    for found in maintaining.examine(home).findings:
        if found.is_loss or found.what.code not in LEFT:
            tell(f"problem {found.what.code}")


def _sealed(space: Workspace, dataset_id: str) -> bool:
    return bool(list(space.dataset_folder(dataset_id).rglob("raw.sealed")))


def blocked(home: Path, tell: Ack) -> None:
    """Whether a training can be begun right after the kill."""
    space = opening.open_workspace(home)
    job_launch._command = lambda _id: [sys.executable, "-S", "-c", "pass"]  # type: ignore[assignment]
    until = time.monotonic() + job_owners.STARTING_SECONDS + 1  # its process may be starting, or live on a moment
    while time.monotonic() < until:
        try:
            job_queue.start(space, made.add(space).id, kinds.TRAIN)
            return
        except PresencaError as error:
            code = error.note.code
            time.sleep(0.1)
    tell(f"problem {code} after a kill")


def kills(count: int, seed: int, above: Path) -> dict[str, Any]:
    """Kills `count` processes, the scenarios in turn, and tells what was acknowledged, and what was found wrong."""
    chosen, acknowledged, problems = random.Random(seed), 0, []
    by_scenario = dict.fromkeys(SCENARIOS, 0)
    for number in range(count):
        name = list(SCENARIOS)[number % len(SCENARIOS)]
        home = above / name
        if name == "migrating" or number < len(SCENARIOS) or number % 40 < len(SCENARIOS):
            shutil.rmtree(home, ignore_errors=True)
            atomic_files.private_folder(home)
        if name == "migrating":
            with zipfile.ZipFile(KEPT) as kept:
                kept.extractall(home)
        scenario = SCENARIOS[name]
        lines = in_child(
            lambda ack, home=home, scenario=scenario, number=number: scenario(home, ack, number),  # type: ignore[misc]
            chosen.uniform(0.02, LONGEST),
        )
        found = in_child(lambda tell, home=home, lines=lines: verify(home, lines, tell))  # type: ignore[misc]
        if name == "training":
            found += in_child(lambda tell, home=home: blocked(home, tell))  # type: ignore[misc]
        problems += [f"{name} {number}: {line}" for line in found]
        acknowledged += len(lines)
        by_scenario[name] += len(lines)
    return {"kills": count, "acknowledged": acknowledged, "by_scenario": by_scenario, "problems": problems}


# ---------------------------------------------------------------- disks that fill


@contextlib.contextmanager
def small_disk(above: Path, size: int) -> Iterator[Path]:
    """A disk of so many bytes, in memory. OSError where it can't be mounted."""
    import subprocess

    place = above / "disk"
    place.mkdir()
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], capture_output=True)
    if mount.returncode:
        place.rmdir()
        raise OSError("no disk could be mounted")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True, capture_output=True)
        place.rmdir()


def fill(place: Path, leave: int) -> None:
    """Fills a disk but for so many bytes."""
    disk = os.statvfs(place)
    free = disk.f_bavail * disk.f_frsize - leave
    if free > 0:
        with (place / f"ballast-{disk.f_ffree}").open("wb") as ballast:
            os.posix_fallocate(ballast.fileno(), 0, free)


def on_full_disk(place: Path, leave: int, tell: Ack) -> None:
    """Old data, then a disk with so many bytes left: saves are kept or refused in our words; with none left, the app
    starts and erases.
    """
    home = place / "home"
    space = opening.open_workspace(home)
    old, going = made.add(space), made.add(space, sha256="d" * 64)
    model = made.add_model(space, going.id)
    fill(place, leave)
    kept = [old.id, *_tried(space, tell)]
    space.close()
    fill(place, 0)
    again = opening.open_workspace(home)  # the app starts
    again.delete_model(model)
    again.delete_dataset(going.id)  # and erases, however full
    _hold(again, kept, tell)
    if {d.id for d in again.datasets()} != set(kept) or again.models():
        tell("problem other data sets or models than those that were acknowledged")


def _tried(space: Workspace, tell: Ack) -> list[str]:
    """What was saved of a few attempts; a refusal must be one of ours, of a full disk."""
    kept = []
    for number in range(3):
        try:
            kept.append(made.add(space, sha256=f"{number:064x}").id)
            tell("kept")
        except PresencaError as error:
            tell("refused" if atomic_files.is_full(error) else f"problem {error}")  # type: ignore[arg-type]
    return kept


def _hold(space: Workspace, kept: list[str], tell: Ack) -> None:
    for one in kept:
        if len(space.rows(one)) != 6 or space.raw(one) != made.raw() or not space.report(one):
            tell(f"problem {one} is not what it was")


def with_short_files(above: Path, size: int, tell: Ack) -> None:
    """In place of a small disk, where none can be mounted: no file may grow beyond a size."""
    import resource

    home = above / f"limited-{size}"
    space = opening.open_workspace(home)
    old = made.add(space)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    for number in range(3):
        with contextlib.suppress(PresencaError):
            made.add(space, sha256=f"{number:064x}")
            tell("kept")
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    space.close()
    _hold(opening.open_workspace(home), [old.id], tell)
    shutil.rmtree(home)


def disks(count: int, above: Path) -> dict[str, Any]:
    """`count` sizes of what is left on a disk, from nothing to more than is needed."""
    kept = refused = 0
    problems: list[str] = []
    how = "tmpfs"
    for number in range(count):
        leave = number * STEP * 40 // max(count, 1)
        try:
            with small_disk(above, 12 << 20) as place:
                lines = in_child(lambda tell, place=place, leave=leave: on_full_disk(place, leave, tell))  # type: ignore[misc]
        except OSError:
            how = "RLIMIT_FSIZE"
            lines = in_child(lambda tell, leave=leave: with_short_files(above, 4096 + leave, tell))  # type: ignore[misc]
        kept, refused = kept + lines.count("kept"), refused + lines.count("refused")
        problems += [f"{leave} bytes left: {line}" for line in lines if line.startswith("problem")]
    return {"sizes": count, "kept": kept, "refused": refused, "how": how, "problems": problems}


# ---------------------------------------------------------------- many at once


def writers(count: int, each: int, above: Path) -> dict[str, Any]:
    """`count` processes write `each` records at once; every one must be there."""
    home = above / "writers"
    in_child(lambda _tell: opening.open_workspace(home).close())
    children = []
    for number in range(count):
        pid = os.fork()
        if pid == 0:
            _be_child(lambda _ack, number=number: _write(home, number, each), os.open(os.devnull, os.O_WRONLY))  # type: ignore[misc]
        children.append(pid)
    errors = sum(os.waitpid(pid, 0)[1] != 0 for pid in children)
    (told,) = in_child(lambda tell: tell(str(_written(home))))
    missing = count * each - int(told)
    return {"writes": count * each, "errors": errors, "missing": missing, "problems": []}


def _write(home: Path, number: int, each: int) -> None:
    space = Workspace(home)
    for turn in range(each):
        audit(space, "durability_write", writer=number, turn=turn)


def _written(home: Path) -> int:
    with Workspace(home).database.read() as connection:
        asked = connection.exec_driver_sql("SELECT count(DISTINCT facts) FROM audit WHERE action = 'durability_write'")
        return int(asked.scalar_one())


def main() -> None:
    """`python -m tests.durability kills|disks|writers N [--seed S]`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("kills", "disks", "writers", "small"))
    parser.add_argument("count", type=int)
    parser.add_argument("--each", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    os.environ["PRESENCA_KEY"] = TEST_KEY
    os.umask(0o077)
    with tempfile.TemporaryDirectory(prefix="presenca-durable-") as folder:
        above = Path(folder)
        run: dict[str, Callable[[], dict[str, Any]]] = {
            "kills": lambda: kills(options.count, options.seed, above),
            "disks": lambda: disks(options.count, above),
            "writers": lambda: writers(options.count, options.each, above),
        }
        run["small"] = lambda: {name: run[name]() for name in ("kills", "disks", "writers")}
        print(json.dumps(run[options.what]()))


if __name__ == "__main__":
    main()
