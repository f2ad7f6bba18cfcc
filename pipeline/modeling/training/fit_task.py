"""One binary question learnt in time: folds that choose rounds and scale, a model for the test, one of all rows.

Where comments have been read, their log-odds are where the boosters start from, so that words and circumstances add
up exactly: z = intercept + slope · (trees + words).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import lightgbm as lgb
import numpy as np
import pandas as pd

from pipeline.contract import Product
from pipeline.errors import Cancelled
from pipeline.modeling import calibration, drawing
from pipeline.modeling.calibration import Calibration
from pipeline.modeling.evaluation import metrics
from pipeline.modeling.text.contributions import Said
from pipeline.modeling.text.text_model import Asked, Reader
from pipeline.modeling.training import boosting, finished, pace
from pipeline.modeling.training.all_rows import AllRows
from pipeline.modeling.training.boosting import Effort, OnRound, Part
from pipeline.modeling.training.finished import Finished
from pipeline.modeling.training.hiding import Columns, Hiding
from pipeline.modeling.training_set import Labelled
from pipeline.records import Note, Progress, note

FEW = 50  # rows of each answer in all that is learnt from, and a tenth of that in each fold: fewer grow no trees
LEVEL_ROWS = 100_000  # of those learnt from, whose mean risk sets the level: of more it differs by under 0.001
Boosters = tuple[lgb.Booster, ...]


@dataclass
class TrainingProgress:
    """Says where the training stands, within a span of the whole; hears whether to stop. `points`: see `pace`."""

    progress: Callable[[Progress], None] | None
    cancelled: Callable[[], bool] | None
    rows: int = 0
    best: float | None = None
    span: tuple[float, float] = (0.0, 1.0)
    points: pace.Points = ()

    def say(self, share: float, stage: Note, rounds: int = 0) -> None:
        """Says that `share` (0..1) of the span is done, at which stage, after how many rounds.

        Raises Cancelled where somebody asked to stop.
        """
        if self.cancelled is not None and self.cancelled():
            raise Cancelled
        if self.progress is not None:
            low, high = self.span
            told = pace.behind(low + (high - low) * share, self.points)
            self.progress(Progress(round(told, 4), stage, self.rows, rounds, self.best))

    def listener(self, share: tuple[float, float], stage: Note, most: int) -> Callable[[int], None]:
        """What boosting calls with the rounds done, of `most`: they lead from the first share to the second. It raises
        Cancelled as `say` does.
        """
        begin, end = share
        return lambda rounds: self.say(begin + (end - begin) * min(rounds / most, 1.0), stage, rounds)

    def hears(self, stage: Note) -> Callable[[float], None]:
        """What is called with the share of the span that is done. It raises Cancelled as `say` does."""
        return lambda share: self.say(share, stage)

    def within(self, low: float, high: float) -> TrainingProgress:
        """The same for a part of the work."""
        return TrainingProgress(self.progress, self.cancelled, self.rows, self.best, (low, high), self.points)


@dataclass(frozen=True)
class Fold:
    """Rows learnt from and rows judged (positions), with what a reader that learnt from the first says of both.

    `learnt` and `judged` are log-odds (rows × questions), those of the rows learnt from by readers that had not seen
    them; None where there are no comments to read.
    """

    learn: np.ndarray
    judge: np.ndarray
    learnt: np.ndarray | None = None
    said: Said | None = None

    @property
    def reader(self) -> Reader | None:
        """The reader that learnt from the rows learnt from."""
        return None if self.said is None else self.said.reader

    @property
    def judged(self) -> np.ndarray | None:
        """What it says of the rows judged."""
        return None if self.said is None else self.said.log_odds

    def learnt_of(self, question: Question) -> tuple[np.ndarray, np.ndarray | None]:
        """The rows learnt from that the question is asked of, and what their comments say."""
        return _asked(self.learn, self.learnt, question)

    def judged_of(self, question: Question) -> tuple[np.ndarray, np.ndarray | None]:
        """The rows judged that the question is asked of, and what their comments say."""
        return _asked(self.judge, self.judged, question)


@dataclass(frozen=True)
class Question:
    """Which of the labelled rows are asked (bool), who says yes (0/1), and its place among the readers' answers."""

    rows: np.ndarray
    yes: np.ndarray
    place: int = 0

    @staticmethod
    def of(asked: Asked, place: int) -> Question:
        """The question as the readers are asked it, answers as float64; `place` is its column in what they say."""
        return Question(asked.rows, asked.yes.astype(np.float64), place)


@dataclass(frozen=True)
class Pieces:
    """The labelled rows in pieces: a fold each for rounds and scale, the one test, and all rows."""

    folds: tuple[Fold, ...]
    tested: Fold
    final: Fold

    def __iter__(self) -> Iterator[Fold]:
        return iter((*self.folds, self.tested, self.final))


@dataclass(frozen=True)
class QuestionRun:
    """The training of one question: on which rows, with how much effort, from which seed, and who hears of it.

    `everyone`: the rows that the last boosters learn from, where those in hand are a part of them; it is only given
    with a question that all rows are asked. `finished`: what an earlier attempt grew of them.
    """

    data: Labelled
    question: Question
    effort: Effort
    seed: int
    product: Product
    teller: TrainingProgress
    everyone: AllRows | None = None
    finished: Finished = field(default_factory=finished.Nothing)


@dataclass(frozen=True)
class Calibrated:
    """Boosters with the scale that makes risks of their margins and of what comments say."""

    boosters: Boosters
    scale: Calibration

    def risk(self, table: pd.DataFrame, said: np.ndarray | None = None) -> np.ndarray:
        """Probability of yes for rows (n × columns) whose comments say `said` (log-odds, n)."""
        return self.scale.risk(_margin(self.boosters, table, said))


@dataclass(frozen=True)
class FittedTask:
    """What was learnt of a question: a model a fold, the tested one, the one of all rows.

    `last`: the first booster of the last fold as its early stopping left it; None where no trees were grown.
    """

    rounds: int
    folds: tuple[Calibrated, ...]
    tested: Calibrated
    final: Calibrated
    last: lgb.Booster | None = None


def answer(run: QuestionRun, pieces: Pieces) -> FittedTask:
    """Learns one question. Too few of an answer, and the comments (or the mere rate) answer alone."""
    data, question = run.data, run.question
    if not _enough(question, pieces):
        return _without_trees(question, pieces)
    grown, rounds, last = _grow_folds(run, pieces.folds)
    margins = [
        _judged_margin(data, question, piece, boosters) for piece, boosters in zip(pieces.folds, grown, strict=True)
    ]
    outcomes = [question.yes[piece.judged_of(question)[0]] for piece in pieces.folds]
    scale = calibration.fit(np.concatenate(margins), np.concatenate(outcomes))
    tested = _grow(run, pieces.tested, rounds, (pace.ALL_SEEDS, pace.TESTED), note("training.preparing_test"))
    levelled = [
        _levelled(data, question, piece, boosters, scale)
        for piece, boosters in zip((*pieces.folds, pieces.tested), (*grown, tested), strict=True)
    ]
    return FittedTask(rounds, tuple(levelled[:-1]), levelled[-1], _final(run, pieces.final, rounds, scale), last)


def _final(run: QuestionRun, piece: Fold, rounds: int, scale: Calibration) -> Calibrated:
    """The boosters of all rows, at their level: those in hand, or those of which they are a part."""
    boosters = _grow(run, piece, rounds, (pace.TESTED, 1.0), note("training.learning_all"), run.everyone)
    if run.everyone is None:
        return _levelled(run.data, run.question, piece, boosters, scale)
    everyone = run.everyone
    weight = calibration.recency(everyone.day)
    rate = float(np.average(everyone.outcome, weights=weight))
    places, table = everyone.part(LEVEL_ROWS)
    return Calibrated(boosters, scale.at_level(boosting.margin(boosters, table), rate, weight[places]))


def stopped_early(run: QuestionRun, piece: Fold, on_round: OnRound | None = None) -> tuple[lgb.Booster, list[float]]:
    """One booster that stops early, with the log-loss of the judged rows after each round."""
    rows, said = piece.judged_of(run.question)
    return boosting.grow(
        _hidden(run, piece, run.seed),
        run.effort,
        run.seed,
        run.effort.rounds,
        judged=Part(run.data.table.iloc[rows], run.question.yes[rows], said),
        stopped=run.teller.cancelled,
        on_round=on_round,
    )


def curve_on(run: QuestionRun, piece: Fold) -> list[float]:
    """Log-loss of the judged rows after each round of one booster, which stops early."""
    return stopped_early(run, piece)[1]


def margin_of(run: QuestionRun, judged_first: Fold, piece: Fold) -> np.ndarray:
    """Margins (n) of the judged rows of `piece` by one booster, its rounds found on the rows judged in another fold."""
    rounds = boosting.best_rounds([curve_on(run, judged_first)], [1])
    booster = boosting.grow(_hidden(run, piece, run.seed), run.effort, run.seed, rounds, stopped=run.teller.cancelled)[
        0
    ]
    return _judged_margin(run.data, run.question, piece, (booster,))


def one_booster(run: QuestionRun, piece: Fold, rounds: int, slope: float) -> Calibrated:
    """One booster of `rounds` trees on the rows learnt from, at their level, with a slope that the folds found."""
    booster, _ = boosting.grow(
        _hidden(run, piece, run.seed), run.effort, run.seed, rounds, stopped=run.teller.cancelled
    )
    return _levelled(run.data, run.question, piece, (booster,), Calibration(slope, 0.0))


def _asked(rows: np.ndarray, said: np.ndarray | None, question: Question) -> tuple[np.ndarray, np.ndarray | None]:
    chosen = question.rows[rows]
    return rows[chosen], None if said is None else said[chosen, question.place]


def _margin(boosters: Boosters, table: pd.DataFrame, said: np.ndarray | None) -> np.ndarray:
    margin = boosting.margin(boosters, table)
    return margin if said is None else margin + said


def _judged_margin(data: Labelled, question: Question, piece: Fold, boosters: Boosters) -> np.ndarray:
    rows, said = piece.judged_of(question)
    return _margin(boosters, data.table.iloc[rows], said)


def _enough(question: Question, pieces: Pieces) -> bool:
    if question.rows.all():  # the risk itself: what a training asks for was checked before
        return True

    def fewest(rows: np.ndarray) -> int:
        yes = question.yes[rows].sum()
        return int(min(yes, len(rows) - yes))

    parts = [part for piece in pieces.folds for part in (piece.learnt_of(question)[0], piece.judged_of(question)[0])]
    return fewest(pieces.final.learnt_of(question)[0]) >= FEW and min(map(fewest, parts)) >= FEW // 10


def _without_trees(question: Question, pieces: Pieces) -> FittedTask:
    made = []
    for piece in pieces:
        rows, said = piece.learnt_of(question)
        rate = (question.yes[rows].sum() + 0.5) / (len(rows) + 1)
        made.append(Calibrated((), Calibration(1.0, 0.0 if said is not None else float(np.log(rate / (1 - rate))))))
    return FittedTask(0, tuple(made[:-2]), made[-2], made[-1])


def _levelled(data: Labelled, question: Question, piece: Fold, boosters: Boosters, scale: Calibration) -> Calibrated:
    """The folds' slope, at the level of the rows that these boosters learnt from; of the latest above all.

    The rate is of all of them; their mean risk, where they are many, of a part with the shares of each day and answer.
    """
    rows, said = piece.learnt_of(question)
    weight = calibration.recency(data.day[rows]) if data.timed else np.ones(len(rows))
    rate = float(np.average(question.yes[rows], weights=weight))
    part = drawing.part(data.day[rows], question.yes[rows], data.rows["row"].to_numpy()[rows], LEVEL_ROWS)
    margin = _margin(boosters, data.table.iloc[rows[part]], None if said is None else said[part])
    return Calibrated(boosters, scale.at_level(margin, rate, weight[part]))


def _grow_folds(run: QuestionRun, folds: tuple[Fold, ...]) -> tuple[list[Boosters], int, lgb.Booster]:
    """Expanding folds: the first seed finds the rounds, the others follow with as many. Beside them the last fold's
    first booster as it was stopped.
    """
    first: list[lgb.Booster] = []
    curves: list[list[float]] = []
    number, question, teller = len(folds), run.question, run.teller
    shares = pace.FIRST_SEEDS * _behind(folds)
    for k, piece in enumerate(folds):
        stage = note("training.learning_past", part=k + 1, parts=number)
        heard = teller.listener((shares[k], shares[k + 1]), stage, run.effort.rounds)
        booster, curve = stopped_early(run, piece, heard)
        first.append(booster)
        curves.append(curve)
        judged, _ = piece.judged_of(question)
        teller.best = metrics.auc(_judged_margin(run.data, question, piece, (booster,)), question.yes[judged])
        teller.say(shares[k + 1], stage, len(curve))
    rounds = boosting.best_rounds(curves, [len(piece.judged_of(question)[0]) for piece in folds])
    grown = []
    for k, piece in enumerate(folds):
        others = _more_seeds(run, piece, rounds, pace.FIRST_SEEDS + (pace.ALL_SEEDS - pace.FIRST_SEEDS) * k / number)
        grown.append((boosting.truncated(first[k], rounds), *others))
    return grown, rounds, first[-1]


def _behind(folds: tuple[Fold, ...]) -> np.ndarray:
    """The share of their rows that is learnt from before each fold, and 1: later folds learn from more."""
    learnt = np.cumsum([0, *(len(piece.learn) for piece in folds)])
    return learnt / learnt[-1]


def _more_seeds(run: QuestionRun, piece: Fold, rounds: int, share: float) -> Boosters:
    grown = []
    for n in range(1, run.effort.seeds):
        run.teller.say(share, note("training.repeating", time=n + 1, times=run.effort.seeds), rounds)
        part = _hidden(run, piece, run.seed + n)
        grown.append(boosting.grow(part, run.effort, run.seed + n, rounds, stopped=run.teller.cancelled)[0])
    return tuple(grown)


def _grow(
    run: QuestionRun,
    piece: Fold,
    rounds: int,
    span: tuple[float, float],
    stage: Note,
    everyone: AllRows | None = None,
) -> Boosters:
    """One booster a seed on the rows learnt from, or on those of which they are a part."""
    grown = []
    for n in range(run.effort.seeds):
        begin, end = (span[0] + (span[1] - span[0]) * done / run.effort.seeds for done in (n, n + 1))
        heard = run.teller.listener((begin, end), stage, rounds)
        if everyone is None:
            grown.append(_grown(run, _hidden(run, piece, run.seed + n), run.seed + n, rounds, heard))
            continue
        run.teller.say(begin, stage)

        def grow(rows: AllRows = everyone, seed: int = run.seed + n, heard: OnRound = heard) -> lgb.Booster:
            return _grown(run, rows.hidden(seed), seed, rounds, heard)

        way = (run.seed + n, rounds)
        grown.append(finished.booster(run.finished, run.effort, list(everyone.columns.names), way, grow))
    return tuple(grown)


def _grown(run: QuestionRun, part: Part, seed: int, rounds: int, heard: OnRound) -> lgb.Booster:
    return boosting.grow(part, run.effort, seed, rounds, stopped=run.teller.cancelled, on_round=heard)[0]


def _hidden(run: QuestionRun, piece: Fold, seed: int) -> Part:
    """The rows (float32, each in one piece), some without what files to score often lack, half of them as a list saw
    them that was made earlier (see training.hiding).
    """
    data, question = run.data, run.question
    rows, said = piece.learnt_of(question)
    columns = Columns(tuple(data.table.columns), data.factor_of)
    hiding = Hiding.drawn(data.patients[rows], run.product, columns, seed, replays=data.replayed is not None)
    values = np.ascontiguousarray(data.table.to_numpy()[rows])
    if data.replayed is not None:
        early = hiding.replaying(0, len(rows))
        values[early] = data.replayed.to_numpy()[rows[early]]
    hiding.hide(values)
    return Part(pd.DataFrame(values, columns=data.table.columns, copy=False), question.yes[rows], said)
