"""Where numbers, addresses and accounts that lead to a person stand in a comment; money, times and doses are none.

A number that says nothing by its shape counts only after the word that says what it is ("prontuário 4588").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from stdnum import luhn
from stdnum.br import cnpj, cpf

from pipeline.folding import fold_word
from pipeline.scrubbing import vocabulary as words

Found = re.Match[str]


@dataclass(frozen=True)
class Finder:
    """One shape of what leads to a person: `pattern` has a group `id`, which is taken out where `is_one` says so."""

    kind: str
    pattern: re.Pattern[str]
    is_one: Callable[[Found], bool] = bool


def _digits(found: Found) -> str:
    return re.sub(r"\D", "", found["id"])


def _at_least(least: int) -> Callable[[Found], bool]:
    return lambda found: len(_digits(found)) >= least and not _counts_something(found)


def is_health_card(digits: str) -> bool:
    """Whether 15 digits are a number of the health card (CNS).

    The sum of the digits weighted from 15 down to 1 is a multiple of 11 (DATASUS, "Rotina de validação do CNS").
    """
    weighted = sum(int(digit) * weight for digit, weight in zip(digits, range(15, 0, -1), strict=True))
    return digits[0] in "12789" and weighted % 11 == 0


_DATE = re.compile(r"\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}|(?:19|20)\d\d")
_AMOUNT = re.compile("(?i)" + words.AMOUNT)
_YEARS = re.compile(r"(?:19|20)\d\d[-. ](?:19|20)\d\d")
_ROUND = re.compile(r"\d{1,2}[05]0[-. ]\d{1,3}[05]0")
_MONEY_BEFORE = re.compile(r"(?:\$|\bre?ais\b)[ ]?$")
_FREE_CALL = re.compile(r"0[35]00|0[89]00")


def _counts_something(found: Found) -> bool:
    """Whether an amount, a date or a sum of money is written there, not the number of something."""
    start, end = found.span("id")
    before = found.string[max(0, start - 6) : start]
    return bool(_DATE.fullmatch(found["id"]) or _AMOUNT.match(found.string, end) or _MONEY_BEFORE.search(before))


def _is_phone(found: Found) -> bool:
    said = found["id"]
    return not (_YEARS.fullmatch(said) or _ROUND.fullmatch(said) or _FREE_CALL.match(said) or _counts_something(found))


def _is_called(found: Found) -> bool:
    return 8 <= len(_digits(found)) <= 13 and _is_phone(found)


def _in_street(found: Found) -> bool:
    return not _AMOUNT.match(found.string, found.end("id"))


_NO_HANDLES = frozenset("todos todas everyone all canal here".split())


def _is_handle(found: Found) -> bool:
    return fold_word(found["id"].strip("@.")) not in _NO_HANDLES


def _is_account(found: Found) -> bool:
    """A word after "login" counts if it looks made up; after a colon or "é" only what is no word of judgement."""
    said = found["id"]
    return bool(re.search(r"[\d._@]", said.strip("."))) or (
        "social" in found.groupdict() and fold_word(said) not in words.NEVER and len(said) > 3 and _names_somebody(said)
    )


_JUDGED = re.compile(
    r"(?i)(?:ruim|lent|[oó]tim|p[eé]ssim|bonit|lind|desatualiz|confus|dif[ií]c|f[aá]c|bom|boa|excelent|legal|chei|vazi|fals|bloque|"
    r"oficial|atualiz|complicad|d[ae]$|hosp|cl[ií]nic|unidad|voc[eê]s|empresa|muito)"
)


def _names_somebody(said: str) -> bool:
    return _JUDGED.match(said) is None


def _labelled(label: str, value: str) -> re.Pattern[str]:
    return re.compile(f"(?i)(?:{label}){words.LINK}(?P<id>{value})")


_DOCUMENT = r"(?<![\d*])[\d*x]{2,}(?:[ .\-/]{1,2}[\d*x]{1,}(?![a-zà-ÿ])){0,4}"
_SPACED = r"\d(?:[ .\-/]?\d)+(?:-?[\dx](?![a-zà-ÿ]))?"
_STATED = r"(?:[a-z]{1,3}[-. ]?)?\d(?:[.\-/ ]?\d){2,14}(?:-[\dx](?![a-zà-ÿ]))?"
_CODE = r"(?:[a-z]{1,4}[-/ ]?)?\d(?:[.\-/]?\d){2,24}(?:-[a-z\d]{1,2}(?![a-zà-ÿ]))?"
_DAY = rf"\d{{1,2}}[/.\- ]\d{{1,2}}[/.\- ](?:\d{{4}}|\d{{2}})(?!\d)|\d{{1,2}}[ºo°]? de {words.MONTHS}(?: de|,)? \d{{4}}|\d{{8}}(?!\d)"
_STREET_NAME = r"(?: (?:d[aeo]s?|e|[A-ZÀ-Þ0-9][\wÀ-ÿ.'’ºª-]*)){1,8}"
_ANY_NAME = r"(?: [A-Za-zÀ-ÿ][\wÀ-ÿ.'’-]*){1,6}?"
_HOUSE = r"(?:,? ?(?:n[º°o.]{0,2}|n[uú]mero|nro\.?)? ?\d{1,5}[a-zA-Z]?(?![\wÀ-ÿ/:]))"
_INSIDE = (
    r"(?:[,\-–]? ?(?:ap(?:to?|artamento)?\.?|bl(?:oco)?\.?|casa|fundos|lote|lt\.?|quadra|qd\.?|torre|sobrado|conj(?:unto)?\.?)"
    r"(?: ?[\dA-Z]{1,5}(?![\wÀ-ÿ]))?){0,3}"
)

_PHONES = (
    Finder("telefone", re.compile(
        r"(?<![\d.,/$])(?P<id>(?:\+?55[ .-]?)?(?:\(0?[1-9]\d\)[ .-]?|0?[1-9][1-9][ .-]?)"
        r"(?:9[ .]?\d{4}|[2-5]\d{3})[ .-]?\d{4})(?![\d/])"), _is_phone),
    Finder("telefone", re.compile(
        r"(?<![\d.,/$-])(?P<id>9[ .]?\d{4}[-. ]?\d{4}|[2-5]\d{3}-\d{4})(?![\d/-])"), _is_phone),
    Finder("telefone", _labelled(words.PHONE, r"\+?\(?\d[\d ().\-]{6,16}\d(?![\d/])"), _is_called),
)  # fmt: skip

BY_NUMBER: Sequence[Finder] = (
    Finder("cpf", _labelled(words.CPF, _DOCUMENT), _at_least(3)),
    Finder("cns", _labelled(words.CNS, r"\d(?:[ .]?\d){10,17}"), _at_least(11)),
    Finder("carteirinha", _labelled(words.MEMBER, _SPACED), _at_least(5)),
    Finder("prontuário", _labelled(words.RECORD, _SPACED), _at_least(3)),
    Finder("registro", _labelled(words.COUNCIL, r"\d(?:[.]?\d){2,9}(?:-[a-z](?![a-zà-ÿ]))?"), _at_least(3)),
    Finder("cnpj", _labelled(words.CNPJ, r"\d[\d.\-/ ]{10,18}\d"), _at_least(8)),
    Finder("rg", _labelled(words.RG, _STATED), _at_least(4)),
    Finder("protocolo", _labelled(words.PROTOCOL, _CODE), _at_least(4)),
    Finder("cep", _labelled(words.CEP, r"\d{2}\.?\d{3}[- ]?\d{3}(?!\d)")),
    Finder("data de nascimento", _labelled(words.BIRTH, _DAY)),
    Finder("cnpj", re.compile(r"(?<![\w.])(?P<id>[\dA-Z]{2}\.[\dA-Z]{3}\.[\dA-Z]{3}/[\dA-Z]{4}-\d\d)(?!\d)")),
    Finder("cnpj", re.compile(r"(?<!\d)(?P<id>\d{14})(?!\d)"), lambda found: cnpj.is_valid(found["id"])),
    Finder("cns", re.compile(r"(?<![\d.,-])(?P<id>\d{3} ?\d{4} ?\d{4} ?\d{4})(?![\d-])"),
           lambda found: is_health_card(_digits(found))),
    Finder("cartão", re.compile(r"(?<![\d.,-])(?P<id>\d(?:[ -]?\d){12,18})(?![\d-])"),
           lambda found: luhn.is_valid(_digits(found))),
    Finder("cpf", re.compile(
        r"(?<!\d)(?P<id>\d{3}\.\d{3}\.\d{3}[-./ ]?\d{2}|\d{9}-\d{2}|\d{3}[ -]\d{3}[ -]\d{3}[ -]\d{2})(?!\d)")),
    Finder("cpf", re.compile(r"(?P<id>[*xX]{3}\.\d{3}\.\d{3}-[*xX]{2}|(?<!\d)\d{3}\.[*xX]{3}\.[*xX]{3}-\d{2})(?!\d)")),
    Finder("cpf", re.compile(r"(?<!\d)(?P<id>\d{11})(?!\d)"), lambda found: cpf.is_valid(found["id"])),
    Finder("rg", re.compile(r"(?<![\d.,])(?P<id>\d{1,2}\.\d{3}\.\d{3}-[\dxX])(?!\d)")),
    *_PHONES,
    Finder("cep", re.compile(r"(?<![\d.,/$-])(?P<id>\d{5}-\d{3}|\d{2}\.\d{3}-\d{3})(?![\d/-])"), _at_least(8)),
    Finder("placa", _labelled(words.PLATE, r"[a-z]{3}[- ]?\d[a-z\d]\d{2}(?![\wÀ-ÿ])")),
)  # fmt: skip
_PLATE_SEEN = Finder("placa", re.compile(r"(?<![\wÀ-ÿ-])(?P<id>[A-Z]{3}-\d{4}|[A-Z]{3}\d[A-Z]\d{2})(?![\wÀ-ÿ-])"))
BY_STREET: Sequence[Finder] = (
    Finder("endereço", re.compile(
        f"(?i:{words.LIVES}.{{0,25}}?)(?P<id>(?i:{words.STREET}){_ANY_NAME}{_HOUSE}{_INSIDE})"), _in_street),
    Finder("endereço", re.compile(f"(?P<id>(?i:{words.STREET}){_STREET_NAME}{_HOUSE}{_INSIDE})"), _in_street),
    Finder("endereço", re.compile(
        f"(?i:{words.LIVES} {{0,2}}:?(?: (?:na|no|em|é|fica|à|a))?) {{1,2}}(?P<id>(?i:{words.STREET}){_STREET_NAME})")),
)  # fmt: skip
BY_ACCOUNT: Sequence[Finder] = (
    Finder("e-mail", re.compile(r"(?<![\w.+-])(?P<id>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)")),  # from a run's start: linear
    Finder("e-mail", re.compile(
        r"(?i)(?<![\w.+-])(?P<id>[\w.+-]{2,40} ?[(\[]?(?:arroba|at)[)\]]? ?(?:g[- ]?mail|hotmail|outlook|yahoo|uol|bol|terra|icloud|live)"
        r"(?: ?(?:ponto|\.) ?(?:com|br|net)){0,3})")),
    Finder("usuário", re.compile(r"(?<![\w.@])(?P<id>@[A-Za-z0-9_][A-Za-z0-9_.]{2,29}(?<!\.))(?![\w@])"), _is_handle),
    Finder("usuário", re.compile(
        r"(?i)\b(?:instagram|facebook|fb|twitter|tiktok|linkedin)\.com/(?P<id>[\w./@-]{2,60})")),
    Finder("usuário", re.compile(
        f"(?i){words.SOCIAL}(?P<social>)(?: (?:d[aeo]|meu|minha|filh[oa]|m[aã]e|pai|espos[oa]|marido)){{0,4}}(?: ?[:=]| (?:é|eh|e))"
        r" {0,2}(?P<id>[a-z0-9_][a-z0-9_.]{2,29}(?<!\.))(?![\wÀ-ÿ@])"), _is_account),
    Finder("usuário", re.compile(
        f"(?i)(?:{words.SOCIAL}|{words.ACCOUNT})(?: ?[:=]| (?:é|eh|e|d[aeo]))?"
        r" {0,2}(?P<id>[a-z0-9_][a-z0-9_.]{2,29}(?<!\.))(?![\wÀ-ÿ@])"), _is_account),
)  # fmt: skip

_TRACE = re.compile(r"\d(?:[ .\-/()]{0,3}[\d*xX]){2}|[*xX]\.\d|\d[a-zA-Z]\d")  # three signs of a number, however parted
_STREETS = re.compile("(?i)" + words.STREET)
_ACCOUNTS = re.compile(f"(?i)@|{words.SOCIAL}|{words.ACCOUNT}|\\.com/")
_VEHICLE = re.compile("(?i)" + words.VEHICLE)


def finders(text: str) -> Iterator[Finder]:
    """The finders that a text gives reason to try, in the order in which they are to be tried."""
    if _ACCOUNTS.search(text):
        yield from BY_ACCOUNT
    if _STREETS.search(text):
        yield from BY_STREET
    if _TRACE.search(text):
        yield from BY_NUMBER
        if _VEHICLE.search(text):
            yield _PLATE_SEEN
