"""A workspace as an earlier version wrote it is opened, listed, scored and joined, for ever.

`tests/golden/workspace_2026_11_25.zip` was made on that day by the version of that day (commit 4324761), of the
sample generator's rows: two clinics' files in two series, one of them repaired and one joined of two; models, a kept
list, past risks, comments read. Beside it, what that version said of it. It is never made anew: it is what clinics
have at home.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pipeline import services
from pipeline.presentation.escaping import escape_html
from pipeline.presentation.locale import messages
from pipeline.records import to_plain
from pipeline.services import Workspace
from pipeline.services.data import datasets, fixing, joining
from pipeline.services.models import models
from pipeline.services.pages import agenda, comments, risk
from tests.conftest import ROOT
from tests.refusals import said_of

KEPT = ROOT / "tests" / "golden" / "workspace_2026_11_25.zip"
SAID: dict[str, Any] = json.loads(KEPT.with_suffix(".json").read_text("utf-8"))
PRODUCTS = ("no_show", "satisfaction")
REFERENCES = {"lead_time", "overall_rate", "logistic_regression", "tf_idf"}


@pytest.fixture
def workspace(workspace_home: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("PRESENCA_TODAY", SAID["today"])
    with zipfile.ZipFile(KEPT) as kept:
        kept.extractall(workspace_home)
    return services.open_workspace()


def test_everything_is_listed_as_it_was(workspace: Workspace) -> None:
    found = [d for product in PRODUCTS for d in datasets.datasets(workspace, product)]
    assert {d.id: [d.product, d.name, d.rows, d.series] for d in found} == SAID["datasets"]
    kept = [m for product in PRODUCTS for m in models.models(workspace, product)]
    assert {m.id: [m.product, m.dataset_name, m.series] for m in kept} == SAID["models"]
    assert {s.id: s.name for product in PRODUCTS for s in workspace.series(product)} == SAID["series"]
    remembered = [[r.series, len(r.recipe.steps)] for r in fixing.recipes(workspace, "no_show")]
    assert sorted(remembered) == sorted(SAID["remembered"])


def test_reports_and_cards_open_and_read_well(workspace: Workspace) -> None:
    """Every face of every kept report and card is Portuguese made of today's words."""
    for key, rate in SAID["observed"].items():
        assert to_plain(datasets.report(workspace, key).event_rate) == rate
        page = datasets.report_html(workspace, key).decode()
        assert "<html" in page and ">None<" not in page and "Note(" not in page
        assert datasets.report_xlsx(workspace, key)[:2] == b"PK"
        assert json.loads(datasets.report_json(workspace, key))["product"] in PRODUCTS
    for key, auc in SAID["auc"].items():
        card = models.card(workspace, key)
        assert card.test.model.auc.value == auc and card.test.model.key == "model"
        assert {r.key for r in card.test.references} == {d.reference for d in card.test.differences} <= REFERENCES
        assert all(messages.say(note).endswith(".") for note in card.notes)
        page = models.card_html(workspace, key).decode()
        assert "Testado uma vez" in page and ">None<" not in page and "Note(" not in page
        assert json.loads(models.metrics(workspace, key))["test"]["auc"]["value"] == auc


def test_what_was_odd_about_a_file_is_said_as_it_was(workspace: Workspace) -> None:
    """In the report and, for reading the file again, beside its recipe: both kept sentences."""
    told = {key: said_of(datasets.report(workspace, key).file) for key in SAID["datasets"]}
    assert {key: said_of(fixing.raw_table(workspace, key)) for key in told} == told
    assert sum("2 arquivos foram juntados" in sentence for notes in told.values() for sentence in notes) == 1


def test_the_list_and_its_risks_are_the_same(workspace: Workspace) -> None:
    said = SAID["list"]
    found = agenda.score(workspace, said["dataset"], said["model"])
    lines = agenda.kept(workspace, found)
    told = {str(int(row)): float(value) for row, value in zip(lines["row"], lines["risk"], strict=True)}
    assert told == pytest.approx(said["risks"], abs=1e-8)
    view = risk.overview(workspace, said["dataset"], said["model"], risk.Filters())
    assert view.rows == SAID["datasets"][said["dataset"]][2]


def test_comments_are_read(workspace: Workspace) -> None:
    heard = comments.hear(workspace, SAID["voice"]["dataset"], SAID["voice"]["model"])
    assert comments.summary(workspace, heard, comments.CommentFilters()).comments > 500


def test_files_are_joined_and_a_repair_is_undone(workspace: Workspace) -> None:
    before, after = SAID["join"]
    compared = joining.compare_kept(workspace, before, after)
    joined = joining.add(workspace, before, after)
    parts = SAID["datasets"][before][2] + SAID["datasets"][after][2]
    assert joined.rows == parts - compared.repeated - compared.changed
    repaired = next(key for key, about in SAID["datasets"].items() if about[1] == "norte_mes_1.csv")
    assert len(fixing.recipe(workspace, repaired).steps) == 1
    assert fixing.undo(workspace, repaired, 0).rows == SAID["datasets"][repaired][2]


def test_what_was_found_in_a_file_is_said_as_it_was(workspace: Workspace) -> None:
    """Issues, reasons and what to do first, of which that version kept the sentences: on every face as they stood."""
    seen = 0
    for key in SAID["datasets"]:
        was, told = json.loads(workspace.report(key)), json.loads(datasets.report_json(workspace, key))
        names = ("rule", "title", "message", "effect", "rows", "cost")
        assert [[i[n] for n in names] for i in told["issues"]] == [[i[n] for n in names] for i in was["issues"]]
        assert [[item["reason"], item["rows"]] for item in told["left_out"]] == was["left_out"]
        assert [a["label"] for a in told["actions"]] == [a["label"] for a in was["actions"]]
        assert [f["spread"] for f in told["fields"]] == [f["spread"] for f in was["fields"]]
        assert {m["cost"] for m in told["missing"]} == {m["cost"] for m in was["missing"]}
        page, csv = datasets.report_html(workspace, key).decode(), datasets.left_out_csv(workspace, key).decode()
        assert all(escape_html(issue["title"]) in page for issue in was["issues"])
        assert all(reason in csv for reason, _ in was["left_out"])
        seen += len(was["issues"]) + len(was["left_out"])
    assert seen > 10
