"""What a product declares of made-up data: its samples, and the reader of comments that ships with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Sample:
    """Synthetic data of a product.

    `generate(rows, seed, *, errors, future)` yields Arrow tables of text columns; `files` maps a
    role (past, future, errors) to a file name in data_samples/. `resources` makes the resources of FHIR of such rows
    (dicts of text by header), where the product has one.
    """

    generate: Callable[..., Iterator[Any]]
    files: tuple[tuple[str, str], ...]
    resources: Callable[[Iterable[Mapping[str, str | None]]], Iterator[dict[str, Any]]] | None = None

    def file(self, role: str) -> str | None:
        """The name in data_samples/ of the file for `role`; None where there is none."""
        return dict(self.files).get(role)


@dataclass(frozen=True)
class Starter:
    """A reader of comments that ships with the product, for who has no rated ones yet.

    `file`: its bundle, beside the declaration; `texts(seed)` yields what it learns from, invented comments and their
    ratings, as one Arrow table of text columns.
    """

    file: str
    texts: Callable[[int], Any]
    seed: int
