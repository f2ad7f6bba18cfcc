"""What all tests share: a workspace of their own, the real data where it is, and how hypothesis searches."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import gc
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.unraisableexception import gc_collect_iterations_key
from hypothesis import HealthCheck, settings

from pipeline.contract import Product
from pipeline.workspace.secrets import keys
from tests import queries, quick_disk
from tests.examples import pytest_itemcollected
from tests.once import made_once
from tests.rooms import pytest_collection_modifyitems, pytest_xdist_make_scheduler

# hooks: here pytest finds them
__all__ = ["pytest_collection_modifyitems", "pytest_itemcollected", "pytest_xdist_make_scheduler"]

ROOT = Path(__file__).resolve().parent.parent
REAL = ROOT.parent / "shared" / "real"
TEST_KEY = "chave-apenas-dos-testes-0123456789abcdef"

_slow_is_fine = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile("default", deadline=None, max_examples=20, suppress_health_check=_slow_is_fine)
# in CI the same examples each time: a red run must mean a change, not luck
settings.register_profile("ci", parent=settings.get_profile("default"), derandomize=True, database=None)
settings.register_profile("search", parent=settings.get_profile("default"), max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "default"))


# Before numpy is loaded, and for every process that a test starts: threads of BLAS that wait for each other take four
# times the processor that the sums of a training need, and those of LightGBM more than they give.
for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")
# a key of the tests' own: the command line makes one where there is none, and must find nobody's
os.environ.setdefault(
    "PRESENCA_KEY_FILE", str(Path(tempfile.gettempdir()) / f"presenca-tests-key-{os.getuid()}" / "key")
)
# nor may each process, of the workers and of the hundred that tests start, compile the whole house anew
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# thousands of workspaces are opened with one phrase, which takes a twentieth of a second to stretch
keys._stretched = functools.cache(keys._stretched)
queries.share()
quick_disk.use()
if os.environ.get("PYTEST_XDIST_WORKER"):
    os.cpu_count = lambda: 1  # the workers fill the cores


if os.environ.get("PRESENCA_TEST_DATABASE"):
    from tests import postgres

    _cluster = contextlib.ExitStack()

    def pytest_configure(config: pytest.Config) -> None:
        """One cluster for a run whose workspaces are all to rest in a PostgreSQL; its workers are told the address."""
        if postgres.asked() == "auto" and not os.environ.get("PYTEST_XDIST_WORKER"):
            if postgres.programs() is None:
                pytest.exit(postgres.HOW, 0)
            os.environ[postgres.VARIABLE] = _cluster.enter_context(postgres.cluster())
            postgres.use(postgres.asked())


if os.environ.get("PRESENCA_TEST_STORE"):
    from tests import stores  # noqa: F401 - which sees to it

SLOW_SECONDS = float(os.environ.get("PRESENCA_SLOW_SECONDS", "inf"))  # after which no slow test begins
_begun = time.monotonic()


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded by now stays: left out of the search for garbage, which Streamlit makes of the whole heap after
    each run of a page (a third of a second for all that the tests import). What comes later is searched less often
    than after every seven hundred objects, which takes a twentieth of the time.
    """
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
    session.config.stash[gc_collect_iterations_key] = 1  # at its end pytest searches all of it: once, not five times


def pytest_unconfigure() -> None:
    """At the end it is garbage again: libraries complain of what they can't take down."""
    gc.unfreeze()
    if os.environ.get("PRESENCA_TEST_DATABASE"):
        _cluster.close()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A slow test that would begin too late is skipped, with its reason; one with `seconds`, that much sooner."""
    slow = item.get_closest_marker("slow")
    if slow and time.monotonic() - _begun + slow.kwargs.get("seconds", 0) > SLOW_SECONDS:
        pytest.skip("slow, and the time for slow tests is over: run.py test -m slow")


@pytest.fixture(autouse=True)
def _outside_the_browsers_loop(request: pytest.FixtureRequest) -> Iterator[None]:
    """The browser that a worker keeps open has a loop of its own in this thread, in which no other could be run."""
    found = None if "browser" in request.fixturenames else asyncio._get_running_loop()
    if found is None:
        yield
        return
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(found)


@pytest.fixture(autouse=True)
def _no_workspace_of_the_person(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may read or write the workspace or the key of whoever runs it."""
    monkeypatch.setenv("PRESENCA_HOME", str(tmp_path_factory.getbasetemp() / "unasked-workspace"))
    monkeypatch.setenv("PRESENCA_KEY", TEST_KEY)


@pytest.fixture
def on_disk() -> Iterator[Path]:
    """A folder that never lies in memory, for whoever measures what a mapped file takes of it."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL: the run's, or one of its own; skips where there is none."""
    from tests import postgres

    with contextlib.ExitStack() as ends:
        yield postgres.asked() or ends.enter_context(postgres.cluster())


@pytest.fixture
def on_postgres(postgres_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Workspaces of the test, and of its processes, rest in a schema of their own."""
    from tests import postgres

    address = postgres.of_home(postgres_server, tmp_path).text
    monkeypatch.setenv("PRESENCA_DATABASE", address)
    return address


@pytest.fixture
def moto(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address, in a local S3, at which files of workspaces can rest."""
    from tests import stores

    for name, value in {"ACCESS_KEY_ID": "a", "SECRET_ACCESS_KEY": "b", "DEFAULT_REGION": "us-east-1"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    with stores.local_s3("clinica") as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        yield "s3://clinica/prod"


@pytest.fixture
def workspace_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty PRESENCA_HOME with a PRESENCA_KEY; the folder itself doesn't exist yet, as on a first start."""
    home = tmp_path / "presenca"
    monkeypatch.setenv("PRESENCA_HOME", str(home))
    monkeypatch.setenv("PRESENCA_KEY", TEST_KEY)
    yield home


@pytest.fixture(scope="module")
def asked_once() -> Iterator[None]:
    """For modules that open one model many times: its first load, in a process of its own, is made once."""
    from pipeline.modeling.bundle import bundle
    from tests.toy.house import ask_once

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundle, "_ask_child", ask_once)
        yield


def _learnt(
    factory: pytest.TempPathFactory, name: str, product: Product, rows: int, upcoming: int
) -> tuple[Path, Path]:
    """Samples of a product and a workspace that learnt from them, made once for all workers."""
    from tests.toy.house import fill, move_in  # here: most tests need neither

    def make(folder: Path) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PRESENCA_KEY", TEST_KEY)
            (folder / "samples").mkdir()
            move_in(patch, folder / "samples", product, rows=rows, upcoming=upcoming)
            fill(folder / "home", patch, product.key)

    made = made_once(factory, name, make)
    return made / "samples", made / "home"


@pytest.fixture(scope="session")
def heard_home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Of the product with comments (2,000 rows, 80 to come); whoever uses it works on a copy."""
    from pipeline.products.satisfaction import PRODUCT

    return _learnt(tmp_path_factory, "heard", PRODUCT, 2_000, 80)


@pytest.fixture(scope="session")
def missed_home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Of the product with appointments (2,500 rows, 120 to come); whoever uses it works on a copy."""
    from pipeline.products.no_show import PRODUCT

    return _learnt(tmp_path_factory, "missed", PRODUCT, 2_500, 120)


@pytest.fixture(scope="session")
def real_dir() -> Path:
    """The folder of real files; mark the tests that use it with `real`."""
    if not REAL.is_dir():
        pytest.skip("os dados reais não estão nesta máquina (../shared/real)")
    return REAL
