"""The 27 federative units, as clinics write them: code, name, IBGE number, "São Paulo - SP"."""

from __future__ import annotations

from bisect import bisect_right

from rapidfuzz import fuzz, process

from pipeline.folding import fold

UF_NAMES = {
    "AC": "Acre",
    "AL": "Alagoas",
    "AM": "Amazonas",
    "AP": "Amapá",
    "BA": "Bahia",
    "CE": "Ceará",
    "DF": "Distrito Federal",
    "ES": "Espírito Santo",
    "GO": "Goiás",
    "MA": "Maranhão",
    "MG": "Minas Gerais",
    "MS": "Mato Grosso do Sul",
    "MT": "Mato Grosso",
    "PA": "Pará",
    "PB": "Paraíba",
    "PE": "Pernambuco",
    "PI": "Piauí",
    "PR": "Paraná",
    "RJ": "Rio de Janeiro",
    "RN": "Rio Grande do Norte",
    "RO": "Rondônia",
    "RR": "Roraima",
    "RS": "Rio Grande do Sul",
    "SC": "Santa Catarina",
    "SE": "Sergipe",
    "SP": "São Paulo",
    "TO": "Tocantins",
}
UFS = tuple(UF_NAMES)
_IBGE = dict(
    zip(
        (
            "11",
            "12",
            "13",
            "14",
            "15",
            "16",
            "17",
            "21",
            "22",
            "23",
            "24",
            "25",
            "26",
            "27",
            "28",
            "29",
            "31",
            "32",
            "33",
            "35",
            "41",
            "42",
            "43",
            "50",
            "51",
            "52",
            "53",
        ),
        (
            "RO",
            "AC",
            "AM",
            "RR",
            "PA",
            "AP",
            "TO",
            "MA",
            "PI",
            "CE",
            "RN",
            "PB",
            "PE",
            "AL",
            "SE",
            "BA",
            "MG",
            "ES",
            "RJ",
            "SP",
            "PR",
            "SC",
            "RS",
            "MS",
            "MT",
            "GO",
            "DF",
        ),
        strict=True,
    )
)
_BY_NAME = {fold(name): uf for uf, name in UF_NAMES.items()} | {
    "s paulo": "SP",
    "r de janeiro": "RJ",
    "rio": "RJ",
    "r janeiro": "RJ",
    "m gerais": "MG",
    "brasilia": "DF",
    "r g do sul": "RS",
    "r g sul": "RS",
    "rg do sul": "RS",
    "r g do norte": "RN",
    "r g norte": "RN",
    "s catarina": "SC",
    "sta catarina": "SC",
    "e santo": "ES",
    "esp santo": "ES",
    "mato grosso sul": "MS",
    "d federal": "DF",
    "dist federal": "DF",
}
_SURE = 90
_LONG_NAMES = sorted((name for name in _BY_NAME if len(name) > 4), key=_BY_NAME.__getitem__, reverse=True)


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
    """ "SP - São Paulo", "Campinas/SP": a code at one end, but not one at each."""
    words = folded.split()
    ends = {word.upper() for word in (words[:1] + words[-1:]) if word.upper() in UF_NAMES} if len(words) > 1 else set()
    return ends.pop() if len(ends) == 1 else None


def _misspelt(folded: str) -> str | None:
    if len(folded) < 5:
        return None
    near = process.extractOne(folded, _LONG_NAMES, scorer=fuzz.ratio, score_cutoff=_SURE)
    return _BY_NAME[near[0]] if near else None


# the first five digits of a CEP, from Correios' public ranges; 78900 to 78999 belongs to no UF
_CEP_RANGES = (
    (1000, 19999, "SP"),
    (20000, 28999, "RJ"),
    (29000, 29999, "ES"),
    (30000, 39999, "MG"),
    (40000, 48999, "BA"),
    (49000, 49999, "SE"),
    (50000, 56999, "PE"),
    (57000, 57999, "AL"),
    (58000, 58999, "PB"),
    (59000, 59999, "RN"),
    (60000, 63999, "CE"),
    (64000, 64999, "PI"),
    (65000, 65999, "MA"),
    (66000, 68899, "PA"),
    (68900, 68999, "AP"),
    (69000, 69299, "AM"),
    (69300, 69399, "RR"),
    (69400, 69899, "AM"),
    (69900, 69999, "AC"),
    (70000, 72799, "DF"),
    (72800, 72999, "GO"),
    (73000, 73699, "DF"),
    (73700, 76799, "GO"),
    (76800, 76999, "RO"),
    (77000, 77999, "TO"),
    (78000, 78899, "MT"),
    (79000, 79999, "MS"),
    (80000, 87999, "PR"),
    (88000, 89999, "SC"),
    (90000, 99999, "RS"),
)
_STARTS = [first for first, _, _ in _CEP_RANGES]
REGIONS = {
    "Norte": ("AC", "AM", "AP", "PA", "RO", "RR", "TO"),
    "Nordeste": ("AL", "BA", "CE", "MA", "PB", "PE", "PI", "RN", "SE"),
    "Centro-Oeste": ("DF", "GO", "MS", "MT"),
    "Sudeste": ("ES", "MG", "RJ", "SP"),
    "Sul": ("PR", "RS", "SC"),
}
REGION_OF = {uf: region for region, ufs in REGIONS.items() for uf in ufs}


def cep_uf(cep: str) -> str | None:
    """The UF in whose range a CEP of eight digits lies, or None."""
    prefix = int(cep[:5])
    place = bisect_right(_STARTS, prefix) - 1
    return _CEP_RANGES[place][2] if place >= 0 and prefix <= _CEP_RANGES[place][1] else None
