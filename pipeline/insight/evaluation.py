"""Typed rows and any model → the honest test, on the rows that the model did not learn from; two models beside it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipeline.contract import Product
from pipeline.errors import NotEnoughData
from pipeline.insight.scoring import eligibility, score
from pipeline.insight.scoring.score import Scored
from pipeline.insight.scoring.tiers import tiers_in, tiers_of
from pipeline.modeling.contacted import back_to_all, contacted_before
from pipeline.modeling.evaluation import baselines, carrying, skill, splits
from pipeline.modeling.evaluation.expected import expected_skill
from pipeline.modeling.evaluation.metrics import calibration_bins
from pipeline.modeling.evaluation.report import Context, report
from pipeline.modeling.evaluation.skill import Judged
from pipeline.modeling.features.prediction_time import NO_DAY, contact_days, day_number, event_days, to_date
from pipeline.modeling.levelling import LEAST_OF_EACH, LEAST_ROWS
from pipeline.modeling.model import TrainedModel
from pipeline.modeling.text.comment_field import comments_of
from pipeline.modeling.text.sense import Encoder
from pipeline.modeling.training_set import Labelled, patients_of
from pipeline.records import (
    FAILS,
    CarryOver,
    ExpectedSkill,
    ModelCard,
    ModelComparison,
    Note,
    Skill,
    SkillReport,
    note,
    pack,
    unpack,
)

SEED = 7
FAR_RATIO, FAR_SLOPE = (1 / 1.25, 1.25), (0.5, 2.0)  # beyond these, numbers mislead even where the order is good
_HALVES = 2
_LIST_RESAMPLES = 100


@dataclass(frozen=True)
class Test:
    """Of m typed rows those on which a model may be judged: their mask, and why the others were left out.

    `contacted`: mask of those that could be judged, had not somebody reached their patient before.
    """

    usable: np.ndarray
    left_out: tuple[tuple[Note, int], ...]
    contacted: np.ndarray

    __test__ = False  # no test of pytest's


@dataclass(frozen=True)
class Compared:
    """Two models on the same rows: on all of them, and on those not booked on the day, where these can be told."""

    all: ModelComparison
    ahead: ModelComparison | None


def usable(rows: pd.DataFrame, product: Product, model: TrainedModel) -> Test:
    """The rows with an outcome of which the model knew nothing: neither by learning nor by setting its level."""
    reason = eligibility.refusals(rows, product, model)
    open_ = reason == ""
    reason[open_ & eligibility.taught(rows, product, model)] = pack(note("evaluate.taught"))
    reason[(reason == "") & levelled_by(rows, product, model.card)] = pack(
        note("evaluate.levelled", name=model.card.levelled_on)
    )
    reason[(reason == "") & rows["outcome"].isna().to_numpy()] = pack(note("evaluate.no_outcome"))
    called = (reason == "") & contacted_before(rows, product)
    reason[called] = pack(note("evaluate.contacted"))
    texts, counts = np.unique(reason[reason != ""].astype(str), return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return Test(reason == "", tuple((unpack(str(texts[i])), int(counts[i])) for i in order), called)


def levelled_by(rows: pd.DataFrame, product: Product, card: ModelCard) -> np.ndarray:
    """Rows by which the level may have been set: up to the last day of the data that set it, and those without one."""
    if not card.levelled_on:
        return np.zeros(len(rows), dtype=bool)
    day = event_days(rows, product)
    if card.levelled_until is None:
        return day <= NO_DAY
    return day <= day_number(card.levelled_until)


def evaluate(
    rows: pd.DataFrame,
    product: Product,
    model: TrainedModel,
    *,
    history: pd.DataFrame | None = None,
    encoder: Encoder | None = None,
) -> SkillReport:
    """The honest test of a model on typed rows. `encoder` reads the sense of comments, for a model that learnt one.

    Raises NotEnoughData where under 200 rows, or 20 of an outcome, are left that the model does not know.
    """
    test = _enough(rows, usable(rows, product, model))
    return evaluated(rows, product, score.score(rows, product, model, history=history, encoder=encoder), test)


def _enough(rows: pd.DataFrame, test: Test) -> Test:
    outcome = rows["outcome"].to_numpy(dtype=np.float64)[test.usable]
    if not measurable(outcome):
        raise NotEnoughData(
            "evaluate.few_rows",
            rows=len(outcome),
            events=int(outcome.sum()),
            least_rows=LEAST_ROWS,
            least_of_each=LEAST_OF_EACH,
        )
    return test


def told_by(
    rows: pd.DataFrame, product: Product, model: TrainedModel, scored: Scored, *, beside: bool = True
) -> SkillReport | None:
    """`evaluated` where enough rows are left that the model does not know, else None."""
    test = usable(rows, product, model)
    if not measurable(rows["outcome"].to_numpy(dtype=np.float64)[test.usable]):
        return None
    return evaluated(rows, product, scored, test, beside=beside)


def measurable(outcome: np.ndarray) -> bool:
    """Whether outcomes (0/1) are enough to judge a model by."""
    events = float(outcome.sum())
    return len(outcome) >= LEAST_ROWS and min(events, len(outcome) - events) >= LEAST_OF_EACH


def evaluated(rows: pd.DataFrame, product: Product, scored: Scored, test: Test, *, beside: bool = True) -> SkillReport:
    """The honest test of rows that were scored already; `test` must leave enough of them (see `measurable`).

    `beside`: whether references are learnt, which takes minutes where they read many comments.
    """
    data = _labelled(rows, product, scored, test.usable)
    weight = back_to_all(scored.risk[test.usable], scored.risk[test.contacted])
    judged = Judged(scored.risk[test.usable], data.outcome, data.patients, weight)
    context = Context(
        period=_period(data.day),
        ahead=data.ahead,
        columns=splits.columns(data.rows, product, data.day),
        references=references(data, product) if beside else {},
        left_out=test.left_out,
    )
    return report(judged, context, seed=SEED)


def _labelled(rows: pd.DataFrame, product: Product, scored: Scored, mask: np.ndarray) -> Labelled:
    chosen = rows.loc[mask].reset_index(drop=True)
    day, contact = event_days(chosen, product), contact_days(chosen, product)
    table = scored.features.loc[mask].reset_index(drop=True)
    return Labelled(
        rows=chosen,
        table=table,
        told=table[[]],
        replayed=None,
        places=np.flatnonzero(mask),
        factor_of={},
        outcome=chosen["outcome"].to_numpy(dtype=np.float64),
        day=day,
        patients=patients_of(rows, product)[mask],
        ahead=contact < day if (contact > 0).any() else None,
        comments=comments_of(chosen, product),
    )


def booked_ahead(rows: pd.DataFrame, product: Product) -> np.ndarray | None:
    """Which of n rows were not booked on the day; None where that can't be told, is so of all, or too few are left."""
    contact = contact_days(rows, product)
    ahead = contact < event_days(rows, product)
    outcome = rows["outcome"].to_numpy(dtype=np.float64)[ahead]
    return ahead if (contact > 0).any() and not ahead.all() and measurable(outcome) else None


def _period(day: np.ndarray) -> tuple[dt.date, dt.date] | None:
    known = day[day > NO_DAY]
    return (to_date(int(known.min())), to_date(int(known.max()))) if len(known) else None


def references(data: Labelled, product: Product) -> dict[str, np.ndarray]:
    """What simpler ways say of the rows, each half of the patients learnt from the other half of these same rows.

    They know this place and this time, which the model does not: where it is no better, it brings nothing here.
    """
    own = np.where(data.patients >= 0, data.patients, data.patients.max(initial=-1) + 1 + np.arange(len(data.patients)))
    half = np.random.default_rng(SEED).integers(0, _HALVES, int(own.max(initial=0)) + 1)[own]
    made: dict[str, np.ndarray] = {}
    for side in range(_HALVES):
        train, test = np.flatnonzero(half != side), np.flatnonzero(half == side)
        if min(len(np.unique(data.outcome[train])), len(test)) < _HALVES:
            return {}
        for key, said in baselines.predictions(data, product, train, test).items():
            made.setdefault(key, np.full(len(half), np.nan))[test] = said.risk
    return {key: risk for key, risk in made.items() if not np.isnan(risk).any()}


def carries_over(found: SkillReport, card: ModelCard) -> CarryOver:
    """Whether the model carries over to the rows of a report, beside what its card promises of such rows."""
    promised = card.test_ahead if found.ahead is not None and card.test_ahead is not None else card.test
    return carrying.carry_over(found.headline, promised.model.auc)


def withheld(found: SkillReport, carries: CarryOver, *, own: bool) -> bool:
    """Whether no list is to be made of the model's risks. `own`: it learnt from the same clinic's files.

    In another clinic whatever fails is enough. In its own, where a level moves from month to month and the order of
    a list stays good, what fails must be the order, or be off by far.
    """
    if carries.verdict != FAILS:
        return False
    skill_ = found.headline
    far = carrying.outside(skill_.ratio, FAR_RATIO) or carrying.outside(skill_.slope, FAR_SLOPE)
    return not own or carries.order == FAILS or far


def compare(
    rows: pd.DataFrame,
    product: Product,
    models: tuple[TrainedModel, TrainedModel],
    *,
    encoder: Encoder | None = None,
) -> Compared:
    """Two models on the same typed rows, of which neither learnt. Raises NotEnoughData as `evaluate` does."""
    tests = [usable(rows, product, model) for model in models]
    usable_by_both = tests[0].usable & tests[1].usable
    both = _enough(rows, Test(usable_by_both, _left_by_both(tests), tests[0].contacted & tests[1].contacted))
    said = [score.score(rows, product, model, encoder=encoder).risk[both.usable] for model in models]
    chosen, cards = rows.loc[both.usable], (models[0].card, models[1].card)
    found = replace(compare_risks(chosen, product, cards, (said[0], said[1])), left_out=both.left_out)
    ahead = booked_ahead(chosen, product)
    if ahead is None:
        return Compared(found, None)
    fewer = compare_risks(chosen.loc[ahead], product, cards, (said[0][ahead], said[1][ahead]))
    return Compared(found, replace(fewer, ahead=True))


def compare_risks(
    rows: pd.DataFrame, product: Product, cards: tuple[ModelCard, ModelCard], risks: tuple[np.ndarray, np.ndarray]
) -> ModelComparison:
    """Two models by the risks that they gave n typed rows with an outcome, neither having learnt from them then.

    `cards` tell the tiers. Both outcomes must be among the rows.
    """
    outcome, patients = rows["outcome"].to_numpy(dtype=np.float64), patients_of(rows, product)
    first, second = (Judged(risk, outcome, patients) for risk in risks)
    weights = first.resamples(SEED)
    ranks = [_ranks(risk, product, card) for risk, card in zip(risks, cards, strict=True)]
    return ModelComparison(
        _period(event_days(rows, product)),
        skill.skill(first, weights),
        skill.skill(second, weights),
        *skill.gaps(first, second, weights),
        tiers_changed=int((ranks[0] != ranks[1]).sum()),
        raised=int((ranks[1] > ranks[0]).sum()),
        calibration=(calibration_bins(first.risk, outcome), calibration_bins(second.risk, outcome)),
    )


def _left_by_both(tests: list[Test]) -> tuple[tuple[Note, int], ...]:
    """Why rows were left out: the first model's reasons, and how many more only the second could not be judged on."""
    more = int((tests[0].usable & ~tests[1].usable).sum())
    return (*tests[0].left_out, *(((note("evaluate.second_only"), more),) if more else ()))


def _ranks(risk: np.ndarray, product: Product, card: ModelCard) -> np.ndarray:
    """The place of each row's tier, from the lowest."""
    tiers = tiers_in(product, card.tiers)
    places = {tier.key: place for place, tier in enumerate(tiers)}
    return np.array([places[key] for key in tiers_of(risk, tiers).tolist()])


def of_list(frame: pd.DataFrame) -> tuple[ExpectedSkill | None, Skill | None]:
    """What the risks of a list promise, and what came of it where enough is known (columns `risk`, `outcome`)."""
    risk, outcome = frame["risk"].to_numpy(dtype=np.float64), frame["outcome"].to_numpy()
    unscored = np.isnan(risk)
    promised = expected_skill(risk[~unscored] if unscored.any() else risk)
    if np.isnan(outcome).any() or not measurable(outcome):
        return promised, None
    judged = Judged(risk, outcome.astype(np.float64), np.full(len(risk), -1))
    return promised, skill.skill(judged, judged.resamples_in_turn(SEED, _LIST_RESAMPLES))
