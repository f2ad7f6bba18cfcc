"""The list to call, one row's explanation and the what-if: sums exact, the whole file's answer, nothing protected."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import PresencaError
from pipeline.insight.scoring import reasons, score
from pipeline.insight.what_if import what_if
from pipeline.insight.worklist import OTHERS, call_list, explain_row, reach
from pipeline.products.no_show import PRODUCT
from tests.pipeline.insight.trained import TIERS, future_rows, trained_on
from tests.pipeline.insight.typed import typed_rows

PAST = typed_rows(1500, seed=1)
MODEL = trained_on(PAST)
FUTURE = future_rows(typed_rows(300, seed=2), 130)
SCORED = score(FUTURE, PRODUCT, MODEL, history=PAST, as_of=None)


def test_the_list_is_sorted_and_leads_back_to_the_rows():
    table = call_list(SCORED, FUTURE, PRODUCT, reasons(SCORED, FUTURE, PRODUCT), TIERS)
    assert table["risk"].is_monotonic_decreasing
    assert set(table["tier"]) <= {t.label for t in TIERS}
    back = FUTURE.iloc[table["position"]]
    assert (back["row"].to_numpy() == table["row"]).all()
    assert (back["unit"].astype(str).to_numpy() == table["unit"].astype(str)).all()
    assert {"hour", "patient", "reason_1", "reason_3", "procedure", "health_plan", "observation"} <= set(table.columns)


def test_rows_without_a_risk_come_last_in_file_order():
    risk = SCORED.risk.copy()
    risk[[10, 200]] = np.nan
    from dataclasses import replace

    tier = SCORED.tier.copy()
    tier[[10, 200]] = None
    table = call_list(replace(SCORED, risk=risk, tier=tier), FUTURE, PRODUCT, [], TIERS)
    assert list(table["position"][-2:]) == [10, 200]
    assert list(table["tier"][-2:]) == ["", ""]


def test_reach_adds_up_the_highest_risks():
    assert reach(np.array([0.1, np.nan, 0.5, 0.2]), 2) == (pytest.approx(0.7), pytest.approx(0.8))
    assert reach(SCORED.risk, 300)[0] == pytest.approx(SCORED.summary.expected)


def test_a_row_s_explanation_sums_exactly_and_hides_the_protected():
    protected = {spec.label for spec in PRODUCT.features if spec.protected}
    for position in range(0, 300, 7):
        found = explain_row(SCORED, position, FUTURE, PRODUCT)
        assert found is not None
        assert found.reference + sum(c.points for c in found.contributions) == pytest.approx(found.risk, abs=1e-12)
        assert found.contributions[-1].factor == OTHERS
        assert found.contributions[-1].text.startswith("Outros ")
        assert not any(label in c.text for c in found.contributions for label in protected)
        sizes = [abs(c.points) for c in found.contributions[:-1]]
        assert sizes == sorted(sizes, reverse=True)


def test_a_row_without_a_risk_has_no_explanation():
    early = score(PAST, PRODUCT, MODEL, history=None, as_of=None)
    assert early.summary.scored == 0
    assert explain_row(early, 0, PAST, PRODUCT) is None


def test_what_if_without_a_change_is_the_row_s_own_explanation():
    found = what_if(SCORED, 42, FUTURE, PRODUCT, MODEL, {}, history=PAST)
    assert found is not None
    assert found.risk == pytest.approx(SCORED.risk[42], abs=1e-12)
    own = explain_row(SCORED, 42, FUTURE, PRODUCT)
    assert own is not None
    assert [(c.factor, c.text) for c in found.contributions] == [(c.factor, c.text) for c in own.contributions]


@pytest.mark.parametrize(
    "changes",
    [
        {"unit": "Hospital do Norte", "uf": "PA"},
        {"health_plan": None},
        {"booking_channel": "Call Center", "scheduled_date_hour": 7.0},
        {"scheduled_date": dt.date(2026, 9, 15)},
        {"contact_date": dt.date(2026, 5, 1)},
        {"age": 80.0},
    ],
)
def test_what_if_gives_what_the_whole_file_would_give(changes):
    rows = FUTURE.copy()
    for key, value in changes.items():
        if isinstance(rows[key].dtype, pd.CategoricalDtype):
            texts = rows[key].astype("object")
            texts.iloc[42] = value
            rows[key] = texts.astype("category")
        else:
            rows.loc[42, key] = pd.Timestamp(value) if isinstance(value, dt.date) else value
    whole = score(rows, PRODUCT, MODEL, history=PAST, as_of=SCORED.as_of)
    found = what_if(SCORED, 42, FUTURE, PRODUCT, MODEL, changes, history=PAST)
    assert found is not None
    assert found.risk == pytest.approx(whole.risk[42], abs=1e-9)
    assert found.reference + sum(c.points for c in found.contributions) == pytest.approx(found.risk, abs=1e-12)


def test_what_if_into_the_training_period_has_no_answer_and_a_wrong_column_a_sentence():
    assert what_if(SCORED, 42, FUTURE, PRODUCT, MODEL, {"scheduled_date": dt.date(2026, 2, 1)}, history=PAST) is None
    with pytest.raises(PresencaError, match="não_existe"):
        what_if(SCORED, 42, FUTURE, PRODUCT, MODEL, {"não_existe": 1.0}, history=PAST)
