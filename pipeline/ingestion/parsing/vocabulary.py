"""Words of cells that mean that nothing is there: as systems and spreadsheets write it."""

from __future__ import annotations

EMPTY_WORDS = [
    "n/a", "na", "n.a.", "n/d", "nd", "null", "none", "nan", "nat", "(null)", "(vazio)", "vazio", "s/i", "s/n",
    "não informado", "nao informado", "não informada", "nao informada", "sem informação", "sem informacao",
    "não consta", "nao consta", "undefined", "<na>", "#n/d", "#n/a", "#ref!", "#valor!", "#value!", "#nome?",
    "#name?", "#div/0!", "#nulo!", "#null!", "#núm!", "#num!",
]
STARS_BY_WORD = {
    "pessimo": 1, "pessima": 1, "horrivel": 1, "muito ruim": 1, "muito insatisfeito": 1, "muito insatisfeita": 1,
    "totalmente insatisfeito": 1, "ruim": 2, "insatisfeito": 2, "insatisfeita": 2, "fraco": 2, "regular": 3,
    "razoavel": 3, "neutro": 3, "neutra": 3, "indiferente": 3, "medio": 3, "mais ou menos": 3, "bom": 4, "boa": 4,
    "satisfeito": 4, "satisfeita": 4, "otimo": 5, "otima": 5, "excelente": 5, "muito bom": 5, "muito boa": 5,
    "muito satisfeito": 5, "muito satisfeita": 5, "totalmente satisfeito": 5,
}  # stars by the words of a scale
