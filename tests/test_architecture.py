"""The law of the house as failing tests: the arrows (import-linter) and the rules of the source."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from pipeline.products import all_products
from tests import source_rules as rules
from tests.source_rules import Source, sources

ROOT = Path(__file__).resolve().parent.parent
LINT = "from importlinter.cli import lint_imports_command as main; main()"
LINT_EACH = """
import contextlib, io, json, pathlib, sys
from importlinter.cli import lint_imports

told = []
for contract, name, line in json.loads(sys.argv[1]):
    file, output = pathlib.Path(name), io.StringIO()
    before = file.read_text() if file.exists() else None
    file.write_text(line + "\\n")
    with contextlib.redirect_stdout(output):
        failed = lint_imports(limit_to_contracts=(contract,), cache_dir=None, no_cache=True)
    file.unlink() if before is None else file.write_text(before)
    told.append((bool(failed), output.getvalue()))
print(json.dumps(told))
"""
CODE = ["pipeline", "dashboard", "launch", "run.py"]


def lint(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", LINT, "--no-logo", "--no-cache", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def test_every_arrow_points_the_way_of_the_data() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


ROOMS = [
    "api",
    "services",
    "insight",
    "modeling",
    "ingestion",
    "presentation",
    "workspace",
    "action",
    "access",
    "products",
    "scrubbing",
    "shards",
    "executing",
]
INSIDE = {
    "ingestion": ["reading", "parsing", "mapping", "repair", "checking", "reporting"],
    "scrubbing": ["vocabulary", "first_names", "names", "comments"],
    "modeling": ["features", "text", "evaluation", "training", "bundle"],
    "insight": ["groups", "scoring", "calls", "comments"],
    "workspace": ["storage", "engine", "secrets", "repositories", "jobs"],
    "services": ["people", "data", "large", "models", "pages", "batch", "arrivals", "privacy"],
    "access": ["hosts", "gate"],
    "executing": ["worker", "executors", "work"],
    "shards": ["layout", "addresses", "store"],
    "api": ["problems", "dependencies", "routes", "application", "mounting", "serving"],
    "presentation": ["locale", "charts", "sentences", "frames", "html", "spreadsheets"],
}  # of each room, in the order in which they may know each other
FILES = ["contract", "records", "errors", "privacy", "cli", "__main__", "workspace/jobs/job_queue"]


@pytest.fixture
def small_house(tmp_path: Path) -> Path:
    """The same rooms, empty, under the same contracts."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    inside = [f"pipeline/{room}/{part}" for room, parts in INSIDE.items() for part in parts]
    for room in ["pipeline", "dashboard", "dashboard/views", *(f"pipeline/{room}" for room in ROOMS), *inside]:
        (tmp_path / room).mkdir()
        (tmp_path / room / "__init__.py").write_text("")
    for name in FILES:
        (tmp_path / "pipeline" / f"{name}.py").write_text("")
    return tmp_path


BROKEN = [
    ("layers", "pipeline/ingestion/a.py", "import pipeline.modeling"),
    ("layers", "pipeline/modeling/a.py", "import pipeline.insight"),
    ("layers", "pipeline/insight/a.py", "import pipeline.services"),
    ("layers", "pipeline/contract.py", "import pipeline.ingestion"),
    ("layers", "pipeline/presentation/a.py", "import pipeline.insight"),
    ("layers", "pipeline/workspace/a.py", "import pipeline.modeling"),
    ("layers", "pipeline/privacy.py", "import pipeline.ingestion"),
    ("layers", "pipeline/action/a.py", "import pipeline.ingestion"),
    ("action-knows-records", "pipeline/action/a.py", "import pipeline.workspace"),
    ("action-knows-records", "pipeline/action/a.py", "import pipeline.presentation"),
    ("services-alone-act", "pipeline/workspace/a.py", "import pipeline.action"),
    ("services-alone-act", "pipeline/presentation/a.py", "import pipeline.action"),
    ("steps-know-no-product", "pipeline/action/a.py", "import pipeline.products"),
    ("layers", "pipeline/access/a.py", "import pipeline.modeling"),
    ("access-knows-records", "pipeline/access/a.py", "import pipeline.workspace"),
    ("access-knows-records", "pipeline/access/a.py", "import pipeline.contract"),
    ("access-knows-records", "pipeline/access/a.py", "import starlette"),
    ("layers", "pipeline/services/a.py", "import pipeline.api"),
    ("api-asks-services", "pipeline/api/a.py", "import pipeline.workspace"),
    ("api-asks-services", "pipeline/api/a.py", "import pandas"),
    ("web-in-the-api", "pipeline/services/a.py", "import fastapi"),
    ("services-alone-admit", "pipeline/workspace/a.py", "import pipeline.access"),
    ("one-door", "dashboard/views/a.py", "import pipeline.access.roles"),
    ("layers", "pipeline/scrubbing/a.py", "import pipeline.privacy"),
    ("layers", "pipeline/shards/a.py", "import pipeline.ingestion"),
    ("layers", "pipeline/executing/a.py", "import pipeline.shards"),
    ("executing-knows-no-work", "pipeline/executing/a.py", "import pipeline.contract"),
    ("executing-knows-no-work", "pipeline/executing/a.py", "import pandas"),
    ("shards-know-records", "pipeline/shards/a.py", "import pipeline.privacy"),
    ("shards-know-records", "pipeline/shards/a.py", "import lightgbm"),
    ("no-streamlit", "pipeline/presentation/a.py", "def late():\n    import streamlit"),
    ("no-streamlit", "pipeline/services/a.py", "import dashboard"),
    ("no-arithmetic", "dashboard/views/a.py", "import pandas as pd"),
    ("no-arithmetic", "dashboard/views/a.py", "from numpy import mean"),
    ("one-door", "dashboard/views/a.py", "from pipeline.modeling import training"),
    ("one-door", "dashboard/views/a.py", "import pipeline.workspace"),
    ("products-are-data", "pipeline/products/a.py", "import pipeline.ingestion"),
    ("steps-know-no-product", "pipeline/modeling/a.py", "from pipeline import products"),
    ("steps-know-no-product", "dashboard/views/a.py", "import pipeline.products"),
    ("sides-of-a-job", "pipeline/workspace/jobs/job_worker.py", "import pipeline.workspace.jobs.job_queue"),
    *(
        (f"rooms-of-{room}", f"pipeline/{room}/{earlier}/a.py", f"import pipeline.{room}.{later}")
        for room, parts in INSIDE.items()
        for earlier, later in pairwise(parts)
        if (earlier, later) not in {("storage", "engine"), ("pages", "batch"), ("html", "spreadsheets")}  # side by side
    ),
]


def test_the_small_house_stands(small_house: Path) -> None:
    (small_house / "pipeline/services/a.py").write_text(
        "import pipeline.products, pipeline.insight, pipeline.workspace, pipeline.action"
    )
    (small_house / "pipeline/action/a.py").write_text("import pipeline.contract, pipeline.records, pipeline.errors")
    (small_house / "pipeline/products/a.py").write_text("import pipeline.contract")
    (small_house / "dashboard/views/a.py").write_text("import pipeline.services, pipeline.presentation, streamlit")
    done = lint(small_house)
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_arrow_can_fail(small_house: Path) -> None:
    """Each is broken alone; all in one process, as starting the linter takes longer than linting."""
    command = [sys.executable, "-c", LINT_EACH, json.dumps(BROKEN)]
    done = subprocess.run(command, cwd=small_house, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert len(told) == len(BROKEN)
    for (contract, file, line), (failed, output) in zip(BROKEN, told, strict=True):
        assert failed and "1 broken" in output, (contract, file, line, output)


PRODUCT_KEYS = [product.key for product in all_products()]


WORDS = (
    "pipeline/presentation/",
    "pipeline/products/",
    "pipeline/cli.py",
    "pipeline/commands.py",
    "pipeline/effect_command.py",
    "pipeline/privacy_commands.py",
    "pipeline/command_parts.py",
    "pipeline/model_commands.py",
    "pipeline/maintenance_commands.py",
    "pipeline/call_command.py",
    "pipeline/people_command.py",
    "pipeline/integration_commands.py",
    "pipeline/webhook_commands.py",
)
RECOGNISED = ("vocabulary.py", "parsing/places.py")  # words that are found in files, not said


@cache
def _faults() -> dict[Callable[[Source], list[str]], list[str]]:
    """What each rule says of the house; each file is parsed once for all."""
    found: dict[Callable[[Source], list[str]], list[str]] = {rule: [] for rule in HELD}
    for source in sources(ROOT, CODE):
        for rule, is_held in HELD.items():
            if is_held(source.path):
                found[rule] += rule(source)
    return found


names_no_product = rules.names_no_product(sorted({*PRODUCT_KEYS, "satisfaction"}))
HELD: dict[Callable[[Source], list[str]], Callable[[str], bool]] = {
    rules.no_data_library: lambda path: path.startswith("dashboard/"),
    rules.no_code_runner: lambda path: True,
    rules.no_silent_except: lambda path: True,
    names_no_product: lambda path: not path.startswith("pipeline/products/"),
    rules.not_too_long: lambda path: True,
    rules.no_portuguese: lambda path: (
        path.startswith("pipeline/") and not path.startswith(WORDS) and not path.endswith(RECOGNISED)
    ),
}  # each rule, and the files that keep to it


def test_the_dashboard_imports_no_data_library() -> None:
    assert _faults()[rules.no_data_library] == []


def test_nothing_that_can_run_code_is_opened() -> None:
    assert _faults()[rules.no_code_runner] == []


def test_no_error_is_swallowed() -> None:
    assert _faults()[rules.no_silent_except] == []


def test_only_products_and_tests_name_a_product() -> None:
    assert _faults()[names_no_product] == []


def test_no_file_is_too_long() -> None:
    assert _faults()[rules.not_too_long] == []


def test_below_presentation_nothing_is_said() -> None:
    assert _faults()[rules.no_portuguese] == []


def test_each_rule_has_files_to_look_at() -> None:
    paths = [source.path for source in sources(ROOT, ["dashboard", "pipeline/ingestion", "run.py"])]
    assert all(any(map(is_held, paths)) for is_held in HELD.values())


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (rules.no_data_library, "def f():\n    import pandas as pd\n"),
        (rules.no_data_library, "from numpy.linalg import norm\n"),
        (rules.no_data_library, "import importlib\nimportlib.import_module('duckdb')\n"),
        (rules.no_code_runner, "import pickle\n"),
        (rules.no_code_runner, "from joblib import load\n"),
        (rules.no_code_runner, "def f(x):\n    return eval(x)\n"),
        (rules.no_code_runner, "import numpy as np\nnp.load('x', allow_pickle=True)\n"),
        (rules.no_code_runner, "import pandas as pd\npd.read_pickle('x')\n"),
        (rules.no_silent_except, "try:\n    f()\nexcept:\n    g()\n"),
        (rules.no_silent_except, "try:\n    f()\nexcept Exception:\n    pass\n"),
        (rules.names_no_product(PRODUCT_KEYS), f"if key == '{PRODUCT_KEYS[0]}':\n    pass\n"),
        (rules.names_no_product(PRODUCT_KEYS), f"x = 1  # only {PRODUCT_KEYS[0]} has this\n"),
        (rules.not_too_long, "x = 1\n" * 401),
        (rules.no_portuguese, "raise ValueError('O arquivo não pode ser lido.')\n"),
        (rules.no_portuguese, "note = f'{rows} linhas estão sem data'\n"),
    ],
)
def test_each_rule_can_fail(rule, text: str) -> None:  # noqa: ANN001
    assert len(rule(Source.of(text))) == 1


@pytest.mark.parametrize(
    "rule",
    [rules.no_data_library, rules.no_code_runner, rules.no_silent_except, rules.not_too_long, rules.no_portuguese],
)
def test_a_good_source_passes(rule) -> None:  # noqa: ANN001
    good = "import re\n\ntry:\n    x = re.compile('a')\nexcept re.error as fault:\n    raise SystemExit from fault\n"
    assert rule(Source.of(good)) == []
