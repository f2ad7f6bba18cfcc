"""Keys and the API at the command line: a key on stdout alone, no page's library loaded, what waits read at once."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import services
from pipeline.cli import run
from pipeline.records import note
from pipeline.records.folder import FolderFile, FolderSettings, FolderState
from pipeline.records.integration import ArrivalKind, KeyScope
from pipeline.services.arrivals import receiving
from pipeline.services.folder import taking
from pipeline.services.folder.places import Whole
from pipeline.services.people import keys
from tests.conftest import ROOT


def test_a_key_goes_to_stdout_alone_and_is_ended_by_its_beginning(
    workspace_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["keys", "add", "Agenda <b>", "--scope", "send", "--scope", "score", "--days", "30"]) == 0
    told = capsys.readouterr()
    text = told.out.strip()
    workspace = services.open_workspace()
    session = keys.admitted(workspace, text)
    assert session is not None and session.key is not None
    assert session.key.scopes == (KeyScope.SEND, KeyScope.SCORE) and text not in told.err
    assert run(["keys", "list"]) == 0
    listed = capsys.readouterr().out.split("\t")
    assert listed[1] == text[:10] and listed[3] == "send,score" and text not in listed
    assert run(["keys", "revoke", text[:10]]) == 0 and keys.admitted(workspace, text) is None
    assert run(["keys", "revoke", "prs_nada"]) == 1
    assert run(["keys", "add", "Agenda"]) == 64 and run(["keys", "add", "A", "--scope", "tudo"]) == 64


def test_what_waits_is_read_without_a_server(workspace_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    session = services.open_session(services.Actor.COMMAND_LINE)
    body = io.BytesIO(b'[{"patient_id": "P1", "scheduled_date": "10/10/2025", "contact_date": "01/10/2025"}]')
    receiving.receive(session, receiving.Sending("no_show", ArrivalKind.JSON), body)
    assert run(["arrivals", "--once"]) == 0 and "1\u00a0envio lido" in capsys.readouterr().err
    assert not session.workspace.has_waiting()


def test_what_lies_in_the_folder_is_judged_and_told(
    workspace_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[FolderSettings] = []

    def take(session: services.Session, whole: Whole, wanted: FolderSettings) -> taking.Judged:
        judged.append(wanted)
        at = session.now().isoformat(timespec="seconds")
        file = FolderFile(whole.name, whole.sha256, at, FolderState.TAKEN, wanted.product, rows=120)
        if whole.content:
            return taking.Judged(file)
        return taking.Judged.refused(replace(file, state=FolderState.REFUSED, note=note("folder.which_product")))

    monkeypatch.setattr(taking, "take", take)
    folder = tmp_path / "pasta"
    assert run(["watch", str(folder), "--once"]) == 1 and "não existe" in capsys.readouterr().err
    (folder / "recusados").mkdir(parents=True)
    assert run(["watch", str(folder), "--once"]) == 0
    for name, content in (("agenda.csv", b"1"), ("vazio.csv", b"")):
        (folder / name).write_bytes(content)
        (folder / f"{name}.pronto").touch()
    assert run(["watch", str(folder), "--product", "no_show", "--once", "--seconds", "7"]) == 1
    told = capsys.readouterr().err.replace("\u00a0", " ")
    assert "agenda.csv chegou pela pasta" in told and "120 linhas" in told and "vazio.csv" in told
    assert {(one.product, one.seconds) for one in judged} == {("no_show", 7)}
    assert sorted(p.name for p in (folder / "recusados").iterdir()) == ["vazio.csv", "vazio.csv.html", "vazio.csv.txt"]
    assert run(["watch", str(folder), "--product", "nada", "--once"]) == 64
    assert run(["watch", str(folder), "--seconds", "0"]) == 64


LIGHT = """
import sys
{code}
found = {{name.partition(".")[0] for name in sys.modules}}
print(sorted(found & {{"streamlit", "fastapi", "pydantic", "uvicorn", "pandas"}}))
"""


@pytest.mark.parametrize(
    ("code", "loaded"),
    [
        ("from pipeline import cli; cli.run(['keys', '--help'])", "[]"),
        pytest.param("import pipeline.api.serving, pipeline.api.mounting", "['pandas']", marks=pytest.mark.slow),
        pytest.param(
            "from pipeline.api import application; application.build()",
            "['fastapi', 'pandas', 'pydantic']",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_each_door_loads_what_it_needs_alone(code: str, loaded: str) -> None:
    command = [sys.executable, "-c", LIGHT.format(code=code)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.strip().splitlines()[-1] == loaded
