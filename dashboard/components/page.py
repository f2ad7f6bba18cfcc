"""The frame of a page: width, title, finding, where it comes from; and the cards for what is not there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import navigation
from dashboard.components.chrome import WIDTH
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import escape_markdown
from pipeline.presentation.locale import messages
from pipeline.presentation.sentences.hidden_words import groups_hidden


@contextmanager
def page(title: str, lead: str = "", rest: str = "", source: str = "") -> Iterator[DeltaGenerator]:
    """A page of limited width: title, the finding (its first clause bold), file and period in small grey.

    `lead`, `rest` and `source` are plain text; they are escaped here. Gives the head, for a page whose finding
    follows from filters that stand below it (see `finding`).
    """
    with (
        st.container(horizontal=True, horizontal_alignment="center"),
        st.container(width=WIDTH, gap="medium"),
    ):
        head = st.container(gap="xxsmall")
        with head:
            st.title(title, anchor=False)
            finding(lead, rest, source)
        yield head


def finding(lead: str, rest: str = "", source: str = "") -> None:
    """What a page says first, and where it comes from."""
    if lead:
        bold = f"**{escape_markdown(lead)}**"
        st.markdown(f"{bold} {escape_markdown(rest)}" if rest else bold)
    if source:
        st.markdown(f":small[:gray[{escape_markdown(source)}]]")


def heading(text: str, line: str = "") -> None:
    """A section's heading with its line in small grey. `line` may hold coloured words: escape what is a file's."""
    with st.container(gap="xxsmall"):
        st.subheader(escape_markdown(text), anchor=False)
        if line:
            st.markdown(f":small[:gray[{line}]]")


def hidden_line(count: int) -> None:
    """How many groups are not shown for being of few; nothing where none are."""
    if count:
        st.markdown(f":small[:gray[{escape_markdown(groups_hidden(count))}]]")


def kpis(figures: Sequence[tuple[str, str, str]]) -> None:
    """Key figures in bordered cards: (label, value of at most 9 characters, small note of at most 14)."""
    with st.grid(len(figures), min_column_width=130):
        for label, value, note in figures:
            st.metric(
                escape_markdown(label),
                value,
                note or None,
                delta_color="off",
                delta_arrow="off",
                border=True,
                height="stretch",
            )


def empty(what: str, why: str, *, link: str | None = None, link_label: str = "", key: str = "empty") -> None:
    """A bordered card in place of what can't be shown: what is missing, why, and one way on."""
    with st.container(border=True, key=key):
        st.markdown(f"**{escape_markdown(what)}**  \n{escape_markdown(why)}")
        if link and navigation.is_open(link) and st.button(link_label, type="primary", key=f"{key}_go"):
            navigation.go(link)


def refusal(error: PresencaError) -> None:
    """An expected refusal as one sentence with its hint."""
    st.error(escape_markdown(messages.refusal(error)), icon=":material/block:")
