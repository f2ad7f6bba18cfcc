"""Which script a booking asks for, and what it says of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pipeline.contract import Script

_BLANK = re.compile(r"\{([a-z]{1,20})\}")


def chosen(scripts: Sequence[Script], way: str, told: Sequence[str], factors: Sequence[str]) -> Script | None:
    """The script of this way for a booking: by its procedure first (`told`: folded texts of procedure, category and
    type), then by its reasons (`factors`, the weightiest first), else that for any booking; None where there is none.
    """
    own = [script for script in scripts if script.way == way]
    words = [word for text in told for word in text.split()]
    by_procedure = (s for s in own if any(word.startswith(begin) for word in words for begin in s.procedures))
    by_reason = (s for factor in factors for s in own if factor in s.factors)
    usual = (s for s in own if not (s.procedures or s.factors))
    return next((found for kind in (by_procedure, by_reason, usual) for found in kind), None)


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with the blanks filled for which there is a value; the others stay for whoever speaks."""
    return _BLANK.sub(lambda found: values.get(found[1]) or found[0], text)
