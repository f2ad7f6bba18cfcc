"""What a model says of rows that may have taught it: what models said that had not seen them, or nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from pipeline.contract import Product
from pipeline.insight.groups.counts import places
from pipeline.insight.scoring import eligibility
from pipeline.insight.scoring.score import Scored
from pipeline.insight.scoring.tiers import tiers_in, tiers_of
from pipeline.modeling.model import OutOfFoldPredictions, TrainedModel
from pipeline.modeling.text.word_points import WordPoints, unpacked
from pipeline.records import note, pack

UNSEEN = pack(note("score.not_unseen"))


def honest(
    scored: Scored, rows: pd.DataFrame, past: OutOfFoldPredictions | None, product: Product, model: TrainedModel
) -> Scored:
    """`scored` with rows that may have taught the model answered by models that had not seen them, or not at all."""
    taught = eligibility.taught(rows, product, model)
    place = places(rows, past)
    known, lost = np.flatnonzero(taught & (place >= 0)), np.flatnonzero(taught & (place < 0))
    risk, reference = scored.risk.copy(), np.full(len(rows), scored.reference)
    points, observation = scored.points.copy(), scored.observation.copy()
    stars = scored.stars.copy() if scored.stars is not None else None
    risk[lost], points.iloc[lost], observation[lost] = np.nan, np.nan, UNSEEN
    words = _without(scored.words, taught)
    if past is not None and len(known):
        own = place[known]
        risk[known], reference[known] = past.risk[own], past.reference[own]
        points.iloc[known] = past.points[list(points.columns)].to_numpy(dtype=np.float64)[own]
        observation[known] = [eligibility.without_taught(text) for text in observation[known]]
        words = _with(words, past, known, own)
    if stars is not None:
        stars[lost] = np.nan
        if past is not None and past.stars is not None:
            stars[known] = past.stars[place[known]]
    return replace(
        scored,
        risk=risk,
        reference=reference,
        points=points,
        observation=observation,
        stars=stars,
        words=words,
        tier=tiers_of(risk, tiers_in(product, model.card.tiers)),
    )


def _without(words: WordPoints | None, rows: np.ndarray) -> WordPoints | None:
    if words is None:
        return None
    return words.taken(~rows[words.row])


def _with(
    words: WordPoints | None, past: OutOfFoldPredictions, known: np.ndarray, own: np.ndarray
) -> WordPoints | None:
    if words is None or past.marks is None:
        return words
    found = [
        (row, mark.start, mark.end, mark.points)
        for row, marks in zip(known.tolist(), past.marks[own], strict=True)
        for mark in unpacked(str(marks))
    ]
    row, start, end, points = (
        (np.array(column) for column in zip(*found, strict=True)) if found else (words.row[:0],) * 4
    )
    joined = [
        np.concatenate(pair)
        for pair in ((words.row, row), (words.start, start), (words.end, end), (words.points, points))
    ]
    order = np.lexsort((joined[1], joined[0]))
    return WordPoints(
        joined[0][order].astype(np.int64),
        joined[1][order].astype(np.int64),
        joined[2][order].astype(np.int64),
        joined[3][order],
    )
