"""How many examples a property is tried on: a third of what it asks for while the slow tests are left out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import settings

SHARE, LEAST = 0.35, 6
_SETTINGS = "_hypothesis_internal_use_settings"
_seen: set[Any] = set()


def pytest_itemcollected(item: pytest.Item) -> None:
    """The ordinary run is one of many, each with examples of its own, where nobody fixed them; whoever asks for the
    slow tests too (`run.py test -m ""`), or for a search, has all examples. A few of what is dear stay as they are.
    """
    if item.config.option.markexpr != "not slow" or not isinstance(item, pytest.Function) or item.function in _seen:
        return
    _seen.add(item.function)
    if not getattr(item.function, "is_hypothesis_test", False):
        return
    asked: Any = getattr(item.function, _SETTINGS, None) or settings.default
    if LEAST < asked.max_examples < 1_000:
        setattr(item.function, _SETTINGS, settings(asked, max_examples=max(LEAST, int(SHARE * asked.max_examples))))
