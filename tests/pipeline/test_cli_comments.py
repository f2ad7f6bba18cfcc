"""The commands on the product of comments:
the names that scripts use, hostile cells, another scale, another product.
"""

from __future__ import annotations

import csv
import json
import re
import zipfile
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from pipeline.modeling.training import boosting
from pipeline.products.satisfaction.sample import HEADERS
from pipeline.scrubbing.first_names import plain_names
from tests.conftest import ROOT
from tests.pipeline.test_cli import call, read_csv
from tests.toy.house import TINY

PAST, UNRATED, ERRORS = (
    ROOT / "data_samples" / f"satisfaction_{name}.csv" for name in ("passado", "sem_nota", "com_erros")
)
OWN = [
    *(f"prob_{n}" for n in range(1, 6)),
    "estrelas_previstas",
    "classe_prevista",
    "risco",
    "faixa",
    "motivo_1",
    "motivo_2",
    "motivo_3",
    "divergencia",
    "incerteza",
    "gravidade",
    "temas",
    "observacao",
]
HOSTILE = [
    "<b>péssimo</b>",
    "**x** [a](http://b.c)",
    "=1+1",
    "@soma",
    "\u202eoluge",
    "nulo\0aqui",
    "x" * 50_000,
    "😀😀😀",
    "demora;com;pontos",
    "",
]
pytestmark = pytest.mark.usefixtures("asked_once")
NAMED = " visto por juliana no balcao"  # as scrubbing doesn't see it: the vocabulary must keep the name out


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("comments")
    few = folder / "poucos.csv"
    header, *lines = csv.reader(PAST.open(encoding="utf-8-sig"), delimiter=";")
    said = header.index("Texto")
    for place, line in enumerate(lines[::5]):
        line[said] += NAMED if line[said] and place % 3 == 0 else ""
    with few.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows([header, *lines[::5]])
    asked = ("train", "satisfaction", few, "--model", folder / "m.zip", "--metrics", folder / "m.json")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(boosting.EFFORTS, "fast", TINY)
        assert call(*asked, "--effort", "fast") == 0
    return folder


def test_template_and_sample(tmp_path: Path) -> None:
    assert call("template", "satisfaction", tmp_path / "t.xlsx") == 0
    assert len([c for c in openpyxl.load_workbook(tmp_path / "t.xlsx").worksheets[0][1] if c.value]) == 8
    assert call("sample", "satisfaction", tmp_path / "s.csv", "--rows", "50", "--future") == 0
    assert len(read_csv(tmp_path / "s.csv")) == 50


def test_metrics_have_stars_and_both_references(trained: Path) -> None:
    metrics = json.loads((trained / "m.json").read_text())
    test = metrics["test"]
    names = {"auc", "average_precision", "brier", "ece", "reach_top_10", "auc_poles", "accuracy", "kappa", "log_loss"}
    assert names <= set(test) and all(set(test[name]) == {"value", "low", "high"} for name in names)
    assert set(test["references"]) == {"tfidf_logistic_regression", "logistic_regression"}
    assert (
        names <= set(test["references"]["tfidf_logistic_regression"])
        and "log_loss" in test["differences"]["tfidf_logistic_regression"]
    )
    assert metrics["test_ahead"] is None


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_every_row_comes_out_in_order_with_every_column(trained: Path, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"o.{ending}"
    assert call("score", UNRATED, "--model", trained / "m.zip", "--out", out) == 0
    if ending == "parquet":
        table = pq.read_table(out)
        assert table.column_names[len(HEADERS) :] == OWN and table.num_rows == 400
        rows = table.to_pylist()
        assert all(abs(r["prob_1"] + r["prob_2"] - r["risco"]) < 1e-12 for r in rows)
        told = {r["classe_prevista"] for r in rows}
        assert {"detrator", "promotor"} <= told <= {"detrator", "neutro", "promotor", "não sei"}
        assert all((r["classe_prevista"] == "não sei") == bool(r["incerteza"]) for r in rows)
    elif ending == "csv":
        rows = read_csv(out)
        assert list(rows[0])[len(HEADERS) :] == OWN and [r["Texto"] for r in rows] == [
            r["Texto"] for r in read_csv(UNRATED)
        ]
    else:
        sheet = openpyxl.load_workbook(out, read_only=True).worksheets[0]
        assert [c.value for c in next(iter(sheet.iter_rows()))][len(HEADERS) :] == OWN


def test_hostile_comments_are_scored_and_none_becomes_a_formula(trained: Path, tmp_path: Path) -> None:
    source = tmp_path / "h.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Data do evento", "Classificação", "Texto"])
        writer.writerows(["01/02/2026", "5" if n % 2 else "", text] for n, text in enumerate(HOSTILE))
    assert call("validate", "satisfaction", source) == 0
    assert call("score", source, "--model", trained / "m.zip", "--out", tmp_path / "h.xlsx") == 0
    cells = [
        cell for row in openpyxl.load_workbook(tmp_path / "h.xlsx").worksheets[0].iter_rows(min_row=2) for cell in row
    ]
    assert all(cell.data_type != "f" for cell in cells) and sum(cell.value == "=1+1" for cell in cells) == 1
    assert call("score", source, "--model", trained / "m.zip", "--out", tmp_path / "h.csv") == 0
    rows = read_csv(tmp_path / "h.csv")
    assert len(rows) == len(HOSTILE) and all(row["risco"] for row in rows) and rows[2]["Texto"] == "'=1+1"


@pytest.mark.parametrize(
    "lines",
    [
        ["Comentário", "Ótimo atendimento", "Péssimo, esperei 3 horas", "ok"],
        ["Data do evento;Comentário", ";Ótimo atendimento", "31/02/2026;Péssimo, esperei 3 horas", "01/02/2026;ok"],
        ["Classificação;Tipo de atendimento", "5;Presencial", ";Remoto", "1;Remoto"],
    ],
    ids=["comments alone", "dates missing", "no comments"],
)
def test_what_a_file_lacks_is_done_without(trained: Path, tmp_path: Path, lines: list[str]) -> None:
    source = tmp_path / "p.csv"
    source.write_text("\n".join(lines) + "\n", "utf-8")
    assert call("validate", "satisfaction", source) == 0
    assert call("score", source, "--model", trained / "m.zip", "--out", tmp_path / "o.csv") == 0
    rows = read_csv(tmp_path / "o.csv")
    assert len(rows) == 3 and all(row["risco"] and row["classe_prevista"] for row in rows)


def test_gravity_is_told_whatever_the_stars(trained: Path, tmp_path: Path) -> None:
    source = tmp_path / "g.csv"
    lines = ["5;Minha mãe morreu na fila e vou processar.", ";Não morreu, foi ótimo", "1;", "1;Vou ao Procon"]
    source.write_text("Classificação;Comentário\n" + "\n".join(lines) + "\n", "utf-8")
    assert call("score", source, "--model", trained / "m.zip", "--out", tmp_path / "g.out.csv") == 0
    assert [row["gravidade"] for row in read_csv(tmp_path / "g.out.csv")] == ["obito", "", "", "ameaca_legal"]


def test_gravity_of_a_row_that_is_left_out_is_told(trained: Path, tmp_path: Path) -> None:
    source = tmp_path / "l.csv"
    lines = ["01/03/2099;1;Fui vítima de racismo.", "01/03/2099;1;", "01/03/2026;1;Demorou.", "01/03/2099;5;Gostei"]
    source.write_text("Data;Classificação;Comentário\n" + "\n".join(lines) + "\n", "utf-8")
    assert call("score", source, "--model", trained / "m.zip", "--out", tmp_path / "l.out.csv") == 0
    rows = read_csv(tmp_path / "l.out.csv")
    assert [row["gravidade"] for row in rows] == ["discriminacao", "", "", ""]
    assert [bool(row["risco"]) for row in rows] == [False, False, True, False]


def test_a_file_of_the_other_product_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("validate", "satisfaction", ROOT / "data_samples" / "no_show_futuro.csv") == 1
    assert "Este arquivo parece ser de agendamentos" in capsys.readouterr().err
    assert call("validate", "no_show", PAST) == 1
    assert "Este arquivo parece ser de avaliações" in capsys.readouterr().err


def test_notes_are_converted_only_when_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, report = tmp_path / "nps.csv", tmp_path / "r.json"
    source.write_text(
        "Data do evento;NPS;Comentário\n" + "\n".join(f"01/02/2026;{n % 11};texto {n}" for n in range(700)), "utf-8"
    )
    assert call("validate", "satisfaction", source, "--report", report) == 0
    assert "0 a 10" in capsys.readouterr().err and json.loads(report.read_text())["usable_for"] == ["scoring"]
    assert call("validate", "satisfaction", source, "--report", report, "--nps") == 0
    assert json.loads(report.read_text())["usable_for"] == ["scoring"] or json.loads(report.read_text())[
        "usable_for"
    ] == ["training", "scoring"]


def test_typical_faults_lose_no_row(trained: Path, tmp_path: Path) -> None:
    assert call("score", ERRORS, "--model", trained / "m.zip", "--out", tmp_path / "e.csv") == 0
    rows = read_csv(tmp_path / "e.csv")
    assert len(rows) == 600 and all(row["risco"] or row["observacao"].startswith("Não foi usada") for row in rows)


def test_no_name_stands_in_a_model(trained: Path) -> None:
    with zipfile.ZipFile(trained / "m.zip") as bundle:
        whole = b"\n".join(bundle.read(name) for name in bundle.namelist()).decode("utf-8").casefold()
    assert '"balcao"' in whole and '"no balcao"' in whole  # what stood beside the name is there
    assert "juliana" not in whole and "julian" not in whole
    terms = set(re.findall(r'"([^"]+)"', whole))
    assert not {name for name in plain_names() if name in terms or f" {name} " in terms}
    assert not any("[nome" in term or term in ("nome", " nome") for term in terms)


def test_a_file_is_scrubbed_and_all_else_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = tmp_path / "comentarios.csv", tmp_path / "limpos.csv"
    source.write_text(
        "Data do evento;Texto;CEP\n"
        "01/02/2026;A Dra. Fernanda pediu meu cpf 529.982.247-25;01310-100\n"
        "02/02/2026;paguei R$ 350,00 e esperei 4 horas;01310-100\n"
        "03/02/2026;=1+1 a dra fernanda e meu filho João;01310-100\n",
        "utf-8",
    )
    assert call("scrub", source, "--out", out) == 0
    rows = read_csv(out)
    assert list(rows[0]) == ["Data do evento", "Texto", "CEP"] and {row["CEP"] for row in rows} == {"01310-100"}
    assert rows[0]["Texto"] == "A Dra. [nome] pediu meu cpf [cpf]"
    assert rows[1]["Texto"] == "paguei R$ 350,00 e esperei 4 horas"
    said = capsys.readouterr()
    assert "3\xa0nomes" in said.err and "1\xa0CPF" in said.err and "“Texto”" in said.err and not said.out
    assert not any(secret in said.err for secret in ("Fernanda", "João", "529"))
    assert call("scrub", source, "--out", tmp_path / "limpos.parquet", "--staff") == 0
    told = pq.read_table(tmp_path / "limpos.parquet").column("Texto").to_pylist()
    assert told[0].startswith("A Dra. [profissional 1]") and "dra [profissional 1] e meu filho [nome]" in told[2]


def test_any_file_with_sentences_can_be_scrubbed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "x.csv"
    source.write_text("a;b\n1;a enfermeira Laura disse que meu pai Osvaldo não podia entrar no quarto\n2;x\n", "utf-8")
    assert call("scrub", source, "--out", tmp_path / "y.xlsx") == 0
    cells = [
        cell.value for row in openpyxl.load_workbook(tmp_path / "y.xlsx").worksheets[0].iter_rows() for cell in row
    ]
    assert "a enfermeira [nome] disse que meu pai [nome] não podia entrar no quarto" in cells
    source.write_text("a;b\n1;2\n3;4\n", "utf-8")
    assert call("scrub", source, "--out", tmp_path / "z.csv") == 1
    assert "Nenhuma coluna" in capsys.readouterr().err and not (tmp_path / "z.csv").exists()
    assert call("scrub", tmp_path / "nada.csv", "--out", tmp_path / "z.csv") == 2


def test_themes_of_a_file_as_a_table_and_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    few, out = tmp_path / "few.csv", tmp_path / "t.json"
    few.write_text("\n".join(PAST.read_text("utf-8-sig").splitlines()[:400]), "utf-8-sig")
    assert call("themes", few, "--json", out) == 0
    shown = capsys.readouterr().out
    assert "comentários lidos" in shown and "Espera" in shown and "Negativos" in shown
    found = json.loads(out.read_text("utf-8"))
    assert found["product"] == "satisfaction"
    for theme in found["themes"]:
        assert sum(theme["counts"].values()) == theme["comments"] and theme["negative"]["low"] is not None
    assert call("themes", few, "--product", "satisfaction") == 0 and capsys.readouterr().out == shown


def written_set(path: Path, **changed: object) -> Path:
    """An exported set of two themes, one of them off."""
    cable = {"key": "cable", "label": "Cabo", "terms": ["cabo"], "code": "cabo", "on": True}
    kept = {"product": "satisfaction", "themes": [cable, cable | {"key": "off", "code": "fora", "on": False}]}
    path.write_text(json.dumps(kept | {"edited": True, "version": 1} | changed), "utf-8")
    return path


def test_a_clinics_own_themes_are_read_for(trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own, source, out = written_set(tmp_path / "temas.json"), tmp_path / "c.csv", tmp_path / "o.csv"
    source.write_text("Nota;Comentario\n1;O cabo é péssimo.\n1;Demorou demais na recepção.\n", "utf-8")
    assert call("themes", source, "--themes", own) == 0
    shown = capsys.readouterr().out
    assert "Cabo" in shown and "Espera" not in shown
    assert call("score", source, "--model", trained / "m.zip", "--themes", own, "--out", out) == 0
    assert [row["temas"] for row in read_csv(out)] == ["cabo:negativo", ""]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"product": "no_show"}, "é de outro produto"),
        ({"themes": []}, "tem ao menos um tema"),
        ({"themes": [{"key": "a", "label": "A", "terms": ["!!"], "on": True}]}, "não é uma palavra"),
        ({"themes": "nada"}, "não é um conjunto de temas"),
    ],
)
def test_a_set_of_themes_that_cannot_be_used_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changed: dict[str, object], said: str
) -> None:
    own, source = written_set(tmp_path / "temas.json", **changed), tmp_path / "c.csv"
    source.write_text("Nota;Comentario\n1;O cabo é péssimo.\n", "utf-8")
    out = tmp_path / "o.csv"
    assert call("score", source, "--product", "satisfaction", "--themes", own, "--out", out) == 1
    assert said in capsys.readouterr().err and not out.exists()
    assert call("themes", source, "--themes", own) == 1 and said in capsys.readouterr().err
    assert call("themes", source, "--themes", tmp_path / "nada.json") != 0


def test_themes_of_a_file_without_comments_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = ROOT / "data_samples" / "no_show_com_erros.csv"
    assert call("themes", other) == 1
    assert "não tem comentários" in capsys.readouterr().err
    assert call("themes", PAST, "--product", "nothing") == 64
    assert call("themes", PAST, "--json", tmp_path / "t.txt") == 64


def test_scored_rows_carry_the_codes_of_their_themes(trained: Path, tmp_path: Path) -> None:
    few = tmp_path / "few.csv"
    header = UNRATED.read_text("utf-8-sig").splitlines()[0]
    columns = ["" for _ in header.split(";")]
    comment = header.split(";").index("Texto")
    date = header.split(";").index("Data do evento")
    lines = []
    for text in ("médico ótimo, recepção péssima", "ok", "não demorou"):
        cells = list(columns)
        cells[comment], cells[date] = text, "20/11/2026"
        lines.append(";".join(cells))
    few.write_text("\n".join([header, *lines]), "utf-8-sig")
    assert call("score", few, "--model", trained / "m.zip", "--out", tmp_path / "s.csv") == 0
    told = [row["temas"] for row in read_csv(tmp_path / "s.csv")]
    assert told == ["recepcao:negativo; medico:positivo", "", "espera:positivo"]
