"""Calls that work spoil what is learnt: a patient who came because somebody called teaches that risky people come."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.contract import Outcome
from pipeline.insight.evaluation import evaluate
from pipeline.insight.scoring.score import score
from pipeline.modeling.contacted import CONTACTED, back_to_all
from pipeline.modeling.model import TrainedModel
from pipeline.modeling.training.train import TrainingRun, train
from pipeline.products.no_show import PRODUCT
from tests.pipeline.modeling.clinics import DAYS, Clinic, clinic

WORKS = 0.35  # of the risk is left by a call
RISKY = 0.75  # quantile from which nearly everybody is called
BEGUN, RETRAINED = DAYS // 2, DAYS - 25
N, SEED = 8_000, 5


@cache
def called() -> tuple[Clinic, np.ndarray, np.ndarray]:
    """A clinic that calls, from the file's middle on and with an effect, nearly all whom a first model finds risky.

    Its rows with who was called, that mask, and who would be found risky (both n).
    """
    made, rng = clinic(N, SEED, ids=False), np.random.default_rng(SEED)
    risk = score(pending(made.rows), PRODUCT, model(made.rows.loc[made.until(BEGUN)])).risk
    risky = np.nan_to_num(risk) > np.nanquantile(risk, RISKY)
    reached = risky & (rng.random(N) < 0.9)
    saved = reached & (made.rows["outcome"] == 1).to_numpy() & (rng.random(N) > WORKS)
    rows = made.rows.assign(
        state=made.rows["state"].mask(saved, Outcome.NON_EVENT.value),
        outcome=made.rows["outcome"].mask(saved, 0.0),
        **{CONTACTED: reached},
    )
    return Clinic(rows, made.risk, made.levels), reached, risky


def pending(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows before anything came of them."""
    states = rows["state"].cat.categories
    return rows.assign(state=pd.Categorical([Outcome.PENDING.value] * len(rows), states), outcome=np.nan)


def model(rows: pd.DataFrame) -> TrainedModel:
    """What they teach."""
    return train(rows.reset_index(drop=True), PRODUCT, TrainingRun("fast", 0, "clinic", "0" * 64))[0]


@cache
def taught(naive: bool) -> TrainedModel:
    """The next model, which learns from a month of calls; `naive`: without knowing of them."""
    made, _, _ = called()
    rows = made.rows.loc[made.until(RETRAINED)]
    return model(rows.drop(columns=CONTACTED) if naive else rows)


def told(naive: bool) -> float:
    """Mean risk of later rows that a caller would choose, over what it would be without a call."""
    made, _, risky = called()
    later = ~made.until(RETRAINED)
    risk = score(pending(made.rows.loc[later].drop(columns=CONTACTED)).reset_index(drop=True), PRODUCT, taught(naive))
    chosen = risky[later] & ~np.isnan(risk.risk)
    return float(risk.risk[chosen].mean() / made.risk[later][chosen].mean())


@pytest.mark.slow(seconds=15)
def test_calls_that_work_lower_the_risk_only_for_a_model_that_does_not_know_of_them() -> None:
    assert told(naive=True) < 0.85
    assert told(naive=False) > 0.88
    codes = {note.code: note.params for note in taught(naive=False).card.notes}
    made, reached, _ = called()
    known = made.rows["outcome"].notna().to_numpy() & made.until(RETRAINED)
    assert codes["card.contacted"]["count"] == int((reached & known).sum())
    assert "card.contacted" not in {note.code for note in taught(naive=True).card.notes}


@pytest.mark.slow  # the weights: below
def test_a_model_is_measured_on_those_who_were_not_called_and_for_all() -> None:
    made, reached, _ = called()
    later = made.rows.loc[~made.until(RETRAINED)].reset_index(drop=True)
    honest = evaluate(later, PRODUCT, taught(naive=False))
    unaware = evaluate(later.drop(columns=CONTACTED), PRODUCT, taught(naive=False))
    left_out = {why.code: count for why, count in honest.left_out}
    known = later["outcome"].notna().to_numpy()
    assert left_out["evaluate.contacted"] == int((reached[~made.until(RETRAINED)] & known).sum())
    assert abs(honest.all.ratio.value - 1) < abs(unaware.all.ratio.value - 1)
    assert unaware.all.ratio.value < 0.9  # calls that work look like a model that exaggerates
    assert abs(honest.all.predicted - unaware.all.predicted) < 0.02  # both speak of all rows


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=60).map(np.array),
    st.lists(st.floats(0, 1), max_size=60).map(np.array),
)
def test_weights_have_mean_one_and_give_the_strata_of_all_rows(measured: np.ndarray, left_out: np.ndarray) -> None:
    found = back_to_all(measured, left_out)
    if not len(left_out):
        assert found is None
        return
    assert found is not None and (found > 0).all()
    np.testing.assert_allclose(found.mean(), 1.0)
    top = measured >= measured.max()
    if (left_out > measured.max()).all() and top.mean() < 0.05:
        assert found[top].min() == found.max()
