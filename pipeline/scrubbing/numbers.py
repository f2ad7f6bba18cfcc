"""Where numbers, addresses and accounts that lead to a person stand in a comment; money, times and doses are none.

A number that says nothing by its shape counts only after the word that says what it is ("prontuário 4588").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass

from stdnum import luhn
from stdnum.br import cnpj, cpf

from pipeline.folding import fold_word
from pipeline.scrubbing import vocabulary as words

Found = re.Match[str]
Accepts = Callable[[Found], bool]


@dataclass(frozen=True)
class Finder:
    """One shape of what leads to a person: `pattern` has a group `id`, which is taken out where `is_one` says so.

    `hints`: folded words of which a text must hold one to be worth a try; none: any text is.
    """

    kind: str
    pattern: re.Pattern[str]
    is_one: Accepts = bool
    hints: frozenset[str] = frozenset()


def _digits(found: Found) -> str:
    return re.sub(r"\D", "", found["id"])


def is_health_card(digits: str) -> bool:
    """Whether 15 digits are a number of the health card (CNS).

    The digits weighted from 15 down to 1 sum to a multiple of 11, and the first is 1, 2, 7, 8 or 9 (DATASUS, routine
    that validates the number of the Cartão Nacional de Saúde).
    """
    weighted = sum(int(digit) * weight for digit, weight in zip(digits, range(15, 0, -1), strict=True))
    return digits[0] in "12789" and weighted % 11 == 0


_DATE = re.compile(r"\d{1,2}[/.\-]\d{1,2}(?:[/.\-]\d{2,4})?|(?:19|20)\d\d")
_AMOUNT = re.compile("(?i)" + words.AMOUNT)
_YEARS = re.compile(r"(?:19|20)\d\d[-. ](?:19|20)\d\d")
_ROUND = re.compile(r"\d{1,2}[05]0[-. ]\d{1,3}[05]0")
_LETTERS = re.compile(r"(?i)^[a-z]{1,4}[-/ ]")
_CENTS = re.compile(r",\d\d?(?!\d)")
_MONEY_BEFORE = re.compile(r"\$[ ]?$")
_FREE_CALL = re.compile(r"0[35]00|0[89]00")
_JUDGED = re.compile("(?i)" + words.JUDGED)
_MADE_UP = re.compile(r"[\d._@]")


def _counts_something(found: Found) -> bool:
    """Whether an amount, a date or a sum of money is written there, not the number of something."""
    start, end = found.span("id")
    text, before = found.string, found.string[max(0, start - 2) : start]
    amount = _AMOUNT.match(text, end) or _CENTS.match(text, end)
    said = _LETTERS.sub("", found["id"])  # a word before a day is no part of a number ("até 12/03/2026")
    days = _DATE.fullmatch(said) or _YEARS.fullmatch(said)
    return bool(days or amount or _MONEY_BEFORE.search(before))


def _at_least(least: int) -> Accepts:
    return lambda found: len(_digits(found)) >= least and not _counts_something(found)


def _is_phone(found: Found) -> bool:
    said = found["id"]
    return not (_YEARS.fullmatch(said) or _ROUND.fullmatch(said) or _FREE_CALL.match(said) or _counts_something(found))


def _is_called(found: Found) -> bool:
    return 8 <= len(_digits(found)) <= 13 and _is_phone(found)


def _is_house(found: Found) -> bool:
    return not _AMOUNT.match(found.string, found.end("id"))


def _is_handle(found: Found) -> bool:
    return fold_word(found["id"].strip("@.")) not in words.EVERYBODY


def _looks_made_up(found: Found) -> bool:
    return _MADE_UP.search(found["id"].strip(".")) is not None


def _is_profile(found: Found) -> bool:
    """What follows "meu instagram é": an account, unless it is a judgement of it."""
    said = found["id"]
    return _looks_made_up(found) or (fold_word(said) not in words.NEVER and len(said) > 3 and not _JUDGED.match(said))


def _labelled(kind: str, label: tuple[frozenset[str], str], value: str, is_one: Accepts = bool) -> Finder:
    hints, written = label
    return Finder(kind, re.compile(f"(?i)(?:{written}){words.LINK}(?P<id>{value})"), is_one, hints)


_DOCUMENT = r"(?<![\d*])[\d*x]{2,}(?:[ .\-/]{1,2}[\d*x]{1,}(?![a-zà-ÿ])){0,4}"
_SPACED = r"\d(?:[ .\-/]?\d)+(?:-?[\dx](?![a-zà-ÿ]))?"
_STATED = r"(?:[a-z]{1,3}[-. ]?)?\d(?:[.\-/ ]?\d){2,14}(?:-[\dx](?![a-zà-ÿ]))?"
_CODE = r"(?:[a-z]{1,4}[-/ ]?)?\d(?:[.\-/]?\d){2,24}(?:-[a-z\d]{1,2}(?![a-zà-ÿ]))?"
_DAY = rf"\d{{1,2}}[/.\- ]\d{{1,2}}[/.\- ](?:\d{{4}}|\d{{2}})(?!\d)|{words.DAY_SAID}|\d{{8}}(?!\d)"
_STREET = f"(?i:{words.STREET})"
_ANY_NAME = r"(?: [A-Za-zÀ-ÿ][\wÀ-ÿ.'’-]*){1,6}?"
_NAME = r"(?P<id>[a-z0-9_][a-z0-9_.]{2,29}(?<!\.))(?![\wÀ-ÿ@])"

BY_ACCOUNT: Sequence[Finder] = (
    Finder("e-mail", re.compile(r"(?<![\w.+-])(?P<id>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)")),  # from a run's start: linear
    Finder("e-mail", re.compile(
        r"(?<![\w.+-])(?P<id>[\w.+-]{2,64}(?: ?@ ?[A-Za-z][\w-]{1,62}(?:\.[\w-]{2,63}){1,3}|@[A-Za-z][\w-]{1,62}))")),
    Finder("e-mail", re.compile(
        r"(?i)(?<![\w.+-])(?P<id>[\w.+-]{2,40} ?[(\[]?(?:arroba|at)[)\]]? ?" + words.MAIL_HOSTS
        + r"(?: ?(?:ponto|\.) ?(?:com|br|net)){0,3})"), hints=frozenset({"arroba", "at"})),
    Finder("usuário", re.compile(r"(?<![\w.@])(?P<id>@[A-Za-z0-9_][A-Za-z0-9_.]{2,29}(?<!\.))(?![\w@])"), _is_handle),
    Finder("usuário", re.compile(f"(?i){words.SITES}" + r"(?P<id>[\w./@-]{2,60})"), hints=words.ACCOUNTS),
    Finder("usuário", re.compile(f"(?i){words.SOCIAL}{words.OF_WHOM}(?: ?[:=]| (?:é|eh|e)) {{0,2}}{_NAME}"),
           _is_profile, words.ACCOUNTS),
    Finder("usuário", re.compile(
        f"(?i)(?:{words.SOCIAL}|{words.ACCOUNT})(?: ?[:=]| (?:é|eh|e|d[aeo]))? {{0,2}}{_NAME}"),
           _looks_made_up, words.ACCOUNTS),
)  # fmt: skip
BY_STREET: Sequence[Finder] = (
    Finder("endereço", re.compile(
        f"(?i:{words.LIVES}.{{0,25}}?)(?P<id>{_STREET}{_ANY_NAME}{words.HOUSE}{words.INSIDE})"), _is_house),
    Finder("endereço", re.compile(f"(?P<id>{_STREET}{words.STREET_NAME}{words.HOUSE}{words.INSIDE})"), _is_house),
    Finder("endereço", re.compile(f"(?i:{words.LIVES}{words.LIVES_IN})(?P<id>{_STREET}{words.STREET_NAME})")),
)  # fmt: skip
BY_NUMBER: Sequence[Finder] = (
    _labelled("cpf", words.CPF, _DOCUMENT, _at_least(3)),
    _labelled("cns", words.CNS, r"\d(?:[ .]?\d){10,17}", _at_least(11)),
    _labelled("carteirinha", words.MEMBER, _SPACED, _at_least(5)),
    _labelled("prontuário", words.RECORD, _SPACED, _at_least(3)),
    _labelled("registro", words.COUNCIL, r"\d(?:[.]?\d){2,9}(?:-[a-z\d](?![\da-zà-ÿ]))?", _at_least(3)),
    _labelled("cnpj", words.CNPJ, r"\d[\d.\-/ ]{10,18}\d", _at_least(8)),
    _labelled("rg", words.RG, _STATED, _at_least(4)),
    _labelled("protocolo", words.PROTOCOL, _CODE, _at_least(4)),
    _labelled("protocolo", words.ORDER, _CODE, _at_least(6)),
    _labelled("cep", words.CEP, r"\d{2}\.?\d{3}[- ]?\d{3}(?!\d)"),
    _labelled(words.BIRTH_DATE, words.BIRTH, _DAY),
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
    Finder("telefone", re.compile(
        r"(?<![\d.,/$])(?P<id>(?:\+?55[ .-]?)?(?:\(0?[1-9]\d\)[ .-]?|0?[1-9][1-9][ .-]?)"
        r"(?:9[ .]?\d{4}|[2-5]\d{3})[ .-]?\d{4})(?![\d/])"), _is_phone),
    Finder("telefone", re.compile(
        r"(?<![\d.,/$-])(?P<id>9[ .]?\d{4}[-. ]?\d{4}|[2-5]\d{3}-\d{4})(?![\d/-])"), _is_phone),
    _labelled("telefone", words.PHONE, r"\+?\(?\d[\d ().\-]{6,16}\d(?![\d/])", _is_called),
    Finder("cep", re.compile(r"(?<![\d.,/$-])(?P<id>\d{5}-\d{3}|\d{2}\.\d{3}-\d{3})(?![\d/-])"), _at_least(8)),
    _labelled("placa", words.PLATE, r"[a-z]{3}[- ]?\d[a-z\d]\d{2}(?![\wÀ-ÿ])"),
    Finder("placa", re.compile(r"(?<![\wÀ-ÿ-])(?P<id>[A-Z]{3}-\d{4}|[A-Z]{3}\d[A-Z]\d{2})(?![\wÀ-ÿ-])"),
           hints=words.VEHICLES),
)  # fmt: skip

_DIGIT = re.compile(r"\d")
_TRACE = re.compile(r"\d(?:[ .\-/()]{0,3}[\d*xX]){2}|\d[a-zA-Z]\d")  # three signs of a number, however parted


def finders(text: str, said: Set[str]) -> Iterator[Finder]:
    """The finders that a text gives reason to try, in their order; `said`: its distinct words, folded."""
    if "@" in text or not words.ACCOUNTS.isdisjoint(said):
        yield from _hinted(BY_ACCOUNT, said)
    if not words.STREETS.isdisjoint(said):
        yield from BY_STREET
    if _DIGIT.search(text) and _TRACE.search(text):
        yield from _hinted(BY_NUMBER, said)


def _hinted(found: Sequence[Finder], said: Set[str]) -> Iterator[Finder]:
    return (one for one in found if not one.hints or not one.hints.isdisjoint(said))
