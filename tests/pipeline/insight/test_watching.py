"""Rows after a training: effective calls mislead who counts them, what moved is found, each rule of advice holds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.insight import evaluation, watching
from pipeline.insight.scoring import score
from pipeline.modeling.model import TrainedModel
from pipeline.presentation.frames import skill_tables
from pipeline.presentation.sentences import watch_words
from pipeline.products.no_show import PRODUCT
from pipeline.records import (
    DOUBTFUL,
    FAILS,
    HOLDS,
    KEEP,
    SET_LEVEL,
    TRAIN_AGAIN,
    UNKNOWN,
    WATCH,
    CarryOver,
    FieldShift,
    Importance,
)
from tests.pipeline.insight.judged import UNTIL, trained_early
from tests.pipeline.insight.typed import typed_rows

N = 6_000
GOOD = CarryOver(HOLDS, HOLDS, HOLDS)


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return typed_rows(N)


@pytest.fixture(scope="module")
def model(rows: pd.DataFrame) -> TrainedModel:
    found = trained_early(rows, 15)
    weights = tuple(Importance(factor, 1.0) for factor in sorted(set(found.factor_of.values())))
    return replace(found, card=replace(found.card, importance=weights))


@pytest.fixture(scope="module")
def risk(rows: pd.DataFrame, model: TrainedModel) -> np.ndarray:
    return score.score(rows, PRODUCT, model).risk


def _truth(rows: pd.DataFrame, risk: np.ndarray) -> pd.DataFrame:
    """The rows with outcomes that follow the risks exactly."""
    drawn = np.random.default_rng(3).random(len(rows)) < np.nan_to_num(risk, nan=0.2)
    return rows.assign(outcome=np.where(rows["outcome"].notna(), drawn, np.nan).astype("float32"))


def test_effective_calls_make_a_good_model_look_wrong(
    rows: pd.DataFrame, model: TrainedModel, risk: np.ndarray
) -> None:
    """Half of the riskier rows are called, and most of those who would have failed come: the naive measure says that
    level and order are lost, and wants a new training; without them the model is as right as it is.
    """
    true, random = _truth(rows, risk), np.random.default_rng(4)
    called = (np.nan_to_num(risk) > np.nanmedian(risk)) & (random.random(N) < 0.5)
    saved = called & (random.random(N) < 0.8) & (true["outcome"] == 1).to_numpy()
    seen = true.assign(outcome=true["outcome"].mask(saved, 0.0))
    naive = watching.watched(seen, PRODUCT, model, risk, np.zeros(N, dtype=bool))
    right = watching.watched(seen, PRODUCT, model, risk, called)
    assert naive is not None and naive.skill is not None and right is not None and right.skill is not None
    assert naive.carries is not None and right.carries is not None
    assert (naive.skill.ratio.high or 1) < 0.95 and naive.carries.level == naive.carries.order == FAILS  # wrong
    assert naive.advice == TRAIN_AGAIN and right.advice not in (TRAIN_AGAIN, SET_LEVEL)
    assert (right.skill.ratio.low or 2) <= 1 <= (right.skill.ratio.high or 0) and right.carries.order != FAILS
    assert right.contacted > 200 and naive.contacted == 0
    said = watch_words.contacted(right, PRODUCT)
    assert "pode ter mudado" in said and watch_words.contacted(naive, PRODUCT) == ""


def test_only_what_became_known_after_the_training_is_measured(
    rows: pd.DataFrame, model: TrainedModel, risk: np.ndarray
) -> None:
    whole = np.where(np.isnan(risk), 0.99, risk)  # a risk of rows that it learnt from is not looked at
    found = watching.watched(rows, PRODUCT, model, whole, np.zeros(N, dtype=bool))
    assert found is not None and found.skill is not None and found.months is not None
    day = rows["scheduled_date"].dt.normalize()
    later = (day > pd.Timestamp(model.card.trained_until)) & rows["outcome"].notna() & (rows["contact_date"] < day)
    assert found.skill.rows == int(later.sum()) and found.since == model.card.trained_until
    months = [group for group in found.months.groups if group.value]
    assert sum(g.rows for g in months) <= found.skill.rows and all(g.value >= "2026-03" and g.auc for g in months)


def test_no_later_rows_is_nothing_to_tell(rows: pd.DataFrame, model: TrainedModel) -> None:
    early = rows[rows["scheduled_date"] < UNTIL].reset_index(drop=True)
    nothing = np.full(len(early), np.nan), np.zeros(len(early), dtype=bool)
    assert watching.watched(early, PRODUCT, model, *nothing) is None
    undated = replace(model, card=replace(model.card, trained_until=None))
    assert watching.watched(early, PRODUCT, undated, *nothing) is None


def test_a_new_unit_is_found_as_what_moved_and_was_never_seen(rows: pd.DataFrame, model: TrainedModel) -> None:
    before, after = rows[rows["scheduled_date"] < UNTIL], rows[rows["scheduled_date"] >= UNTIL]
    still = {item.field: item for item in watching.shifts(before, after, PRODUCT, model)}
    assert still["unit"].moved < 0.03 and still["unit"].never_seen == 0
    longer = after.assign(contact_date=after["contact_date"] - pd.Timedelta(days=40))
    assert watching.shifts(before, longer, PRODUCT, model)[0].field == "lead_time"
    moved = after.assign(unit=after["unit"].astype("object").where(np.arange(len(after)) % 2 == 0, "Unidade Nova"))
    (first, *_) = watching.shifts(before, moved, PRODUCT, model)
    assert first.field == "unit" and first.moved == pytest.approx(0.5, abs=0.05)
    assert first.never_seen == pytest.approx(0.5, abs=0.01) and first.strangers == ("Unidade Nova",)
    assert 0 < first.weight < 1 and "Unidade Nova" in skill_tables.shifts([first], PRODUCT).iloc[0].tolist()


@settings(max_examples=25)
@given(st.lists(st.sampled_from("abcdef"), min_size=50, max_size=200), st.integers(0, 1000))
def test_what_did_not_move_is_not_told_to_move(values: list[str], seed: int) -> None:
    """Two halves of one population: below what counts as moved. Disjoint samples: nearly all."""
    drawn = np.random.default_rng(seed).choice(np.array(values), (2, 400))
    assert watching.moved(drawn[0], drawn[1]) < watching.MOVED
    assert watching.moved(np.char.add("x", drawn[0]), drawn[1]) > 0.7


def _field(moved: float, weight: float, never_seen: float = 0.0) -> FieldShift:
    return FieldShift("unit", moved, weight, never_seen)


@pytest.mark.parametrize(
    ("carries", "fields", "advice", "why"),
    [
        (GOOD, (), KEEP, ()),
        (GOOD, (_field(0.5, 0.01),), KEEP, ()),  # it moved, and nothing rests on it
        (GOOD, (_field(0.12, 0.06),), WATCH, ("moved",)),
        (GOOD, (_field(0.30, 0.06),), WATCH, ("moved",)),
        (GOOD, (_field(0.30, 0.12),), TRAIN_AGAIN, ("moved_far",)),
        (GOOD, (_field(0.0, 0.12, 0.25),), TRAIN_AGAIN, ("new_values",)),
        (None, (), WATCH, ("too_few",)),
        (CarryOver(DOUBTFUL, HOLDS, HOLDS), (), WATCH, ("in_doubt",)),
        (CarryOver(HOLDS, UNKNOWN, HOLDS), (), WATCH, ("in_doubt",)),
        (CarryOver(FAILS, HOLDS, HOLDS), (_field(0.12, 0.06),), SET_LEVEL, ("level_off",)),
        (CarryOver(FAILS, FAILS, HOLDS), (), SET_LEVEL, ("level_off", "slope_off")),
        (CarryOver(FAILS, FAILS, FAILS), (), TRAIN_AGAIN, ("order_lost",)),
    ],
)
def test_each_rule_of_the_advice(
    carries: CarryOver | None, fields: tuple[FieldShift, ...], advice: str, why: tuple[str, ...]
) -> None:
    assert watching.advise(carries, fields) == (advice, why)


def test_the_advice_is_said_with_its_reason(rows: pd.DataFrame, model: TrainedModel, risk: np.ndarray) -> None:
    found = watching.watched(_truth(rows, risk), PRODUCT, model, risk, np.zeros(N, dtype=bool))
    assert found is not None
    said = watch_words.advice(replace(found, advice=SET_LEVEL, why=("level_off",)), PRODUCT)
    assert said.lead.startswith("Ajustar o nível: o que veio se afasta") and "para cada 100" in said.rest
    few = replace(found, skill=None, months=None, carries=None, advice=WATCH, why=("too_few",))
    assert watch_words.advice(few, PRODUCT).lead.startswith("Observar: ainda há poucos resultados")
    doubtful = replace(found, carries=CarryOver(HOLDS, DOUBTFUL, HOLDS), advice=WATCH, why=("in_doubt",))
    assert watch_words.advice(doubtful, PRODUCT).lead == "Observar: a inclinação ainda deixa dúvida."
    assert watch_words.advice(replace(found, advice=KEEP, why=()), PRODUCT).lead.startswith("Manter:")
    assert evaluation.LEAST_ROWS == 200 and "menos de 200" in watch_words.RULES[2]
