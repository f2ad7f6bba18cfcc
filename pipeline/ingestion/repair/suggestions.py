"""What values could mean that are not understood, and which names are spellings of one: offered, never done unasked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
from rapidfuzz import fuzz, process

from pipeline.contract import Field, FieldKind
from pipeline.folding import fold
from pipeline.ingestion.parsing.categories import NEGATIONS
from pipeline.ingestion.parsing.column import Column
from pipeline.ingestion.parsing.field_types import type_of
from pipeline.ingestion.parsing.quoting import may_be_quoted, quotable, quotable_cell
from pipeline.records import Proposal

MOST = 60  # proposals of a file
_MOST_NAMES = 600  # names of an open set that are held against each other
_LIKE = 66  # likeness from which a value is proposed
_LIKE_WORD, _LONG_WORD = 86, 6
_RARE = 0.2  # rows of a slip beside those of the name it stands for
_MADE_UP = 0.9  # confidence where one is the beginning of the other
_NOISE = frozenset(
    {
        "a",
        "ao",
        "as",
        "da",
        "das",
        "de",
        "do",
        "dos",
        "e",
        "em",
        "ltda",
        "me",
        "na",
        "no",
        "o",
        "os",
        "s",
        "sa",
        "saude",
        "seguro",
        "seguros",
    }
)
_LONG = {
    "amb": "ambulatorio",
    "cli": "clinica",
    "clin": "clinica",
    "cl": "clinica",
    "cons": "consulta",
    "ctro": "centro",
    "esp": "especialidade",
    "hosp": "hospital",
    "h": "hospital",
    "lab": "laboratorio",
    "mamo": "mamografia",
    "part": "particular",
    "pol": "policlinica",
    "rm": "ressonancia",
    "rnm": "ressonancia",
    "rx": "raio x",
    "sta": "santa",
    "sto": "santo",
    "tc": "tomografia",
    "tomo": "tomografia",
    "un": "unidade",
    "und": "unidade",
    "unid": "unidade",
    "us": "ultrassonografia",
    "usg": "ultrassonografia",
    "ultrassom": "ultrassonografia",
}


def proposals(columns: Mapping[str, Column], aside: np.ndarray) -> tuple[Proposal, ...]:
    """The costliest proposals of a file first; none for personal fields and comments, nor for what stands only in rows
    that take no part (bool per row, `aside`): "Total" at the foot of a column is no value of it."""
    found: list[Proposal] = []
    for column in columns.values():
        if not column.present or not may_be_quoted(column):
            continue
        if type_of(column.field).a_set:
            found += _meanings(column, _counts(column, aside))
        elif column.field.kind is FieldKind.OPEN:
            found += _merges(column, _counts(column, aside))
    return tuple(sorted(found, key=lambda p: (p.merge, -p.rows))[:MOST])


def _counts(column: Column, aside: np.ndarray) -> np.ndarray:
    """int64 per text: the rows that take part and hold it."""
    return column.counts(aside)


def _meanings(column: Column, counts: np.ndarray) -> list[Proposal]:
    """The `MOST` commonest values outside the set, with the member that is most like them."""
    names, found = _names(column.field), []
    for code in _commonest(np.flatnonzero(~column.readable & (counts > 0)), counts):
        text = column.texts[code].as_py()
        if quotable_cell(column, text) != text:
            continue  # perhaps somebody's number: to be mended in the table
        meant, sure = _most_like(fold(text), names)
        found.append(Proposal(column.field.key, column.field.label, text, int(counts[code]), meant, sure))
        if len(found) == MOST:
            break
    return found


def _commonest(codes: np.ndarray, counts: np.ndarray) -> list[int]:
    """The codes by their rows, those of as many in the order they came: as `proposals` sorts what is made of them."""
    return [int(code) for code in codes[np.argsort(-counts[codes], kind="stable")]]


def _names(item: Field) -> dict[str, str]:
    """Folded name → member."""
    return {fold(name): member for name, member in type_of(item).members(item).items()}


def _most_like(folded: str, names: dict[str, str]) -> tuple[str, float]:
    """(member, confidence); ("", 0) where nothing is like it, or a negation turns it round."""
    if NEGATIONS & set(folded.split()) or not folded:
        return "", 0.0
    begun = {member for name, member in names.items() if len(folded) >= 3 and name.startswith(folded)}
    if len(begun) == 1:
        return begun.pop(), _MADE_UP
    near = process.extractOne(folded, names.keys(), scorer=fuzz.ratio, score_cutoff=_LIKE) if len(folded) >= 3 else None
    return (names[near[0]], round(near[1] / 100, 2)) if near else ("", 0.0)


def _merges(column: Column, counts: np.ndarray) -> list[Proposal]:
    """Names that say the same in other letters, words in short or a slip: each beside the commonest of them.

    The `MOST` with most rows.
    """
    texts = column.texts.to_pylist()
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for code in _commonest(np.flatnonzero(counts > 0), counts):
        groups[_words(texts[code])].append(code)
    _join_slips(groups, counts)
    best_of = {code: codes[0] for codes in groups.values() for code in codes[1:]}
    found = []
    for code in _commonest(np.array(list(best_of), "int64"), counts):
        text, best = texts[code], texts[best_of[code]]
        if quotable(text) != text or quotable(best) != best:
            continue
        rows, alike = int(counts[code]), _alike(text, best)
        found.append(Proposal(column.field.key, column.field.label, text, rows, best, alike, merge=True))
        if len(found) == MOST:
            break
    return found


def _alike(one: str, other: str) -> float:
    return 0.99 if fold(one) == fold(other) else 0.9 if _words(one) == _words(other) else 0.8


def _words(text: str) -> tuple[str, ...]:
    words = " ".join(_LONG.get(word, word) for word in fold(text).split()).split()
    return tuple(sorted(word for word in words if word not in _NOISE)) or tuple(words)


def _join_slips(groups: dict[tuple[str, ...], list[int]], counts: np.ndarray) -> None:
    """Groups whose words differ by slips only are put into one, that of the commoner name: a slip is rare beside it."""
    keys = list(groups)[:_MOST_NAMES]
    rows = {key: int(counts[groups[key]].sum()) for key in keys}
    for place, key in enumerate(keys):
        if key not in groups:
            continue
        for other in keys[place + 1 :]:
            if other in groups and rows[other] <= _RARE * rows[key] and _slip(key, other):
                groups[key] += groups.pop(other)
                rows[key] += rows[other]


def _slip(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Word by word the same, but for long words that begin alike and differ by a letter or two."""
    if len(one) != len(other):
        return False
    differs = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return all(
        min(len(a), len(b)) >= _LONG_WORD
        and a[:3] == b[:3]
        and not any(map(str.isdigit, a + b))
        and fuzz.ratio(a, b) >= _LIKE_WORD
        and a[-1] == b[-1]
        for a, b in differs
    )
