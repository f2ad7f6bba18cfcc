"""The routes, one file a resource. A file has `router`; `ALL` is the order in which the documentation shows them."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi.routing import APIRoute

from pipeline.api.routes import (
    comments,
    datasets,
    groups,
    jobs,
    lists,
    mlflow,
    models,
    products,
    records,
    score_jobs,
    scores,
)

ROOT = "/api/v1"
ALL = (
    products.router,
    records.router,
    jobs.router,
    datasets.router,
    groups.router,
    comments.router,
    models.router,
    scores.router,
    score_jobs.router,
    lists.router,
)


AT_ROOT = (mlflow.router,)  # where another protocol wants them


def operations() -> Iterator[tuple[str, str, APIRoute]]:
    """(method, path, route) of all that can be called, the path with its parameters in braces."""
    for root, router in (*((ROOT, one) for one in ALL), *(("", one) for one in AT_ROOT)):
        for route in router.routes:
            assert isinstance(route, APIRoute), route
            for method in sorted(route.methods or ()):
                yield method, root + route.path_format, route
