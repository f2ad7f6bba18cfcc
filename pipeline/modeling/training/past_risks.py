"""What a training says of the past: the risk of each row by a model that had not seen it, with its points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.contract import Product
from pipeline.modeling import explanation, ordinal
from pipeline.modeling.features import build
from pipeline.modeling.model import OutOfFoldPredictions
from pipeline.modeling.text.contributions import Said
from pipeline.modeling.text.word_points import marks_of
from pipeline.modeling.training.fit_task import Calibrated, FittedTask, Fold
from pipeline.modeling.training_set import Labelled, rows_of
from pipeline.shards import layout


def answered(piece: Fold, made: list[Calibrated], table: pd.DataFrame) -> np.ndarray:
    """n × questions: probability of yes to each, for all judged rows (`table`)."""
    said = piece.judged
    return np.column_stack(
        [one.risk(table, None if said is None else said[:, place]) for place, one in enumerate(made)]
    )


def past_risks(
    data: Labelled, folds: tuple[Fold, ...], tested: Fold, answers: list[FittedTask], product: Product
) -> tuple[OutOfFoldPredictions, np.ndarray | None]:
    """Risks and points of every row that some model had not seen: the folds' own blocks and the test period.

    Beside them the marks of single words, where comments are read: what words weigh is told word by word.
    """
    sides = [(piece, [made.folds[k] for made in answers]) for k, piece in enumerate(folds)]
    sides.append((tested, [made.tested for made in answers]))
    found = [_explained(data, piece, made, product) for piece, made in sides]
    rows = [data.rows["row"].to_numpy()[piece.judge] for piece, _ in sides]
    past = OutOfFoldPredictions(
        row=np.concatenate(rows),
        risk=np.concatenate([one.risk for one, _, _ in found]),
        reference=np.concatenate(
            [np.full(len(row), one.reference) for row, (one, _, _) in zip(rows, found, strict=True)]
        ),
        points=pd.concat([one.points for one, _, _ in found], ignore_index=True).astype("float32"),
        stars=None if data.stars is None else np.concatenate([probabilities for _, probabilities, _ in found]),
        marks=None if tested.reader is None else np.concatenate([marks[0] for _, _, marks in found]),
    )
    return past, None if tested.reader is None else np.concatenate([marks[1] for _, _, marks in found])


def _explained(
    data: Labelled, piece: Fold, made: list[Calibrated], product: Product
) -> tuple[explanation.Explained, np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """(explanation, stars, marks of phrases and of words) of the judged rows."""
    table, risk = data.table.iloc[piece.judge], made[0]
    said = piece.said

    def explained(said: Said | None) -> explanation.Explained:
        heard = () if said is None else said.contributions(product)
        scale = risk.scale
        return explanation.explain(risk.boosters, table, data.factor_of, scale.slope, scale.intercept, heard=heard)

    found = explained(said)
    probabilities = (
        ordinal.chained(answered(piece, made, table)) if data.stars is not None else np.zeros((len(table), 0))
    )
    unmarked = np.full(len(table), "", dtype=object)
    if said is None:
        return found, probabilities, (unmarked, unmarked)
    marks = marks_of(said, risk.scale.slope * found.rate)
    if said.vectors is not None:  # what a word weighs is told by the words: beside the sense they say it half
        alone = said.by_words()
        marks = (marks[0], marks_of(alone, risk.scale.slope * explained(alone).rate)[1])
    return found, probabilities, marks


def with_rest(
    past: OutOfFoldPredictions, data: Labelled, rows: pd.DataFrame, judged: Judges, product: Product
) -> OutOfFoldPredictions:
    """Beside the risks of the rows drawn to learn from, those of the rows that were not: each by the model that judged
    the drawn rows of its days. The first block's have none, as its drawn rows have none. `rows`: of the whole file.

    The columns are made shard by shard; the rows stand in the file's order.
    """
    if data.rest is None:
        return past
    number = layout.number_for(len(rows))
    shard = layout.shard_of(rows, product, number)
    found = [told for k in range(number) for told in _of_shard(data, rows, shard == k, judged, product)]
    rest = _together(found)
    order = np.argsort(rest.row, kind="stable")
    ordered = OutOfFoldPredictions(
        rest.row[order], rest.risk[order], rest.reference[order], rest.points.iloc[order].reset_index(drop=True)
    )
    return _together([past, ordered])


@dataclass(frozen=True)
class Judges:
    """The models that judged rows they had not seen, by the first day (int64) of those; the last has no end."""

    since: np.ndarray
    models: tuple[Calibrated, ...]

    @staticmethod
    def of(data: Labelled, folds: tuple[Fold, ...], tested: Fold, fitted: FittedTask) -> Judges:
        """The folds' and the tested one."""
        since = np.array([int(data.day[piece.judge].min()) for piece in (*folds, tested)])
        return Judges(since, (*fitted.folds, fitted.tested))


def _of_shard(
    data: Labelled, rows: pd.DataFrame, inside: np.ndarray, judged: Judges, product: Product
) -> Iterator[OutOfFoldPredictions]:
    """The rows of a shard (mask over the file) that were not drawn, by each model those of its days."""
    rest = data.rest
    assert rest is not None
    own = np.flatnonzero(inside[rest.place])
    built = build.build(rows_of(rows, product, inside), product, around=rest.around).columns
    places = np.cumsum(inside)[rest.place[own]] - 1
    span = np.searchsorted(judged.since, rest.day[own], side="right") - 1
    for k, made in enumerate(judged.models):
        chosen = span == k
        if not chosen.any():
            continue
        table = built.iloc[places[chosen]][list(data.table.columns)]
        told = explanation.explain(made.boosters, table, data.factor_of, made.scale.slope, made.scale.intercept)
        reference = np.full(len(table), told.reference)
        yield OutOfFoldPredictions(rest.row[own[chosen]], told.risk, reference, told.points.astype("float32"))


def _together(parts: list[OutOfFoldPredictions]) -> OutOfFoldPredictions:
    return OutOfFoldPredictions(
        row=np.concatenate([one.row for one in parts]),
        risk=np.concatenate([one.risk for one in parts]),
        reference=np.concatenate([one.reference for one in parts]),
        points=pd.concat([one.points for one in parts], ignore_index=True),
    )
