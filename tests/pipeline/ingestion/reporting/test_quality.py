"""What the faults of a file cost, in the order in which a person would put files; days that belong to no file."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from dashboard import text
from pipeline.ingestion.intake import ingest
from pipeline.ingestion.reading.reader import read
from pipeline.ingestion.reporting import issues
from pipeline.presentation import html
from pipeline.presentation.sentences import issue_words, report_words
from pipeline.products.no_show import PRODUCT
from pipeline.products.satisfaction import PRODUCT as SATISFACTION
from pipeline.records import ValidationReport, from_kept, to_plain
from pipeline.records.ingestion import OTHER_YEARS
from pipeline.services import write_sample
from tests.pipeline.ingestion.tables import TODAY, ingested, raw_table, sound
from tests.refusals import said_of

REAL = Path(os.environ.get("PRESENCA_REAL", Path(__file__).resolve().parents[5] / "shared" / "real"))
VITORIA = REAL / "vitoria_no_show_ate_2016-05-31.csv.gz"


def spelt_otherwise(rows: int) -> dict[str, list[str]]:
    """A clinic that writes F and M, and Sim and Não under “Faltou”: everything is understood."""
    columns = sound(rows)
    columns["sex"] = [cell[0] for cell in columns["sex"]]
    columns["Faltou"] = ["Sim" if cell == "No Show" else "Não" for cell in columns.pop("status")]
    return columns


def weight(report: ValidationReport) -> tuple[float, int, float]:
    """How a person would order files: rows that are lost or teach nothing, then whole fields, then parts of fields."""
    assert report.quality is not None
    parts = report.quality.parts
    lost = sum(p.rows / p.total for p in parts if p.code in ("lost", "untaught"))
    return round(lost, 3), len(report.quality.of("absent")), sum(p.rows / p.total for p in parts if p.code == "blurred")


def sample_with_errors(folder: Path) -> ValidationReport:
    write_sample(PRODUCT.key, folder / "e.csv", 600, 7, errors=True)
    return ingest(read(folder / "e.csv", "e.csv"), PRODUCT, today=TODAY.replace(year=2027)).report


def test_costs_order_files_as_a_person_would(tmp_path: Path) -> None:
    clean, spelt = ingested(sound(600)).report, ingested(spelt_otherwise(600)).report
    lacking = ingested(
        {key: cells for key, cells in sound(600).items() if key not in ("booking_channel", "health_plan")}
    ).report
    assert spelt.rows_usable == 600 and dict(spelt.outcomes)["event"] == 120
    assert weight(clean) == weight(spelt) < weight(lacking) < weight(sample_with_errors(tmp_path))
    assert (
        report_words.cost_lead(spelt)
        == report_words.cost_lead(clean)
        == "Nada se perde: todas as linhas e todos os campos podem ser usados."
    )
    assert [line[0] for line in report_words.cost_lines(lacking, PRODUCT)] == [
        "Origem do agendamento: não veio no arquivo.",
        "Convênio: não veio no arquivo.",
    ]


@pytest.mark.skipif(not VITORIA.is_file(), reason="the real file is not on this machine")
def test_a_clean_real_clinic_costs_less_than_a_file_full_of_errors(tmp_path: Path) -> None:
    real = ingest(read(VITORIA, VITORIA.name), PRODUCT, today=TODAY).report
    assert weight(ingested(sound(600)).report) < weight(real) < weight(sample_with_errors(tmp_path))
    assert not real.automatic and report_words.cost_lead(real).startswith("5\u00a0linhas ficam de fora")


def test_costs_count_rows_lost_rows_that_teach_nothing_and_fields() -> None:
    columns = sound(40)
    columns["scheduled_date"][:4] = [""] * 4
    columns["status"][4:7] = ["xyz", "", "Realizado"]
    columns["health_plan"][8:10] = ["", ""]
    columns["unit"] = [""] * 40
    report = ingested(columns).report
    assert report.quality is not None
    found = {(p.code, p.field): (p.rows, p.total) for p in report.quality.parts}
    assert found == {
        ("lost", ""): (4, 40),
        ("untaught", ""): (2, 36),
        ("absent", "unit"): (36, 36),
        ("blurred", "health_plan"): (2, 36),
    }
    said = report_words.cost_lines(report, PRODUCT)
    assert said[0] == (
        "4 de 40\u00a0linhas (10%) ficam de fora.".replace("10%", "10,0%"),
        "Sem data do agendamento: 4.",
    )
    assert "a coluna veio sem dado" in said[2][0]
    assert _plain(report_words.fields_with_data(report, PRODUCT)) == "12 de 13 campos preenchidos, 1 vazio"
    cards = html.field_cards(report)
    assert "Vieram vazios: Unidade." in cards and cards.count('class="p-field"') == 12


def test_a_list_to_predict_has_no_outcomes_and_that_costs_nothing() -> None:
    columns = sound(60)
    columns["scheduled_date"] = ["10/04/2026"] * 60
    columns["status"] = ["Agendado"] * 60
    assert ingested(columns).report.quality is not None and ingested(columns).report.quality.parts == ()  # type: ignore[union-attr]


def test_a_slip_of_the_year_stretches_neither_period_nor_chart() -> None:
    columns = sound(120)
    columns["scheduled_date"][7] = "05/02/2125"
    columns["scheduled_date"][9] = "05/02/1926"
    columns["contact_date"][9] = ""
    report = ingested(columns).report
    assert report.rows_usable == 120 and report.far == ((1926, 1), (2125, 1))
    assert (
        report.first_date is not None
        and report.last_date is not None
        and (report.first_date.year, report.last_date.year) == (2026, 2026)
    )
    assert {m.period[:4] for m in report.months} == {"2026"}
    spread = next(f.spread for f in report.fields if f.field == "scheduled_date")
    assert spread[-1] == (OTHER_YEARS, 2) and len(spread) == 4
    assert "1\u00a0linha em 1926 e 1\u00a0linha em 2125 ficam fora" in report_words.far(report)


def test_a_report_kept_with_a_score_and_with_sentences_still_opens() -> None:
    plain = json.loads(json.dumps(to_plain(ingested(sound(40)).report)))
    for new in ("automatic", "set_aside", "far"):
        del plain[new]
    plain["quality"] = {
        "score": 97,
        "parts": [{"label": "Linhas aproveitadas", "share": 1.0, "weight": 50, "why": "todas"}],
    }
    plain["file"]["notes"] = ["O arquivo tem 2 linhas em branco, que não contam."]
    report = from_kept(ValidationReport, plain)
    assert said_of(report.file) == ["O arquivo tem 2 linhas em branco, que não contam."]
    assert report.quality is None and report_words.cost_lead(report) == "" and report.rows_usable == 40


def test_the_count_of_fields_says_which_are_filled_empty_and_unreadable() -> None:
    columns = sound(40)
    for key in ("unit", "health_plan", "procedure"):
        columns[key] = [""] * 40
    columns["birth_date"] = ["nasceu"] * 40
    told = _plain(report_words.fields_with_data(ingested(columns).report, PRODUCT))
    assert told == "9 de 13 campos preenchidos, 3 vazios, 1 ilegível"
    assert _plain(report_words.fields_filled(1, 1, 1)) == "1 de 1 campo preenchido, 1 vazio"


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_personal_data_in_comments_are_called_by_their_name() -> None:
    columns = {
        "Data do atendimento": ["10/01/2026", "11/01/2026"],
        "Classificação": ["1", "5"],
        "Comentário": ["Ninguém liga, meu número é (11) 98765-4321", "Muito bom"],
    }
    report = ingest(raw_table(columns), SATISFACTION, today=TODAY).report
    found = next(issue for issue in report.issues if issue.rule == "comment_scrubbed")
    assert (found.cost, found.effect, found.rows) == ("private", "scrubbed", 1)
    assert "dados pessoais" in text.COSTS[found.cost]
    assert _plain(issue_words.effect(found)) == "1 linha usada sem os dados pessoais"


def test_every_cost_has_its_label() -> None:
    assert set(issues.COSTS) == set(text.COSTS)
