"""Rows → model: folds in time, calibration, one tested period, refit; past rows get risks that never saw them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import lightgbm as lgb
import numpy as np
import pandas as pd

from pipeline.contract import FeatureKind, Product
from pipeline.errors import Cancelled, NotEnoughData
from pipeline.modeling import calibration, cards, evaluation, explanation, features, recipe, references
from pipeline.modeling.calibration import Calibration
from pipeline.modeling.model import Golden, PastRisks, TrainedModel, declaration_hash
from pipeline.modeling.moment import contact_days, event_days, known_outcomes, to_date
from pipeline.modeling.recipe import EFFORTS, Effort, Part
from pipeline.modeling.selection import useful_columns
from pipeline.modeling.splitting import Split, split
from pipeline.modeling.timeline import timeline
from pipeline.records import Evaluation, Progress

MIN_ROWS, MIN_OF_CLASS = 500, 50
# what training hides, as shares of patients and of rows, so that the model can do without
HIDDEN_PATIENTS, HIDDEN_CONTACTS, HIDDEN_FACTORS = 0.1, 0.05, 0.02
_OF_PATIENT = (FeatureKind.HISTORY, FeatureKind.OTHER_BOOKINGS)
_OF_CONTACT = (FeatureKind.LEAD_TIME, FeatureKind.OTHER_BOOKINGS, FeatureKind.LOAD)
Boosters = tuple[lgb.Booster, ...]


@dataclass(frozen=True)
class Labelled:
    """The rows with an outcome, in the file's order: columns, outcome, day, patient codes, booked ahead or not."""

    rows: pd.DataFrame
    table: pd.DataFrame
    factor_of: dict[str, str]
    outcome: np.ndarray
    day: np.ndarray
    patients: np.ndarray
    ahead: np.ndarray | None  # None where no contact date is known

    def part(self, positions: np.ndarray) -> Part:
        return Part(self.table.iloc[positions], self.outcome[positions])


@dataclass
class _Teller:
    """Says where the training stands; hears whether to stop."""

    progress: Callable[[Progress], None] | None
    cancelled: Callable[[], bool] | None
    rows: int = 0
    best: float | None = None

    def say(self, share: float, stage: str, rounds: int = 0) -> None:
        if self.cancelled is not None and self.cancelled():
            raise Cancelled
        if self.progress is not None:
            self.progress(Progress(round(share, 4), stage, self.rows, rounds, self.best))

    def listener(self, share: float, stage: str) -> Callable[[int], None]:
        return lambda rounds: self.say(share, stage, rounds)


def train(rows: pd.DataFrame, product: Product, *, effort: str, seed: int, data_name: str, data_sha256: str,
          progress: Callable[[Progress], None] | None = None,
          cancelled: Callable[[], bool] | None = None) -> tuple[TrainedModel, PastRisks]:
    """Trains on typed rows.

    Raises NotEnoughData under 500 labelled rows or 50 of a class, KeyError for an unknown effort, Cancelled.
    """
    chosen, teller = EFFORTS[effort], _Teller(progress, cancelled)
    teller.say(0.01, "Preparando os fatores")
    data = prepare(rows, product)
    teller.rows = len(data.outcome)
    parts = split(data.day, data.outcome)
    folds = _grow_folds(data, parts, chosen, seed, product, teller)
    boosters = _grow(data, parts.development, chosen, seed, folds.rounds, product, teller, (0.55, 0.7), "Modelo do teste")
    tested = _calibrated(data, parts.development, boosters, folds.scale)
    tests = _test(data, parts, tested, product, seed, chosen, teller)
    past = _past_risks(data, parts, folds, tested, teller)
    everyone = np.arange(len(data.outcome))
    boosters = _grow(data, everyone, chosen, seed, folds.rounds, product, teller, (0.85, 0.98), "Modelo final, com todas as linhas")
    card = cards.card(data.rows, product, tests, past, effort=effort, seed=seed, data_name=data_name, data_sha256=data_sha256,
                      first_tested=to_date(int(data.day[parts.blocks[1]].min())), outcome=data.outcome, day=data.day)
    model = _model(data, rows, product, _calibrated(data, everyone, boosters, folds.scale), card)
    teller.say(1.0, "Pronto", folds.rounds)
    return model, past


def prepare(rows: pd.DataFrame, product: Product) -> Labelled:
    """Features of all rows, then the labelled ones; pending rows serve only as bookings that others may know of."""
    known = known_outcomes(rows)
    events = int(np.nansum(rows["outcome"].to_numpy()[known]))
    total = int(known.sum())
    if total < MIN_ROWS or min(events, total - events) < MIN_OF_CLASS:
        raise NotEnoughData(
            f"Há {total} linhas com resultado, {events} delas do caso que se quer prever; o treino pede {MIN_ROWS} linhas "
            f"e {MIN_OF_CLASS} de cada resultado.", "Envie um período maior ou confira a coluna de status.")
    made = features.build(rows, product)
    table = made.columns
    event = event_days(rows, product)
    useful = useful_columns(table.loc[known], event[known], made.factor_of, product)
    line = timeline(rows, None, product, None)
    patients = line.patients
    contact = contact_days(rows, product)
    return Labelled(
        rows=rows.loc[known].reset_index(drop=True),
        table=table.loc[known, useful].reset_index(drop=True),
        factor_of={c: made.factor_of[c] for c in useful},
        outcome=rows["outcome"].to_numpy(dtype=np.float64)[known],
        day=event[known],
        patients=patients[known] if patients is not None else np.full(total, -1),
        ahead=(contact < event)[known] if (contact[known] > 0).any() else None,
    )


@dataclass(frozen=True)
class _Calibrated:
    """Boosters with the scale that makes risks of their margins."""

    boosters: Boosters
    scale: Calibration

    def risk(self, table: pd.DataFrame) -> np.ndarray:
        return self.scale.risk(recipe.margin(self.boosters, table))


def _calibrated(data: Labelled, learnt: np.ndarray, boosters: Boosters, scale: Calibration) -> _Calibrated:
    """The folds' slope, at the level of the rows that these boosters learnt from."""
    margin = recipe.margin(boosters, data.table.iloc[learnt])
    return _Calibrated(boosters, scale.at_level(margin, float(data.outcome[learnt].mean())))


@dataclass(frozen=True)
class _Folds:
    """What the folds gave: the number of rounds, the scale fitted on rows that their model had not seen, a model a fold."""

    rounds: int
    scale: Calibration
    models: tuple[_Calibrated, ...]


def _grow_folds(data: Labelled, parts: Split, effort: Effort, seed: int, product: Product, teller: _Teller) -> _Folds:
    """Four expanding folds: the first seed finds the rounds, the others follow with as many."""
    first: list[lgb.Booster] = []
    curves: list[list[float]] = []
    number = len(parts.folds)
    for k, (learn, judge) in enumerate(parts.folds):
        share = 0.05 + 0.3 * k / number
        booster, curve = recipe.grow(
            _hidden(data, learn, product, seed), effort, seed, effort.rounds, judged=data.part(judge), stopped=teller.cancelled,
            on_round=teller.listener(share, f"Dobra {k + 1} de {number}"))
        first.append(booster)
        curves.append(curve)
        risk = booster.predict(data.table.iloc[judge], raw_score=True)
        teller.best = evaluation.auc(np.asarray(risk), data.outcome[judge])
        teller.say(share + 0.3 / number, f"Dobra {k + 1} de {number}", len(curve))
    rounds = recipe.best_rounds(curves, [len(judge) for _, judge in parts.folds])
    grown = []
    for k, (learn, _) in enumerate(parts.folds):
        others = _more_seeds(data, learn, effort, seed, rounds, product, teller, 0.35 + 0.2 * k / number)
        grown.append((recipe.truncated(first[k], rounds), *others))
    judged = [judge for _, judge in parts.folds]
    margins = [recipe.margin(boosters, data.table.iloc[judge]) for boosters, judge in zip(grown, judged, strict=True)]
    scale = calibration.fit(np.concatenate(margins), np.concatenate([data.outcome[j] for j in judged]))
    models = [_calibrated(data, learn, boosters, scale) for boosters, (learn, _) in zip(grown, parts.folds, strict=True)]
    return _Folds(rounds, scale, tuple(models))


def _more_seeds(data: Labelled, learn: np.ndarray, effort: Effort, seed: int, rounds: int, product: Product,
                teller: _Teller, share: float) -> Boosters:
    grown = []
    for n in range(1, effort.seeds):
        teller.say(share, f"Semente {n + 1} de {effort.seeds} das dobras", rounds)
        grown.append(recipe.grow(_hidden(data, learn, product, seed + n), effort, seed + n, rounds, stopped=teller.cancelled)[0])
    return tuple(grown)


def _grow(data: Labelled, learn: np.ndarray, effort: Effort, seed: int, rounds: int, product: Product, teller: _Teller,
          span: tuple[float, float], stage: str) -> Boosters:
    """One booster a seed on the rows `learn`."""
    grown = []
    for n in range(effort.seeds):
        share = span[0] + (span[1] - span[0]) * n / effort.seeds
        grown.append(recipe.grow(
            _hidden(data, learn, product, seed + n), effort, seed + n, rounds, stopped=teller.cancelled,
            on_round=teller.listener(share, stage))[0])
    return tuple(grown)


def _hidden(data: Labelled, positions: np.ndarray, product: Product, seed: int) -> Part:
    """The rows, some without what files to score often lack: a patient's history, the date of contact, any one factor.

    A model that never saw a gap takes it for the least of all values: no contact date would pass for a booking of
    the same day, and its risk for a low one.
    """
    part = data.part(positions)
    drawn = np.random.default_rng(seed)
    patients = data.patients[positions]
    strangers = drawn.random(int(patients.max(initial=0)) + 2)[patients] < HIDDEN_PATIENTS
    together = [(strangers, [s.key for s in product.features if s.kind in _OF_PATIENT]),
                (drawn.random(len(positions)) < HIDDEN_CONTACTS, [s.key for s in product.features if s.kind in _OF_CONTACT])]
    alone = [(drawn.random(len(positions)) < HIDDEN_FACTORS, [s.key]) for s in product.features]
    table = part.table.copy()
    for rows, keys in (*together, *alone):
        columns = [column for column in table if data.factor_of[column] in keys]
        if columns:
            table.loc[rows, columns] = np.nan
    return Part(table, part.outcome)


def _test(data: Labelled, parts: Split, model: _Calibrated, product: Product, seed: int, effort: Effort,
          teller: _Teller) -> tuple[Evaluation, Evaluation | None]:
    """The one look at the last period: all rows, and those not booked on the day."""
    teller.say(0.72, "Testando no último período")
    test = parts.test
    risk = model.risk(data.table.iloc[test])
    others = references.predictions(data.table, product, data.outcome, parts.development, test)
    period = (to_date(int(data.day[test].min())), to_date(int(data.day[test].max())))

    def judged(mask: np.ndarray) -> Evaluation:
        return evaluation.evaluate(risk[mask], {k: v[mask] for k, v in others.items()}, data.outcome[test][mask],
                                   data.patients[test][mask], period, seed=seed, resamples=effort.resamples)

    everyone = judged(np.ones(len(test), dtype=bool))
    if data.ahead is None:
        return everyone, None
    ahead = data.ahead[test]
    few = min(data.outcome[test][ahead].sum(), ahead.sum() - data.outcome[test][ahead].sum()) < 10
    return everyone, None if few or ahead.all() else judged(ahead)


def _past_risks(data: Labelled, parts: Split, folds: _Folds, tested: _Calibrated, teller: _Teller) -> PastRisks:
    """Risks and points of every row that some model had not seen: the folds' own blocks and the test period."""
    teller.say(0.75, "Explicando o passado")
    pieces = [(model, judge) for model, (_, judge) in zip(folds.models, parts.folds, strict=True)]
    made = []
    for model, positions in [*pieces, (tested, parts.test)]:
        found = explanation.explain(model.boosters, data.table.iloc[positions], data.factor_of, model.scale.slope, model.scale.intercept)
        made.append((data.rows["row"].to_numpy()[positions], found))
    points = pd.concat([found.points for _, found in made], ignore_index=True).astype("float32")
    return PastRisks(
        row=np.concatenate([row for row, _ in made]),
        risk=np.concatenate([found.risk for _, found in made]),
        reference=np.concatenate([np.full(len(row), found.reference) for row, found in made]),
        points=points,
    )


def _model(data: Labelled, rows: pd.DataFrame, product: Product, made: _Calibrated, card: cards.ModelCard) -> TrainedModel:
    boosters, scale = made.boosters, made.scale
    columns = tuple(data.table.columns)
    golden = _golden(data.table)
    risks = explanation.predict(boosters, golden, scale.slope, scale.intercept)
    plain = golden.astype(object).where(golden.notna(), None).to_numpy().tolist()
    return TrainedModel(
        product_key=product.key, boosters=boosters, slope=scale.slope, intercept=scale.intercept, columns=columns,
        factor_of=data.factor_of, aggregates=features.aggregate(rows, product), card=card,
        golden=Golden(tuple(tuple(row) for row in plain), tuple(float(r) for r in risks)),
        declaration=declaration_hash(product),
    )


def _golden(table: pd.DataFrame) -> pd.DataFrame:
    """Synthetic rows at quantiles of each column, one of them without anything: never a patient's."""
    rows = table.quantile(np.linspace(0.05, 0.95, 7)).astype("float32").astype("float64")
    return pd.concat([rows, pd.DataFrame([[np.nan] * len(table.columns)], columns=table.columns)], ignore_index=True)


