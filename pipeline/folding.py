"""Text as it is compared: one rule for names, headers, values and words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_OTHER = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=200_000)
def fold_word(word: str) -> str:
    """A word without case and accents; every other sign stays (an emoji is a word, too)."""
    plain = unicodedata.normalize("NFKD", word).casefold()
    return "".join(c for c in plain if not unicodedata.combining(c))


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """`text` as it is compared: lower case, no accents, only letters and digits, single blanks."""
    return _OTHER.sub(" ", fold_word.__wrapped__(text)).strip()
