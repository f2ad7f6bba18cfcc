"""A hundred thousand rows scored as a job, against their features, risks and reasons alone: what a job costs beyond."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks import material
from tests.benchmarks.child import peak_bytes
from tests.benchmarks.harness import MEGABYTE, Result, fresh, written

TITLE = "cem mil riscos como um trabalho"
HERE = "tests.benchmarks.bench_score_job"
_PAST = 12_000  # rows of the home that the model learnt from


def measure(quick: bool = False) -> list[Result]:
    """Seconds from the sending to the end, over those of `score` and `reasons` on ready rows; the peak till then."""
    rows = material.QUICK if quick else material.HUNDRED_THOUSAND
    home, _, _ = material.workspace(material.QUICK if quick else _PAST)
    body = fresh(f"{HERE}:write_body", str(material.sample(rows, True))).answer
    told = fresh(f"{HERE}:job", str(home), body, timeout=3600).answer
    job, bare = told["job"], told["bare"]
    detail = (
        f"{written(job)} s de processador contra {written(bare)} s; {written(told['waited'])} s de espera, recebido em "
        f"{written(told['received'])} s; {told['pages']} páginas lidas em {written(told['read'])} s"
    )
    return [
        Result(f"{written(rows)} linhas", job / bare, None, reference="riscos e motivos, sem mais nada", detail=detail),
        Result(f"{written(rows)} linhas: memória no pico", told["peak"] / MEGABYTE, None, "MB"),
    ]


def write_body(future: str) -> str:
    """A sheet's rows as JSON (fresh process)."""
    from pipeline.ingestion.reading.apart import read

    path = Path(future).with_suffix(".json")
    path.write_text(json.dumps(read(Path(future)).table.to_pylist(), ensure_ascii=False), encoding="utf-8")
    return str(path)


def job(home: str, body: str) -> dict[str, object]:
    """Sends a file to be scored, waits for the end, reads all pages (fresh process)."""
    os.environ["PRESENCA_HOME"] = home
    from pipeline import services
    from pipeline.ingestion import record_table
    from pipeline.insight.scoring import score
    from pipeline.records.integration import ArrivalKind, ArrivalState
    from pipeline.services.arrivals import following, receiving, working
    from pipeline.services.arrivals.receiving import ToScore
    from pipeline.services.models import scoring

    space, begun, spent = services.open_workspace(), time.perf_counter(), time.process_time()
    asked = ToScore(ArrivalKind.JSON, scoring.CURRENT, product=material.PRODUCT)
    with Path(body).open("rb") as content:
        sent = receiving.receive_to_score(space, asked, content).arrival
    received = time.perf_counter() - begun
    working.read_waiting(space)
    waited, taken, peak = time.perf_counter() - begun, time.process_time() - spent, peak_bytes()
    ended = space.arrival(sent.id)
    if ended.state is not ArrivalState.DONE or ended.rows != sent.rows:
        raise RuntimeError(f"o trabalho terminou como {ended.state}")

    def pages() -> None:
        for first in range(0, ended.rows, 1_000):
            following.scores(space, sent.id, first, min(1_000, ended.rows - first))

    read_in = _processor(pages)
    info = scoring.chosen(space, scoring.CURRENT, "", material.PRODUCT)
    raw = record_table.table_of(record_table.from_json(Path(body).read_bytes()), services.product(info.product), "")
    found = scoring.scored_rows(space, info, raw, scoring.Asked(), most=ended.rows)

    def bare() -> None:
        scored = score.score(found.rows, found.declared, found.model, as_of=found.scored.as_of, threads=1)
        score.reasons(scored, found.rows, found.declared)

    told = {"received": received, "waited": waited, "job": taken, "peak": peak}
    return {**told, "read": read_in, "pages": -(-ended.rows // 1_000), "bare": _processor(bare)}


def _processor(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun
