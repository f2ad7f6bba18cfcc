"""A list of comments on the page of the patients' voice: head, cards, what is done about each, downloads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from dashboard import state
from dashboard.components import comment_cards, follow_up, identified
from dashboard.components.downloads import button
from dashboard.components.follow_up import ReplyTo
from dashboard.components.page import empty, heading
from pipeline.contract import Product, Role
from pipeline.presentation.locale.numbers import number
from pipeline.records import Asked, CommentItem
from pipeline.services.pages import comments, follow_ups
from pipeline.services.pages.comments import CommentFilters, HeardComments

_FILES = {"answer": "detratores", "contradictions": "divergencias", "all": "comentarios", "alarming": "gravidade"}


@dataclass(frozen=True)
class Section:
    """A list of comments: which one, what stands over it, and what is said where it holds none."""

    which: str
    title: str
    line: str
    none: str
    why: str


def show(heard: HeardComments, product: Product, filters: CommentFilters, section: Section) -> None:
    """A list that is read."""
    which, tag = section.which, _tag(heard, filters, section.which)
    page = st.session_state.get(f"comments_page_{tag}", 1)
    shown = comments.listed(state.session(), heard, filters, which, page=page, size=comment_cards.size())
    with st.container(gap="small", key=f"section_{which}"):
        heading(f"{section.title}: {number(shown.total)}" if shown.total else section.title, section.line)
        if not shown.total:
            empty(section.none, section.why, key=f"comments_none_{which}")
            return
        comment_cards.key_line()
        for item in shown.items:
            comment_cards.card(item, which, lambda row: comments.explain(state.session(), heard, row), product)
        comment_cards.pages(shown.total, f"comments_page_{tag}")
    downloads(heard, filters, which)


def to_do(heard: HeardComments, product: Product, filters: CommentFilters, section: Section) -> None:
    """A list that is worked off: each comment with its state, who answers, until when; by state and by owner."""
    which, tag = section.which, _tag(heard, filters, section.which)
    events = comments.events(state.session(), heard, filters, which)
    with st.container(gap="small", key=f"section_{which}"):
        heading(section.title, section.line)
        if not events:
            empty(section.none, section.why, key=f"comments_none_{which}")
            return
        left = follow_up.lists(heard.dataset_id, events)
        if not left:
            empty("Nada nestes filtros", "Mude o estado ou o responsável acima.", key=f"comments_done_{which}")
        else:
            comment_cards.key_line()
            size = comment_cards.size()
            page = min(st.session_state.get(f"comments_page_{tag}", 1), max(1, -(-len(left) // size)))
            cards(heard, product, left[(page - 1) * size : page * size], which)
            comment_cards.pages(len(left), f"comments_page_{tag}")
        with st.expander("Em quanto tempo se responde", icon=":material/timer:"):
            unit, there = product.by_role(Role.UNIT), dict(comments.options(state.session(), heard))
            column = unit.key if unit is not None and unit.key in there else ""
            follow_up.speed(heard.dataset_id, events, column, product.column_label(column) if column else "")
    downloads(heard, filters, which)


def cards(heard: HeardComments, product: Product, events: Sequence[Asked], where: str) -> None:
    """Comments with what is done about them."""
    found = follow_ups.of(state.session(), heard.dataset_id, events)
    alike = follow_ups.alike(state.session(), heard.dataset_id, events)
    items = {item.row: item for item in comments.of_rows(state.session(), heard, [one.row for one in events])}
    for one in events:
        if one.key in found:
            comment_cards.card(
                items[one.row],
                where,
                lambda row: comments.explain(state.session(), heard, row),
                product,
                lambda item, one=one: follow_up.card_actions(  # type: ignore[misc]
                    heard.dataset_id, one, found[one.key], _reply_to(item), where, alike.get(one.key, "")
                ),
            )


def _reply_to(item: CommentItem) -> ReplyTo:
    blamed = tuple(said.key for said in item.themes if said.polarity in ("negative", "mixed"))
    praise = item.group == "promoter" and not item.alerts
    themes = tuple(said.key for said in item.themes) if praise else blamed
    return ReplyTo(themes, tuple(found.key for found in item.alerts), praise)


def downloads(heard: HeardComments, filters: CommentFilters, which: str, named: str = "Lista") -> None:
    """The list, called `named`, as files, with what was done about each line."""
    name, asked = _FILES[which], identified.ask(f"comments_{which}")
    tag = f"{_tag(heard, filters, which)}_{asked}"
    with st.container(horizontal=True, key=f"downloads_{which}"):
        for ending, build in (("xlsx", comments.xlsx), ("csv", comments.csv)):
            made = partial(build, state.session(), heard, filters, which, identified=asked)
            button(f"{named} em {ending.upper()}", made, f"{name}.{ending}", tag)


def _tag(heard: HeardComments, filters: CommentFilters, which: str) -> str:
    return f"{heard.dataset_id}_{state.short_hash((filters, which))}"
