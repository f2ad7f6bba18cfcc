"""`/models`: what learnt, from what, and how well it does on what it had not seen."""

from __future__ import annotations

import datetime as dt
import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from pipeline.api import paging
from pipeline.api.dependencies import Needs
from pipeline.api.paging import Page, PartOfKept
from pipeline.records import ModelInfo
from pipeline.services import Session
from pipeline.services.data import series as series_
from pipeline.services.models import models

router = APIRouter(prefix="/models", tags=["models"])
Reader = Annotated[Session, Depends(Needs(models.card))]


class ModelOut(BaseModel):
    """A model. `in_use`: whether its series uses it; `auc`: of its test ahead in time, null where it had none."""

    id: str
    product: str
    series: str | None
    created: str
    dataset: str | None
    dataset_name: str
    trained_until: dt.date | None
    auc: float | None
    sha256: str
    in_use: bool


class CardOut(BaseModel):
    """A model with its card: what it learnt from, its measures beside those of simpler references."""

    model: ModelOut
    card: dict[str, Any]


@router.get("", operation_id="list_models")
def list_models(caller: Reader, asked: Annotated[PartOfKept, Query()]) -> Page[ModelOut]:
    """The newest first."""
    shown, more = paging.newest(caller, models.models, asked)
    used = _used(caller, {one.product for one in shown})
    return Page[ModelOut](items=[_out(one, used) for one in shown], next=more)


@router.get("/{model}", operation_id="get_model")
def get_model(model: str, caller: Reader) -> CardOut:
    """One model and its card."""
    info = models.one(caller, model)
    return CardOut(model=_out(info, _used(caller, {info.product})), card=json.loads(models.metrics(caller, model)))


def _used(caller: Session, keys: set[str]) -> set[str]:
    return {one.model_id for key in keys for one in series_.listed(caller, key)}


def _out(info: ModelInfo, used: set[str]) -> ModelOut:
    return ModelOut(
        id=info.id,
        product=info.product,
        series=info.series or None,
        created=info.created,
        dataset=info.dataset_id,
        dataset_name=info.dataset_name,
        trained_until=info.trained_until,
        auc=info.auc_ahead,
        sha256=info.sha256,
        in_use=info.id in used,
    )
