"""A house with an invented product alone, and the API of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.api import serving
from pipeline.products.no_show import PRODUCT
from pipeline.services import Workspace, catalog
from tests.conftest import TEST_KEY
from tests.pipeline.api.calling import Client, key_of
from tests.toy.house import move_in
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


@pytest.fixture(scope="module")
def clinic(
    missed_home: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Workspace, Path]]:
    """A copy of a workspace that learnt, and the folder of its samples."""
    samples, home = missed_home
    own = tmp_path_factory.mktemp("scored") / "home"
    shutil.copytree(home, own)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRESENCA_KEY", TEST_KEY)
        patch.setenv("PRESENCA_HOME", str(own))
        move_in(patch, samples, PRODUCT, rows=2_500, upcoming=120)
        workspace = Workspace(own)
        yield workspace, samples
        workspace.close()


@pytest.fixture(scope="module")
def client(clinic: tuple[Workspace, Path]) -> Client:
    return Client(serving.application(clinic[0]), key_of(clinic[0]))
