"""The command line as scripts outside the project use it: files, exit codes, names in JSON, words on stderr."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from pipeline import command_parts
from pipeline.cli import run
from pipeline.modeling.training import boosting
from pipeline.records import Progress
from tests.conftest import ROOT
from tests.toy.house import TINY

PAST, FUTURE, ERRORS = (ROOT / "data_samples" / f"no_show_{name}.csv" for name in ("passado", "futuro", "com_erros"))
OWN = ["risco", "faixa", "motivo_1", "motivo_2", "motivo_3", "observacao"]
pytestmark = pytest.mark.usefixtures("asked_once")
ENGLISH = re.compile(r"\b(usage|error|missing|invalid|options?|arguments?|traceback|show|such)\b", re.I)


def call(*arguments: str | Path) -> int:
    return run([str(one) for one in arguments])


def read_csv(path: Path) -> list[dict[str, str]]:
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(path.read_text("utf-8-sig").splitlines(), delimiter=";"))


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a model of the sample, which learnt in haste, and its metrics."""
    folder = tmp_path_factory.mktemp("cli")
    asked = ("train", "no_show", PAST, "--model", folder / "m.zip", "--metrics", folder / "m.json", "--effort", "fast")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(boosting.EFFORTS, "fast", TINY)
        assert call(*asked) == 0
    return folder


def test_products_go_to_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("products") == 0
    assert capsys.readouterr().out.split("\t")[0] == "no_show"


def test_template_is_a_workbook_that_validates(tmp_path: Path) -> None:
    assert call("template", "no_show", tmp_path / "modelo.xlsx") == 0
    headers = [cell.value for cell in openpyxl.load_workbook(tmp_path / "modelo.xlsx").worksheets[0][1]]
    assert "Data do agendamento" in headers and len(headers) == 13
    assert call("validate", "no_show", tmp_path / "modelo.xlsx") in (0, 1)


def test_sample_repeats_with_its_seed(tmp_path: Path) -> None:
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        assert (
            call("sample", "no_show", tmp_path / f"{name}.csv", "--rows", "300", "--seed", str(seed), "--errors") == 0
        )
    a, b, c = ((tmp_path / f"{name}.csv").read_bytes() for name in "abc")
    assert a == b != c and a.count(b"\n") >= 300


def test_validate_writes_three_faces_and_the_names_that_scripts_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for ending in ("json", "html", "xlsx"):
        assert call("validate", "no_show", ERRORS, "--report", tmp_path / f"r.{ending}") == 0
    said = capsys.readouterr()
    assert "577 de 600 linhas podem ser usadas" in said.err.replace("\u00a0", " ")
    report = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert (report["rows_read"], report["rows_usable"], report["rows_left_out"]) == (600, 577, 23)
    assert report["usable_for"] == ["training", "scoring"]
    assert len(report["fields"]) == 14  # the day of cancelling too, which the samples tell
    for field in report["fields"]:
        assert {"field", "header", "confidence", "filled", "distinct"} <= set(field)
    for issue in report["issues"]:
        assert {"rule", "severity", "field", "rows", "examples", "message"} <= set(issue)
        assert issue["severity"] in ("blocker", "warning", "note") and isinstance(issue["rows"], int)
        assert len(issue["examples"]) <= 5 and all(
            isinstance(row, int) and 2 <= row <= 601 for row in issue["examples"]
        )
    assert openpyxl.load_workbook(tmp_path / "r.xlsx").sheetnames
    assert "<html" in (tmp_path / "r.html").read_text("utf-8")


def test_validate_says_whether_the_file_can_be_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nothing_left = tmp_path / "vazias.csv"
    nothing_left.write_text("Data do agendamento;Status do agendamento\n31/02/2026;Realizado\n", encoding="utf-8")
    assert call("validate", "no_show", nothing_left) == 1
    assert "Não serve" in capsys.readouterr().err
    other = tmp_path / "outra.csv"
    other.write_text("Nome;Valor\nA;1\n", encoding="utf-8")
    assert call("validate", "no_show", other) == 1
    said = capsys.readouterr().err
    assert "Falta a coluna “Data do agendamento”" in said and "“Nome”, “Valor”" in said
    picture = tmp_path / "foto.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(2000))
    assert call("validate", "no_show", picture) == 2
    assert call("validate", "no_show", tmp_path / "nada.csv") == 2
    assert call("validate", "no_show", tmp_path) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        "",
        "frob",
        "--frob",
        "products a",
        "validate",
        "validate no_show",
        "validate outro a.csv",
        "validate no_show a.csv --report r.pdf",
        "validate no_show a.csv --report nao/existe/r.json",
        "compare no_show a.csv b.csv c.csv",
        "train no_show a.csv",
        "train no_show a.csv --model",
        "train no_show a.csv --model m.txt",
        "train no_show a.csv --model m.zip --effort huge",
        "train no_show a.csv --model m.zip --seed x",
        "score a.csv",
        "score a.csv --model m.zip",
        "score a.csv --model m.zip --out o.pdf",
        "score a.csv --model m.zip --out o.csv --date 2026-01-01",
        "score a.csv --model m.zip --out o.csv --date 31/02/2026",
        "sample no_show a.csv --rows muitas",
        "sample no_show a.csv --rows 0",
        "sample no_show a.txt",
        "template no_show a.csv",
    ],
)
def test_wrong_usage_is_one_portuguese_sentence_and_64(arguments: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments.split()) == 64
    said = capsys.readouterr()
    assert said.out == "" and said.err.strip() and not ENGLISH.search(said.err)
    if arguments:
        assert said.err.count("\n") == 1 and "--help" in said.err


@pytest.mark.parametrize("command", ["", "products", "template", "sample", "validate", "train", "score"])
def test_help_is_portuguese(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*command.split(), "--help"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Uso: python -m pipeline") and "Opções:" in said and not ENGLISH.search(said)
    assert "run-job" not in said


def test_metrics_hold_both_tests_and_the_references(trained: Path) -> None:
    metrics = json.loads((trained / "m.json").read_text("utf-8"))
    measures = ("auc", "average_precision", "brier", "ece", "reach_top_10")
    for part in ("test", "test_ahead"):
        test = metrics[part]
        assert len(test["period"]) == 2 and 0 < test["events"] < test["rows"]
        for held in (test, *test["references"].values()):
            for name in measures:
                assert held[name]["low"] <= held[name]["value"] <= held[name]["high"]
    assert len(metrics["references"]) == 2
    assert metrics["test_ahead"]["rows"] < metrics["test"]["rows"]


def test_score_keeps_every_cell_and_adds_its_own(trained: Path, tmp_path: Path) -> None:
    for ending in ("csv", "xlsx", "parquet"):
        assert (
            call("score", FUTURE, "--model", trained / "m.zip", "--out", tmp_path / f"o.{ending}", "--history", PAST)
            == 0
        )
    rows = read_csv(tmp_path / "o.csv")
    source = list(csv.DictReader(FUTURE.read_text("utf-8-sig").splitlines(), delimiter=";"))
    assert list(rows[0]) == [*source[0], *OWN]
    assert [{k: row[k] for k in source[0]} for row in rows] == source
    gone = [row["Status do agendamento"] == "Cancelado" for row in rows]
    assert 0 < sum(gone) < 40 and all(
        (row["risco"] == "") == given_up for row, given_up in zip(rows, gone, strict=True)
    )
    risks = [row["risco"] for row, given_up in zip(rows, gone, strict=True) if not given_up]
    assert all("," in risk and 0 < float(risk.replace(",", ".")) < 1 for risk in risks)
    assert {row["faixa"] for row in rows if row["risco"]} <= {"baixo", "médio", "alto", "muito alto"}
    table = pq.read_table(tmp_path / "o.parquet")
    assert table.column_names == list(rows[0]) and str(table.schema.field("risco").type) == "double"
    assert [f"{float(r.replace(',', '.')):.6f}" for r in risks] == [
        f"{r:.6f}" for r in table["risco"].drop_null().to_pylist()
    ]
    sheet = openpyxl.load_workbook(tmp_path / "o.xlsx", read_only=True).worksheets[0]
    cells = list(sheet.iter_rows(values_only=True))
    assert list(cells[0]) == list(rows[0]) and len(cells) == 401
    reasons = " ".join(row[f"motivo_{n}"] for row in rows for n in (1, 2, 3))
    assert "Antecedência de " in reasons and "pontos" in reasons
    for hidden in ("Idade", "anos", "Sexo", "Masculino", "Feminino"):
        assert hidden not in reasons


def test_history_and_date_change_what_is_known(trained: Path, tmp_path: Path) -> None:
    risks = {}
    for name, more in {
        "alone": [],
        "history": ["--history", PAST],
        "early": ["--history", PAST, "--date", "01/01/2026"],
    }.items():
        assert call("score", FUTURE, "--model", trained / "m.zip", "--out", tmp_path / f"{name}.csv", *more) == 0
        risks[name] = [row["risco"] for row in read_csv(tmp_path / f"{name}.csv")]
    assert risks["alone"] != risks["history"] != risks["early"]


def test_rows_that_cannot_be_scored_stay_in_their_place_and_say_why(trained: Path, tmp_path: Path) -> None:
    mixed = tmp_path / "mista.csv"
    mixed.write_text(
        "Data do agendamento;Data de contato;Nome da "
        "Unidade;risco\n10/12/2026;01/11/2026;=1+1;alto\n31/02/2026;01/11/2026;@x;\n"
        "12/12/2026;20/12/2026;-2;\n13/12/2026;;+55;\n",
        encoding="utf-8",
    )
    assert call("score", mixed, "--model", trained / "m.zip", "--out", tmp_path / "o.csv") == 0
    rows = read_csv(tmp_path / "o.csv")
    assert [row["Data do agendamento"] for row in rows] == ["10/12/2026", "31/02/2026", "12/12/2026", "13/12/2026"]
    assert rows[0]["risco"] == "alto", "the clinic's own column stays as it came"
    scored = [bool(row["risco (2)"]) for row in rows]
    assert scored == [True, False, False, True]
    assert "ilegível" in rows[1]["observacao"] and "antes do contato" in rows[2]["observacao"]
    assert rows[3]["observacao"]  # without a contact date the risk knows less
    assert not any(cell.startswith(("=", "@")) for row in rows for cell in row.values())
    assert call("score", mixed, "--model", trained / "m.zip", "--out", tmp_path / "o.xlsx") == 0
    sheet = openpyxl.load_workbook(tmp_path / "o.xlsx").worksheets[0]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_score_counts_every_row_and_says_what_a_history_lacks(
    trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header, first, *rest = [line for line in FUTURE.read_text("utf-8-sig").splitlines() if "Cancelado" not in line]
    bad = first.split(";")
    bad[header.split(";").index("Data do agendamento")] = "31/02/2026"
    (tmp_path / "f.csv").write_text("\n".join([header, ";".join(bad), *rest[:10]]), "utf-8")
    nobody = [line.split(";", 1)[1] for line in PAST.read_text("utf-8-sig").splitlines()[:500]]
    (tmp_path / "h.csv").write_text("\n".join(nobody), "utf-8")
    (tmp_path / "n.csv").write_text("Nome;Valor\nA;1\n", "utf-8")
    ask = ("score", tmp_path / "f.csv", "--model", trained / "m.zip", "--out", tmp_path / "o.csv", "--history")
    assert call(*ask, tmp_path / "h.csv") == 0
    said = capsys.readouterr().err.replace("\xa0", " ")
    assert "10 de 11 linhas com risco" in said and "1 linha sem risco: Não foi usada" in said
    assert "não traz o id do paciente" in said
    assert all("Sem histórico" in row["observacao"] for row in read_csv(tmp_path / "o.csv")[1:])
    assert call(*ask, tmp_path / "n.csv") == 1
    assert "“n.csv”" in capsys.readouterr().err


def test_training_is_refused_with_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = PAST.read_text("utf-8-sig").splitlines()
    ten = tmp_path / "dez.csv"
    ten.write_text("\n".join(lines[:11]), encoding="utf-8")
    assert call("train", "no_show", ten, "--model", tmp_path / "m.zip") == 1
    assert "500" in capsys.readouterr().err
    one_class = tmp_path / "so_realizado.csv"
    one_class.write_text(
        "\n".join([lines[0], *(line for line in lines[1:3000] if ";Realizado;" in line)]), encoding="utf-8"
    )
    assert call("train", "no_show", one_class, "--model", tmp_path / "m.zip") == 1
    assert "50" in capsys.readouterr().err
    assert call("train", "no_show", FUTURE, "--model", tmp_path / "m.zip") == 1
    assert not (tmp_path / "m.zip").exists()


def test_a_model_that_cannot_be_opened_gets_a_sentence(
    trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = (trained / "m.zip").read_bytes()
    for name, data in {"cortado": whole[: len(whole) // 2], "foto": b"\x89PNG" + bytes(99), "vazio": b""}.items():
        (tmp_path / f"{name}.zip").write_bytes(data)
        assert call("score", FUTURE, "--model", tmp_path / f"{name}.zip", "--out", tmp_path / "o.csv") in (1, 2)
        said = capsys.readouterr().err
        assert said.count("\n") == 1 and not ENGLISH.search(said)
    assert call("score", FUTURE, "--model", tmp_path / "nada.zip", "--out", tmp_path / "o.csv") in (1, 2)


def test_a_fault_of_ours_shows_no_cells(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("529.982.247-25")

    monkeypatch.setattr("pipeline.services.validate", broken)
    assert call("validate", "no_show", PAST) == 70
    said = capsys.readouterr().err
    assert "KeyError" in said and "529" not in said and "Traceback" not in said


@pytest.mark.slow  # as processes: test_light_start; people of a walk
def test_as_a_process_without_home_or_workspace(tmp_path: Path) -> None:
    env = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    command = [
        sys.executable,
        "-m",
        "pipeline",
        "validate",
        "no_show",
        str(ERRORS),
        "--report",
        str(tmp_path / "r.json"),
    ]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and done.stdout and done.stdout in done.stderr and "Traceback" not in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r.json"]
    assert subprocess.run([sys.executable, "-m", "pipeline", "frob"], cwd=ROOT, capture_output=True).returncode == 64


def test_a_file_is_mended_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = {
        name: tmp_path / file
        for name, file in (
            ("annotated", "corrigir.xlsx"),
            ("clean", "limpo.csv"),
            ("left-out", "fora.csv"),
            ("save-mapping", "receita.json"),
            ("report", "r.json"),
        )
    }
    options = [part for name, path in out.items() for part in (f"--{name}", path)]
    assert call("validate", "no_show", ERRORS, "--accept", *options) == 0
    before = json.loads(out["report"].read_text())
    assert (
        len(read_csv(out["clean"])) == before["rows_usable"]
        and len(read_csv(out["left-out"])) == before["rows_left_out"] == 23
    )
    book = openpyxl.load_workbook(out["annotated"])
    sheet = book["Corrigir"]
    place = next(c.column for c in sheet[1] if c.value == "Data do agendamento")
    empty = [row for row in sheet.iter_rows(min_row=2) if "Sem data do agendamento" in row[1].value]
    assert len(empty) == 4
    for row in empty:
        row[place - 1].value = "30/12/2026"
    book.save(out["annotated"])
    capsys.readouterr()
    assert (
        call(
            "validate",
            "no_show",
            ERRORS,
            "--mapping",
            out["save-mapping"],
            "--fixed",
            out["annotated"],
            "--report",
            out["report"],
        )
        == 0
    )
    after = json.loads(out["report"].read_text())
    assert after["rows_left_out"] == before["rows_left_out"] - 4 and "células corrigidas" in capsys.readouterr().err
    assert (
        call("validate", "no_show", PAST, "--fixed", out["annotated"]) == 1
        and "de outro arquivo" in capsys.readouterr().err
    )
    assert (
        call("validate", "no_show", PAST, "--mapping", out["annotated"]) == 1
        and "não é uma receita" in capsys.readouterr().err
    )


@pytest.mark.slow  # joined: ingestion/test_joining.py, test_second_month.py
def test_files_are_joined_and_compared_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = PAST.read_text("utf-8-sig").splitlines()
    for name, part in (("a.csv", rows[1:4001]), ("b.csv", rows[3001:6001])):
        (tmp_path / name).write_text("\n".join([rows[0], *part]), "utf-8")
    assert call("compare", "no_show", tmp_path / "a.csv", tmp_path / "b.csv") == 0
    assert "agendamentos deste arquivo: 2.000 novos, 0 com algo mudado e 1.000 iguais" in capsys.readouterr().err
    assert call("join", "no_show", tmp_path / "a.csv", tmp_path / "b.csv", "--out", tmp_path / "junto.csv") == 0
    assert (
        len(read_csv(tmp_path / "junto.csv")) == 7000
        and "Contada em arquivo mais novo: 1.000" in capsys.readouterr().err
    )


def test_a_file_without_a_fault_gives_a_workbook_that_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clean, out = tmp_path / "limpo.csv", tmp_path / "corrigir.xlsx"
    assert call("sample", "no_show", clean, "--rows", "1200", "--seed", "3") == 0
    assert call("validate", "no_show", clean, "--annotated", out) == 0
    assert "Nenhuma célula a corrigir." in capsys.readouterr().err
    book = openpyxl.load_workbook(out)
    assert book.worksheets[0].max_row == 1 and book.worksheets[1]["A1"].value == "Nenhuma célula a corrigir."


def _run(*arguments: str | Path, **streams: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "pipeline", *map(str, arguments)], cwd=ROOT, check=False, **streams)  # noqa: S603


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("validate", "no_show", ERRORS), "577 de 600 linhas podem ser usadas"),
        (("compare", "no_show", ERRORS, FUTURE), "agendamentos deste arquivo"),
    ],
)
def test_a_report_goes_to_stdout_too_where_nobody_watches_it(
    arguments: tuple[str | Path, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(*arguments) == 0
    said = capsys.readouterr()
    assert sentence in said.out.replace("\u00a0", " ") and said.out in said.err
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
        assert call(*arguments) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.slow
def test_a_report_is_not_told_twice_where_both_streams_go_to_one_file(tmp_path: Path) -> None:
    with (tmp_path / "tudo.txt").open("wb") as both:
        _run("validate", "no_show", ERRORS, stdout=both, stderr=subprocess.STDOUT)
    told = (tmp_path / "tudo.txt").read_text("utf-8").replace("\u00a0", " ")
    assert told.count("577 de 600 linhas podem ser usadas") == 1


def test_a_file_of_fhir_is_scored_and_written_back(trained: Path, tmp_path: Path) -> None:
    """The same risks as of the same rows in a spreadsheet, in the same order."""
    for ending in ("csv", "ndjson"):
        assert call("sample", "no_show", tmp_path / f"f.{ending}", "--rows", "60", "--future") == 0
    outs = [("f.csv", "o.csv"), ("f.ndjson", "o.ndjson"), ("f.ndjson", "o.json")]
    for source, out in outs:
        assert call("score", tmp_path / source, "--model", trained / "m.zip", "--out", tmp_path / out) == 0
    risks = [row["risco"].replace(",", ".") for row in read_csv(tmp_path / "o.csv")]
    told = [json.loads(line) for line in (tmp_path / "o.ndjson").read_text("utf-8").splitlines()]
    assert [one["basis"][0]["reference"] for one in told] == [f"Appointment/a{n}" for n in range(1, 61)]
    found = [one["prediction"][0]["probabilityDecimal"] if "prediction" in one else None for one in told]
    assert found == [round(100 * float(risk), 2) if risk else None for risk in risks] and None in found
    assert [entry["resource"] for entry in json.loads((tmp_path / "o.json").read_bytes())["entry"]] == told


def test_progress_says_how_long_it_will_take_once_the_pace_is_known(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = iter([0.0, 1.5, 3.0, 11.5])
    monkeypatch.setattr(command_parts.time, "monotonic", lambda: next(clock))
    line = command_parts.ProgressLine()
    for share in (0.1, 0.2, 0.6):
        line(Progress(share, "Lendo", rows=2_000_000))
    told = capsys.readouterr().err.splitlines()
    assert ["faltam" in one for one in told] == [False, False, True] and told[-1].endswith(
        "faltam uns 10\u00a0segundos"
    )
