"""Themes as a clinic edits them: typed words, switched off, exported and imported, and what they catch at once."""

from __future__ import annotations

import csv
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.contract import Theme
from pipeline.errors import PresencaError
from pipeline.presentation.locale import messages
from pipeline.products.satisfaction import PRODUCT
from pipeline.services import Workspace
from pipeline.services.data import datasets
from pipeline.services.data.placing import Into
from pipeline.services.pages import comments, themes
from pipeline.services.pages.comments import CommentFilters, HeardComments
from pipeline.services.pages.themes import ThemeEdit
from tests.refusals import refused

ALL = CommentFilters()


@pytest.fixture
def dataset(space: Workspace, past: str) -> str:
    """The file learnt from, with the product's own themes."""
    themes.reset(space, past)
    return past


def keys(space: Workspace, dataset: str) -> set[str]:
    return {theme.key for theme in themes.active(space, dataset)}


def test_the_products_themes_stand_until_somebody_edits_them(space: Workspace, dataset: str) -> None:
    found = themes.theme_set(space, dataset)
    assert not found.edited and themes.themes_of(found) == PRODUCT.themes
    edited = themes.edit(space, dataset, ThemeEdit("food", "Comida e lanche", "Comída, LANCHES, café da manhã"))
    entry = next(item for item in edited.themes if item.key == "food")
    assert edited.edited and entry.terms == ("comida", "lanches", "cafe da manha") and entry.code == "comida"
    assert themes.theme_set(space, dataset) == edited
    assert not themes.reset(space, dataset).edited


def test_a_new_theme_catches_at_once_what_was_shown(space: Workspace, dataset: str, heard: HeardComments) -> None:
    shown = themes.preview(space, dataset, "totem*")
    assert shown.caught > 5 and len(shown.sentences) == 5
    assert all("totem" in item.comment[item.start : item.end].lower() for item in shown.sentences)
    made = themes.edit(space, dataset, ThemeEdit("", "Totem da entrada", "totem*")).themes[-1]
    assert made.key == made.code == "totem_da_entrada"
    row = next(row for row in comments.themes(space, heard, ALL).themes if row.key == made.key)
    assert row.comments == shown.caught
    page = comments.theme_sentences(space, heard, ALL, made.key, "negative")
    assert page.total == row.counts.negative > 0 and len(page.comments) == min(page.total, comments.SENTENCES)
    part = themes.edit(space, dataset, ThemeEdit("", "Totem travado", "totem travado", parent=made.key)).themes[-1]
    assert part.parent == made.key
    themes.remove(space, dataset, made.key)
    assert not keys(space, dataset) & {made.key, part.key}


def test_a_theme_that_is_off_takes_its_parts_with_it(space: Workspace, dataset: str, heard: HeardComments) -> None:
    words = themes.words_of(next(t.terms for t in PRODUCT.themes if t.key == "waiting"))
    themes.edit(space, dataset, ThemeEdit("waiting", "Espera", words, on=False))
    assert not [key for key in keys(space, dataset) if key.startswith("waiting")]
    assert not [row for row in comments.themes(space, heard, ALL).themes if row.key.startswith("waiting")]
    assert [item.on for item in themes.theme_set(space, dataset).themes if item.key == "waiting"] == [False]


def test_a_set_goes_out_and_comes_back(space: Workspace, dataset: str) -> None:
    edited = themes.edit(space, dataset, ThemeEdit("", "Totem", "totem"))
    file = themes.export(space, dataset)
    assert json.loads(file)["version"] == 1
    themes.reset(space, dataset)
    assert themes.import_(space, dataset, file) == edited == themes.theme_set(space, dataset)


def _changed(file: bytes, **values: object) -> bytes:
    return json.dumps({**json.loads(file), **values}).encode()


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff\xfe", b"[" * 100_000, b"x" * 2_000_001])
def test_what_is_no_set_is_refused_and_changes_nothing(space: Workspace, dataset: str, content: bytes) -> None:
    with refused(PresencaError, match="não é um conjunto de temas"):
        themes.import_(space, dataset, content)
    assert not themes.theme_set(space, dataset).edited


def test_sets_that_contradict_themselves_are_refused(space: Workspace, dataset: str) -> None:
    file = themes.export(space, dataset)
    entry = json.loads(file)["themes"][0]
    for bad in (
        _changed(file, product="other"),
        _changed(file, themes=[]),
        _changed(file, themes=[entry, entry]),
        _changed(file, themes=[{**entry, "key": "Ä b"}]),
        _changed(file, themes=[{**entry, "terms": ["123"]}]),
        _changed(file, themes=[{**entry, "terms": ["a"] * 400}]),
        _changed(file, themes=[{**entry, "label": "x" * 90}]),
        _changed(file, themes=[{**entry, "parent": entry["key"]}]),
    ):
        with pytest.raises(PresencaError):
            themes.import_(space, dataset, bad)
    assert not themes.theme_set(space, dataset).edited


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", "ao menos uma palavra"),
        (" , ;\n", "ao menos uma palavra"),
        ("boa, 😀", "“😀”"),
        ("123", "“123”"),
        ("at*", "3\u00a0letras"),
        ("x" * 61, "não é uma palavra"),
        (", ".join(f"palavra{'a' * n}" for n in range(301)), "300"),
    ],
)
def test_words_that_are_none_are_named(words: str, why: str) -> None:
    with pytest.raises(PresencaError) as caught:
        themes.terms_of(words)
    assert why in messages.refusal(caught.value)


@given(st.text(max_size=70))
def test_what_is_typed_becomes_terms_or_is_refused(words: str) -> None:
    try:
        terms = themes.terms_of(words)
    except PresencaError as error:
        assert messages.refusal(error)
        return
    assert Theme("x", "X", terms).terms == terms == themes.terms_of(themes.words_of(terms))


@pytest.mark.parametrize(
    ("label", "why"), [("  ", "precisa de um nome"), ("x" * 61, "precisa de um nome"), ("espera", "Já há um tema")]
)
def test_names_are_needed_and_of_one_theme(space: Workspace, dataset: str, label: str, why: str) -> None:
    with refused(PresencaError, match=why):
        themes.edit(space, dataset, ThemeEdit("", label, "totem"))


def test_pages_of_a_theme_hold_every_comment_once(space: Workspace, heard: HeardComments) -> None:
    total = comments.theme_sentences(space, heard, ALL, "reception").total
    pages = comments.pages_of_sentences(total)
    seen = [
        group[0].row
        for page in range(1, pages + 1)
        for group in comments.theme_sentences(space, heard, ALL, "reception", page=page).comments
    ]
    assert len(seen) == len(set(seen)) == total
    with pytest.raises(KeyError):
        comments.theme_sentences(space, heard, ALL, "nothing")


def test_a_month_and_what_is_new_are_of_the_whole_file(space: Workspace, dataset: str, heard: HeardComments) -> None:
    lately = comments.themes(space, heard, replace(ALL, last_days=30))
    assert lately.since is not None and lately.comments < comments.themes(space, heard, ALL).comments
    assert max(len(row.trend) for row in lately.themes) > 3


def test_the_download_of_themes_adds_up(space: Workspace, heard: HeardComments) -> None:
    found = comments.themes(space, heard, ALL)
    lines = comments.themes_csv(found).decode("utf-8-sig").splitlines()
    *rows, last = csv.DictReader(lines, delimiter=";")
    few = sum(0 < row.comments < 8 for row in found.themes)
    assert few and last["Tema"].startswith(f"{few}\xa0grupos escondidos") and len(rows) == len(found.themes) - few
    assert len(rows) > 20 and {row["É parte de"] for row in rows} >= {"", "Espera", "Médico"}
    for row in rows:
        parts = [int(row[name]) for name in ("Negativos", "Mistos", "Positivos", "Neutros")]
        assert sum(parts) == int(row["Comentários"])


def test_a_series_that_goes_takes_its_themes_with_it(space: Workspace, dataset: str) -> None:
    themes.edit(space, dataset, ThemeEdit("", "Cabo", "cabo"))
    kept = [
        datasets.keep(
            space, PRODUCT.key, f"Nota;Comentario\n1;O cabo {n}".encode(), "um.csv", into=Into(name=f"Série {n}")
        )
        for n in "ab"
    ]
    for info in kept:
        themes.edit(space, info.id, ThemeEdit("", "Totem", "totem*"))
    first, second = (f"themes:{info.series}" for info in kept)
    datasets.delete(space, kept[0].id)
    assert space.setting(first) is None and space.setting(second) is not None
    assert "cabo" in keys(space, dataset) and "totem" in keys(space, kept[1].id)
    datasets.delete(space, kept[1].id)
