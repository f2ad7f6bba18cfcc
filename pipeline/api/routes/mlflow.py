"""`/ping` and `/invocations`: MLflow's scoring protocol, for whoever speaks it already."""

from __future__ import annotations

import io
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, Field

from pipeline.api import bodies, documentation_marks
from pipeline.api.computing import computed
from pipeline.api.dependencies import Needs
from pipeline.api.problems import Refused
from pipeline.api.routes.scores import ScoreAsked
from pipeline.services import Session
from pipeline.services.models import scoring
from pipeline.services.models.scoring import Asked

router = APIRouter(tags=["mlflow"])
Scorer = Annotated[Session, Depends(Needs(scoring.score_records))]
KINDS = ("application/json", "text/csv")


class Predictions(BaseModel):
    """As MLflow answers: the risk of each row, in the order of the rows; null for one that can't be scored."""

    predictions: list[float | None]


class Invoked(ScoreAsked):
    """How to score. `model`: its id, or “current” for the one in use."""

    model: str = Field(default=scoring.CURRENT, max_length=12)


@router.get("/ping", operation_id="ping", response_class=PlainTextResponse)
def ping(caller: Scorer) -> PlainTextResponse:
    """Whether it is there."""
    return PlainTextResponse("\n")


@router.post("/invocations", operation_id="invocations", openapi_extra={documentation_marks.FRAMES: list(KINDS)})
async def invocations(request: Request, caller: Scorer, asked: Annotated[Invoked, Query()]) -> Predictions:
    """The risks of at most 1,000 rows."""
    kind = bodies.media_type(request)
    if kind not in KINDS:
        raise Refused("api.media_type", known=list(KINDS))
    body = io.BytesIO()
    await bodies.take_in(request, body, bodies.MOST_AT_ONCE, 30.0)

    def work() -> Predictions:
        info = scoring.chosen(caller, asked.model, asked.series, asked.product)
        records = scoring.frame_of(body.getvalue(), is_csv=kind == "text/csv")
        found = scoring.score_records(caller, info, records, Asked(asked.history, asked.as_of))
        return Predictions(predictions=[row.risk for row in found.rows])

    return await computed(work)
