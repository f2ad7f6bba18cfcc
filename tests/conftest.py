"""What all tests share: a workspace of their own, the real data where it is, and how hypothesis searches."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
REAL = ROOT.parent / "shared" / "real"
TEST_KEY = "chave-apenas-dos-testes-0123456789abcdef"

_slow_is_fine = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile("default", deadline=None, max_examples=40, suppress_health_check=_slow_is_fine)
# in CI the same examples each time: a red run must mean a change, not luck
settings.register_profile("ci", parent=settings.get_profile("default"), derandomize=True, database=None)
settings.register_profile("search", parent=settings.get_profile("default"), max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "default"))


if os.environ.get("PYTEST_XDIST_WORKER"):
    # the workers fill the cores: threads of LightGBM that wait for each other cost more than they give
    os.cpu_count = lambda: 1


SLOW_UNTIL = 6 * 60  # seconds of a session after which no slow test begins: the whole must end within ten minutes
_begun = time.monotonic()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow tests come last, so that what is short of time loses them and nothing else."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is not None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A slow test that would begin too late is skipped, with its reason."""
    if item.get_closest_marker("slow") and time.monotonic() - _begun > SLOW_UNTIL:
        pytest.skip(f"slow, and {SLOW_UNTIL // 60} minutes are over: run.py test -m slow")


@pytest.fixture(autouse=True)
def _no_workspace_of_the_person(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may read or write the workspace or the key of whoever runs it."""
    monkeypatch.setenv("PRESENCA_HOME", str(tmp_path_factory.getbasetemp() / "unasked-workspace"))
    monkeypatch.setenv("PRESENCA_KEY", TEST_KEY)


@pytest.fixture
def workspace_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty PRESENCA_HOME with a PRESENCA_KEY; the folder itself doesn't exist yet, as on a first start."""
    home = tmp_path / "presenca"
    monkeypatch.setenv("PRESENCA_HOME", str(home))
    monkeypatch.setenv("PRESENCA_KEY", TEST_KEY)
    yield home


@pytest.fixture(scope="session")
def real_dir() -> Path:
    """The folder of real files; mark the tests that use it with `real`."""
    if not REAL.is_dir():
        pytest.skip("os dados reais não estão nesta máquina (../shared/real)")
    return REAL
