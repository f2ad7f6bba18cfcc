"""The tables of docs/escala.md from what was found: no figure there is written by hand.

`python -m tests.benchmarks.scale.page LABEL…` writes them between the marks of the page: a table of steps a label that
has some, then all comparisons; what is to be expected of more rows goes by the last label alone.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tests.benchmarks.harness import MEGABYTE, ROOT, Result, written
from tests.benchmarks.scale import executors, kills, peers, speed, steps
from tests.benchmarks.scale.kept import Finding, Findings

PAGE = ROOT / "docs" / "escala.md"
MEASURED, EXPECTED = "medido", "esperado"
_MILLIONS = (1, 10, 100)
_FAR = 1.5  # times the most rows measured: beyond that, what is told is an extrapolation


def placed(text: str, name: str, content: str) -> str:
    """The page with other content between the marks of that name. ValueError where it has none."""
    begin, end = f"<!-- {name} -->", f"<!-- fim de {name} -->"
    found = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if not found.search(text):
        raise ValueError(f"{PAGE.name} has no place for {name}")
    return found.sub(lambda _: f"{begin}\n\n{content}\n\n{end}", text)


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def measured_tables(labels: Sequence[str]) -> str:
    """What each step took, and the comparisons, by label."""
    return "\n\n".join(filter(None, (part(label) for part in (_steps, _compared) for label in labels)))


def _steps(label: str) -> str:
    findings = Findings(label)
    found = sorted(findings.of("steps"), key=lambda one: (steps.STEPS.index(one.step), one.how, one.rows))
    rows = [
        [f"`{' '.join(filter(None, (one.step, one.how)))}`", written(one.rows), *_figures(one), findings.told(one)]
        for one in found
    ]
    if not rows:
        return ""
    header = ("passo", "linhas", "processador (s)", "relógio (s)", "memória própria (MB)", "residente (MB)", "quando")
    command = f"`run.py bench escala --label {label}`"
    return f"**{label.capitalize()}** ({findings.machine()}; {command}):\n\n{_table(header, rows)}"


def _figures(one: Finding) -> list[str]:
    figures = one.figures
    sizes = (figures[name] / MEGABYTE for name in ("anonymous", "resident"))
    return [written(figures["cpu"]), written(figures["wall"]), *map(written, sizes)]


def _compared(label: str) -> str:
    findings = Findings(label)
    lines = [*speed.results(findings), *executors.results(findings), *kills.results(findings), *peers.results(findings)]
    exponents = [one for one in steps.results(findings) if "expoente" in one.name]
    told = [
        [one.name, f"{written(one.value)} {one.unit}".strip(), _limit(one), one.detail] for one in exponents + lines
    ]
    return f"Comparações, {label}:\n\n{_table(('medida', 'valor', 'limite', 'como'), told)}" if told else ""


def _limit(one: Result) -> str:
    return "–" if one.limit is None else f"{written(one.limit)}{'' if one.passed else ' (não passou)'}"


def expected_table(label: str) -> str:
    """Processor and memory of each step for 1, 10 and 100 million rows, as the measured sizes grow."""
    findings, rows = Findings(label), []
    for step in steps.STEPS:
        found = [one for one in findings.of("steps", step) if not one.how]
        if len(found) > 1:
            rows.append([f"`{step}`", *(_expected(found, millions * 1_000_000) for millions in _MILLIONS)])
    if not rows:
        return "Ainda não há dois tamanhos medidos de que tirar uma linha."
    return _table(("passo", *(f"{n} milh{'ão' if n == 1 else 'ões'}" for n in _MILLIONS)), rows)


def _expected(found: Sequence[Finding], rows: int) -> str:
    sizes = [one.rows for one in found]
    if rows in sizes:
        figures = found[sizes.index(rows)].figures
        return f"{written(figures['cpu'])} s, {written(figures['anonymous'] / MEGABYTE)} MB"
    cpu, _ = _on_the_line(sizes, [one.figures["cpu"] for one in found], rows)
    memory, grows = _on_the_line(sizes, [one.figures["anonymous"] / MEGABYTE for one in found], rows)
    how = "extrapolado" if rows > _FAR * max(sizes) else "entre o medido"
    # the fewest rows may be done whole, the most in parts: a line that falls says nothing of more
    return f"{written(cpu)} s{f', {written(memory)} MB' if grows else ''} ({how})"


def _on_the_line(sizes: Sequence[int], values: Sequence[float], rows: int) -> tuple[float, bool]:
    """The value of so many rows on the straight line through the measured ones, and whether it rises."""
    each, base = np.polyfit(sizes, values, 1)
    return float(base + each * rows), bool(each > 0)


def main(*labels: str) -> None:
    """Writes the page."""
    text = PAGE.read_text(encoding="utf-8")
    text = placed(text, MEASURED, measured_tables(labels))
    Path(PAGE).write_text(placed(text, EXPECTED, expected_table(labels[-1])), encoding="utf-8")


if __name__ == "__main__":
    main(*(sys.argv[1:] or ["agora"]))
