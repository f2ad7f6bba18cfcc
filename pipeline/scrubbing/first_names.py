"""The first names that people in Brazil have, by the census; which of them are words of the language as well."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pipeline.scrubbing.vocabulary import ALSO_WORDS

COMMON, USUAL = 2_700, 5_000  # the commonest: about 5,000 and 2,000 people bear one
_FILE = Path(__file__).with_name("first_names.txt")


@cache
def ranks() -> Mapping[str, int]:
    """Each first name, folded, with its place from the commonest (0); source and licence stand in the file."""
    lines = _FILE.read_text(encoding="ascii").splitlines()
    return {name: place for place, name in enumerate(line for line in lines if not line.startswith("#"))}


@cache
def plain_names() -> frozenset[str]:
    """The first names that mean nothing else: folded words that can stand for a person only."""
    return frozenset(ranks()) - ALSO_WORDS
