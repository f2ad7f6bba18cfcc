"""A hundred thousand rows scored as a job, against their features, risks and reasons alone: what a job costs beyond."""

from __future__ import annotations

import io
import json
import os
import time
from pathlib import Path

from tests.benchmarks import material
from tests.benchmarks.harness import MEGABYTE, Result, fresh, seconds_of, written

TITLE = "pontuar como um trabalho"
HERE = "tests.benchmarks.bench_score_job"
_PAST = 12_000  # rows of the home that the model learnt from


def measure(quick: bool = False) -> list[Result]:
    """Seconds from the sending to the end, over those of `score` and `reasons` on ready rows; the peak of the process."""
    rows = material.QUICK if quick else material.HUNDRED_THOUSAND
    home, _, _ = material.workspace(material.QUICK if quick else _PAST)
    run = fresh(f"{HERE}:job", str(home), str(material.sample(rows, True)), timeout=3600)
    job, bare = run.answer["job"], run.answer["bare"]
    detail = (
        f"{written(job)} s contra {written(bare)} s; recebido em {written(run.answer['received'])} s; "
        f"{written(run.answer['processor'])} s de processador; {run.answer['pages']} páginas lidas em "
        f"{written(run.answer['read'])} s"
    )
    return [
        Result(f"{written(rows)} linhas", job / bare, None, reference="riscos e motivos, sem mais nada", detail=detail),
        Result(f"{written(rows)} linhas: memória no pico", run.peak / MEGABYTE, None, "MB"),
    ]


def job(home: str, future: str) -> dict[str, object]:
    """Sends a sheet's rows as JSON to be scored, waits for the end, reads all pages (fresh process)."""
    os.environ["PRESENCA_HOME"] = home
    from pipeline import services
    from pipeline.ingestion.reading.apart import read
    from pipeline.insight.scoring import score
    from pipeline.records.integration import ArrivalKind, ArrivalState
    from pipeline.services.arrivals import following, receiving, working
    from pipeline.services.arrivals.receiving import ToScore
    from pipeline.services.models import scoring

    space = services.open_workspace()
    body = io.BytesIO(json.dumps(read(Path(future)).table.to_pylist(), ensure_ascii=False).encode())
    asked = ToScore(ArrivalKind.JSON, scoring.CURRENT, product=material.PRODUCT)
    begun, spent = time.perf_counter(), time.process_time()
    sent = receiving.receive_to_score(space, asked, body).arrival
    received = time.perf_counter() - begun
    working.read_waiting(space)
    taken, spent = time.perf_counter() - begun, time.process_time() - spent
    ended = space.arrival(sent.id)
    if ended.state is not ArrivalState.DONE or ended.rows != sent.rows:
        raise RuntimeError(f"o trabalho terminou como {ended.state}")

    def pages() -> None:
        for first in range(0, ended.rows, 1_000):
            following.scores(space, sent.id, first, min(1_000, ended.rows - first))

    read_in = seconds_of(pages)
    info = scoring.chosen(space, scoring.CURRENT, "", material.PRODUCT)
    found = scoring.scored_rows(space, info, read(Path(future)), scoring.Asked(), most=ended.rows)

    def bare() -> None:
        scored = score.score(found.rows, found.declared, found.model, as_of=found.scored.as_of, threads=1)
        score.reasons(scored, found.rows, found.declared)

    told = {"received": received, "job": taken, "processor": spent, "read": read_in, "pages": -(-ended.rows // 1_000)}
    return {**told, "bare": seconds_of(bare)}
