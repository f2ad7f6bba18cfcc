"""The account that a clinic gives, retention that says what it did, and the audit log on the command line."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import cli, services
from pipeline.presentation.sentences import account_words
from pipeline.records.privacy import Access, RetentionKind
from pipeline.services import catalog
from pipeline.services.data import datasets, retention, table
from pipeline.services.data.placing import Into
from pipeline.services.privacy import account, trail
from pipeline.services.session import Actor, Session
from tests.pipeline.services.privacy.test_patients import CPF, NO_SHOW, sheet


@pytest.fixture
def session(workspace_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.setenv("PRESENCA_TODAY", "2026-03-20")
    space = services.open_workspace()
    datasets.keep(Session(space), NO_SHOW, sheet(), "marco.csv", into=Into(name="Centro"))
    yield Session(space)
    space.close()


def test_the_register_names_every_field_and_every_place(session: Session) -> None:
    page = account.register_html(session).decode()
    for product in catalog.products():
        assert all(field.label in page for field in product.fields)
    assert "marco.csv" in page and "30 dias" in page and "art. 37" in page and "[razão social" in page
    assert CPF not in page
    assert "Rascunho" in account.impact_html(session).decode()


@pytest.mark.parametrize("actor", list(Actor))
def test_whoever_acts_has_a_name_for_people(actor: Actor) -> None:
    who, what, *_ = account_words.access(Access(str(actor), "file_taken", 1, "2026-03-20T06:50", "2026-03-20T07:00"))
    assert what == "baixou um arquivo" and who != str(actor)


def test_the_scope_of_an_incident_tells_who_had_seen(session: Session) -> None:
    dataset = session.workspace.datasets()[0].id
    for _ in range(3):
        table.view(session, dataset)
    table.clean_csv(session, dataset)
    found = account.of(session, [dataset])
    assert found.places[0].patients == 41 and found.places[0].rows == 42
    assert {(one.action, one.times) for one in found.access} == {("raw_cells_shown", 1), ("file_taken", 1)}
    assert "baixou um arquivo" in account.incident_html(session, [dataset]).decode()


def test_retention_says_what_it_did_and_does_it_once(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = session.workspace.datasets()[0].id
    assert retention.retain(session) == () and retention.due(session)[0].name == "marco.csv"
    monkeypatch.setenv("PRESENCA_TODAY", "2027-01-20")
    (went,) = retention.retain(session)
    assert (went.kind, went.of) == (RetentionKind.SHEET, dataset)
    assert retention.retain(session) == () and retention.due(session) == ()
    assert [one.kind for _, one in retention.done(session)] == [RetentionKind.SHEET]


def test_the_log_is_verified_and_handed_out_on_the_command_line(
    session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["audit", "verify"]) == 0
    assert "nada foi mudado" in capsys.readouterr().err
    for name in ("trilha.csv", "trilha.jsonl"):
        assert cli.run(["audit", "export", str(tmp_path / name)]) == 0
    lines = [json.loads(line) for line in (tmp_path / "trilha.jsonl").read_text("utf-8").splitlines()]
    assert [line["id"] for line in lines] == list(range(1, len(lines) + 1)) and all(line["seal"] for line in lines)
    with session.workspace.database.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_is_not_changed")
        connection.exec_driver_sql("UPDATE audit SET action = 'nothing' WHERE id = 2")
    assert cli.run(["audit", "verify"]) == 1
    assert "A entrada 2 não é mais como foi escrita." in capsys.readouterr().err
    assert trail.check(session).faults


def test_a_patient_on_the_command_line_is_asked_for_and_never_an_argument(
    session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def typed(text: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO(text))

    typed(f"{CPF}\n")
    assert cli.run(["patient", "find"]) == 0
    typed("P99999\n")
    assert cli.run(["patient", "find"]) == 1
    typed(f"{CPF}\n")
    assert cli.run(["patient", "export", str(tmp_path / "copia.zip")]) == 0 and (tmp_path / "copia.zip").exists()
    typed(f"{CPF}\n")
    assert cli.run(["patient", "erase", "--yes"]) == 0
    told = capsys.readouterr()
    assert "3\u00a0linhas apagadas" in told.err and CPF not in told.err + told.out
    assert cli.run(["patient", "find", CPF]) == 64
