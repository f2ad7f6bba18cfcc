"""Short texts that are no comments (names of files, headers, names of places): what identifies a person in them.

Numbers and addresses are found as in comments. A name is a first name followed by another name: places are called
after people, too, so names are looked for only where the caller says that none should stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.folding import fold_word
from pipeline.scrubbing import first_names, numbers
from pipeline.scrubbing import vocabulary as words

NAME = "nome"
_KINDS = frozenset({"cpf", "cns", "e-mail", "cartão"})
_ELEVEN = re.compile(r"(?<!\d)\d{11}(?!\d)")
_WORD = re.compile(r"[^\W\d_]+")
_DAY = re.compile(r"(?:19|20)\d\d\D?(?:[01]\d|(?:19|20)\d\d)(?:\D?\d\d)?")  # 2026-03-15, 20260315, 2025-2026
_JOINING = frozenset({"da", "de", "do", "das", "dos", "e"})
_LONGEST = 500  # characters that are looked at; what lies behind them is left out
_ENDING = re.compile(r"(?:\.(?:csv|txt|tsv|tar))?\.[A-Za-z0-9]{1,5}$")
_PHONE = re.compile(
    r"(?<![\d.,/$])(?:\+?55[ .-]?)?(?:\(0?[1-9]\d\)[ .-]?[2-59]\d{3,4}|[1-9]\d[ .-]?9\d{4})[ .-]?\d{4}(?![\d/])"
)


def without_numbers(text: str) -> str:
    """The text with "[cpf]", "[telefone]", "[e-mail]" … in place of numbers and addresses that are somebody's."""
    said = frozenset(map(fold_word, _WORD.findall(text)))
    for finder in numbers.finders(text, said):
        if finder.kind in _KINDS:
            text = finder.pattern.sub(lambda found, finder=finder: _mark(found, finder), text)  # type: ignore[misc]
    return _ELEVEN.sub("[cpf]", _PHONE.sub("[telefone]", text))


def _mark(found: re.Match[str], finder: numbers.Finder) -> str:
    if not finder.is_one(found) or _DAY.fullmatch(found["id"]):
        return found[0]
    start, end = found.span("id")
    return found[0][: start - found.start()] + f"[{finder.kind}]" + found[0][end - found.start() :]


def names_somebody(text: str) -> bool:
    """Whether a person's name stands in the text, or it is a first name alone that means nothing else."""
    alone = fold_word(text.strip())
    return alone in first_names.plain_names() or any(True for _ in _people(text[:_LONGEST]))


def without_names(text: str) -> str:
    """The text with "[nome]" in place of first names with what follows."""
    for start, end in reversed(list(_people(text))):
        text = f"{text[:start]}[{NAME}]{text[end:]}"
    return text


def safe_file_name(name: str) -> str:
    """A file's name as it may be kept and shown; itself where it names nobody."""
    cut = name[:_LONGEST]
    ending = match[0] if (match := _ENDING.search(cut)) else ""
    stem = cut[: len(cut) - len(ending)]
    spaced = stem.replace("_", " ")
    clean = without_names(without_numbers(spaced))
    return cut if clean == spaced else clean + ending


def safe_header(text: str) -> str:
    """A header as it may be kept: itself where it names nobody."""
    return without_numbers(text[:_LONGEST])


def _people(text: str) -> Iterator[tuple[int, int]]:
    """Where names stand: a first name, then (joined by "da", "dos") a surname or, after a plain first name, any word
    that is none of a file's own.
    """
    found = [(match.start(), match.end(), fold_word(match[0])) for match in _WORD.finditer(text)]
    place = 0
    while place < len(found):
        last = _end_of_name(found, place)
        if last > place:
            yield found[place][0], found[last][1]
        place = last + 1


def _end_of_name(found: list[tuple[int, int, str]], first: int) -> int:
    """The place of the last word of the name that begins at `first`; `first` itself where none does."""
    name, last, place = found[first][2], first, first + 1
    if name not in first_names.ranks() or name in words.FILE_WORDS:
        return first
    plain = name in first_names.plain_names()
    while place < len(found):
        word = found[place][2]
        if word not in _JOINING:
            known = word in words.SURNAMES or word in first_names.ranks()
            if word in words.FILE_WORDS or len(word) < 2 or not (known or plain or last > first):
                break
            last = place
        place += 1
    return last
