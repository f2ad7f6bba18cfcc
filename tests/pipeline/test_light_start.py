"""What starts often starts light: heavy libraries are imported where they are used, and not before."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

from tests.conftest import ROOT

HEAVY = {
    "pandas",
    "numpy",
    "pyarrow",
    "duckdb",
    "lightgbm",
    "sklearn",
    "scipy",
    "shap",
    "plotly",
    "openpyxl",
    "sqlalchemy",
}


def _loaded(code: str) -> set[str]:
    """The heavy libraries that a process of its own has loaded after `code`."""
    told = f"import sys\n{code}\nprint('|'.join(sys.modules), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    return HEAVY & set(done.stderr.strip().splitlines()[-1].split("|"))


@pytest.mark.parametrize("arguments", [["products"], ["--help"], ["validate", "--help"], ["train", "nothing"]])
def test_the_command_line_starts_without_heavy_libraries(arguments: list[str]) -> None:
    assert _loaded(f"from pipeline import cli; cli.run({arguments!r})") == set()


@pytest.mark.slow  # of the rooms below it is asked in any run
def test_the_door_of_the_use_cases_opens_when_asked() -> None:
    assert _loaded("import pipeline.services") == set()
    assert "pandas" in _loaded("from pipeline.services import score_file")


DOORS = {
    "ingestion": ["Dataset", "RawTable", "compare", "ingest", "join", "read"],
    "modeling": ["OutOfFoldPredictions", "TrainedModel", "load", "save", "train"],
    "insight": ["Scored", "score"],
    "presentation": ["refusal", "say"],
    "workspace": ["Workspace"],
}


@pytest.mark.parametrize("room", sorted(DOORS))
def test_each_room_has_a_door_that_opens_when_asked(room: str) -> None:
    door = importlib.import_module(f"pipeline.{room}")
    assert sorted(door.__all__) == DOORS[room] and all(callable(getattr(door, name)) for name in DOORS[room])


def test_doors_alone_load_nothing_heavy() -> None:
    """All of them in one process: what any of them loads is named."""
    assert _loaded("import " + ", ".join(f"pipeline.{room}" for room in DOORS)) == set()


def test_the_child_that_opens_a_model_does_without_what_it_does_not_need() -> None:
    light = "from pipeline.modeling.bundle import load_worker; load_worker.make_ready()"
    assert _loaded(light) <= {"numpy", "scipy", "lightgbm", "pandas", "pyarrow", "sklearn"}
    needed = f"{light}; assert not any(sys.modules.get(name) for name in load_worker.UNNEEDED)"
    assert "lightgbm" in _loaded(needed)
