"""The list to call, one row's explanation and the what-if: sums exact, the whole file's answer, nothing protected."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import PresencaError
from pipeline.insight.scoring import reasons, score
from pipeline.insight.worklist import (
    OTHERS,
    ListFilters,
    call_list,
    days_of,
    default_calls,
    expected_and_reached,
    explain_row,
    features_of,
    row_values,
    select,
    units_of,
    what_if,
)
from pipeline.products.no_show import PRODUCT
from tests.pipeline.insight.trained import TIERS, future_rows, trained_on
from tests.pipeline.insight.typed import typed_rows

PAST = typed_rows(1500, seed=1)
MODEL = trained_on(PAST)
FUTURE = future_rows(typed_rows(300, seed=2), 130)
SCORED = score(FUTURE, PRODUCT, MODEL, history=PAST, as_of=None)


LIST = call_list(SCORED, FUTURE, PRODUCT, TIERS)


def test_the_list_is_sorted_and_leads_back_to_the_rows():
    assert LIST["risk"].is_monotonic_decreasing
    assert set(LIST["tier"]) <= {t.key for t in TIERS} and set(LIST["tier_label"]) <= {t.label for t in TIERS}
    back = FUTURE.set_index("row").loc[LIST["row"]]
    assert (back["unit"].astype(str).to_numpy() == LIST["unit"].astype(str)).all()
    assert {*FUTURE.columns, "reason_1", "reason_3", "observation", "tier_label"} <= set(LIST.columns)
    said = reasons(SCORED, FUTURE, PRODUCT)
    assert (said[0][(LIST["row"] - 2).to_numpy()] == LIST["reason_1"]).all()


def test_rows_without_a_risk_are_no_calls_but_can_be_asked_for():
    risk, tier = SCORED.risk.copy(), SCORED.tier.copy()
    risk[[10, 200]], tier[[10, 200]] = np.nan, None
    table = call_list(replace(SCORED, risk=risk, tier=tier), FUTURE, PRODUCT, TIERS)
    assert list(table["row"][-2:]) == [12, 202]
    assert len(select(table, ListFilters())) == 298
    assert list(select(table, ListFilters(unscored=True))["row"]) == [12, 202]
    with pytest.raises(PresencaError):
        explain_row(table, 9999, PRODUCT)


def test_filters_combine():
    day, unit = days_of(LIST)[3], units_of(LIST)[0]
    found = select(LIST, ListFilters(day, (unit,), ("low", "medium")))
    plain = LIST[(LIST["scheduled_date"] == pd.Timestamp(day)) & (LIST["unit"] == unit) & (LIST["risk"] < 0.25)]
    pd.testing.assert_frame_equal(found, plain)
    assert set(units_of(LIST)) == set(FUTURE["unit"].astype(str))


def test_calls_reach_the_highest_risks():
    table = pd.DataFrame({"risk": [0.1, np.nan, 0.5, 0.2]})
    assert expected_and_reached(table, 2) == (pytest.approx(0.8), pytest.approx(0.7))
    assert expected_and_reached(LIST, 300)[1] == pytest.approx(SCORED.summary.expected)
    assert [default_calls(n) for n in (0, 3, 200)] == [0, 1, 20]


def test_the_list_survives_parquet(tmp_path):
    LIST.to_parquet(tmp_path / "list.parquet")
    again = pd.read_parquet(tmp_path / "list.parquet")
    assert explain_row(again, 44, PRODUCT) == explain_row(LIST, 44, PRODUCT)


def test_a_row_s_explanation_sums_exactly_and_hides_the_protected():
    protected = {spec.label for spec in PRODUCT.features if spec.protected}
    for row in range(2, 300, 7):
        found = explain_row(LIST, row, PRODUCT)
        assert found.reference + sum(c.points for c in found.contributions) == pytest.approx(found.risk, abs=1e-12)
        assert found.contributions[-1].factor == OTHERS
        assert found.contributions[-1].text.startswith("Outros ")
        assert not any(label in c.text for c in found.contributions for label in protected)
        sizes = [abs(c.points) for c in found.contributions[:-1]]
        assert sizes == sorted(sizes, reverse=True)


def test_a_row_without_a_risk_says_why():
    early = score(PAST, PRODUCT, MODEL, history=None, as_of=None)
    assert early.summary.scored == 0
    with pytest.raises(PresencaError, match="período de treino"):
        explain_row(call_list(early, PAST, PRODUCT, TIERS), 2, PRODUCT)


def test_the_values_of_a_row_are_plain():
    values = row_values(LIST, 44, PRODUCT)
    assert values["scheduled_date"] == FUTURE["scheduled_date"][42].date()
    assert values["unit"] == FUTURE["unit"][42] and values["exam_category"] is None
    assert "patient_id" not in values
    hour = FUTURE["scheduled_date_hour"][42]
    assert values["scheduled_date_hour"] == (None if np.isnan(hour) else hour)


def _what_if(changes, **options):
    return what_if(FUTURE, 44, changes, PRODUCT, MODEL, history=PAST, as_of=SCORED.as_of, **options)


def test_what_if_without_a_change_is_the_row_s_own_explanation():
    found, own = _what_if({}), explain_row(LIST, 44, PRODUCT)
    assert found.risk == pytest.approx(SCORED.risk[42], abs=1e-12)
    assert [(c.factor, c.text) for c in found.contributions] == [(c.factor, c.text) for c in own.contributions]
    assert _what_if({}, features=features_of(LIST, 44)) == found


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
    found = _what_if(changes, features=features_of(LIST, 44))
    assert found.risk == pytest.approx(whole.risk[42], abs=1e-9)
    assert found.reference + sum(c.points for c in found.contributions) == pytest.approx(found.risk, abs=1e-12)


def test_what_if_into_the_training_period_or_of_a_wrong_column_is_a_sentence():
    with pytest.raises(PresencaError, match="período de treino"):
        _what_if({"scheduled_date": dt.date(2026, 2, 1)})
    with pytest.raises(PresencaError, match="não_existe"):
        _what_if({"não_existe": 1.0})
