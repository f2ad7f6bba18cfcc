"""`/jobs/{id}`: where something that was sent, or a training, stands."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from pipeline import services
from pipeline.api.dependencies import Needs, Told
from pipeline.contract import Product
from pipeline.errors import WorkspaceError
from pipeline.presentation.sentences import languages
from pipeline.presentation.sentences.languages import Language
from pipeline.presentation.spreadsheets import machine
from pipeline.records import JobInfo, Note, Progress
from pipeline.records.integration import RejectedRow
from pipeline.services import Session
from pipeline.services.arrivals import following
from pipeline.services.arrivals.following import Followed
from pipeline.services.models import models

router = APIRouter(prefix="/jobs", tags=["jobs"])
Caller = Annotated[Session, Depends(Needs(following.arrival))]
_STATES = {"queued": "waiting", "orphaned": "failed", "reading": "running"}


class ProgressOut(BaseModel):
    """How far it is: `share` from 0 to 1, and what is being done."""

    share: float
    stage: str


class RejectedOut(BaseModel):
    """A record that was left out: its place, the code of why, the field that it is about, why in both languages."""

    row: int
    code: str
    field: str | None
    message: dict[str, str]


class Said(BaseModel):
    """Something to be said: its code, and the sentence in the caller's language."""

    code: str
    detail: str


class JobOut(BaseModel):
    """A job. `state`: waiting | reading | running | done | refused | failed | cancelled."""

    id: str
    kind: str
    product: str
    state: str
    created: str
    progress: ProgressOut
    dataset: str | None = None
    model: str | None = None
    records: int | None = None
    rejected_count: int | None = None
    rejected: list[RejectedOut] = []
    report: dict[str, Any] | None = None
    problem: Said | None = None


@router.get("/{job}", operation_id="get_job")
def get_job(job: str, caller: Caller, language: Told) -> JobOut:
    """A sending, a scoring or a training."""
    try:
        return _of_arrival(following.arrival(caller, job), language)
    except WorkspaceError as error:
        if error.note.code != "arrivals.gone":
            raise
        try:
            return of_training(models.job(caller, job), language)
        except WorkspaceError:
            raise error from None


def _of_arrival(found: Followed, language: Language) -> JobOut:
    arrival = found.arrival
    declared = services.product(arrival.product)
    return JobOut(
        id=arrival.id,
        kind="records" if arrival.scoring is None else "score",
        product=arrival.product,
        state=_STATES.get(arrival.state, arrival.state) if arrival.scoring is not None else str(arrival.state),
        created=arrival.created,
        progress=_progress(arrival.progress, language),
        dataset=arrival.dataset_id or None,
        model=None if arrival.scoring is None else arrival.scoring.model,
        records=arrival.rows,
        rejected_count=arrival.rejected,
        rejected=[_rejected(row, declared) for row in found.rejected],
        report=machine.report_record(found.report, declared) if found.report is not None else None,
        problem=said(arrival.note, language),
    )


def of_training(found: JobInfo, language: Language) -> JobOut:
    """A training as a job."""
    return JobOut(
        id=found.id,
        kind=found.kind,
        product=found.product,
        state=_STATES.get(found.state, found.state),
        created=found.created,
        progress=_progress(found.progress, language),
        dataset=found.dataset_id or None,
        model=found.model_id,
        problem=said(found.message, language),
    )


def said(told: Note | None, language: Language) -> Said | None:
    """A note in the caller's language; None for none."""
    return None if told is None else Said(code=told.code, detail=languages.told(told, language))


def _progress(progress: Progress, language: Language) -> ProgressOut:
    stage = progress.stage
    return ProgressOut(
        share=progress.share, stage=languages.message(stage, language) if isinstance(stage, Note) else stage
    )


def _rejected(row: RejectedRow, declared: Product) -> RejectedOut:
    said_ = {str(one): languages.reason(row.code, declared, one) for one in Language}
    return RejectedOut(row=row.row, code=row.code, field=row.field or None, message=said_)
