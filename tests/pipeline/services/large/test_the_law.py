"""The law: any number of shards, any executor, the same bytes, and those of the file scored whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import services
from pipeline.executing import Workers
from pipeline.executing.executors import InProcess
from pipeline.presentation import spreadsheets
from tests.pipeline.services.large.scored import Answer, Case

NUMBERS = (1, 3, 8)
OTHERS = [pytest.param(1, marks=pytest.mark.slow), 3, pytest.param(8, marks=pytest.mark.slow)]


EACH = [  # one of them while time is short
    pytest.param(number, product, marks=[] if (number, product) == (3, "no_show") else pytest.mark.slow)
    for number in NUMBERS
    for product in ("no_show", "satisfaction")
]


@pytest.fixture(scope="module")
def cases(missed_home: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Case]:
    samples, home = missed_home
    (bundle,) = (home / "models").glob("*.zip")
    folder = tmp_path_factory.mktemp("law")
    services.write_sample("no_show", folder / "n.csv", 500, 12, errors=True)
    services.write_sample("satisfaction", folder / "s.csv", 150, 5, errors=True)
    reader = services.starter_of("satisfaction")
    return {
        "no_show": Case.of("no_show", samples / "no_show_futuro.csv", folder / "n.csv", bundle),
        "satisfaction": Case.of("satisfaction", folder / "s.csv", None, reader),
    }


@pytest.fixture(scope="module")
def whole(cases: dict[str, Case]) -> dict[str, Answer]:
    return {key: case.whole() for key, case in cases.items()}


@pytest.mark.parametrize("product", ["no_show", "satisfaction"])
@pytest.mark.parametrize("number", OTHERS)
def test_in_this_process(cases: dict[str, Case], whole: dict[str, Answer], product: str, number: int) -> None:
    assert cases[product].by_shards(InProcess(), number) == whole[product]


@pytest.mark.parametrize(("number", "product"), EACH)
def test_in_a_pool(cases: dict[str, Case], whole: dict[str, Answer], product: str, number: int, pool: Workers) -> None:
    assert cases[product].by_shards(pool, number) == whole[product]


@pytest.mark.slow  # its workers take ten seconds to stand and load; the seam is the pool's
@pytest.mark.parametrize(("number", "product"), EACH)
def test_on_a_cluster(
    cases: dict[str, Case], whole: dict[str, Answer], product: str, number: int, cluster: Workers
) -> None:
    assert cases[product].by_shards(cluster, number) == whole[product]


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_the_files_have_the_same_bytes(whole: dict[str, Answer], ending: str, tmp_path: Path) -> None:
    table = whole["no_show"].table
    write = {".csv": spreadsheets.table_csv, ".parquet": spreadsheets.table_parquet}[ending]
    blocks = {".csv": spreadsheets.blocks_csv, ".parquet": spreadsheets.blocks_parquet}[ending]
    write(table, tmp_path / "whole")
    size = 97 if ending == ".csv" else spreadsheets.PARQUET_BLOCK
    blocks((table.slice(start, size) for start in range(0, table.num_rows, size)), tmp_path / "blocks")
    assert (tmp_path / "whole").read_bytes() == (tmp_path / "blocks").read_bytes()


@settings(max_examples=2)
@given(seed=st.integers(0, 99), number=st.sampled_from(NUMBERS), rows=st.integers(1, 200), future=st.booleans())
def test_of_any_file(
    cases: dict[str, Case],
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    number: int,
    rows: int,
    future: bool,
) -> None:
    file = tmp_path_factory.mktemp("any") / "n.csv"
    services.write_sample("no_show", file, rows, seed, errors=True, future=future)
    case = Case(services.load("no_show", file), cases["no_show"].dataset, cases["no_show"].bundle)
    assert case.by_shards(InProcess(), number) == case.whole()
