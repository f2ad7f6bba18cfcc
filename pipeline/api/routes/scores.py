"""`/models/{model}/score`: rows in, risks out, at once; nothing is kept."""

from __future__ import annotations

import datetime as dt
import io
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from pipeline import services
from pipeline.api import bodies, documentation_marks
from pipeline.api.computing import computed
from pipeline.api.dependencies import Needs, Told
from pipeline.api.problems import Refused
from pipeline.contract import Product
from pipeline.presentation.sentences import languages, reason_words
from pipeline.presentation.sentences.languages import Language
from pipeline.records import Note
from pipeline.records.scores import RowScore
from pipeline.services import Session
from pipeline.services.batch import assessed_records
from pipeline.services.models import scoring
from pipeline.services.models.scoring import Asked

router = APIRouter(prefix="/models", tags=["scores"])
Scorer = Annotated[Session, Depends(Needs(scoring.score_records))]


FHIR = "application/fhir+json"
KINDS = ("application/json", FHIR, "application/fhir+ndjson")


class ReasonOut(BaseModel):
    """A reason: what is said in Portuguese, its points of risk (0.09 stands for +9), its factor (null: a word)."""

    text: str
    points: float
    factor: str | None


class SaidOut(BaseModel):
    """Why a row has no risk, or what its risk had to do without."""

    code: str
    detail: str


class ScoreOut(BaseModel):
    """A row's risk. `points` by factor sum with the reference to the risk; `stars`: chances of 1 to 5, where told."""

    row: int
    risk: float | None
    tier: str | None
    points: dict[str, float]
    reasons: list[ReasonOut]
    stars: list[float] | None
    note: SaidOut | None


class ScoresOut(BaseModel):
    """The risks of the rows that were sent, in their order."""

    model: str
    product: str
    as_of: dt.date
    reference: float
    scores: list[ScoreOut]


class ScoreAsked(BaseModel):
    """How to score. `series`, `product`: whose current model; `history`: whether what the model's series knows of the
    patients is used, as in the app's lists; `as_of`: the day that is looked from.
    """

    series: str = Field(default="", max_length=12)
    product: str = Field(default="", max_length=60)
    history: bool = True
    as_of: dt.date | None = None


@router.post(
    "/{model}/score",
    operation_id="score",
    response_model=ScoresOut,
    openapi_extra={documentation_marks.RECORDS: list(KINDS)},
    responses={200: {"content": {FHIR: {"schema": {"type": "object", "description": "Bundle"}}}}},
)
async def score(
    model: str,
    request: Request,
    caller: Scorer,
    language: Told,
    asked: Annotated[ScoreAsked, Query()],
) -> ScoresOut | Response:
    """Scores at most 1,000 rows."""
    kind = bodies.media_type(request)
    if kind not in KINDS:
        raise Refused("api.media_type", known=list(KINDS))
    body = io.BytesIO()
    await bodies.take_in(request, body, bodies.MOST_AT_ONCE, 30.0)

    def work() -> ScoresOut | Response:
        info = scoring.chosen(caller, model, asked.series, asked.product)
        content, how = body.getvalue(), Asked(asked.history, asked.as_of)
        raw = scoring.resources_of(content) if kind in KINDS[1:] else scoring.table_of(content, info)
        if FHIR in request.headers.get("accept", ""):
            return Response(assessed_records.assess(caller, info, raw, how), media_type=FHIR)
        found = scoring.score_table(caller, info, raw, how)
        declared = services.product(info.product)
        return ScoresOut(
            model=info.id,
            product=info.product,
            as_of=found.as_of,
            reference=found.reference,
            scores=[told(row, declared, language) for row in found.rows],
        )

    return await computed(work)


def told(row: RowScore, declared: Product, language: Language) -> ScoreOut:
    """A row's risk in the caller's language."""
    return ScoreOut(
        row=row.row,
        risk=row.risk,
        tier=row.tier,
        points=row.points,
        reasons=[
            ReasonOut(text=reason_words.told(r.said, r.points), points=r.points, factor=r.factor or None)
            for r in row.reasons
        ],
        stars=list(row.stars) or None,
        note=_said(row.note, declared, language),
    )


def _said(note: Note | None, declared: Product, language: Language) -> SaidOut | None:
    """A note, or the rule by which a row was left out."""
    if note is None:
        return None
    if any(rule.code == note.code for rule in declared.rules):
        return SaidOut(code=note.code, detail=languages.reason(note.code, declared, language))
    return SaidOut(code=note.code, detail=languages.told(note, language))
