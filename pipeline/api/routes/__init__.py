"""The routes, one file a resource. A file has `router`; `ALL` is the order in which the documentation shows them."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi.routing import APIRoute

from pipeline.api.routes import comments, datasets, groups, jobs, lists, models, products, records, scores

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
    lists.router,
)


def operations() -> Iterator[tuple[str, str, APIRoute]]:
    """(method, path, route) of all that can be called, the path with its parameters in braces."""
    for router in ALL:
        for route in router.routes:
            assert isinstance(route, APIRoute), route
            for method in sorted(route.methods or ()):
                yield method, ROOT + route.path_format, route
