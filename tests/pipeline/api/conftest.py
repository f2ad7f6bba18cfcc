"""A house with an invented product alone, and the API of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.api import serving
from pipeline.services import Workspace, catalog
from tests.pipeline.api.calling import Client, key_of
from tests.toy.products import LIBRARY


@pytest.fixture
def workspace(workspace_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """An empty workspace of a library."""
    monkeypatch.setenv("PRESENCA_TODAY", "2026-11-23")
    monkeypatch.setattr(catalog, "all_products", lambda: (LIBRARY,))
    workspace = Workspace()
    yield workspace
    workspace.close()


@pytest.fixture
def api(workspace: Workspace) -> Client:
    """The API, called with a key for everything."""
    return Client(serving.application(workspace), key_of(workspace))
