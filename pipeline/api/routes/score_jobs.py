"""`/models/{model}/scores` and `/jobs/{job}/scores`: many rows in, risks out once they are there; no row is kept."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from pipeline import services
from pipeline.api import bodies, documentation_marks, paging
from pipeline.api.dependencies import Needs, Told
from pipeline.api.paging import Cursor, Page
from pipeline.api.problems import Refused
from pipeline.api.routes import records, scores
from pipeline.api.routes.records import IDEMPOTENCY_KEY, JobStarted
from pipeline.api.routes.scores import ScoreAsked, ScoreOut
from pipeline.services import Session
from pipeline.services.arrivals import following, receiving
from pipeline.services.arrivals.receiving import ToScore
from pipeline.services.models import scoring
from pipeline.services.models.scoring import Asked

router = APIRouter(tags=["scores"])
Sender = Annotated[Session, Depends(Needs(receiving.receive_to_score))]
Reader = Annotated[Session, Depends(Needs(following.scores))]
Limit = Annotated[int, Query(ge=1, le=1_000)]


class ScoresPage(Page[ScoreOut]):
    """A part of the risks of the rows that were sent, in their order."""

    model: str
    product: str
    as_of: dt.date
    reference: float


@router.post(
    "/models/{model}/scores",
    operation_id="score_many",
    status_code=202,
    openapi_extra={documentation_marks.RECORDS: list(records.KINDS)},
)
async def score_many(
    model: str,
    request: Request,
    response: Response,
    caller: Sender,
    asked: Annotated[ScoreAsked, Query()],
    idempotency_key: Annotated[str, Header(max_length=128, json_schema_extra={"pattern": IDEMPOTENCY_KEY})] = "",
) -> JobStarted:
    """Takes a body in, and answers once it is on the disk."""
    await run_in_threadpool(scoring.chosen, caller, model, asked.series, asked.product)  # else it is not read
    kind = records.KINDS.get(bodies.media_type(request))
    if kind is None:
        raise Refused("api.media_type", known=list(records.KINDS))
    with await run_in_threadpool(receiving.draft_to_score, caller) as body:
        await bodies.take_in(request, body, bodies.MOST_BYTES)
        how = Asked(asked.history, asked.as_of)
        sending = ToScore(kind, model, how, asked.series, asked.product, idempotency_key)
        found = await run_in_threadpool(receiving.receive_to_score, caller, sending, body)
    return records.started(request, response, found)


@router.get("/jobs/{job}/scores", operation_id="list_scores")
def list_scores(job: str, caller: Reader, language: Told, cursor: Cursor = "", limit: Limit = 200) -> ScoresPage:
    """A part of what came of a scoring."""
    arrival = following.scored(caller, job)
    shown, more = paging.page(range(arrival.rows), str, cursor, limit)
    found = following.scores(caller, job, shown[0] if shown else 0, len(shown))
    declared = services.product(arrival.product)
    return ScoresPage(
        items=[scores.told(row, declared, language) for row in found.rows],
        next=more,
        model=arrival.scoring.model if arrival.scoring is not None else "",
        product=arrival.product,
        as_of=found.as_of,
        reference=found.reference,
    )
