"""`/products/{product}/records`: what other systems send."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from pipeline import services
from pipeline.api import bodies, documentation_marks
from pipeline.api.dependencies import Needs
from pipeline.api.problems import Refused
from pipeline.records.integration import ArrivalKind, Received
from pipeline.services import Session
from pipeline.services.arrivals import receiving
from pipeline.services.arrivals.receiving import Sending

router = APIRouter(prefix="/products", tags=["records"])
Caller = Annotated[Session, Depends(Needs(receiving.receive))]
IDEMPOTENCY_KEY = "^[A-Za-z0-9._:-]{0,128}$"  # told alone: what the use case refuses, it refuses with its own words
KINDS = {
    "application/json": ArrivalKind.JSON,
    "text/csv": ArrivalKind.CSV,
    "application/x-ndjson": ArrivalKind.NDJSON,
    "application/fhir+json": ArrivalKind.FHIR,
    "application/fhir+ndjson": ArrivalKind.FHIR,
}


class JobStarted(BaseModel):
    """What was taken in. `job`: to be followed at `href`; `repeated`: it had been sent before, and counts once."""

    job: str
    href: str
    state: str
    records: int
    repeated: bool


@router.post(
    "/{product}/records",
    operation_id="send_records",
    status_code=202,
    openapi_extra={documentation_marks.RECORDS: list(KINDS)},
)
async def send_records(
    product: str,
    request: Request,
    response: Response,
    caller: Caller,
    series: Annotated[str, Query(max_length=12)] = "",
    idempotency_key: Annotated[str, Header(max_length=128, json_schema_extra={"pattern": IDEMPOTENCY_KEY})] = "",
) -> JobStarted:
    """Takes a body in, and answers once it is on the disk."""
    await run_in_threadpool(services.product, product)  # what can't be kept is not read
    kind = KINDS.get(bodies.media_type(request))
    if kind is None:
        raise Refused("api.media_type", known=list(KINDS))
    with await run_in_threadpool(receiving.draft, caller) as body:
        await bodies.take_in(request, body, bodies.MOST_BYTES)
        sending = Sending(product, kind, series, idempotency_key=idempotency_key)
        found = await run_in_threadpool(receiving.receive, caller, sending, body)
    return started(request, response, found)


def started(request: Request, response: Response, found: Received) -> JobStarted:
    """What is answered to a sending: where its job is."""
    arrival = found.arrival
    href = f"{request.scope.get('root_path', '')}/api/v1/jobs/{arrival.id}"
    response.headers["location"] = href
    return JobStarted(
        job=arrival.id, href=href, state=str(arrival.state), records=arrival.rows, repeated=found.repeated
    )
