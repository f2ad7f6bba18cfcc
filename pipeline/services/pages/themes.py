"""The themes that a clinic's comments are read for: those of the product, or the series' own edition of them.

A series' edition is kept whole, as a setting of the workspace that goes with the series: it holds words that somebody
typed, never a comment.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np

from pipeline.contract import Theme
from pipeline.errors import PresencaError
from pipeline.folding import fold
from pipeline.insight.comments import theme_sentences
from pipeline.records import ThemeEntry, ThemePreview, ThemeSet
from pipeline.records.kept import dump_kept, from_kept, to_kept
from pipeline.services import catalog
from pipeline.services.data import theme_sets
from pipeline.services.data.theme_sets import LONGEST_LABEL, terms_of, themes_of, words_of
from pipeline.services.session import Permission, Session, needs

__all__ = [
    "LONGEST_LABEL",
    "ThemeEdit",
    "active",
    "edit",
    "export",
    "import_",
    "preview",
    "remove",
    "reset",
    "save",
    "terms_of",
    "theme_set",
    "words_of",
]


@dataclass(frozen=True)
class ThemeEdit:
    """A theme as somebody typed it. `key`: which one is changed, "" for a new one; `words` parted by commas."""

    key: str
    label: str
    words: str
    parent: str = ""
    on: bool = True


@needs(Permission.READ_AGGREGATES)
def theme_set(session: Session, dataset_id: str) -> ThemeSet:
    """The themes of a data set's series, as edited or as its product declares them."""
    info = session.workspace.dataset(dataset_id)
    kept = session.workspace.setting(_setting(info.series or dataset_id), None)
    return theme_sets.declared(catalog.product(info.product)) if kept is None else from_kept(ThemeSet, kept)


@needs(Permission.READ_AGGREGATES, by_unit=True)
def active(session: Session, dataset_id: str) -> tuple[Theme, ...]:
    """The themes that comments of a data set are read for; a part of one that is off is off."""
    return themes_of(theme_set(session, dataset_id))


@needs(Permission.CHANGE_DATA)
def save(session: Session, dataset_id: str, wanted: ThemeSet) -> ThemeSet:
    """Keeps a set for the series of a data set. PresencaError, with what is wrong, for one that can't be."""
    info = session.workspace.dataset(dataset_id)
    checked_set = theme_sets.checked(replace(wanted, product=info.product, edited=True))
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


@needs(Permission.READ_AGGREGATES)
def export(session: Session, dataset_id: str) -> bytes:
    """The set as JSON, to be imported elsewhere."""
    return dump_kept(theme_set(session, dataset_id)).encode()


@needs(Permission.CHANGE_DATA)
def import_(session: Session, dataset_id: str, content: bytes) -> ThemeSet:
    """Takes a set that `export` wrote in place of the one there. PresencaError for anything else."""
    return save(session, dataset_id, theme_sets.read(session.workspace.dataset(dataset_id).product, content))


@needs(Permission.READ_COMMENTS)
def preview(session: Session, dataset_id: str, words: str) -> ThemePreview:
    """What words would catch in a data set's comments. PresencaError where they are none."""
    declared = catalog.product(session.workspace.dataset(dataset_id).product)
    assert declared.comment is not None
    rows = session.workspace.rows(dataset_id)
    said = rows.loc[rows[declared.comment.key].notna()]
    theme = Theme("preview", "preview", terms_of(words))
    return theme_sentences.preview(said[declared.comment.key].tolist(), said["row"].to_numpy(np.int64), theme)


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


def _setting(owner: str) -> str:
    return f"themes:{owner}"
