"""Where tasks are done: at once in this process, in a pool of processes of this machine, or by a Dask scheduler.

All three are `concurrent.futures.Executor`; what they know beyond that is how many tasks they do at a time, which
failures mean that a worker was lost (and not that its task is wrong), and how to go on after one.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

from typing_extensions import override

from pipeline.errors import PresencaError
from pipeline.executing import worker
from pipeline.executing.spawning import SPAWN

SCHEDULER = "PRESENCA_SCHEDULER"  # of the environment: the address, where no option gives one
_SECONDS = 5  # for a scheduler to answer, and to have a worker


class Workers(Executor):
    """An executor that says what `run` needs to know of it."""

    size = 1  # tasks that are done at a time

    def is_loss(self, error: BaseException) -> bool:
        """Whether a task failed because its worker is gone: done again, it may well succeed."""
        return False

    def renew(self) -> None:
        """Stands up workers in the place of lost ones."""

    def sees(self, folder: Path) -> bool:
        """Whether every worker finds a folder of this machine."""
        return True

    def stop(self) -> None:
        """Ends what is being done, without waiting for it."""
        self.shutdown(wait=False, cancel_futures=True)


class InProcess(Workers):
    """Does a task when it is submitted, in the caller's thread."""

    @override
    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - it is told where the result is asked for, as by any executor
            future.set_exception(error)
        return future


class Pool(Workers):
    """Processes of this machine, one thread each; they end with this process, however it ends.

    They start at once and load `modules` while nothing is asked of them: some seconds of each, which this process
    mostly spends reading.
    """

    def __init__(self, size: int, modules: Sequence[str] = ()) -> None:
        self.size, self._modules = size, tuple(modules)
        self._pool = self._made()

    def _made(self) -> ProcessPoolExecutor:
        pool = ProcessPoolExecutor(self.size, mp_context=SPAWN, initializer=worker.begin, initargs=(self._modules,))
        for _ in range(self.size):
            pool.submit(worker.stand)  # a pool starts a process for each task that finds nobody idle
        return pool

    @override
    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return self._pool.submit(fn, *args, **kwargs)

    @override
    def is_loss(self, error: BaseException) -> bool:
        return isinstance(error, BrokenProcessPool)

    @override
    def renew(self) -> None:
        self.stop()
        self._pool = self._made()

    @property
    def processes(self) -> list[Any]:
        """The worker processes that stand now."""
        return list((self._pool._processes or {}).values())  # its own API to end them comes with Python 3.14

    @override
    def stop(self) -> None:
        standing = self.processes
        self._pool.shutdown(wait=False, cancel_futures=True)
        for process in standing:
            process.terminate()
        for process in standing:
            process.join()

    @override
    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._pool.shutdown(wait=wait, cancel_futures=cancel_futures)


class Cluster(Workers):
    """The workers of a Dask scheduler."""

    def __init__(self, client: Any, modules: Sequence[str] = ()) -> None:
        self._client = client
        self._executor = client.get_executor(pure=False)
        threads = client.nthreads()
        self.size = max(1, sum(threads.values()))
        if modules:  # by tasks: what `Client.run` does holds up all that a worker hears
            self._loading = [client.submit(worker.load, modules, workers=[one], pure=False) for one in threads]

    @override
    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return self._executor.submit(worker.alone, fn, *args, **kwargs)

    @override
    def is_loss(self, error: BaseException) -> bool:
        from distributed.scheduler import KilledWorker

        return isinstance(error, KilledWorker)

    @override
    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._executor.shutdown(wait=wait and not cancel_futures)

    @override
    def sees(self, folder: Path) -> bool:
        return all(self._client.run(os.path.isdir, str(folder)).values())


@contextlib.contextmanager
def opened(scheduler: str | None = None, workers: int | None = None, modules: Sequence[str] = ()) -> Iterator[Workers]:
    """Workers to submit tasks to, until the end of the block; those that are doing something then are stopped if it
    ends by an error.

    `scheduler`: the address of a Dask scheduler (without it, what PRESENCA_SCHEDULER says, unless `workers` are asked
    for); `workers`: processes of this machine, none of them with 1 or without both; `modules`: what tasks will need,
    loaded by workers while none is asked of them. PresencaError where a scheduler can't be reached, has no workers, or
    has workers of another version of this code.
    """
    address = scheduler or (os.environ.get(SCHEDULER, "").strip() if workers is None else "")
    if address:
        with _connected(address, modules) as cluster, ending(cluster):
            yield cluster
            cluster.shutdown()
        return
    with ending(Pool(workers, modules) if workers and workers > 1 else InProcess()) as found:
        yield found
        found.shutdown()


@contextlib.contextmanager
def ending(found: Workers) -> Iterator[Workers]:
    """Stops what workers are doing where the block ends by an error."""
    try:
        yield found
    except BaseException:
        found.stop()
        raise


@contextlib.contextmanager
def _connected(address: str, modules: Sequence[str]) -> Iterator[Cluster]:
    try:
        from distributed import Client
    except ImportError:
        raise PresencaError("executing.no_cluster_extra") from None
    worker.quiet_cluster()
    try:
        client = Client(address, timeout=_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise PresencaError("executing.unreachable", address=address) from error
    try:
        _check(client, address)
        yield Cluster(client, modules)
    finally:
        client.close(timeout=_SECONDS)


def _check(client: Any, address: str) -> None:
    """PresencaError without workers, or with such as run other code than this process: their bytes may differ."""
    try:
        client.wait_for_workers(1, timeout=_SECONDS)
    except TimeoutError:
        raise PresencaError("executing.no_workers", address=address) from None
    try:
        versions = set(client.run(worker.code_version).values())
    except Exception as error:  # noqa: BLE001 - whatever it is, our code is not what runs there
        raise PresencaError("executing.other_version", address=address) from error
    if versions != {worker.code_version()}:
        raise PresencaError("executing.other_version", address=address)
