"""Words of cells that mean that nothing is there: as systems and spreadsheets write it."""

from __future__ import annotations

EMPTY_WORDS = [
    "n/a", "na", "n.a.", "n/d", "nd", "null", "none", "nan", "nat", "(null)", "(vazio)", "vazio", "s/i", "s/n",
    "não informado", "nao informado", "não informada", "nao informada", "sem informação", "sem informacao",
    "não consta", "nao consta", "undefined", "<na>", "#n/d", "#n/a", "#ref!", "#valor!", "#value!", "#nome?",
    "#name?", "#div/0!", "#nulo!", "#null!", "#núm!", "#num!",
]
