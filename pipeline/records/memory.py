"""What a series remembers of its models: which was in use when, what is said of each, how two compare."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipeline.records.modeling import MetricSet
from pipeline.records.numbers import Interval
from pipeline.records.skill import ModelComparison
from pipeline.records.workspace import ModelInfo

TRAINED, LOADED, LEVELLED = "trained", "loaded", "levelled"  # where a kept model comes from
UNSEEN, HELD_OUT, OWN_TESTS = "unseen", "held_out", "own_tests"  # by what two models are compared


@dataclass(frozen=True)
class ModelUse:
    """A model was put to use. `at`: ISO moment, "" where it was before this was written down; `actor` as in the audit
    log, "" where it was the first of its series; `back`: somebody went back to it.
    """

    model_id: str
    at: str = ""
    actor: str = ""
    back: bool = False


@dataclass(frozen=True)
class KeptModel:
    """A model of a series in its list. `test`: of its own test, booked ahead where that can be told; `ratio`: observed
    over expected there, None in models of older versions; `use`: when it was last put to use.
    """

    info: ModelInfo
    origin: str  # TRAINED | LOADED | LEVELLED
    rows: int
    since: dt.date | None
    test: MetricSet
    test_period: tuple[dt.date, dt.date] | None
    ratio: Interval | None
    note: str
    in_use: bool
    use: ModelUse | None


@dataclass(frozen=True)
class ModelMemory:
    """The models of a series, newest first; `before`: the one to go back to, if any; `uses`: oldest first."""

    kept: tuple[KeptModel, ...]
    before: ModelInfo | None
    uses: tuple[ModelUse, ...]

    @property
    def in_use(self) -> KeptModel | None:
        """The one that whoever opens the series is shown."""
        return next((one for one in self.kept if one.in_use), None)


@dataclass(frozen=True)
class OwnTest:
    """What a model's own test told, which is of rows of its own: no comparison."""

    auc: Interval
    rows: int
    period: tuple[dt.date, dt.date] | None


@dataclass(frozen=True)
class SideBySide:
    """Two models of a series. `basis`: UNSEEN, rows from which neither learnt; HELD_OUT, rows which one or both learnt
    from only after they were tested on them, judged by what they said then; OWN_TESTS, there are no such rows.
    """

    basis: str
    comparison: ModelComparison | None
    tests: tuple[OwnTest, OwnTest]
