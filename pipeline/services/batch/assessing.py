"""Risks of a file as FHIR's RiskAssessments: one for each of its rows, those without a risk too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.contract import Product, Role
from pipeline.ingestion.dataset import Dataset
from pipeline.ingestion.reading.fhir.vocabulary import RESOURCE, SUBJECT
from pipeline.insight.scoring import score
from pipeline.presentation import spreadsheets
from pipeline.presentation.locale import messages
from pipeline.presentation.sentences import issue_words, reason_words
from pipeline.presentation.spreadsheets import Assessment, Assessor
from pipeline.records import ModelCard, Note

ENDINGS = (".ndjson", ".json")


@dataclass(frozen=True)
class Assessed:
    """What RiskAssessments are made of, when they are asked for."""

    dataset: Dataset
    product: Product
    card: ModelCard
    scored: score.Scored


def content(assessed: Assessed, ending: str) -> bytes:
    """The RiskAssessments as NDJSON (.ndjson) or as a Bundle (.json)."""
    found = resources(assessed)
    return spreadsheets.as_ndjson(found) if ending == ENDINGS[0] else spreadsheets.as_bundle(found)


def resources(assessed: Assessed) -> Iterator[spreadsheets.Resource]:
    """A RiskAssessment for each row of the file, in its order."""
    card = assessed.card
    by = Assessor(assessed.product, assessed.scored.as_of, card.created, card.trained_until)
    return spreadsheets.risk_assessments(_lines(assessed), by)


def _lines(assessed: Assessed) -> Iterator[Assessment]:
    told = {one.row: one for one in (*_scored(assessed), *_left_out(assessed))}
    raw = assessed.dataset.raw
    names = [match.header for match in assessed.dataset.matches if match.field == _patient(assessed.product)]
    columns = [
        raw.table[name].to_pylist() if name in raw.table.column_names else [None] * raw.table.num_rows
        for name in (RESOURCE, SUBJECT, *(names or [""])[:1])
    ]
    for row, resource, subject, patient in zip(raw.rows.tolist(), *columns, strict=True):
        one = told.get(row, Assessment(row, None))
        yield one.at(resource or "", subject or "", patient or "")


def _patient(product: Product) -> str | None:
    field = product.by_role(Role.PATIENT)
    return field.key if field else None


def _scored(assessed: Assessed) -> Iterator[Assessment]:
    scored, rows, declared = assessed.scored, assessed.dataset.rows, assessed.product
    reasons = [reason_words.reasons(of.notes, of.points) for of in score.reasons(scored, rows, declared)]
    days = pd.to_datetime(rows[declared.time.key]).tolist()
    whys = reason_words.texts(scored.observation)
    for place, (row, risk) in enumerate(zip(scored.row.tolist(), scored.risk.tolist(), strict=True)):
        yield Assessment(
            row,
            None if np.isnan(risk) else risk,
            scored.tier[place] or "",
            tuple(str(of[place]) for of in reasons if of[place]),
            str(whys[place]),
            None if pd.isna(days[place]) else days[place].date(),
        )


def _left_out(assessed: Assessed) -> Iterator[Assessment]:
    left = issue_words.with_reasons(assessed.dataset.left_out, assessed.product)
    for row, reason in zip(left["row"].tolist(), left["reason"].astype("str").tolist(), strict=True):
        yield Assessment(row, None, why=messages.say(Note("score.left_out", {"reason": reason})))
