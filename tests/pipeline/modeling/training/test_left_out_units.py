"""Units left out in turn: nothing of them is known, a unit's own rate must cost level, and the card says so."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit

from pipeline.modeling.calibration import Calibration
from pipeline.modeling.features.prediction_time import event_days
from pipeline.modeling.training import left_out_units
from pipeline.modeling.training.boosting import EFFORTS
from pipeline.modeling.training.fit_task import Calibrated, FittedTask, Fold, Question, QuestionRun, TrainingProgress
from pipeline.modeling.training.left_out_units import dealt, units_of
from pipeline.modeling.training.time_splits import split
from pipeline.modeling.training_set import prepare
from pipeline.presentation.sentences import new_unit_words
from pipeline.presentation.spreadsheets.machine import metrics_json
from pipeline.products.no_show import PRODUCT
from pipeline.records import ModelCard, NewUnitTest, dump_kept, load_kept
from tests.pipeline.modeling.appointments import STATES
from tests.pipeline.modeling.clinics import clinic
from tests.pipeline.presentation.examples import CARD

LEVELS = np.array([1.3, -1.3, 0.8, -0.8, 0.0, 0.0])  # log-odds of the units' own
ROWS = 6_000


def network(levels: np.ndarray = LEVELS, n: int = 2_500, seed: int = 5, days: int = 60) -> pd.DataFrame:
    """Units that differ by nothing but their own rate."""
    made, rng = clinic(n, seed, days=days), np.random.default_rng(seed + 1)
    unit = rng.integers(0, len(levels), n)
    event = rng.random(n) < expit(logit(made.risk) + levels[unit])
    state = np.where(made.rows["state"] == "excluded", "excluded", np.where(event, "event", "non_event"))
    names = pd.Index([f"Unidade {i}" for i in range(len(levels))], dtype="str")
    return made.rows.assign(
        unit=pd.Categorical.from_codes(unit, names),
        state=pd.Categorical(state, STATES),
        outcome=np.select([state == "event", state == "non_event"], [1.0, 0.0], np.nan).astype("float32"),
    )


def asked(rows: pd.DataFrame) -> tuple[QuestionRun, Fold, np.ndarray]:
    """A run over `rows`, its tested period, and which rows of the file are of the first unit or the second."""
    data = prepare(rows, PRODUCT)
    parts = split(data.day, data.outcome)
    question = Question(np.ones(len(data.outcome), dtype=bool), data.outcome)
    effort = replace(EFFORTS["standard"], resamples=60)
    run = QuestionRun(data, question, effort, 1, PRODUCT, TrainingProgress(None, None))
    return run, Fold(parts.development, parts.test), rows["unit"].isin(["Unidade 0", "Unidade 1"]).to_numpy()


@pytest.fixture(scope="module")
def found() -> NewUnitTest:
    rows = network(n=ROWS)
    run, tested, _ = asked(rows)
    plain = Calibrated((), Calibration(1.0, 0.0))
    told, why = left_out_units.test(run, rows, tested, FittedTask(90, (), plain, plain))
    assert told is not None and why == ()
    return told


def test_a_rate_of_its_own_costs_a_new_unit_level_and_the_card_says_so(found: NewUnitTest) -> None:
    assert (found.units, found.groups, found.ahead) == (6, 5, True)
    assert found.level is not None and found.level_known is not None
    low, high = found.level.low or 0, found.level.high or 0
    assert low < 0.6 and high > 1.5, "a new unit may lie anywhere among them"
    assert (high - low) > 2 * ((found.level_known.high or 0) - (found.level_known.low or 0))
    assert found.auc_gap.high is not None and found.auc_gap.high < 0, "and the order among units is lost"
    told = {group.value: group.told for group in found.by_unit.groups}
    assert (told["Unidade 0"], told["Unidade 1"]) == ("less", "more")
    said = new_unit_words.finding(found, PRODUCT)
    assert "ordenar pior do que nas outras, e para cada 100 faltas previstas devem vir de" in said.lead
    assert "“Unidade 0”" in new_unit_words.worst(found, PRODUCT)
    card = replace(CARD, new_unit=found)
    plain = json.loads(metrics_json(card))["new_unit"]
    assert plain["unseen"]["observed_expected"] and plain["differences"]["auc"]["high"] < 0
    assert {item["value"] for item in plain["values"]} == set(told) and plain["values"][0]["ratio_known"]


def test_a_card_without_it_still_opens(found: NewUnitTest) -> None:
    card = replace(CARD, new_unit=found)
    assert load_kept(ModelCard, dump_kept(card)) == card
    older = json.loads(dump_kept(card))
    del older["new_unit"]
    assert load_kept(ModelCard, json.dumps(older)) == replace(CARD, new_unit=None)


def stranger(rows: pd.DataFrame) -> tuple[pd.DataFrame, Fold]:
    run, tested, own = asked(rows)
    piece = left_out_units._piece(run.data, tested, own[run.data.places])
    assert piece is not None
    return left_out_units._as_stranger(run, rows, own, piece).data.table, piece


def test_what_a_left_out_unit_did_changes_nothing_but_its_patients_history() -> None:
    rows = network()
    own = rows["unit"].isin(["Unidade 0", "Unidade 1"]).to_numpy()
    state = rows["state"].astype("object").mask(own & (rows["state"] == "event"), "non_event")
    quiet = rows.assign(
        state=pd.Categorical(state, STATES), outcome=rows["outcome"].mask(own & (rows["outcome"] == 1), 0)
    )
    one, other = stranger(rows)[0], stranger(quiet)[0]
    kept = [name for name in one if not name.startswith("history")]
    pd.testing.assert_frame_equal(one[kept], other[kept])


def test_a_left_out_unit_is_one_of_the_others_and_its_usual_day_is_not_known() -> None:
    table, piece = stranger(network())
    judged, learnt = table.iloc[piece.judge], table.iloc[piece.learn]
    names = [name for name in table if name.startswith("unit__is_") and name != "unit__is_other"]
    assert (
        len(names) == len(LEVELS) - 2 and (judged[names] == 0).all(axis=None) and (judged["unit__is_other"] == 1).all()
    )
    assert (learnt["unit__is_other"] == 0).all() and (learnt[names].sum(axis=1) == 1).all()
    assert judged["load__relative"].isna().all() and learnt["load__relative"].notna().any()


def test_a_value_that_only_the_test_has_gets_no_column() -> None:
    rows = network()
    day = event_days(rows, PRODUCT)
    late = day >= np.quantile(day, 0.85)
    renamed = rows.assign(procedure=rows["procedure"].astype("object").mask(late, "Só no teste").astype("category"))
    table, piece = stranger(renamed)
    only_there = late[prepare(renamed, PRODUCT).places[piece.judge]]
    assert only_there.sum() > 20 and (table.iloc[piece.judge]["procedure__is_other"][only_there] == 1).all()


@given(st.lists(st.integers(0, 400), min_size=1, max_size=40))
def test_units_are_dealt_by_their_rows(sizes: list[int]) -> None:
    codes = np.repeat(np.arange(len(sizes)), sizes)
    placed = dealt(codes, len(sizes))
    loads = np.bincount(placed, weights=sizes, minlength=min(5, len(sizes)))
    assert len(loads) == min(5, len(sizes)) and loads.max() - loads.min() <= max(sizes)
    assert (placed == dealt(np.random.default_rng(0).permutation(codes), len(sizes))).all()


def test_units_written_otherwise_are_one() -> None:
    rows = network()
    names = rows["unit"].astype("object")
    names[::3] = names[::3].str.upper()
    found = units_of(rows.assign(unit=names.astype("category")), prepare(rows, PRODUCT), PRODUCT)
    assert found is not None and sorted(found.names) == [f"Unidade {i}" for i in range(6)] and found.enough


@pytest.mark.parametrize(
    ("levels", "haste", "code"),
    [(np.zeros(3), True, "card.few_units"), (LEVELS, False, "card.units_in_haste"), (np.zeros(1), True, "")],
)
def test_where_it_is_not_measured_it_is_said(levels: np.ndarray, haste: bool, code: str) -> None:
    rows = network(levels)
    run, tested, _ = asked(rows)
    run = replace(run, effort=replace(run.effort, leaves_units_out=haste))
    found, why = left_out_units.test(run, rows, tested, None)  # type: ignore[arg-type]
    assert found is None and [item.code for item in why] == ([code] if code else [])


def test_files_with_comments_are_not_read_anew() -> None:
    rows = network()
    run, tested, _ = asked(rows)
    read = replace(run, data=replace(run.data, comments=np.full(len(run.data.outcome), "bom")))
    assert left_out_units.test(read, rows, tested, None)[1][0].code == "card.units_not_read"  # type: ignore[arg-type]
