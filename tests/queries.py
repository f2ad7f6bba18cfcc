"""Queries of SQLite are put into words once for all workspaces of a worker, not anew for each that a test opens."""

from __future__ import annotations

import functools
from typing import Any

import sqlalchemy as sa

_create = sa.create_engine
_first: dict[str, sa.Engine] = {}


def share() -> None:
    """From here on the engines of SQLite share one dialect and its compiled queries: half of what opening a workspace
    takes is compiling the same ones. An engine finds them by its dialect, of which it would have one of its own.
    """
    sa.create_engine = _sharing


@functools.wraps(_create)
def _sharing(*args: Any, **kwargs: Any) -> sa.Engine:
    engine = _create(*args, **kwargs)
    if engine.dialect.name == "sqlite":
        first = _first.setdefault(engine.dialect.driver, engine)
        engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
    return engine
