"""What is loaded for good is not looked at again after each run of a page."""

from __future__ import annotations

import gc
import sys
from types import ModuleType

import pytest

from dashboard.components import heap


def test_modules_that_came_are_set_apart_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heap, "_settled", 0)
    try:
        before = gc.get_freeze_count()
        assert heap.settle() and gc.get_freeze_count() > before
        assert not heap.settle()  # nothing came since
        for number in range(heap._MANY):
            monkeypatch.setitem(sys.modules, f"came_{number}", ModuleType(f"came_{number}"))
        assert heap.settle() and not heap.settle()
    finally:
        gc.unfreeze()
