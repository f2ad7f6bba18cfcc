"""A pool and a cluster for all tests of what is done by shards: their processes load the house once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipeline.executing import Workers, opened


@pytest.fixture(scope="session")
def pool() -> Iterator[Workers]:
    with opened(workers=2) as found:
        yield found


@pytest.fixture(scope="session")
def cluster() -> Iterator[Workers]:
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(2, threads_per_worker=1, dashboard_address=None, memory_limit=0) as local,
        opened(local.scheduler_address) as found,
    ):
        yield found
