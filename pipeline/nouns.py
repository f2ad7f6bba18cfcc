"""The gender of a Portuguese noun, told by its ending: products name their rows and dimensions by nouns."""

from __future__ import annotations

_FEMININE = ("filial", "filiais", "a", "as", "ão", "ões", "ade", "ades", "gem", "gens", "uf", "ufs")
_MASCULINE = ("ema", "emas", "oma", "omas", "dia", "dias")


def feminine(noun: str) -> bool:
    """By its ending: enough for nouns of products
    (falta, consulta, avaliação, origem, UF; agendamento, sistema, dia).
    """
    first = noun.split(" ")[0].lower()
    return first.endswith(_FEMININE) and not first.endswith(_MASCULINE)
