"""What an earlier attempt at the same training has finished, by name, as text: recipe and boosters that took hours.

Whoever gives it answers for its being of the same rows, effort, seed and code. What is asked for is read or made; made
is put aside at once, and is taken from there the first time, too: both attempts go on from the very same text.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any, Protocol

import lightgbm as lgb

from pipeline.modeling.training.boosting import Effort


class Finished(Protocol):
    """Texts by name, which outlive the process or not."""

    def text(self, name: str, make: Callable[[], str]) -> str:
        """That of the name, or what `make` gives, kept under it."""
        ...


class Nothing:
    """Nothing was finished before, and nothing is kept."""

    def text(self, name: str, make: Callable[[], str]) -> str:
        """See Finished.text."""
        return make()


def booster(
    finished: Finished, effort: Effort, columns: list[str], way: tuple[int, int], grow: Callable[[], lgb.Booster]
) -> lgb.Booster:
    """A booster of all rows: that of an earlier attempt by the same recipe, or one grown now. `way`: seed, rounds."""
    asked = json.dumps([repr(effort), columns, way]).encode()
    name = f"booster-{hashlib.sha256(asked).hexdigest()[:16]}.txt"
    return lgb.Booster(model_str=finished.text(name, lambda: grow().model_to_string(num_iteration=-1)))


def plain(finished: Finished, name: str, make: Callable[[], Any]) -> Any:
    """What JSON can hold."""
    return json.loads(finished.text(f"{name}.json", lambda: json.dumps(make())))
