"""Workspaces of the toys, filled and trained once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit import config

from tests.conftest import TEST_KEY
from tests.toy.house import fill, move_in
from tests.toy.products import BELL, GUESTBOOK, LETTERBOX, LIBRARY

TOYS = (LIBRARY, BELL, GUESTBOOK, LETTERBOX)


@pytest.fixture(scope="session", autouse=True)
def _door() -> None:
    """As the app's own config.toml has it, which AppTest doesn't read."""
    config.set_option("server.address", "127.0.0.1")
    config.set_option("browser.gatherUsageStats", False)


@pytest.fixture(scope="session")
def _trained_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Path]]:
    """The folder of the samples, and a trained workspace of each toy, by its key."""
    samples, found = tmp_path_factory.mktemp("toy_samples"), {}
    with pytest.MonkeyPatch.context() as patch:
        move_in(patch, samples, *TOYS)
        patch.setenv("PRESENCA_KEY", TEST_KEY)
        for product in TOYS:
            found[product.key] = tmp_path_factory.mktemp(product.key) / "home"
            fill(found[product.key], patch, product.key)
    return samples, found


@pytest.fixture(scope="module")
def house(_trained_once: tuple[Path, dict[str, Path]]) -> Iterator[Path]:
    """The house with only the toys in it; the folder of their samples."""
    samples, _ = _trained_once
    with pytest.MonkeyPatch.context() as patch:
        move_in(patch, samples, *TOYS)
        yield samples


@pytest.fixture(scope="module")
def homes(
    house: Path, _trained_once: tuple[Path, dict[str, Path]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Each module's own copy of the trained workspaces."""
    folder = tmp_path_factory.mktemp("homes")
    return {key: shutil.copytree(home, folder / key) for key, home in _trained_once[1].items()}
