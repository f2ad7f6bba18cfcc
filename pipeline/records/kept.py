"""Records as they rest between two visits: JSON that says its version, and is brought forward when it is read.

A field that is added to a kept record has a default. A field that changes its meaning or type takes a step in
`UPGRADES`: a function over the plain form, from one version to the next. Version 1 said no version.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from pipeline.records.card import ModelCard
from pipeline.records.card_vocabulary import REFERENCES
from pipeline.records.ingestion import OTHER_VALUES, OTHER_YEARS, ValidationReport
from pipeline.records.note import Note, said
from pipeline.records.plain import from_plain, to_plain

VERSION = "version"
Upgrade = Callable[[dict[str, Any]], dict[str, Any]]


def _costs_in_place_of_a_score(plain: dict[str, Any]) -> dict[str, Any]:
    """A score said nothing that a person would: it is left out, and no costs are made up."""
    quality = plain.get("quality")
    return {**plain, "quality": None} if quality and "score" in quality else plain


def _notes_in_place_of_sentences(plain: dict[str, Any]) -> dict[str, Any]:
    """What was kept as a sentence is a note that says it whole."""
    file = plain.get("file")
    notes = [_as_note(item) for item in file.get("notes", ())] if isinstance(file, dict) else []
    return {
        **plain,
        **({"file": {**file, "notes": notes}} if isinstance(file, dict) else {}),
        "columns": [{**column, "reason": _as_note(column.get("reason", ""))} for column in plain.get("columns", ())],
        "changed": [[_as_note(what), cells] for what, cells in plain.get("changed", ())],
    }


def _as_note(kept: Any) -> Any:
    """A sentence as the plain form of a note; anything else as it is."""
    return to_plain(said(kept)) if isinstance(kept, str) else kept


def _keys_in_place_of_labels(plain: dict[str, Any]) -> dict[str, Any]:
    """A card held the names of references and whole sentences: keys, and notes that hold a sentence."""
    tests: dict[str, Any] = {name: _with_keys(plain[name]) for name in ("test", "test_ahead") if name in plain}
    return {**plain, **tests, "notes": [_as_note(text) for text in plain.get("notes", ())]}


def _with_keys(plain: Any) -> Any:
    """Part of a card; where it names what was judged, that is a key."""
    if isinstance(plain, list):
        return [_with_keys(item) for item in plain]
    if not isinstance(plain, dict):
        return plain
    found = {name: _with_keys(value) for name, value in plain.items()}
    if "label" in found:
        found["key"] = found.pop("label")
    return found | {name: REFERENCES.get(found[name], found[name]) for name in ("key", "reference") if name in found}


def _recall_in_place_of_reach(plain: dict[str, Any]) -> dict[str, Any]:
    """The share of events among the tenth with the highest risk was named `reach_top_10`."""
    renamed: dict[str, Any] = _renamed(plain, "reach_top_10", "recall_at_10pct")
    return renamed


def _renamed(plain: Any, before: str, after: str) -> Any:
    """Part of a record in which one name, at any depth, gives way to another."""
    if isinstance(plain, list):
        return [_renamed(item, before, after) for item in plain]
    if not isinstance(plain, dict):
        return plain
    return {after if name == before else name: _renamed(value, before, after) for name, value in plain.items()}


_REST = {"outros": to_plain(OTHER_VALUES), "outros anos": to_plain(OTHER_YEARS)}  # as version 3 and earlier named it


def _codes_in_place_of_words(plain: dict[str, Any]) -> dict[str, Any]:
    """Why a file doesn't serve, what to do first and what gives a column away are notes that hold the sentence; an
    issue holds its sentences beside its code, and the rest of a distribution is a note.
    """
    return {
        **plain,
        "usable_why": [_as_note(why) for why in plain.get("usable_why", ())],
        "actions": [{**item, "label": _as_note(item.get("label", ""))} for item in plain.get("actions", ())],
        "leaks": [{**item, "why": _as_note(item.get("why", ""))} for item in plain.get("leaks", ())],
        "fields": [
            {**item, "spread": [[_rest(name), rows] for name, rows in item.get("spread", ())]}
            for item in plain.get("fields", ())
        ],
        "issues": [_with_words_apart(item) for item in plain.get("issues", ())],
    }


def _rest(name: Any) -> Any:
    return _REST.get(name, name) if isinstance(name, str) else name


def _with_words_apart(issue: dict[str, Any]) -> dict[str, Any]:
    if "title" not in issue:
        return issue
    words = {name: _as_note(issue.get(name, "")) for name in ("title", "message", "effect")}
    return {name: value for name, value in issue.items() if name not in words} | {"kept": words}


UPGRADES: Mapping[type, tuple[Upgrade, ...]] = {
    ValidationReport: (_costs_in_place_of_a_score, _notes_in_place_of_sentences, _codes_in_place_of_words),
    ModelCard: (_keys_in_place_of_labels, _recall_in_place_of_reach),
}


def version_of(kind: type) -> int:
    """The version in which records of a kind are written today."""
    return 1 + len(UPGRADES.get(kind, ()))


def to_kept(record: Any) -> dict[str, Any]:
    """The plain form of a record with its version."""
    return {**to_plain(record), VERSION: version_of(type(record))}


def from_kept(kind: type, plain: Mapping[str, Any]) -> Any:
    """A record of an earlier version, or of this, as today's; ValueError where it doesn't fit.

    What a later version wrote is read as far as it goes.
    """
    if not isinstance(plain, Mapping):
        raise ValueError(f"{kind.__name__} must be an object")
    known = dict(plain)
    found = known.pop(VERSION, 1)
    if not isinstance(found, int) or found < 1:
        raise ValueError(f"{found!r} is no version")
    for upgrade in UPGRADES.get(kind, ())[found - 1 :]:
        known = upgrade(known)
    return from_plain(kind, known)


def note_of(kept: str | Mapping[str, Any]) -> Note:
    """A note in its plain form, or the sentence that an earlier version kept in its place."""
    found: Note = from_plain(Note, _as_note(kept))
    return found


def dump_kept(record: Any) -> str:
    """`to_kept` as JSON text."""
    return json.dumps(to_kept(record), ensure_ascii=False)


def load_kept(kind: type, text: str | bytes) -> Any:
    """What `dump_kept` wrote, by this version or an earlier one; ValueError where it doesn't fit."""
    return from_kept(kind, json.loads(text))
