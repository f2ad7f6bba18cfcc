"""Text from files stays text on every face."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.presentation.escaping import escape_html, escape_markdown, plotly_text, shorten, visible


@given(st.text())
def test_every_mark_of_markdown_is_escaped(text: str) -> None:
    escaped = escape_markdown(text)
    bare = re.sub(r"\\[" + re.escape(string.punctuation) + "]", "", escaped)
    assert not set(bare) & set(string.punctuation)
    assert re.sub(r"\\(.)", r"\1", escaped).replace("\u2060", "") == visible(text)


def test_links_images_and_colours_are_only_shown() -> None:
    assert escape_markdown("![x](a)") == r"\!\[x\]\(a\)"
    assert escape_markdown("a\n\n# b") == r"a \# b"


@pytest.mark.parametrize(
    "text",
    ["http://a.example", "HTTPS://a.example", "www.a.example", "eu@a.example", "->", "<-", "--", "<->", ">=", "<="],
)
def test_what_the_host_rewrites_after_parsing_is_parted(text: str) -> None:
    shown = escape_markdown(text).replace("\\", "")
    assert "\u2060" in shown and shown.replace("\u2060", "") == text
    assert not re.search(r"://|www\.|@\w|--|->|<-|>=|<=", shown, re.IGNORECASE)


def test_names_of_icons_are_parted_because_they_are_replaced_after_parsing() -> None:
    assert escape_markdown(":smile:") == "\\:\u2060smile\\:"
    assert escape_markdown(":material/delete:").startswith("\\:\u2060")
    assert "\u2060" not in escape_markdown("Unidade: Centro")


def test_hidden_marks_are_removed() -> None:
    assert visible("Clí\u202enica\u0000 \ud800X\u200b\t\r\nY") == "Clínica X Y"


def test_html_and_plotly() -> None:
    assert escape_html('<b a="x">&') == "&lt;b a=&quot;x&quot;&gt;&amp;"
    assert plotly_text("<b>A & B</b>") == "&lt;b&gt;A &amp; B&lt;/b&gt;"


@given(st.text(), st.integers(1, 40))
def test_shorten_keeps_within_its_length(text: str, length: int) -> None:
    assert len(shorten(text, length)) <= max(length, 1)


def test_shorten_cuts_at_a_word() -> None:
    assert shorten("Hospital Nossa Senhora da Conceição", 24) == "Hospital Nossa Senhora…"
    assert shorten("curto", 10) == "curto"
