"""The 27 federative units, as clinics write them: code, name, IBGE number, "São Paulo - SP"."""

from __future__ import annotations

from rapidfuzz import fuzz

from pipeline.ingestion.columns import fold

UF_NAMES = {
    "AC": "Acre", "AL": "Alagoas", "AM": "Amazonas", "AP": "Amapá", "BA": "Bahia", "CE": "Ceará",
    "DF": "Distrito Federal", "ES": "Espírito Santo", "GO": "Goiás", "MA": "Maranhão", "MG": "Minas Gerais",
    "MS": "Mato Grosso do Sul", "MT": "Mato Grosso", "PA": "Pará", "PB": "Paraíba", "PE": "Pernambuco",
    "PI": "Piauí", "PR": "Paraná", "RJ": "Rio de Janeiro", "RN": "Rio Grande do Norte",
    "RO": "Rondônia", "RR": "Roraima", "RS": "Rio Grande do Sul", "SC": "Santa Catarina", "SE": "Sergipe",
    "SP": "São Paulo", "TO": "Tocantins",
}
UFS = tuple(UF_NAMES)
_IBGE = dict(zip(
    ("11", "12", "13", "14", "15", "16", "17", "21", "22", "23", "24", "25", "26", "27", "28", "29", "31", "32",
     "33", "35", "41", "42", "43", "50", "51", "52", "53"),
    ("RO", "AC", "AM", "RR", "PA", "AP", "TO", "MA", "PI", "CE", "RN", "PB", "PE", "AL", "SE", "BA", "MG", "ES",
     "RJ", "SP", "PR", "SC", "RS", "MS", "MT", "GO", "DF"), strict=True))
_BY_NAME = {fold(name): uf for uf, name in UF_NAMES.items()} | {
    "s paulo": "SP", "r de janeiro": "RJ", "rio": "RJ", "r janeiro": "RJ", "m gerais": "MG", "brasilia": "DF",
    "r g do sul": "RS", "r g sul": "RS", "rg do sul": "RS", "r g do norte": "RN", "r g norte": "RN",
    "s catarina": "SC", "sta catarina": "SC", "e santo": "ES", "esp santo": "ES", "mato grosso sul": "MS",
    "d federal": "DF", "dist federal": "DF",
}
_SURE = 90


def to_uf(text: str) -> str | None:
    """The code of the UF that `text` names, or None."""
    folded = fold(text)
    if folded.upper() in UF_NAMES:
        return folded.upper()
    for lead in ("estado de ", "estado do ", "estado da "):
        folded = folded.removeprefix(lead)
    if folded in _BY_NAME or folded in _IBGE:
        return _BY_NAME.get(folded) or _IBGE[folded]
    return _beside_a_name(folded) or _misspelt(folded)


def _beside_a_name(folded: str) -> str | None:
    """"SP - São Paulo", "Campinas/SP": a code at one end, but not one at each."""
    words = folded.split()
    ends = {word.upper() for word in (words[:1] + words[-1:]) if word.upper() in UF_NAMES} if len(words) > 1 else set()
    return ends.pop() if len(ends) == 1 else None


def _misspelt(folded: str) -> str | None:
    if len(folded) < 5:
        return None
    near = sorted(((fuzz.ratio(folded, name), uf) for name, uf in _BY_NAME.items() if len(name) > 4), reverse=True)
    return near[0][1] if near[0][0] >= _SURE else None
