"""Text as it is compared: one rule for names, headers, values and words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import filterfalse

_OTHER = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=200_000)
def fold_word(word: str) -> str:
    """A word without case and accents; every other sign stays (an emoji is a word, too)."""
    if word.isascii():
        return word.lower()  # the same, and most words are: a file of millions of distinct cells folds each
    plain = unicodedata.normalize("NFKD", word).casefold()
    return "".join(filterfalse(unicodedata.combining, plain))


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """`text` as it is compared: lower case, no accents, only letters and digits, single blanks."""
    return _OTHER.sub(" ", fold_word.__wrapped__(text)).strip()
