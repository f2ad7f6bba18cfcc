"""What all tests share: a workspace of their own, the real data where it is, and how hypothesis searches."""

from __future__ import annotations

import os
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


@pytest.fixture(autouse=True)
def _no_workspace_of_the_person(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
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
