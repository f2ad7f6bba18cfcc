"""What import-linter can't see: rules of the house that are read from the source itself.

Each rule is a function from a parsed file to sentences; tests/test_architecture.py runs them over the
packages and proves on bad sources that each can fail.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

DATA_LIBRARIES = frozenset(
    {"pandas", "numpy", "pyarrow", "duckdb", "polars", "lightgbm", "scipy", "sklearn", "shap", "woodelf"}
)
CODE_RUNNERS = frozenset({"pickle", "cPickle", "_pickle", "cloudpickle", "dill", "joblib", "shelve", "marshal"})
CODE_CALLS = frozenset({"eval", "exec", "__import__"})
PICKLE_METHODS = frozenset({"read_pickle", "to_pickle"})
LONGEST_FILE = 400


@dataclass(frozen=True)
class Source:
    """One file: where it lies (relative, with `/`), its text and its tree."""

    path: str
    text: str
    tree: ast.Module

    @classmethod
    def of(cls, text: str, path: str = "pipeline/example.py") -> Source:
        """Parses a text; SyntaxError where it is no Python."""
        return cls(path, text, ast.parse(text))


def sources(root: Path, folders: Sequence[str]) -> Iterator[Source]:
    """Every Python file below the folders (or the files themselves) that exist."""
    for folder in folders:
        top = root / folder
        for path in sorted(top.rglob("*.py")) if top.is_dir() else [top]:
            yield Source.of(path.read_text(encoding="utf-8"), path.relative_to(root).as_posix())


def imported_roots(source: Source) -> Iterator[tuple[str, int]]:
    """The first name of each absolute import, wherever in the file it stands, with its line."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name.split(".")[0], node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0], node.lineno
        elif isinstance(node, ast.Call) and _called(node) == "import_module" and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value.split(".")[0], node.lineno


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def no_data_library(source: Source) -> list[str]:
    """dashboard does no arithmetic on data."""
    return [f"{source.path}:{line} imports {name}" for name, line in imported_roots(source) if name in DATA_LIBRARIES]


def no_code_runner(source: Source) -> list[str]:
    """Nothing that can run code is opened: no pickle under any name, no eval."""
    found = [f"{source.path}:{line} imports {name}" for name, line in imported_roots(source) if name in CODE_RUNNERS]
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call):
            continue
        name = _called(node)
        is_builtin = isinstance(node.func, ast.Name) and name in CODE_CALLS
        allows = any(k.arg == "allow_pickle" and getattr(k.value, "value", True) for k in node.keywords)
        if is_builtin or name in PICKLE_METHODS or allows:
            found.append(f"{source.path}:{node.lineno} calls {name}")
    return found


def no_silent_except(source: Source) -> list[str]:
    """No bare except, and no broad one that says nothing and does nothing."""
    found = []
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.ExceptHandler):
            continue
        is_broad = isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")
        does_nothing = all(isinstance(step, ast.Pass) for step in node.body)
        if node.type is None or (is_broad and does_nothing):
            found.append(f"{source.path}:{node.lineno} swallows every error")
    return found


def names_no_product(keys: Sequence[str]) -> Callable[[Source], list[str]]:
    """The rule that a file names none of these products, neither in code nor in a comment."""
    pattern = re.compile(r"\b(" + "|".join(map(re.escape, keys)) + r")\b")

    def rule(source: Source) -> list[str]:
        lines = enumerate(source.text.splitlines(), start=1)
        return [f"{source.path}:{number} names {hit[1]}" for number, line in lines if (hit := pattern.search(line))]

    return rule


def not_too_long(source: Source) -> list[str]:
    """A file of more than 400 lines is two files."""
    lines = len(source.text.splitlines())
    return [f"{source.path} has {lines} lines"] if lines > LONGEST_FILE else []


_PORTUGUESE = re.compile(
    r"[A-Za-zÀ-ÿ]+ .*\b(?:de|da|do|das|dos|não|com|para|que|em|uma|os|as|foi|é|são|sem|por|ou|e"
    r"|linhas?|arquivos?|colunas?|dados|modelo)\b"
    r"|\b(?:de|da|do|das|dos|não|com|para|que|em|uma|os|as|sem|por)\b.* [A-Za-zÀ-ÿ]+",
    re.IGNORECASE | re.DOTALL,
)


def no_portuguese(source: Source) -> list[str]:
    """Below presentation nothing is said: codes with their values go up, and words are found there."""
    said = {id(node.value) for node in ast.walk(source.tree) if isinstance(node, ast.Expr)}  # docstrings
    return [
        f"{source.path}:{node.lineno} says {node.value[:60]!r}"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said
        if _PORTUGUESE.search(node.value)
    ]
