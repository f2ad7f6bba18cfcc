"""Skill on days after the training, beside what else one would take; and what a training costs beside a bare fit.

Rolling tests: for each cut a model learns what was known that day and is judged on the week after it, by lists made
the day before each event and by one list made on the cut and used for the week. Real rows where they are; made-up
clinics, whole and poor, everywhere. Intervals resample patients; the weeks of all cuts are judged together.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline.contract import Product
from pipeline.modeling.evaluation import metrics
from pipeline.modeling.evaluation.metrics import JudgedRows, Predicted
from pipeline.modeling.features import build
from pipeline.modeling.features.build import FeatureTable
from pipeline.modeling.features.prediction_time import contact_days, day_number, event_days, known_outcomes, to_date
from pipeline.modeling.file_rows import as_known
from pipeline.modeling.model import TrainedModel
from pipeline.modeling.training.boosting import margin
from pipeline.modeling.training.frozen_list import WEEK
from pipeline.modeling.training_set import Labelled, patients_of, prepare
from pipeline.records import Evaluation, Interval
from tests.benchmarks import skill_references as references
from tests.benchmarks.harness import Result, fresh, written

TITLE = "acerto"
HERE = "tests.benchmarks.bench_skill"
PRODUCT = "no_show"
REAL = Path(__file__).resolve().parents[3] / "shared" / "real" / "vitoria_no_show_ate_2016-05-31.csv.gz"
CUTS = ("2016-05-12", "2016-05-17", "2016-05-20", "2016-05-25")
TRAIN_LIMIT = 6.0  # times one bare fit of the same trees
SEED = 7
LOGISTIC = "regressão logística"
CLINICS: dict[str, dict[str, Any]] = {
    "clínica inventada, 20.000 linhas": {"n": 20_000},
    "a mesma sem pacientes": {"n": 20_000, "ids": False},
    "a mesma sem data de contato": {"n": 20_000, "contacts": False},
    "a mesma sem as duas": {"n": 20_000, "ids": False, "contacts": False},
    "clínica de 3.000 linhas": {"n": 3_000},
    "a de 3.000 sem as duas": {"n": 3_000, "ids": False, "contacts": False},
}
DAILY, FROZEN, AHEAD = "listas da véspera", "lista da semana", "só com antecedência"


@dataclass(frozen=True)
class Week:
    """The judged rows of one cut by one way of making lists, and what each model says of them."""

    risks: dict[str, np.ndarray]
    outcome: np.ndarray
    patients: np.ndarray
    ahead: np.ndarray


def measure(quick: bool = False) -> list[Result]:
    """Vitória by four cuts, then the made-up clinics; each in a process of its own."""
    effort = "fast" if quick else "standard"
    found = []
    if REAL.is_file() and not quick:
        found += _told("Vitória", fresh(f"{HERE}:vitoria", effort, timeout=7200).answer, judged=True)
    for name, made in list(CLINICS.items())[-2 if quick else 0 :]:
        found += _told(name, fresh(f"{HERE}:clinic", made, effort, timeout=3600).answer, judged=not quick)
    cost = fresh(f"{HERE}:cost", effort, 3_000 if quick else 20_000, timeout=3600).answer
    return [
        *found,
        Result(
            "treinar, testes e riscos do passado incluídos",
            cost["ours"] / cost["bare"],
            None if quick else TRAIN_LIMIT,
            reference="um ajuste do LightGBM com as mesmas árvores",
            detail=f"{written(cost['ours'])} s de processador contra {written(cost['bare'])} s",
        ),
    ]


def _told(world: str, answers: dict[str, dict[str, Any]], *, judged: bool) -> list[Result]:
    """A line a way of making lists for our own AUC, and one a reference: by how much it is surely better (AUC)."""
    found = []
    for way, one in answers.items():
        own = one["own"]
        told = (
            f"Brier {own['brier']:.4f}; ECE {own['ece']:.4f}; risco médio {own['mean']:.3f}, ocorrido {own['rate']:.3f}"
        )
        found.append(Result(f"{world}, {way}: AUC", own["auc"], None, "", f"n {own['rows']}", told.replace(".", ",")))
        for name, gain in one["gains"].items():
            ours = (
                f"AUC {_signed(gain['auc'])} a nosso favor ({_signed(gain['low'])} a {_signed(gain['high'])}); "
                f"Brier {_signed(gain['brier'])}"
            )
            worse = -gain["high"]  # the least by which the reference is better, with 95 %
            found.append(Result(f"{world}, {way}: vantagem de {name}", worse, 0.0 if judged else None, "", "", ours))
    return found


def _signed(value: float) -> str:
    return f"{value:+.4f}".replace(".", ",").replace("-", "−")


def vitoria(effort: str) -> dict[str, Any]:
    """The rolling tests on the real rows (fresh process)."""
    from pipeline import services

    rows = services.load(PRODUCT, REAL).rows
    return _rolled(rows, [dt.date.fromisoformat(cut) for cut in CUTS], effort)


def clinic(made: dict[str, Any], effort: str) -> dict[str, Any]:
    """One made-up clinic, judged on the last fifth of its days week by week (fresh process)."""
    from tests.pipeline.modeling.clinics import DAYS, FIRST
    from tests.pipeline.modeling.clinics import clinic as made_up

    first = pd.Timestamp(FIRST).date()
    days = [int(share * DAYS) for share in (0.7, 0.8, 0.9)]
    return _rolled(made_up(seed=SEED, **made).rows, [first + dt.timedelta(days=d) for d in days], effort)


def cost(effort: str, n: int) -> dict[str, float]:
    """Processor seconds of a whole training and of one bare fit of its trees on the same columns (fresh process)."""
    import lightgbm as lgb

    from pipeline import services
    from pipeline.modeling.training.boosting import EFFORTS, parameters
    from pipeline.modeling.training.train import TrainingRun, train
    from tests.pipeline.modeling.clinics import clinic as made_up

    product, rows = services.product(PRODUCT), made_up(n, SEED).rows
    model: list[TrainedModel] = []
    ours = _processor(lambda: model.append(train(rows, product, TrainingRun(effort, SEED, "", "0" * 64))[0]))
    data = prepare(rows, product)

    def bare() -> None:
        for seed, booster in enumerate(model[0].boosters):
            settings = parameters(EFFORTS[effort], seed, len(data.outcome))
            lgb.train(settings, lgb.Dataset(data.table, data.outcome), booster.num_trees())

    return {"ours": ours, "bare": _processor(bare)}


def _processor(work: Callable[[], object]) -> float:
    """Processor seconds of one call in this process and its threads."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _rolled(rows: pd.DataFrame, cuts: list[dt.date], effort: str) -> dict[str, Any]:
    from pipeline import services

    product = services.product(PRODUCT)
    weeks: dict[str, list[Week]] = {DAILY: [], FROZEN: []}
    for cut in cuts:
        for way, week in _one_cut(rows, product, cut, effort).items():
            weeks[way].append(week)
    found = {way: _judged(made, False) for way, made in weeks.items()}
    if any(week.ahead.any() and not week.ahead.all() for week in weeks[DAILY]):
        found[AHEAD] = _judged(weeks[DAILY], True)
    return found


def _one_cut(rows: pd.DataFrame, product: Product, cut: dt.date, effort: str) -> dict[str, Week]:
    from pipeline.modeling.training.train import TrainingRun, train

    first, day = day_number(cut), event_days(rows, product)
    past = as_known(rows, product, first)
    model, _ = train(past, product, TrainingRun(effort, SEED, "", "0" * 64))
    data = prepare(past, product)
    judged = np.flatnonzero(known_outcomes(rows) & (day >= first) & (day < first + WEEK))
    known, contact = patients_of(rows, product), contact_days(rows, product)
    return {
        way: Week(
            _risks(model, data, product, rows.iloc[judged].reset_index(drop=True), made),
            rows["outcome"].to_numpy(np.float64)[judged],
            known[judged],
            contact[judged] < day[judged],
        )
        for way, made in (
            (DAILY, _seen_daily(rows, product, model, judged, day)),
            (FROZEN, _seen(rows, product, model, judged, first)),
        )
    }


def _seen(rows: pd.DataFrame, product: Product, model: TrainedModel, judged: np.ndarray, day: int) -> FeatureTable:
    """The columns of the judged rows in a list that is made on `day`."""
    made = build.build(as_known(rows, product, day), product, as_of=to_date(day), aggregates=model.aggregates)
    return FeatureTable(made.columns.iloc[judged].reset_index(drop=True), made.factor_of)


def _seen_daily(
    rows: pd.DataFrame, product: Product, model: TrainedModel, judged: np.ndarray, day: np.ndarray
) -> FeatureTable:
    """The columns of each judged row in the list of its own day, which knows what happened before it."""
    days = np.unique(day[judged])
    parts = [_seen(rows, product, model, judged[day[judged] == one], int(one)) for one in days]
    order = np.argsort(np.concatenate([np.flatnonzero(day[judged] == one) for one in days]))
    columns = pd.concat([part.columns for part in parts], ignore_index=True).iloc[order].reset_index(drop=True)
    return FeatureTable(columns, parts[0].factor_of)


def _risks(
    model: TrainedModel, data: Labelled, product: Product, rows: pd.DataFrame, made: FeatureTable
) -> dict[str, np.ndarray]:
    own = 1 / (1 + np.exp(-(model.intercept + model.slope * margin(model.boosters, made.columns))))
    sides = references.sides(data, product, rows, made)
    others = {name: engine(sides) for name, engine in references.engines().items()}
    return {metrics.MODEL: own, LOGISTIC: references.logistic(data, product, made), **others}


def _judged(weeks: list[Week], only_ahead: bool) -> dict[str, Any]:
    """All weeks together: what we reach, and the paired gains over each reference."""
    chosen = [week.ahead if only_ahead else np.ones(len(week.outcome), dtype=bool) for week in weeks]

    def joined(values: list[np.ndarray]) -> np.ndarray:
        return np.concatenate([value[mask] for value, mask in zip(values, chosen, strict=True)])

    risks = {name: joined([week.risks[name] for week in weeks]) for name in weeks[0].risks}
    outcome = joined([week.outcome for week in weeks])
    own = Predicted(risks.pop(metrics.MODEL))
    judged = JudgedRows(outcome, joined([week.patients for week in weeks]), None)
    found = metrics.evaluate(own, {n: Predicted(r) for n, r in risks.items()}, judged, seed=SEED)
    return {
        "own": _own(found, own.risk, outcome),
        "gains": {d.reference: _gain(d.auc, d.brier) for d in found.differences},
    }


def _own(found: Evaluation, risk: np.ndarray, outcome: np.ndarray) -> dict[str, float]:
    return {
        "auc": found.model.auc.value,
        "brier": found.model.brier.value,
        "ece": found.model.ece.value,
        "mean": float(risk.mean()),
        "rate": float(outcome.mean()),
        "rows": len(outcome),
    }


def _gain(auc: Interval, brier: Interval) -> dict[str, float]:
    return {"auc": auc.value, "low": auc.low or 0.0, "high": auc.high or 0.0, "brier": brier.value}
