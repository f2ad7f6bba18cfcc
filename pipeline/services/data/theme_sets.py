"""A set of themes as a clinic edits and exports it: its words as terms, its checks, and the themes that are on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.comment_declarations import check_hierarchy
from pipeline.contract import Product, Theme
from pipeline.declaring import ContractError
from pipeline.errors import PresencaError
from pipeline.folding import fold_word
from pipeline.records import ThemeEntry, ThemeSet
from pipeline.records.kept import load_kept

LONGEST_LABEL, MOST_TERMS, MOST_THEMES, LONGEST_IMPORT = 60, 300, 150, 2_000_000
_LEAST_STEM = 3  # letters before "*": fewer would catch half the language
_BREAK = re.compile(r"[,;\n]")
_PIECE = re.compile(r"[^\W\d_]+\*?|\d+|#|~")


def from_file(product_key: str, path: Path) -> tuple[Theme, ...]:
    """The themes that are on in an exported set, for the command line. PresencaError as `read` and `checked`."""
    with path.open("rb") as file:
        return themes_of(checked(read(product_key, file.read(LONGEST_IMPORT + 1))))


def read(product_key: str, content: bytes) -> ThemeSet:
    """What was exported, unchecked. PresencaError for anything else, or for another product's."""
    if len(content) > LONGEST_IMPORT:
        raise PresencaError("themes.unreadable")
    try:
        found: ThemeSet = load_kept(ThemeSet, content)
    except (ValueError, RecursionError):
        raise PresencaError("themes.unreadable") from None
    if found.product != product_key:
        raise PresencaError("themes.other_product")
    return found


def themes_of(found: ThemeSet) -> tuple[Theme, ...]:
    """The themes of a set that are on."""
    on = {entry.key for entry in found.themes if entry.on}
    return tuple(_theme(entry) for entry in found.themes if entry.on and (not entry.parent or entry.parent in on))


def terms_of(words: str) -> tuple[str, ...]:
    """Typed words and phrases, parted by commas, as terms. PresencaError for one that is no word, naming it."""
    typed = [piece.strip() for piece in _BREAK.split(words) if piece.strip()]
    if not typed:
        raise PresencaError("themes.no_words")
    if len(typed) > MOST_TERMS:
        raise PresencaError("themes.too_many_words", most=MOST_TERMS)
    return tuple(dict.fromkeys(_term(piece) for piece in typed))


def words_of(terms: Sequence[str]) -> str:
    """Terms as somebody would type them; inverse of `terms_of`."""
    return ", ".join(terms)


def _term(typed: str) -> str:
    pieces = ["#" if piece.isdecimal() else fold_word(piece) for piece in _PIECE.findall(typed)]
    term = " ".join(pieces)
    letters = [len(piece.rstrip("*")) for piece in pieces if piece not in "#~"]
    if not letters or max(letters) < 2 or len(typed) > LONGEST_LABEL:
        raise PresencaError("themes.no_word", word=typed[:LONGEST_LABEL])
    if any(piece.endswith("*") and len(piece) <= _LEAST_STEM for piece in pieces):
        raise PresencaError("themes.short_stem", word=typed[:LONGEST_LABEL], least=_LEAST_STEM)
    try:
        Theme("typed", "typed", (term,))
    except ContractError:
        raise PresencaError("themes.no_word", word=typed[:LONGEST_LABEL]) from None
    return term


def checked(found: ThemeSet) -> ThemeSet:
    """A set whose words are folded and whose parts have their themes. PresencaError where it can't be used."""
    if not found.themes or len(found.themes) > MOST_THEMES:
        raise PresencaError("themes.too_many", most=MOST_THEMES)
    known = {item.key for item in found.themes}
    entries = tuple(
        replace(
            item,
            terms=terms_of(words_of(item.terms)),
            unless=terms_of(words_of(item.unless)) if item.unless else (),
            parent=item.parent if item.parent in known else "",
            within=item.within and item.parent in known,
        )
        for item in found.themes
    )
    try:
        check_hierarchy(tuple(map(_theme, entries)))
    except ContractError:
        raise PresencaError("themes.unreadable") from None
    if len(known) < len(entries) or any(len(item.label) > LONGEST_LABEL for item in entries):
        raise PresencaError("themes.unreadable")
    return replace(found, themes=entries)


def _theme(entry: ThemeEntry) -> Theme:
    return Theme(entry.key, entry.label, entry.terms, entry.unless, entry.parent, entry.within, entry.code)


def declared(product: Product) -> ThemeSet:
    """The set that a product declares."""
    entries = tuple(
        ThemeEntry(item.key, item.label, item.terms, item.unless, item.parent, item.within, item.code)
        for item in product.themes
    )
    return ThemeSet(product.key, entries, edited=False)
