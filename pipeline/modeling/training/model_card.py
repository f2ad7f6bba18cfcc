"""What is said of a model: tiers, weights of factors, notes, all in one record that holds no patient."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pipeline.contract import Product
from pipeline.modeling.features.prediction_time import NO_DAY, to_date
from pipeline.modeling.model import OutOfFoldPredictions
from pipeline.modeling.text.word_importance import word_weights
from pipeline.modeling.training.card_skill import tested_skill
from pipeline.modeling.training.finished import Finished, Nothing
from pipeline.modeling.training_set import Labelled
from pipeline.records import Evaluation, Importance, ModelCard, Note, Tier, WordWeight, note
from pipeline.statistics import next_period

# where a product declares no cuts: the riskiest tenth, the next 15 %, the next 25 %, the calmer half
PERIODS = 5  # spans of the past whose rates tell how much a tier's rate changes
_TIERS = (("low", 0.0), ("medium", 0.5), ("high", 0.75), ("very_high", 0.9))


@dataclass(frozen=True)
class TrainingRun:
    """What a training was asked for: the effort's key, the seed, and of which file (name, SHA-256) the rows are.

    `tells_past`: whether rows that were not drawn to learn from get a risk of the past too, where only a part was.
    `finished`: what an earlier attempt at it has finished, and where this one puts what it finishes.
    """

    effort: str
    seed: int
    data_name: str
    data_sha256: str
    tells_past: bool = True
    finished: Finished = field(default_factory=Nothing)


def card(
    data: Labelled,
    product: Product,
    tests: tuple[Evaluation, Evaluation | None, Evaluation | None],
    past: OutOfFoldPredictions,
    run: TrainingRun,
    first_tested: dt.date | None,
    single: np.ndarray | None,
) -> ModelCard:
    """The card of a model that learnt from `data`; `tests`: all rows of the test, those booked ahead, and one list for
    its first week; `first_tested`: of the first past risk, None without time; `single`:
    the marks of single words of the rows of `past`.
    """
    rows, outcome, day = data.rows, data.outcome, data.day
    absent = tuple(f.key for f in product.asked if not rows[f.key].notna().any())
    learnt = period(data.all_days)
    return ModelCard(
        product=product.key,
        created=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        effort=run.effort,
        seed=run.seed,
        data_name=run.data_name,
        data_sha256=run.data_sha256,
        rows_trained=data.taught[0],
        events_trained=data.taught[1],
        trained_from=learnt[0] if learnt else None,
        trained_until=learnt[1] if learnt else None,
        absent_fields=absent,
        test=tests[0],
        test_ahead=tests[1],
        test_frozen=tests[2],
        tiers=tiers(past, Known(rows["row"].to_numpy(), outcome, day if data.timed else None), product.tier_cuts),
        importance=_importance(past),
        notes=(
            *_notes(product, (tests[0], tests[2]), first_tested, absent, data.sensed is not None),
            *_contacted(data, product),
            *_drawn(data),
        ),
        words=_words(data, past, single),
        timed=data.timed,
        reads_sense=data.sensed is not None,
        skill=tested_skill(data, product, tests[0], past, run.seed),
        rows_available=data.available if data.taught[0] < data.available else None,
    )


def period(day: np.ndarray) -> tuple[dt.date, dt.date] | None:
    """First and last of the days (int64) that are known."""
    known = day[day > NO_DAY]
    return (to_date(int(known.min())), to_date(int(known.max()))) if len(known) else None


def _words(data: Labelled, past: OutOfFoldPredictions, single: np.ndarray | None) -> tuple[WordWeight, ...]:
    if data.comments is None or single is None:
        return ()
    place = (
        pd.Series(np.arange(len(data.rows)), index=data.rows["row"].to_numpy()).reindex(past.row).to_numpy().astype(int)
    )
    return word_weights(data.comments[place].tolist(), single.tolist(), data.outcome[place])


@dataclass(frozen=True)
class Known:
    """What came of the rows: their numbers in the file, outcomes and days, None where days tell nothing."""

    row: np.ndarray
    outcome: np.ndarray
    day: np.ndarray | None

    def of(self, row: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Outcome and period (int64, PERIODS spans of about equal rows) of these rows; one period without days."""
        places = pd.Series(np.arange(len(self.row)), index=self.row).reindex(row).to_numpy().astype(np.int64)
        if self.day is None:
            return self.outcome[places], np.zeros(len(row), dtype=np.int64)
        day = self.day[places]
        edges = np.quantile(day, np.arange(1, PERIODS) / PERIODS, method="higher")
        return self.outcome[places], np.searchsorted(np.unique(edges), day, side="right")


def tiers(past: OutOfFoldPredictions, known: Known, declared: tuple[float, ...] = ()) -> tuple[Tier, ...]:
    """Bands cut where they are `declared`, else at quantiles of past risks, each with the rate observed on rows that
    the model had not seen; its interval is for a period to come.
    """
    cuts = [0.0, *(declared or _quantiles(past.risk)), 1.0]
    outcome, spans = known.of(past.row)
    place = np.searchsorted(cuts[1:-1], past.risk, side="right")
    made = []
    for i, (key, _) in enumerate(_TIERS):
        inside = place == i
        events = np.bincount(spans[inside], weights=outcome[inside], minlength=PERIODS)
        observed = next_period(events, np.bincount(spans[inside], minlength=PERIODS))
        made.append(Tier(key, cuts[i], cuts[i + 1], int(inside.sum()), observed))
    return tuple(made)


def _quantiles(risk: np.ndarray) -> list[float]:
    cuts = [float(np.round(np.quantile(risk, q), 4)) for _, q in _TIERS[1:]]
    for i in range(len(cuts)):  # a model with few distinct risks must still give four bands in order
        cuts[i] = max(cuts[i], (cuts[i - 1] if i else 0.0) + 1e-4)
    return cuts


def _importance(past: OutOfFoldPredictions) -> tuple[Importance, ...]:
    weights = past.points.abs().mean()
    ranked = weights.sort_values(ascending=False)
    return tuple(Importance(str(key), float(value)) for key, value in ranked.items())


def _contacted(data: Labelled, product: Product) -> tuple[Note, ...]:
    """How many rows did not teach because somebody had reached their patient."""
    if data.contacted is None:
        return ()
    return (note("card.contacted", count=data.contacted.count, rows=product.words.rows),)


def _drawn(data: Labelled) -> tuple[Note, ...]:
    """How many of the rows taught, or found the recipe and tested it, where a part was drawn."""
    if data.rest is None:
        return ()
    said = "card.recipe_of_part" if data.rest.teaches else "card.part_drawn"
    return (note(said, learnt=len(data.outcome), of=data.available),)


def _frozen(test: Evaluation | None) -> list[Note]:
    if test is None or test.period is None or test.model.auc.low is None:
        return []
    return [
        note(
            "card.frozen_list",
            day=test.period[0],
            rows=test.rows,
            auc=test.model.auc.value,
            low=test.model.auc.low,
            high=test.model.auc.high,
            daily=test.references[0].auc.value,
            expected=sum(b.predicted * b.rows for b in test.calibration) / test.rows,
            observed=test.events / test.rows,
        )
    ]


def _notes(
    product: Product,
    tests: tuple[Evaluation, Evaluation | None],
    first_tested: dt.date | None,
    absent: tuple[str, ...],
    sensed: bool,
) -> tuple[Note, ...]:
    test, frozen = tests
    timed = test.period is not None and first_tested is not None
    notes = [
        note("card.tested_once", first=test.period[0], last=test.period[1])
        if test.period
        else note("card.tested_on_drawn", rows=test.rows),
        *_frozen(frozen),
        note("card.trained_again"),
        *([note("card.first_block", rows=product.words.rows, day=first_tested)] if timed else []),
        note("card.unseen_rates"),
        *([note("card.reads_sense")] if sensed else []),
    ]
    if absent:
        notes.append(note("card.absent_fields", fields=[product.field(key).label for key in absent]))
    return tuple(notes)
