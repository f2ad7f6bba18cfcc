"""The themes that a clinic's comments are read for: those of the product, or the series' own edition of them.

A series' edition is kept whole, as a setting of the workspace: it holds words that somebody typed, never a comment.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipeline.comment_declarations import check_hierarchy
from pipeline.contract import Product, Theme
from pipeline.declaring import ContractError
from pipeline.errors import PresencaError
from pipeline.folding import fold, fold_word
from pipeline.insight.comments import theme_sentences
from pipeline.records import ThemeEntry, ThemePreview, ThemeSet
from pipeline.records.kept import dump_kept, from_kept, load_kept, to_kept
from pipeline.services import catalog
from pipeline.services.session import Permission, Session, needs

LONGEST_LABEL, MOST_TERMS, MOST_THEMES, LONGEST_IMPORT = 60, 300, 150, 2_000_000
_LEAST_STEM = 3  # letters before "*": fewer would catch half the language
_BREAK = re.compile(r"[,;\n]")
_PIECE = re.compile(r"[^\W\d_]+\*?|\d+|#|~")


@dataclass(frozen=True)
class ThemeEdit:
    """A theme as somebody typed it. `key`: which one is changed, "" for a new one; `words` parted by commas."""

    key: str
    label: str
    words: str
    parent: str = ""
    on: bool = True


@needs(Permission.READ_COMMENTS)
def theme_set(session: Session, dataset_id: str) -> ThemeSet:
    """The themes of a data set's series, as edited or as its product declares them."""
    info = session.workspace.dataset(dataset_id)
    kept = session.workspace.setting(_setting(info.series or dataset_id), None)
    return _declared(catalog.product(info.product)) if kept is None else from_kept(ThemeSet, kept)


@needs(Permission.READ_COMMENTS)
def active(session: Session, dataset_id: str) -> tuple[Theme, ...]:
    """The themes that comments of a data set are read for; a part of one that is off is off."""
    return themes_of(theme_set(session, dataset_id))


def themes_of(found: ThemeSet) -> tuple[Theme, ...]:
    """The themes of a set that are on."""
    on = {entry.key for entry in found.themes if entry.on}
    return tuple(_theme(entry) for entry in found.themes if entry.on and (not entry.parent or entry.parent in on))


@needs(Permission.CHANGE_DATA)
def save(session: Session, dataset_id: str, wanted: ThemeSet) -> ThemeSet:
    """Keeps a set for the series of a data set. PresencaError, with what is wrong, for one that can't be."""
    info = session.workspace.dataset(dataset_id)
    checked_set = _checked(replace(wanted, product=info.product, edited=True))
    session.workspace.set_setting(_setting(info.series or dataset_id), to_kept(checked_set))
    session.audit("themes_saved", dataset=dataset_id, themes=len(checked_set.themes))
    return checked_set


@needs(Permission.CHANGE_DATA)
def reset(session: Session, dataset_id: str) -> ThemeSet:
    """Back to the product's own themes."""
    info = session.workspace.dataset(dataset_id)
    session.workspace.set_setting(_setting(info.series or dataset_id), None)
    session.audit("themes_reset", dataset=dataset_id)
    return theme_set(session, dataset_id)


@needs(Permission.CHANGE_DATA)
def edit(session: Session, dataset_id: str, wanted: ThemeEdit) -> ThemeSet:
    """Changes a theme, or adds one, by what somebody typed. PresencaError where a word or the name can't be."""
    found = theme_set(session, dataset_id)
    entry = _entry(found, wanted)
    known = [entry if item.key == entry.key else item for item in found.themes]
    themes = known if wanted.key else [*known, entry]
    return save(session, dataset_id, replace(found, themes=tuple(themes)))


@needs(Permission.CHANGE_DATA)
def remove(session: Session, dataset_id: str, key: str) -> ThemeSet:
    """Takes a theme out, with its parts."""
    found = theme_set(session, dataset_id)
    return save(
        session,
        dataset_id,
        replace(found, themes=tuple(item for item in found.themes if key not in (item.key, item.parent))),
    )


@needs(Permission.READ_COMMENTS)
def export(session: Session, dataset_id: str) -> bytes:
    """The set as JSON, to be imported elsewhere."""
    return dump_kept(theme_set(session, dataset_id)).encode()


@needs(Permission.CHANGE_DATA)
def import_(session: Session, dataset_id: str, content: bytes) -> ThemeSet:
    """Takes a set that `export` wrote in place of the one there. PresencaError for anything else."""
    if len(content) > LONGEST_IMPORT:
        raise PresencaError("themes.unreadable")
    try:
        found: ThemeSet = load_kept(ThemeSet, content)
    except (ValueError, RecursionError):
        raise PresencaError("themes.unreadable") from None
    if found.product != session.workspace.dataset(dataset_id).product:
        raise PresencaError("themes.other_product")
    return save(session, dataset_id, found)


@needs(Permission.READ_COMMENTS)
def preview(session: Session, dataset_id: str, words: str) -> ThemePreview:
    """What words would catch in a data set's comments. PresencaError where they are none."""
    declared = catalog.product(session.workspace.dataset(dataset_id).product)
    assert declared.comment is not None
    rows = session.workspace.rows(dataset_id)
    said = rows.loc[rows[declared.comment.key].notna()]
    theme = Theme("preview", "preview", terms_of(words))
    return theme_sentences.preview(said[declared.comment.key].tolist(), said["row"].to_numpy(np.int64), theme)


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


def _entry(found: ThemeSet, wanted: ThemeEdit) -> ThemeEntry:
    label = " ".join(wanted.label.split())
    if not label or len(label) > LONGEST_LABEL:
        raise PresencaError("themes.nameless", most=LONGEST_LABEL)
    if any(fold(item.label) == fold(label) and item.key != wanted.key for item in found.themes):
        raise PresencaError("themes.name_taken", name=label)
    before = next((item for item in found.themes if item.key == wanted.key), None)
    if before is None:
        key = _free_key(label, {item.key for item in found.themes} | {item.code for item in found.themes})
        return ThemeEntry(key, label, terms_of(wanted.words), parent=wanted.parent, code=key, on=wanted.on)
    return replace(before, label=label, terms=terms_of(wanted.words), on=wanted.on)


def _free_key(label: str, taken: set[str]) -> str:
    stem = "_".join(re.findall(r"[a-z0-9]+", fold(label))) or "tema"
    stem = stem if stem[0].isalpha() else f"t_{stem}"
    return next(key for n in range(1, len(taken) + 3) if (key := stem if n == 1 else f"{stem}_{n}") not in taken)


def _checked(found: ThemeSet) -> ThemeSet:
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


def _declared(product: Product) -> ThemeSet:
    entries = tuple(
        ThemeEntry(item.key, item.label, item.terms, item.unless, item.parent, item.within, item.code)
        for item in product.themes
    )
    return ThemeSet(product.key, entries, edited=False)


def _setting(owner: str) -> str:
    return f"themes:{owner}"
