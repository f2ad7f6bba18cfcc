"""`/datasets/{id}/comments`, `/themes`: what patients write, how grave it is and what they speak of."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from pipeline.api.dependencies import Needs, Told
from pipeline.api.paging import MOST, Page
from pipeline.api.problems import Refused
from pipeline.api.routes.groups import IntervalOut
from pipeline.api.routes.jobs import Said, said
from pipeline.presentation.sentences.languages import Language
from pipeline.records import CommentItem, ThemeRow
from pipeline.services import Session
from pipeline.services.pages import answering, comments
from pipeline.services.pages.comments import CommentFilters

router = APIRouter(prefix="/datasets", tags=["comments"])
Reader = Annotated[Session, Depends(Needs(comments.listed))]
Counter = Annotated[Session, Depends(Needs(comments.themes))]


class Narrowed(BaseModel):
    """Which comments: of the last days of the data, with these words, read by this model ("": the one in use)."""

    last_days: int | None = Field(default=None, ge=1, le=3650)
    words: str = Field(default="", max_length=200)
    model: str = Field(default="", max_length=12)


class ListNarrowed(Narrowed):
    """Which list, and which part of it. `list`: those that ask for an answer, those whose stars and words say
    different things, all, or those that may not wait. The cursor is the number of the page.
    """

    list: Literal["answer", "contradictions", "all", "alarming"] = "all"
    cursor: str = Field(default="", max_length=9, pattern="^[0-9]*$")
    limit: int = Field(default=20, ge=1, le=MOST)


class ThemeSaidOut(BaseModel):
    """A theme that a comment speaks of, and how: negative | mixed | positive | neutral."""

    key: str
    label: str
    polarity: str


class AlertOut(BaseModel):
    """Something that may not wait: its key, and the words that show it."""

    key: str
    text: str


class CommentOut(BaseModel):
    """A comment, without what identifies a person. `stars`: as given; `risk`, `tier`: of one without stars; `unsure`:
    why it has no group.
    """

    row: int
    day: dt.date | None
    comment: str
    stars: float | None
    expected: float | None
    group: str
    risk: float | None
    tier: str
    alerts: list[AlertOut]
    themes: list[ThemeSaidOut]
    unsure: Said | None


class CommentsOut(Page[CommentOut]):
    """A part of a list of comments, in its order."""

    dataset: str
    model: str
    rows: int


class ThemeOut(BaseModel):
    """A theme: in how many comments, which share of all, their mean stars, stars more or less than comments that speak
    of the same other themes, how they speak of it. `parent`: the theme that it is a part of.
    """

    key: str
    label: str
    parent: str
    comments: int
    share: IntervalOut | None
    stars: IntervalOut | None
    effect: IntervalOut | None
    stance: str
    negative: int
    mixed: int
    positive: int
    neutral: int


class ThemesOut(BaseModel):
    """What the comments speak of; `covered` of them of at least one theme."""

    dataset: str
    model: str
    comments: int
    rated: int
    covered: int
    themes: list[ThemeOut]


@router.get("/{dataset}/comments", operation_id="list_comments")
def list_comments(dataset: str, caller: Reader, language: Told, asked: Annotated[ListNarrowed, Query()]) -> CommentsOut:
    """A list of comments, as *Voz* shows it."""
    heard = answering.heard(caller, dataset, asked.model)
    number = int(asked.cursor or 1)
    found = comments.listed(caller, heard, _filters(asked), asked.list, page=max(1, number), size=asked.limit)
    if number != 1 and (number < 1 or (number - 1) * asked.limit >= found.total):
        raise Refused("api.cursor")
    return CommentsOut(
        items=[_comment(one, language) for one in found.items],
        next=str(number + 1) if number * asked.limit < found.total else None,
        dataset=dataset,
        model=heard.model_id,
        rows=found.total,
    )


@router.get("/{dataset}/themes", operation_id="list_themes")
def list_themes(dataset: str, caller: Counter, asked: Annotated[Narrowed, Query()]) -> ThemesOut:
    """What patients speak of."""
    heard = answering.heard(caller, dataset, asked.model)
    found = comments.themes(caller, heard, _filters(asked))
    return ThemesOut(
        dataset=dataset,
        model=heard.model_id,
        comments=found.comments,
        rated=found.rated,
        covered=found.covered,
        themes=[_theme(row) for row in found.themes],
    )


def _filters(asked: Narrowed) -> CommentFilters:
    return CommentFilters(asked.last_days, (), asked.words)


def _comment(one: CommentItem, language: Language) -> CommentOut:
    return CommentOut(
        row=one.row,
        day=one.day,
        comment=one.comment,
        stars=one.stars,
        expected=one.expected,
        group=one.group,
        risk=one.risk,
        tier=one.tier,
        alerts=[AlertOut(key=alert.key, text=one.comment[alert.start : alert.end]) for alert in one.alerts],
        themes=[ThemeSaidOut(key=t.key, label=t.label, polarity=t.polarity) for t in one.themes],
        unsure=said(one.unsure, language),
    )


def _theme(row: ThemeRow) -> ThemeOut:
    return ThemeOut(
        key=row.key,
        label=row.label,
        parent=row.parent,
        comments=row.comments,
        share=IntervalOut.of(row.share),
        stars=IntervalOut.of(row.stars),
        effect=IntervalOut.of(row.effect),
        stance=row.stance,
        negative=row.counts.negative,
        mixed=row.counts.mixed,
        positive=row.counts.positive,
        neutral=row.counts.neutral,
    )
