"""Tasks done by workers: a bounded number at a time, results in the tasks' order, lost ones done again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass, field
from typing import Any

from pipeline.errors import Cancelled, PresencaError
from pipeline.executing.executors import Workers

MOST_LOSSES = 5  # of one task's workers, before it is held to be the task that ends them
_EACH_WORKER = 2  # tasks in flight: one that is done and one that waits
_LOOK = 0.25  # seconds between looks at whether to stop

Tell = Callable[[int, int], None]
"""(tasks finished, tasks in all)"""


@dataclass(frozen=True)
class Task:
    """A pure function of a module of ours and what it is given: addresses and small tables, all plain to send."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...] = ()


def run(
    executor: Workers,
    tasks: Sequence[Task],
    *,
    tell: Tell | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Iterator[Any]:
    """The results of the tasks, in their order, each as soon as those before it are there.

    Cancelled where `cancelled` says so between tasks; PresencaError where a task loses its workers again and again, or
    the scheduler is gone. What a task itself raises comes through as it is.
    """
    flight = _Flight(executor, tasks)
    told = 0
    for place in range(len(tasks)):
        while place not in flight.done:
            if cancelled is not None and cancelled():
                raise Cancelled
            flight.go_on()
            if tell is not None and flight.finished > told:
                told = flight.finished
                tell(told, len(tasks))
        yield flight.done.pop(place)


@dataclass
class _Flight:
    """Which tasks wait, which are being done, and what came of those that nobody has asked for yet."""

    executor: Workers
    tasks: Sequence[Task]
    waiting: deque[int] = field(init=False)
    flying: dict[Future[Any], int] = field(default_factory=dict)
    done: dict[int, Any] = field(default_factory=dict)
    losses: dict[int, int] = field(default_factory=dict)
    finished: int = 0

    def __post_init__(self) -> None:
        self.waiting = deque(range(len(self.tasks)))

    def go_on(self) -> None:
        """Fills the workers, waits a moment, and takes what has landed."""
        try:
            self._submit()
        except Exception as error:
            if not self.executor.is_loss(error):
                raise
            self._again()
            return
        landed, _ = wait(self.flying, timeout=_LOOK, return_when=FIRST_COMPLETED)
        for future in sorted(landed, key=self.flying.__getitem__):
            if not self._take(future):
                self._again()
                return

    def _submit(self) -> None:
        most = 1 if self.executor.size == 1 else self.executor.size * _EACH_WORKER
        while self.waiting and len(self.flying) < most:
            task = self.tasks[self.waiting[0]]
            future = self.executor.submit(task.function, *task.arguments)
            self.flying[future] = self.waiting.popleft()

    def _take(self, future: Future[Any]) -> bool:
        """Keeps what came of a task; False where its worker was lost."""
        try:
            result = future.result()
        except CancelledError:
            raise PresencaError("executing.scheduler_lost") from None
        except Exception as error:
            if self.executor.is_loss(error):
                return False
            raise
        self.done[self.flying.pop(future)] = result
        self.finished += 1
        return True

    def _again(self) -> None:
        """Those that were being done are put back, in front; PresencaError where one of them never lands."""
        for future in [one for one in self.flying if one.done() and not one.cancelled() and one.exception() is None]:
            self._take(future)
        for place in self.flying.values():
            self.losses[place] = self.losses.get(place, 0) + 1
            if self.losses[place] > MOST_LOSSES:
                raise PresencaError("executing.worker_lost", times=self.losses[place])
        self.waiting.extendleft(sorted(self.flying.values(), reverse=True))
        self.flying.clear()
        self.executor.renew()
