"""The nouns of a product, and the gender of a Portuguese noun, told by its ending."""

from __future__ import annotations

from dataclasses import dataclass

_FEMININE = ("filial", "filiais", "a", "as", "ão", "ões", "ade", "ades", "gem", "gens", "uf", "ufs")
_MASCULINE = ("ema", "emas", "oma", "omas", "dia", "dias")


def feminine(noun: str) -> bool:
    """By its ending: enough for nouns of products
    (falta, consulta, avaliação, origem, UF; agendamento, sistema, dia).
    """
    first = noun.split(" ")[0].lower()
    return first.endswith(_FEMININE) and not first.endswith(_MASCULINE)


@dataclass(frozen=True)
class Words:
    """The nouns of a product, for titles and sentences on screen. All lower case unless a title."""

    row: str  # "agendamento"
    rows: str  # "agendamentos"
    event: str  # "falta"
    events: str  # "faltas"
    non_event: str  # "presença"
    rate: str  # "Taxa de falta"
    risk_title: str  # "Risco de falta"
    model_title: str  # "Modelo de faltas"
    finding: str  # "Um em cada {one_in} agendamentos não acontece: {rate}." {one_in} is a Portuguese number word
    finding_rate: str  # used when 1 in N is not near an integer: "De cada 100 agendamentos, {per_100} não acontecem."
    agenda_title: str = ""  # "Agenda de contatos"
    model_finding: str = (
        ""  # "De cada 100 pares …": {reached}, {poles}; without it, what calling the riskiest tenth reaches
    )
    agenda_finding: str = ""  # "Ligar para os {calls} primeiros alcança {reached} das {expected} faltas esperadas."
    when_title: str = ""  # "Quando se falta mais"
    looks_like: str = ""  # "agendamentos": completes "Este arquivo parece ser de …"
