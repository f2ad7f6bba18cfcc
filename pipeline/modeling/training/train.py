"""Rows → model: folds in time, calibration, one tested period, refit; past rows get risks that never saw them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from pipeline.contract import LEAST_LABELLED, LEAST_OF_A_CLASS, Product
from pipeline.modeling import explanation, file_rows, ordinal
from pipeline.modeling.contacted import back_to_all
from pipeline.modeling.evaluation import baselines, metrics
from pipeline.modeling.evaluation.metrics import JudgedRows, Predicted
from pipeline.modeling.features import build
from pipeline.modeling.features.prediction_time import NO_DAY, event_days, known_outcomes, to_date
from pipeline.modeling.file_rows import FileRows, Rows
from pipeline.modeling.model import Answer, OutOfFoldPredictions, SelfTest, TrainedModel, declaration_hash
from pipeline.modeling.text import fit
from pipeline.modeling.text.contributions import Said
from pipeline.modeling.text.fit import Sensed
from pipeline.modeling.text.sense import Encoder
from pipeline.modeling.text.text_model import Asked
from pipeline.modeling.text.vocabulary import EXAMPLES
from pipeline.modeling.training import (
    all_rows,
    giveaway_test,
    learning_curve,
    left_out_units,
    model_card,
    pace,
    search,
)
from pipeline.modeling.training.boosting import EFFORTS, Effort
from pipeline.modeling.training.fit_task import (
    Calibrated,
    FittedTask,
    Fold,
    Pieces,
    Question,
    QuestionRun,
    TrainingProgress,
    answer,
)
from pipeline.modeling.training.frozen_list import frozen_test
from pipeline.modeling.training.model_card import TrainingRun
from pipeline.modeling.training.past_risks import Judges, answered, past_risks, with_rest
from pipeline.modeling.training.time_splits import Split, can_split, drawn, split
from pipeline.modeling.training_set import Labelled, prepare
from pipeline.records import Evaluation, ModelCard, Note, Progress, note


def train(
    rows: Rows,
    product: Product,
    run: TrainingRun,
    *,
    encoder: Encoder | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    enough: Callable[[], bool] | None = None,
) -> tuple[TrainedModel, OutOfFoldPredictions]:
    """Trains on the typed rows of a file; with an `encoder` the sense of comments is learnt beside their words, unless
    in haste.

    `enough`: whether a search for a better recipe shall end with the best so far.

    Raises NotEnoughData under 500 labelled rows or 50 of a class, PresencaError for more than fit in memory, KeyError
    for an unknown effort, Cancelled.
    """
    with threadpool_limits(1, user_api="blas"):  # its threads wait for each other: four times the sums, no sooner done
        return _train(file_rows.of(rows, product), product, run, encoder, TrainingProgress(progress, cancelled), enough)


def _train(
    rows: FileRows,
    product: Product,
    run: TrainingRun,
    encoder: Encoder | None,
    teller: TrainingProgress,
    enough: Callable[[], bool] | None,
) -> tuple[TrainedModel, OutOfFoldPredictions]:
    chosen = EFFORTS[run.effort]
    data = _prepared(rows, product, run, teller)
    parts = split(data.day, data.outcome) if data.timed else drawn(_groups(data), data.outcome, run.seed)
    questions = _questions(data)
    if chosen.reads_sense:
        data = replace(data, sensed=_sensed(data, encoder, teller.within(0.01, 0.2)))
    begun = 0.02 if data.sensed is None else 0.2
    pieces = _pieces(data, parts, questions, teller.within(begun, 0.3 if data.comments is not None else begun))
    whole = [Question.of(asked, place) for place, asked in enumerate(questions)]
    given = data  # what references learn from: a recipe may leave factors out of the model, not out of theirs
    usual = QuestionRun(data, whole[0], chosen, run.seed, product, teller.within(0.3, 0.5), finished=run.finished)
    chosen, data, searched = _searched(usual, pieces, enough)
    first = QuestionRun(data, whole[0], chosen, run.seed, product, teller.within(0.5 if searched else 0.3, 0.7))
    with all_rows.gathered(rows, data, product) as everyone:
        answers = _answers(replace(first, everyone=everyone, finished=run.finished), whole, pieces, teller)
    data, given = _weighted(data, given, pieces.tested, answers[0].tested)
    teller.say(0.85, note("training.testing"))
    tests = _test(given, parts, pieces.tested, answers, product, run.seed, chosen)
    frozen = frozen_test(data, rows, product, parts.test, answers[0].tested, run.seed, chosen.resamples)
    heard = teller.within(0.92, 0.94).hears(note("training.past_risks"))
    past, single = past_risks(data, pieces.folds, pieces.tested, answers, product, heard)
    first_tested = to_date(int(data.day[parts.blocks[1]].min())) if data.timed else None
    card = model_card.card(data, product, (*tests, frozen), past, run, first_tested, single)
    card = replace(card, notes=(*card.notes, *searched))
    card = _examined(card, first, replace(first, data=data, teller=teller), rows, pieces, answers[0], parts)
    model = _model(data, product, pieces.final, answers, card)
    if run.tells_past:
        teller.say(0.99, note("training.past_risks"))
        judges = Judges.of(data, pieces.folds, pieces.tested, answers[0])
        past = with_rest(past, data, rows, judges, product)
    teller.say(1.0, note("training.done"), answers[0].rounds)
    return model, past


def _prepared(rows: FileRows, product: Product, run: TrainingRun, teller: TrainingProgress) -> Labelled:
    """The rows to learn from; where they are a part, what becomes of the rest, and the pace that it takes."""
    chosen = EFFORTS[run.effort]
    teller.say(0.01, note("training.preparing"))
    data = prepare(rows, product, timed=_timed(rows, product), most=chosen.most_rows)
    teller.rows = len(data.outcome)
    teller.points = pace.points(chosen, data, tells_past=run.tells_past)
    if data.rest is None:
        return data
    said = "training.recipe_of_part" if chosen.learns_all else "training.part_drawn"
    teller.say(0.015, note(said, rows=len(data.outcome), of=data.available))
    return replace(data, rest=replace(data.rest, teaches=chosen.learns_all))


def _examined(
    card: ModelCard,
    first: QuestionRun,
    tested: QuestionRun,
    rows: FileRows,
    pieces: Pieces,
    fitted: FittedTask,
    parts: Split,
) -> ModelCard:
    """The card with what is asked of a model beyond its test: whether a factor gives the outcome away, what a new unit
    can expect, whether more rows would help. `tested`: the run with the rows weighted as they were tested.
    """
    teller = tested.teller
    teller.say(0.96, note("training.seeking_giveaways"))
    apart = _apart(tested.data, parts)
    given_away = giveaway_test.test(replace(tested, teller=teller.within(0.96, 0.97)), pieces, fitted, apart)
    at_units = replace(tested, teller=teller.within(0.97, 0.98))
    new_unit, why_not = left_out_units.test(at_units, rows, pieces.tested, fitted)
    learning = learning_curve.measured(replace(first, teller=teller.within(0.98, 0.99)), pieces.folds[-1], fitted)
    notes = (*card.notes, *why_not)
    return replace(card, giveaways=given_away, new_unit=new_unit, learning=learning, notes=notes)


def _answers(
    first: QuestionRun, questions: list[Question], pieces: Pieces, teller: TrainingProgress
) -> list[FittedTask]:
    """The risk with all the effort that was asked for, then the questions that follow it in haste."""
    made = [answer(first, pieces)]
    for place, question in enumerate(questions[1:]):
        told = teller.within(0.7 + 0.04 * place, 0.74 + 0.04 * place)
        hurried = replace(first, question=question, effort=EFFORTS["fast"], teller=told, everyone=None)
        made.append(answer(hurried, pieces))
    return made


def _searched(
    run: QuestionRun, pieces: Pieces, enough: Callable[[], bool] | None
) -> tuple[Effort, Labelled, tuple[Note, ...]]:
    """Effort and rows by the recipe that a search found, where there is time for one, and what it tells."""
    if not run.effort.search_seconds:
        return run.effort, run.data, ()
    found = search.search(run, pieces.folds, enough)
    return found.effort, found.data, (found.told,)


def _timed(rows: FileRows, product: Product) -> bool:
    """Whether the dated rows are enough to learn from and to be tested on a later period; else only words may teach."""
    if not product.learns_without_dates:
        return True
    day = event_days(rows, product)
    dated = known_outcomes(rows) & (day > NO_DAY)
    outcome = rows["outcome"].to_numpy(dtype=np.float64)[dated]
    rarer = min(outcome.sum(), len(outcome) - outcome.sum())
    return len(outcome) >= LEAST_LABELLED and rarer >= LEAST_OF_A_CLASS and can_split(day[dated], outcome)


def _groups(data: Labelled) -> np.ndarray:
    return np.arange(len(data.outcome)) if data.groups is None else data.groups


def _questions(data: Labelled) -> tuple[Asked, ...]:
    """The event alone, or the chain of questions that makes stars."""
    if data.stars is not None:
        return ordinal.questions(data.stars)
    return (Asked(np.ones(len(data.outcome), dtype=bool), data.outcome == 1, 1.0),)


def _sensed(data: Labelled, encoder: Encoder | None, teller: TrainingProgress) -> Sensed | None:
    if encoder is None or data.comments is None:
        return None

    def heard(done: int, of: int) -> None:
        teller.say(done / max(of, 1), note("training.reading_sense", done=done, of=of))

    return Sensed(encoder.vectors(data.comments.tolist(), heard), encoder.name)


def _pieces(data: Labelled, parts: Split, questions: tuple[Asked, ...], teller: TrainingProgress) -> Pieces:
    """The folds, the test and the whole, each with what a reader of its own says."""
    nothing = np.array([], dtype=np.int64)
    sides = [*parts.folds, (parts.development, parts.test), (np.arange(len(data.outcome)), nothing)]
    made = []
    for place, (learn, judge) in enumerate(sides):
        if data.comments is not None:
            teller.say(place / len(sides), note("training.reading_comments", part=place + 1, parts=len(sides)))
        made.append(_read(data, learn, judge, questions))
    return Pieces(tuple(made[:-2]), made[-2], made[-1])


def _read(data: Labelled, learn: np.ndarray, judge: np.ndarray, questions: tuple[Asked, ...]) -> Fold:
    if data.comments is None or data.groups is None:
        return Fold(learn, judge)
    asked = [Asked(q.rows[learn], q.yes[learn], q.strength) for q in questions]
    order = np.argsort(
        data.day[learn], kind="stable"
    )  # a reader learns from the latest comments where there are too many
    back = np.argsort(order, kind="stable")
    found, unseen = fit.fit(
        data.said(learn[order]),
        [Asked(q.rows[order], q.yes[order], q.strength) for q in asked],
        data.groups[learn[order]],
        None if data.sensed is None else data.sensed.of(learn[order]),
    )
    if found is None:
        return Fold(learn, judge)
    vectors = None if data.sensed is None else data.sensed.vectors[judge]
    comments = data.said(judge)
    return Fold(learn, judge, unseen[back], Said(found, comments, found.log_odds(comments, vectors), vectors))


def _test(
    data: Labelled, parts: Split, piece: Fold, answers: list[FittedTask], product: Product, seed: int, effort: Effort
) -> tuple[Evaluation, Evaluation | None]:
    """The one look at what is only tested: all rows, and those not booked on the day."""
    test = parts.test
    table = data.table.iloc[test]
    given = answered(piece, [made.tested for made in answers], table)
    others = baselines.predictions(data, product, parts.development, test)
    if data.sensed is not None:
        others[baselines.WORDS_ALONE] = _by_words_alone(data, piece, answers, table)
    period = model_card.period(data.day[test]) if data.timed else None

    own = Predicted(given[:, 0], None if data.stars is None else ordinal.chained(given))

    def judged(mask: np.ndarray) -> Evaluation:
        chosen = test[mask]
        return metrics.evaluate(
            own.taken(mask),
            {name: one.taken(mask) for name, one in others.items()},
            JudgedRows(
                data.outcome[chosen],
                data.patients[chosen],
                period,
                None if data.stars is None else data.stars[chosen],
                data.weights(chosen),
            ),
            seed=seed,
            resamples=effort.resamples,
        )

    apart = _apart(data, parts)
    everyone = judged(apart)
    if data.ahead is None:
        return everyone, None
    ahead = data.ahead[test] & apart
    few = min(data.outcome[test][ahead].sum(), ahead.sum() - data.outcome[test][ahead].sum()) < 10
    return everyone, None if few or ahead.all() else judged(ahead)


def _weighted(data: Labelled, given: Labelled, piece: Fold, model: Calibrated) -> tuple[Labelled, Labelled]:
    """Both with the weights at which the tested rows stand for those of their days that were contacted, if any were."""
    if data.contacted is None:
        return data, given
    days = data.day[piece.judge]
    aside = data.contacted.table.loc[(data.contacted.day >= days.min()) & (data.contacted.day <= days.max())]
    found = back_to_all(answered(piece, [model], data.table.iloc[piece.judge])[:, 0], model.risk(aside))
    if found is None:
        return data, given
    weight = np.ones(len(data.outcome))
    weight[piece.judge] = found
    return replace(data, weight=weight), replace(given, weight=weight)


def _by_words_alone(data: Labelled, piece: Fold, answers: list[FittedTask], table: pd.DataFrame) -> Predicted:
    """What the model answers where no encoder is at hand: what the sense brought, and what is left without it."""
    said = None if piece.said is None else piece.said.by_words()
    given = answered(replace(piece, said=said), [made.tested for made in answers], table)
    return Predicted(given[:, 0], None if data.stars is None else ordinal.chained(given))


def _apart(data: Labelled, parts: Split) -> np.ndarray:
    """Which rows of the test share no group with what was learnt from: a text seen before is no test of reading."""
    if data.groups is None:
        return np.ones(len(parts.test), dtype=bool)
    apart = ~np.isin(data.groups[parts.test], data.groups[parts.development])
    both = len(np.unique(data.outcome[parts.test][apart])) == 2
    return apart if both else np.ones(len(parts.test), dtype=bool)


def _model(
    data: Labelled,
    product: Product,
    piece: Fold,
    answers: list[FittedTask],
    card: model_card.ModelCard,
) -> TrainedModel:
    assert data.around is not None, "what is counted of all rows goes with those that teach"
    risk, chain = (
        answers[0].final,
        tuple(Answer(a.final.boosters, a.final.scale.slope, a.final.scale.intercept) for a in answers[1:]),
    )
    table = _self_test_rows(data.table)
    plain = table.astype(object).where(table.notna(), None).to_numpy().tolist()
    comments = tuple(EXAMPLES[i % len(EXAMPLES)] for i in range(len(table))) if piece.reader else ()
    model = TrainedModel(
        product_key=product.key,
        boosters=risk.boosters,
        slope=risk.scale.slope,
        intercept=risk.scale.intercept,
        columns=tuple(data.table.columns),
        factor_of=data.factor_of,
        aggregates=build.aggregates_of(data.around, product),
        card=card,
        self_test=SelfTest(tuple(tuple(row) for row in plain), (), comments),
        declaration=declaration_hash(product),
        reader=piece.reader,
        chain=chain,
    )
    return model.with_self_test(explanation.self_test_risks(model))


def _self_test_rows(table: pd.DataFrame) -> pd.DataFrame:
    """Synthetic rows at quantiles of each column, one of them without anything: never a patient's."""
    rows = table.quantile(np.linspace(0.05, 0.95, 7)).astype("float32").astype("float64")
    return pd.concat([rows, pd.DataFrame([[np.nan] * len(table.columns)], columns=table.columns)], ignore_index=True)
