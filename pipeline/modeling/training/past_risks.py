"""What a training says of the past: the risk of each row by a model that had not seen it, with its points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline import per_row
from pipeline.contract import Product
from pipeline.modeling import explanation, file_rows, ordinal
from pipeline.modeling.file_rows import FileRows, Making, Rows
from pipeline.modeling.model import OutOfFoldPredictions
from pipeline.modeling.text.contributions import Said
from pipeline.modeling.text.word_points import marks_of
from pipeline.modeling.training.fit_task import Calibrated, FittedTask, Fold
from pipeline.modeling.training_set import Labelled, Rest


def answered(piece: Fold, made: list[Calibrated], table: pd.DataFrame) -> np.ndarray:
    """n × questions: probability of yes to each, for all judged rows (`table`)."""
    said = piece.judged
    return np.column_stack(
        [one.risk(table, None if said is None else said[:, place]) for place, one in enumerate(made)]
    )


def past_risks(
    data: Labelled,
    folds: tuple[Fold, ...],
    tested: Fold,
    answers: list[FittedTask],
    product: Product,
    tell: Callable[[float], None] = lambda _: None,
) -> tuple[OutOfFoldPredictions, np.ndarray | None]:
    """Risks and points of every row that some model had not seen: the folds' own blocks and the test period. `tell`
    hears which share of these is done.

    Beside them the marks of single words, where comments are read: what words weigh is told word by word.
    """
    sides = [(piece, [made.folds[k] for made in answers]) for k, piece in enumerate(folds)]
    sides.append((tested, [made.tested for made in answers]))
    found = []
    for place, (piece, made) in enumerate(sides):
        tell(place / len(sides))
        found.append(_explained(data, piece, made, product))
    tell(1.0)
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
    past: OutOfFoldPredictions, data: Labelled, rows: Rows, judged: Judges, product: Product
) -> OutOfFoldPredictions:
    """Beside the risks of the rows drawn to learn from, those of the rows that were not: each by the model that judged
    the drawn rows of its days. The first block's have none, as its drawn rows have none. `rows`: of the whole file.

    The columns are made part by part, and what comes of them is put where it stays: the rows stand in the file's order.
    """
    if data.rest is None:
        return past
    assert data.around is not None
    asked = _OfRest.of(data.rest, judged, data)
    held, file = _Held.of(past, data.rest.row[asked.span >= 0]), file_rows.of(rows, product)
    if not asked.explained(file, Making(product, data.around), held, trusted=True):
        asked.explained(file, Making(product, data.around), held, trusted=False)
    return held.told


@dataclass(frozen=True)
class _OfRest:
    """The rows that were not drawn, by the model that says their risk.

    `place`: of those that get one, in the file; `span`: which model's each of the rest is, −1 where it is none's;
    `number`: which of that model's rows it is, so that what is decided by their number is decided by all of them.
    """

    place: np.ndarray
    span: np.ndarray
    number: np.ndarray
    data: Labelled
    judged: Judges

    @staticmethod
    def of(rest: Rest, judged: Judges, data: Labelled) -> _OfRest:
        """Those of the first block have no model."""
        span = np.searchsorted(judged.since, rest.day, side="right") - 1
        number = np.zeros(len(span), dtype=np.int64)
        for k in range(len(judged.models)):
            number[span == k] = np.arange(int((span == k).sum()))
        told = span >= 0
        return _OfRest(rest.place[told], span, number, data, judged)

    def explained(self, file: FileRows, asked: Making, held: _Held, *, trusted: bool) -> bool:
        """Puts risks and points into `held`; whether the explanation was trusted throughout."""
        chosen, span, number = np.zeros(len(file), dtype=bool), self.span[self.span >= 0], self.number[self.span >= 0]
        chosen[self.place] = True
        sizes, agreed = np.bincount(span, minlength=len(self.judged.models)).tolist(), True
        for at, table in file.parts(asked, chosen):
            own = np.searchsorted(self.place, at)
            for k, made in enumerate(self.judged.models):
                mine = own[span[own] == k]
                if not len(mine):
                    continue
                frame, scale = table.loc[span[own] == k, list(self.data.table.columns)], made.scale
                whole = explanation.Whole(sizes[k], number[mine], trusted)
                told = explanation.explain(
                    made.boosters, frame, self.data.factor_of, scale.slope, scale.intercept, whole=whole
                )
                held.put(mine, told)
                agreed &= told.agreed
        return agreed or not trusted


@dataclass(frozen=True)
class _Held:
    """Risks of the past with room for those of more rows, laid out once, and of many in a file without a name: millions
    of them are neither copied nor held.
    """

    row: np.ndarray
    risk: np.ndarray
    reference: np.ndarray
    points: np.ndarray  # factors × rows, float32: a frame takes them as they lie
    factors: pd.Index
    more: int

    @staticmethod
    def of(past: OutOfFoldPredictions, more: np.ndarray) -> _Held:
        """Those of `past`, and room for the rows `more` (their numbers) behind them."""
        size, own = len(past.row) + len(more), len(past.row)
        factors = past.points.shape[1]
        points = per_row.empty(factors * size, np.float32).reshape(factors, size)
        points[:, :own] = past.points.to_numpy().T
        risk, reference = per_row.empty(size, np.float64), per_row.empty(size, np.float64)
        risk[:own], reference[:own] = past.risk, past.reference
        return _Held(np.concatenate([past.row, more]), risk, reference, points, past.points.columns, len(more))

    def put(self, which: np.ndarray, told: explanation.Explained) -> None:
        """What comes of some of the rows behind those of the past."""
        places = len(self.row) - self.more + which
        self.risk[places], self.reference[places] = told.risk, told.reference
        self.points[:, places] = told.points[list(self.factors)].to_numpy(dtype=np.float32).T

    @property
    def told(self) -> OutOfFoldPredictions:
        """All of them."""
        points = pd.DataFrame(self.points.T, columns=self.factors, copy=False)
        return OutOfFoldPredictions(self.row, self.risk, self.reference, points)


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
