"""The synthetic network: exact, repeatable, with the causes and the faults that it declares."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sklearn.linear_model import LogisticRegression

from pipeline.products.no_show import PRODUCT
from pipeline.products.no_show.features import FEATURES
from pipeline.products.no_show.sample import CAUSES, HEADERS, generate, planted_errors
from pipeline.products.no_show.sample_calendar import REFERENCE, SLOTS, day_number, easter, holidays, is_eve
from pipeline.products.no_show.sample_errors import FAULTS
from pipeline.products.no_show.sample_world import PLANS, PROCEDURES, UNITS, Cause
from pipeline.sampling import write_csv

SAMPLES = Path(__file__).parents[3] / "data_samples"


def read(rows: int, seed: int, **flags: bool) -> pd.DataFrame:
    """A generated file as text, under the field keys."""
    frame = pa.concat_tables(generate(rows, seed, **flags)).to_pandas()
    return frame.rename(columns={header: key for key, header in HEADERS.items()})


def days(texts: pd.Series) -> pd.Series:
    return pd.to_datetime(texts.str[:10], format="%d/%m/%Y")


@pytest.fixture(scope="module")
def past() -> pd.DataFrame:
    frame = read(60_000, 11)
    frame["scheduled"], frame["contact"], frame["birth"] = (
        days(frame[key]) for key in ("scheduled_date", "contact_date", "birth_date")
    )
    frame["missed"] = frame["status"] == "No Show"
    return frame


@pytest.mark.parametrize("flags", [{}, {"future": True}, {"errors": True}, {"errors": True, "future": True}])
@pytest.mark.parametrize("rows", [1, 7, 60, 601])
def test_rows_are_exact_and_a_seed_repeats_itself(rows: int, flags: dict[str, bool]) -> None:
    first = pa.concat_tables(generate(rows, 3, **flags))
    assert first.num_rows == rows
    assert first.column_names == list(HEADERS.values())
    assert set(first.schema.types) == {pa.string()}
    assert first.equals(pa.concat_tables(generate(rows, 3, **flags)))
    assert rows == 1 or not first.equals(pa.concat_tables(generate(rows, 4, **flags)))


def test_no_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="rows must be positive"):
        list(generate(0, 1))


def test_any_whole_number_is_a_seed() -> None:
    assert not read(30, -1).equals(read(30, 1))


def test_the_future_too_can_have_faults() -> None:
    counts = planted_errors(300, 3, future=True)
    none_without_outcomes = {"outcome_in_future", "status_rewritten", "status_missing"}
    assert {code for code, rows in counts.items() if rows == 0} == none_without_outcomes
    frame = read(300, 3, future=True, errors=True)
    assert (frame["scheduled_date"] == "").iloc[:-1].sum() == counts["scheduled_missing"]


def test_chunks_do_not_change_the_rows(past: pd.DataFrame) -> None:
    sizes = [chunk.num_rows for chunk in generate(60_000, 11)]
    assert sizes == [50_000, 10_000]


def test_the_clean_past_is_clean(past: pd.DataFrame) -> None:
    assert past["patient_id"].str.fullmatch(r"P\d{7}").all()
    assert (past["contact"] <= past["scheduled"]).all()
    assert (past["birth"] < past["contact"]).all()
    assert past["scheduled"].max() < pd.Timestamp(REFERENCE)
    assert past.groupby("unit")["uf"].nunique().eq(1).all()
    for fixed in ("birth_date", "sex", "health_plan"):
        assert past.groupby("patient_id")[fixed].nunique().eq(1).all(), fixed
    assert not past.duplicated(["patient_id", "scheduled", "procedure", "unit"]).any()
    assert ((past["exam_category"] != "") == (past["appointment_type"] == "Exame")).all()
    assert set(past["status"]) == {"Realizado", "No Show", "Cancelado", "Remarcado"}


def test_the_agenda_is_that_of_clinics(past: pd.DataFrame) -> None:
    scheduled, hour = past["scheduled"], past["scheduled_date"].str[11:]
    assert not scheduled.dt.day_of_week.eq(6).any()
    assert not scheduled.isin(pd.to_datetime(holidays(range(2025, 2027)), unit="D")).any()
    assert hour[scheduled.dt.day_of_week == 5].max() < "12:00"
    assert set(hour) == set(SLOTS)
    offline = past["booking_channel"] != "Online"
    assert not past.loc[offline, "contact"].dt.day_of_week.eq(6).any()


def test_easter_and_what_hangs_on_it() -> None:
    assert [easter(year) for year in (2024, 2025, 2026, 2027)] == [
        dt.date(2024, 3, 31),
        dt.date(2025, 4, 20),
        dt.date(2026, 4, 5),
        dt.date(2027, 3, 28),
    ]
    closed = set(holidays(range(2026, 2027)).tolist())
    assert {day_number(dt.date(2026, 2, 17)), day_number(dt.date(2026, 6, 4))} <= closed
    eves = np.array([day_number(dt.date(2026, *d)) for d in ((6, 3), (10, 9), (6, 2), (11, 13))])
    assert is_eve(eves).tolist() == [True, True, False, False]  # 15/11/2026 is a Sunday: no eve


def test_short_files_are_short_in_time_and_long_ones_a_year() -> None:
    for rows, shortest, longest in ((300, 50, 60), (5_000, 150, 200), (20_000, 355, 365)):
        scheduled = days(read(rows, 5)["scheduled_date"])
        assert shortest <= (scheduled.max() - scheduled.min()).days <= longest


def test_rates_are_those_of_a_real_network(past: pd.DataFrame) -> None:
    known = past[past["status"].isin(["Realizado", "No Show"])]
    assert 0.96 < len(known) / len(past) < 0.98
    assert 0.17 < known["missed"].mean() < 0.23
    by_unit = known.groupby("unit")["missed"].mean()
    assert len(by_unit) == len(UNITS)
    assert by_unit.min() < 0.14
    assert by_unit.max() > 0.26
    assert known["uf"].nunique() >= 10
    visits = past["patient_id"].value_counts()
    assert visits.median() <= 4 < 30 < visits.max() < 150


def contributions(frame: pd.DataFrame) -> pd.DataFrame:
    """Each cause's log-odds, worked out anew from what the file says."""
    scheduled = frame["scheduled"]
    hour = frame["scheduled_date"].str[11:13].astype(int) + frame["scheduled_date"].str[14:].astype(int) / 60
    number = (scheduled - pd.Timestamp(0)).dt.days.to_numpy()
    weekdays = np.array(["segunda", "terça", "quarta", "quinta", "sexta", "sábado"])
    seen = {
        "lead_time": (scheduled - frame["contact"]).dt.days,
        "age": (scheduled - frame["birth"]).dt.days / 365.25,
        "hour": hour,
        "holiday_eve": is_eve(number).astype(float),
        "weekday": weekdays[scheduled.dt.day_of_week],
        "month": scheduled.dt.month.astype(str),
        "unit": frame["unit"],
        "health_plan": frame["health_plan"],
        "procedure": frame["procedure"],
        "appointment_type": frame["appointment_type"],
        "channel": frame["booking_channel"],
    }
    table = {cause.name: effect(cause, seen[cause.name]) for cause in CAUSES if not cause.spread}
    assert set(table) == set(seen)
    return pd.DataFrame(table)


def effect(cause: Cause, values: object) -> np.ndarray:
    if cause.curve:
        return cause.at(np.asarray(values, dtype=float))
    return pd.Series(np.asarray(values, dtype=object)).map(dict(cause.levels)).to_numpy(float)


def test_every_cause_is_in_the_data_with_its_strength(past: pd.DataFrame) -> None:
    known = past[past["status"].isin(["Realizado", "No Show"])].reset_index(drop=True)
    causes = contributions(known)
    assert causes.notna().all().all()
    fitted = LogisticRegression(C=1e6).fit(causes, known["missed"])
    slopes = dict(zip(causes.columns, fitted.coef_[0], strict=True))
    # Patients' own tendencies are not in the file: they shrink every slope to about 0.87.
    assert all(0.5 < slope < 1.3 for slope in slopes.values()), slopes


@pytest.mark.parametrize(
    "cause", [c for c in CAUSES if c.levels and c.name not in {"month", "appointment_type"}], ids=lambda c: c.name
)
def test_rates_move_with_the_strongest_levels(past: pd.DataFrame, cause: Cause) -> None:
    columns = {"unit": "unit", "health_plan": "health_plan", "procedure": "procedure", "channel": "booking_channel"}
    values = past[columns[cause.name]] if cause.name in columns else past["scheduled"].dt.day_of_week
    names = [name for name, _ in cause.levels] if cause.name in columns else range(len(cause.levels))
    high, low = (
        next(iter(pd.Series(cause.effects, index=names).sort_values(ascending=up).index)) for up in (False, True)
    )
    rates = past["missed"].groupby(values).mean()
    assert rates[high] > rates[low] + 0.02


def test_history_tells_of_the_future(past: pd.DataFrame) -> None:
    known = past[past["status"].isin(["Realizado", "No Show"])]
    days_apart = known.drop_duplicates(["patient_id", "scheduled"])
    before = days_apart.groupby("patient_id")["missed"].shift()
    rates = days_apart["missed"].groupby(before.astype(object)).mean()
    assert rates[True] > rates[False] + 0.08


def test_causes_name_declared_factors_and_the_whole_world() -> None:
    assert {cause.feature for cause in CAUSES} <= {spec.key for spec in FEATURES}
    assert len({cause.name for cause in CAUSES}) == len(CAUSES)
    assert len({p.name for p in PROCEDURES}) == len(PROCEDURES) > 55
    assert {"Particular", "SUS"} <= {name for name, _, _ in PLANS}


def test_the_future_continues_the_same_network() -> None:
    past, future = read(10_500, 7), read(400, 7, future=True)
    assert set(future["status"]) == {"Agendado", "Confirmado", "", "Cancelado"}
    scheduled, contact = days(future["scheduled_date"]), days(future["contact_date"])
    assert scheduled.between(pd.Timestamp(REFERENCE), pd.Timestamp(REFERENCE) + pd.Timedelta(days=20)).all()
    assert (contact < pd.Timestamp(REFERENCE)).all()
    both = future.merge(past.drop_duplicates("patient_id"), on="patient_id", suffixes=("", "_past"))
    assert len(both) > 0.7 * len(future)
    for fixed in ("birth_date", "sex", "health_plan"):
        assert (both[fixed] == both[f"{fixed}_past"]).all()
    assert (
        scheduled.value_counts().sort_index().iloc[:3].mean()
        > 2 * scheduled.value_counts().sort_index().iloc[-3:].mean()
    )


def test_bookings_are_given_up_early_and_late_and_slots_to_come_are_empty(past: pd.DataFrame) -> None:
    gone, dated = past["status"].isin(["Cancelado", "Remarcado"]), past["cancelled_date"] != ""
    assert not (dated & ~gone).any()
    assert 0.85 < dated[gone].mean() < 0.97
    told = past[dated]
    ahead = (told["scheduled"] - days(told["cancelled_date"])).dt.days
    assert (ahead >= 0).all() and (days(told["cancelled_date"]) >= told["contact"]).all()
    assert 0.3 < (ahead <= 2).mean() < 0.7
    future = read(4_000, 11, future=True)
    empty = future["status"] == "Cancelado"
    assert 0.03 < empty.mean() < 0.06
    cancelled = days(future.loc[empty & (future["cancelled_date"] != ""), "cancelled_date"])
    assert len(cancelled) > 0.8 * empty.sum() and (cancelled < pd.Timestamp(REFERENCE)).all()


def test_faults_are_planted_as_counted() -> None:
    frame, counts = read(600, 7, errors=True), planted_errors(600, 7)
    assert set(counts) == {fault.code for fault in FAULTS} | {"repeated", "totals_row"}
    assert all(counts.values())
    assert set(counts) <= {rule.code for rule in PRODUCT.rules}
    body = frame.iloc[:-1]
    scheduled = pd.to_datetime(body["scheduled_date"].str[:10], format="%d/%m/%Y", errors="coerce")
    contact = pd.to_datetime(body["contact_date"], format="%d/%m/%Y", errors="coerce")
    birth = pd.to_datetime(body["birth_date"], format="%d/%m/%Y", errors="coerce")
    found = {
        "totals_row": (frame["patient_id"] == "Total").sum(),
        "repeated": body.duplicated(["patient_id", "scheduled_date", "procedure", "unit"]).sum(),
        "scheduled_missing": (body["scheduled_date"] == "").sum(),
        "scheduled_unreadable": (scheduled.isna() & (body["scheduled_date"] != "")).sum(),
        "contact_unreadable": contact.isna().sum(),
        "birth_unreadable": birth.isna().sum(),
        "contact_after_scheduled": (contact > scheduled).sum(),
        "birth_after_contact": (birth > contact).sum(),
        "age_impossible": (birth < pd.Timestamp("1900-01-01")).sum(),
        "outcome_in_future": (scheduled >= pd.Timestamp(REFERENCE)).sum(),
        "patient_destroyed": body["patient_id"].str.contains(r"E\+").sum(),
        "patient_missing": (body["patient_id"] == "").sum(),
        "sex_missing": (body["sex"] == "").sum(),
        "sex_unknown": body["sex"].isin(["Z", "?"]).sum(),
        "sex_rewritten": (~body["sex"].isin(["Feminino", "Masculino", "Indefinido", "", "Z", "?"])).sum(),
        "status_missing": (body["status"] == "").sum(),
        "status_unknown": (body["status"] == "A verificar").sum(),
        "status_rewritten": (
            ~body["status"].isin(["Realizado", "No Show", "Cancelado", "Remarcado", "", "A verificar"])
        ).sum(),
        "channel_unknown": body["booking_channel"].isin(["Fax", "Parceiro"]).sum(),
        "channel_rewritten": (
            ~body["booking_channel"].isin(["Call Center", "Online", "Presencial", "Fax", "Parceiro"])
        ).sum(),
        "uf_unknown": body["uf"].isin(["XX", "BR"]).sum(),
        "uf_rewritten": (body["uf"].str.len() > 2).sum(),
        "unit_two_ufs": ((body["unit"] == "Clínica Tijuca") & (body["uf"] == "SP")).sum(),
        "unit_variants": (~body["unit"].isin([unit.name for unit in UNITS])).sum(),
        "plan_variants": (~body["health_plan"].isin([*(name for name, _, _ in PLANS), ""])).sum(),
        "plan_missing": (body["health_plan"] == "").sum(),
        "procedure_missing": (body["procedure"] == "").sum(),
        "exam_category_asked": ((body["exam_category"] == "") & (body["appointment_type"] == "Exame")).sum(),
        "patient_two_births": (
            birth.groupby(body["patient_id"]).nunique()[lambda n: n.index.str.startswith("P")] > 1
        ).sum(),
    }
    assert found == counts


def test_csv_is_what_brazilian_excel_opens(tmp_path: Path) -> None:
    chunks = iter([pa.table({"a": ["1", 'x "y"; z'], "é": ["", "ç"]}), pa.table({"a": ["2"], "é": ["ok"]})])
    assert write_csv(chunks, tmp_path / "out.csv") == 3
    assert (tmp_path / "out.csv").read_bytes() == '\ufeffa;é\n1;\n"x ""y""; z";ç\n2;ok\n'.encode()
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


@pytest.mark.parametrize(
    ("name", "rows", "flags"),
    [
        ("no_show_passado.csv", 10_500, {}),
        ("no_show_futuro.csv", 400, {"future": True}),
        ("no_show_com_erros.csv", 600, {"errors": True}),
    ],
)
def test_the_files_in_data_samples_are_written_again_byte_for_byte(
    tmp_path: Path, name: str, rows: int, flags: dict[str, bool]
) -> None:
    write_csv(generate(rows, 7, **flags), tmp_path / name)
    assert (tmp_path / name).read_bytes() == (SAMPLES / name).read_bytes()
    assert f"data_samples/{name} --rows {rows} --seed 7" in (SAMPLES / "README.md").read_text(encoding="utf-8")
