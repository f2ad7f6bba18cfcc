"""What more rows bring, and a training that learns from a part of them: what it says, and of whom it gives a risk."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipeline.modeling import drawing
from pipeline.modeling.features.prediction_time import event_days, to_date
from pipeline.modeling.model import OutOfFoldPredictions, TrainedModel
from pipeline.modeling.training import boosting, train
from pipeline.presentation.sentences import learning_words
from pipeline.presentation.spreadsheets.machine import metrics_json
from pipeline.products.no_show import PRODUCT
from pipeline.records import ENOUGH, RISING, UNCLEAR, Interval, ModelCard, Progress, dump_kept, load_kept, to_kept
from tests.pipeline.modeling.clinics import clinic
from tests.pipeline.presentation.examples import CARD, LEARNING

MOST = 6_800
QUICK = boosting.Effort(1, 25, 0.2, 30, reads_sense=False, leaves_units_out=False)


def _trained(rows: pd.DataFrame, most: int | None, **options: object) -> tuple[TrainedModel, OutOfFoldPredictions]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(boosting.EFFORTS, "fast", replace(QUICK, most_rows=most))
        patch.setattr(drawing, "LEAST_EVENTS", 500)
        return train.train(rows, PRODUCT, train.TrainingRun("fast", 3, "x.csv", "0" * 64), **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return clinic(9_500, 4, days=90).rows


@pytest.fixture(scope="module")
def of_a_part(rows: pd.DataFrame) -> tuple[TrainedModel, OutOfFoldPredictions, list[Progress]]:
    told: list[Progress] = []
    return (*_trained(rows, MOST, progress=told.append), told)


def test_a_part_says_so_and_every_later_row_has_a_risk(rows: pd.DataFrame, of_a_part: tuple) -> None:
    model, past, told = of_a_part
    card, known = model.card, rows["outcome"].notna().to_numpy()
    day = event_days(rows, PRODUCT)
    assert (card.rows_trained, card.rows_available) == (MOST, int(known.sum()))
    assert (card.trained_from, card.trained_until) == (to_date(day[known].min()), to_date(day[known].max()))
    stage = next(step.stage for step in told if step.stage.code == "training.part_drawn")
    assert (stage.params["rows"], stage.params["of"]) == (MOST, card.rows_available)
    assert "card.part_drawn" in {note.code for note in card.notes}
    first = day[np.isin(rows["row"], past.row)].min()
    later = rows["row"].to_numpy()[known & (day >= first)]
    assert sorted(past.row) == sorted(later), "drawn or not, all but the first block"
    assert np.allclose(past.points.sum(axis=1), past.risk - past.reference, atol=1e-5)
    assert sum(tier.rows for tier in card.tiers) < MOST


def test_rows_that_were_not_drawn_are_judged_as_well_as_those_that_were(rows: pd.DataFrame, of_a_part: tuple) -> None:
    _, past, _ = of_a_part
    known = rows.loc[rows["outcome"].notna()]
    again = np.isin(past.row, known["row"].to_numpy()[drawing.part(
        event_days(known, PRODUCT), known["outcome"].to_numpy(np.float64), known["row"].to_numpy(), MOST
    )])  # fmt: skip
    outcome = known.set_index("row")["outcome"].reindex(past.row).to_numpy(np.float64)
    errors = [float(((past.risk - outcome)[side] ** 2).mean()) for side in (again, ~again)]
    assert again.any() and (~again).any() and abs(errors[0] - errors[1]) < 0.01
    assert abs(past.risk[again].mean() - past.risk[~again].mean()) < 0.01


@pytest.mark.slow
def test_who_needs_no_past_of_the_others_is_spared_it(rows: pd.DataFrame, of_a_part: tuple) -> None:
    model, whole, _ = of_a_part
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(boosting.EFFORTS, "fast", replace(QUICK, most_rows=MOST))
        patch.setattr(drawing, "LEAST_EVENTS", 500)
        run = train.TrainingRun("fast", 3, "x.csv", "0" * 64, tells_past=False)
        again, past = train.train(rows, PRODUCT, run)
    assert len(past.row) < len(whole.row) and np.array_equal(past.risk, whole.risk[: len(past.row)])
    assert replace(again.card, created="") == replace(model.card, created="")


def test_the_curve_is_of_the_past_alone_and_travels(of_a_part: tuple) -> None:
    card = of_a_part[0].card
    curve = card.learning
    assert curve is not None and card.test.period is not None
    assert curve.period[1] < card.test.period[0], "the tested period has no part in it"
    sizes = [point.rows for point in curve.points]
    assert [sizes[-1] // size for size in sizes] == [8, 4, 2, 1]
    assert curve.gain.value == pytest.approx(curve.points[-1].auc.value - curve.points[-2].auc.value)
    assert load_kept(ModelCard, dump_kept(card)) == card
    plain = json.loads(metrics_json(card))
    assert plain["learning_curve"]["verdict"] == curve.verdict and plain["model"]["rows_available"] > MOST


def test_few_rows_tell_nothing_and_a_card_of_an_earlier_version_opens() -> None:
    model, _ = _trained(clinic(2_500, 5).rows, None)
    assert model.card.learning is None and model.card.rows_available is None
    plain = {name: value for name, value in to_kept(CARD).items() if name not in ("learning", "rows_available")}
    assert load_kept(ModelCard, json.dumps(plain)) == replace(CARD, learning=None)


@pytest.mark.parametrize(
    ("gain", "verdict", "alone", "drawn"),
    [
        ((0.0, -0.002, 0.002), ENOUGH, "Mais dados não melhorariam.", "mais não melhoraria."),
        ((0.001, 0.0005, 0.002), ENOUGH, "Mais dados quase não melhorariam.", "mais quase não melhoraria."),
        ((0.009, 0.004, 0.014), RISING, "Com o dobro de linhas", "com mais, ainda deve ordenar melhor."),
        ((0.004, -0.004, 0.012), UNCLEAR, "Não dá para dizer", "não dá para dizer se mais melhoraria."),
    ],
)
def test_one_sentence_says_whether_more_would_help(gain: tuple, verdict: str, alone: str, drawn: str) -> None:
    curve = replace(LEARNING, gain=Interval(*gain))
    assert curve.verdict == verdict
    assert learning_words.finding(curve, CARD, PRODUCT).lead.startswith(alone)
    part = replace(CARD, rows_trained=500_000, events_trained=90_000, rows_available=9_800_000)
    said = learning_words.finding(curve, part, PRODUCT).lead.replace("\N{NO-BREAK SPACE}", " ")
    assert said.startswith("Aprendeu com 500.000 de 9.800.000 agendamentos, sorteados por dia e resultado; ")
    assert drawn in said
