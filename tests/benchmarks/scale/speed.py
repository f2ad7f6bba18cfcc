"""`validate` over DuckDB's bare read of the same file, and scoring with reasons over LightGBM's `pred_contrib`."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks import material
from tests.benchmarks.harness import BenchmarkFailed, Result, fresh, written
from tests.benchmarks.scale import network, steps
from tests.benchmarks.scale.kept import Finding, Findings
from tests.benchmarks.scale.meter import Took, measured

HERE = "tests.benchmarks.scale.speed"
MOST_OVER_READING, MOST_OVER_CONTRIB = 4.0, 1 / 12
TINY = steps.SMALLEST
EXPLAINED = 4_000  # rows that pred_contrib is measured on
_ROUNDING = 1.1  # how much worse a ratio at more rows may be and still be called no worse: single runs
_FEW = 1_000_000  # up to so many rows a run is repeated


def validating(findings: Findings, sizes: Sequence[int]) -> None:
    """Wall clock and processor of both on each size, the start of both taken off; the best of those taken in turn."""
    tiny = str(network.past(TINY))
    for rows in sizes:
        source = str(network.past(rows))
        pairs = [(_validate(source), _bare(source)) for _ in range(3 if rows <= _FEW else 1)]
        starts = [(_validate(tiny), _bare(tiny)) for _ in range(3)]
        figures = {}
        for clock in ("wall", "cpu"):
            ours, theirs = (min(getattr(pair[side], clock) for pair in pairs) for side in (0, 1))
            own_start, their_start = (min(getattr(pair[side], clock) for pair in starts) for side in (0, 1))
            figures |= {f"ours_{clock}": ours - own_start, f"theirs_{clock}": max(theirs - their_start, 1e-3)}
        findings.add(Finding("reading", "validate", rows, "", figures))


def _validate(source: str) -> Took:
    return _well([sys.executable, "-m", "pipeline", "validate", network.PRODUCT, source])


def _bare(source: str) -> Took:
    return _well([sys.executable, "-m", HERE, source])


def _well(command: list[str]) -> Took:
    took = measured(command, steps.environment())
    if took.code:
        raise BenchmarkFailed(took.said[-600:])
    return took


def bare_read(source: str) -> None:
    """DuckDB's own reading, all as text, to a table."""
    import duckdb

    with duckdb.connect() as base:
        base.execute("CREATE TABLE read AS SELECT * FROM read_csv(?, all_varchar = true)", [source])


def explaining(findings: Findings, sizes: Sequence[int]) -> None:
    """Processor of the command `score`, its start taken off, over that of `pred_contrib` on as many rows, which is
    measured on a part and multiplied.
    """
    start = min(_well(steps.command("score", TINY, _out())).cpu for _ in range(2))
    for rows in sizes:
        scored = [one for one in findings.of("steps", "score") if one.rows == rows and not one.how]
        whole = scored[0].figures["cpu"] if scored else steps.run("score", rows, _out()).cpu
        told = fresh(
            f"{HERE}:contributions", str(steps.model(rows)), str(network.past(material.QUICK)), threads=1
        ).answer
        theirs = told["seconds"] * rows / told["rows"]
        figures = {"ours": whole - start, "theirs": theirs, **told}
        findings.add(Finding("reasons", "score", rows, "", figures))


def _out() -> Path:
    out = network.cache() / "out"
    out.mkdir(exist_ok=True)
    return out


def contributions(model: str, source: str) -> dict[str, float]:
    """Seconds of processor of `pred_contrib` on some rows (fresh process, one thread)."""
    import datetime as dt

    from pipeline import services
    from pipeline.insight.scoring import score
    from pipeline.modeling.bundle import bundle

    declared = services.product(network.PRODUCT)
    opened = bundle.load(Path(model), declared, dt.date.fromisoformat(material.DAY))
    rows = services.load(declared.key, Path(source)).rows
    columns = score.score(rows, declared, opened, threads=1).features[list(opened.columns)]
    table = columns.iloc[-EXPLAINED:].to_numpy()
    begun = time.process_time()
    for booster in opened.boosters:
        booster.predict(table, pred_contrib=True, num_threads=1)
    trees = sum(booster.num_trees() for booster in opened.boosters)
    return {"seconds": time.process_time() - begun, "rows": len(table), "trees": trees}


def results(findings: Findings, limited: bool = True) -> list[Result]:
    """The ratios of all that is kept."""
    told, first = [], None
    for one in findings.of("reading"):
        figures = one.figures
        ratio, cpu = (figures[f"ours_{clock}"] / figures[f"theirs_{clock}"] for clock in ("wall", "cpu"))
        limit = MOST_OVER_READING if first is None else max(first * _ROUNDING, MOST_OVER_READING)
        first = first or ratio
        seconds = f"{written(figures['ours_wall'])} s contra {written(figures['theirs_wall'])} s de relógio"
        told.append(
            Result(
                f"validate, {written(one.rows)} linhas",
                ratio,
                limit if limited else None,
                reference="DuckDB, só ler como texto para uma tabela, sem a partida de ambos",
                detail=f"{seconds}; {written(cpu)} vezes em processador",
            )
        )
    for one in findings.of("reasons"):
        figures = one.figures
        told.append(
            Result(
                f"score com motivos, {written(one.rows)} linhas",
                figures["ours"] / figures["theirs"],
                MOST_OVER_CONTRIB if limited else None,
                reference=f"pred_contrib, medido em {written(figures['rows'])} linhas e multiplicado",
                detail=f"{written(figures['ours'])} s contra {written(figures['theirs'])} s de processador; "
                f"{figures['trees']} árvores; nosso com leitura e escrita",
            )
        )
    return told


if __name__ == "__main__":
    bare_read(sys.argv[1])
