"""A small model on made-up appointments, trained in place so that the tests of insight need no training run."""

from __future__ import annotations

import datetime as dt

import lightgbm as lgb
import numpy as np
import pandas as pd

from pipeline.modeling.features.build import aggregate, build
from pipeline.modeling.features.column_selection import told_columns
from pipeline.modeling.model import SelfTest, TrainedModel, declaration_hash
from pipeline.products.no_show import PRODUCT
from pipeline.records import Evaluation, Interval, MetricSet, ModelCard, Tier

_ONE = Interval(0.7, 0.68, 0.72)
TIERS = (
    Tier("low", 0.0, 0.15, 100, _ONE),
    Tier("medium", 0.15, 0.25, 100, _ONE),
    Tier("high", 0.25, 0.4, 100, _ONE),
    Tier("very_high", 0.4, 1.0, 100, _ONE),
)


def card(until: dt.date) -> ModelCard:
    metrics = MetricSet("model", _ONE, _ONE, _ONE, _ONE, _ONE)
    test = Evaluation((until, until), 100, 20, metrics, (), (), (), ())
    return ModelCard(
        PRODUCT.key,
        "2026-11-23T12:00:00",
        "fast",
        1,
        "exemplo.csv",
        "0" * 64,
        3000,
        600,
        dt.date(2026, 1, 1),
        until,
        (),
        test,
        None,
        TIERS,
        (),
        (),
    )


def trained_on(rows: pd.DataFrame, rounds: int = 40) -> TrainedModel:
    """A model of the rows with an outcome; its `trained_until` is their last date."""
    table = build(rows, PRODUCT)
    learnt = [name for name in table.columns.columns if name not in told_columns(PRODUCT)]
    labelled = rows["outcome"].notna().to_numpy()
    booster = lgb.train(
        {"objective": "binary", "num_leaves": 15, "num_threads": 1, "verbose": -1, "min_data_in_leaf": 10},
        lgb.Dataset(table.columns.loc[labelled, learnt], rows["outcome"][labelled].to_numpy()),
        rounds,
    )
    columns = tuple(learnt)
    return TrainedModel(
        PRODUCT.key,
        (booster,),
        0.9,
        -0.1,
        columns,
        {name: table.factor_of[name] for name in learnt},
        aggregate(rows, PRODUCT),
        card(rows["scheduled_date"][labelled].max().date()),
        SelfTest(((0.0,) * len(columns),), (0.5,)),
        declaration_hash(PRODUCT),
    )


def future_rows(rows: pd.DataFrame, days: int) -> pd.DataFrame:
    """The same appointments `days` later, booked later too, without an outcome."""
    moved = rows.copy()
    for key in ("scheduled_date", "contact_date"):
        moved[key] = moved[key] + pd.Timedelta(days=days)
    moved["outcome"] = np.float32(np.nan)
    moved["state"] = pd.Categorical(["pending"] * len(moved), rows["state"].cat.categories)
    return moved
