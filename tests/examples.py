"""How many examples a property is tried on: half of what it asks for while the slow tests are left out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import settings

SHARE, LEAST = 0.5, 6
_SETTINGS = "_hypothesis_internal_use_settings"


def fewer(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The ordinary run is one of many, each with examples of its own, where nobody fixed them; whoever asks for the
    slow tests too (`run.py test -m ""`), or for a search, has all examples. A few of what is dear stay as they are.
    """
    if config.option.markexpr != "not slow":
        return
    for test in {item.function for item in items if isinstance(item, pytest.Function)}:
        asked: Any = getattr(test, _SETTINGS, None)
        if asked is not None and LEAST < asked.max_examples < 1_000:
            setattr(test, _SETTINGS, settings(asked, max_examples=max(LEAST, int(SHARE * asked.max_examples))))
