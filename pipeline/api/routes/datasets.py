"""`/datasets`: what is kept, what its check found, and a training of it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel

from pipeline import services
from pipeline.api import paging
from pipeline.api.dependencies import Needs, Told
from pipeline.api.paging import Page, PartOfKept
from pipeline.api.routes.jobs import JobOut, of_training
from pipeline.presentation.spreadsheets import machine
from pipeline.records import DatasetInfo
from pipeline.services import Session
from pipeline.services.data import datasets
from pipeline.services.models import models

router = APIRouter(prefix="/datasets", tags=["datasets"])
Reader = Annotated[Session, Depends(Needs(datasets.report))]
Trainer = Annotated[Session, Depends(Needs(models.start_training))]


class DatasetOut(BaseModel):
    """A data set, without its rows."""

    id: str
    product: str
    series: str | None
    name: str
    created: str
    rows: int
    sample: bool
    purpose: str
    first_date: dt.date | None
    last_date: dt.date | None
    usable_for: list[str]
    original_kept_until: dt.date | None


class TrainIn(BaseModel):
    """How to train."""

    effort: Literal["fast", "standard", "thorough"] = "standard"
    seed: int = 7


@router.get("", operation_id="list_datasets")
def list_datasets(caller: Reader, asked: Annotated[PartOfKept, Query()]) -> Page[DatasetOut]:
    """The newest first."""
    shown, more = paging.newest(caller, datasets.datasets, asked)
    return Page[DatasetOut](items=[_out(one) for one in shown], next=more)


@router.get("/{dataset}", operation_id="get_dataset")
def get_dataset(dataset: str, caller: Reader) -> DatasetOut:
    """One data set."""
    return _out(datasets.one(caller, dataset))


@router.get("/{dataset}/report", operation_id="get_dataset_report")
def get_report(dataset: str, caller: Reader) -> dict[str, Any]:
    """What its check found, as `validate --report …json` writes it."""
    record = datasets.report(caller, dataset)
    return machine.report_record(record, services.product(record.product))


@router.post("/{dataset}/train", operation_id="train", status_code=202)
def train(
    dataset: str, request: Request, response: Response, caller: Trainer, language: Told, how: TrainIn | None = None
) -> JobOut:
    """Starts a training in a process of its own."""
    asked = how or TrainIn()
    job = models.start_training(caller, dataset, effort=asked.effort, seed=asked.seed)
    response.headers["location"] = f"{request.scope.get('root_path', '')}/api/v1/jobs/{job.id}"
    return of_training(job, language)


def _out(info: DatasetInfo) -> DatasetOut:
    return DatasetOut(
        id=info.id,
        product=info.product,
        series=info.series or None,
        name=info.name,
        created=info.created,
        rows=info.rows,
        sample=info.is_sample,
        purpose=info.purpose,
        first_date=info.first_date,
        last_date=info.last_date,
        usable_for=list(info.usable_for),
        original_kept_until=info.vault_until,
    )
