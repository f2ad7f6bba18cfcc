"""The report ties out, says what is missing, names no person, and is the same for the same file."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import MissingFields
from pipeline.ingestion.checking.outcome_counts import MIN_OUTCOME_DAYS
from pipeline.ingestion.event_id import UNTOLD
from pipeline.ingestion.intake import ingest, left_out_table
from pipeline.ingestion.reading.reader import read
from pipeline.modeling.training import time_splits
from pipeline.presentation.locale import messages
from pipeline.presentation.sentences import issue_words
from pipeline.presentation.spreadsheets import report_json
from pipeline.products.no_show import PRODUCT
from pipeline.records import Progress, Recipe, ValidationReport, dump_kept, from_kept, note, to_plain
from tests.pipeline.ingestion.tables import TODAY, TOY, ingested, issues_by_rule, raw_table, sentence, sound
from tests.refusals import said_of, told

GOLDEN = Path(__file__).with_name("golden_report.json")


def _small_file() -> dict[str, list[str]]:
    """Twelve appointments with a fault of each severity."""
    columns = sound(12)
    columns["scheduled_date"][2] = ""
    columns["contact_date"][4] = "30/03/2026"
    columns["birth_date"][5] = "31/02/1985"
    columns["sex"][6] = "f"
    columns["status"][7] = "Cancelado"
    columns["patient_id"][8] = "1,23457E+10"
    columns["scheduled_date"][9] += " 14:30"
    return columns


def test_the_report_of_a_small_file_is_the_golden_one() -> None:
    report = ingested(_small_file()).report
    told = json.loads(report_json(report, PRODUCT))
    if os.environ.get("WRITE_GOLDEN"):
        GOLDEN.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert told == json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert from_kept(ValidationReport, json.loads(dump_kept(report))) == report


def test_typed_rows_are_as_promised() -> None:
    rows = ingested(_small_file()).rows
    assert rows["row"].tolist() == [2, 3, 5, 7, 8, 9, 10, 11, 12, 13] and rows.index.equals(pd.RangeIndex(10))
    kinds = rows.dtypes.astype(str)
    assert all(kinds[f.key] == ("datetime64[us]" if f.kind.value == "date" else "category") for f in PRODUCT.asked)
    assert kinds["age"] == kinds["outcome"] == kinds["scheduled_date_hour"] == "float32"
    assert rows["sex"].cat.categories.tolist() == ["Masculino", "Feminino", "Indefinido"]
    assert rows["scheduled_date_hour"].dropna().tolist() == [14.5] and rows["contact_date_hour"].isna().all()
    assert rows["birth_date"].isna().tolist() == rows["age"].isna().tolist() == [r == 7 for r in rows["row"]]
    assert rows["patient_id"].isna().tolist() == [r == 10 for r in rows["row"]]
    assert rows.set_index("row").loc[9, "state"] == "excluded" and np.isnan(rows.set_index("row").loc[9, "outcome"])
    assert rows.loc[rows["state"] == "event", "outcome"].eq(1).all()


def test_fields_that_the_file_lacks_stand_empty_and_are_said_first() -> None:
    data = ingested({"scheduled_date": ["10/01/2026"] * 5, "sex": [""] * 5})
    assert [m.field for m in data.report.missing] == [f.key for f in PRODUCT.asked if f.key != "scheduled_date"]
    assert all(m["cost"].endswith(".") for m in json.loads(report_json(data.report, PRODUCT))["missing"])
    assert data.rows.drop(columns=["row", "scheduled_date", "state", "event_id"]).isna().all(axis=None)
    assert (data.rows["event_id"] == UNTOLD).all() and set(data.rows["state"]) == {"unknown"}
    assert data.report.usable_for == ("scoring",)
    assert "não veio no arquivo" in messages.say(data.report.usable_why[0])


@pytest.mark.parametrize(("days", "used"), [(6, ("scoring",)), (7, ("training", "scoring"))])
def test_a_file_of_few_days_is_not_said_to_serve_for_training(days: int, used: tuple[str, ...]) -> None:
    assert MIN_OUTCOME_DAYS == time_splits.MIN_DAYS  # what the training itself asks for
    dates = [f"{2 + n % days:02d}/03/2026" for n in range(700)]
    report = ingested(
        {"scheduled_date": dates, "status": [("Realizado", "No Show")[n % 3 == 0] for n in range(700)]}
    ).report
    assert report.usable_for == used
    assert tuple(messages.say(why).replace("\u00a0", " ") for why in report.usable_why) == (
        ()
        if "training" in used
        else (
            "Não serve para treinar: as linhas com resultado ficam em 6 dias; são precisos 7. Envie um período maior.",
        )
    )


def test_what_an_empty_status_means_depends_on_the_day() -> None:
    rows = ingested(
        {
            "scheduled_date": ["30/03/2026", "31/03/2026", "01/04/2026", "01/04/2026", "30/03/2026"],
            "status": ["", "", "", "Realizado", "Agendado"],
        }
    ).rows
    assert rows["state"].tolist() == ["unknown", "pending", "pending", "pending", "pending"]
    assert rows["outcome"].isna().all()


def test_without_the_required_date_the_refusal_names_what_it_found() -> None:
    with pytest.raises(MissingFields) as refusal:
        ingested({"Paciente": ["1"], "Situação": ["Realizado"]})
    said = messages.refusal(refusal.value)
    assert "“Data do agendamento”" in said and "“Paciente”, “Situação”" in said and said.endswith(".")


def test_a_refusal_never_shows_a_row_of_data_as_headers() -> None:
    with pytest.raises(MissingFields) as refusal:
        ingested({"52998224725": ["15350946056"], "Maria da Silva": ["João"], "22/10/1985": ["01/01/1990"]})
    assert "Maria" not in messages.refusal(refusal.value) and "529" not in told(refusal.value)
    assert "primeira linha" in messages.refusal(refusal.value)


def test_no_person_in_any_sentence() -> None:
    columns = sound(40) | {"Nome": ["Maria Aparecida"] * 40, "Telefone": ["(11) 98765-4321"] * 40}
    columns["patient_id"] = ["529.982.247-25"] * 40
    columns["booking_channel"][3] = "529.982.247-25"
    columns["sex"][3] = "(11) 98765-4321"
    columns["uf"][3] = "maria@exemplo.com"
    columns["health_plan"] = ["153.509.460-56"] * 40
    said = json.dumps(to_plain(ingested(columns).report), ensure_ascii=False)
    for secret in ("529.982", "52998", "98765", "Maria Aparecida", "maria@", "153.509"):
        assert secret not in said


def test_text_of_the_file_is_quoted_short_and_on_one_line() -> None:
    columns = sound(40)
    columns["booking_channel"][3] = "<b>oi</b>\n" + "x" * 200 + "\x07"
    message = sentence(issues_by_rule(ingested(columns))["channel_unknown"])
    assert "“<b>oi</b> xxx" in message and "\n" not in message and "x" * 41 not in message


def test_a_choice_replaces_the_proposal() -> None:
    columns = sound(40)
    data = ingested(
        {"Data": columns["scheduled_date"], "sex": columns["sex"]},
        recipe=Recipe.of({"scheduled_date": "Data", "sex": None}),
    )
    assert data.rows["scheduled_date"].notna().all() and data.rows["sex"].isna().all()
    assert {m.header: m.reason for m in data.report.columns}["Data"] == note("mapping.chosen")


def test_left_out_rows_come_back_as_they_came() -> None:
    columns = _small_file()
    data = ingested(columns)
    reasons = issue_words.with_reasons(data.left_out, PRODUCT)
    table = left_out_table(data.raw.table, np.asarray(data.raw.rows), reasons)
    assert table.column_names[:2] == ["linha", "motivo"] and table.column("linha").to_pylist() == [4, 6]
    assert table.column("motivo").to_pylist() == ["Sem data do agendamento", "Agendamento antes do contato"]
    assert table.column("Data de contato").to_pylist() == [columns["contact_date"][2], "30/03/2026"]


def test_dates_of_a_foreign_computer_are_said() -> None:
    columns = sound(60)
    for key in ("scheduled_date", "contact_date"):
        columns[key] = ["/".join((day[3:5], day[:2], day[6:])) for day in columns[key]]
    report = ingested(columns).report
    assert sum("mês/dia/ano" in note for note in said_of(report.file)) == 2
    assert report.first_date == dt.date(2026, 1, 5) and report.rows_left_out == 0


def test_progress_goes_forward() -> None:
    told: list[Progress] = []
    ingest(raw_table({"Data do agendamento": ["10/01/2026"]}), PRODUCT, today=TODAY, progress=told.append)
    shares = [p.share for p in told]
    assert shares == sorted(shares) and len(shares) > 3 and all(p.stage for p in told)


def test_a_product_with_stars_postal_codes_and_comments() -> None:
    data = ingested(
        {
            "Data da visita": ["01/03/2026", "02/03/2026", "03/03/2026", "01/05/2026"],
            "Classificação": ["2 estrelas", "★★★★★", "", "3"],
            "CEP do cliente": ["1310100", "20000-000", "x", ""],
            "Texto": ["Demorou; e muito,\nmesmo", "", "Meu CPF é 529.982.247-25", "ok"],
        },
        TOY,
    )
    rows = data.rows
    assert rows["stars"].tolist()[:2] == [2.0, 5.0] and rows["stars"].dtype == "float32"
    assert rows["state"].tolist() == ["event", "non_event", "unknown"] and len(data.left_out) == 1
    assert rows["cep"].tolist()[:2] == ["01310100", "20000000"] and str(rows["comment"].dtype) == "str"
    assert rows["comment"].tolist()[0] == "Demorou; e muito, mesmo" and rows["comment"].isna().tolist()[1]
    message = sentence(issues_by_rule(data)["visit_future"], TOY)
    assert "1 linha" not in message and "1 de 4 linhas fica no futuro (linha 5)" in message
    assert "529" not in repr(data.report)


@pytest.mark.real
def test_the_real_file_of_vitoria(real_dir: Path) -> None:
    raw = read(real_dir / "vitoria_no_show_ate_2016-05-31.csv.gz")
    report = (data := ingest(raw, PRODUCT, today=dt.date(2026, 11, 23))).report
    found = issues_by_rule(data)
    assert report.rows_read == 84_076 and report.rows_usable + report.rows_left_out == report.rows_read
    assert found["contact_after_scheduled"].rows == report.rows_left_out == 5
    assert found["birth_after_contact"].rows == 2_807
    assert {m.field for m in report.missing} == {"booking_channel", "exam_category"}
    assert report.usable_for == ("training", "scoring") and len(report.months) == 2
    assert report.event_rate is not None and 0.2 < report.event_rate.low < report.event_rate.value < 0.215


def test_a_number_of_somebody_in_a_header_is_not_shown() -> None:
    raw = read(b"CPF 529.982.247-25;Data do agendamento;Status\n1;02/01/2026;Realizado\n", "x.csv")
    report = ingest(raw, PRODUCT, today=dt.date(2026, 11, 23)).report
    assert "529.982" not in repr(report) and [m.header for m in report.columns][1:] == ["Data do agendamento", "Status"]
