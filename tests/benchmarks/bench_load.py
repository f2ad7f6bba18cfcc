"""Twenty people at once, two hundred files in a row, and a server that is started anew under an open page.

A visitor (`visitor.py`) speaks Streamlit's own websocket. It looks at each page for THINK_SECONDS before it goes to
the next: without a stated time to think, a load says nothing. Sizes by `--set`: people, rounds, uploads.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from launch.browser import find_chromium
from launch.server import choose_port
from tests.benchmarks import material
from tests.benchmarks.harness import MEGABYTE, Result, fresh, memory_of, processes, written
from tests.benchmarks.visitor import Visitor

TITLE = "carga: vinte pessoas, duzentos envios, um reinício"
PEOPLE, ROUNDS, UPLOADS = 20, 2, 200
THINK_SECONDS = 6.0
PAGES = ("hoje", "dados", "risco", "agenda", "vagas", "efeito", "modelo", "inicio", "privacidade", "copias")
FIRST_PORT = 8850
_FAULT = "Algo falhou ao montar esta página"
_ROWS = 12_000  # of the home that is visited
_SENT_ROWS = 200  # of each file that is sent
_MOST_SLOWER, _MOST_SLOPE, _MOST_MORE = 4.0, 0.2, 4


def measure(quick: bool = False) -> list[Result]:
    """Reruns of many against one's, what two hundred uploads leave behind, and where a page is after a restart."""
    if not Path("/proc/self/fd").exists():
        print("  pulada: é preciso Linux", file=sys.stderr)
        return []
    people, rounds, uploads = (4, 1, 12) if quick else (PEOPLE, ROUNDS, UPLOADS)
    home, dataset, model = material.workspace(material.QUICK if quick else _ROWS)
    query = f"produto={material.PRODUCT}&dados={dataset}&modelo={model}"
    with _serving(home) as (url, pid):
        many = _people(url, pid, query, people, rounds)
    with _serving(home.parent / "envios") as (url, pid):
        sent = _uploads(url, pid, uploads)
    return [*many, *sent, *_restart(home, query)]


@contextmanager
def _serving(home: Path, port: int = 0) -> Iterator[tuple[str, int]]:
    from tests.browser.server import ROOT, serving

    with serving(ROOT / "dashboard" / "app.py", home, port=port or choose_port(FIRST_PORT)) as server:
        yield server.url, server.pid


# ---------------------------------------------------------------- many at once


def _people(url: str, pid: int, query: str, people: int, rounds: int) -> list[Result]:
    _walk(url, query, 0, 1, 0.0)  # what is computed once for all is nobody's rerun
    alone = _walk(url, query, 0, rounds, min(THINK_SECONDS, 1.0))
    before = processes(pid)
    with ThreadPoolExecutor(people) as pool:
        walks = list(pool.map(lambda n: _walk(url, query, n, rounds, THINK_SECONDS), range(people)))
    together = [seconds for walk in walks for seconds in walk]
    one, all_of_them = percentile(alone), percentile(together)
    return [
        Result(
            f"{people} pessoas, {written(THINK_SECONDS)} s em cada página: percentil 95 sobre o de uma só",
            all_of_them / one,
            _MOST_SLOWER,
            reference=f"{written(one)} s sozinha, {written(all_of_them)} s juntas",
            detail=f"mediana {written(statistics.median(together))} s contra {written(statistics.median(alone))} s, "
            f"{len(together)} páginas, nenhuma com erro",
        ),
        Result(
            f"{people} pessoas: processos a mais no fim", float(len(processes(pid)) - len(before)), 0.0, "processos"
        ),
    ]


def _walk(url: str, query: str, number: int, rounds: int, think: float) -> list[float]:
    """Seconds of each page of somebody who begins where the others don't, and at another moment."""
    time.sleep(think * (number % PEOPLE) / PEOPLE)
    taken = []
    with Visitor(url, query) as visitor:
        for turn in range(rounds * len(PAGES)):
            page = PAGES[(turn + number) % len(PAGES)]
            taken.append(visitor.go(page))
            _stands(visitor, page)
            time.sleep(think)
    return taken


def _stands(visitor: Visitor, page: str) -> None:
    if visitor.title != page or any(_FAULT in text for text in visitor.texts):
        raise RuntimeError(f"{page}: uma pessoa viu {visitor.title}, ou uma falha")


def percentile(values: Sequence[float], share: float = 0.95) -> float:
    """The smallest value that so large a share of them does not exceed."""
    return sorted(values)[max(0, -(-len(values) * round(100 * share) // 100) - 1)]


# ---------------------------------------------------------------- files in a row


def _uploads(url: str, pid: int, uploads: int) -> list[Result]:
    """Files kept one after the other by one person in one tab."""
    contents = fresh("tests.benchmarks.bench_load:write_files", str(material.folder()), uploads).answer
    memory, handles, running, seconds = [], [], [], []
    with Visitor(url, f"produto={material.PRODUCT}") as visitor:
        visitor.go("dados")
        for number, path in enumerate(contents):
            begun, name = time.perf_counter(), f"envio{number:04d}"
            visitor.send("upload_", f"{name}.csv", Path(path).read_bytes())
            visitor.press("keep_upload")
            seconds.append(time.perf_counter() - begun)
            if name not in "".join(visitor.texts) or "keep_upload" in visitor.ids:
                raise RuntimeError(f"o envio {number} não foi guardado")
            memory.append(memory_of(pid) / MEGABYTE)
            handles.append(open_files(pid))
            running.append(len(processes(pid)))
    last = len(memory) // 2
    slope = statistics.linear_regression(range(len(memory) - last), memory[last:]).slope
    return [
        Result(
            f"{uploads} envios em seguida: memória a mais por envio, na segunda metade",
            slope,
            _MOST_SLOPE,
            "MB",
            detail=f"{written(memory[0])} MB no primeiro, {written(memory[last])} no do meio, {written(memory[-1])} no "
            f"último; {written(statistics.median(seconds[:20]))} s por envio no começo, "
            f"{written(statistics.median(seconds[-20:]))} s no fim",
        ),
        Result(
            "arquivos abertos a mais, do meio ao fim",
            float(max(handles[last:]) - max(handles[:last])),
            _MOST_MORE,
            "arquivos",
            detail=f"no máximo {max(handles)}",
        ),
        Result(
            "processos a mais, do meio ao fim",
            float(max(running[last:]) - max(running[:last])),
            0.0,
            "processos",
            detail=f"no máximo {max(running)}",
        ),
    ]


def write_files(folder: str, count: int) -> list[str]:
    """Writes so many small files, each of other patients (fresh process)."""
    paths = [str(Path(folder) / f"pequeno_{number}.csv") for number in range(count)]
    for number, path in enumerate(paths):
        material.write(path, _SENT_ROWS, future=False, seed=1_000 + number)
    return paths


def open_files(pid: int) -> int:
    """Handles that a process and its children hold."""
    return sum(len(list(Path(f"/proc/{one}/fd").iterdir())) for one in processes(pid))


# ---------------------------------------------------------------- a restart


def _restart(home: Path, query: str) -> list[Result]:
    """A page that is open, with a filter chosen, when the server is started anew: is it where it was?"""
    chromium = find_chromium()
    if chromium is None:
        print("  o reinício foi pulado: é preciso um Chromium ou Chrome (PRESENCA_CHROMIUM)", file=sys.stderr)
        return []
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import ARGUMENTS, WIDE

    port = choose_port(FIRST_PORT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS, headless=True)
        page = browser.new_context(locale="pt-BR", **WIDE).new_page()
        with _serving(home, port) as (url, _):
            before = _settled(page, f"{url}/risco?{query}")
        begun = time.monotonic()
        with _serving(home, port):
            lost = _comes_back(page, before)
        browser.close()
    return [
        Result(
            "página aberta num reinício: o que não volta (página, arquivo e modelo, filtro, figuras)",
            float(len(lost)),
            0.0,
            "",
            detail=f"{', '.join(lost) or 'tudo voltou'} em {written(time.monotonic() - begun)} s",
        )
    ]


def _settled(page: Any, address: str) -> dict[str, object]:
    from tests.browser.walking import open_page, wait_until_idle

    open_page(page, address, timeout=180_000)
    page.get_by_role("combobox", name="Período").click()
    page.get_by_role("option", name="Últimos 6 meses").click()
    wait_until_idle(page, timeout=180_000)
    return _seen(page)


def _seen(page: Any) -> dict[str, object]:
    return {
        "página": page.get_by_role("heading", level=1).first.inner_text(),
        "endereço": page.url,
        "filtro": page.get_by_role("combobox", name="Período").input_value(),
        "figuras": [card.inner_text() for card in page.get_by_test_id("stMetric").all()],
    }


def _comes_back(page: Any, before: dict[str, object]) -> list[str]:
    """What is not as it was, once the page has found the server again."""
    from tests.browser.walking import wait_until_idle

    page.wait_for_selector("[data-testid='stApp'][data-test-connection-state='CONNECTED']", timeout=120_000)
    wait_until_idle(page, timeout=120_000, quiet_ms=1_500)
    now = _seen(page)
    return [name for name, value in before.items() if now[name] != value]
