"""Distinct cells → members of closed sets and postal codes."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from pipeline.contract import Field, Sense
from pipeline.folding import fold
from pipeline.ingestion.parsing.places import UFS, cep_uf, to_uf
from pipeline.scrubbing.labels import without_numbers

NEGATIONS = frozenset({"nao", "sem", "nunca", "nem"})
_SHORTEST_PHRASE = 4  # shorter synonyms ("m", "app") count only when they are the whole cell
_SURE = 91  # likeness from which a misspelt word is taken for the one that is meant
_SHORTEST_MISSPELT = 6
_YES = frozenset({"sim", "s", "yes", "y", "si", "1", "true", "verdadeiro", "v", "x"})
_NO = frozenset({"nao", "n", "no", "0", "false", "falso", "f"})
_CEP = re.compile(r"^(\d{7,8})(?:\.0)?$")
_NUMBERED = re.compile(r"@|\d(?:\D?\d){8}")  # nine digits, or an address: what may be somebody's
_LOWEST_CEP = 1_000_000


@dataclass(frozen=True)
class Members:
    """Per distinct text: `index` into `labels` (-1: not understood), and whether it was written otherwise."""

    labels: tuple[str, ...]
    index: np.ndarray
    rewritten: np.ndarray


def parse_open(texts: list[str]) -> Members:
    """Names as they are, but for somebody's numbers and addresses in them, which give way to marks (`rewritten`)."""
    clean = [without_numbers(text) if _NUMBERED.search(text) else text for text in texts]
    places = {label: place for place, label in enumerate(dict.fromkeys(clean))}
    rewritten = np.array([before != after for before, after in zip(texts, clean, strict=True)], dtype=bool)
    return Members(tuple(places), np.array([places[label] for label in clean], "int32"), rewritten)


def parse_closed(texts: list[str], field: Field) -> Members:
    """Members of the declared set: by label, synonym, a phrase that holds just one of them, or a near miss."""
    known = {fold(name): i for i, value in enumerate(field.values) for name in (value.label, *value.synonyms)}
    labels = tuple(value.label for value in field.values)
    folded = [fold(text) for text in texts]
    phrases = sorted((name for name in known if len(name) >= _SHORTEST_PHRASE), key=len, reverse=True)
    index = [known[f] if f in known else _meant(f, known, phrases) for f in folded]
    return Members(labels, np.array(index, "int32"), np.array([text not in labels for text in texts], bool))


def sense_of(header: str, field: Field) -> Sense | None:
    """What yes and no mean under this header; None where it gives no sense."""
    folded = fold(header.replace("_", " "))
    return next((sense for sense in field.senses if folded in sense.headers), None)


def yes_no(texts: list[str]) -> np.ndarray:
    """Per text 1 for yes, 0 for no, -1 for anything else."""
    folded = [fold(text) for text in texts]
    return np.array([1 if f in _YES else 0 if f in _NO else -1 for f in folded], "int8")


def parse_yes_no(texts: list[str], field: Field, sense: Sense) -> Members:
    """A column of yes and no under a header that gives the sense; other words are read as usual."""
    usual, told = parse_closed(texts, field), yes_no(texts)
    yes, no = (usual.labels.index(name) for name in (sense.yes, sense.no))
    index = np.where(told == 1, yes, np.where(told == 0, no, usual.index)).astype("int32")
    return Members(usual.labels, index, usual.rewritten)


def _meant(folded: str, known: dict[str, int], phrases: list[str]) -> int:
    """The value of "faltou sem aviso" or "Relizado"; -1 where two are possible or a negation is left over.

    `phrases`: names of `known` that count within a longer text, longest first.
    """
    padded = f" {folded} "
    found: set[int] = set()
    for phrase in phrases:
        if f" {phrase} " in padded:
            found.add(known[phrase])
            padded = padded.replace(f" {phrase} ", " | ")
    if found:
        negated = NEGATIONS & set(padded.rpartition("|")[0].split())  # "faltou sem aviso" denies nothing
        return found.pop() if len(found) == 1 and not negated else -1
    if len(folded) < _SHORTEST_MISSPELT:
        return -1
    near = process.extractOne(folded, known.keys(), scorer=fuzz.ratio, score_cutoff=_SURE)
    return known[near[0]] if near else -1


def parse_uf(texts: list[str]) -> Members:
    """Members of the 27 federative units."""
    codes = [to_uf(text) for text in texts]
    index = [UFS.index(code) if code else -1 for code in codes]
    rewritten = [code is not None and text != code for code, text in zip(codes, texts, strict=True)]
    return Members(UFS, np.array(index, "int32"), np.array(rewritten, bool))


def parse_cep(texts: list[str]) -> Members:
    """Eight digits; a lost leading zero is put back, and counts as rewritten."""
    digits = [_CEP.match(re.sub(r"[\s\-]|\.(?!0$)", "", text)) for text in texts]
    codes = [m[1].zfill(8) if m and int(m[1]) >= _LOWEST_CEP else None for m in digits]
    codes = [code if code and cep_uf(code) else None for code in codes]
    labels = tuple(sorted({code for code in codes if code}))
    place = {code: i for i, code in enumerate(labels)}
    rewritten = [m is not None and len(m[1]) == 7 for m in digits]
    return Members(labels, np.array([place.get(c or "", -1) for c in codes], "int32"), np.array(rewritten, bool))
