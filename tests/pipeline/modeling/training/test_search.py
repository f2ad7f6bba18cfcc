"""The search for a recipe: what it may choose, when it ends, and that the usual one stays unless another is better."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import Cancelled
from pipeline.ingestion.intake import ingest
from pipeline.ingestion.reading.reader import read
from pipeline.modeling.training import boosting, search, train
from pipeline.modeling.training.fit_task import Fold, Question, QuestionRun, TrainingProgress
from pipeline.modeling.training.search import Recipe, _drawn, _Hunt
from pipeline.modeling.training.time_splits import split
from pipeline.modeling.training_set import prepare
from pipeline.products.no_show import PRODUCT
from pipeline.records import Progress
from tests.conftest import ROOT
from tests.toy.house import TINY

EFFORT = replace(TINY, search_seconds=60.0)


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    whole = ingest(read(ROOT / "data_samples" / "no_show_passado.csv"), PRODUCT, today=dt.date(2026, 11, 23)).rows
    return whole.sort_values("scheduled_date").tail(1_500).reset_index(drop=True)


@pytest.fixture
def run(rows: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> tuple[QuestionRun, list[Fold], list[Progress]]:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    monkeypatch.setattr(search, "DRAWS", 6)
    monkeypatch.setattr(search, "ROUNDS", 8)
    data, told = prepare(rows, PRODUCT), []
    question = Question(np.ones(len(data.outcome), dtype=bool), data.outcome)
    folds = [Fold(learn, judge) for learn, judge in split(data.day, data.outcome).folds]
    return QuestionRun(data, question, EFFORT, 3, PRODUCT, TrainingProgress(told.append, None)), folds, told


def hunted(run: QuestionRun, losses: dict[Recipe, list[float]]) -> Recipe:
    hunt = _Hunt(run, (), None, 0.0)
    hunt.losses.update(losses)
    return hunt.best()


def test_all_draws_are_tried_fewer_on_each_further_fold_and_it_is_told(run) -> None:
    asked, folds, told = run
    found = search.search(asked, folds)
    assert found.told.params["tried"] == 7 and found.told.params["loss"] <= found.told.params["usual"]
    stages = [p.stage for p in told]
    assert len(stages) == 4 + 6 + 2 + 1 + 1 and stages[-1].params["budget"] == 60
    assert found.effort.rounds == EFFORT.rounds and found.effort.learning_rate == EFFORT.learning_rate


def test_draws_repeat_with_their_seed_and_reach_lightgbm(run) -> None:
    asked = run[0]
    drawn = list(_drawn(asked))
    assert drawn == list(_drawn(asked)) != list(_drawn(replace(asked, seed=4)))
    assert len({*drawn, Recipe()}) == 7
    made = boosting.parameters(replace(EFFORT, changes=drawn[0].changes), 0, 1_000)
    assert made["num_leaves"] == dict(drawn[0].changes)["num_leaves"] and isinstance(made["num_leaves"], int)
    assert {"history", "lead_time"}.isdisjoint(key for recipe in drawn for key in recipe.dropped)


def test_who_is_content_gets_the_best_so_far_and_who_cancels_nothing(run) -> None:
    asked, folds, _ = run
    found = search.search(asked, folds, lambda: True)
    assert found.told.params["tried"] == 1 and found.effort.changes == () and found.data is asked.data
    out_of_time = replace(asked, effort=replace(EFFORT, search_seconds=1e-9))
    assert search.search(out_of_time, folds).told.params["tried"] == 1
    with pytest.raises(Cancelled):
        search.search(replace(asked, teller=TrainingProgress(None, lambda: True)), folds)


def test_another_recipe_is_taken_only_where_it_is_better_nearly_everywhere(run) -> None:
    one, two, usual = Recipe((("num_leaves", 7.0),)), Recipe(dropped=("load",)), Recipe()
    base = [0.5, 0.5, 0.5, 0.5]
    assert hunted(run[0], {usual: base, one: [0.4]}) == usual  # on one fold alone luck decides
    assert hunted(run[0], {usual: base, one: [0.49, 0.49, 0.51, 0.49]}) == one
    assert hunted(run[0], {usual: base, one: [0.2, 0.51, 0.51, 0.49]}) == usual
    assert hunted(run[0], {usual: base, one: [0.3, 0.3], two: [0.49] * 4}) == two


def test_a_thorough_training_says_what_it_tried(rows: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    monkeypatch.setattr(search, "DRAWS", 2)
    monkeypatch.setattr(search, "ROUNDS", 8)
    monkeypatch.setitem(boosting.EFFORTS, "thorough", EFFORT)
    monkeypatch.setattr(_Hunt, "best", lambda self: Recipe((("num_leaves", 7.0),), ("unit",)))
    monkeypatch.setattr(_Hunt, "gain", lambda self, recipe: 0.0)
    model, past = train.train(rows, PRODUCT, train.TrainingRun("thorough", 3, "x.csv", "0" * 64))
    assert any(item.code == "card.searched" for item in model.card.notes)
    assert "unit" not in set(model.factor_of.values()) and "unit" not in past.points
    assert len(model.card.test.references) == 2
