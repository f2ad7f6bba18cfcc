"""One list for a week knows nothing of that week; and what trainings see of rows as earlier lists saw them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipeline.modeling.features.feature_types import type_of
from pipeline.modeling.features.prediction_time import event_days
from pipeline.modeling.training import fit_task, hiding
from pipeline.modeling.training.boosting import EFFORTS
from pipeline.modeling.training.frozen_list import DAILY, WEEK, frozen_test
from pipeline.modeling.training_set import REPLAYED_DAYS, Labelled, prepare
from pipeline.products.no_show import PRODUCT
from tests.pipeline.modeling.appointments import with_outcomes
from tests.pipeline.modeling.clinics import clinic
from tests.toy.products import BELL, LIBRARY


class Watched:
    """Stands in for a model: keeps the columns that it was asked about, and says more of who has missed more."""

    def __init__(self) -> None:
        self.asked: list[pd.DataFrame] = []

    def risk(self, table: pd.DataFrame) -> np.ndarray:
        """Between 0 and 1, shape n."""
        self.asked.append(table.reset_index(drop=True))
        return (1 + table["history__events"].fillna(0).to_numpy(np.float64)) / 50


def asked(rows: pd.DataFrame) -> tuple[Watched, Labelled, np.ndarray, object]:
    """The two tables that a frozen test of the last twenty days looks at, and what it finds."""
    data, model = prepare(rows, PRODUCT), Watched()
    test = np.flatnonzero(data.day > data.day.max() - 20)
    return model, data, test, frozen_test(data, rows, PRODUCT, test, model, 0, 50)  # type: ignore[arg-type]


def test_a_list_for_a_week_knows_no_outcome_of_it() -> None:
    rows = clinic(2_500, 3, days=60).rows
    model, data, test, found = asked(rows)
    first = data.day[test].min()
    week = test[data.day[test] < first + WEEK]
    assert (found.rows, found.events) == (len(week), int(data.outcome[week].sum()))
    assert [reference.key for reference in found.references] == [DAILY]
    later = (event_days(rows, PRODUCT) >= first) & rows["outcome"].notna().to_numpy()
    turned = with_outcomes(rows, later, np.where(rows["outcome"] == 1, "non_event", "event"))
    other = asked(turned)[0]
    pd.testing.assert_frame_equal(model.asked[0], other.asked[0])
    assert not model.asked[1].equals(other.asked[1]), "lists made day by day do know"


def test_it_is_not_measured_where_outcomes_are_few() -> None:
    rows = clinic(2_500, 3, days=60).rows
    data = prepare(rows, PRODUCT)
    last = np.flatnonzero(data.day == data.day.max())[:12]
    assert frozen_test(data, rows, PRODUCT, last, Watched(), 0, 50) is None  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def data() -> Labelled:
    return prepare(clinic(2_500, 4, days=60).rows, PRODUCT)


def test_an_earlier_list_knows_less_and_never_more(data: Labelled) -> None:
    now, then = data.table, data.replayed
    assert then is not None and list(then) == list(now) and len(then) == len(now)
    known, before = now["history__outcomes"].fillna(0), then["history__outcomes"].fillna(0)
    assert (before <= known).all() and (before < known).mean() > 0.02
    booked_today = now["lead_time__days"].to_numpy() == 0
    pd.testing.assert_frame_equal(now[booked_today], then[booked_today])
    days, ahead = (table["lead_time__ahead"].to_numpy() for table in (now, then))
    assert (ahead >= days).all() and (ahead <= days + REPLAYED_DAYS).all() and ahead.max() == 1 + REPLAYED_DAYS
    own = [name for name in now if data.factor_of[name] in {"unit", "age", "hour", "calendar"}]
    pd.testing.assert_frame_equal(now[own], then[own])
    assert REPLAYED_DAYS == WEEK


def test_each_booster_sees_about_half_of_the_rows_earlier(data: Labelled, monkeypatch: pytest.MonkeyPatch) -> None:
    for share in ("HIDDEN_PATIENTS", "HIDDEN_CONTACTS", "HIDDEN_FACTORS"):
        monkeypatch.setattr(hiding, share, 0.0)
    rows = np.arange(0, len(data.outcome), 2)
    kept, teller = data.table.copy(), fit_task.TrainingProgress(None, None)
    asked = fit_task.Question(np.ones(len(data.outcome), dtype=bool), data.outcome)
    run = fit_task.QuestionRun(data, asked, EFFORTS["fast"], 1, PRODUCT, teller)
    part = fit_task._hidden(run, fit_task.Fold(rows, rows[:0]), 1)
    seen = np.nan_to_num(part.table["history__outcomes"].to_numpy(), nan=-1)
    now, then = (table["history__outcomes"].fillna(-1).to_numpy()[rows] for table in (data.table, data.replayed))
    apart = now != then
    assert 0.4 < (seen[apart] == then[apart]).mean() < 0.6
    assert ((seen == then) | (seen == now)).all() and apart.sum() > 50
    pd.testing.assert_frame_equal(data.table, kept)


def test_products_whose_factors_know_nothing_of_the_moment_replay_nothing() -> None:
    known_later = [any(type_of(spec).of_moment for spec in product.features) for product in (LIBRARY, BELL)]
    assert known_later == [True, False]
