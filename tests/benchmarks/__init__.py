"""What is measured, always as a ratio over a reference in the same run: one module a benchmark.

A benchmark is a module `tests/benchmarks/bench_<name>.py` with

    TITLE = "Validar um milhão de linhas"
    def measure(quick: bool) -> list[Result]: ...

`python3 run.py bench` runs all of them but those that say `ONLY_BY_NAME` (hours), `run.py bench validar` those whose
name or title holds the word, `run.py bench --quick` with less data. The exit code is 1 where a limit is broken.
"""
