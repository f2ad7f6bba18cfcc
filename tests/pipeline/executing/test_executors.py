"""One seam: whatever does the tasks, the same results in the same order; lost workers are made up for."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import Cancelled, PresencaError
from pipeline.executing import Task, executors, opened, run, work
from pipeline.executing.executors import SCHEDULER, InProcess, Pool
from tests.pipeline.executing import tasks

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX does")


@pytest.fixture(scope="module")
def pool():
    with opened(workers=2) as found:
        yield found


@pytest.mark.parametrize("number", [0, 1, 7])
def test_results_come_in_the_order_of_the_tasks(pool: Pool, number: int) -> None:
    asked = [Task(tasks.double, (n,)) for n in range(number)]
    for executor in (InProcess(), pool):
        told: list[tuple[int, int]] = []
        assert list(run(executor, asked, tell=_into(told))) == [2 * n for n in range(number)]
        assert all(of == number for _, of in told) and (not number or told[-1] == (number, number))


def _into(told: list[tuple[int, int]]) -> Callable[[int, int], None]:
    return lambda done, of: told.append((done, of))


def test_in_process_is_this_process_and_a_pool_is_others(pool: Pool) -> None:
    assert set(run(InProcess(), [Task(tasks.process, (n,)) for n in range(3)])) == {os.getpid()}
    assert os.getpid() not in set(run(pool, [Task(tasks.process, (n,)) for n in range(3)]))


def test_a_worker_has_one_thread(pool: Pool) -> None:
    assert list(run(pool, [Task(tasks.threads, (0,))])) == [(1, "1")]


def test_workers_stand_and_load_before_anything_is_asked() -> None:
    with opened(workers=2, modules=("colorsys", "not_a_module_at_all")) as found:
        assert isinstance(found, Pool) and len(found.processes) == 2
        assert list(run(found, [Task(tasks.has, ("colorsys",)), Task(tasks.has, ("turtle",))])) == [True, False]


def test_what_a_task_raises_comes_through(pool: Pool) -> None:
    for executor in (InProcess(), pool):
        with pytest.raises(ValueError, match="told as it is"):
            list(run(executor, [Task(tasks.fails, (n,)) for n in range(3)]))


def test_a_cancel_is_heard_between_tasks() -> None:
    done: list[int] = []
    with pytest.raises(Cancelled):
        for result in run(InProcess(), [Task(tasks.double, (n,)) for n in range(9)], cancelled=lambda: len(done) == 2):
            done.append(result)
    assert done == [0, 2]


@POSIX
def test_tasks_of_a_killed_worker_are_done_again(tmp_path: Path) -> None:
    asked = [Task(tasks.ends_its_worker_once, (str(tmp_path), n)) for n in range(2)]
    with opened(workers=2) as killed:
        assert list(run(killed, asked)) == [0, 1]


@pytest.mark.slow
@POSIX
def test_a_task_that_always_ends_its_worker_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "MOST_LOSSES", 1)
    with pytest.raises(PresencaError) as refused, opened(workers=2) as killed:
        list(run(killed, [Task(tasks.ends_its_worker, (0,))]))
    assert refused.value.note.code == "executing.worker_lost"


@POSIX
def test_workers_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import os, signal\n"
        "from pipeline.executing import Task, opened, run\n"
        "from tests.pipeline.executing import tasks\n"
        "with opened(workers=2) as pool:\n"  # no guard: a worker that ran this script again would start its own
        "    print(*run(pool, [Task(tasks.process, (n,)) for n in range(2)]), flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = Path(tasks.__file__).parents[3]
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(root)}
    )
    workers = [int(pid) for pid in done.stdout.split()]
    assert workers, done.stderr
    until = time.monotonic() + 10
    while any(_lives(pid) for pid in workers) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(_lives(pid) for pid in workers)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_scheduler_that_is_not_there_is_told_within_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setenv(SCHEDULER, "tcp://127.0.0.1:9")
    monkeypatch.setattr(executors, "_SECONDS", 1)
    began = time.monotonic()
    with pytest.raises(PresencaError) as refused, opened():
        pass
    assert refused.value.note.code == "executing.unreachable" and time.monotonic() - began < 10
    for address in ("no address", "gopher://x:1"):
        with pytest.raises(PresencaError), opened(address):
            pass


def test_without_the_extra_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(PresencaError) as refused, opened("tcp://127.0.0.1:9"):
        pass
    assert refused.value.note.code == "executing.no_cluster_extra"
