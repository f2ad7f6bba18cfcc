"""`/datasets/{id}/groups`, `/risks`: what *Risco* shows of rows that happened, and the list of rows to come."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from pipeline.api import paging
from pipeline.api.dependencies import Needs
from pipeline.api.paging import Page, Part
from pipeline.api.problems import Refused
from pipeline.records import GroupRow, Interval
from pipeline.services import Session
from pipeline.services.data import datasets
from pipeline.services.pages import answering, list_lines, risk
from pipeline.services.pages.agenda import ListFilters
from pipeline.services.pages.list_lines import ListLine
from pipeline.services.pages.risk import Filters

router = APIRouter(prefix="/datasets", tags=["risks"])
Reader = Annotated[Session, Depends(Needs(risk.overview))]
Lister = Annotated[Session, Depends(Needs(list_lines.of))]
Value = Annotated[str, Field(max_length=300)]


class IntervalOut(BaseModel):
    """A number with its 95 % interval."""

    value: float
    low: float | None
    high: float | None

    @classmethod
    def of(cls, found: Interval | None) -> IntervalOut | None:
        """The same of a record; None for none."""
        return None if found is None else cls(value=found.value, low=found.low, high=found.high)


class GroupOut(BaseModel):
    """A value of a dimension: rows, how many have an outcome, how many of these are events; the observed rate, the
    mean risk (null: no row has one), and whether its rate lies above or below the others', or is unclear.
    """

    value: str
    detail: str
    rows: int
    outcomes: int
    events: int
    observed: IntervalOut | None
    predicted: float | None
    against: str
    stars: IntervalOut | None
    balance: IntervalOut | None


class GroupsOut(BaseModel):
    """The groups of one dimension under the filters, with the figures of all rows under them."""

    dataset: str
    model: str | None
    by: str
    rows: int
    outcomes: int
    events: int
    rate: IntervalOut | None
    predicted: float | None
    groups: list[GroupOut]


class FilterIn(BaseModel):
    """What is looked at; all of it must hold. `where`: field:value, repeated for more of them; of one field any of the
    values. `since`, `until`: days of the event, both included.
    """

    where: list[Annotated[Value, Field(pattern="^[a-z_][a-z0-9_]*:.")]] = Field(default=[], max_length=50)
    since: dt.date | None = None
    until: dt.date | None = None
    by: str = Field(max_length=60)
    model: str = Field(default="", max_length=12)


@router.get("/{dataset}/groups", operation_id="list_groups")
def list_groups(dataset: str, caller: Reader, asked: Annotated[FilterIn, Query()]) -> GroupsOut:
    """The groups of a dimension, as *Risco* shows them."""
    info = datasets.one(caller, dataset)
    model = answering.model_of(caller, info, asked.model)
    known = dict(risk.options(caller, dataset).values)
    values: dict[str, tuple[str, ...]] = {}
    for one in asked.where:
        name, _, value = one.partition(":")
        values[_one_of(name, list(known), "where")] = (*values.get(name, ()), value)
    used = model.id if model is not None else None
    view = risk.overview(caller, dataset, used, Filters(asked.since, asked.until, values))
    groups = dict(view.groups)
    return GroupsOut(
        dataset=dataset,
        model=used,
        by=_one_of(asked.by, list(groups), "by"),
        rows=view.rows,
        outcomes=view.outcomes,
        events=view.events,
        rate=IntervalOut.of(view.rate),
        predicted=view.predicted,
        groups=[_group(row) for row in groups[asked.by]],
    )


def _one_of(given: str, known: list[str], name: str) -> str:
    """Refused for what is no dimension of the data; its name is not said again, which may be anything."""
    if given not in known:
        raise Refused("api.choice", name=name, known=known)
    return given


def _group(row: GroupRow) -> GroupOut:
    return GroupOut(
        value=row.value,
        detail=row.detail,
        rows=row.rows,
        outcomes=row.outcomes,
        events=row.events,
        observed=IntervalOut.of(row.observed),
        predicted=row.predicted,
        against=row.against,
        stars=IntervalOut.of(row.stars),
        balance=IntervalOut.of(row.balance),
    )


class LinesOut(Page[ListLine]):
    """A part of a list, highest risk first. `as_of`: the day that it is looked from."""

    dataset: str
    model: str
    as_of: dt.date
    rows: int


class LinesIn(Part):
    """What of the list is asked for; all of it must hold. `unit`, `tier`: any of these."""

    model: str = Field(default="", max_length=12)
    day: dt.date | None = None
    unit: list[Value] = Field(default=[], max_length=50)
    tier: list[Value] = Field(default=[], max_length=5)


@router.get("/{dataset}/risks", operation_id="list_risks")
def list_risks(dataset: str, caller: Lister, asked: Annotated[LinesIn, Query()]) -> LinesOut:
    """The rows to come, with their risk as it stands now."""
    found = answering.listed(caller, dataset, asked.model)
    keys = list_lines.keys(caller, found, ListFilters(asked.day, tuple(asked.unit), tuple(asked.tier)))
    shown, more = paging.page(keys, str, asked.cursor, asked.limit)
    return LinesOut(
        items=list(list_lines.of(caller, found, shown)),
        next=more,
        dataset=dataset,
        model=found.model_id,
        as_of=found.as_of,
        rows=len(keys),
    )
