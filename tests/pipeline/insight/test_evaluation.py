"""Any model on any rows: only what it does not know is judged, references know the place, two stand side by side."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.cli import run
from pipeline.errors import NotEnoughData
from pipeline.insight import evaluation
from pipeline.modeling.model import TrainedModel
from pipeline.presentation.locale.messages import say
from pipeline.presentation.sentences import skill_words, two_models_words
from pipeline.products.no_show import PRODUCT
from pipeline.records import HOLDS, CarryOver, Interval, ModelComparison, Skill
from tests.pipeline.insight.judged import saved, trained_early, written
from tests.pipeline.insight.typed import typed_rows

N = 3_000


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return typed_rows(N)


@pytest.fixture(scope="module")
def model(rows: pd.DataFrame) -> TrainedModel:
    return trained_early(rows, 15)


def test_only_rows_that_the_model_does_not_know_are_judged(rows: pd.DataFrame, model: TrainedModel) -> None:
    found = evaluation.evaluate(rows, PRODUCT, model)
    until = model.card.trained_until
    assert until is not None and found.period is not None and found.period[0] > until
    later = (rows["scheduled_date"] > pd.Timestamp(until)) & rows["outcome"].notna()
    assert found.all.rows == int(later.sum()) and found.all.events == int(rows.loc[later, "outcome"].sum())
    assert found.all.rows + sum(count for _, count in found.left_out) == N
    assert {why.code for why, _ in found.left_out} == {"score.trained_period", "evaluate.no_outcome"}
    assert {"sex", "unit", "health_plan", "month"} <= {item.column for item in found.splits}
    lines = skill_words.lines(found, evaluation.carries_over(found, model.card), PRODUCT)
    assert "se sustenta aqui" in lines[0] and any("fora do teste" in line for line in lines)


@pytest.mark.slow
def test_what_comes_after_the_outcome_changes_nothing(rows: pd.DataFrame, model: TrainedModel) -> None:
    """Rows without an outcome, or that the model knows, may say anything."""
    known = rows["scheduled_date"] <= pd.Timestamp(model.card.trained_until)
    fewer = rows[~known & rows["outcome"].notna()].reset_index(drop=True)
    alone = evaluation.evaluate(fewer, PRODUCT, model)
    assert alone.all.rows == evaluation.evaluate(rows, PRODUCT, model).all.rows
    assert all(why.code != "score.trained_period" for why, _ in alone.left_out)


def test_too_few_rows_are_refused(rows: pd.DataFrame, model: TrainedModel) -> None:
    with pytest.raises(NotEnoughData):
        evaluation.evaluate(rows[rows["scheduled_date"] < pd.Timestamp("2026-03-25")], PRODUCT, model)


def test_rows_that_set_the_level_are_no_test_of_it(rows: pd.DataFrame, model: TrainedModel) -> None:
    card = replace(model.card, levelled_on="abril.csv", levelled_until=dt.date(2026, 4, 10))
    found = evaluation.evaluate(rows, PRODUCT, replace(model, card=card))
    assert found.period is not None and found.period[0] > dt.date(2026, 4, 10)
    assert "abril.csv" in " ".join(say(why) for why, _ in found.left_out)


def test_references_know_the_place_and_no_row_teaches_itself(rows: pd.DataFrame, model: TrainedModel) -> None:
    found = {item.key: item for item in evaluation.evaluate(rows, PRODUCT, model).references}
    assert set(found) == {"lead_time", "logistic_regression"}
    assert found["lead_time"].auc.value > 0.6  # the made-up rows follow the lead time
    noise = rows.assign(outcome=np.where(rows["outcome"].notna(), np.arange(N) % 4 == 0, np.nan).astype("float32"))
    blind = {item.key: item for item in evaluation.evaluate(noise, PRODUCT, model).references}
    assert abs(blind["logistic_regression"].auc.value - 0.5) < 0.08


@pytest.mark.slow
def test_a_model_beside_itself_and_beside_one_that_learnt_little(rows: pd.DataFrame, model: TrainedModel) -> None:
    same = evaluation.compare(rows, PRODUCT, (model, model)).all
    assert same.auc_gap.value == same.brier_gap.value == 0 and same.tiers_changed == 0
    assert "Não dá para dizer" in two_models_words.compared(same, PRODUCT).lead
    flat = replace(model, slope=0.0, intercept=-2.0)
    found = evaluation.compare(rows, PRODUCT, (flat, model)).all
    assert (found.auc_gap.low or 0) > 0 and found.tiers_changed > 0
    assert two_models_words.compared(found, PRODUCT).lead.startswith("O segundo modelo")


@pytest.mark.slow  # the command line tells of them, below
def test_two_models_are_compared_without_those_booked_on_the_day(rows: pd.DataFrame, model: TrainedModel) -> None:
    flat = replace(model, slope=0.0, intercept=-2.0)
    found = evaluation.compare(rows, PRODUCT, (flat, model))
    assert found.ahead is not None and found.ahead.ahead and not found.all.ahead
    judged = evaluation.evaluate(rows, PRODUCT, model)
    assert judged.ahead is not None and found.ahead.second.auc.value == pytest.approx(judged.ahead.auc.value)
    assert found.ahead.first.rows == judged.ahead.rows < found.all.first.rows
    told = two_models_words.comparison_lines(found.all, found.ahead, PRODUCT, ("a.zip", "b.zip"))
    assert "no próprio dia" in told[1] and "no próprio dia" not in told[5] and len(told) == 8 + len(found.all.left_out)
    no_contacts = rows.assign(contact_date=pd.NaT)
    assert evaluation.compare(no_contacts, PRODUCT, (flat, model)).ahead is None


@pytest.fixture(scope="module")
def skill(rows: pd.DataFrame, model: TrainedModel) -> Skill:
    return evaluation.evaluate(rows, PRODUCT, model).all


@pytest.mark.parametrize(
    ("auc", "brier", "said"),
    [
        (1, -1, "O segundo modelo é melhor"),
        (-1, 1, "O primeiro modelo é melhor"),
        (1, 0, "O segundo modelo ordena melhor"),
        (0, -1, "O segundo modelo erra menos"),
        (1, 1, "Não dá para dizer qual é melhor: o segundo modelo ordena"),
    ],
)
def test_which_is_better_in_one_sentence(skill: Skill, auc: int, brier: int, said: str) -> None:
    gaps = {1: Interval(0.02, 0.01, 0.03), 0: Interval(0.0, -0.01, 0.01), -1: Interval(-0.02, -0.03, -0.01)}
    found = ModelComparison(None, skill, skill, gaps[auc], gaps[brier], gaps[0], 3, 1)
    assert two_models_words.compared(found, PRODUCT).lead.startswith(said)


def test_the_command_line_tells_the_same_and_writes_json(
    rows: pd.DataFrame, model: TrainedModel, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, first, other = tmp_path / "linhas.csv", tmp_path / "a.zip", tmp_path / "b.zip"
    written(rows, data)
    saved(model, first)
    saved(trained_early(rows, 5), other)
    assert run(["evaluate", str(data), "--model", str(first), "--json", str(tmp_path / "e.json")]) == 0
    said = capsys.readouterr().out
    plain = json.loads((tmp_path / "e.json").read_text("utf-8"))
    assert plain["sentence"] == said.splitlines()[0]
    assert {"auc", "brier", "log_loss", "ece", "observed_expected", "slope", "recall_at_10pct", "lift"} <= set(
        plain["all"]
    )
    assert plain["verdict"] in ("holds", "doubtful", "fails", "unknown") and plain["left_out"]
    assert run(["compare-models", str(first), str(other), str(data), "--json", str(tmp_path / "c.json")]) == 0
    compared = json.loads((tmp_path / "c.json").read_text("utf-8"))
    said = capsys.readouterr().out
    assert said.startswith(compared["ahead"]["sentence"]) and compared["sentence"] in said
    assert 0 < compared["ahead"]["rows"] < compared["rows"] and "não marcados no próprio dia" in said
    assert set(compared["ahead"]) == set(compared) - {"product", "ahead", "left_out"}
    assert compared["better"] in ("first", "second", "unclear") and compared["first"]["file"] == "a.zip"
    assert run(["card", "--model", str(first), "--out", str(tmp_path / "ficha.html")]) == 0
    assert "<html" in (tmp_path / "ficha.html").read_text("utf-8")


def test_a_verdict_of_all_three_holds() -> None:
    assert CarryOver(HOLDS, HOLDS, HOLDS).verdict == HOLDS
