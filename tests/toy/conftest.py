"""Workspaces of the toys, filled and trained once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit import config

from tests.conftest import TEST_KEY
from tests.toy.house import fill, move_in
from tests.toy.products import BELL, GUESTBOOK, LETTERBOX, LIBRARY


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A module's tests stay in one worker: what they share is trained once."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group(f"toy {item.path.stem}"))


@pytest.fixture(scope="session", autouse=True)
def _door() -> None:
    """As the app's own config.toml has it, which AppTest doesn't read."""
    config.set_option("server.address", "127.0.0.1")
    config.set_option("browser.gatherUsageStats", False)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The house with only the toys in it; the folder of their samples."""
    samples = tmp_path_factory.mktemp("toy_samples")
    with pytest.MonkeyPatch.context() as patch:
        move_in(patch, samples, LIBRARY, BELL, GUESTBOOK, LETTERBOX)
        yield samples


@pytest.fixture(scope="module")
def homes(house: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A trained workspace of each toy, by its key."""
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRESENCA_KEY", TEST_KEY)
        for product in (LIBRARY, BELL, GUESTBOOK, LETTERBOX):
            found[product.key] = tmp_path_factory.mktemp(product.key) / "home"
            fill(found[product.key], patch, product.key)
    return found
