"""Skill on made-up clinics of forty specialties, where the true risk of every row is known."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy.special import logit

from pipeline.modeling.evaluation.baselines import LOGISTIC
from pipeline.modeling.model import OutOfFoldPredictions, TrainedModel
from pipeline.modeling.training.train import TrainingRun, train
from pipeline.products.no_show import PRODUCT
from tests.pipeline.modeling.clinics import DAYS, Clinic, clinic

Learnt = tuple[Clinic, TrainedModel, OutOfFoldPredictions]
POOR = {"whole": {}, "no ids": {"ids": False}, "no contacts": {"contacts": False}}


@cache
def learnt(
    n: int, seed: int, ids: bool = True, contacts: bool = True
) -> tuple[Clinic, TrainedModel, OutOfFoldPredictions]:
    """A clinic with the model and the past risks that a training gave it."""
    made = clinic(n, seed, ids=ids, contacts=contacts)
    return made, *train(made.rows, PRODUCT, TrainingRun("fast", 0, "clinic", "0" * 64))


def judged(n: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Risks, true risks and outcomes of the second half's rows, by models that had learnt from what came before."""
    made, _, past = learnt(n, seed)
    place = np.searchsorted(made.rows["row"].to_numpy(), past.row)
    late = ~made.until(DAYS // 2)[place]
    return past.risk[late], made.risk[place][late], made.rows["outcome"].to_numpy(np.float64)[place][late]


def slope(risk: np.ndarray, outcome: np.ndarray) -> tuple[float, float]:
    """Of a logistic regression of outcomes on log-odds (Cox 1958): maximum likelihood by Newton, its standard error."""
    x = np.column_stack([np.ones(len(risk)), logit(risk)])
    theta = np.array([0.0, 1.0])
    for _ in range(20):
        p = 1 / (1 + np.exp(-x @ theta))
        information = x.T @ (x * (p * (1 - p))[:, None])
        theta = theta + np.linalg.solve(information, x.T @ (outcome - p))
    return float(theta[1]), float(np.sqrt(np.linalg.inv(information)[1, 1]))


def not_worse(model: TrainedModel) -> None:
    """Neither ranking nor risks lie behind logistic regression by more than chance makes."""
    gain = next(d for d in model.card.test.differences if d.reference == LOGISTIC)
    assert gain.auc.high > 0 and gain.brier.low < 0


def test_a_small_poor_clinic_is_served_as_well_as_by_logistic_regression() -> None:
    not_worse(learnt(3_000, 1, ids=False, contacts=False)[1])


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("n", [3_000, 20_000])
@pytest.mark.parametrize("lacking", list(POOR))
def test_no_clinic_is_served_worse_than_by_logistic_regression(n: int, seed: int, lacking: str) -> None:
    not_worse(learnt(n, seed, **POOR[lacking])[1])


@pytest.mark.slow
def test_risks_are_calibrated() -> None:
    """Against true risks, in clinics whose level drifts and whose professionals change: a slope of one, and an error
    that a single draw of outcomes could not tell from none.
    """
    slopes, within, errors = [], [], []
    for seed in range(6):
        risk, truth, outcome = judged(20_000, seed)
        slopes.append(slope(risk, truth)[0])
        found, error = slope(risk, outcome)
        within.append(abs(found - 1) < 1.96 * error)
        bins = np.array_split(np.argsort(risk), 10)
        errors.append(np.mean([abs(risk[part].mean() - truth[part].mean()) for part in bins]))
    assert all(0.95 < one < 1.07 for one in slopes) and abs(np.mean(slopes) - 1) < 0.03
    assert sum(within) >= 5  # of six intervals of 95 %
    assert np.mean(errors) <= 0.015


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_what_was_planted_is_found(seed: int) -> None:
    """Specialties are ordered as their true risks are; bookings of the day itself and extra slots weigh as planted."""
    made, _, past = learnt(20_000, seed)
    place = np.searchsorted(made.rows["row"].to_numpy(), past.row)
    rows = made.rows.iloc[place].reset_index(drop=True)
    truth = made.risk[place]
    named = rows["procedure"].astype(str)
    common = [name for name in named.unique() if (named == name).sum() >= 300]
    points = [past.points.loc[named == name, "procedure"].mean() for name in common]
    risks = [truth[(named == name).to_numpy()].mean() for name in common]
    assert np.corrcoef(points, risks)[0, 1] > 0.8
    lead = (rows["scheduled_date"] - rows["contact_date"]).dt.days
    assert past.points.loc[lead == 0, "lead_time"].mean() < -0.08 < 0 < past.points.loc[lead > 20, "lead_time"].mean()
    minute = (rows["scheduled_date_hour"] * 60).round() % 60
    assert past.points.loc[minute == 50, "hour"].mean() > past.points.loc[minute == 20, "hour"].mean() + 0.01
