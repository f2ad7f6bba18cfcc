"""The list to call, one row's explanation and the what-if: sums exact, the whole file's answer, nothing protected."""

import datetime as dt
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import PresencaError
from pipeline.insight.calls.call_list import (
    OTHERS,
    Known,
    ListFilters,
    as_it_stood,
    call_list,
    counts,
    days_of,
    explain_row,
    features_of,
    listed,
    parts,
    row_values,
    select,
    told_by,
    units_of,
    what_if,
)
from pipeline.insight.calls.entries import entries
from pipeline.insight.scoring.row_explanation import PROTECTED
from pipeline.insight.scoring.score import Scored, reasons, score
from pipeline.modeling.model import TrainedModel
from pipeline.presentation.frames import call_list as listing
from pipeline.presentation.locale import messages
from pipeline.presentation.sentences import reason_words
from pipeline.products.no_show import PRODUCT
from pipeline.records import ListCounts
from tests.pipeline.insight.trained import TIERS, future_rows, trained_on
from tests.pipeline.insight.typed import typed_rows
from tests.refusals import refused

PAST = typed_rows(1500, seed=1)
FUTURE = future_rows(typed_rows(300, seed=2), 130)


@cache
def the_model() -> TrainedModel:
    return trained_on(PAST)


@cache
def the_scored() -> Scored:
    return score(FUTURE, PRODUCT, the_model(), history=PAST, as_of=None)


@cache
def the_list() -> pd.DataFrame:
    return call_list(the_scored(), FUTURE, PRODUCT)


def test_the_list_is_sorted_and_leads_back_to_the_rows():
    assert the_list()["risk"].is_monotonic_decreasing
    assert set(the_list()["tier"]) <= {t.key for t in TIERS}
    back = FUTURE.set_index("row").loc[the_list()["row"]]
    assert (back["unit"].astype(str).to_numpy() == the_list()["unit"].astype(str)).all()
    assert {*FUTURE.columns, "reason_1", "reason_3", "observation", "tier"} <= set(the_list().columns)
    assert (
        reasons(the_scored(), FUTURE, PRODUCT)[0].notes[(the_list()["row"] - 2).to_numpy()] == the_list()["reason_1"]
    ).all()


def test_a_reason_and_its_points_stand_apart_and_are_never_cut():
    for said in reasons(the_scored(), FUTURE, PRODUCT):
        together = reason_words.reasons(said.notes, said.points)
        for whole, what, points in zip(together, reason_words.texts(said.notes), said.points, strict=True):
            value = listing.numbers.points(points)
            assert whole == (f"{what}: {value} ponto{'' if value[1:] == '1' else 's'}" if what else "")
    shown = listing.screen(the_list(), np.arange(len(the_list())), the_list(), PRODUCT, the_scored().as_of)
    first = shown[listing.REASONS[0]]
    assert all(first.str.match(r"^[+−]\d+ · \S")) and {"Motivo 2", "Motivo 3"} <= set(shown.columns)


def test_what_a_filter_has_told_is_no_reason():
    day, unit = days_of(the_list())[3], units_of(the_list())[0]
    untold = told_by(ListFilters(day, (unit,)), PRODUCT)
    assert {"unit", "event_calendar", "holiday"} <= untold or {"unit"} <= untold
    said = {factor for n in (1, 2, 3) for factor in the_list()[f"reason_{n}_factor"]}
    assert untold & said
    columns = listing.reasons(the_list(), untold)
    assert not any("Unidade " in text for column in columns for text in column)
    assert told_by(ListFilters(), PRODUCT) == frozenset()


def test_rows_without_a_risk_are_no_calls():
    risk, tier = the_scored().risk.copy(), the_scored().tier.copy()
    risk[[10, 200]], tier[[10, 200]] = np.nan, None
    table = call_list(replace(the_scored(), risk=risk, tier=tier), FUTURE, PRODUCT)
    assert list(table["row"][-2:]) == [12, 202]
    part = parts(table, PRODUCT, dt.date(2026, 1, 1), looks_back=False)
    assert counts(part, left_out=5) == ListCounts(305, listed=298, unscored=2, left_out=5)
    with pytest.raises(PresencaError):
        explain_row(table, 9999, PRODUCT)


def _mixed() -> pd.DataFrame:
    """The future list, of which some rows are over: with an outcome, cancelled, or nobody knows."""
    rows = FUTURE.copy()
    state = rows["state"].astype("object")
    state[:40], state[40:60], state[60:90], state[90:95] = "event", "non_event", "excluded", "unknown"
    rows["state"] = pd.Categorical(state, rows["state"].cat.categories)
    rows.loc[:39, "outcome"], rows.loc[40:59, "outcome"] = 1.0, 0.0
    rows.loc[299, "scheduled_date"] = pd.NaT
    return rows


def test_the_list_holds_only_what_lies_ahead_and_has_no_outcome():
    rows = _mixed()
    as_of = rows["scheduled_date"].sort_values().iloc[150].date()
    table = call_list(score(rows, PRODUCT, the_model(), history=PAST, as_of=as_of), rows, PRODUCT)
    found = counts(parts(table, PRODUCT, as_of, looks_back=False))
    ahead = rows["scheduled_date"] >= pd.Timestamp(as_of)
    open_ = rows["state"].isin(["pending", "unknown"])
    assert (
        found.listed == (ahead & open_).sum()
        and found.passed == (open_ & ~ahead & rows["scheduled_date"].notna()).sum()
    )
    assert (found.known, found.excluded, found.undated) == (60, 30, 1)
    assert (
        found.rows
        == len(rows)
        == sum((found.listed, found.passed, found.known, found.excluded, found.undated, found.unscored))
    )
    kept = listed(table, PRODUCT, as_of, looks_back=False)
    assert (kept["list_day"] >= pd.Timestamp(as_of)).all() and set(kept["state"]) <= {"pending", "unknown"}


def test_a_list_that_looks_back_holds_what_was_booked_then_and_what_came_of_it():
    rows = _mixed()
    as_of = rows["scheduled_date"].min().date()
    scored = score(as_it_stood(rows, PRODUCT, as_of), PRODUCT, the_model(), history=PAST, as_of=as_of)
    kept = listed(call_list(scored, rows, PRODUCT), PRODUCT, as_of, looks_back=True)
    over = rows["state"].isin(["event", "non_event", "excluded"]) & ~(rows["contact_date"] >= pd.Timestamp(as_of))
    assert sorted(kept["row"]) == sorted(rows.loc[over, "row"])
    assert kept.loc[kept["state"] == "excluded", "risk"].notna().all()  # nobody knew yet
    assert set(listing.came(kept, PRODUCT)) <= {"falta", "presença", *rows["status"].astype(str).str.lower()}


def test_one_entry_holds_all_bookings_of_a_patient():
    place = entries(the_list(), PRODUCT)
    assert place.max() + 1 == the_list()["patient_id"].nunique(dropna=True) + the_list()["patient_id"].isna().sum()
    best = the_list().groupby(place)["risk"].max()
    assert (
        best.is_monotonic_decreasing and (entries(the_list(), PRODUCT, by_row=True) == np.arange(len(the_list()))).all()
    )
    shown = listing.screen(the_list(), place, the_list(), PRODUCT, the_scored().as_of)
    many = the_list()["patient_id"].value_counts()
    first = the_list().loc[the_list()["row"] == shown.index[0], "patient_id"].iloc[0]
    assert shown["Mais"].iloc[0] == (f"+{many[first] - 1}" if many[first] > 1 else "")
    nobody = the_list().assign(patient_id=None)
    alone = listing.screen(nobody, entries(nobody, PRODUCT), nobody, PRODUCT, the_scored().as_of)
    assert len(alone) == len(the_list()) and "Paciente" not in alone
    assert alone["Agendamento"].str.fullmatch(r"(\d\d:\d\d · )?.+ · linha \d+").all()


def test_filters_combine():
    day, unit = days_of(the_list())[3], units_of(the_list())[0]
    found = select(the_list(), ListFilters(day, (unit,), ("low", "medium")))
    plain = the_list()[
        (the_list()["scheduled_date"] == pd.Timestamp(day)) & (the_list()["unit"] == unit) & (the_list()["risk"] < 0.25)
    ]
    pd.testing.assert_frame_equal(found, plain)
    assert set(units_of(the_list())) == set(FUTURE["unit"].astype(str))


def test_the_list_survives_parquet(tmp_path):
    the_list().to_parquet(tmp_path / "list.parquet")
    again = pd.read_parquet(tmp_path / "list.parquet")
    assert explain_row(again, 44, PRODUCT) == explain_row(the_list(), 44, PRODUCT)


def test_a_row_s_explanation_sums_exactly_and_hides_the_protected():
    protected = {spec.label for spec in PRODUCT.features if spec.protected}
    for row in range(2, 300, 7):
        found = explain_row(the_list(), row, PRODUCT)
        assert found.reference + sum(c.points for c in found.contributions) == pytest.approx(found.risk, abs=1e-12)
        others, hidden = found.contributions[-2:]
        assert (others.factor, hidden.factor, messages.say(hidden.said)) == (OTHERS, PROTECTED, "Idade e sexo")
        assert messages.say(others.said).startswith("Outro")
        line = the_list().loc[the_list()["row"] == row].iloc[0]
        assert hidden.points == pytest.approx(
            sum(line[f"points__{spec.key}"] for spec in PRODUCT.features if spec.protected), abs=1e-12
        )
        assert not any(label in messages.say(c.said) for c in found.contributions[:-1] for label in protected)
        sizes = [abs(c.points) for c in found.contributions[:-2]]
        assert sizes == sorted(sizes, reverse=True)


def test_a_row_without_a_risk_says_why():
    early = score(PAST, PRODUCT, the_model(), history=None, as_of=None)
    assert early.summary.scored == 0
    with refused(PresencaError, match="período de treino"):
        explain_row(call_list(early, PAST, PRODUCT), 2, PRODUCT)


def test_the_values_of_a_row_are_plain():
    values = row_values(the_list(), 44, PRODUCT)
    assert values["scheduled_date"] == FUTURE["scheduled_date"][42].date()
    assert values["unit"] == FUTURE["unit"][42] and values["exam_category"] is None
    assert "patient_id" not in values
    hour = FUTURE["scheduled_date_hour"][42]
    assert values["scheduled_date_hour"] == (None if np.isnan(hour) else hour)


def _what_if(changes, **options):
    return what_if(FUTURE, 44, changes, PRODUCT, the_model(), Known(the_scored().as_of, PAST), **options)


def test_what_if_without_a_change_is_the_row_s_own_explanation():
    found, own = _what_if({}), explain_row(the_list(), 44, PRODUCT)
    assert found.risk == pytest.approx(the_scored().risk[42], abs=1e-12)
    assert [(c.factor, c.said) for c in found.contributions] == [(c.factor, c.said) for c in own.contributions]
    assert _what_if({}, features=features_of(the_list(), 44)) == found


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
    whole = score(rows, PRODUCT, the_model(), history=PAST, as_of=the_scored().as_of)
    found = _what_if(changes, features=features_of(the_list(), 44))
    assert found.risk == pytest.approx(whole.risk[42], abs=1e-9)
    assert found.reference + sum(c.points for c in found.contributions) == pytest.approx(found.risk, abs=1e-12)


def test_what_if_into_the_training_period_or_of_a_wrong_column_is_a_sentence():
    with refused(PresencaError, match="período de treino"):
        _what_if({"scheduled_date": dt.date(2026, 2, 1)})
    with refused(PresencaError, match="não_existe"):
        _what_if({"não_existe": 1.0})
