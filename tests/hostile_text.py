"""Every pattern of the packages against long hostile text; run as a process of its own, so that a hang is a failure.

`python -m tests.hostile_text` prints what it is about to try and, at the end, what took too long.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import math
import re
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.source_rules import Source, sources

ROOT = Path(__file__).resolve().parent.parent
LENGTH = 200_000
SECONDS = 2.0  # of the processor, for one pattern and one text; a linear one needs some milliseconds
STAGES = ((10_000, 0.3), (40_000, SECONDS))  # shorter texts are tried first, each at most so many seconds
PACKAGES = ("pipeline", "dashboard", "launch")
RUNS = ("a", "A", "1", " ", "\n", "@", "(", ".", "-", '"', "\\", "*", "★", "_")
STARTS = ("1", "1:1", "1,1", "5 ", "1 de maio", "-", "seg", '"', "3 a", "nota", "<a", "ass:", "Nome: Ana")
PAIRS = (
    "<!--",
    "<!---->",
    "a@",
    "a.",
    "1-",
    "1 ",
    " ,",
    'a"',
    "a a",
    "Aa ",
    "<a ",
    "</",
    "&a",
    '<a b="',
    "(1)",
    "\r\n",
    "1.",
)
BACKTRACKERS = [
    re.compile(r"^(?:a+)+$"),
    re.compile(r"\s+\s+\s+x"),
]  # what must be found, if the trial is worth anything


def compiled(value: object, depth: int = 3) -> Iterator[re.Pattern]:
    """The patterns in a value: itself, or in what it holds."""
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, dict):
        for one in (*value.keys(), *value.values()):
            yield from compiled(one, depth - 1)
    elif depth and isinstance(value, (tuple, list, set, frozenset)):
        for one in value:
            yield from compiled(one, depth - 1)


def put_together() -> Iterator[re.Pattern]:
    """Patterns of modules that put some together as they are loaded; all others stand as text."""
    for source in sources(ROOT, PACKAGES):
        if any(not isinstance(argument, ast.Constant) for argument in _arguments(source)):
            for value in vars(importlib.import_module(source.path.removesuffix(".py").replace("/", "."))).values():
                yield from compiled(value)


def _arguments(source: Source) -> Iterator[ast.expr]:
    """What stands as the pattern in each call of `re`."""
    for node in ast.walk(source.tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.args
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr != "escape"
        ):
            yield node.args[0]


def written() -> Iterator[re.Pattern]:
    """Patterns that stand as text in a call of `re`, in any function;
    one that is put together counts with its fixed parts.
    """
    for source in sources(ROOT, PACKAGES):
        for argument in _arguments(source):
            yield from _literal(argument)


def _literal(node: ast.expr) -> Iterator[re.Pattern]:
    if isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)):
        yield re.compile(node.value)
    elif isinstance(node, ast.JoinedStr):
        parts = [str(p.value) if isinstance(p, ast.Constant) else ";" for p in node.values]
        yield re.compile("".join(parts))


def all_patterns() -> list[re.Pattern]:
    """Each distinct pattern once."""
    return list(dict.fromkeys([*put_together(), *written()]))


def hostile(pattern: re.Pattern) -> Iterator[tuple[str, str]]:
    """Beginnings, and what is repeated after them: one letter, pairs, blanks after the pattern's own words."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    words = list(dict.fromkeys(re.findall(r"[A-Za-zà-ü]{3,}", source)))[:3]
    yield from (("", unit) for unit in (*RUNS, *PAIRS))
    yield from ((start, " ") for start in (*STARTS, *words, *(f"{word}=" for word in words)))
    yield from (("", f"{word} ") for word in words)


def text_of(start: str, unit: str, length: int) -> str:
    """The text of a length, ending in what most patterns can't match."""
    return start + unit * (length // len(unit)) + "\x01"


def seconds(pattern: re.Pattern, text: str) -> float:
    """Processor time of looking for a pattern in the whole of a text; without end where it was broken off."""
    subject = text if isinstance(pattern.pattern, str) else text.encode("latin-1", "replace")
    begun = time.process_time()
    try:
        for _ in pattern.finditer(subject):
            pass
    except TimeoutError:  # the alarm's clock and this one may differ on a busy machine
        return math.inf
    return time.process_time() - begun


def _give_up(*_: object) -> None:
    raise TimeoutError


@contextlib.contextmanager
def alarm(limit: float) -> Iterator[None]:
    """Where the system can, the search for a pattern is broken off after a while, so that the next one has its turn."""
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGPROF, _give_up)
        signal.setitimer(signal.ITIMER_PROF, 1.1 * limit)
    try:
        yield
    finally:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_PROF, 0)


def took(pattern: re.Pattern, text: str, limit: float) -> float:
    with alarm(limit):
        return seconds(pattern, text)


def too_long(pattern: re.Pattern, start: str, unit: str) -> float:
    """Seconds of the processor where they are too many, else 0. Whoever needs less on a short text than the square of
    its share of the longest one's time is not tried on longer ones.
    """
    for length, limit in STAGES:
        time_taken = took(pattern, text_of(start, unit, length), limit)
        if time_taken > limit:
            return time_taken
        if time_taken <= SECONDS * (length / LENGTH) ** 2:
            return 0.0
    time_taken = took(pattern, text_of(start, unit, LENGTH), SECONDS)
    return time_taken if time_taken > SECONDS else 0.0


def slow(patterns: list[re.Pattern]) -> Iterator[str]:
    for pattern in patterns:
        print(f"trying {pattern.pattern!r}", flush=True)
        for start, unit in hostile(pattern):
            if time_taken := too_long(pattern, start, unit):
                yield f"SLOW {pattern.pattern!r} on {start!r}, {unit!r}…: {time_taken:.1f} s"
                break


def main() -> int:
    blind = len(list(slow(BACKTRACKERS))) < len(BACKTRACKERS)
    found = list(slow(all_patterns())) + ["SLOW patterns are not seen"] * blind
    print("\n".join(found))
    return len(found)


if __name__ == "__main__":
    sys.exit(main())
