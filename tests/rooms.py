"""Which tests share a room, and so a worker: what a room needs is made once."""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

ROOMS = {
    "tests/browser/": "browser",  # one Chromium
    "tests/toy/": "toy",
    "tests/pipeline/workspace/engine/test_postgres": "postgres",  # one cluster
    "tests/pipeline/workspace/jobs/test_job_recovery": "postgres",
    "tests/pipeline/services/large/": "large",  # one pool, one cluster
    "tests/dashboard/test_comments_page": "voice",
    "tests/dashboard/": "dashboard",
    "tests/pipeline/services/pages/test_comments.py": "voice",  # the home of whoever hears comments
}  # each shares a browser or trained workspaces; by the beginning of a test's name


class OneRoomOneWorker(LoadScopeScheduling):
    """What a room shares is made once: its tests go to one worker; elsewhere those of a file do.

    The marks `xdist_group` can't say so: with pytest 9.2 they never reach xdist's scheduler (pytest-xdist #1386).
    """

    def _split_scope(self, nodeid: str) -> str:
        return room_of(nodeid) or nodeid.split("::", 1)[0]


def room_of(nodeid: str) -> str:
    """The room of a test, "" where it shares none."""
    return next((room for begin, room in ROOMS.items() if nodeid.startswith(begin)), "")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Rooms first, as they stand: one that is begun last keeps a worker while the others have nothing left to do."""
    items.sort(key=lambda item: not room_of(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    return OneRoomOneWorker(config, log)
