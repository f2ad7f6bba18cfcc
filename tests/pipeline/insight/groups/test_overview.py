"""Groups of past rows: every figure is compared with a plain pandas computation of the same thing."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from pipeline.insight.groups import heat
from pipeline.insight.groups.heat import LEAD_BUCKETS
from pipeline.insight.groups.overview import REFERENCE, Filters, overview, rows_of, why
from pipeline.products.no_show import PRODUCT
from pipeline.records import cell_name
from pipeline.statistics import wilson
from tests.growth import grows_with_its_size
from tests.pipeline.insight.typed import past_risks, typed_rows

ROWS = typed_rows()
PAST = past_risks(ROWS)
WITH_RISK = ROWS.merge(pd.DataFrame({"row": PAST.row, "risk": PAST.risk}), on="row", how="left")


def test_totals_and_groups_match_pandas():
    seen = overview(ROWS, PAST, PRODUCT, Filters())
    assert (seen.rows, seen.outcomes, seen.events) == (600, int(ROWS["outcome"].count()), int(ROWS["outcome"].sum()))
    assert seen.predicted_rows == len(PAST.row)
    assert seen.predicted == pytest.approx(PAST.risk.mean())
    assert seen.first_date == ROWS["scheduled_date"].min().date()
    for group in dict(seen.groups)["unit"]:
        part = WITH_RISK[WITH_RISK["unit"] == group.value]
        assert (group.rows, group.outcomes, group.events) == (len(part), part["outcome"].count(), part["outcome"].sum())
        assert group.predicted == pytest.approx(part["risk"].mean())
        assert group.observed is not None
        expected = wilson(int(part["outcome"].sum()), int(part["outcome"].count()))
        assert (group.observed.low, group.observed.high) == pytest.approx((expected.low, expected.high))
        assert group.detail == part["uf"].mode()[0]
    rates = [g.observed.value for g in dict(seen.groups)["unit"]]
    assert rates == sorted(rates, reverse=True)


def test_filters_combine_and_groups_shrink_with_them():
    filters = Filters(
        dt.date(2026, 2, 1), dt.date(2026, 3, 15), {"unit": ("Clínica Sé", "Hospital do Norte"), "uf": ("PA",)}
    )
    seen = overview(ROWS, PAST, PRODUCT, filters)
    plain = ROWS[ROWS["scheduled_date"].between("2026-02-01", "2026-03-15") & (ROWS["unit"] == "Hospital do Norte")]
    assert seen.rows == len(plain) > 0
    assert [g.value for g in dict(seen.groups)["unit"]] == ["Hospital do Norte"]
    assert dict(seen.groups)["unit"][0].against == "unclear"  # it is all there is


def test_against_compares_the_interval_with_the_overall_rate():
    rows = typed_rows(2000)
    rows["outcome"] = np.where(rows["unit"] == "Clínica Sé", 1.0, 0.0).astype("float32")
    seen = {g.value: g.against for g in dict(overview(rows, None, PRODUCT, Filters()).groups)["unit"]}
    assert seen.pop("Clínica Sé") == "above"
    assert set(seen.values()) == {"below"}


def test_a_handful_of_rows_leads_no_list():
    rows = typed_rows(2000)
    few = rows["unit"] == "Clínica Sé"
    rows = rows[~few | (few.cumsum() <= 5)].reset_index(drop=True)
    rows["outcome"] = np.where(rows["unit"] == "Clínica Sé", 1.0, np.where(rows.index % 3 == 0, 1.0, 0.0)).astype(
        "float32"
    )
    last = dict(overview(rows, None, PRODUCT, Filters()).groups)["unit"][-1]
    assert (last.value, last.outcomes, last.observed.value, last.against) == ("Clínica Sé", 5, 1.0, "unclear")


def test_months_and_heat_match_pandas():
    seen = overview(ROWS, PAST, PRODUCT, Filters())
    by_month = ROWS.groupby(ROWS["scheduled_date"].dt.strftime("%Y-%m"))["outcome"].agg(["size", "count", "sum"])
    assert {m.period: (m.rows, m.outcomes, m.events) for m in seen.periods} == {
        k: (int(r["size"]), int(r["count"]), int(r["sum"])) for k, r in by_month.iterrows()
    }
    predicted = WITH_RISK.groupby(WITH_RISK["scheduled_date"].dt.strftime("%Y-%m"))["risk"].mean().dropna()
    assert dict(seen.predicted_by_period) == pytest.approx(predicted.to_dict())
    lead = (ROWS["scheduled_date"] - ROWS["contact_date"]).dt.days
    cell = next(c for c in seen.heat if (c.row, c.column) == ("wed", "8–15"))
    inside = ROWS[(ROWS["scheduled_date"].dt.day_of_week == 2) & lead.between(8, 15)]
    assert cell.rows == inside["outcome"].count()
    assert len(seen.heat) == 7 * len(LEAD_BUCKETS)
    assert sum(c.rows for c in seen.heat) == seen.outcomes


def test_data_of_less_than_three_months_are_counted_by_week():
    rows = ROWS[ROWS["scheduled_date"] < "2026-03-16"].reset_index(drop=True)
    seen = overview(rows, PAST, PRODUCT, Filters())
    monday = rows["scheduled_date"] - pd.to_timedelta(rows["scheduled_date"].dt.day_of_week, unit="D")
    by_week = rows.groupby(monday.dt.strftime("%Y-%m-%d"))["outcome"].agg(["size", "count", "sum"])
    assert {m.period: (m.rows, m.outcomes, m.events) for m in seen.periods} == {
        k: (int(r["size"]), int(r["count"]), int(r["sum"])) for k, r in by_week.iterrows()
    }
    assert set(dict(seen.predicted_by_period)) <= set(by_week.index)


def test_a_typing_error_in_the_year_stretches_no_axis_and_is_counted():
    rows = ROWS.copy()
    rows.loc[[3, 4], "scheduled_date"] = [pd.Timestamp("3025-02-01"), pd.Timestamp("1926-02-01")]
    seen = overview(rows, PAST, PRODUCT, Filters())
    assert (seen.rows, seen.outside) == (600, 2)
    assert (seen.first_date, seen.last_date) == (
        ROWS["scheduled_date"].min().date(),
        ROWS["scheduled_date"].max().date(),
    )
    assert [m.period for m in seen.periods] == ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05"]
    assert sum(m.rows for m in seen.periods) == 598
    assert overview(ROWS, PAST, PRODUCT, Filters()).outside == 0


def test_the_period_before_has_the_same_length_and_filters():
    plan = {"health_plan": ("Amil",)}
    found = overview(ROWS, PAST, PRODUCT, Filters(dt.date(2026, 3, 1), dt.date(2026, 3, 30), plan)).before
    assert found is not None and (found.first_date, found.last_date) == (dt.date(2026, 1, 30), dt.date(2026, 2, 28))
    plain = ROWS[ROWS["scheduled_date"].between("2026-01-30", "2026-02-28") & (ROWS["health_plan"] == "Amil")][
        "outcome"
    ]
    assert (found.outcomes, found.rate.value) == (plain.count(), pytest.approx(plain.mean()))
    assert overview(ROWS, PAST, PRODUCT, Filters(dt.date(2026, 3, 1), None)).before is None  # the data begin too late
    assert overview(ROWS, PAST, PRODUCT, Filters()).before is None


def test_rows_of_a_heat_cell_are_those_of_its_rate():
    cell = next(c for c in overview(ROWS, PAST, PRODUCT, Filters()).heat if (c.row, c.column) == ("wed", "8–15"))
    found = rows_of(ROWS, PAST, PRODUCT, heat.CELL, cell_name("wed", "8–15"), Filters())
    assert set(found["scheduled_date"].dt.day_of_week) == {2}
    assert (found["scheduled_date"] - found["contact_date"]).dt.days.between(8, 15).all()
    assert found["outcome"].count() == cell.rows > 0
    assert not len(rows_of(ROWS, PAST, PRODUCT, heat.CELL, "none · cell", Filters()))


def test_absent_fields_are_named_and_no_outcome_means_no_rate():
    rows = typed_rows(50)
    rows["contact_date"] = pd.Series([pd.NaT] * 50, dtype="datetime64[us]")
    rows["outcome"] = np.float32(np.nan)
    seen = overview(rows, None, PRODUCT, Filters())
    assert {"contact_date", "exam_category"} <= set(seen.absent)
    assert seen.heat == () and seen.rate is None and seen.predicted is None
    assert all(g.observed is None and g.against == "unclear" for _, groups in seen.groups for g in groups)


def test_no_rows_at_all_is_an_overview_too():
    seen = overview(ROWS.iloc[:0], None, PRODUCT, Filters())
    assert (seen.rows, seen.first_date, seen.periods) == (0, None, ())


def test_why_sums_exactly_and_shows_the_difference_of_references():
    found = why(ROWS, PAST, PRODUCT, "unit", "Hospital do Norte", Filters())
    assert found is not None
    total = sum(c.points for c in found.contributions)
    assert total == pytest.approx(found.predicted - found.predicted_overall, abs=1e-12)
    assert found.contributions[-1].factor == REFERENCE
    assert found.rows == int(WITH_RISK[WITH_RISK["unit"] == "Hospital do Norte"]["risk"].count())
    assert (found.field, found.own) == (
        "unit",
        "unit",
    )  # that a unit is above because of the unit is no reason: it comes last
    assert found.contributions[-2].factor == "unit"
    strengths = [abs(c.points) for c in found.contributions[:-2]]
    assert strengths == sorted(strengths, reverse=True)
    member = np.isin(PAST.row, ROWS["row"][ROWS["unit"] == "Hospital do Norte"])
    expected = PAST.points["unit"][member].mean() - PAST.points["unit"].mean()
    assert next(c.points for c in found.contributions if c.factor == "unit") == pytest.approx(expected, abs=1e-6)


def test_why_says_nothing_about_a_group_without_risks():
    assert why(ROWS, PAST, PRODUCT, "unit", "Não existe", Filters()) is None


def test_rows_of_a_group_come_latest_first_with_their_risks():
    found = rows_of(ROWS, PAST, PRODUCT, "health_plan", "Amil", Filters())
    assert set(found["health_plan"]) == {"Amil"}
    assert found["scheduled_date"].is_monotonic_decreasing
    expected = WITH_RISK.set_index("row")["risk"].reindex(found["row"]).to_numpy()
    np.testing.assert_allclose(found["risk"], expected)


def test_a_filter_change_takes_as_long_as_there_are_rows():
    """Against the bare group-bys it is measured by tests/benchmarks."""
    filters = Filters(dt.date(2026, 1, 20), None, {"uf": ("SP", "PE")})
    rows = {count: typed_rows(count) for count in (10_000, 40_000)}
    past = {count: past_risks(of, skip=count // 5) for count, of in rows.items()}
    assert grows_with_its_size(lambda count: overview(rows[count], past[count], PRODUCT, filters), 10_000)
