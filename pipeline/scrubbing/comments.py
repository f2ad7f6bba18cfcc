"""Comments without what tells who wrote them or of whom they speak: marks stand where it was."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.folding import fold_word
from pipeline.scrubbing import names, numbers
from pipeline.scrubbing.numbers import Finder
from pipeline.scrubbing.staff import StaffNumbers

NAME, STAFF = "nome", "profissional"
KINDS = (
    *dict.fromkeys(
        finder.kind for found in (numbers.BY_ACCOUNT, numbers.BY_STREET, numbers.BY_NUMBER) for finder in found
    ),
    NAME,
    STAFF,
)  # what is taken out, as marks and counts name it
MARK = re.compile(rf"\[(?:{'|'.join(KINDS)})(?: \d{{1,9}})?\]")
_WORD = re.compile(r"[^\W\d_]+")
_ROUNDS = 4  # what has gone can bare what stood beside it


@dataclass(frozen=True)
class Scrubbed:
    """A comment without identities, and how many of each of KINDS were taken out."""

    text: str
    counts: Mapping[str, int]


def scrub_comment(text: str, staff: StaffNumbers | None = None) -> Scrubbed:
    """Puts "[nome]", "[cpf]", "[telefone]" … in place of what identifies a person.

    With `staff`, those who are named by a title or a post become "[profissional 12]", by their number there; patients
    and relatives never do. Scrubbing twice gives what scrubbing once gives.
    """
    counts: Counter[str] = Counter()
    for _ in range(_ROUNDS):
        before, said = text, _said(text)
        for finder in numbers.finders(text, said):
            text = _without(text, finder, counts)
        text = _unnamed(text, said, staff, counts)
        if text == before:
            break
    return Scrubbed(text, dict(counts))


def _said(text: str) -> frozenset[str]:
    return frozenset(map(fold_word, _WORD.findall(text)))


def _without(text: str, finder: Finder, counts: Counter[str]) -> str:
    def marked(match: re.Match[str]) -> str:
        if not finder.is_one(match):
            return match[0]
        counts[finder.kind] += 1
        start, end = match.span("id")
        return f"{match.string[match.start() : start]}[{finder.kind}]{match.string[end : match.end()]}"

    return finder.pattern.sub(marked, text)


def _unnamed(text: str, said: frozenset[str], staff: StaffNumbers | None, counts: Counter[str]) -> str:
    found = names.named(text, said)
    if not found:
        return text
    parts, at = [], 0
    for name in found:
        mark = NAME
        if staff is not None and name.calling:
            mark = f"{STAFF} {staff.number(name.calling, text[name.start : name.end])}"
        counts[mark.split(" ")[0]] += 1
        parts += [text[at : name.start], f"[{mark}]"]
        at = name.end
    return "".join([*parts, text[at:]])
