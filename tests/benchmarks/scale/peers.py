"""What a user would do in our place, on the same rows: the names that all of them use, runs, and whether they agree."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from tests.benchmarks.harness import MEGABYTE, BenchmarkFailed, Result, written
from tests.benchmarks.scale.kept import Finding, Findings

PRODUCT = "no_show"
PATIENT = "patient"
TEXTS = {
    "ID único do paciente": PATIENT,
    "Data de Nascimento": "birth",
    "Sexo": "sex",
    "Data de contato": "contact",
    "Data do agendamento": "event",
    "Status do agendamento": "status",
    "Origem do agendamento": "channel",
    "Tipo de Agendamento": "appointment_type",
    "Categoria de Exame": "exam_category",
    "Nome do Procedimento": "procedure",
    "Nome da Unidade": "unit",
    "UF": "uf",
    "Convênio": "health_plan",
    "Data do cancelamento": "cancelled",
}
RATED = ("unit", "uf", "health_plan", "procedure", "appointment_type", "exam_category")
STATUSES = {"Realizado": 0, "No Show": 1, "Cancelado": None, "Remarcado": None}
UFS = re.findall("..", "ACALAPAMBACEDFESGOMAMTMSMGPAPBPRPEPIRJRNRSRORRSCSPSETO")
SAMPLED_ROWS = 5_000
CLOSE = 1e-4  # columns are float32, and rates differences of near numbers
CHECKERS, MAKERS = ("pandas", "polars"), ("ours", "pandas", "polars", "duckdb")


def sampled(rows: int) -> np.ndarray:
    """Which rows are compared: every so many."""
    return np.arange(rows) % max(rows // SAMPLED_ROWS, 1) == 0


def measure(findings: Findings, sizes: Sequence[int], out: Path) -> None:
    """Measures and keeps what each takes to check and to make features, and how far they differ from ours."""
    from tests.benchmarks.scale import network

    for rows in sizes:
        source = str(network.past(rows))
        ours = _checked_by_us(source, out)
        for name in CHECKERS:
            figures = _run(name, "check", source, out / f"{name}.json")
            counts = json.loads((out / f"{name}.json").read_text())
            figures["differences"] = {code: (n, ours[code]) for code, n in counts.items() if ours.get(code, 0) != n}
            findings.add(Finding("peers", "check", rows, name, figures))
        for name in MAKERS:
            figures = _run(name, "features", source, out / f"{name}.parquet")
            figures["differences"] = differences(out / "ours.parquet", out / f"{name}.parquet")
            findings.add(Finding("peers", "features", rows, name, figures))


def _run(name: str, what: str, source: str, out: Path) -> dict[str, object]:
    from tests.benchmarks.scale.meter import measured
    from tests.benchmarks.scale.steps import environment

    module = "tests.benchmarks.scale." + ("ours" if name == "ours" else f"peer_{name}")
    took = measured([sys.executable, "-m", module, what, source, str(out)], environment())
    if took.code:
        raise BenchmarkFailed(f"{name} {what}: {took.said[-600:]}")
    return {key: value for key, value in asdict(took).items() if key != "said"}


def _checked_by_us(source: str, out: Path) -> dict[str, int]:
    """Rows by the code of our rules, from the report of `validate`."""
    from tests.benchmarks.scale.meter import measured
    from tests.benchmarks.scale.steps import environment

    report = out / "report.json"
    typed = ["validate", PRODUCT, source, "--report", str(report)]
    took = measured([sys.executable, "-m", "pipeline", *typed], environment())
    if took.code:
        raise BenchmarkFailed(f"validate: {took.said[-600:]}")
    found = json.loads(report.read_text(encoding="utf-8"))
    return {"rows": found["rows_read"], **{one["rule"]: one["rows"] for one in found["issues"]}}


def differences(ours: Path, theirs: Path) -> dict[str, float]:
    """The columns that both make, with the largest difference of a row where it is more than rounding; a value that
    one has and the other lacks counts as infinite.
    """
    import pandas as pd

    mine, other = pd.read_parquet(ours), pd.read_parquet(theirs)
    found = {}
    for name in (column for column in other if column in mine):
        a, b = (frame[name].to_numpy(dtype="float64", na_value=np.nan) for frame in (mine, other))
        one_lacks = np.isnan(a) != np.isnan(b)
        gap = float("inf") if one_lacks.any() else float(np.nanmax(np.abs(a - b), initial=0.0))
        if gap > CLOSE:
            found[name] = gap
    return found


def results(findings: Findings) -> list[Result]:
    """Each peer over us, and whether it found the same; told, not limited: who wins is for the reader."""
    told = []
    for one in findings.of("peers"):
        differ = one.figures["differences"]
        same = "mesmos valores" if not differ else f"difere em {', '.join(map(str, differ))}"
        peak = f"memória {written(one.figures['anonymous'] / MEGABYTE)} MB, relógio {written(one.figures['wall'])} s"
        name = f"{_WHAT[one.step]} com {'Presença' if one.how == 'ours' else one.how}, {written(one.rows)} linhas"
        told.append(Result(name, one.figures["cpu"], None, "s", detail=f"{peak}; {same}"))
    return told


_WHAT = {"check": "ler e conferir", "features": "ler e fazer os atributos"}
