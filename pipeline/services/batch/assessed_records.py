"""The risks of rows that a caller brings as FHIR's RiskAssessments: nothing of them is kept."""

from __future__ import annotations

from pipeline.ingestion.reading.raw_table import RawTable
from pipeline.records import ModelInfo
from pipeline.services.batch import assessing
from pipeline.services.models import scoring
from pipeline.services.models.scoring import Asked
from pipeline.services.session import Permission, Session, needs

__all__ = ["assess"]


@needs(Permission.SCORE_RECORDS)
def assess(session: Session, info: ModelInfo, raw: RawTable, asked: Asked) -> bytes:
    """A Bundle of RiskAssessments, one for each row of at most `scoring.MOST`; who they are of is said as it came."""
    found = scoring.scored_rows(session, info, raw, asked)
    own = assessing.Assessed(found.dataset, found.declared, found.model.card, found.scored)
    return assessing.content(own, ".json")
