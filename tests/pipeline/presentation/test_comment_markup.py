"""Words in colour: nothing of a comment becomes markup, any mark and any text hold, and colour is never alone."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.presentation.comment_markup import clauses_html, marked_html
from pipeline.presentation.theme import DARK, LIGHT, Theme, contrast
from pipeline.records import POLARITIES, MarkedWord, ThemeSentence

MARKS = st.lists(st.builds(MarkedWord, st.integers(-5, 90), st.integers(-5, 90), st.floats(-1, 1)), max_size=8)
TEXT = "O médico é ótimo, mas a espera foi péssima"


def visible(shown: str) -> str:
    """What a reader reads, without the small numbers."""
    inside = re.fullmatch(r"<div style=\"[^\"<>]*\">(.*)</div>", shown, re.DOTALL)
    assert inside is not None
    return html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"<sup[^>]*>[^<]*</sup>", "", inside[1]).replace("<br>", "\n")))


@given(st.text(max_size=80), MARKS, st.sampled_from([LIGHT, DARK]))
def test_any_text_and_any_marks_are_safe(text: str, marks: list[MarkedWord], theme: Theme) -> None:
    shown = marked_html(text, marks, theme)
    tags = re.findall(r"<[^>]*>", shown)
    assert all(
        re.fullmatch(r'</?(?:div|span|sup|br)(?: style="[^"<>]*")?(?: title="[^"<>]*")?>', tag) for tag in tags
    ), tags
    assert len(visible(shown)) == len(text)


@given(st.sampled_from([TEXT, "a < b & c > d", "\"aspas\" e 'outras'", "linha\numa"]), MARKS)
def test_the_text_comes_back_as_it_was(text: str, marks: list[MarkedWord]) -> None:
    assert visible(marked_html(text, marks, LIGHT)) == text


def test_a_mark_is_read_without_colour() -> None:
    at = TEXT.index("péssima")
    shown = marked_html(TEXT, [MarkedWord(at, at + 7, 0.143), MarkedWord(11, 16, -0.08)], LIGHT)
    assert (
        "solid" in shown
        and "dotted" in shown
        and ">+14</sup>" in shown
        and ">−8</sup>" in shown
        and 'title="+14 pontos"' in shown
    )


def test_of_overlapping_marks_the_longest_stands() -> None:
    assert marked_html("abcdef", [MarkedWord(0, 3, 0.2), MarkedWord(1, 6, 0.1)], LIGHT).count("<sup") == 1


def test_long_comments_are_cut_at_a_word_and_say_so() -> None:
    shown = visible(marked_html("palavra " * 500, [MarkedWord(0, 7, 0.5)], LIGHT, most=100))
    assert len(shown) <= 101 and shown.endswith("…") and "palavr…" not in shown


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("points", [0.9, 0.06, 0.02, -0.9, -0.06, -0.02])
def test_words_are_legible_on_their_tint(theme: Theme, points: float) -> None:
    shown = marked_html("ruim", [MarkedWord(0, 4, points)], theme)
    ground = re.search(r"background:(#[0-9A-F]{6})", shown)
    assert ground is not None and contrast(theme.text, ground[1]) >= 4.5


def test_what_turns_or_ends_text_is_shown_as_a_blank() -> None:
    assert visible(marked_html("a\u202eb\0c\ud800d", [], LIGHT)) == "a b c d"


CLAUSES = st.lists(
    st.builds(
        ThemeSentence,
        st.just(1),
        st.just(""),
        st.integers(-5, 90),
        st.integers(-5, 90),
        st.sampled_from([*POLARITIES, "other"]),
    ),
    max_size=5,
)


@given(st.text(max_size=80), CLAUSES, st.sampled_from([LIGHT, DARK]))
def test_clauses_of_any_text_are_safe(text: str, said: list[ThemeSentence], theme: Theme) -> None:
    shown = clauses_html(text, said, theme)
    tags = re.findall(r"<[^>]*>", shown)
    assert all(re.fullmatch(r'</?(?:div|span|sup|br)(?: style="[^"<>]*")?>', tag) for tag in tags), tags
    assert len(visible(shown)) == len(text)


def test_blame_and_praise_are_told_without_colour() -> None:
    said = [ThemeSentence(1, TEXT, 0, 17, "positive"), ThemeSentence(1, TEXT, 19, len(TEXT), "negative")]
    shown = clauses_html(TEXT, said, LIGHT)
    assert visible(shown) == TEXT and ">+</sup>" in shown and ">−</sup>" in shown
    assert "dotted" in shown and "solid" in shown
