"""The API's scoring against a bare FastAPI on ready columns, and fifty systems at once against one.

Each of the fifty asks for the risk of one row and then waits EVERY_SECONDS, moments apart from the others: without a
stated rate, a load says nothing. Sizes by `--set`: clients, calls.
"""

from __future__ import annotations

import csv
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx

from launch.server import choose_port
from tests.benchmarks import material
from tests.benchmarks.bench_load import percentile
from tests.benchmarks.harness import MEGABYTE, ROOT, PeakWatch, Result, fresh, memory_of, seconds_of, written

TITLE = "API: um agendamento, mil, cinquenta sistemas (api)"
CLIENTS, CALLS = 50, 6
EVERY_SECONDS = 10.0
FIRST_PORT = 8950
_ROWS = 12_000  # of the past that the model's series knows
_AT_ONCE = 1_000
_WARM_MS, _MOST_SLOWER, _MOST_GROWTH = 150.0, 4.0, 120.0
_TRIES = 30


def measure(quick: bool = False) -> list[Result]:
    """One row warm and a thousand, in turn with the bare service; then the fifty."""
    clients, calls, tries = (8, 2, 5) if quick else (CLIENTS, CALLS, _TRIES)
    home, _, model = material.workspace(_ROWS)
    key = fresh("tests.benchmarks.bench_api:key_of", str(home)).answer
    boosters = material.folder() / "boosters"
    boosters.mkdir(exist_ok=True)
    columns = fresh("tests.benchmarks.bare_api:write_boosters", str(home), model, str(boosters)).answer
    records = _records(_AT_ONCE)
    ours = [sys.executable, "-m", "pipeline", "serve", "--port"]
    bare = [sys.executable, "-m", "tests.benchmarks.bare_api", str(boosters)]
    with _serving(ours, home) as (url, pid), _serving(bare, home) as (reference, _):
        headers = {"authorization": f"Bearer {key}"}
        with httpx.Client(base_url=url, headers=headers, timeout=120) as us, httpx.Client(base_url=reference) as them:
            score = _scorer(us, model)
            compared = [
                _against(score, them, records[:1], columns, tries, _WARM_MS),
                _against(score, them, records, columns, max(tries // 6, 2), None),
            ]
        return [*compared, *_together(url, headers, pid, model, records, clients, calls)]


def key_of(home: str) -> str:
    """A new key that may score (fresh process)."""
    os.environ["PRESENCA_HOME"] = home
    from pipeline import services
    from pipeline.records.integration import KeyScope
    from pipeline.services.people import keys

    return keys.make(services.open_workspace(), "Medida", [KeyScope.SCORE]).text


def _records(count: int) -> list[dict[str, str]]:
    with material.sample(count, True).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


@contextmanager
def _serving(command: list[str], home: Path) -> Iterator[tuple[str, int]]:
    """A server on a free port, until it is left; its address and its process."""
    port = choose_port(FIRST_PORT)
    env = os.environ | {"PRESENCA_HOME": str(home), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([*command, str(port)], cwd=ROOT, env=env)
    url = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 60
        while not _answers(url):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{command[2]} não começou a servir")
            time.sleep(0.1)
        yield url, process.pid
    finally:
        process.terminate()
        process.wait(30)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=1).status_code > 0
    except httpx.TransportError:
        return False


def _scorer(client: httpx.Client, model: str) -> Callable[[list[dict[str, str]]], None]:
    """Asks for the risks of rows; an answer with fewer is an error."""

    def score(rows: list[dict[str, str]]) -> None:
        answer = client.post(f"/api/v1/models/{model}/score", json=rows)
        if answer.status_code != 200 or len(answer.json()["scores"]) != len(rows):
            raise RuntimeError(f"a API respondeu {answer.status_code}: {answer.text[:300]}")

    return score


def _against(
    score: Callable[[list[dict[str, str]]], None],
    bare: httpx.Client,
    records: list[dict[str, str]],
    columns: int,
    tries: int,
    limit_ms: float | None,
) -> Result:
    """Milliseconds of a call, warm; beside it what the bare service takes for as many rows, in turn."""
    drawn = random.Random(7)
    ready = {"rows": [[drawn.random() for _ in range(columns)] for _ in records]}

    def predict() -> None:
        if len(bare.post("/predict", json=ready).raise_for_status().json()) != len(records):
            raise RuntimeError("o serviço nu não pontuou todas as linhas")

    score(records), predict()
    pairs = [(seconds_of(lambda: score(records)), seconds_of(predict)) for _ in range(tries)]
    mine, theirs = (1_000 * statistics.median(column) for column in zip(*pairs, strict=True))
    rows = f"{len(records)} agendamentos" if len(records) > 1 else "1 agendamento"
    return Result(
        f"{rows}, pedido quente",
        mine,
        limit_ms,
        "ms",
        reference=f"{written(mine / theirs)} x um FastAPI nu com colunas prontas ({written(theirs)} ms)",
        detail=f"percentil 95 {written(1_000 * percentile([mine for mine, _ in pairs]))} ms, {tries} pedidos",
    )


def _together(
    url: str, headers: dict[str, str], pid: int, model: str, records: list[dict[str, str]], clients: int, calls: int
) -> list[Result]:
    """Many systems that ask for one row each, against one that does so by itself."""

    def asks(number: int, of: int) -> list[float]:
        with httpx.Client(base_url=url, headers=headers, timeout=60) as client:
            score, taken = _scorer(client, model), []
            time.sleep(EVERY_SECONDS * number / of)
            for turn in range(calls):
                row = [records[(number * calls + turn) % len(records)]]
                taken.append(seconds_of(lambda row=row: score(row)))  # type: ignore[misc]
                time.sleep(max(EVERY_SECONDS - taken[-1], 0.0) if of > 1 else 0.2)
        return taken

    alone = [seconds for number in range(5) for seconds in asks(number, 1)]
    before = memory_of(pid)
    with PeakWatch(pid) as watch, ThreadPoolExecutor(clients) as pool:
        together = [seconds for taken in pool.map(lambda n: asks(n, clients), range(clients)) for seconds in taken]
    one, many = percentile(alone), percentile(together)
    return [
        Result(
            f"{clients} sistemas, um pedido a cada {written(EVERY_SECONDS)} s: percentil 95 sobre o de um só",
            many / one,
            _MOST_SLOWER,
            reference=f"{written(1_000 * one)} ms sozinho, {written(1_000 * many)} ms juntos",
            detail=f"mediana {written(1_000 * statistics.median(together))} ms; {len(together)} pedidos",
        ),
        Result(
            f"{clients} sistemas: memória a mais no pico",
            (watch.peak - before) / MEGABYTE,
            _MOST_GROWTH,
            "MB",
            detail=f"{written(before / MEGABYTE)} MB antes",
        ),
    ]
