"""A product that nobody knows goes through every step, in services and on the command line."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyarrow.parquet as pq
import pytest

from pipeline import cli, services
from pipeline.insight.scoring import score
from pipeline.modeling.bundle import bundle
from pipeline.presentation.locale import messages
from pipeline.services.data import datasets
from pipeline.services.models import models
from pipeline.services.pages import agenda, call_files, risk
from pipeline.services.pages.agenda import ListFilters
from pipeline.services.pages.risk import Filters
from tests.toy.products import BELL, LIBRARY, SHELVES

FOREIGN = ("agendamento", "falta", "consulta", "convênio", "unidade", "no show")
"""Words of another product: none may reach somebody who lends books."""


def foreign(text: str) -> list[str]:
    return [word for word in FOREIGN if word in text.lower()]


@pytest.fixture(scope="module")
def files_of(house: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the command line has trained a model of the library."""
    folder = tmp_path_factory.mktemp("cli")
    past = house / "toy_library_passado.csv"
    assert (
        cli.run(
            [
                "train",
                LIBRARY.key,
                str(past),
                "--model",
                str(folder / "m.zip"),
                "--metrics",
                str(folder / "m.json"),
                "--effort",
                "fast",
            ]
        )
        == 0
    )
    return folder


def test_commands_know_the_product(house: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["products"]) == 0
    assert "toy_library\tDevoluções" in capsys.readouterr().out
    assert cli.run(["template", LIBRARY.key, str(tmp_path / "t.xlsx")]) == 0
    sheets = openpyxl.load_workbook(tmp_path / "t.xlsx")
    headers = [cell.value for cell in sheets.worksheets[0][1]]
    assert [field.label for field in LIBRARY.fields] == [str(h).rstrip(" *") for h in headers]
    assert cli.run(["sample", LIBRARY.key, str(tmp_path / "s.csv"), "--rows", "50", "--errors"]) == 0
    assert len((tmp_path / "s.csv").read_text("utf-8-sig").splitlines()) == 51


@pytest.mark.parametrize("ending", ["html", "xlsx", "json"])
def test_report_is_in_the_words_of_the_product(
    house: Path, tmp_path: Path, ending: str, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = tmp_path / "erros.csv", tmp_path / f"r.{ending}"
    services.write_sample(LIBRARY.key, source, 1_000, 3, errors=True)
    assert cli.run(["validate", LIBRARY.key, str(source), "--report", str(out)]) == 0
    assert not foreign(capsys.readouterr().err)
    if ending == "json":
        plain = json.loads(out.read_text("utf-8"))
        assert plain["rows_left_out"] == 100 and plain["rows_usable"] == 900
        assert {issue["rule"] for issue in plain["issues"]} >= {"date_missing"}
        assert plain["usable_for"] == ["training", "scoring"]
    elif ending == "html":
        text = out.read_text("utf-8")
        assert "Taxa de atraso" in text and not foreign(text)
    else:
        cells = [
            str(c.value) for sheet in openpyxl.load_workbook(out) for row in sheet.iter_rows() for c in row if c.value
        ]
        assert "Prazo de devolução" in cells and not foreign(" ".join(cells))


def test_training_finds_the_cause(files_of: Path) -> None:
    metrics = json.loads((files_of / "m.json").read_text("utf-8"))
    assert metrics["test"]["auc"]["low"] > 0.55  # shelf and length are there to be found
    model = bundle.load(files_of / "m.zip", LIBRARY)
    weights = {item.factor: item.mean_abs_points for item in model.card.importance}
    assert weights["shelf"] > weights["day"] and weights["loan_days"] > weights["day"]
    assert not foreign(" ".join(map(messages.say, model.card.notes)))


def _written(path: Path) -> list[dict[str, Any]]:
    """The rows of a file of any kind that the command line writes."""
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pylist()
    if path.suffix == ".csv":
        return list(csv.DictReader(path.read_text("utf-8-sig").splitlines(), delimiter=";"))
    headers, *rows = openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(map(str, headers), row, strict=True)) for row in rows]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_score_writes_every_row_with_reasons(house: Path, files_of: Path, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"o.{ending}"
    source = house / "toy_library_futuro.csv"
    assert (
        cli.run(
            [
                "score",
                str(source),
                "--model",
                str(files_of / "m.zip"),
                "--out",
                str(out),
                "--history",
                str(house / "toy_library_passado.csv"),
            ]
        )
        == 0
    )
    table = _written(out)
    assert len(table) == 60
    assert list(table[0])[-6:] == ["risco", "faixa", "motivo_1", "motivo_2", "motivo_3", "observacao"]
    said = " ".join(row[name] for row in table for name in ("motivo_1", "motivo_2", "motivo_3") if row[name])
    assert "Estante" in said and not foreign(said)
    assert {row["Estante"] for row in table} == set(SHELVES)


def test_explanations_add_up(house: Path, files_of: Path) -> None:
    model = bundle.load(files_of / "m.zip", LIBRARY)
    rows = services.load(LIBRARY.key, house / "toy_library_futuro.csv").rows
    scored = score.score(rows, LIBRARY, model, history=None, as_of=dt.date(2026, 11, 23))
    np.testing.assert_allclose(scored.reference + scored.points.sum(axis=1), scored.risk, atol=1e-6)
    assert set(scored.points.columns) <= {spec.key for spec in LIBRARY.features}


def test_agenda_ranks_explains_and_tries(homes: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESENCA_HOME", str(homes[LIBRARY.key]))
    workspace = services.open_workspace()
    (chosen,) = agenda.candidates(workspace, LIBRARY.key)
    (model,) = models.models(workspace, LIBRARY.key)
    scored = agenda.score(workspace, chosen.id, model.id)
    assert scored.summary.scored == 60 and scored.units == ()
    shown = agenda.page(workspace, scored, ListFilters())
    assert list(shown.chosen["risk"]) == sorted(shown.chosen["risk"], reverse=True)
    row = int(shown.chosen["row"].iloc[0])
    before = agenda.explain(workspace, scored, row)
    assert before.reference + sum(c.points for c in before.contributions) == pytest.approx(before.risk)
    other = "Poesia" if agenda.row_values(workspace, scored, row)["shelf"] != "Poesia" else "Viagem"
    after = agenda.what_if(workspace, scored, row, {"shelf": other})
    assert after.risk != before.risk
    assert call_files.csv(workspace, scored, ListFilters()).startswith(b"\xef\xbb\xbf")
    assert call_files.xlsx(workspace, scored, ListFilters())[:2] == b"PK"


def test_risk_by_shelf_agrees_with_the_rows(homes: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESENCA_HOME", str(homes[LIBRARY.key]))
    workspace = services.open_workspace()
    past = next(d for d in datasets.datasets(workspace, LIBRARY.key) if d.purpose == "past")
    (model,) = models.models(workspace, LIBRARY.key)
    view = risk.overview(workspace, past.id, model.id, Filters(None, None, {}))
    rows = workspace.rows(past.id)
    shelves = dict(view.groups)["shelf"]
    assert shelves[0].value == "Viagem"
    for group in shelves:
        mine = rows[rows["shelf"] == group.value]
        assert group.events == int(mine["outcome"].sum()) and group.outcomes == int(mine["outcome"].notna().sum())
    reason = risk.why(workspace, past.id, model.id, "shelf", "Viagem", Filters(None, None, {}))
    assert (
        reason is not None and reason.own == "shelf"
    )  # the shelf itself explains most, and is told apart from the reasons
    assert max(reason.contributions, key=lambda c: abs(c.points)).factor == reason.own != reason.contributions[0].factor
    assert not foreign(risk.board_html(workspace, past.id, model.id, Filters(None, None, {})).decode())


def test_product_with_little_more_than_a_date_goes_through(
    homes: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESENCA_HOME", str(homes[BELL.key]))
    workspace = services.open_workspace()
    (past,) = datasets.datasets(workspace, BELL.key)
    (model,) = models.models(workspace, BELL.key)
    view = risk.overview(workspace, past.id, model.id, Filters(None, None, {}))
    assert view.groups == () and view.heat == () and view.predicted is not None
    for face in (datasets.report_html, datasets.report_json, datasets.report_xlsx):
        assert face(workspace, past.id)
    assert not foreign(models.card_html(workspace, model.id).decode())
    assert not foreign(risk.board_html(workspace, past.id, model.id, Filters(None, None, {})).decode())
