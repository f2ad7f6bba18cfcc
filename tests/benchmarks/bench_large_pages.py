"""The pages of a data set of ten million rows: seconds of a first view and of a filter, and the server's memory."""

from __future__ import annotations

import os
import statistics
import sys
from pathlib import Path

from launch.server import choose_port
from tests.benchmarks import material
from tests.benchmarks.harness import MEGABYTE, PeakWatch, Result, fresh, memory_of, written
from tests.benchmarks.visitor import Visitor

TITLE = "escala: páginas"
PAGE_ROWS, SESSIONS, REPEATS = 10_000_000, 3, 5
_FIRST_VIEW, _FILTER, _MEMORY = 3.0, 1.0, 1536.0
_FAULT = "Algo falhou ao montar esta página"
_FILTERS = {
    "um valor": "uf=SP",
    "período": "periodo=182",
    "período e valor": "periodo=91&uf=SP",
    "dois filtros": "uf=SP&convenio=SUS",
}
_OF_LIST = {
    "uma unidade": "unidade=Hospital+Santa+Clara",
    "outro dia": "dia=2026-11-30",
    "uma faixa": "faixa=high",
    "uma unidade, todos os dias": "dia=todos&unidade=Hospital+Santa+Clara",
}


def measure(quick: bool = False) -> list[Result]:
    """A home of so many rows, three visitors on the risk page, and every other page opened once."""
    if not Path("/proc/self/statm").exists():
        print("  pulada: é preciso Linux", file=sys.stderr)
        return []
    rows = 150_000 if quick else PAGE_ROWS
    home = material.folder() / f"grande_{rows}"
    dataset, model = fresh("tests.benchmarks.large_home:fill", str(home), rows, timeout=3_600).answer
    found = visited(home, f"produto={material.PRODUCT}&dados={dataset}&modelo={model}", rows, quick=quick)
    return [*found, *agenda(rows, quick=quick)]


def agenda(rows: int, *, quick: bool = False) -> list[Result]:
    """The list of so many appointments to come: made as its job does, opened by three visitors, filtered."""
    rows = 210_000 if quick else rows  # so many that a job makes it
    home = material.folder() / f"agenda_{rows}"
    dataset, model = fresh("tests.benchmarks.large_home:fill_ahead", str(home), rows, timeout=3_600).answer
    made = fresh("tests.benchmarks.large_home:make_list", str(home), dataset, model, timeout=7_200)
    name, peak = f"{written(rows)} linhas", f"pico {made.peak // MEGABYTE} MB"
    return [
        Result(f"{name}, lista feita pelo trabalho", made.seconds, None, "s", detail=peak),
        *listed(home, f"produto={material.PRODUCT}&dados={dataset}&modelo={model}", rows, quick=quick),
    ]


def listed(home: Path, query: str, rows: int, *, quick: bool = False) -> list[Result]:
    """The measures of a server on a home whose list is made."""
    from tests.browser.server import ROOT, serving

    os.environ.update(PRESENCA_KEY=material.KEY, PRESENCA_TODAY=material.DAY)
    repeats, limits = (2, (None, None, None)) if quick else (REPEATS, (_FIRST_VIEW, _FILTER, _MEMORY))
    with (
        serving(ROOT / "dashboard" / "app.py", home, port=choose_port(8950)) as server,
        PeakWatch(server.pid) as watch,
    ):
        with Visitor(server.url, "produto=no_show") as one:
            one.go("privacidade")
        first = [_seen(server.url, query, "agenda") for _ in range(SESSIONS)]
        filtered = {
            name: [_seen(server.url, f"{query}&{asked}", "agenda") for _ in range(repeats)]
            for name, asked in _OF_LIST.items()
        }
    name = f"{written(rows)} linhas"
    slowest = max(filtered, key=lambda key: statistics.median(filtered[key]))
    told = "; ".join(f"{key} {written(statistics.median(taken))} s" for key, taken in filtered.items())
    return [
        Result(f"{name}, Agenda, primeira vista", first[0], limits[0], "s"),
        Result(f"{name}, Agenda, filtro mais lento", statistics.median(filtered[slowest]), limits[1], "s", detail=told),
        Result(f"{name}, Agenda, servidor com {SESSIONS} sessões, pico", watch.peak / MEGABYTE, limits[2], "MB"),
    ]


def visited(home: Path, query: str, rows: int, *, quick: bool = False) -> list[Result]:
    """The measures of a server on a home that is filled."""
    from tests.browser.server import ROOT, serving

    os.environ.update(PRESENCA_KEY=material.KEY, PRESENCA_TODAY=material.DAY)
    repeats = 2 if quick else REPEATS
    with (
        serving(ROOT / "dashboard" / "app.py", home, port=choose_port(8950)) as server,
        PeakWatch(server.pid) as watch,
    ):
        with Visitor(server.url, "produto=no_show") as one:
            one.go("privacidade")  # what a server loads at its first page is no data set's
        first = [_seen(server.url, query, "risco") for _ in range(SESSIONS)]
        filtered = {
            name: [_seen(server.url, f"{query}&{asked}", "risco") for _ in range(repeats)]
            for name, asked in _FILTERS.items()
        }
        others = {page: _seen(server.url, query, page) for page in ("hoje", "dados", "agenda", "modelo", "inicio")}
        at_rest = memory_of(server.pid)
    name = f"{written(rows)} linhas"
    slowest = max(filtered, key=lambda key: statistics.median(filtered[key]))
    told = "; ".join(f"{key} {written(statistics.median(taken))} s" for key, taken in filtered.items())
    return [
        Result(f"{name}, Risco, primeira vista", first[0], None if quick else _FIRST_VIEW, "s"),
        Result(
            f"{name}, Risco, filtro mais lento (cada página aberta de novo, mediana de {repeats})",
            statistics.median(filtered[slowest]),
            None if quick else _FILTER,
            "s",
            detail=told,
        ),
        Result(
            f"{name}, servidor com {SESSIONS} sessões, pico",
            watch.peak / MEGABYTE,
            None if quick else _MEMORY,
            "MB",
            detail=f"{written(at_rest / MEGABYTE)} MB no fim; outras páginas, em s: "
            + ", ".join(f"{page} {written(taken)}" for page, taken in others.items()),
        ),
    ]


def _seen(url: str, query: str, page: str) -> float:
    """Seconds until a page of a new visitor stands."""
    with Visitor(url, query) as visitor:
        taken = visitor.go(page)
        if any(_FAULT in text and "data-presenca" not in text for text in visitor.texts):
            raise RuntimeError(f"{page}: falhou")
    return taken
