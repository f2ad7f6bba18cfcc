"""Runs the benchmarks and prints one table; exits 1 where a limit is broken or a benchmark fails."""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from types import ModuleType

import tests.benchmarks as home
from tests.benchmarks.harness import Result, table


def benchmarks(words: Sequence[str] = ()) -> list[ModuleType]:
    """The modules `bench_*`, those that hold one of the words in their name or title."""
    names = sorted(module.name for module in pkgutil.iter_modules(home.__path__) if module.name.startswith("bench_"))
    modules = [importlib.import_module(f"{home.__name__}.{name}") for name in names]
    return [one for one in modules if not words or any(_holds(one, word) for word in words)]


def _holds(module: ModuleType, word: str) -> bool:
    return word.lower() in f"{module.__name__.rpartition('.')[2]} {module.TITLE}".lower()


def run_all(modules: Sequence[ModuleType], quick: bool) -> tuple[list[tuple[str, Result]], list[str]]:
    """All results with their titles, and a line for each benchmark that ended with an error."""
    results: list[tuple[str, Result]] = []
    failures: list[str] = []
    for module in modules:
        started = time.monotonic()
        print(f"medindo: {module.TITLE} …", file=sys.stderr, flush=True)
        try:
            found = [(module.TITLE, one) for one in module.measure(quick)]
            results += found
            if found:  # as they come: a run takes minutes, and may be interrupted
                print(table(found), file=sys.stderr, flush=True)
        except Exception as fault:  # noqa: BLE001  (the others are still worth measuring; the exit code tells)
            failures.append(f"{module.TITLE}: {type(fault).__name__}: {fault}")
        print(f"  {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    return results, failures


def choose(modules: Sequence[ModuleType], chosen: Sequence[str]) -> None:
    """Sets sizes of benchmarks ("kills=50") by the names of their constants. ValueError where none has such a one."""
    for text in chosen:
        name, _, count = text.partition("=")
        having = [module for module in modules if isinstance(getattr(module, name.upper(), None), int)]
        if not having or not count.isdecimal():
            raise ValueError(f"--set {text}: nenhuma medida tem este tamanho")
        for module in having:
            setattr(module, name.upper(), int(count))


def give(modules: Sequence[ModuleType], options: argparse.Namespace) -> None:
    """Hands `--rows`, `--only`, `--label` and `--with` to the benchmark that takes them. ValueError where none does."""
    asked = {name: value for name in ("rows", "only", "label", "options") if (value := getattr(options, name))}
    taking = [module for module in modules if hasattr(module, "choose")]
    if asked and not taking:
        raise ValueError("--rows, --only, --label, --with: só para a medida escala")
    for module in taking:
        module.choose(**asked)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line of `run.py bench`."""
    parser = argparse.ArgumentParser(prog="run.py bench", description="Mede tempo e memória sobre uma referência.")
    parser.add_argument("words", nargs="*", metavar="PALAVRA", help="só as medidas que contêm a palavra")
    parser.add_argument("--quick", action="store_true", help="com menos dados: para conferir que roda")
    parser.add_argument("--list", action="store_true", help="só lista as medidas")
    parser.add_argument("--set", action="append", default=[], metavar="NOME=N", help="um tamanho da medida, menor")
    parser.add_argument("--json", type=Path, metavar="ARQUIVO", help="grava também em JSON")
    parser.add_argument("--rows", metavar="N,N", help="escala: os tamanhos")
    parser.add_argument("--only", metavar="PARTE,PARTE", help="escala: só estas partes")
    parser.add_argument("--label", metavar="NOME", help="escala: com que nome o achado fica guardado")
    parser.add_argument("--with", dest="options", metavar="OPÇÕES", help="escala: opções dadas aos comandos")
    options = parser.parse_args(arguments)
    modules = benchmarks(options.words)
    if options.list or not modules:
        print("\n".join(f"{one.__name__.rpartition('.')[2]}: {one.TITLE}" for one in modules) or "Nenhuma medida.")
        return 0 if modules else 1
    if not options.words:  # takes hours
        modules = [one for one in modules if not getattr(one, "ONLY_BY_NAME", False)]
    try:
        choose(modules, options.set)
        give(modules, options)
    except ValueError as error:
        parser.error(str(error))
    results, failures = run_all(modules, options.quick)
    print(table(results))
    print("\n".join(f"FALHOU  {line}" for line in failures))
    if options.json:
        lines = [{"benchmark": title, **asdict(one), "passed": one.passed} for title, one in results]
        options.json.write_text(json.dumps(lines, ensure_ascii=False, indent=1), encoding="utf-8")
    return 1 if failures or not all(one.passed for _, one in results) else 0


if __name__ == "__main__":
    sys.exit(main())
