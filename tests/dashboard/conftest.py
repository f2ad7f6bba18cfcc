"""A workspace that was filled and trained once; each test works on a copy of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit import config

from pipeline import services
from pipeline.products.no_show import PRODUCT
from pipeline.services import Workspace
from tests.conftest import TEST_KEY
from tests.toy.house import move_in, train_here


@pytest.fixture(autouse=True)
def _as_a_server_has_it() -> None:
    """Pages in AppTest have no server, which finds its settings beside app.py."""
    config.set_option("server.address", "127.0.0.1")
    config.set_option("browser.gatherUsageStats", False)


@pytest.fixture(scope="module")
def _filled(missed_home: tuple[Path, Path]) -> Iterator[Path]:
    samples, home = missed_home
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRESENCA_KEY", TEST_KEY)
        move_in(patch, samples, PRODUCT)
        train_here(patch)
        yield home


@pytest.fixture
def empty_home(workspace_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A first start."""
    monkeypatch.setenv("PRESENCA_TODAY", "2026-11-23")
    return workspace_home


@pytest.fixture
def trained(_filled: Path, workspace_home: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Past and future samples and a model that learnt from the past ones."""
    shutil.copytree(_filled, workspace_home)
    return services.open_workspace()


@pytest.fixture
def untrained(trained: Workspace) -> Workspace:
    """The same without a model."""
    for info in trained.models(PRODUCT.key):
        trained.delete_model(info.id)
    return trained
